"""
One operation, described without input or output.

An :class:`Operation` checks its arguments, makes the call record and turns the
response record into the return value.  Who runs it is somebody else: a
connection sends the call over HTTP, a mock performs it on its repository.
"""

from __future__ import annotations

from typing import Any, Callable, Generic, Mapping, Optional, TypeVar

from .._cim_xml.records import Call, Response
from .._exceptions import CIMError

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
        make_call (callable): Checks the arguments and returns the call record.
        make_result (callable): Takes the response record and returns the return value of
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
            response (Response): The response record for the call.

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
