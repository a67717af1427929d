"""
Filling a repository beside the operations: ``mof_connection`` is what the MOF compiler sees of a
server (``counted_mof_connection`` counts its operations), ``objects`` adds CIM objects,
``counting`` records either as operations of a connection; ``schema_classes`` and ``dmtf_schema``
find classes in a schema.

Stands on the operations; the server imports it when it is filled.
"""
