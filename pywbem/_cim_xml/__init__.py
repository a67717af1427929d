"""
CIM-XML (DSP0201) in both directions, without input or output: CIM objects and
call records to text and back.
"""
