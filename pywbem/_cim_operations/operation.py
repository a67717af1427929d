"""
One operation, described without input or output.

An :class:`Operation` checks its arguments, makes the call record and turns the
response record into the return value.  Who runs it is somebody else: a
connection sends the call over HTTP, a mock performs it on its repository.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Generic, Mapping, Optional, TypeVar

from .._cim_xml.records import Call, IntrinsicCall, IntrinsicResponse, Response
from .._exceptions import CIMError
from .arguments import CHECKS, Check, target_namespace

T = TypeVar("T")


class Operation(Generic[T]):
    """
    One operation.

    ``name`` is the name of the method of the connection, ``args`` its
    arguments as the caller gave them, for observers.  ``call`` is the call
    record; it is made when it is asked for, which raises TypeError or
    ValueError if an argument is wrong.

    Parameters:

      name (str): Name of the operation.

      args (dict): The arguments, by name.

      make_call: Checks the arguments and returns the call record.

      make_result: Takes the response record and returns the return value of
        the operation.
    """

    __slots__ = ("_call", "_make_call", "_make_result", "args", "name")

    def __init__(
        self,
        name: str,
        args: Mapping[str, Any],
        make_call: Callable[[], Call],
        make_result: Callable[[Any], T],
    ) -> None:
        self.name = name
        self.args = args
        self._make_call = make_call
        self._make_result = make_result
        self._call: Optional[Call] = None

    @property
    def is_pull(self) -> bool:
        """
        bool: Whether this opens or continues a pulled enumeration.
        """
        return self.name.startswith(("Open", "Pull"))

    @property
    def call(self) -> Call:
        """
        The call record.
        """
        if self._call is None:
            self._call = self._make_call()
        return self._call

    def finish(self, response: Response) -> T:
        """
        The return value of the operation.

        Parameters:

          response: The response record for the call.

        Raises:

          CIMError: The response says that the operation failed.

          CIMXMLParseError: The response is not one of this operation.
        """
        error = response.error
        if error is not None:
            raise CIMError(
                error.code,
                f"Error code {error.code}" if error.description is None else error.description,
                instances=error.instances or None,
            )
        return self._make_result(response)


class OperationRunner:
    """
    Base class of the operation methods: what they need of a connection.
    """

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace of calls that name none.
        """
        raise NotImplementedError

    @property
    def host(self) -> str:
        """
        str: Host and port of the server.
        """
        raise NotImplementedError

    def _run(self, operation: Operation[T]) -> T:
        """
        Run an operation and return its return value.
        """
        raise NotImplementedError

    def _intrinsic(
        self,
        name: str,
        args: Dict[str, Any],
        make_result: Callable[[IntrinsicResponse, str], T],
        checks: Mapping[str, Check] = CHECKS,
    ) -> T:
        """
        Run an intrinsic operation (DSP0200 5.4.2).

        Parameters:

          name (str): Name of the operation.

          args (dict): The arguments in the order in which they are sent; their
            names are those of the protocol, but for ``namespace``, which is
            not sent.

          make_result: Takes the response record and the namespace of the call.

          checks (dict): The check of each argument, by name.
        """
        namespace = ""

        def make_call() -> IntrinsicCall:
            nonlocal namespace
            params = []
            for arg, value in args.items():
                if arg != "namespace":
                    checked = checks[arg](arg, value)
                    if checked is not None:
                        params.append((arg, checked))
            namespace = target_namespace(args, self.default_namespace)
            return IntrinsicCall(name, namespace, params)

        return self._run(
            Operation(name, args, make_call, lambda response: make_result(response, namespace))
        )
