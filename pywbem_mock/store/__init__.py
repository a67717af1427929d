"""
The store: a CIM repository in memory, and what it needs to be right and quick.

``base`` is the interface of a repository, ``memory`` the one of a mock server, with the
``indexes`` of its objects and its ``lock``; ``copying`` copies CIM objects, ``resolver`` completes
a declared class with what it inherits, ``strict_resolver`` does so on a strict server,
``class_view`` reduces a class to what an operation returns; ``display`` shows it all to people,
``errors`` makes the CIM errors.

Knows no provider, no operation and no connection; everything above imports it.
"""
