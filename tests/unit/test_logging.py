"""
LogOperationRecorder, and the configuration of the loggers.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Tuple

import pytest

import pywbem
from pywbem import (
    CIMClass,
    CIMError,
    CIMInstance,
    CIMInstanceName,
    CIMQualifier,
    HTTPError,
    Uint8,
    WBEMConnection,
    XMLParseError,
)
from pywbem._logging import configure_logger, configure_loggers_from_string
from pywbem._recorder import BaseOperationRecorder, LogOperationRecorder
from tests.unit.staging import REQUEST, RESPONSE, stage
from tests.unit.test_cim_operations.fake import RecordConnection, Reply, message, wired

NAMES = ("pywbem.api", "pywbem.http")
Record = Tuple[str, str]


@pytest.fixture(autouse=True)
def unconfigured() -> Iterator[None]:
    """The loggers as they are at first, before and after each test."""
    yield
    configure_logger("all", log_dest="off", connection=False)
    for name in NAMES:
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


class Handler(logging.Handler):
    """Keeps (name of the logger, message)."""

    def __init__(self) -> None:
        super().__init__()
        self.records: List[Record] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert record.levelno == logging.DEBUG
        self.records.append((record.name, record.getMessage()))

    @property
    def text(self) -> str:
        return "\n".join(message for _, message in self.records)


@pytest.fixture
def log() -> Handler:
    """What the loggers log."""
    handler = Handler()
    for name in NAMES:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    return handler


# -- LogOperationRecorder --------------------------------------------------------

INSTANCES = [CIMInstance("C", path=CIMInstanceName("C", {"k": n}, "h", "n")) for n in (1, 2)]
HEADERS_TEXT = "Z:'1' Authorization:'Basic XXX' Cookie:'XXX' Length:5"
LOGGED_REQUEST = REQUEST._replace(
    headers={"Z": "1", "Authorization": "Basic secret", "Cookie": "secret", "Length": 5}
)


class pull_inst_result_tuple(NamedTuple):
    """As the pull operations return it."""

    instances: List[Any]
    eos: bool
    context: Optional[Tuple[str, str]]


class pull_query_result_tuple(NamedTuple):
    """As OpenQueryInstances returns it."""

    instances: List[Any]
    eos: bool
    context: Optional[Tuple[str, str]]
    query_result_class: Optional[CIMClass]


def api(level: Any, **parts: Any) -> List[str]:
    """The messages of the API logger of an operation."""
    handler = Handler()
    recorder = LogOperationRecorder("1-2", {"api": level})
    recorder.apilogger.addHandler(handler)
    recorder.apilogger.setLevel(logging.DEBUG)
    try:
        stage(recorder, method="Op", **parts)
    finally:
        recorder.apilogger.removeHandler(handler)
        recorder.apilogger.setLevel(logging.NOTSET)
    assert {name for name, _ in handler.records} <= {"pywbem.api.1-2"}
    return [text for _, text in handler.records]


@pytest.mark.parametrize(
    "args, level, text",
    [
        ({}, "all", ""),
        ({"b": 1, "a": "\u00e4", "C": None}, "all", "C=None, a='\u00e4', b=1"),
        ({"b": 1, "a": "\u00e4", "C": None}, "summary", "C=None, a='\u00e4', b=1"),
        (
            {"a": [Uint8(3), ("x", b"y")]},
            "paths",
            "a=[Uint8(cimtype='uint8', minvalue=0, maxvalue=255, 3), ('x', b'y')]",
        ),
        ({"a": "abcdef", "b": 1}, 5, "a='ab..."),
        ({"a": "abcdef", "b": 1}, 0, "a='abcdef', b=1"),
        ({"a": "http://me:secret@h/"}, "all", "a='http://XXX@h/'"),
        ({"a": "http://me:secret@h/"}, 15, "a='http://XXX@h..."),
    ],
    ids=["none", "sorted", "summary", "items", "cut", "no-limit", "secret", "cut-secret"],
)
def test_arguments(args: Dict[str, Any], level: Any, text: str) -> None:
    assert api(level, args=args)[0] == f"Request:1-2 Op({text})"


INSTANCES_TEXT = repr(INSTANCES)
PULLED = pull_inst_result_tuple(INSTANCES, True, None)
QUERIED = pull_query_result_tuple([], False, ("c", "n"), CIMClass("C"))
RESULTS: List[Tuple[str, Any, Any, str]] = [
    ("none", None, "all", "None"),
    ("none-summary", None, "summary", "NoneType "),
    ("str", "\u00e4", "all", "'\\u00e4'"),
    ("list", [Uint8(1), "a"], "all", "[1, 'a']"),
    ("instances", INSTANCES, "all", INSTANCES_TEXT),
    ("instances-paths", INSTANCES, "paths", "'//h/n:C.k=1', '//h/n:C.k=2'"),
    ("instances-summary", INSTANCES, "summary", "list of CIMInstance; count=2"),
    ("instances-cut", INSTANCES, 20, INSTANCES_TEXT[:20] + "..."),
    ("empty-paths", [], "paths", ""),
    ("empty-summary", [], "summary", "Empty"),
    ("names-summary", ["a"], "summary", "list of str; count=1"),
    ("mixed-paths", [1, "a"], "paths", "[1, 'a']"),
    ("class-paths", CIMClass("C"), "paths", "'None'"),
    ("instance-summary", INSTANCES[0], "summary", "CIMInstance C"),
    ("qualifier-summary", CIMQualifier("Q", True), "summary", "CIMQualifier Q"),
    (
        "pull",
        PULLED,
        "all",
        f"pull_inst_result_tuple(context=None, eos=True, instances={INSTANCES_TEXT})",
    ),
    (
        "pull-paths",
        PULLED,
        "paths",
        "pull_inst_result_tuple(context=None, eos=True, instances='//h/n:C.k=1', '//h/n:C.k=2')",
    ),
    (
        "pull-summary",
        PULLED,
        "summary",
        "pull_inst_result_tuple(context=None, eos=True, instances=list of CIMInstance; count=2)",
    ),
    (
        "pull-cut",
        PULLED,
        10,
        "pull_inst_result_tuple(context=None, eos=True, instances=[CIMInstan...)",
    ),
    (
        "query",
        QUERIED,
        "summary",
        "pull_query_result_tuple(context=('c', 'n'), eos=False, "
        "query_result_class=CIMClass(classname='C', ...), instances=Empty)",
    ),
]


@pytest.mark.parametrize(
    "ret, level, text", [row[1:] for row in RESULTS], ids=[row[0] for row in RESULTS]
)
def test_results(ret: Any, level: Any, text: str) -> None:
    assert api(level, ret=ret)[1] == f"Return:1-2 Op({text})"


@pytest.mark.parametrize(
    "exc, level, text",
    [
        (CIMError(5, "\u00e4"), "all", "'CIMError(5 (CIM_ERR_INVALID_CLASS): \\u00e4)'"),
        (CIMError(5, "x"), "summary", "'CIMError(5 (CIM_ERR_INVALID_CLASS): x)'"),
        (ValueError("x\ny"), "all", "'ValueError(x\\ny)'"),
        (XMLParseError("x\n<a>"), "summary", "'XMLParseError(x'"),
        (ValueError("x" * 20), 20, "'ValueError(xxxxxxxx..."),
        (ValueError("http://me:secret@h"), "all", "'ValueError(http://XXX@h)'"),
    ],
    ids=["all", "summary", "lines", "one-line", "cut", "secret"],
)
def test_exceptions(exc: Exception, level: Any, text: str) -> None:
    assert api(level, exc=exc)[1] == f"Exception:1-2 Op({text})"


@pytest.mark.parametrize(
    "payload, level, text",
    [
        (b"<a>\xc3\xa4\n</a>", "all", "'<a>\u00e4\\n</a>'"),
        (b"<a>\xc3\xa4\n</a>", "paths", "'<a>\u00e4\\n</a>'"),
        (b"<a>\xc3\xa4\n</a>", "summary", "''"),
        (b"<a>\xc3\xa4\n</a>", 4, "'<a>\u00e4...'"),
        (b"<a>\xc3\xa4\n</a>", 0, "'<a>\u00e4\\n</a>'"),
        ("text", "all", "'text'"),
        (b"\xff", "all", "'\\\\xff'"),
        (b"<V>https://me:secret@h</V>", "all", "'<V>https://XXX@h</V>'"),
        (b"<V>https://me:secret@h</V>", 14, "'<V>https://XXX...'"),
        (b"<HOST>me:secret@h:5989</HOST>", "all", "'<HOST>XXX@h:5989</HOST>'"),
    ],
    ids="all paths summary cut no-limit str utf-8 secret cut-secret host".split(),
)
def test_http(log: Handler, payload: Any, level: Any, text: str) -> None:
    """Requests and responses, without credentials."""
    recorder = LogOperationRecorder("1-2", {"http": level})
    stage(
        recorder,
        request=LOGGED_REQUEST._replace(payload=payload),
        response=RESPONSE._replace(headers=LOGGED_REQUEST.headers, payload=payload),
    )
    assert log.records == [
        (
            "pywbem.http.1-2",
            f"Request:1-2 POST /cimom 11 http://XXX@h:5988 {HEADERS_TEXT} {text}",
        ),
        ("pywbem.http.1-2", f"Response:1-2 200:OK 11 {HEADERS_TEXT} {text}"),
    ]


def test_both(log: Handler) -> None:
    """The order of what is logged of an operation."""
    conn, _ = wired(
        Reply(message("GetClass", '<IRETURNVALUE><CLASS NAME="C"/></IRETURNVALUE>')),
        HTTPError(500, "Oops", None, {"PGErrorDetail": "x"}),
        creds=("me", "secret"),
    )
    configure_logger("all", detail_level="summary", connection=conn)
    conn.GetClass("C")
    with pytest.raises(HTTPError):
        conn.GetClass("C")
    starts = [
        (
            "api",
            f"Connection:{conn.conn_id} WBEMConnection(url='http://server:5988', creds=('me', ",
        ),
        ("api", f"Request:{conn.conn_id} GetClass("),
        ("http", f"Request:{conn.conn_id} POST /cimom 11 http://server:5988 CIMOperation:'Meth"),
        ("http", f"Response:{conn.conn_id} 200:OK 11 CIMOperation:'"),
        ("api", f"Return:{conn.conn_id} GetClass(CIMClass C)"),
        ("api", f"Request:{conn.conn_id} GetClass("),
        ("http", f"Request:{conn.conn_id} POST"),
        ("http", f"Response:{conn.conn_id} 500:Oops 11 PGErrorDetail:'x' ''"),
        ("api", f"Exception:{conn.conn_id} GetClass('HTTPError(500 (Oops), PGErrorDetail: x)')"),
    ]
    assert len(log.records) == len(starts)
    for (name, text), (logger, start) in zip(log.records, starts):
        assert name == f"pywbem.{logger}.{conn.conn_id}"
        assert text.startswith(start)
    assert "secret" not in log.text


@pytest.mark.parametrize(
    "levels, loggers",
    [
        (None, []),
        ({}, []),
        ({"all": "all"}, []),
        ({"api": "all"}, ["api", "api"]),
        ({"http": "all"}, ["http", "http"]),
        ({"api": None, "http": 0}, ["http", "http"]),
    ],
    ids=["none", "empty", "unknown", "api", "http", "none-and-http"],
)
def test_used_loggers(log: Handler, levels: Any, loggers: List[str]) -> None:
    """A logger without detail level is not used."""
    stage(LogOperationRecorder("1-2", levels))
    assert [name for name, _ in log.records] == [f"pywbem.{name}.1-2" for name in loggers]


def test_set_detail_level() -> None:
    recorder = LogOperationRecorder("1-2", {"api": "all", "http": 5})
    recorder.set_detail_level({"api": "summary"})
    assert recorder.detail_levels == {"api": "summary"}
    assert (recorder.api_detail_level, recorder.http_detail_level) == ("summary", 5)
    assert recorder.copy().detail_levels == {"api": "summary", "http": 5}


@pytest.mark.parametrize(
    "levels, shown, maxlen",
    [
        (None, (None, None), (None, None)),
        ({"api": "all"}, ("all", None), (None, None)),
        ({"http": 10}, (None, 10), (None, 10)),
        ({"api": 0, "http": "paths"}, (0, "paths"), (0, None)),
    ],
    ids=["none", "api", "http", "both"],
)
def test_detail_level_attributes(levels: Any, shown: Any, maxlen: Any) -> None:
    recorder = LogOperationRecorder("1-2", levels)
    assert recorder.detail_levels == (levels or {})
    assert (recorder.api_detail_level, recorder.http_detail_level) == shown
    assert (recorder.api_maxlen, recorder.http_maxlen) == maxlen


def test_maxlen_counts(log: Handler) -> None:
    """A program may shorten the lines of a recorder that it has made."""
    recorder = LogOperationRecorder("1-2", {"api": 100})
    recorder.api_maxlen = 5
    stage(recorder, args={"a": "abcdef"}, method="Op")
    assert log.records[0][1] == "Request:1-2 Op(a='ab...)"


def test_conn_id_of_the_connection(log: Handler) -> None:
    """What is attached logs with the id of the connection, to the logger that it has."""
    conn = RecordConnection()
    conn.add_operation_recorder(LogOperationRecorder("mine", {"api": "summary"}))
    conn.EnumerateClasses()
    assert {name for name, _ in log.records} == {"pywbem.api.mine"}
    assert all(f":{conn.conn_id} " in text for _, text in log.records)


@pytest.mark.parametrize("what", ["recorder", "logger"])
def test_nothing_is_made_for_nothing(what: str) -> None:
    """While nothing is logged, no text is made."""

    class Costly:
        def __repr__(self) -> str:
            raise AssertionError("it was asked for its text")

    recorder = LogOperationRecorder("1-2", {"api": "all", "http": "all"})
    if what == "recorder":
        recorder.apilogger.setLevel(logging.DEBUG)
        recorder.disable()
    try:
        stage(recorder, args={"a": Costly()}, ret=Costly())
    finally:
        recorder.apilogger.setLevel(logging.NOTSET)


def test_copy(log: Handler) -> None:
    """The recorder of a copied connection logs with the id of the copy."""
    conn = RecordConnection()
    configure_logger("api", detail_level="summary", connection=conn)
    other = conn.copy()
    (recorder,) = other.operation_recorders
    assert isinstance(recorder, LogOperationRecorder)
    assert recorder.apilogger.name == f"pywbem.api.{other.conn_id}"
    assert recorder.detail_levels == {"api": "summary"}
    assert log.records[-1][0] == f"pywbem.api.{other.conn_id}"
    conn.EnumerateClasses()
    assert log.records[-1][0] == f"pywbem.api.{conn.conn_id}"


def test_threads(log: Handler) -> None:
    """The records of operations that run at the same time have their own names."""
    count = 6
    together = threading.Barrier(count)

    def answer(call: Any) -> Any:
        together.wait(10)  # breaks if the operations run one after the other
        raise CIMError(1, call.params[0][1].classname)

    conn = RecordConnection(*[answer] * count)
    configure_logger("api", connection=conn)
    log.records.clear()

    def work(name: str) -> None:
        with pytest.raises(CIMError, match=name):
            conn.GetClass(name)

    threads = [threading.Thread(target=work, args=(f"C{n}",)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log.records) == 2 * count
    for n in range(count):
        assert log.text.count(f"CIM_ERR_FAILED): C{n})") == 1


def test_half_made_connection(log: Handler) -> None:
    """A subclass whose text needs what it sets after it was made a connection."""

    class Own(WBEMConnection):
        def __init__(self, url: str) -> None:
            super().__init__(url)
            self.own = 5

        def __repr__(self) -> str:
            return f"Own({self.own})"

    configure_logger("api", connection=True)
    Own("http://h:1")
    assert "Own(url='http://h:1', ...)" in log.text


# -- Configuration ---------------------------------------------------------------


def handlers(name: str) -> List[logging.Handler]:
    return logging.getLogger(name).handlers


def levels_of(connection: WBEMConnection) -> Optional[Dict[str, Any]]:
    """The detail levels that a connection logs with, or None if it does not."""
    for recorder in connection.operation_recorders:
        if isinstance(recorder, LogOperationRecorder):
            return recorder.detail_levels
    return None


@pytest.mark.parametrize("name", ["api", "http", "all"])
def test_file(tmp_path: Path, name: str) -> None:
    """Records are appended to the file, with time and name of the logger."""
    path = tmp_path / "x.log"
    path.write_text("old\n")
    conn = RecordConnection()
    configure_logger(name, "file", 100, str(path), conn)
    for logger in NAMES:
        used = name == "all" or logger.endswith(name)
        assert len(handlers(logger)) == used
        assert logging.getLogger(logger).level == (logging.DEBUG if used else logging.NOTSET)
        assert logging.getLogger(logger).propagate is not used
    logging.getLogger(NAMES[name == "http"]).debug("\u00e4")
    old, *lines = path.read_text(encoding="utf-8").splitlines()
    assert old == "old"
    logger_name = NAMES[name == "http"]
    assert re.match(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d,\d{{3}}-{logger_name}[.]", lines[0])
    assert lines[-1].endswith("-\u00e4")


def test_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    conn = RecordConnection()
    configure_logger("api", "stderr", connection=conn)
    conn.EnumerateClasses()
    assert f"-pywbem.api.{conn.conn_id}-Return:{conn.conn_id} EnumerateClasses([])\n" in (
        capsys.readouterr().err
    )


def test_off() -> None:
    conn = RecordConnection()
    configure_logger("all", "stderr", connection=conn)
    configure_logger("http", "off", propagate=True)
    assert len(handlers("pywbem.api")) == 1
    assert handlers("pywbem.http") == []
    logger = logging.getLogger("pywbem.http")
    assert (logger.level, logger.propagate) == (logging.ERROR, False)


def test_none_leaves_the_logger() -> None:
    """Without destination, the program configures the Python logger itself."""
    logger = logging.getLogger("pywbem.api")
    logger.setLevel(logging.INFO)
    conn = RecordConnection()
    configure_logger("api", connection=conn, propagate=True)
    assert (logger.level, logger.propagate, logger.handlers) == (logging.INFO, True, [])
    assert levels_of(conn) == {"api": "all"}


@pytest.mark.parametrize("propagate", [True, False])
def test_propagate(propagate: bool) -> None:
    configure_logger("all", "stderr", propagate=propagate)
    assert [logging.getLogger(name).propagate for name in NAMES] == [propagate, propagate]


def test_replaced_handlers(tmp_path: Path) -> None:
    """A new configuration replaces the handlers; those of the program are not closed."""
    own = logging.FileHandler(tmp_path / "own.log")
    logging.getLogger("pywbem.api").addHandler(own)
    configure_logger("all", "file", log_filename=str(tmp_path / "x.log"))
    (first,) = handlers("pywbem.api")
    assert isinstance(first, logging.FileHandler)
    assert own.stream is not None
    own.close()
    assert handlers("pywbem.http") == [first]
    configure_logger("http", "stderr")
    assert first.stream is not None
    configure_logger("api", "stderr")
    assert first.stream is None, "the file was not closed"
    assert len(handlers("pywbem.api")) == 1


def test_connection() -> None:
    """One connection is activated; its detail levels can be changed."""
    conn, other = RecordConnection(), RecordConnection()
    configure_logger("api", detail_level="summary", connection=conn)
    configure_logger("http", detail_level=7, connection=conn)
    assert levels_of(conn) == {"api": "summary", "http": 7}
    configure_logger("api", connection=conn)
    assert levels_of(conn) == {"api": "all", "http": 7}
    configure_logger("http", detail_level=None, connection=conn)
    assert levels_of(conn) == {"api": "all", "http": "all"}
    assert levels_of(other) is levels_of(RecordConnection()) is None


def test_future_connections() -> None:
    """All connections that are made from now on, until that is ended."""
    before = RecordConnection()
    configure_logger("api", detail_level="summary", connection=True)
    configure_logger("http", detail_level=5, connection=True)
    first = RecordConnection()
    configure_logger("http", "off")
    second = RecordConnection()
    configure_logger("api", connection=False)
    assert levels_of(before) is None
    assert levels_of(first) == {"api": "summary", "http": 5}
    assert levels_of(second) == {"api": "summary"}
    assert levels_of(RecordConnection()) is None


def test_copy_of_future_connection() -> None:
    """A copy has the recorder of its original, not a second one."""
    configure_logger("api", detail_level="summary", connection=True)
    conn = RecordConnection()
    configure_logger("api", detail_level="paths", connection=True)
    assert [levels_of(conn.copy()), len(conn.copy().operation_recorders)] == [
        {"api": "summary"},
        1,
    ]


WRONG: List[Tuple[str, Callable[[], None], str]] = [
    ("name", lambda: configure_logger("bogus", "stderr"), "'bogus'"),
    ("full-name", lambda: configure_logger("pywbem.api", "stderr"), "'pywbem.api'"),
    ("destination", lambda: configure_logger("api", "bogus"), "'bogus'"),
    ("no-destination", lambda: configure_logger("api", ""), "''"),
    ("level", lambda: configure_logger("api", "stderr", "bogus"), "'bogus'"),
    ("level-text", lambda: configure_logger("api", "stderr", "100"), "'100'"),
    ("negative", lambda: configure_logger("api", "stderr", -1), "-1"),
    ("float", lambda: configure_logger("api", "stderr", 1.5), "1.5"),  # type: ignore[arg-type]
    ("file", lambda: configure_logger("api", "file", log_filename=None), "file name"),
    ("connection", lambda: configure_logger("api", "stderr", connection=5), "int"),  # type: ignore[arg-type]
    ("empty", lambda: configure_loggers_from_string(""), "name missing"),
    ("second-empty", lambda: configure_loggers_from_string("api=stderr,"), "name missing"),
    ("second-wrong", lambda: configure_loggers_from_string("api=stderr,x=off"), "'x'"),
    ("equals", lambda: configure_loggers_from_string("api=stderr=x"), "="),
    ("colons", lambda: configure_loggers_from_string("api=stderr:all:x"), ":"),
    ("space", lambda: configure_loggers_from_string("api=stderr, http=off"), "' http'"),
    ("string-level", lambda: configure_loggers_from_string("api=stderr:1.5"), "'1.5'"),
    ("no-string", lambda: configure_loggers_from_string(None), "NoneType"),  # type: ignore[arg-type]
]  # fmt: skip


@pytest.mark.parametrize("call, text", [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong(call: Callable[[], None], text: str) -> None:
    """The message says what is wrong, and nothing is configured."""
    with pytest.raises(ValueError) as excinfo:
        call()
    assert text in str(excinfo.value)
    for name in NAMES:
        logger = logging.getLogger(name)
        assert (logger.level, logger.propagate, logger.handlers) == (logging.NOTSET, True, [])


def test_unwritable_file(tmp_path: Path) -> None:
    """Nothing is configured if a log file cannot be opened."""
    with pytest.raises(OSError):
        configure_loggers_from_string("api=stderr,http=file", str(tmp_path / "no" / "x.log"), True)
    assert handlers("pywbem.api") == handlers("pywbem.http") == []
    assert levels_of(RecordConnection()) is None


@pytest.mark.parametrize(
    "text, levels, kinds",
    [
        ("api", {"api": "all"}, ["file", None]),
        ("api=", {"api": "all"}, ["file", None]),
        ("api=:", {"api": "all"}, ["file", None]),
        ("http=stderr", {"http": "all"}, [None, "stderr"]),
        ("api=:paths", {"api": "paths"}, ["file", None]),
        ("all=stderr:summary", {"api": "summary", "http": "summary"}, ["stderr", "stderr"]),
        ("api=stderr:0,http=file:1000", {"api": 0, "http": 1000}, ["stderr", "file"]),
        ("api=stderr,api=file:5", {"api": 5}, ["file", None]),
        ("all=stderr,api=off", {"http": "all"}, [None, "stderr"]),
        ("all=off", None, [None, None]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_from_string(tmp_path: Path, text: str, levels: Any, kinds: List[Any]) -> None:
    configure_loggers_from_string(text, str(tmp_path / "x.log"), True)
    assert levels_of(RecordConnection()) == levels
    types = {"file": logging.FileHandler, "stderr": logging.StreamHandler}
    for name, kind in zip(NAMES, kinds):
        if kind is None:
            assert handlers(name) == []
        else:
            (handler,) = handlers(name)
            assert isinstance(handler, types[kind])
            assert isinstance(handler, logging.FileHandler) is (kind == "file")


def test_recorder_of_another_kind() -> None:
    """Logging and other recorders go together."""

    class Own(BaseOperationRecorder):
        def record(self, *args: Any) -> None:
            self.seen = args[0].method

    conn, own = RecordConnection(), Own()
    conn.add_operation_recorder(own)
    configure_logger("api", connection=conn)
    conn.EnumerateClasses()
    assert own.seen == "EnumerateClasses"
    assert len(conn.operation_recorders) == 2


@pytest.mark.parametrize("kind", ["WBEMConnection", "AsyncWBEMConnection"])
def test_kinds_of_connections(kind: str) -> None:
    """Logging is activated for both kinds, by connection and for those to come."""
    conn = getattr(pywbem, kind)("http://h")
    configure_logger("api", connection=conn, detail_level="summary")
    configure_logger("http", connection=True, detail_level=10)
    levels = [levels_of(one) for one in (conn, getattr(pywbem, kind)("http://h"))]
    configure_logger("all", connection=False)
    assert levels == [{"api": "summary"}, {"http": 10}]


def test_import() -> None:
    """Importing pywbem imports neither yaml nor what logs."""
    code = (
        "import sys, pywbem; pywbem.WBEMConnection('http://h');"
        "print([name for name in ('yaml', 'pywbem._logging', 'pywbem._observers.loggers',"
        " 'pywbem._observers.recorder') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout.strip() == b"[]"
