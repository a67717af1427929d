"""
The mock WBEM server over HTTP and HTTPS.
"""

from __future__ import annotations

import socket
import ssl
import time
from typing import Any, Callable, Mapping, Optional, TextIO, Union

from pywbem._cim_constants import CIM_ERR_SERVER_LIMITS_EXCEEDED, DEFAULT_NAMESPACE
from pywbem._cim_obj import CIMClassName, CIMInstanceName
from pywbem._cim_xml.read.values import CONVERTERS
from pywbem._cim_xml.records import (
    Call,
    ExtrinsicCall,
    IntrinsicCall,
    IntrinsicResponse,
    Response,
)
from pywbem._endpoint import HTTPEndpoint, Limits, Request
from pywbem._endpoint import Response as HTTPResponse
from pywbem._exceptions import CIMError
from pywbem._workers import TooManyWait

from ..connection import FakedWBEMConnection
from ..operations.call_handler import failed
from ..server import MockServer
from .operations import OperationHandler
from .request_log import RequestLog
from .tls_files import server_context

# Operations may wait (response_delay, providers); the others go on meanwhile.
_WORKERS = 8

# DSP0200 5.4.2: operations that return paths with host and namespace.
_WITH_HOST = frozenset(
    (
        "AssociatorNames",
        "Associators",
        "ExecQuery",
        "OpenAssociatorInstancePaths",
        "OpenAssociatorInstances",
        "OpenEnumerateInstancePaths",
        "OpenEnumerateInstances",
        "OpenReferenceInstancePaths",
        "OpenReferenceInstances",
        "PullInstancePaths",
        "PullInstancesWithPath",
        "ReferenceNames",
        "References",
    )
)


# What reaches a server on this machine that listens on all interfaces.
_LOOPBACK = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


def _host_and_port(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _the_same(server: MockServer, given: Optional[MockServer]) -> MockServer:
    """
    Return a server, if the one given beside it is no other one.
    """
    if given not in (None, server):
        raise ValueError("The connection and the server given belong to different servers")
    return server


def _converted(value: Any, convert: Callable[[str], Any]) -> Any:
    if isinstance(value, list):
        return [_converted(item, convert) for item in value]
    return None if value is None else convert(value)


def _give_class(call: IntrinsicCall) -> None:
    """
    Put a class in place of an instance path without keys: so some clients say
    that they want the associations of a class.
    """
    for index, (name, value) in enumerate(call.params):
        if name.lower() == "objectname" and isinstance(value, CIMInstanceName):
            if not value.keybindings:
                call.params[index] = name, value.classname
            break


class WBEMServerThread:
    """
    A WBEM server in a thread of this process, for clients of any kind.

    It serves the repository of a :class:`~pywbem_mock.FakedWBEMConnection`: what
    a test puts in there can be read over HTTP, and the reverse.  It is a context
    manager that starts and stops itself::

        with WBEMServerThread() as server:
            server.conn.compile_mof_string(mof)
            client = pywbem.WBEMConnection(server.url)

    Parameters:
        conn (FakedWBEMConnection or MockServer): The connection whose repository is served, or
            the server; None makes one.
        host (str): Name or address to listen on.  Empty means all interfaces.
        port (int): Port to listen on; 0 means any that is free.
        ssl_context (:class:`ssl.SSLContext`): The server side of TLS; None means
            plain HTTP.
        certfile (str): Instead of ``ssl_context``, the file with the certificate.
        keyfile (str): The file with the private key of ``certfile``, if it is not
            in there.
        users (dict): Passwords by user name for HTTP Basic authentication; None
            means that none is asked for.
        default_namespace (str): Default namespace of the connection that is made
            if ``conn`` is None.
        limits (Limits): What clients may use.
        log (file): A text file that gets a line a request: time, client, operation,
            namespace, class, status, milliseconds.  None means no log.
        server (MockServer): The server that is served, in place of that of ``conn``.

    Raises:
        TypeError: ``conn`` or ``server`` is something else.
        ValueError: ``conn`` is another server than ``server``, or a connection to another one.
        OSError: A file cannot be read, or has not what it should have.
    """

    def __init__(
        self,
        conn: Union[FakedWBEMConnection, MockServer, None] = None,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: Optional[ssl.SSLContext] = None,
        certfile: Optional[str] = None,
        keyfile: Optional[str] = None,
        users: Optional[Mapping[str, str]] = None,
        default_namespace: str = DEFAULT_NAMESPACE,
        limits: Optional[Limits] = None,
        log: Optional[TextIO] = None,
        server: Optional[MockServer] = None,
    ) -> None:
        if ssl_context is None and certfile is not None:
            ssl_context = server_context(certfile, keyfile)
        if isinstance(conn, MockServer):
            server = _the_same(conn, server)
            conn = None
        elif conn is not None:
            if not isinstance(conn, FakedWBEMConnection):
                raise TypeError(
                    "conn must be a FakedWBEMConnection or a MockServer, not a "
                    f"{type(conn).__name__}"
                )
            _the_same(conn.server, server)
        self._conn = conn or FakedWBEMConnection(default_namespace=default_namespace, server=server)
        self._server = self._conn.server
        # What it returns becomes CIM-XML.
        self._performs = self._conn._handler.sharing()
        self._own = conn is None and server is None
        self._host = host
        self._port = port
        self._ssl_context = ssl_context
        self._handler = OperationHandler(
            self._perform, self._attempt, users, RequestLog(log) if log else None
        )
        self._limits = limits
        self._endpoint: Optional[HTTPEndpoint] = None

    @property
    def conn(self) -> FakedWBEMConnection:
        """
        FakedWBEMConnection: The connection whose repository is served.
        """
        return self._conn

    @property
    def server(self) -> MockServer:
        """
        :class:`MockServer`: The server that is served.
        """
        return self._server

    @property
    def host(self) -> str:
        """
        str: The name or address it listens on.
        """
        return self._host

    @property
    def port(self) -> int:
        """
        int: The port it listens on, or is to listen on if it is not started.
        """
        return self._port

    @property
    def url(self) -> str:
        """
        str: The URL for clients on this machine.
        """
        scheme = "http" if self._ssl_context is None else "https"
        local = _LOOPBACK.get(self._host, self._host)
        return f"{scheme}://{_host_and_port(local, self._port)}"

    @property
    def running(self) -> bool:
        """
        bool: Whether it serves.
        """
        return self._endpoint is not None

    def start(self) -> None:
        """
        Begin to serve; without effect if it does.

        Raises:
            OSError: The address cannot be used.
        """
        if self._endpoint is not None:
            return
        endpoint = HTTPEndpoint(
            self._handler,
            accept=self._handler.accept,
            limits=self._limits,
            workers=_WORKERS,
            quick=self._quick,
            server="pywbem_mock",
        )
        try:
            self._port = endpoint.bind(self._host, self._port, self._ssl_context)
        except BaseException:
            endpoint.stop()
            raise
        endpoint.start("pywbem-mock-server")
        self._endpoint = endpoint

    def stop(self) -> None:
        """
        Answer what has arrived and stop, within a few seconds; without effect
        if it does not serve.
        """
        endpoint, self._endpoint = self._endpoint, None
        if endpoint is not None:
            endpoint.stop()
            if self._own:
                self.server.close()

    def _perform(self, call: Call) -> Response:
        """
        Perform a call; if it may wait, another thread takes over the work of this one.
        """
        endpoint = self._endpoint
        if endpoint is None or not (self._conn.response_delay or self.server.may_wait(call)):
            return self._performed(call)
        try:
            with endpoint.waiting():
                return self._performed(call)
        except TooManyWait as exc:
            return failed(call, CIMError(CIM_ERR_SERVER_LIMITS_EXCEEDED, str(exc)))

    def _quick(self, request: Request) -> Optional[HTTPResponse]:
        """
        Answer a request in the thread of the endpoint, if it can be seen before it is read that
        this keeps no other client waiting.
        """
        endpoint, operation = self._endpoint, request.headers.get("cimmethod", "").lower()
        if self._server.keeps(operation) and endpoint is not None and endpoint.open_connections > 1:
            return None
        return self._handler.quick(request)

    def _attempt(self, call: Call) -> Optional[Response]:
        """
        Perform a call if nothing but the disk keeps the thread of the endpoint waiting: no delay,
        no provider of a user, and nobody else who holds the lock.
        """
        server = self._server
        if self._conn.response_delay or server.may_hang(call):
            return None
        lock = server.repository.lock
        if not lock.take_if_free():
            return None
        if server.keeps(call.name.lower()):
            # What it changes is written without the lock.
            lock.give_back()
            return self._performed(call)
        try:
            return self._performed(call)
        finally:
            lock.give_back()

    def _performed(self, call: Call) -> Response:
        delay = self._conn.response_delay
        if delay:
            time.sleep(delay)
        if isinstance(call, ExtrinsicCall) and call.untyped:
            self._give_types(call)
        elif isinstance(call, IntrinsicCall):
            _give_class(call)
        response = self._performs(call)
        if isinstance(call, IntrinsicCall) and isinstance(response, IntrinsicResponse):
            self._complete_paths(call, response)
        return response

    def _give_types(self, call: ExtrinsicCall) -> None:
        """
        Give the parameters of which the client did not say the type the one
        that the method declares; what is not a value of it remains a string,
        which the handler then refuses.
        """
        try:
            with self.server.cimrepository.lock:
                _, method = self.server.dispatcher.find_method(call.name, call.path)
        except CIMError:
            return  # The handler raises it again.
        for param in call.params:
            declared = method.parameters.get(param.name)
            if param.name not in call.untyped or declared is None:
                continue
            convert = CONVERTERS.get(declared.type)
            if convert is None or param.embedded_object is not None:
                continue
            try:
                value = _converted(param.value, convert)
            except ValueError:
                continue
            # The setter of the value checks it against the type.
            param._type, param._value = declared.type, value

    def _complete_paths(self, call: IntrinsicCall, response: IntrinsicResponse) -> None:
        """
        Make the paths of a result say where the objects are for its client.
        """
        if response.name not in _WITH_HOST:
            return
        name = self._host if self._host not in _LOOPBACK else socket.gethostname()
        host = _host_and_port(name, self._port)
        for item in response.result or ():
            path = item if isinstance(item, (CIMInstanceName, CIMClassName)) else item.path
            if path.host in (None, self._conn.host):
                path.host = host
            if path.namespace is None:
                path.namespace = call.namespace

    def __enter__(self) -> WBEMServerThread:
        self.start()
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.stop()

    def __repr__(self) -> str:
        state = "running" if self.running else "stopped"
        return f"{type(self).__name__}(url={self.url!r}, {state})"
