"""
Connections, and what works on top of them: WBEMServer, ValueMapping, the subscription
manager.

``_async`` is the text that is written by hand, with operations that are coroutines;
``_sync`` is made from it by ``tools/make_sync.py``.  Beside them is what both
share and what asks no server: settings, the shells that say which transport a
connection has, the tables of ValueMapping, what is known of WBEM servers
(``server_facts``), what a subscription manager owns and takes.

Imported by everything that uses a connection; imports the observers, the protocol, HTTP
and CIM-XML.
"""
