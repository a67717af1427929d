"""
The differences from the released package that stay, each with its reason.

Each reason names a term of docs/migration.rst, where the user reads about it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Iterable, List, NamedTuple, Sequence, Set, Tuple

from tests.differential.pair import Found, shown

MIGRATION = Path(__file__).parents[2] / "docs" / "migration.rst"


class Difference(NamedTuple):
    """
    Parameters:
      cases: the ids of the cases; an asterisk stands for any characters.
      term: the term or heading in docs/migration.rst.
      reason: why it is worth it.
      aspect: what of the cases differs; an asterisk stands for any characters.
      released: what the released package gives, as it is printed; likewise.
    """

    cases: str
    term: str
    reason: str
    aspect: str = "*"
    released: str = "*"

    def covers(self, found: Found) -> bool:
        """Whether this entry speaks of that difference."""
        return (
            matches(self.cases, found.case)
            and matches(self.aspect, found.aspect)
            and matches(self.released, "\n".join(shown(found.released)))
        )


def matches(pattern: str, text: str) -> bool:
    """Whether `text` is `pattern`, in which only the asterisk is special."""
    parts = [re.escape(part) for part in pattern.split("*")]
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None


def terms() -> Set[str]:
    """Return the terms and headings of docs/migration.rst."""
    lines = MIGRATION.read_text(encoding="utf-8").splitlines()
    return {
        line
        for line, following in zip(lines, lines[1:])
        if line[:1].strip() and (following.startswith("   ") or following[:3] in ("===", "---"))
    }


def sift(
    found: Iterable[Found], listed: Sequence[Difference]
) -> Tuple[List[Found], List[Difference]]:
    """Return the differences that are not listed, and the entries that speak of none."""
    used: Set[Difference] = set()
    unlisted: List[Found] = []
    for item in found:
        covering = [entry for entry in listed if entry.covers(item)]
        used.update(covering)
        if not covering:
            unlisted.append(item)
    return unlisted, [entry for entry in listed if entry not in used]


INTERNAL = ("AssertionError", "AttributeError", "IndexError*", "KeyError*", "RecursionError*")
INTERNAL += ("UnboundLocalError*",)
"""What a mistake inside the released package raises where an argument or a reply is wrong."""

_CLASSES = ("class-compiled", "class-mocked", "class-rendered")
_INSTANCES = ("instance-compiled", "instance-mocked", "instance-rendered")
_QUALIFIERS = ("qualifier-compiled", "qualifier-mocked", "qualifier-rendered")
_PRAGMAS = ("pragma-compiled", "pragma-mocked", "pragma-rendered")

DIFFERENCES: Tuple[Difference, ...] = (
    *(
        Difference(
            f"{subject}/*",
            "Wrong arguments",
            "a documented exception, or a result, in place of an internal error",
            aspect,
            f"raises {name}",
        )
        for subject, aspect, names in (
            ("config", "raised", ("AttributeError",)),
            ("connection", "raised", ("AttributeError", "IndexError*")),
            ("exceptions", "raised", ("AssertionError",)),
            ("generated", "raised", ("AssertionError",)),
            ("objects", "*", ("AssertionError", "AttributeError")),
            ("replies", "raised", (*INTERNAL[:4], "OverflowError*", "TypeError", "ValueError")),
            ("requests", "*", ("AttributeError", "IndexError*")),
            ("valuemapping", "raised", ("RecursionError*",)),
        )
        for name in names
    ),
    *(
        Difference(
            f"{subject}/*",
            "Exceptions",
            "the connection is known, so it is named",
            "raised.conn_id",
            "null",
        )
        for subject in ("mock", "server", "subscriptions", "valuemapping")
    ),
    Difference(
        "http/reply/*",
        "Exceptions",
        "the body that came with an HTTP error often says why",
        "raised.response_data",
        "null",
    ),
    *(
        Difference(
            f"{subject}/*",
            "WBEM URIs",
            "the text with the name of a Python class is no WBEM URI",
            "*",
            "*Real*(cimtype=*",
        )
        for subject in ("generated", "objects", "uri")
    ),
    Difference(
        "exceptions/*Timeout*",
        "The timeout is kept",
        "who catches ConnectionError also catches the timeout",
        "value",
    ),
    *(
        Difference(
            f"mof/{kind}/*",
            "MOF",
            "a value that does not fit is an error with a position",
            "raised",
            f"raises {name}",
        )
        for kind, name in (
            ("value", "ValueError"),
            ("value", "TypeError"),
            ("array-value", "ValueError"),
        )
    ),
    *(
        Difference(
            f"valuemapping/*{form}",
            "Value mappings",
            "the entries as a list, without the tables inside",
            aspect,
            "ValueMapping(*",
        )
        for form, aspect in (
            ("/x", "repr"),
            ("/x", "str"),
            ("/str(x)", "value"),
            ("values_default=5)", "repr"),
            ("values_default=5)", "str"),
        )
    ),
    Difference(
        "valuemapping/duplicate-values*",
        "Value mappings",
        "no entry is lost that has the text of another",
        "value",
        "[*",
    ),
    *(
        Difference(
            f"valuemapping/*{case}*",
            "Value mappings",
            "what DSP0004 allows in ValueMap can be read",
            "raised",
            "raises pywbem.ModelError*",
        )
        for case in ("new/mapping(['0x1F'", "more/mapping(['1'], ['a'], cimtype='string')")
    ),
    *(
        Difference(
            "server/use/x.get_central_instances(*",
            "Central instances",
            "the scoping methodology of DSP1033 is performed",
            aspect,
            released,
        )
        for aspect, released in (("value", "[]"), ("repr", "(absent)"))
    ),
    *(
        Difference(
            f"server/{defect}/*",
            "Profiles",
            "a profile that is of no interest, or a missing one, stands in the way of nothing",
            "raised",
            released,
        )
        for defect, released in (
            ("unknown-organization", "raises ValueError"),
            ("no-values", "raises ValueError"),
            ("no-property", "raises KeyError < LookupError"),
            ("no-object-manager", "raises pywbem.ModelError < pywbem.Error"),
        )
    ),
    Difference(
        "connection/session/creds-called",
        ":doc:`security`",
        "requests has authentications of that form",
        "raised",
        "raises TypeError",
    ),
    Difference(
        "server/use/x.create_namespace(None)",
        "Wrong arguments",
        "a documented exception",
        "raised",
        "raises AttributeError",
    ),
    Difference("siunit/*", "Units", "more units are known", "raised", "raises ValueError"),
    *(
        Difference(
            "objects/*",
            "Copies",
            "what could be made can be copied, and the copy is equal",
            "copy",
            released,
        )
        for released in ("raises ValueError", "false")
    ),
    *(
        Difference(
            f"datetime/{cases}",
            "Dates and times",
            "copies, comparison and hashes work",
            aspect,
            released,
        )
        for cases, aspect, released in (
            ("class/MinutesFromUTC(0) ==*", "value", "false"),
            ("class/MinutesFromUTC(*", "raised", "{*"),
            ("class/*(MinutesFromUTC(60))*", "raised", "raises TypeError"),
            ("new/*", "hash", "*"),
            ("new/CIMDateTime(CIMDateTime(*", "*", "*"),
            ("part/CIMDateTime(CIMDateTime(*", "value", "null"),
        )
    ),
    # MOF
    Difference(
        "mof/*",
        "Errors of the MOF compiler",
        "an error of the compiler has an id of a connection, which is None",
        "raised.conn_id",
    ),
    *(
        Difference(
            f"mof/{cases}",
            "Values in MOF",
            "what is lost or stored wrong in silence is an error with a position",
            "raised",
            released,
        )
        for cases, released in (
            ("value/*int* = *.*", "[*"),
            ("value/UINT8 = *.*", "[*"),
            ("value/char16 = *", "[*"),
            ("value/* = {*", "[*"),
            ("array-value/uint8[] = *.*", "[*"),
            ("instance-value/uint8 = *.*", "[*"),
            ("instance-value/* = {}", "[*"),
            ("value/*", "raises IndexError*"),
            ("array-value/*", "raises IndexError*"),
            ("instance-value/*", "raises IndexError*"),
            ("instance-value/*", "raises TypeError"),
        )
    ),
    *(
        Difference(
            f"mof/{kind}/{cimtype}*",
            "Values in MOF",
            "the value of a string is a text, that of a character has no quotes",
            aspect,
        )
        for kind, cimtype in (
            ("value", "string"),
            ("value", "char16"),
            ("array-value", "string"),
            ("instance-value", "string"),
        )
        for aspect in ("repr", "value")
    ),
    *(
        Difference(f"mof/{kind}/{case}", term, reason)
        for kinds, case, term, reason in (
            (_CLASSES[::2], "no-semicolon", "Errors of the MOF compiler", "the place of the fault"),
            (
                _CLASSES[::2],
                "missing-brace",
                "Errors of the MOF compiler",
                "the place of the fault",
            ),
            (_CLASSES, "sized-0", "Values in MOF", "an array of no elements has no use"),
            (_CLASSES, "default-array-scalar", "Values in MOF", "an array is no scalar"),
            (_CLASSES, "default-scalar-array", "Values in MOF", "a scalar is no array"),
            (_CLASSES, "qualifier-type", "Values in MOF", "the value of a string is a text"),
            (_CLASSES, "name-unicode", "Text of MOF", "DSP0004 has such names"),
            (_CLASSES, "keyword-property*", "Text of MOF", "these words are names elsewhere"),
            (_CLASSES, "cr", "Text of MOF", "a line may end with CR alone"),
            (_CLASSES, "ctrl-z", "Text of MOF", "the end of a file of old editors"),
            (_CLASSES, "nul", "Text of MOF", "the end of a file of old editors"),
            (_CLASSES, "bom*", "Text of MOF", "files are joined with their marks"),
            (_CLASSES, "nbsp", "Text of MOF", "an identifier may have it"),
            (_CLASSES, "formfeed", "Text of MOF", "white space"),
            (_CLASSES, "super-later", "MOF", "a superclass may follow"),
            (_CLASSES[1:2], "override-nope", "Errors of the MOF compiler", "what it depends on"),
            (
                _INSTANCES[::2],
                "no-semicolon",
                "Errors of the MOF compiler",
                "the place of the fault",
            ),
            (_INSTANCES[::2], "null-key", "Wrong arguments", "the value accepted"),
            (_INSTANCES, "alias-*", "MOF", "an alias in any case, also before its instance"),
            (_INSTANCES, "embedded-*", "MOF", "embedded objects, also by alias"),
            (_INSTANCES, "no-properties", "MOF", "an instance may have only defaults"),
            (_INSTANCES[::2], "reference-number", "Values in MOF", "an error with a position"),
            (_INSTANCES, "string-key-5", "Values in MOF", "the value of a string is a text"),
            (_INSTANCES, "char", "Values in MOF", "the character without quotes"),
            (_INSTANCES[:2], "case", "MOF", "names of keys as the class has them"),
            (_INSTANCES, "inherited", "MOF", "names of keys as the class has them"),
            (_QUALIFIERS, "array-scalar", "Values in MOF", "an error with a position"),
            (_QUALIFIERS, "scalar-array", "Values in MOF", "an error with a position"),
            (_QUALIFIERS, "scope-none", "Text of MOF", "older files have it"),
            (_QUALIFIERS, "flavor-none", "Text of MOF", "older files have it"),
            (_QUALIFIERS, "schema", "Text of MOF", "a qualifier may have this name"),
            (_PRAGMAS, "namespace*", "MOF", "a namespace that does not exist is made"),
            (_PRAGMAS, "autorecover", "Text of MOF", "a pragma of others is passed over"),
            (_PRAGMAS, "unknown-*", "Text of MOF", "a pragma of others is passed over"),
        )
        for kind in kinds
    ),
    Difference(
        "mof/*-told/*",
        "Errors of the MOF compiler",
        "messages say what, where and what is expected",
        "attribute.log",
        "*rror:*",
    ),
    *(
        Difference(f"mof/{case}", term, reason, aspect)
        for case, aspect, term, reason in (
            ("class-told/*", "attribute.log", "MOF", "what is declared twice has a warning"),
            ("instance-told/*", "attribute.log", "MOF", "a failed compilation is undone"),
            ("pragma-told/*", "attribute.log", "MOF", "all is read before it is carried out"),
            ("qualifier-told/*", "attribute.log", "MOF", "what is declared twice has a warning"),
            ("files/bom", "value", "Text of MOF", "editors write it"),
            ("files/utf-16", "value", "Text of MOF", "its mark says what it is"),
            ("files/latin", "value", "Text of MOF", "an error of the compiler, with its place"),
            ("files/backslash", "value", "Text of MOF", "a path of Windows"),
            ("files/reference-depends", "value", "MOF", "the class of a reference is looked for"),
        )
    ),
    Difference("mof/instance-mocked/*", "MOF", "as one made by hand", "attribute.repository"),
    Difference("mof/*", "Messages", "the position of the fault, columns from 1", "raised.column"),
    # Objects and the wire
    *(
        Difference(
            f"objects/*{cases}",
            "Wrong arguments",
            "a name that is no string is found when it is used",
            aspect,
            released,
        )
        for cases, aspect, released in (
            ("(5*", "mof", "raises TypeError"),
            ("=5*", "mof", "raises TypeError"),
            ("([]*", "mof", "raises TypeError"),
            ("=[]*", "mof", "raises TypeError"),
            ("=5*", "xml*", "<*"),
            ("([]*", "xml*", "<*"),
            ("=[]*", "xml*", "<*"),
            ("(5)", "warnings", "[*"),
            ("([])", "warnings", "[*"),
            ("=5)", "warnings", "[*"),
        )
    ),
    *(
        Difference(f"objects/*{cases}", "What has no CIM-XML", reason, "xml*", released)
        for cases, reason, released in (
            ("\\x07*", "no parser would accept it", "*\x07*"),
            ("\\r*", "a parser would give a line feed", "*&gt;\n</VALUE>*"),
            ("scopes={*", "a scope is one of DSP0201, and true or false", "*<SCOPE *"),
            ("is_array=*", "a scalar is no array", "*<PROPERTY.ARRAY *"),
        )
    ),
    *(
        Difference(cases, "What has no MOF", reason, "mof", released)
        for cases, reason, released in (
            ("objects/*float('inf')*", "inf is no number in MOF", "*= inf;*"),
            ("generated/*", "a literal is not folded within an escape", '*\\"\n*'),
        )
    ),
    *(
        Difference(f"objects/{cases}", "Copies", reason, aspect, released)
        for cases, reason, aspect, released in (
            ("dictionary/x.__slots__", "they cannot be changed", "value", "[*"),
            ("set-parameter/type=*", "what was set is copied", "copy", "raises TypeError"),
        )
    ),
    *(
        Difference(f"objects/nocasedict/{cases}", "Dictionaries", reason, "*", released)
        for cases, reason, released in (
            ("NocaseDict({None: 1})", "the type of a key is not wrong", "raises TypeError"),
            ("d == *", "keys are compared in any case", "false"),
            ("hash(d) == hash(d.copy())", "a copy is of the same class", "raises TypeError"),
            ("d.pop('x')", "as a dictionary", "{*"),
            ("d | *", "as a dictionary", "raises TypeError"),
        )
    ),
    *(
        Difference(cases, "WBEM URIs", "char16 and escapes as in DSP0004", *rest)
        for cases, *rest in (
            ("objects/*Char16('v')*", "str", '*"v"'),
            ("objects/*Char16('v')*", "uri.*", '*"v"'),
            ("objects/*type='char16')*", "str", '*"v"'),
            ("objects/*type='char16')*", "uri.*", '*"v"'),
            ("uri/instance/*='*",),
            ("uri/instance/*=\\'*",),
            ("uri/instance/*\\\\*",),
            ("uri/to/*'k': 'a\\*", "value"),
            ("uri/to/*Char16(*", "value"),
            ("uri/to/*1e100*", "value"),
            ("uri/to/*float('inf')*", "value"),
            ("uri/back/*", "raised", "raises ValueError"),
        )
    ),
    *(
        Difference(
            f"uri/{cases}", "WBEM URIs", "those of others are read", "raised", "raises ValueError"
        )
        for cases in ("*cimxml.wbem*", "instance/*//[fe80::*", "instance/*//server_a-b*")
    ),
    *(
        Difference(f"exceptions/{cases}", term, reason, aspect, released)
        for cases, term, reason, aspect, released in (
            ("new/MOFRepositoryError(*", "Messages", "no line None", "str", "*\nNone"),
            ("part/attributes(MOF*", "Exceptions", "it is there", "attribute.conn_*", "{*"),
        )
    ),
    Difference("objects/*path=*", "Messages", "there is a text", "raised.args", "0"),
    *(
        Difference(
            f"replies/{cases}",
            "Responses that DSP0201 does not allow",
            "servers in use send it, and it is clear what it means",
            aspect,
            released,
        )
        for cases, aspect, released in (
            ("value/reference-*", "raised", "raises pywbem.CIMXMLParseError*"),
            ("array/reference-*", "raised", "raises pywbem.CIMXMLParseError*"),
            ("property/*mbedded*", "raised", "raises pywbem.XMLParseError*"),
            ("property/*EMBEDDED*", "raised", "raises pywbem.XMLParseError*"),
            ('property/*=""*', "value", '*"embedded_object": ""*'),
            ('property/*=""*', "repr", "*embedded_object=''*"),
            ("method/*mbedded*", "raised", "raises pywbem.XMLParseError*"),
            ("method/*EMBEDDED*", "raised", "raises pywbem.XMLParseError*"),
            ("declaration/*", "raised", "raises pywbem.CIMXMLParseError*"),
            ("operation/*-object*", "raised", "raises pywbem.CIMXMLParseError*"),
            ("operation/*-class-path", "raised", "raises pywbem.CIMXMLParseError*"),
            ("envelope/xmlns-prefix", "raised", "raises pywbem.CIMXMLParseError*"),
        )
    ),
    *(
        Difference(
            f"replies/{cases}",
            "Responses that DSP0201 does not allow",
            "a part of the response would be lost",
            "raised",
            released,
        )
        for cases, released in (('method/*PARAMTYPE="foo"*', "{*"), ("envelope/two-returns", "*"))
    ),
    Difference(
        'replies/method/*PARAMTYPE="boolean"*',
        "Results of methods",
        "a boolean is what the text says",
    ),
    *(
        Difference(cases, "Methods that return nothing", "DSP0201 has them", aspect)
        for cases, aspect in (
            ('replies/class/<METHOD NAME="M"/>', "raised"),
            ('replies/class/<METHOD NAME="M" TYPE=""/>', "raised"),
            ("mof/class-*/method-void", "*"),
        )
    ),
    Difference("replies/error/*", "Messages", "it has the place", "text", "Element 'ERROR' *"),
    *(
        Difference(f"{subject}/*", "Exceptions", "it is known", "raised.conn_id", "null")
        for subject in ("replies/envelope", "http/reply")
    ),
    Difference("replies/envelope/entity", "XML from outside", "entities can be bombs", "raised"),
    *(
        Difference(f"http/{cases}", "Replies of HTTP", reason, aspect)
        for cases, reason, aspect in (
            ("reply/type-TEXT/XML", "media types are the same in any case", "raised"),
            ("reply/chunked-trailer", "the server says that it failed", "raised"),
            ("reply/length-*", "where the response ends is not known", "raised"),
            ("reply/processing", "it is not the reply", "raised"),
            ("reply/many-headers", "nothing forbids them", "raised"),
            ("reply/long-header", "nothing forbids it", "raised"),
            ("reply/redirect*", "an operation is not sent twice", "raised"),
            ("reply/response-time-bad", "a time is a number", "attribute.time"),
            ("debug/*", "it shows why the response was refused", "value"),
        )
    ),
    *(
        Difference(f"requests/{cases}", "Requests", reason, aspect)
        for cases, reason, aspect in (
            ("sent/*\\u00e4*", "DSP0200 6.3.7: percent-encoded", "value"),
            ("sent/*(None*", "there is nothing to send", "value"),
            ("refused/*(None*", "there is nothing to send", "raised"),
            ("sent/ExportIndication('X')", "an indication is an instance", "value"),
            ("refused/ExportIndication('X')", "an indication is an instance", "raised"),
            ("*/ExportIndication(*path=*", "DSP0201 has no form with a path", "*"),
        )
    ),
    Difference(
        "connection/new/*(WBEMConnection('http://h', *",
        "No passwords in URLs",
        "creds of a wrong form may be a password",
        "value",
        "*creds=*",
    ),
    Difference("connection/iterate/query-list", "Queries", "programs call list() on it", "raised"),
    # Mock, listener, server
    *(
        Difference(f"mock/{cases}", "Mock", reason, aspect, released)
        for cases, reason, aspect, released in (
            ("read/c.EnumerateClasses(*IncludeClassOrigin=True*", "class origins", "*", "[*"),
            ("read/ordered(c.Associators('*", "classes have their path", "*", "[*"),
            ("read/ordered(c.Associators(CIMClassName*", "classes have their path", "*", "[*"),
            ("read/ordered(c.References('*", "classes have their path", "*", "[*"),
            ("read/*OperationTimeout=10**6)", "CIM errors", "raised", "raises ValueError"),
            ("read/c.ExecQuery(*", "queries work", "*", "*"),
            ("read/c.OpenQueryInstances(*", "queries work", "raised.status_code*", "*"),
            ("read/c.ExportIndication(*", "CIM errors", "raised", "raises pywbem.ConnectionError*"),
            ("session/pull-zero", "DSP0200 5.4.2.24", "value", "*"),
            ("session/create-case", "names as in the class", "*", "*"),
            ("session/create-association*", "accepted, or a CIM error", "raised", "raises *"),
            ("session/modify-association-null", "a CIM error", "raised", "raises TypeError"),
            ("session/add-*", "documented exceptions", "raised", "raises AssertionError"),
            ("session/store-type", "documented exceptions", "raised", "raises AssertionError"),
            ("session/display-*", "valid XML, what is stored", "value", "*"),
            ("session/delay*", "no invalid delay", "raised", "{*"),
            ("session/repository-own", "shorter", "*", "*InMemoryRepository(*"),
            ("session/repository-print", "shorter", "value", "*InMemoryRepository(*"),
            ("provider/register-type", "documented exceptions", "raised", "raises AssertionError"),
            ("provider/base-str", "there is a text", "raised", "raises AttributeError"),
            ("provider/namespace-provider", "shorter", "repr", "*"),
        )
    ),
    Difference("mock/session/compile-*", "Messages", "columns from 1", "raised.column"),
    Difference(
        "mock/session/compile-*",
        "Exceptions",
        "the attribute is there",
        "raised.conn_id",
        "...",
    ),
    Difference("mock/session/compile-verbose", "Messages", "no empty lines before them", "value"),
    *(
        Difference(f"instances/shown/{cases}", "Mock", reason, aspect, released)
        for cases, reason, aspect, released in (
            ("fake-provider-*", "there is a text", "raised", "raises AttributeError"),
            ("fake-dispatcher-*", "there is a text", "raised", "raises AttributeError"),
            ("fake-registry-*", "shorter", "value", "ProviderRegistry(*"),
            ("repository-*", "shorter", "*", "*InMemoryRepository(*"),
            ("store-*", "shorter", "*", "*InMemoryObjectStore(*"),
        )
    ),
    *(
        Difference("instances/attribute/*", term, reason, f"attribute.{attribute}", released)
        for term, attribute, reason, released in (
            ("MOF", "lexer", "the lexer is that of this package", "*ply.Lexer*"),
            ("MOF", "class*", "names in any case of letters", "*dict*"),
            ("MOF", "qualifiers", "names in any case of letters", "*dict*"),
            ("MOF", "instances", "names in any case of letters", "{*dict*"),
            ("Queries", "instances", "fetched as they are asked for", "[*"),
        )
    ),
    Difference(
        "names/mock-module/_utils",
        "Differences from the released 1.9",
        "nothing public in it",
        "raised",
        "(absent)",
    ),
    *(
        Difference(f"logging/*/{cases}", "Logging", "the type is checked", aspect, f"*{name}*")
        for cases, name in (
            ("configure_logger('api', connection=5)", "AssertionError"),
            ("configure_loggers_from_string(None)", "AttributeError"),
        )
        for aspect in ("*",)
    ),
    *(
        Difference(f"listener/{cases}", "Listener", reason, aspect)
        for cases, reason, aspect in (
            *(
                (f"request/send({cases})", "checked as DSP0200 says", "*")
                for cases in (
                    "drop=['CIMExport*']",
                    "*'Range'*",
                    "*'CIMExport': 'foo'*",
                    "*'CIMExportMethod': 'Foo'*",
                    "*'CIMExportBatch'*",
                    "*'CIMProtocolVersion'*",
                    "method='M-POST'",
                    "method='FOO'",
                )
            ),
            ("request/send(EXPORT.replace('*'))", "501, request-not-valid", "value"),
            ("request/send('<CIM *", "request-not-valid", "value"),
            ("request/raw(*", "a status for HTTP that is malformed", "value"),
            ("request/listener.start()", "the exception has a text", "raised.args"),
            ("new/*", "no deprecated function is used", "warnings"),
        )
    ),
    Difference(
        "listener/new/*",
        "Wrong arguments",
        "a documented exception",
        "raised",
        "raises AttributeError",
    ),
    *(
        Difference("server/use/*", "Mock", "CIM_Namespace is kept up to date", aspect, released)
        for aspect, released in (
            ("value", "[*interop*"),
            ("repr", "[*interop*"),
            ("raised", "raises pywbem.CIMError*"),
        )
    ),
    Difference(
        "subscriptions/*%eth0*",
        "Subscription manager",
        "a zone that can be used",
        "*",
        "*fe80::1-eth0*",
    ),
    Difference(
        "subscriptions/*m.add_subscriptions(s, None)",
        "Wrong arguments",
        "None is no path",
        "raised",
    ),
    *(
        Difference(f"recorder/{cases}", "Recorders", reason, "value")
        for cases, reason in (
            ("yaml/*", "test cases that can be replayed, and can be read"),
            ("use/toyaml", "plain dictionaries"),
        )
    ),
)
