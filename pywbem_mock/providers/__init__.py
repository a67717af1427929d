"""
Providers: what performs operations on instances and methods in place of the server itself.

``base``, ``instance_write`` and ``method`` are the base classes of users' providers,
``namespaces`` and ``subscriptions`` the providers that a server can have of its own; ``registry``
knows which provider serves which class, ``dispatcher`` asks it, ``checks`` is what it looks at
before and after; ``strict`` is the dispatcher of a strict server, ``dependents`` keeps on which
files mock scripts depend; ``host`` is what they know of the server.

Stands on the store; operations, indications and everything above import it.
"""
