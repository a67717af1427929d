"""
What an operation is, without input or output: its arguments and their checks, the
:class:`~pywbem._protocol.operation.Operation` that makes a call record of them and a
result of the response record, the limits of iterations.

Imported by the client and the mock server; imports the object model and the records of
CIM-XML.
"""
