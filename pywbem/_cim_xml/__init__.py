"""
CIM-XML (DSP0201) in both directions, without input or output: CIM objects and
call records to text and back.

``records`` says what messages say, ``messages`` is how the rest of the library
encodes and decodes them; ``read`` and ``write`` do it.

Imported by all that sends or receives messages; imports the object model.
"""
