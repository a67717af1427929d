"""
The observers of a connection: its statistics, its recorders, its last operation.
"""

from __future__ import annotations

import itertools
import os
from typing import Any, Callable, Optional, Tuple

from .attached import Recorder, RecorderList
from .exchange import Exchange
from .last import LastOperation
from .statistics import Statistics

_new_connection_hooks: Tuple[Callable[[Any], None], ...] = ()


def on_new_connection(hook: Callable[[Any], None]) -> None:
    """
    Have a function called with each connection that is made from now on.
    """
    global _new_connection_hooks
    if hook not in _new_connection_hooks:
        _new_connection_hooks += (hook,)


class Observed(LastOperation):
    """
    A connection as its observers know it.
    """

    _url: str
    _conn_counter = itertools.count(1)

    def _init_observers(self, stats_enabled: bool) -> None:
        self._conn_id = f"{next(self._conn_counter)}-{os.getpid()}"
        self._statistics = Statistics(bool(stats_enabled))
        self._recorders = RecorderList()

    def _made(self) -> None:
        """
        The connection is made: call the functions that wait for that.
        """
        for hook in _new_connection_hooks:
            hook(self)

    @property
    def conn_id(self) -> str:
        """
        str: Id of this connection, unique on this machine.  It is part of log
        records and exceptions.
        """
        return self._conn_id

    @property
    def stats_enabled(self) -> bool:
        """
        bool: Whether statistics are enabled.  Can be set.
        """
        return self._statistics.enabled

    @stats_enabled.setter
    def stats_enabled(self, value: bool) -> None:
        if value:
            self._statistics.enable()
        else:
            self._statistics.disable()

    @property
    def statistics(self) -> Statistics:
        """
        :class:`~pywbem.Statistics`: Statistics of the operations of this
        connection.
        """
        return self._statistics

    @property
    def operation_recorders(self) -> Tuple[Recorder, ...]:
        """
        tuple: The operation recorders of this connection.
        """
        return self._recorders.all

    @property
    def operation_recorder_enabled(self) -> bool:
        """
        bool: Whether a recorder is enabled.  Can be set, for all of them.
        """
        return any(recorder.enabled for recorder in self._recorders)

    @operation_recorder_enabled.setter
    def operation_recorder_enabled(self, value: bool) -> None:
        for recorder in self._recorders:
            if value:
                recorder.enable()
            else:
                recorder.disable()

    def add_operation_recorder(self, operation_recorder: Recorder) -> None:
        """
        Attach an operation recorder.

        Parameters:
            operation_recorder (Recorder): The recorder, of a subclass of
                :class:`~pywbem.BaseOperationRecorder`.

        Raises:
            ValueError: It is None, or a recorder of the same class is attached.
        """
        self._recorders.add(operation_recorder, self)

    def operation_recorder_reset(self, pull_op: bool = False) -> None:
        """
        Tell the recorders that an operation begins.

        Parameters:
            pull_op (bool): Whether it opens or continues a pulled enumeration.
        """
        for recorder in self._recorders:
            recorder.reset(pull_op)

    def operation_recorder_stage_pywbem_args(self, method: str, **kwargs: Any) -> None:
        """
        Tell the recorders the operation and its arguments.

        Parameters:
            method (str): Name of the operation.
            **kwargs: Its arguments.
        """
        for recorder in self._recorders:
            recorder.stage_pywbem_args(method, **kwargs)

    def operation_recorder_stage_result(self, ret: Any, exc: Optional[BaseException]) -> None:
        """
        Tell the recorders the result of the operation, which they then record.

        Parameters:
            ret: The return value, or None.
            exc (Exception): The exception, or None.
        """
        for recorder in self._recorders:
            recorder.stage_pywbem_result(ret, exc)
            recorder.record_staged()

    def _copy_recorders(self, other: Observed) -> None:
        """
        Take copies of the recorders of another connection, if it has some, in
        place of those that any new connection gets.
        """
        if other._recorders:
            self._recorders = RecorderList()
            for recorder in other._recorders:
                self.add_operation_recorder(recorder.copy())

    # -- A run of an operation ------------------------------------------------

    def _new_exchange(self, streamed: bool = False) -> Exchange:
        return Exchange(
            self._conn_id, self._url, self._recorders.attached, self._statistics, streamed
        )

    def _end(self, exchange: Exchange, result: Any, failure: Optional[BaseException]) -> None:
        """
        The run of an operation has ended.
        """
        if failure is not None:
            exchange.failed(failure)
        exchange.measured(failed=failure is not None)
        self._last = exchange.last_call(self._last, bool(self._debug))
        exchange.end(result, failure)
