"""
An asynchronous client: operations are coroutines.
"""
