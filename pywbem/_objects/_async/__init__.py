"""
The objects of an asynchronous connection: what asks the server is a coroutine.
"""
