"""
Records and CIM objects to bytes (DSP0201): text is written, never a tree.

``values``, ``paths`` and ``objects`` write elements, ``messages`` the messages around
them; ``dom`` gives the text of an element as a DOM tree or with indentation.
"""
