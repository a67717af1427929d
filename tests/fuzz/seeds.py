"""
What a search begins with: valid inputs of each target, and the words of its language.
"""

from __future__ import annotations

import gzip
import zlib
from typing import Any, Dict, Iterable, List

import pywbem
from pywbem._cim_xml import messages, records
from tests.fuzz.documents import ATTRIBUTES, TAGS, VALID
from tests.integration.exporter import export_body, export_request, indication, request

RESPONSES: Dict[str, bytes] = VALID

_SALT = b"\x05"
_KEY = pywbem.CIMInstanceName("TST_Disk", {"Id": "a", "No": 1}, namespace="root/fuzz")
_DISK = pywbem.CIMInstance("TST_Disk", {"Id": "a", "Size": pywbem.Uint64(5), "Tags": ["x", None]})

XML_WORDS = [
    *(f"<{tag}>".encode() for tag in TAGS),
    *(f"</{tag}>".encode() for tag in TAGS),
    *(f' {name}="'.encode() for name in ATTRIBUTES),
    *b"<![CDATA[ ]]> <!-- --> &amp; &lt; &#0; &#x41; <?xml ?> <!DOCTYPE xml:lang /> \xff".split(),
    *b"string boolean char16 datetime uint8 sint64 real32 reference object instance".split(),
    b' version="1.1"',
    b' encoding="utf-16"',
]
HTTP_WORDS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0",
    b"POST / HTTP/1.1\r\n",
    b"M-POST",
    b"\r\n\r\n",
    b"\n\n",
    b"Host: h\r\n",
    b"Content-Length: 0\r\n",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate\r\n",
    b"Connection: close\r\n",
    b"Connection: keep-alive\r\n",
    b"Expect: 100-continue\r\n",
    b"0\r\n\r\n",
    b"5\r\nhello\r\n",
    b"Trailer: CIMError\r\n",
    b"CIMOperation: MethodCall\r\n",
    b"CIMExport: MethodRequest\r\n",
    b"CIMMethod: GetClass\r\n",
    b"CIMObject: root%2Ffuzz\r\n",
    b"Content-Type: text/xml; charset=utf-8\r\n",
]
MOF_WORDS = (
    b"class instance of qualifier pragma namespace association indication key abstract "
    b"uint8 uint64 sint32 real32 string boolean datetime char16 object ref scope flavor "
    b"enableoverride disableoverride tosubclass restricted translatable as $Alias #pragma "
    b'{ } [ ] ( ) ; : , = "" \'x\' null true false 0x1F 0b1 1e3 1.5 // /* */ \\x41 \\" \\n'
).split()
URI_WORDS = [
    *b'https: http: // /root/fuzz: TST_Disk . = , "" \\" \\\\ TRUE FALSE -1 1.5 1e3 0x1F'.split(),
    b"'x'",
    b"\\x41",
    b"NAN",
    b"-INF",
    b"[::1]:5989",
    b"20240229235959.123456-300",
    b"00000001000000.******:000",
]


def responses(calls: List[records.Call]) -> List[bytes]:
    """Return responses, each after the number of its call and a salt."""
    documents = dict(RESPONSES)
    parameter = pywbem.CIMParameter("Out", "string", value=["a", None], is_array=True)
    documents["Wipe"] = messages.encode_response(
        records.ExtrinsicResponse("Wipe", pywbem.Uint32(0), [parameter]), "1001"
    )
    documents["ExportIndication"] = messages.encode_response(
        records.ExportResponse("ExportIndication"), "1001"
    )
    return [
        bytes((number,)) + _SALT + documents[call.name]
        for number, call in enumerate(calls)
        if call.name in documents
    ]


def requests() -> List[bytes]:
    """Return requests of each kind."""
    values: List[Any] = [_KEY, pywbem.CIMClassName("TST_Disk"), True, 100, "text", ["a", "b"]]
    names = ["InstanceName", "AssocClass", "LocalOnly", "MaxObjectCount", "Role", "PropertyList"]
    calls: List[records.Call] = [
        records.IntrinsicCall("GetInstance", "root/fuzz", list(zip(names, values))),
        records.IntrinsicCall("CreateInstance", "root/fuzz", [("NewInstance", _DISK)]),
        records.ExtrinsicCall(
            "Wipe",
            _KEY,
            [
                pywbem.CIMParameter("Target", "reference", value=_KEY),
                pywbem.CIMParameter("Disk", "string", value=_DISK, embedded_object="instance"),
                pywbem.CIMParameter("Sizes", "uint8", value=[1, None], is_array=True),
            ],
        ),
    ]
    encoded = [messages.encode_request(call, "1001") for call in calls]
    return [*encoded, export_body(indication("a", "c", 7))]


def replies() -> List[bytes]:
    """Return replies of each framing and coding, each after a salt."""
    body = b"<CIM>hello</CIM>"
    head = b"HTTP/1.1 200 OK\r\n"
    length = b"Content-Length: %d\r\n\r\n"
    packed = gzip.compress(body, mtime=0) + gzip.compress(body, mtime=0)
    deflated = zlib.compress(body)
    found = [
        head + length % len(body) + body,
        head + b"Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nCIMError: a\r\n\r\n",
        head + b"Connection: close\r\n\r\n" + body,
        head + b"Content-Encoding: gzip\r\n" + length % len(packed) + packed,
        head + b"Content-Encoding: deflate\r\n" + length % len(deflated) + deflated,
        head + b"Content-Encoding: deflate\r\n\r\n" + deflated[2:-4],
        b"HTTP/1.1 100 Continue\r\n\r\n\r\nHTTP/1.0 401 No\r\nA: b\r\n c\r\n" + length % 0,
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ]
    return [_SALT + reply for reply in found]


def http_requests() -> List[bytes]:
    """Return operations and exports, alone and several on a connection, each after a salt."""
    body = requests()[0]
    fields = {
        "CIMExport": None,
        "CIMExportMethod": None,
        "CIMOperation": "MethodCall",
        "CIMMethod": "GetInstance",
        "CIMObject": "root%2Ffuzz",
    }
    operation = request(body, **fields)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    chunked = request(chunks, length=False, Transfer_Encoding="chunked", **fields)
    return [
        _SALT + data
        for data in (
            operation,
            operation * 2,
            chunked,
            export_request(),
            export_request() + b"\r\n" + export_request("b", "c", 1),
            request(b"", Expect="100-continue"),
            request(b"", "GET"),
            request(b"x", version="1.0", Host=None),
        )
    ]


def mof() -> List[bytes]:
    """Return MOF texts with all that there is in MOF."""
    text = """
// One of each
#pragma namespace ("root/fuzz")
#pragma locale ("en_US")
Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride);
Qualifier Values : string[], Scope(property, method, parameter), Flavor(Translatable);
Qualifier Abstract : boolean = false, Scope(class, association, indication);
[Abstract] class TST_Base { };
class TST_Disk : TST_Base {
  [Key] string Id = "a" "b\\n\\x41";
  uint8 Numbers[3] = { 1, 0x1F, 101b, 017, -1 };
  [Values { "x", "y" }] real32 Heat = 1.5e3;
  char16 Char = 'c'; boolean On = TRUE; datetime When = "20240229235959.123456-300";
  TST_Base REF Base = NULL;
  uint32 Wipe([Values] string Text, TST_Base REF Disk, sint64 Sizes[]);
};
instance of TST_Disk as $Disk { Id = "a"; Numbers = { 1, 2 }; On = false; };
instance of TST_Disk { Id = "b"; Base = $Disk; Char = '\\''; };
/* the end */
"""
    return [text.encode(), *(part.encode() + b";" for part in text.split(";\n") if part.strip())]


def uris() -> List[bytes]:
    """Return WBEM URIs of class paths and instance paths in the four formats."""
    keys: Iterable[Any] = [
        {"Id": "a", "No": 1},
        {"On": True, "Heat": 1.5, "When": pywbem.CIMDateTime("20240229235959.123456-300")},
        {"Ref": _KEY, "Text": "a\"b\\c,d='"},
        {"Ref": pywbem.CIMInstanceName("TST_Link", {"To": _KEY}, namespace="root/fuzz")},
    ]
    paths: List[Any] = [
        pywbem.CIMInstanceName("TST_Disk", keybindings, namespace="root/fuzz", host="[::1]:5989")
        for keybindings in keys
    ]
    paths.append(pywbem.CIMClassName("TST_Disk", namespace="root/fuzz", host="server"))
    formats = ("standard", "canonical", "cimobject", "historical")
    return [
        b"https:" + paths[0].to_wbem_uri().encode(),
        b"TST_Disk.C='x',N=0x1F,B=101b,O=017,W=20240229235959.123456-300,X=\"\\x41\\n\"",
        *(path.to_wbem_uri(format=format).encode() for path in paths for format in formats),
    ]
