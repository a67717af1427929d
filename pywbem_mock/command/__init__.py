"""
What the command ``serve`` of ``python -m pywbem_mock`` understands: ``serve_options`` its options,
``provider_files`` the Python files that set up a server.

Nothing but the command imports it.
"""
