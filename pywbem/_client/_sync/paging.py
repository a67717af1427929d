# Made from ../_async/paging.py by tools/make_sync.py: change that file.
"""
How the Iter... methods iterate.

Whether a server has pull operations is learned for each open operation and
remembered for the connection, if ``use_pull_operations`` leaves it open.
"""

from __future__ import annotations

from typing import (
    Any,
    Callable,
    Dict,
    Generator,
    Optional,
    Tuple,
    TypeVar,
    Union,
)

from ..._cim_constants import CIM_ERR_FAILED, CIM_ERR_NOT_SUPPORTED
from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._exceptions import AuthError, CIMError, ConnectionError, TimeoutError
from ..._protocol.arguments import Context, target_namespace
from ..._protocol.operation import Operation
from ..._protocol.paging import check_limits, only_pulled, page_size
from ..._protocol.results import (
    pull_inst_result_tuple,
    pull_path_result_tuple,
    pull_query_result_tuple,
)
from .associations import AssociationOperations
from .instances import InstanceOperations
from .pull import PullOperations
from .queries import QueryOperations

_Item = TypeVar("_Item")
_Opened = TypeVar(
    "_Opened", pull_inst_result_tuple, pull_path_result_tuple, pull_query_result_tuple
)
_Pull = Callable[..., Union[pull_inst_result_tuple, pull_path_result_tuple]]

# Calls one of the traditional operations.
_Perform = Callable[[Any], Any]


def _as_it_is(item: Any) -> None:
    """
    Leave an object as the server gave it.
    """


class _Described(InstanceOperations, AssociationOperations, QueryOperations):
    """
    The operations of a connection, described in place of being run.
    """

    def __init__(self, connection: PagedOperations) -> None:
        self._connection = connection

    @property
    def default_namespace(self) -> str:
        return self._connection.default_namespace

    @property
    def host(self) -> str:
        return self._connection.host

    def _run(self, operation: Operation[Any]) -> Any:
        return operation


class PagedOperations(PullOperations, InstanceOperations, AssociationOperations, QueryOperations):
    """
    Enumerations page by page, or as they arrive.
    """

    _use_pull_operations: Optional[bool]
    _pull_support: Dict[str, bool]
    _closed: bool

    def _stream(self, operation: Operation[Any]) -> Generator[Any, None, None]:
        """
        Run an operation that returns a list, and yield its items as they arrive.
        """
        raise NotImplementedError

    def _iterate(
        self,
        open_name: str,
        open_enumeration: Callable[[int], Any],
        pull: _Pull,
        traditional: str,
        perform: _Perform,
        pull_only: Tuple[Any, Any, Any],
        timeout: Optional[int],
        max_object_count: int,
        finish: Callable[[Any], None] = _as_it_is,
    ) -> Generator[Any, None, None]:
        """
        Iterate over an enumeration.

        Parameters:
            open_name (str): Name of the open operation.
            open_enumeration (callable): Opens the enumeration, with a page size.
            pull (Pull): The operation that continues it.
            traditional (str): Name of the traditional operation.
            perform (Perform): Performs it on the operations that it is given.
            pull_only (tuple): The arguments FilterQueryLanguage, FilterQuery and
                ContinueOnError.
            timeout (int): The argument OperationTimeout.
            max_object_count (int): The argument MaxObjectCount.
            finish (callable): Completes an object of the traditional operation.
        """
        size = page_size(max_object_count)
        check_limits(timeout, size)
        opened = self._open(open_name, lambda: open_enumeration(size))
        if opened is not None:
            items = self._pages(opened, pull, size)
        else:
            language, query, continue_on_error = pull_only
            only_pulled(traditional, "FilterQuery", query)
            only_pulled(traditional, "FilterQueryLanguage", language)
            only_pulled(traditional, "ContinueOnError", continue_on_error)
            items = self._at_once(traditional, perform, finish)
        try:
            yield from items
        finally:
            items.close()

    def _at_once(
        self, traditional: str, perform: _Perform, finish: Callable[[Any], None] = _as_it_is
    ) -> Generator[Any, None, None]:
        """
        Yield the objects of a traditional operation.

        They are handed out as they arrive, unless a program has put something
        of its own in the place of the operation.
        """
        method = getattr(getattr(self, traditional), "__func__", None)
        if method is not getattr(_Described, traditional):
            for item in perform(self):
                finish(item)
                yield item
            return
        items = self._stream(perform(_Described(self)))
        try:
            for item in items:
                finish(item)
                yield item
        finally:
            items.close()

    def _open(self, name: str, open_enumeration: Callable[[], _Opened]) -> Optional[_Opened]:
        """
        Open an enumeration; None if the traditional operation is to be used.
        """
        wanted = self._use_pull_operations
        supported = self._pull_support.get(name) if wanted is None else bool(wanted)
        if supported is False:
            return None
        try:
            opened = open_enumeration()
        except CIMError as exc:
            # DSP0200 says NOT_SUPPORTED; some servers say FAILED.
            if supported or exc.status_code not in (CIM_ERR_NOT_SUPPORTED, CIM_ERR_FAILED):
                raise
            self._pull_support[name] = False
            return None
        if supported is None:
            self._pull_support[name] = True
        return opened

    def _pages(self, opened: Any, pull: _Pull, size: int) -> Generator[Any, None, None]:
        """
        Yield the objects of an open enumeration, fetching more as needed.

        An enumeration that is left before its end is closed, unless the server
        cannot be reached.
        """
        objects, end, context = opened[:3]
        try:
            for item in objects:
                yield item
            while not end:
                objects, end, context = pull(context, MaxObjectCount=size)
                for item in objects:
                    yield item
        except (AuthError, ConnectionError, TimeoutError):
            raise
        except Exception:
            if not end:
                self._close_quietly(context)
            raise
        except GeneratorExit:
            # Nothing is sent for a generator that outlives its connection.
            if not end and not self._closed:
                self.CloseEnumeration(context)
            raise

    def _close_quietly(self, context: Context) -> None:
        """
        Close an enumeration after an error, which is the one to be reported.
        """
        try:
            self.CloseEnumeration(context)
        except Exception:
            return

    def _placed(self, item: Any, classname: Any, namespace: Optional[str]) -> None:
        """
        Give an enumerated instance or path namespace and host, where it has none: a
        program may have replaced the operation that enumerates them.
        """
        path = item.path if isinstance(item, CIMInstance) else item
        if isinstance(path, CIMInstanceName):
            if path.namespace is None:
                args = {"namespace": namespace, "ClassName": classname}
                path._namespace = target_namespace(args, self.default_namespace)
            if path.host is None:
                path._host = self.host
