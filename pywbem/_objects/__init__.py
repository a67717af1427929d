"""
CIM classes as Python classes, on top of a connection: what ``pywbem.objects`` exports.

``_async`` is written by hand, ``_sync`` is made from it by ``tools/make_sync.py``.  Beside
them is what asks no server: enumerations of value maps, the elements of a class with their
conversions and documentation, the state of an object, and how methods and jobs end.

Imported by ``pywbem.objects`` and the command that writes typed classes; imports the client.
"""
