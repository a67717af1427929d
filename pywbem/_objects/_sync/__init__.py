# Made from ../_async/__init__.py by tools/make_sync.py: change that file.
"""
The objects of a synchronous connection: what asks the server is a function.
"""
