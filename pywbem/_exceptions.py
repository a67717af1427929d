"""
The exceptions that pywbem raises.

:exc:`Error` is the base of all of them.  ``ConnectionError`` and
``TimeoutError`` are not the built-in exceptions of these names; programs write
``pywbem.ConnectionError``.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Union

from ._cim_constants import _statuscode2name, _statuscode2string

__all__ = [
    "AuthError",
    "CIMError",
    "CIMVersionError",
    "CIMXMLParseError",
    "ConnectionError",
    "DTDVersionError",
    "Error",
    "HTTPError",
    "HeaderParseError",
    "ListenerCertificateError",
    "ListenerError",
    "ListenerPortError",
    "ListenerPromptError",
    "ListenerQueueFullError",
    "ListenerStartError",
    "ModelError",
    "ParseError",
    "ProtocolVersionError",
    "TimeoutError",
    "VersionError",
    "XMLParseError",
]

# The text of a message: what was sent or received, decoded if it could be.
_MessageData = Union[str, bytes, None]


class Error(Exception):
    """
    Base class of the exceptions of pywbem.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """
        Parameters:
            *args: Become the ``args`` of the exception.
            conn_id (str): Id of the connection during whose operation the error
                happened; ``None`` if there is no connection or it is not known.  To be
                passed by keyword.

        Raises:
            TypeError: Another keyword argument was passed.
        """
        self._conn_id: Optional[str] = kwargs.pop("conn_id", None)
        if kwargs:
            raise TypeError(
                f"{type(self).__name__}() got unexpected keyword arguments: "
                f"{', '.join(sorted(kwargs))}"
            )
        super().__init__(*args)

    @property
    def conn_id(self) -> Optional[str]:
        """
        str: Id of the connection during whose operation the error happened,
        see :attr:`pywbem.WBEMConnection.conn_id`.  ``None`` if there is no
        connection or it is not known.
        """
        return self._conn_id

    @property
    def conn_str(self) -> str:
        """
        str: Text that names the connection, for use in messages.
        """
        return f"Connection id: {self._conn_id}"


class _RequestExceptionMixin:
    """
    An exception that knows the CIM-XML request of the failed operation.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._request_data: _MessageData = kwargs.pop("request_data", None)
        super().__init__(*args, **kwargs)

    @property
    def request_data(self) -> _MessageData:
        """
        str: The CIM-XML request.  ``None`` if it is not known.  Can be set.
        """
        return self._request_data

    @request_data.setter
    def request_data(self, request_data: _MessageData) -> None:
        self._request_data = request_data


class _ResponseExceptionMixin:
    """
    An exception that knows the CIM-XML response of the failed operation.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._response_data: _MessageData = kwargs.pop("response_data", None)
        super().__init__(*args, **kwargs)

    @property
    def response_data(self) -> _MessageData:
        """
        str: The CIM-XML response, as far as it was received.  ``None`` if it
        is not known.  Can be set.
        """
        return self._response_data

    @response_data.setter
    def response_data(self, response_data: _MessageData) -> None:
        self._response_data = response_data


class ConnectionError(Error):
    """
    A connection with the server could not be established, or broke.

    Parameters:
        message (str): Error message; becomes ``args[0]``.
        conn_id (str): Id of the connection, or ``None``.
    """

    def __init__(self, message: Optional[str], conn_id: Optional[str] = None) -> None:
        super().__init__(message, conn_id=conn_id)


class AuthError(Error):
    """
    The server did not accept who the client says it is.

    Parameters:
        message (str): Error message; becomes ``args[0]``.
        conn_id (str): Id of the connection, or ``None``.
    """

    def __init__(self, message: Optional[str], conn_id: Optional[str] = None) -> None:
        super().__init__(message, conn_id=conn_id)


class TimeoutError(ConnectionError):
    """
    The operation did not complete within the timeout of the connection.

    Parameters:
        message (str): Error message; becomes ``args[0]``.
        conn_id (str): Id of the connection, or ``None``.
    """

    def __init__(self, message: Optional[str], conn_id: Optional[str] = None) -> None:
        super().__init__(message, conn_id=conn_id)


class HTTPError(_RequestExceptionMixin, _ResponseExceptionMixin, Error):
    """
    The server answered with an HTTP status that is no success.

    ``args`` is the tuple (status, reason, cimerror, cimdetails).

    Parameters:
        status (int): HTTP status code.
        reason (str): HTTP reason phrase.
        cimerror (str): Value of the ``CIMError`` header field (DSP0200), or
            ``None``.
        cimdetails (dict): Further header fields of the server that explain the
            error, by field name.  ``None`` means none.
        conn_id (str): Id of the connection, or ``None``.
        request_data (str): The CIM-XML request, or ``None``.
        response_data (str): The CIM-XML response, or ``None``.
    """

    def __init__(
        self,
        status: int,
        reason: Optional[str],
        cimerror: Optional[str] = None,
        cimdetails: Optional[Mapping[str, str]] = None,
        conn_id: Optional[str] = None,
        request_data: _MessageData = None,
        response_data: _MessageData = None,
    ) -> None:
        if cimdetails is None:
            cimdetails = {}
        super().__init__(
            status,
            reason,
            cimerror,
            cimdetails,
            conn_id=conn_id,
            request_data=request_data,
            response_data=response_data,
        )

    def __str__(self) -> str:
        text = f"{self.status} ({self.reason})"
        if self.cimerror:
            text += f", CIMError: {self.cimerror}"
        for name in self.cimdetails:
            text += f", {name}: {self.cimdetails[name]}"
        return text

    @property
    def status(self) -> int:
        """
        int: HTTP status code, for example 500.
        """
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def reason(self) -> Optional[str]:
        """
        str: HTTP reason phrase, for example ``Internal Server Error``.
        """
        return self.args[1]  # type: ignore[no-any-return]

    @property
    def cimerror(self) -> Optional[str]:
        """
        str: Value of the ``CIMError`` header field (DSP0200).  ``None`` if
        there was none.
        """
        return self.args[2]  # type: ignore[no-any-return]

    @property
    def cimdetails(self) -> Mapping[str, str]:
        """
        dict: Further header fields of the server that explain the error, for
        example ``PGErrorDetail``, by field name.
        """
        return self.args[3]  # type: ignore[no-any-return]


class VersionError(Error):
    """
    Base class of the exceptions for versions that are not supported.
    """

    def __init__(self, message: Optional[str], conn_id: Optional[str] = None) -> None:
        """
        Parameters:
            message (str): Error message; becomes ``args[0]``.
            conn_id (str): Id of the connection, or ``None``.
        """
        super().__init__(message, conn_id=conn_id)


class CIMVersionError(VersionError):
    """
    The CIM version of a message (attribute ``CIMVERSION`` of element CIM, DSP0201) is
    not supported.
    """


class DTDVersionError(VersionError):
    """
    The DTD version of a message (attribute ``DTDVERSION`` of element CIM, DSP0201) is
    not supported.
    """


class ProtocolVersionError(VersionError):
    """
    The version of the CIM operation protocol (attribute ``PROTOCOLVERSION``
    of element MESSAGE, DSP0201) is not supported.
    """


class ParseError(_RequestExceptionMixin, _ResponseExceptionMixin, Error):
    """
    Base class of the exceptions for a response that cannot be understood.
    """

    def __init__(
        self,
        message: Optional[str],
        conn_id: Optional[str] = None,
        request_data: _MessageData = None,
        response_data: _MessageData = None,
    ) -> None:
        """
        Parameters:
            message (str): Error message; becomes ``args[0]``.
            conn_id (str): Id of the connection, or ``None``.
            request_data (str): The CIM-XML request, or ``None``.
            response_data (str): The CIM-XML response, or ``None``.
        """
        super().__init__(
            message, conn_id=conn_id, request_data=request_data, response_data=response_data
        )

    def __str__(self) -> str:
        return f"{self.args[0]}\nCIM-XML response: {self.response_data!s}"


class CIMXMLParseError(ParseError):
    """
    A response is XML, but not the CIM-XML of DSP0201: a missing attribute, an
    element in the wrong place, a value that does not fit its type.
    """


class XMLParseError(ParseError):
    """
    A response is not XML that can be accepted: it is not well-formed, not
    UTF-8, or has a document type declaration.
    """


class HeaderParseError(ParseError):
    """
    A header field of an HTTP response is missing or has a wrong value.
    """


class CIMError(_RequestExceptionMixin, Error):
    """
    The server reported that the operation failed, with a CIM status code
    (DSP0200).

    ``args`` is the tuple (status_code, status_description, instances) as
    passed.  The object can be indexed like it: ``exc[0]`` is the status code.

    Parameters:
        status_code (int): CIM status code, one of the ``CIM_ERR_...`` constants.
        status_description (str): Description by the server, or ``None``.
        instances (list of :class:`~pywbem.CIMInstance`): Instances by which the
            server explains the error, or ``None``.
        conn_id (str): Id of the connection, or ``None``.
        request_data (str): The CIM-XML request, or ``None``.
    """

    def __init__(
        self,
        status_code: int,
        status_description: Optional[str] = None,
        instances: Optional[Sequence[Any]] = None,
        conn_id: Optional[str] = None,
        request_data: _MessageData = None,
    ) -> None:
        super().__init__(
            status_code, status_description, instances, conn_id=conn_id, request_data=request_data
        )

    def __getitem__(self, index: Any) -> Any:
        """
        Return an item, or a slice, of ``args``.
        """
        return self.args[index]

    def __str__(self) -> str:
        text = f"{self.status_code} ({self.status_code_name}): {self.status_description}"
        if self.instances:
            text += f" ({len(self.instances)} instances)"
        return text

    @property
    def status_code(self) -> int:
        """
        int: CIM status code, for example 5.
        """
        return self.args[0]  # type: ignore[no-any-return]

    @property
    def status_code_name(self) -> str:
        """
        str: Symbolic name of the CIM status code, for example
        ``CIM_ERR_INVALID_CLASS``; for an unknown status code the text
        ``Invalid status code`` and the code.
        """
        return _statuscode2name(self.status_code)

    @property
    def status_description(self) -> str:
        """
        str: Description of the error by the server.  If the server did not
        give one, a short description of the CIM status code; for an unknown
        status code the text ``Invalid status code`` and the code.
        """
        return self.args[1] or _statuscode2string(self.status_code)

    @property
    def instances(self) -> Optional[Sequence[Any]]:
        """
        list of :class:`~pywbem.CIMInstance`: Instances by which the server
        explains the error.  ``None`` if there are none.
        """
        return self.args[2]  # type: ignore[no-any-return]


class ModelError(Error):
    """
    The model that the server implements contradicts itself or a specification,
    for example an instance has a property that its class does not have.

    Parameters:
        message (str): Error message; becomes ``args[0]``.
        conn_id (str): Id of the connection, or ``None``.
    """

    def __init__(self, message: Optional[str], conn_id: Optional[str] = None) -> None:
        super().__init__(message, conn_id=conn_id)


# The listener: these are not derived from Error, which is about operations.


class ListenerError(Exception):
    """
    Base class of the exceptions that :class:`~pywbem.WBEMListener` raises.
    """

    def __init__(self, message: str) -> None:
        """
        Parameters:
            message (str): Error message; becomes ``args[0]``.
        """
        super().__init__(message)


class ListenerStartError(ListenerError):
    """
    The listener could not be started, for example because its host name is
    not known.
    """


class ListenerPortError(ListenerStartError):
    """
    The port of the listener is in use.
    """


class ListenerCertificateError(ListenerError):
    """
    The certificate file or the key file for HTTPS cannot be used: it does not
    exist, may not be read, is malformed, does not match the other one, or the
    password of the key is wrong.
    """


class ListenerPromptError(ListenerError):
    """
    The prompt for the password of the key file was interrupted or ended.
    """


class ListenerQueueFullError(ListenerError):
    """
    The queue of indications is full.

    Kept for programs that name it: a full queue is told to the sender of the
    indication, not to the program.
    """
