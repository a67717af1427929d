"""
The client side of HTTP: URLs, TLS, deadlines, replies (pushed), what header fields mean
to CIM, errors in words, and the two shells that move the bytes.

``transport`` goes over requests and urllib3: ``session`` has one exchange, ``pools`` what
is asked of urllib3, ``sockets`` those that keep to the deadline.  ``async_transport`` goes
over asyncio, with ``async_pool`` and ``wire``.  Both use ``url``, ``tls``, ``cim``,
``request``, ``reply`` and ``errors``.

Imported by the client; imports the records of CIM-XML.  Nothing here knows the content
of a message.
"""
