"""
Constants that tell a program what this version of pywbem is made of.
"""

__all__ = ["PYWBEM_USES_REQUESTS"]

#: ``True`` if pywbem talks HTTP through the requests package, as it does since
#: version 1.0.  Test suites that replace the HTTP layer ask for it.
PYWBEM_USES_REQUESTS = True
