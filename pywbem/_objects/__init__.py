"""
CIM classes as Python classes, on top of a connection: what ``pywbem.objects`` exports.

``_async`` is the text that is written by hand, ``_sync`` is made from it by
``tools/make_sync.py``.  Beside them is what asks no server: enumerations of value maps,
the elements of a class and their conversions, documentation, the state of an object, and
the modules of typed classes.

Imported by ``pywbem.objects`` only; imports the client.
"""
