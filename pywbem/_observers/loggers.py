"""
Configuration of the loggers of pywbem, and activation of logging for connections.
"""

from __future__ import annotations

import logging
import weakref
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

from .._cim_constants import (
    DEFAULT_LOG_DESTINATION,
    DEFAULT_LOG_DETAIL_LEVEL,
    DEFAULT_LOG_FILENAME,
    LOG_DESTINATIONS,
    LOG_DETAIL_LEVELS,
    LOGGER_API_CALLS_NAME,
    LOGGER_HTTP_NAME,
    LOGGER_SIMPLE_NAMES,
)
from .._process import ProcessLock
from .log_recorder import DetailLevel, LogOperationRecorder
from .observed import Observed, on_new_connection

__all__ = ["configure_logger", "configure_loggers_from_string"]

_FORMAT = "%(asctime)s-%(name)s-%(message)s"
_LOGGER_NAMES = {"api": LOGGER_API_CALLS_NAME, "http": LOGGER_HTTP_NAME}

_lock = ProcessLock()

# The detail levels of connections that will be made, by simple logger name.
_future_levels: Dict[str, DetailLevel] = {}

# Those of the program are not closed.
_made_here: weakref.WeakSet[logging.Handler] = weakref.WeakSet()

Connection = Union[Observed, bool, None]


class _Spec(NamedTuple):
    """
    What is configured for one simple logger name.
    """

    simple_name: str
    log_dest: Optional[str]
    detail_level: DetailLevel

    @property
    def names(self) -> List[str]:
        """
        list of str: The simple names of single loggers.
        """
        return list(_LOGGER_NAMES) if self.simple_name == "all" else [self.simple_name]


def configure_logger(
    simple_name: str,
    log_dest: Optional[str] = None,
    detail_level: DetailLevel = DEFAULT_LOG_DETAIL_LEVEL,
    log_filename: Optional[str] = DEFAULT_LOG_FILENAME,
    connection: Connection = None,
    propagate: bool = False,
) -> None:
    """
    Configure a logger of pywbem, and activate logging for connections.

    A connection logs only if logging was activated for it.

    Parameters:
        simple_name (str): ``api`` for the logger ``pywbem.api`` of the
            operations, ``http`` for the logger ``pywbem.http`` of the HTTP
            messages, ``all`` for both.
        log_dest (str): Where to log: ``file`` or ``stderr``; ``off`` ends logging
            with this logger, also for future connections.  None leaves level,
            handlers and propagation of the Python logger as they are; else its
            handlers are replaced.
        detail_level (str or int): How much is logged: ``all``; ``paths``, which
            shows the paths of returned instances and classes in their place;
            ``summary``, which shows their number and no payload; or the number of
            characters after which arguments, results and payloads are cut off (0
            for no limit).  None means ``all``.
        log_filename (str): Path of the log file for ``file``; it is appended to.
        connection (:class:`~pywbem.WBEMConnection` or bool): For which
            connection logging is activated with this detail level: a connection,
            True for all that will be made, or None for none.  False ends that for
            connections that will be made.
        propagate (bool): Whether what is logged is handed to the parent loggers,
            too.

    Raises:
        ValueError: An argument is wrong; nothing was changed.
        OSError: The log file cannot be opened; nothing was changed.
    """
    _configure(
        [_checked(_Spec(simple_name, log_dest, detail_level))], log_filename, connection, propagate
    )


def configure_loggers_from_string(
    log_configuration_str: str,
    log_filename: Optional[str] = DEFAULT_LOG_FILENAME,
    connection: Connection = None,
    propagate: bool = False,
) -> None:
    """
    Configure the loggers of pywbem from a string, and activate logging for
    connections.

    Parameters:
        log_configuration_str (str): One or more of
            ``simple_name[=[log_dest][:[detail_level]]]``, separated by commas; the parts are
            the arguments of :func:`~pywbem.configure_logger`.  The default of ``log_dest`` is
            ``file``, that of ``detail_level`` is ``all``.  For example
            ``api=stderr:summary,http=file:1000``.
        log_filename (str): Path of the log file for ``file``; it is appended to.
        connection (:class:`~pywbem.WBEMConnection` or bool): For which connection logging is
            activated: a connection, True for all that will be made, or None for none.  False
            ends that for connections that will be made.
        propagate (bool): Whether what is logged is handed to the parent loggers, too.

    Raises:
        ValueError: An argument is wrong; nothing was changed.
        OSError: The log file cannot be opened; nothing was changed.
    """
    if not isinstance(log_configuration_str, str):
        raise ValueError(
            f"The log configuration must be a string, not {type(log_configuration_str).__name__}"
        )
    specs = [_parsed(spec) for spec in log_configuration_str.split(",")]
    _configure(specs, log_filename, connection, propagate)


def _parsed(text: str) -> _Spec:
    simple_name, *rest = text.split("=")
    if not simple_name:
        raise ValueError(f"Simple logger name missing in log spec: {text}")
    if len(rest) > 1:
        raise ValueError(f"Too many components separated by = in log spec: {text}")
    log_dest, *levels = rest[0].split(":") if rest else [""]
    if len(levels) > 1:
        raise ValueError(f"Too many components separated by : in log spec: {text}")
    detail_level: DetailLevel = (levels[0] if levels else "") or DEFAULT_LOG_DETAIL_LEVEL
    try:
        detail_level = int(detail_level or "")
    except ValueError:
        pass  # it is a name
    return _checked(_Spec(simple_name, log_dest or DEFAULT_LOG_DESTINATION, detail_level))


def _checked(spec: _Spec) -> _Spec:
    simple_name, log_dest, level = spec
    if simple_name not in LOGGER_SIMPLE_NAMES:
        raise ValueError(
            f"Invalid simple logger name: {simple_name!r}; must be one of: {LOGGER_SIMPLE_NAMES}"
        )
    if log_dest is not None and log_dest not in LOG_DESTINATIONS:
        raise ValueError(
            f"Invalid log destination: {log_dest!r}; must be one of: {LOG_DESTINATIONS}"
        )
    if isinstance(level, int):
        if level < 0:
            raise ValueError(f"Invalid log detail level: {level!r}; it must not be negative")
    elif level is not None and level not in LOG_DETAIL_LEVELS:
        raise ValueError(
            f"Invalid log detail level: {level!r}; must be one of: {LOG_DETAIL_LEVELS}, "
            "or a number of characters"
        )
    return spec


def _configure(
    specs: List[_Spec], log_filename: Optional[str], connection: Connection, propagate: bool
) -> None:
    if connection is not None and not isinstance(connection, (bool, Observed)):
        raise ValueError(
            "The connection must be a WBEMConnection, True, False or None, not "
            f"{type(connection).__name__}"
        )
    if not log_filename and any(spec.log_dest == "file" for spec in specs):
        raise ValueError("A log file name is required for the log destination 'file'")
    with _lock():
        handlers = _Handlers(log_filename)
        try:
            made = [(spec, handlers.of(spec.log_dest)) for spec in specs]
        except Exception:
            handlers.close()
            raise
        for spec, handler in made:
            if spec.log_dest is not None:
                for name in spec.names:
                    _set_handler(logging.getLogger(_LOGGER_NAMES[name]), handler, bool(propagate))
            _activate(spec, connection)
        handlers.close_unused()


class _Handlers:
    """
    The handlers that are made for a configuration; loggers share them.
    """

    def __init__(self, log_filename: Optional[str]) -> None:
        self._log_filename = log_filename
        self._made: Dict[str, logging.Handler] = {}

    def of(self, log_dest: Optional[str]) -> Optional[logging.Handler]:
        """
        The handler for a destination, if it has one.
        """
        if log_dest not in ("file", "stderr"):
            return None
        if log_dest not in self._made:
            handler: logging.Handler
            if log_dest == "file":
                handler = logging.FileHandler(str(self._log_filename), encoding="UTF-8")
            else:
                handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter(_FORMAT))
            self._made[log_dest] = handler
            _made_here.add(handler)
        return self._made[log_dest]

    def close(self) -> None:
        """
        Close them: nothing is configured.
        """
        for handler in self._made.values():
            handler.close()

    def close_unused(self) -> None:
        """
        Close those that a later part of the configuration has replaced.
        """
        for handler in self._made.values():
            _close_unused(handler)


def _loggers() -> List[logging.Logger]:
    return [logging.getLogger(name) for name in _LOGGER_NAMES.values()]


def _close_unused(handler: logging.Handler) -> None:
    if not any(handler in logger.handlers for logger in _loggers()):
        handler.close()


def _set_handler(
    logger: logging.Logger, handler: Optional[logging.Handler], propagate: bool
) -> None:
    """
    Replace the handlers of a logger; None is for ``off``.
    """
    for old in list(logger.handlers):
        logger.removeHandler(old)
        if old in _made_here:
            _close_unused(old)
    if handler is None:
        logger.setLevel(logging.ERROR)
        logger.propagate = False
    else:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.propagate = propagate


def _activate(spec: _Spec, connection: Connection) -> None:
    if connection is False:
        _future_levels.clear()
    elif spec.log_dest == "off":
        for name in spec.names:
            _future_levels.pop(name, None)
    elif connection is True:
        _future_levels.update(_levels(spec))
        on_new_connection(_log_new_connection)
    elif connection is not None:
        recorder = _recorder_of(connection)
        if recorder is None:
            _attach(connection, _levels(spec))
        else:
            recorder.set_detail_level({**recorder._levels, **_levels(spec)})


def _levels(spec: _Spec) -> Dict[str, DetailLevel]:
    level = DEFAULT_LOG_DETAIL_LEVEL if spec.detail_level is None else spec.detail_level
    return dict.fromkeys(spec.names, level)


def _recorder_of(connection: Observed) -> Optional[LogOperationRecorder]:
    recorders: Tuple[Any, ...] = connection.operation_recorders
    for recorder in recorders:
        if isinstance(recorder, LogOperationRecorder):
            return recorder
    return None


def _attach(connection: Observed, levels: Dict[str, DetailLevel]) -> None:
    connection.add_operation_recorder(LogOperationRecorder(connection.conn_id, levels))


def _log_new_connection(connection: Observed) -> None:
    with _lock():
        levels = dict(_future_levels)
    if levels:
        _attach(connection, levels)
