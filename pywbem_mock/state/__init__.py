"""
Persistence: the file in which the repository of a mock server lives.

``encoding`` makes text of objects, ``file`` is the file, and ``journal`` writes the changes
of a repository into it.
"""
