"""
The command ``python -m pywbem.objects stubs``: modules of typed classes for CIM classes.

Imported by ``pywbem.objects`` only, when the command runs; imports the typed objects, for
which the modules are, and the MOF compiler.
"""
