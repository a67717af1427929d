"""
Failures of sockets, TLS and HTTP as exceptions of pywbem, in words that help.

One rule for all: the message says what failed, with whom, and what to look at.
Credentials are in none of them.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl
from typing import Dict, List, Mapping, Optional

import requests
import urllib3.exceptions

from .._exceptions import AuthError, ConnectionError, Error, HeaderParseError, TimeoutError
from .reply import BadHeader, BadReply, EarlyEnd
from .sockets import ConnectLimitExceeded, DeadlineExceeded
from .url import HTTP_CONNECT_TIMEOUT, Target, masked_before_at

# How far a call came.  WAIT: for others to give a connection back; ANSWERED: the server has
# answered on this connection before.
WAIT, CONNECT, SEND, RECEIVE, ANSWERED = "wait", "connect", "send", "receive", "answered"

_UNCERTAIN = " It is not known whether the server performed the operation; it is not sent again."

# X509_V_ERR_... of OpenSSL: why a certificate is refused, and what to do.
_VERIFY_REASONS: Dict[int, str] = {
    9: "it is not valid yet. Check the clocks of both systems",
    10: "it has expired. Renew it on the server, or check the clock of this system",
    18: "it is self-signed and not trusted. Give it, or its CA, in ca_certs",
    19: "it was issued by an unknown CA. Give the certificate of that CA in ca_certs",
    20: "it was issued by an unknown CA. Give the certificate of that CA in ca_certs",
    21: "it was issued by an unknown CA. Give the certificate of that CA in ca_certs",
    23: "it has been revoked",
}
_NAME_MISMATCHES = (62, 64)

# Parts of the reasons that OpenSSL gives, and what they mean to the user.
_TLS_REASONS = (
    (
        (
            "WRONG_VERSION_NUMBER",
            "UNKNOWN_PROTOCOL",
            "HTTP_REQUEST",
            "RECORD_LAYER_FAILURE",
            "PACKET_LENGTH_TOO_LONG",
        ),
        "the port does not speak TLS, but probably plain HTTP; use http:// in the URL",
    ),
    (
        (
            "PROTOCOL_VERSION",
            "UNSUPPORTED_PROTOCOL",
            "VERSION_TOO_LOW",
            "VERSION_TOO_HIGH",
            "NO_PROTOCOLS_AVAILABLE",
            "INAPPROPRIATE_FALLBACK",
        ),
        "server and client have no TLS version in common; pywbem offered {versions}",
    ),
    (
        ("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "INSUFFICIENT_SECURITY", "NO_CIPHERS"),
        "server and client have no TLS version and cipher in common, or the server wants a "
        "client certificate (x509); pywbem offered {versions}",
    ),
    (("CERTIFICATE_REQUIRED",), "the server wants a client certificate; give one in x509"),
    (
        ("ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_DECRYPT"),
        "the server refused the client certificate that was given in x509",
    ),
)


class Failures:
    """
    Makes the exceptions of one connection: it knows whom it talks to.
    """

    def __init__(self, target: Target, timeout: Optional[float], conn_id: Optional[str]) -> None:
        self.target = target
        self.timeout = timeout
        self.conn_id = conn_id
        #: Range of TLS versions that the client offers.
        self.versions = ""
        #: URL of the proxy without credentials, if there is one.
        self.proxy: Optional[str] = None

    @property
    def peer(self) -> str:
        """
        The server as a message names it.
        """
        peer = f"WBEM server {self.target.scheme}://{self.target}"
        return f"{peer} through proxy {self.proxy}" if self.proxy else peer

    def is_name_mismatch(self, exc: Exception) -> bool:
        """
        Whether a failure says that the certificate of the server is for other names: who
        asks for these goes there directly.
        """
        return (
            isinstance(exc, ssl.SSLCertVerificationError)
            and exc.verify_code in _NAME_MISMATCHES
            and self.proxy is None
        )

    def error(self, message: str) -> ConnectionError:
        """
        Return a connection error.
        """
        return ConnectionError(message, conn_id=self.conn_id)

    def translate(self, exc: Exception, stage: str, names: str = "") -> Error:
        """
        Return the exception of pywbem for a failure.

        Parameters:
            exc (Exception): What was raised by socket, TLS, urllib3 or requests.
            stage (str): How far the call came.
            names (str): The names in the certificate of the server, where they are
                the reason.
        """
        if isinstance(exc, Error):
            return exc
        if isinstance(exc, (DeadlineExceeded, socket.timeout)):
            return self._timeout(stage)
        if isinstance(exc, ConnectLimitExceeded):
            return self.error(
                f"Cannot connect to {self.peer}: it did not answer within "
                f"{HTTP_CONNECT_TIMEOUT} seconds.{self._connect_hint()}"
            )
        if isinstance(exc, BadHeader):
            return HeaderParseError(f"{exc} in the answer of {self.peer}", conn_id=self.conn_id)
        if isinstance(exc, BadReply):
            what = "Cannot understand"
            if stage == CONNECT:
                what = "Cannot understand the proxy on the way to"
            return self.error(f"{what} {self.peer}: {exc}.")
        if isinstance(exc, EarlyEnd):
            return self._early_end(str(exc), stage)
        if isinstance(exc, ssl.SSLError):
            return self._tls(exc, stage, names)
        if isinstance(exc, OSError) and not isinstance(exc, requests.RequestException):
            return self._os_error(exc, stage)
        return self._library(exc)

    def _timeout(self, stage: str) -> TimeoutError:
        did, hint = "the answer was not complete", _UNCERTAIN
        if stage == WAIT:
            did = "other operations used all connections"
            hint = " Give their number in max_connections; a loop over a stream uses one."
        elif stage == CONNECT:
            did = "the connection was not established"
            hint = self._connect_hint()
        elif stage == SEND:
            did = "the request was not sent completely"
        return TimeoutError(
            f"No response received from {self.peer} within {self.timeout} seconds: {did}.{hint}",
            conn_id=self.conn_id,
        )

    def _connect_hint(self) -> str:
        tls = ", and that the port speaks TLS" if self.target.scheme == "https" else ""
        return f" Check that the host is up and no firewall blocks the port{tls}."

    def _early_end(self, where: str, stage: str) -> ConnectionError:
        where = where or "without an answer"
        if stage == CONNECT:
            return self.error(
                f"Cannot connect to {self.peer}: the proxy closed the connection {where}."
            )
        hint = self._tls_hint(stage) + _UNCERTAIN
        return self.error(f"{self.peer} closed the connection {where}.{hint}")

    def _tls_hint(self, stage: str) -> str:
        if self.target.scheme == "https" or stage == ANSWERED:
            return ""
        return " If the port expects TLS, use https:// in the URL."

    def _os_error(self, exc: OSError, stage: str) -> ConnectionError:
        reason = exc.strerror or str(exc) or type(exc).__name__
        if isinstance(exc, BrokenPipeError):
            # The same, for who sends a moment later.
            reason = os.strerror(errno.ECONNRESET)
        if isinstance(exc, socket.gaierror):
            return self.error(
                f"Cannot find the host of {self.peer}: {reason}. "
                "Check the host name in the URL and the name service."
            )
        if stage == CONNECT:
            hint = "the host and the port in the URL, and the network"
            if isinstance(exc, ConnectionRefusedError):
                hint = "that the server runs and the port in the URL is its port"
            return self.error(f"Cannot connect to {self.peer}: {reason}. Check {hint}.")
        hint = self._tls_hint(stage) + _UNCERTAIN
        return self.error(f"The connection with {self.peer} broke: {reason}.{hint}")

    def _tls(self, exc: ssl.SSLError, stage: str, names: str) -> ConnectionError:
        if isinstance(exc, ssl.SSLCertVerificationError):
            return self.error(
                f"The certificate of {self.peer} is refused: {self._verify_reason(exc, names)}."
            )
        reason = (exc.reason or str(exc)).replace(" ", "_").upper()
        what = "TLS handshake with" if stage == CONNECT else "TLS connection with"
        for marks, meaning in _TLS_REASONS:
            if any(mark in reason for mark in marks):
                meaning = meaning.format(versions=self.versions)
                return self.error(f"{what} {self.peer} failed: {meaning} ({exc.reason}).")
        if isinstance(exc, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
            return self.error(
                f"{what} {self.peer} failed: the server closed the connection. "
                "Check that the port speaks TLS, and whether the server wants a client "
                "certificate (x509)."
            )
        return self.error(f"{what} {self.peer} failed: {exc.reason or exc}.")

    def _verify_reason(self, exc: ssl.SSLCertVerificationError, names: str) -> str:
        if exc.verify_code in _NAME_MISMATCHES:
            found = f", but for {names}" if names else ""
            return (
                f"it is not valid for {self.target.server_name!r}{found}. Use a name of the "
                "certificate in the URL"
            )
        text = (exc.verify_message or "").strip().rstrip(".")
        meaning = _VERIFY_REASONS.get(exc.verify_code)
        if meaning is None:
            return text or str(exc)
        return f"{meaning} ({text})" if text else meaning

    def _library(self, exc: Exception) -> Error:
        if isinstance(exc, urllib3.exceptions.ClosedPoolError):
            return self.error("WBEMConnection is closed")
        # It may show the password of a proxy.
        reason = masked_before_at(str(exc))
        if isinstance(exc, (requests.exceptions.ReadTimeout, requests.exceptions.RetryError)):
            return TimeoutError(reason, conn_id=self.conn_id)
        cause = getattr(exc.args[0], "reason", None) if exc.args else None
        if isinstance(cause, urllib3.exceptions.ReadTimeoutError):
            return self._timeout(RECEIVE)
        if isinstance(cause, urllib3.exceptions.ConnectTimeoutError):
            # Also NewConnectionError, which says why in the error that it was raised for.
            refused = cause.__context__
            if isinstance(refused, OSError) and not isinstance(refused, socket.timeout):
                return self._os_error(refused, CONNECT)
        if not isinstance(exc, (requests.RequestException, urllib3.exceptions.HTTPError)):
            reason = f"{type(exc).__name__}: {reason}"
        return self.error(f"The connection with {self.peer} failed: {reason}")

    def unauthorized(
        self, reason: str, challenge: Optional[str], credentials: bool, details: Mapping[str, str]
    ) -> AuthError:
        """
        Return the exception for the status 401.

        Parameters:
            reason (str): HTTP reason phrase.
            challenge (str): Value of the WWW-Authenticate header.
            credentials (bool): Whether the request had an Authorization header.
            details (mapping): Further header fields that explain the error.
        """
        text = f"{self.peer} returned HTTP status 401 ({reason}). "
        schemes = _schemes(challenge)
        if not credentials:
            text += "It wants credentials, and the connection has none: give them in creds."
        elif schemes and "basic" not in [scheme.lower() for scheme in schemes]:
            text += (
                f"It wants HTTP authentication {' or '.join(schemes)}; creds with userid and "
                "password are for Basic. Give a requests.auth object for the other in creds."
            )
        else:
            text += (
                "It does not accept userid and password in creds, or does not permit this "
                "userid to perform the operation."
            )
        text += "".join(f" {name}: {value}" for name, value in details.items())
        return AuthError(text, conn_id=self.conn_id)


def _schemes(challenge: Optional[str]) -> List[str]:
    # RFC 9110 11.6.1: a scheme is a word that no "=" follows, a parameter has one.
    schemes = []
    for part in (challenge or "").split(","):
        word = part.strip().split(" ")[0]
        if word and "=" not in word and '"' not in word:
            schemes.append(word)
    return schemes
