#!/usr/bin/env python3
"""
A monitoring plugin as a site may have it for years: begun with an early pywbem, mended whenever
something broke, never written again.

Its idioms are what is tested: where it imports names from, how it takes exceptions apart, what it
asks of objects and of the connection.  It prints nothing that differs from run to run.
"""

from __future__ import annotations

import optparse
import sys
import time
from typing import Any, Dict, Iterator, List, Tuple

import pywbem
import pywbem._cim_obj
import pywbem._cim_operations
import pywbem._exceptions
import pywbem.config
from pywbem import CIMInstanceName, WBEMConnection
from pywbem._cim_constants import CIM_ERR_ACCESS_DENIED, CIM_ERR_NOT_FOUND, DEFAULT_NAMESPACE
from pywbem._cim_obj import CIMInstance, CIMProperty, cimvalue, tocimxml
from pywbem._cim_types import CIMDateTime, CIMInt, Uint64, cimtype
from pywbem._exceptions import CIMError, HTTPError, ParseError, TimeoutError
from pywbem._logging import configure_logger
from pywbem._nocasedict import NocaseDict
from pywbem._recorder import LogOperationRecorder, TestClientRecorder
from pywbem._server import WBEMServer
from pywbem._statistics import Statistics
from pywbem._subscription_manager import WBEMSubscriptionManager
from pywbem._units import siunit
from pywbem._utils import _ascii2, _ensure_bytes, _ensure_unicode, _format, _to_unicode
from pywbem._valuemapping import ValueMapping
from pywbem._version import __version__
from pywbem._warnings import ToleratedServerIssueWarning

# The modules had no underscore once.
try:
    from pywbem.cim_http import AuthError, ConnectionError
except ImportError:
    from pywbem._cim_http import AuthError, ConnectionError
try:
    from pywbem.cim_operations import CIMClassName
except ImportError:
    from pywbem._cim_operations import CIMClassName
try:
    from pywbem import cim_http
except ImportError:
    from pywbem import _cim_http as cim_http
try:
    from pywbem.tupletree import XMLParseError
except ImportError:
    from pywbem._tupletree import XMLParseError
try:
    from pywbem.mof_compiler import MOFCompiler, MOFWBEMConnection
except ImportError:
    from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection
try:
    from pywbem.irecv import Listener
except ImportError:
    from pywbem._listener import WBEMListener as Listener

OK, WARNING, CRITICAL, UNKNOWN = range(4)
WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]
KEPT = [LogOperationRecorder, TestClientRecorder, Statistics, WBEMSubscriptionManager, Listener]
KEPT += [MOFCompiler, MOFWBEMConnection, ToleratedServerIssueWarning, NocaseDict, configure_logger]

Result = Tuple[int, str]


# -- What is checked -----------------------------------------------------------------


def disks(conn: Any, opts: Any) -> Result:
    """The sum of the sizes, with thresholds and performance data."""
    sizes: Dict[str, int] = {}
    for inst in conn.EnumerateInstances("TST_Disk", PropertyList=["Id", "Size"]):
        if not inst.has_key("size") or inst["SIZE"] is None:
            return UNKNOWN, "a disk without size"
        assert isinstance(inst["Size"], (CIMInt, Uint64)) and cimtype(inst["Size"]) == "uint64"
        sizes[inst.path["id"]] = inst["Size"]
    total = sum(sizes.values())
    level = CRITICAL if total > opts.critical else WARNING if total > opts.warning else OK
    perfdata = [f"{name}={size}B;;;0" for name, size in sorted(sizes.items())]
    return level, f"{len(sizes)} disks, {total} {siunit('byte')} | {' '.join(perfdata)}"


def objects(conn: Any, opts: Any) -> Result:
    """What programs do with an instance and its path."""
    path = CIMInstanceName("TST_Disk", keybindings={"Id": "a"}, namespace=conn.default_namespace)
    inst = conn.GetInstance(InstanceName=path, LocalOnly=False, IncludeQualifiers=False)
    lines = [
        str(path),
        path.to_wbem_uri(format="canonical"),
        repr(path.keybindings),
        repr([*path.items(), *path.keys(), *path.values(), "ID" in path, path.get("x", "-")]),
        repr(sorted((name, str(value)) for name, value in inst.items())),
        repr([(name, value is None) for name, value in inst.iteritems() if name != "Tags"]),
        repr([len(inst), sorted(inst.keys()), "label" in inst, inst.get("nope"), inst["tags"]]),
        repr([inst.properties["SIZE"].type, inst.properties["size"].value + 1]),
        repr(
            [
                (prop.name, prop.is_array, prop.cimtype if 0 else prop.type)
                for prop in sorted(inst.properties.values(), key=lambda prop: prop.name)
            ]
        ),
        inst.tomof().replace("\n", " "),
        tocimxml(inst.path).toxml(),
        inst.tocimxmlstr()[:60],
    ]
    other = CIMInstance("TST_Disk", properties=[("Id", "n"), ("Size", Uint64(1))], path=path)
    other.update_existing([("SIZE", cimvalue(7, "uint64")), ("Label", "not there")])
    other.update(Label="now")
    other["Made"] = CIMDateTime("20200102030405.000000+060")
    other.properties["Tags"] = CIMProperty("Tags", None, type="string", is_array=True)
    other.path["ID"] = "n"
    same = CIMInstance("tst_disk", properties=other.properties, path=other.path)
    lines += [
        repr(sorted(other.items(), key=str)),
        f"{other == same} {other != inst} {hash(other) == hash(same)} {other.copy() == other}",
        repr([str(other["made"]), other["made"].is_interval, other["made"].minutes_from_utc]),
        repr(CIMClassName("A", host="h", namespace="n")),
        _format("{0!A} {1}", _ensure_unicode(b"t\xc3\xa4xt"), _to_unicode(_ensure_bytes("b"))),
        _ascii2(["\u00e4", b"b"]),
    ]
    return OK, "\n".join(lines)


def connection(conn: Any, opts: Any) -> Result:
    """What programs ask of a connection, and what they set."""
    conn.debug = True
    conn.default_namespace = "/interop/"
    conn.EnumerateClassNames()
    lines = [
        f"{conn.default_namespace} {DEFAULT_NAMESPACE} {conn.debug} {conn.timeout} {conn.creds}",
        repr(conn.last_raw_request[:90]),
        conn.last_request.splitlines()[0],
        repr(conn.last_raw_reply[:60]),
        f"{conn.last_request_len} {conn.last_reply_len} {len(conn.last_raw_reply)}",
        f"{conn.last_operation_time is None} {conn.last_server_response_time is None}",
        f"{len(conn.operation_recorders)} {conn.stats_enabled} {conn.statistics.enabled}",
        f"{conn.url == cim_http.parse_url(opts.host)[2]} {conn.host == conn.url.split('//')[1]}",
        f"{conn.verify_callback if hasattr(conn, 'verify_callback') else '-'} {conn.x509}",
        cim_http.get_cimobject_header(CIMInstanceName("A", {"k": 1}, namespace="n")),
        f"{pywbem._cim_operations.DEFAULT_ITER_MAXOBJECTCOUNT} {pywbem.config.SEND_VALUE_NULL}",
    ]
    server = WBEMServer(conn)
    lines += [server.interop_ns, repr(sorted(server.namespaces))]
    lines += [repr(sorted(str(inst["RegisteredName"]) for inst in server.profiles))]
    mapping = ValueMapping.for_property(
        conn, "interop", "CIM_RegisteredProfile", "RegisteredOrganization"
    )
    lines += [mapping.tovalues(2), repr(mapping.tobinary("SNIA"))]
    return OK, "\n".join(lines)


def relations(conn: Any, opts: Any) -> Result:
    """Associations, the class, names."""
    host = conn.EnumerateInstanceNames("TST_Host", DEFAULT_NAMESPACE)[0]
    lines = [str(host).replace(str(host.host), "HOST")]
    found = [
        conn.AssociatorNames(host, AssocClass="TST_Attached", ResultClass="TST_Disk"),
        conn.Associators(host, Role="Host", ResultRole="Disk"),
        conn.ReferenceNames(host, ResultClass="TST_Attached"),
        conn.References(host, Role="host"),
    ]
    for results in found:
        keys = [getattr(item, "path", item) for item in results]
        lines.append(repr(sorted(",".join(sorted(map(str.lower, key.keys()))) for key in keys)))
        lines.append(repr(sorted(type(item).__name__ for item in results)))
    cls = conn.GetClass("TST_Disk", LocalOnly=False, IncludeQualifiers=True)
    lines.append(repr([name for name, prop in cls.properties.items() if "key" in prop.qualifiers]))
    lines.append(repr([(m.name, m.return_type, list(m.parameters)) for m in cls.methods.values()]))
    lines.append(repr(sorted(conn.EnumerateClassNames(ClassName="TST_Thing"))))
    lines.append(repr([cls.superclass, cls.classname, conn.GetQualifier("Key").type]))
    return OK, "\n".join(lines)


def changes(conn: Any, opts: Any) -> Result:
    """A new instance, changed, and gone; each way to look at a CIMError."""
    inst = CIMInstance("TST_Disk", {"Id": "plugin", "Size": Uint64(1)})
    path = conn.CreateInstance(inst, namespace=DEFAULT_NAMESPACE)
    inst = conn.GetInstance(path)
    inst["Size"] = Uint64(2)
    conn.ModifyInstance(inst, PropertyList=["Size"])
    lines = [repr(conn.GetInstance(path, PropertyList=["Size"])["size"])]
    try:
        conn.CreateInstance(inst)
    except CIMError as err:
        lines.append(f"{err.args[0]} {err.status_code_name} {len(err.args)}")
    conn.DeleteInstance(path)
    try:
        conn.DeleteInstance(path)
    except pywbem.CIMError as err:
        (code, description, instances) = err.args
        lines.append(f"{code == CIM_ERR_NOT_FOUND} {bool(description)} {instances}")
        lines.append(f"{err.status_code} {isinstance(err, pywbem._exceptions.Error)}")
    try:
        conn.InvokeMethod("Wipe", path, Passes=pywbem.Uint8(1))
    except pywbem.Error as err:
        lines.append(f"{type(err).__name__} {err.args[0]}")
    return OK, "\n".join(lines)


def operation(conn: Any, opts: Any) -> Result:
    """One operation, of which -n names class and namespace."""
    namespace, classname = opts.name.split(":")
    found = conn.EnumerateInstanceNames(classname, namespace=namespace)
    return OK, f"{len(found)} names"


def instance(conn: Any, opts: Any) -> Result:
    """One instance, of which -n is the URI."""
    return OK, conn.GetInstance(CIMInstanceName.from_wbem_uri(opts.name)).classname


MODES = {check.__name__: check for check in (disks, objects, connection, relations, changes)}
MODES.update({check.__name__: check for check in (operation, instance)})


# -- What can go wrong ---------------------------------------------------------------


def failed(exc: Exception, conn: Any) -> Result:
    """What the plugin says of an exception."""
    if isinstance(exc, CIMError):
        if exc.args[0] == CIM_ERR_ACCESS_DENIED:
            return CRITICAL, f"access denied: {exc.args[1]}"
        return UNKNOWN, f"{exc.status_code} {exc.status_code_name}: {exc.status_description}"
    if isinstance(exc, AuthError):
        return CRITICAL, f"wrong user or password ({len(exc.args)})"
    if isinstance(exc, HTTPError):
        details = sorted((exc.cimdetails or {}).items())
        return CRITICAL, f"HTTP {exc.status} {exc.reason} {exc.cimerror} {details}"
    if isinstance(exc, TimeoutError):
        return CRITICAL, "timeout"
    if isinstance(exc, ConnectionError):
        return CRITICAL, "no connection"
    if isinstance(exc, XMLParseError):
        return UNKNOWN, f"no XML, {len(conn.last_raw_reply or '')} characters"
    if isinstance(exc, ParseError):
        return UNKNOWN, f"{type(exc).__name__}, {exc.args[0] == str(exc).split(chr(10))[0]}"
    return UNKNOWN, type(exc).__name__


def names_of(exc: BaseException) -> Iterator[str]:
    """The classes of an exception that have a name a program can use."""
    for cls in type(exc).__mro__:
        if cls.__module__.startswith("pywbem") and not cls.__name__.startswith("_"):
            yield cls.__name__


def parse(arguments: List[str]) -> Any:
    parser = optparse.OptionParser(usage="%prog -H URL -w N -c N [-t SECONDS]", prog="check_disks")
    parser.add_option("-H", dest="host")
    parser.add_option("-u", dest="user")
    parser.add_option("-p", dest="password")
    parser.add_option("-w", dest="warning", type="int", default=100)
    parser.add_option("-c", dest="critical", type="int", default=1000)
    parser.add_option("-t", dest="timeout", type="int", default=30)
    parser.add_option("-m", dest="mode", default="disks")
    parser.add_option("-n", dest="name")
    parser.add_option("-k", dest="insecure", action="store_true", default=False)
    parser.add_option("-C", dest="ca")
    parser.error = usage  # type: ignore[method-assign,assignment]
    return parser.parse_args(arguments)[0]


def usage(message: str) -> None:
    print(f"DISKS UNKNOWN - {message}")
    sys.exit(UNKNOWN)


def main() -> None:
    opts = parse(sys.argv[1:])
    if opts.host is None or opts.mode not in MODES:
        usage("nothing to do")
    creds = (opts.user, opts.password) if opts.user else None
    started = time.time()
    conn = None
    try:
        conn = WBEMConnection(
            opts.host,
            creds,
            DEFAULT_NAMESPACE,
            no_verification=opts.insecure,
            ca_certs=opts.ca,
            timeout=opts.timeout,
        )
        level, text = MODES[opts.mode](conn, opts)
    except (pywbem.Error, ValueError, OSError) as exc:
        level, text = failed(exc, conn)
        text += f" <{' '.join(names_of(exc))}>"
    if time.time() - started > 60:
        text += " (slow)"
    print(f"DISKS {WORDS[level]} - {text}")
    sys.exit(level)


if __name__ == "__main__":
    assert __version__ and pywbem._cim_obj.CIMInstance is CIMInstance and all(KEPT)
    main()
