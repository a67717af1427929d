"""
How the Iter... methods iterate.

Whether a server has pull operations is learned for each open operation and
remembered for the connection, if ``use_pull_operations`` leaves it open.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Generator, Optional, Sequence, Tuple, TypeVar, Union

from .. import config
from .._cim_constants import CIM_ERR_FAILED, CIM_ERR_NOT_SUPPORTED
from .._cim_obj import CIMInstance, CIMInstanceName
from .._exceptions import AuthError, CIMError, ConnectionError, TimeoutError
from .arguments import Context, count, positive_count, target_namespace
from .pull import PullOperations
from .results import pull_inst_result_tuple, pull_path_result_tuple, pull_query_result_tuple

_Item = TypeVar("_Item")
_Opened = TypeVar(
    "_Opened", pull_inst_result_tuple, pull_path_result_tuple, pull_query_result_tuple
)
_Pull = Callable[..., Union[pull_inst_result_tuple, pull_path_result_tuple]]


class _FromConfig(int):
    """
    Stands for what the configuration variable says at the time of the call.
    """


DEFAULT_ITER_MAXOBJECTCOUNT = _FromConfig(config.DEFAULT_ITER_MAXOBJECTCOUNT)


def page_size(max_object_count: int) -> int:
    """
    How many objects are fetched with one operation.

    Parameters:

      max_object_count (int): The argument MaxObjectCount of an iteration.
    """
    if isinstance(max_object_count, _FromConfig):
        return config.DEFAULT_ITER_MAXOBJECTCOUNT
    return max_object_count


def check_limits(timeout: Optional[int], max_object_count: int) -> None:
    """
    Check OperationTimeout and MaxObjectCount of an iteration.
    """
    positive_count("MaxObjectCount", max_object_count)
    count("OperationTimeout", timeout)


def only_pulled(traditional: str, name: str, value: Any) -> None:
    """
    Reject an argument that the traditional operation does not have.
    """
    if value is not None:
        raise ValueError(
            f"{traditional} does not support {name}, and pull operations are not used on this "
            f"connection; do not pass {name}, or set use_pull_operations=True"
        )


class PagedOperations(PullOperations):
    """
    Pull operations, page by page.
    """

    _use_pull_operations: Optional[bool]
    _pull_support: Dict[str, bool]
    _closed: bool

    def _iterate(
        self,
        open_name: str,
        open_enumeration: Callable[[int], Any],
        pull: _Pull,
        enumerate_all: Callable[[], Sequence[_Item]],
        traditional: str,
        pull_only: Tuple[Any, Any, Any],
        timeout: Optional[int],
        max_object_count: int,
    ) -> Generator[_Item, None, None]:
        """
        Iterate over an enumeration.

        Parameters:

          open_name (str): Name of the open operation.

          open_enumeration: Opens the enumeration, with a page size.

          pull: The operation that continues it.

          enumerate_all: Performs the traditional operation.

          traditional (str): Name of the traditional operation.

          pull_only (tuple): The arguments FilterQueryLanguage, FilterQuery and
            ContinueOnError.

          timeout (int): The argument OperationTimeout.

          max_object_count (int): The argument MaxObjectCount.
        """
        size = page_size(max_object_count)
        check_limits(timeout, size)
        opened = self._open(open_name, lambda: open_enumeration(size))
        if opened is not None:
            yield from self._pages(opened, pull, size)
            return
        language, query, continue_on_error = pull_only
        only_pulled(traditional, "FilterQuery", query)
        only_pulled(traditional, "FilterQueryLanguage", language)
        only_pulled(traditional, "ContinueOnError", continue_on_error)
        yield from enumerate_all()

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
            yield from objects
            while not end:
                objects, end, context = pull(context, MaxObjectCount=size)
                yield from objects
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

    def _with_place(
        self, objects: Sequence[_Item], classname: Any, namespace: Optional[str]
    ) -> Sequence[_Item]:
        """
        Enumerated instances or paths, with namespace and host where they have none: a
        program may have replaced the operation that enumerates them.
        """
        for item in objects:
            path = item.path if isinstance(item, CIMInstance) else item
            if isinstance(path, CIMInstanceName):
                if path.namespace is None:
                    args = {"namespace": namespace, "ClassName": classname}
                    path._namespace = target_namespace(args, self.default_namespace)
                if path.host is None:
                    path._host = self.host
        return objects
