"""
The mock server over HTTP and HTTPS: ``server`` is the thread that listens, ``operations`` the
CIM operations of DSP0200 on requests and responses without a socket, ``request_log`` a line for
each, ``tls_files`` the certificate.

Stands on the server; the commands and the pytest plugin import it.
"""
