"""
TestClientRecorder: records operations as test cases in YAML.

What is written makes the same call again, wherever it is run: the server is
called acme.com:80, the credentials are constants, and header fields that belong
to one exchange are left out.
"""

from __future__ import annotations

import re
import weakref
from typing import IO, TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional

from .._cim_constants import DEFAULT_NAMESPACE
from .._exceptions import CIMError, ConnectionError, HeaderParseError, HTTPError, TimeoutError
from .plain import RESULT_KINDS, arguments, plain
from .recorder import (
    BaseOperationRecorder,
    HttpRequest,
    HttpResponse,
    OpArgs,
    OpResult,
    Payload,
)
from .text import SECRET_HEADERS, decoded, masked

if TYPE_CHECKING:
    import yaml

__all__ = ["TestClientRecorder"]

# Header fields of one connection (RFC 9110 7.6.1), and of a coding that the
# recorded body has no more.
_OF_THE_CONNECTION = frozenset(
    [
        "accept-encoding",
        "connection",
        "content-encoding",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ]
)

# A piece of XML: a CDATA section, comment or declaration; an element's tag; text.
_XML_PIECE = re.compile(
    r"""(?P<other><!\[CDATA\[.*?\]\]>|<!--.*?-->|<!.*?>)
      | <(?P<end>/?)(?P<tag>[^\s/>!"']+)(?:[^<>"']|"[^"]*"|'[^']*')*>
      | [^<]+ | <""",
    re.DOTALL | re.VERBOSE,
)

# What does not stand in a YAML block as it is.  Blank lines at its end would need
# the end of the document to be marked.
_NO_BLOCK = re.compile(r"\A\s|\n\n\Z|[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")

# YAML reads these line breaks as "\n" unless they are escaped.
_LINE_BREAK = re.compile("[\n\r\x85\u2028\u2029]")


class TestClientRecorder(BaseOperationRecorder):
    """
    An operation recorder that writes each operation as a test case in YAML.

    A test case has the call with its arguments, the result or exception, the
    HTTP request and the HTTP response.  It shows neither credentials nor the
    name of the server.  A test case that cannot be replayed (because of an
    argument that has no YAML form, for example) has ``ignore_test: true``, and
    its description says why.

    Each test case is written as a whole, and the file is flushed after it.
    """

    __test__ = False  # no test of pytest

    #: What stands for the URL of the server and for the credentials.
    TESTCASE_URL = "http://acme.com:80"
    TESTCASE_USER = "username"
    TESTCASE_PASSWORD = "password"

    #: Names of header fields that are not written, in lower case.
    EXCLUDE_REQUEST_HEADERS = ["authorization", "content-length", "content-type"]
    EXCLUDE_RESPONSE_HEADERS = ["content-length", "content-type"]

    def __init__(self, fp: IO[str]) -> None:
        """
        Parameters:
            fp (file): The file that is written to, open in text mode, for example
                by :meth:`~pywbem.BaseOperationRecorder.open_file`.  The recorder
                does not close it.
        """
        super().__init__()
        self._fp = fp
        self._connection: Optional[Callable[[], Any]] = None

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_connection": None}

    def copy(self) -> TestClientRecorder:
        """
        Return a recorder that writes to the same file.
        """
        other = type(self)(self._fp)
        other._telling = self._telling
        return other

    def stage_wbem_connection(self, wbem_connection: Any) -> None:
        """
        The recorder was attached to a connection.

        Parameters:
            wbem_connection (:class:`~pywbem.WBEMConnection`): The connection.
        """
        self._connection = weakref.ref(wbem_connection)

    def toyaml(self, obj: Any) -> Any:
        """
        Return an argument or result of an operation as plain data: CIM objects
        as dictionaries with their class as ``pywbem_object``.

        Parameters:
            obj: The argument or result.

        Raises:
            TypeError: Its type is none that operations take or return.
        """
        return plain(obj)

    def record(
        self,
        pywbem_args: OpArgs,
        pywbem_result: OpResult,
        http_request: Optional[HttpRequest],
        http_response: Optional[HttpResponse],
    ) -> None:
        """
        Write an operation to the file.

        Parameters:
            pywbem_args (:class:`~pywbem.OpArgs`): The operation.
            pywbem_result (:class:`~pywbem.OpResult`): Its result.
            http_request (:class:`~pywbem.HttpRequest`): The request.
            http_response (:class:`~pywbem.HttpResponse`): The response.
        """
        if http_request is not None and http_request.method is None:
            http_request = None
        if http_response is not None and http_response.status is None:
            http_response = None
        text = self._text(_TestCase(self, pywbem_args, pywbem_result, http_request, http_response))
        with self._telling():
            self._fp.write(text)
            self._fp.flush()

    @property
    def _namespace(self) -> str:
        connection = self._connection and self._connection()
        return connection.default_namespace if connection else DEFAULT_NAMESPACE

    def _text(self, case: _TestCase) -> str:
        import yaml

        request = case.http_request
        data = _replaced([case.data()], _Anonymous(request.url if request else None))
        text: str = yaml.dump(
            data,
            Dumper=_dumper(yaml, data),
            encoding=None,
            allow_unicode=True,
            default_flow_style=False,
            indent=4,
            sort_keys=False,
        )
        return text


class _TestCase:
    """
    One operation as a test case.
    """

    def __init__(
        self,
        recorder: TestClientRecorder,
        op_args: OpArgs,
        op_result: OpResult,
        http_request: Optional[HttpRequest],
        http_response: Optional[HttpResponse],
    ) -> None:
        self.recorder = recorder
        self.op_args = op_args
        self.op_result = op_result
        self.http_request = http_request
        self.http_response = http_response
        self.problems: List[str] = []

    def data(self) -> Dict[str, Any]:
        """
        The test case as plain data.
        """
        recorder = self.recorder
        operation = {"pywbem_method": self.op_args.method}
        operation.update(arguments(self.op_args.method, self.op_args.args or {}, self._unknown))
        case: Dict[str, Any] = {
            "name": self.op_args.method,
            "description": f"Generated by {type(recorder).__name__}",
            "pywbem_request": {
                "url": recorder.TESTCASE_URL,
                "creds": [recorder.TESTCASE_USER, recorder.TESTCASE_PASSWORD],
                "namespace": recorder._namespace,
                "timeout": 10,
                "debug": False,
                "operation": operation,
            },
            "pywbem_response": self._result(),
            "http_request": self._request(),
            "http_response": self._response(),
        }
        self._find_problems()
        if self.problems:
            case["description"] += f"; it cannot be replayed: {'; '.join(self.problems)}"
            names = ("name", "description")
            head = {name: case.pop(name) for name in names}
            case = {**head, "ignore_test": True, **case}
        return case

    def _unknown(self, value: Any) -> str:
        kind = type(value).__name__
        self.problems.append(f"a value of type {kind} has no YAML form")
        return f"<{kind}>"

    def _find_problems(self) -> None:
        exc = self.op_result.exc
        if exc is not None and not isinstance(exc, Exception):
            self.problems.append(f"it was ended by {type(exc).__name__}")
        elif self.http_request is None and not isinstance(exc, (TypeError, ValueError)):
            self.problems.append("no request was sent")
        elif isinstance(exc, HTTPError) and self.http_response and self.http_response.status == 200:
            self.problems.append("the error came after the body")

    def _result(self) -> Dict[str, Any]:
        ret, exc = self.op_result
        data: Dict[str, Any] = {}
        if ret is not None:
            name = "pullresult" if self.recorder._staged.pull_op else "result"
            data[name] = plain(ret, RESULT_KINDS, self._unknown)
        if isinstance(exc, CIMError):
            data["cim_status"] = exc.status_code
            if exc.instances:
                data["error_instances"] = plain(exc.instances, RESULT_KINDS, self._unknown)
        elif exc is not None:
            data["exception"] = type(exc).__name__
        return data

    def _request(self) -> Optional[Dict[str, Any]]:
        request = self.http_request
        if request is None:
            return None
        return {
            "verb": request.method,
            "url": f"{self.recorder.TESTCASE_URL}{request.target}",
            "headers": _headers(request.headers, self.recorder.EXCLUDE_REQUEST_HEADERS),
            "data": self._payload(request.payload),
        }

    def _response(self) -> Optional[Dict[str, Any]]:
        exc = self.op_result.exc
        if self.http_request is not None:
            # What the socket did, not what came before it did.
            if isinstance(exc, TimeoutError):
                return {"exception": "requests_read_timeout"}
            if isinstance(exc, ConnectionError):
                return {"exception": "requests_connection_error"}
        response = self.http_response
        if response is None:
            return None
        excluded = self.recorder.EXCLUDE_RESPONSE_HEADERS
        if isinstance(exc, HeaderParseError):
            excluded = [name for name in excluded if name != "content-type"]
        return {
            "status": response.status,
            "headers": _headers(response.headers, excluded),
            "data": self._payload(response.payload),
        }

    def _payload(self, payload: Payload) -> Optional[str]:
        if isinstance(payload, bytes):
            try:
                payload = payload.decode("utf-8")
            except UnicodeDecodeError:
                self.problems.append("a message is no UTF-8")
                return decoded(payload)
        return payload and with_lines(payload)


def _headers(headers: Optional[Mapping[str, Any]], excluded: List[str]) -> Dict[str, Any]:
    return {
        name: value
        for name, value in (headers or {}).items()
        if name.lower() not in excluded
        and name.lower() not in SECRET_HEADERS
        and name.lower() not in _OF_THE_CONNECTION
    }


def with_lines(xml: str) -> str:
    """
    XML with a line break between any two tags where it does not belong to the
    text of an element (DSP0201: no element has both text and elements).
    """
    pieces: List[str] = []
    open_tag: Optional[str] = None
    after_tag = False
    for match in _XML_PIECE.finditer(xml):
        tag = match.group("tag")
        is_empty = open_tag == tag and match.group("end") == "/"
        if after_tag and tag and not is_empty:
            pieces.append("\n")
        pieces.append(match.group())
        after_tag = tag is not None
        open_tag = tag if tag and not match.group("end") and xml[match.end() - 2] != "/" else None
    return "".join(pieces)


class _Anonymous:
    """
    Changes texts that name a server: into one that is called acme.com:80.

    Parameters:
        url (str): URL of the server, or None.
    """

    def __init__(self, url: Optional[str]) -> None:
        self._pattern = None
        host = url.partition("://")[2] if url else ""
        if re.search(r":[0-9]+\Z", host):
            names = "|".join(re.escape(name) for name in (host, host.rpartition("@")[2]))
            self._pattern = re.compile(rf"(?<![\w.-])(?:{names})(?![0-9])")
        self._name = TestClientRecorder.TESTCASE_URL.partition("://")[2]

    def __call__(self, text: str) -> str:
        if self._pattern is not None:
            text = self._pattern.sub(self._name, text)
        return masked(text)


def _replaced(data: Any, replace: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return replace(data)
    if isinstance(data, list):
        return [_replaced(item, replace) for item in data]
    if isinstance(data, dict):
        return {key: _replaced(item, replace) for key, item in data.items()}
    return data


# What both emitters of PyYAML write alike: keys that are names, and texts of these
# characters, ...
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")
_TEXT = re.compile("[\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*\\Z")

# ... unless they have several lines and cannot stand in a block.
_NO_LINES = re.compile(r"\A\s|\n\n\Z| \n| \Z")


def _alike(data: Any) -> bool:
    """
    Whether both emitters write these data alike.
    """
    if isinstance(data, str):
        return bool(_TEXT.match(data)) and not ("\n" in data and _NO_LINES.search(data))
    if isinstance(data, list):
        return all(map(_alike, data))
    if isinstance(data, dict):
        return all(key is None or _KEY.match(key) for key in data) and all(
            map(_alike, data.values())
        )
    return True


_dumpers: List[Any] = []


def _dumper(yaml: Any, data: Any) -> Any:
    """
    The class of YAML dumpers for these data: one with the emitter in C, if there is
    one, or the one in Python, whose output is the measure.
    """
    if not _dumpers:

        class Dumper(yaml.SafeDumper):  # type: ignore[misc]
            def ignore_aliases(self, data: Any) -> bool:
                return True

        Dumper.add_representer(str, _represent_str)
        _dumpers.append(Dumper)
        if yaml.__with_libyaml__:

            class CDumper(yaml.CSafeDumper):  # type: ignore[misc]
                ignore_aliases = Dumper.ignore_aliases

            CDumper.add_representer(str, _represent_str)
            _dumpers.append(CDumper)
    return _dumpers[-1 if _alike(data) else 0]


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if _LINE_BREAK.search(text):
        style = '"' if _NO_BLOCK.search(text) else "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
