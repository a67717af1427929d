"""
The TLS of a listener: certificate, key and its password, client certificates.
"""

from __future__ import annotations

import getpass
import os
import ssl
from typing import Optional

from .._exceptions import ListenerCertificateError, ListenerPromptError


def server_context(
    certfile: str,
    keyfile: str,
    password: Optional[str] = None,
    client_ca_certs: Optional[str] = None,
) -> ssl.SSLContext:
    """
    The server side of TLS.

    Parameters:
        certfile (str): File with the certificate and those of its issuers.
        keyfile (str): File with the private key.
        password (str): Password of the key; None to prompt for it if there is
            one.
        client_ca_certs (str): File or directory of CA certificates; clients
            must have a certificate of one of them.

    Raises:
        ListenerCertificateError: A file cannot be used.
        ListenerPromptError: The prompt for the password failed.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2

    def get_password() -> str:
        return _prompt(keyfile) if password is None else password

    try:
        context.load_cert_chain(certfile, keyfile, get_password)
    except ssl.SSLError as exc:
        if "PEM lib" in str(exc):
            what = "Invalid password for key file, bad key file, or bad certificate file. "
            what += f"Original error: {exc}"
        else:
            what = "SSL error when loading the certificate chain: "
            what += f"errno={exc.errno}, library={exc.library}: {exc}"
        raise ListenerCertificateError(what) from exc
    except OSError as exc:
        raise ListenerCertificateError(
            f"Issue opening certificate file {certfile} or key file {keyfile}: {exc}"
        ) from exc
    if client_ca_certs is not None:
        require_client_certificates(context, client_ca_certs)
    return context


def has_private_key(path: str) -> bool:
    """
    Return whether a file has a private key in PEM form; False if it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return b"PRIVATE KEY-----" in file.read()
    except OSError:
        return False


def require_client_certificates(context: ssl.SSLContext, ca_certs: str) -> None:
    """
    Accept only clients with a certificate of these authorities.

    Raises:
        ListenerCertificateError: The file or directory cannot be used.
    """
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        if os.path.isdir(ca_certs):
            context.load_verify_locations(capath=ca_certs)
        else:
            context.load_verify_locations(cafile=ca_certs)
    except OSError as exc:
        raise ListenerCertificateError(
            f"CA certificates {ca_certs} for clients cannot be used: {exc}"
        ) from exc


def _prompt(keyfile: str) -> str:
    try:
        return getpass.getpass(f"Enter password for key file {keyfile}: ")
    except KeyboardInterrupt:
        raise ListenerPromptError("Password prompt was interrupted") from None
    except EOFError:
        raise ListenerPromptError("Password prompt was ended") from None
