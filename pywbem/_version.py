"""
Version of the pywbem distribution.
"""

__version__ = "1.10.0.dev1"
