"""
How the Iter... methods iterate.

Whether a server has pull operations is learned for each open operation and
remembered for the connection, if ``use_pull_operations`` leaves it open.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Generator, List, Optional, Sequence, Tuple, TypeVar, Union

from .._cim_constants import CIM_ERR_FAILED, CIM_ERR_NOT_SUPPORTED
from .._cim_obj import CIMInstance, CIMInstanceName
from .._exceptions import AuthError, CIMError, ConnectionError, TimeoutError
from .arguments import Context, count, positive_count
from .pull import PullOperations
from .results import pull_inst_result_tuple, pull_path_result_tuple, pull_query_result_tuple

_Item = TypeVar("_Item")
_Opened = TypeVar(
    "_Opened", pull_inst_result_tuple, pull_path_result_tuple, pull_query_result_tuple
)
_Pull = Callable[[Context, int], Union[pull_inst_result_tuple, pull_path_result_tuple]]


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

    def _iterate(
        self,
        open_name: str,
        open_enumeration: Callable[[], Any],
        pull: _Pull,
        enumerate_all: Callable[[], Sequence[_Item]],
        traditional: str,
        pull_only: Tuple[Any, Any, Any],
        timeout: Optional[int],
        page_size: int,
    ) -> Generator[_Item, None, None]:
        """
        Iterate over an enumeration.

        Parameters:

          open_name (str): Name of the open operation.

          open_enumeration: Opens the enumeration.

          pull: The operation that continues it.

          enumerate_all: Performs the traditional operation.

          traditional (str): Name of the traditional operation.

          pull_only (tuple): The arguments FilterQueryLanguage, FilterQuery and
            ContinueOnError.

          timeout (int): The argument OperationTimeout.

          page_size (int): The argument MaxObjectCount.
        """
        check_limits(timeout, page_size)
        opened = self._open(open_name, open_enumeration)
        if opened is not None:
            yield from self._pages(opened, pull, page_size)
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

    def _pages(self, opened: Any, pull: _Pull, page_size: int) -> Generator[Any, None, None]:
        """
        Yield the objects of an open enumeration, fetching more as needed.

        An enumeration that is left before its end is closed, unless the server
        cannot be reached.
        """
        objects, end, context = opened[:3]
        try:
            yield from objects
            while not end:
                objects, end, context = pull(context, page_size)
                yield from objects
        except (AuthError, ConnectionError, TimeoutError):
            raise
        except Exception:
            if not end:
                self._close_quietly(context)
            raise
        except GeneratorExit:
            if not end:
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

    def _with_host(self, instances: List[CIMInstance]) -> List[CIMInstance]:
        for instance in instances:
            if instance.path is not None and instance.path.host is None:
                instance.path._host = self.host
        return instances

    def _paths_with_host(self, paths: List[CIMInstanceName]) -> List[CIMInstanceName]:
        for path in paths:
            if path.host is None:
                path._host = self.host
        return paths
