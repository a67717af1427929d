"""
The certificate and the private key of a served mock, and what can be wrong with the files.
"""

from __future__ import annotations

import os
import re
import ssl
from typing import Optional, Tuple

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_KEY = re.compile(rb"-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----")
# PKCS #8, and the older form of OpenSSL.
_ENCRYPTED = re.compile(rb"-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: *4,ENCRYPTED", re.M)
# What ASN.1 in binary begins with.
_BINARY = b"\x30"


def server_context(
    certfile: str,
    keyfile: Optional[str] = None,
    names: Tuple[str, str] = ("certfile", "keyfile"),
) -> ssl.SSLContext:
    """
    Return the server side of TLS.

    Parameters:
        certfile (str): File with the certificate and those of its issuers, in PEM.
        keyfile (str): File with the private key, in PEM; None if it is in ``certfile``.
        names (tuple of str): What the user calls the two.

    Raises:
        OSError: A file cannot be read, or has not what it should have; the message says
            which, and how.
    """
    cert_name, key_name = names
    chain = _read(certfile, cert_name)
    if _CERTIFICATE not in chain:
        hint = _binary_hint(chain, "x509", certfile)
        raise OSError(f"{cert_name}: {certfile} has no certificate in PEM form{hint}")
    where, key, in_file = cert_name, chain, certfile
    if keyfile is not None:
        where, key, in_file = key_name, _read(keyfile, key_name), keyfile
    if not _KEY.search(key):
        hint = f"; give its file as {key_name}" if keyfile is None else ""
        hint = hint or _binary_hint(key, "pkey", in_file)
        raise OSError(f"{where}: {in_file} has no private key in PEM form{hint}")
    if _ENCRYPTED.search(key):
        raise OSError(
            f"{where}: The private key in {in_file} is encrypted, and a server has nobody to ask "
            f"for its password; decrypt it with 'openssl pkey -in {in_file} -out FILE'"
        )
    return _loaded(certfile, keyfile, (cert_name, where, in_file))


def _loaded(certfile: str, keyfile: Optional[str], names: Tuple[str, str, str]) -> ssl.SSLContext:
    cert_name, where, in_file = names
    try:
        # On its own, to know which of the two is wrong.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(certfile)
    except ssl.SSLError as exc:
        raise OSError(
            f"{cert_name}: The certificate in {certfile} is damaged: {_why(exc)}"
        ) from exc
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certfile, keyfile)
    except ssl.SSLError as exc:
        reason = exc.reason or ""
        if reason == "KEY_VALUES_MISMATCH" or reason == "KEY_TYPE_MISMATCH":
            which = "certificate"
            if _read(certfile, cert_name).count(_CERTIFICATE) > 1:
                which = "first certificate, which has to be that of the server,"
            raise OSError(
                f"{where}: The private key in {in_file} does not fit the {which} in {certfile}"
            ) from exc
        if reason in ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"):
            raise OSError(f"{cert_name}: The certificate in {certfile}: {_why(exc)}") from exc
        raise OSError(f"{where}: The private key in {in_file} is damaged: {_why(exc)}") from exc
    return context


def check_authorities(path: str, name: str) -> None:
    """
    Check a file or directory with the certificates of authorities.

    Parameters:
        path (str): The file or directory.
        name (str): What the user calls it.

    Raises:
        OSError: It cannot be used; the message says why.
    """
    if os.path.isdir(path):
        return
    data = _read(path, name)
    if _CERTIFICATE not in data:
        hint = _binary_hint(data, "x509", path)
        raise OSError(f"{name}: {path} has no certificate in PEM form{hint}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError as exc:
        raise OSError(f"{name}: A certificate in {path} is damaged: {_why(exc)}") from exc


def _read(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as exc:
        raise OSError(f"{name}: Cannot read {path}: {exc.strerror}") from exc


def _binary_hint(data: bytes, command: str, path: str) -> str:
    if not data.startswith(_BINARY):
        return ""
    return (
        f"; it looks like DER, which 'openssl {command} -inform DER -in {path} -out FILE' converts"
    )


def _why(exc: ssl.SSLError) -> str:
    return (exc.reason or str(exc)).replace("_", " ").lower()
