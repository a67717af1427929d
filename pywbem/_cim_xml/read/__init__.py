"""
Bytes to records and CIM objects (DSP0201), pushed: what arrives is fed, what is
finished comes out.

``tree`` makes elements of bytes, and ``stream`` does so for documents of any
length; ``prolog`` is what they do before the root element, ``place`` how they say
where an error is.  ``element`` has the checks that all decoders of elements share;
``values``, ``paths``, ``properties`` and ``objects`` turn elements into what they
stand for; ``parameters``, ``requests``, ``responses`` and their ``frame`` make records of
messages, ``frames`` of messages of which the most is known.
"""
