"""
Observers of the operations of a connection: statistics, logging, recorders.

``exchange`` is the one place where they attach: an Exchange is one run of an operation.
``observed`` is what a connection has of them, with ``attached`` (its list of recorders),
``last`` (its last operation) and ``statistics``.  What observes, loaded when it is used:
``recorder`` (the base class), ``log_recorder`` with ``loggers`` (the configuration of
logging), ``yaml_recorder`` with ``plain`` and ``text``.

Imported by connections; imports the protocol and CIM-XML.
"""
