"""
Tests of the exceptions, the warnings and the status codes.
"""

import builtins
import copy
import pickle
import warnings

import pytest

import pywbem
from pywbem import _cim_constants as constants

# The exceptions that are created from a message and a connection id.
MESSAGE_CLASSES = [
    pywbem.ConnectionError,
    pywbem.AuthError,
    pywbem.TimeoutError,
    pywbem.VersionError,
    pywbem.CIMVersionError,
    pywbem.DTDVersionError,
    pywbem.ProtocolVersionError,
    pywbem.ModelError,
]

PARSE_CLASSES = [
    pywbem.ParseError,
    pywbem.XMLParseError,
    pywbem.CIMXMLParseError,
    pywbem.HeaderParseError,
]

WARNING_CLASSES = [
    pywbem.Warning,
    pywbem.ToleratedServerIssueWarning,
    pywbem.ToleratedSchemaIssueWarning,
    pywbem.MissingKeybindingsWarning,
    pywbem.OldNameFilterWarning,
    pywbem.OldNameDestinationWarning,
    pywbem.RequestExceptionWarning,
]


def class_id(value):
    return value.__name__ if isinstance(value, type) else None


def round_trips(exc):
    """
    Yield copies of the exception.
    """
    yield copy.copy(exc)
    yield copy.deepcopy(exc)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(exc, protocol))


@pytest.mark.parametrize(
    ("cls", "bases"),
    [
        (pywbem.Error, [Exception]),
        (pywbem.ConnectionError, [pywbem.Error]),
        (pywbem.AuthError, [pywbem.Error]),
        (pywbem.TimeoutError, [pywbem.ConnectionError]),
        (pywbem.HTTPError, [pywbem.Error]),
        (pywbem.CIMError, [pywbem.Error]),
        (pywbem.ModelError, [pywbem.Error]),
        (pywbem.VersionError, [pywbem.Error]),
        (pywbem.CIMVersionError, [pywbem.VersionError]),
        (pywbem.DTDVersionError, [pywbem.VersionError]),
        (pywbem.ProtocolVersionError, [pywbem.VersionError]),
        (pywbem.ParseError, [pywbem.Error]),
        (pywbem.XMLParseError, [pywbem.ParseError]),
        (pywbem.CIMXMLParseError, [pywbem.ParseError]),
        (pywbem.HeaderParseError, [pywbem.ParseError]),
        (pywbem.Warning, [pywbem.Error, builtins.Warning]),
        *[(cls, [pywbem.Warning]) for cls in WARNING_CLASSES[1:]],
    ],
    ids=class_id,
)
def test_bases(cls, bases):
    for base in bases:
        assert issubclass(cls, base)


@pytest.mark.parametrize("cls", [pywbem.ConnectionError, pywbem.TimeoutError], ids=class_id)
def test_not_the_builtin(cls):
    assert not issubclass(cls, getattr(builtins, cls.__name__))


@pytest.mark.parametrize(
    ("args", "kwargs", "conn_id", "text"),
    [
        pytest.param((), {}, None, "", id="nothing"),
        pytest.param(("m",), {}, None, "m", id="message"),
        pytest.param(("m", 2), {"conn_id": "c1"}, "c1", "('m', 2)", id="two-and-conn-id"),
    ],
)
@pytest.mark.parametrize("cls", [pywbem.Error, *WARNING_CLASSES], ids=class_id)
def test_error(cls, args, kwargs, conn_id, text):
    exc = cls(*args, **kwargs)
    for obj in (exc, *round_trips(exc)):
        assert type(obj) is cls
        assert obj.args == args
        assert str(obj) == text
        assert obj.conn_id == conn_id
        assert obj.conn_str == f"Connection id: {conn_id}"


def test_error_rejects_other_keywords():
    with pytest.raises(TypeError, match="foo"):
        pywbem.Error("m", foo=1)


@pytest.mark.parametrize("name", ["conn_id", "conn_str"])
def test_error_properties_are_read_only(name):
    with pytest.raises(AttributeError):
        setattr(pywbem.Error("m"), name, "x")


@pytest.mark.parametrize("args", [("m",), ("m", "c1")], ids=["message", "conn-id"])
@pytest.mark.parametrize("cls", MESSAGE_CLASSES, ids=class_id)
def test_message_exceptions(cls, args):
    conn_id = args[1] if len(args) > 1 else None
    exc = cls(*args)
    for obj in (exc, cls(message="m", conn_id=conn_id), *round_trips(exc)):
        assert type(obj) is cls
        assert obj.args == ("m",)
        assert str(obj) == "m"
        assert repr(obj) == f"{cls.__name__}('m')"
        assert obj.conn_id == conn_id


@pytest.mark.parametrize("cls", [*MESSAGE_CLASSES, *PARSE_CLASSES], ids=class_id)
def test_message_is_required(cls):
    with pytest.raises(TypeError):
        cls()


@pytest.mark.parametrize(
    ("kwargs", "text"),
    [
        pytest.param({}, "m\nCIM-XML response: None", id="message"),
        pytest.param(
            {"conn_id": "c1", "request_data": "<req/>", "response_data": "<resp/>"},
            "m\nCIM-XML response: <resp/>",
            id="all",
        ),
        pytest.param({"response_data": b"<r/>"}, "m\nCIM-XML response: b'<r/>'", id="bytes"),
    ],
)
@pytest.mark.parametrize("cls", PARSE_CLASSES, ids=class_id)
def test_parse_errors(cls, kwargs, text):
    exc = cls("m", **kwargs)
    for obj in (exc, *round_trips(exc)):
        assert type(obj) is cls
        assert obj.args == ("m",)
        assert str(obj) == text
        for name in ("conn_id", "request_data", "response_data"):
            assert getattr(obj, name) == kwargs.get(name)


@pytest.mark.parametrize(
    ("exc", "names"),
    [
        pytest.param(pywbem.ParseError("m"), ["request_data", "response_data"], id="ParseError"),
        pytest.param(pywbem.HTTPError(500, "m"), ["request_data", "response_data"], id="HTTPError"),
        pytest.param(pywbem.CIMError(1), ["request_data"], id="CIMError"),
    ],
)
def test_messages_can_be_set(exc, names):
    for name in names:
        assert getattr(exc, name) is None
        setattr(exc, name, f"<{name}/>")
        assert getattr(exc, name) == f"<{name}/>"


@pytest.mark.parametrize(
    ("args", "exc_args", "text"),
    [
        pytest.param((500, "Bad"), (500, "Bad", None, {}), "500 (Bad)", id="minimum"),
        pytest.param(
            (500, "Bad", "header-mismatch"),
            (500, "Bad", "header-mismatch", {}),
            "500 (Bad), CIMError: header-mismatch",
            id="cimerror",
        ),
        pytest.param(
            (400, "Bad", "x", {"PGErrorDetail": "d", "B": "e"}),
            (400, "Bad", "x", {"PGErrorDetail": "d", "B": "e"}),
            "400 (Bad), CIMError: x, PGErrorDetail: d, B: e",
            id="details",
        ),
        pytest.param(
            (400, "Bad", None, {"B": "e"}),
            (400, "Bad", None, {"B": "e"}),
            "400 (Bad), B: e",
            id="details-only",
        ),
    ],
)
def test_http_error(args, exc_args, text):
    exc = pywbem.HTTPError(*args, conn_id="c1", request_data="<req/>", response_data="<resp/>")
    for obj in (exc, *round_trips(exc)):
        assert obj.args == exc_args
        assert (obj.status, obj.reason, obj.cimerror, obj.cimdetails) == exc_args
        assert str(obj) == text
        assert obj.conn_id == "c1"
        assert obj.request_data == "<req/>"
        assert obj.response_data == "<resp/>"


def test_http_error_positional_order():
    exc = pywbem.HTTPError(500, "r", "ce", {"a": "b"}, "c1", "<req/>", "<resp/>")
    assert (exc.conn_id, exc.request_data, exc.response_data) == ("c1", "<req/>", "<resp/>")


@pytest.mark.parametrize(
    ("args", "name", "description", "text"),
    [
        pytest.param(
            (6,),
            "CIM_ERR_NOT_FOUND",
            "Requested object could not be found",
            "6 (CIM_ERR_NOT_FOUND): Requested object could not be found",
            id="code",
        ),
        pytest.param(
            (6, ""),
            "CIM_ERR_NOT_FOUND",
            "Requested object could not be found",
            "6 (CIM_ERR_NOT_FOUND): Requested object could not be found",
            id="empty-description",
        ),
        pytest.param(
            (5, "No class"),
            "CIM_ERR_INVALID_CLASS",
            "No class",
            "5 (CIM_ERR_INVALID_CLASS): No class",
            id="description",
        ),
        pytest.param(
            (99,),
            "Invalid status code 99",
            "Invalid status code 99",
            "99 (Invalid status code 99): Invalid status code 99",
            id="unknown-code",
        ),
        pytest.param(
            (99, "What"),
            "Invalid status code 99",
            "What",
            "99 (Invalid status code 99): What",
            id="unknown-code-description",
        ),
        pytest.param(
            (1, "d", ["one", "two"]),
            "CIM_ERR_FAILED",
            "d",
            "1 (CIM_ERR_FAILED): d (2 instances)",
            id="instances",
        ),
        pytest.param(
            (1, "d", []), "CIM_ERR_FAILED", "d", "1 (CIM_ERR_FAILED): d", id="no-instances"
        ),
    ],
)
def test_cim_error(args, name, description, text):
    exc = pywbem.CIMError(*args, conn_id="c1", request_data="<req/>")
    exc_args = args + (None,) * (3 - len(args))
    for obj in (exc, *round_trips(exc)):
        assert obj.args == exc_args
        assert obj.status_code == args[0]
        assert obj.status_code_name == name
        assert obj.status_description == description
        assert obj.instances == exc_args[2]
        assert str(obj) == text
        assert obj.conn_id == "c1"
        assert obj.request_data == "<req/>"


def test_cim_error_can_be_indexed():
    exc = pywbem.CIMError(6, "gone")
    assert exc[0] == 6
    assert exc[1] == "gone"
    assert exc[:2] == (6, "gone")
    assert list(exc) == [6, "gone", None]
    with pytest.raises(IndexError):
        exc[3]


def test_cim_error_positional_order():
    exc = pywbem.CIMError(6, "gone", None, "c1", "<req/>")
    assert (exc.conn_id, exc.request_data) == ("c1", "<req/>")


@pytest.mark.parametrize("name", ["status_code", "status_description", "instances"])
def test_cim_error_properties_are_read_only(name):
    with pytest.raises(AttributeError):
        setattr(pywbem.CIMError(6), name, 1)


STATUS_CODES = {name: getattr(pywbem, name) for name in dir(pywbem) if name.startswith("CIM_ERR_")}


def test_status_codes_are_all_there():
    # DSP0200: 18 and 19 are not assigned.
    assert sorted(STATUS_CODES.values()) == [*range(1, 18), *range(20, 29)]


@pytest.mark.parametrize("name", sorted(STATUS_CODES))
def test_status_code_texts(name):
    code = STATUS_CODES[name]
    assert constants._statuscode2name(code) == name
    description = constants._statuscode2string(code)
    assert description
    assert "status code" not in description


@pytest.mark.parametrize("code", [0, 18, 19, 29, -1, None, "1"])
def test_unknown_status_code(code):
    assert constants._statuscode2name(code) == f"Invalid status code {code}"
    assert constants._statuscode2string(code) == f"Invalid status code {code}"


@pytest.mark.parametrize("cls", WARNING_CLASSES, ids=class_id)
def test_warnings_can_be_issued(cls):
    with pytest.warns(cls, match="text") as caught:
        warnings.warn(cls("text", conn_id="c1"), stacklevel=1)
    assert caught[0].message.conn_id == "c1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEFAULT_NAMESPACE", "root/cimv2"),
        ("DEFAULT_URL_SCHEME", "http"),
        ("DEFAULT_URL_PORT_HTTP", 5988),
        ("DEFAULT_URL_PORT_HTTPS", 5989),
        ("DEFAULT_TIMEOUT", 30),
        ("PYWBEM_USES_REQUESTS", True),
    ],
)
def test_constants(name, value):
    assert getattr(pywbem, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTO_GENERATE_SFCB_UEP_HEADER", True),
        ("DEBUG_WARNING_ORIGIN", False),
        ("DEFAULT_ITER_MAXOBJECTCOUNT", 1000),
        ("ENFORCE_INTEGER_RANGE", True),
        ("IGNORE_NULL_KEY_VALUE", False),
        ("SEND_VALUE_NULL", True),
        ("TOLERATE_INVALID_VALUES", False),
    ],
)
def test_config_defaults(name, value):
    assert getattr(pywbem.config, name) == value
    assert name in pywbem.config.__all__


def test_a_timeout_is_a_connection_error() -> None:
    """``except ConnectionError`` sees a server that does not answer."""
    assert issubclass(pywbem.TimeoutError, pywbem.ConnectionError)
    assert not issubclass(pywbem.ConnectionError, pywbem.TimeoutError)
    assert not issubclass(pywbem.TimeoutError, OSError)
    with pytest.raises(pywbem.ConnectionError) as caught:
        raise pywbem.TimeoutError("late", conn_id="1")
    assert type(caught.value) is pywbem.TimeoutError
    assert (caught.value.args, caught.value.conn_id) == (("late",), "1")


def test_kinds_of_providers() -> None:
    kinds = "CLASS INSTANCE ASSOCIATION INDICATION METHOD CONSUMER QUERY".split()
    for number, kind in enumerate(kinds, 1):
        assert getattr(constants, f"PROVIDERTYPE_{kind}") == number
