"""
The client side of HTTP: URLs, TLS, deadlines, replies (pushed), what header fields mean
to CIM, errors in words, and the two shells that move the bytes, ``transport`` over
requests and urllib3, ``async_transport`` over asyncio.

Imported by the client; imports the records of CIM-XML.  Nothing here knows the content
of a message.
"""
