"""Recorders, logging, statistics, settings; the listener as its clients see it."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, apart, table

SETUP = """
import io
INSTANCE = '<VALUE.NAMEDINSTANCE><INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><KEYVALUE VALUETYPE="string">k</KEYVALUE></KEYBINDING></INSTANCENAME><INSTANCE CLASSNAME="C"><PROPERTY NAME="K" TYPE="string"><VALUE>k\\u00e4</VALUE></PROPERTY></INSTANCE></VALUE.NAMEDINSTANCE>'
ERROR = '<ERROR CODE="6" DESCRIPTION="gone"/>'
NAME = CIMInstanceName('C', {'K': 'k'})
def clean(text):
    text = re.sub(r'(?i)(user-agent: ?.?)[^"\\\\n]*', r'\\\\1AGENT', text)
    return re.sub(r'(from|at) 0x[0-9a-f]+', 'ADDRESS', scrub(re.sub(r"\\\\d+\\\\.\\\\d{3,}", 'TIME', text)))
def attempt(call):
    try:
        call()
    except Error as error:
        pass
"""
CALLS = {
    "enumerate": ("imethod('EnumerateInstances', INSTANCE)", "c.EnumerateInstances('C')"),
    "names": ("imethod('EnumerateInstanceNames', '')", "c.EnumerateInstanceNames('C', 'ns')"),
    "get": (
        "imethod('GetInstance', '<INSTANCE CLASSNAME=\"C\"/>')",
        "c.GetInstance(NAME, PropertyList=['a'])",
    ),
    "error": ("imethod('GetInstance', ERROR, False)", "c.GetInstance(NAME)"),
    "class": ("imethod('GetClass', '<CLASS NAME=\"C\"/>')", "c.GetClass('C', LocalOnly=False)"),
    "create": (
        "imethod('CreateInstance', '<INSTANCENAME CLASSNAME=\"C\"/>')",
        "c.CreateInstance(CIMInstance('C', {'K': 'k', 'A': [Uint8(1)], 'D': CIMDateTime('00000001020304.000005:000'), 'E': CIMInstance('E')}))",
    ),
    "method": (
        'method(\'M\', \'<RETURNVALUE PARAMTYPE="uint32"><VALUE>0</VALUE></RETURNVALUE><PARAMVALUE NAME="o" PARAMTYPE="string"><VALUE>x</VALUE></PARAMVALUE>\')',
        "c.InvokeMethod('M', NAME, [('p', 'v')], q=Uint8(1), r=NAME)",
    ),
    "bad": ("'garbage'", "c.EnumerateClassNames()"),
    "http-500": ("http('', '500 Bad')", "c.EnumerateClassNames()"),
    "reset": ("b''", "c.EnumerateClassNames()"),
    "open": (
        "imethod('OpenEnumerateInstances', '<IRETURNVALUE/><PARAMVALUE NAME=\"EndOfSequence\"><VALUE>FALSE</VALUE></PARAMVALUE><PARAMVALUE NAME=\"EnumerationContext\"><VALUE>ctx</VALUE></PARAMVALUE>', False)",
        "c.OpenEnumerateInstances('C', MaxObjectCount=5)",
    ),
    "qualifier": (
        "imethod('SetQualifier', '')",
        "c.SetQualifier(CIMQualifierDeclaration('Q', 'string', 'x', scopes={'CLASS': True}))",
    ),
    "associators": ("imethod('Associators', '')", "c.Associators(NAME, AssocClass='A', Role='r')"),
    "wrong": ("''", "c.GetInstance(5)"),
    "delete": ("imethod('DeleteInstance', '')", "c.DeleteInstance(NAME)"),
    "export": ("''", "c.ExportIndication(CIMInstance('I'))"),
    "auth": ("http('', '401 No')", "c.EnumerateClassNames()"),
    "tolerated": (
        "imethod('EnumerateInstances', '').replace('ID=\"1001\"', 'ID=\"5\"')",
        "c.EnumerateInstances('C')",
    ),
    "query": ("imethod('ExecQuery', '')", "c.ExecQuery('WQL', 'select x')"),
    "create-class": (
        "imethod('CreateClass', '')",
        "c.CreateClass(CIMClass('C', [CIMProperty('P', 'x')], [CIMMethod('m', 'uint8')]))",
    ),
}
LEVELS = ["all", "min", "paths", "summary", "10", "0"]
LOGGERS = [
    *(
        f"configure_logger({a})"
        for a in (
            "'api'",
            "'http', 'file'",
            "'all', log_dest='stderr'",
            "'foo'",
            "'api', log_dest='foo'",
            "'api', detail_level='foo'",
            "'api', detail_level=-1",
            "'api', detail_level=5",
            "'api', detail_level='5'",
            "None",
            "'api', 'file', log_filename=None",
            "'api', connection=True",
            "'api', connection=5",
            "'api', connection=False",
            "'api', 'stderr', connection=True",
            "'api', log_dest=None",
            "'api', log_dest='off'",
            "'api', detail_level=None",
        )
    ),
    *(
        f"configure_loggers_from_string({a!r})"
        for a in (
            "api=file",
            "api=stderr:min",
            "all=stderr:all",
            "http=file:10",
            "api=file,http=stderr:5",
            "api",
            "api=",
            "=file",
            "foo=file",
            "api=foo",
            "api=file:foo",
            "api=file:-1",
            "",
            "all=off",
            "api=file:min,http=file:all",
            " api = file ",
            "api:file",
            "all",
            "api=stderr:paths",
            "api=stderr:summary",
            ",",
        )
    ),
    "configure_loggers_from_string(None)",
    "configure_loggers_from_string('all=stderr', connection=True)",
    "configure_loggers_from_string('all=file:min', '/tmp/x.log')",
]
AFTER = """
import os
os.chdir(directory())
def after():
    found = []
    for name in ('pywbem', 'pywbem.api', 'pywbem.http'):
        logger = logging.getLogger(name)
        found.append((name, logger.level, logger.propagate, [(type(h).__name__, h.level, h.formatter and h.formatter._fmt) for h in logger.handlers]))
    with logged() as lines:
        c = replying(imethod('EnumerateClassNames', ''))
        c.EnumerateClassNames()
    return found, len(lines), len(c.operation_recorders)
"""
STATISTICS = {
    "off": "s = Statistics()\ns.enabled, s.snapshot(), s.report(), s.formatted()",
    "on": "s = Statistics(True)\nt = s.start_timer('a')\nt.stop_timer(100, 200, 0.5)\n[(n, o.count, o.exception_count, o.avg_request_len, o.avg_reply_len) for n, o in s.snapshot()]",
    "exception": "s = Statistics(True)\nt = s.start_timer('a')\nt.stop_timer(100, 200, None, True)\n[(n, o.count, o.exception_count) for n, o in s.snapshot()]",
    "disabled": "s = Statistics()\nt = s.start_timer('a')\nt.stop_timer(1, 2), t.name, t.count, s.snapshot()",
    "enable": "s = Statistics()\ns.enable()\na = s.enabled\ns.disable()\na, s.enabled",
    "reset": "s = Statistics(True)\ns.start_timer('a').stop_timer(1, 2)\ns.reset(), s.snapshot()",
    "repr": "re.sub(r'[0-9.]{3,}', 'N', repr(Statistics(True))), re.sub(r'[0-9.]{3,}', 'N', str(Statistics()))",
    "formatted": "s = Statistics(True)\ns.start_timer('Op').stop_timer(100, 200, 0.5)\nre.sub(r'\\d+\\.\\d+', 'N', re.sub(r'ADDRESS', '', s.formatted()))",
    "formatted-none": "s = Statistics(True)\ns.start_timer('Op').stop_timer(100, 200)\nre.sub(r'\\d+\\.\\d+', 'N', s.formatted())",
    "formatted-empty": "Statistics(True).formatted()",
    "formatted-exception": "s = Statistics(True)\ns.start_timer('b').stop_timer(10, 20, None, True)\nre.sub(r'\\d+\\.\\d+', 'N', s.formatted())",
    "report": "s = Statistics(True)\ns.start_timer('Op').stop_timer(100, 200, 0.5)\nre.sub(r'\\d+\\.\\d+', 'N', s.report())",
    "op-repr": "s = Statistics(True)\nt = s.start_timer('Op')\nt.stop_timer(100, 200, 0.5)\nre.sub(r'\\d+\\.\\d+(e-\\d+)?', 'N', repr(t)), re.sub(r'\\d+\\.\\d+(e-\\d+)?', 'N', str(t))",
    "op-formatted": "s = Statistics(True)\nt = s.start_timer('Op')\nt.stop_timer(100, 200, 0.5)\nre.sub(r'\\d+\\.\\d+', 'N', t.formatted(True)), re.sub(r'\\d+\\.\\d+', 'N', t.formatted(False))",
    "op-reset": "s = Statistics(True)\nt = s.start_timer('Op')\nt.stop_timer(1, 2)\nt.reset(), t.count, t.container is s, t.name",
    "op-attributes": "s = Statistics(True)\nt = s.start_timer('Op')\nt.stop_timer(1, 2)\n{n: v if isinstance(v, int) else type(v).__name__ for n, v in attributes(t, 'start_time', 'stat_start_time').items()}",
    "op-stop-twice": "s = Statistics(True)\nt = s.start_timer('Op')\nt.stop_timer(1, 2)\nt.stop_timer(1, 2)\nt.count",
    "op-stop-unstarted": "s = Statistics(True)\ns.get_op_statistic('a').stop_timer(1, 2)",
    "op-zero": "o = OperationStatistic(Statistics(True), 'x')\no.avg_time, o.min_time, o.max_time, o.avg_server_time, o.min_server_time, o.max_server_time, o.avg_request_len, o.min_request_len, o.max_request_len, o.exception_count",
    "get": "s = Statistics(True)\ns.get_op_statistic('x').name, s.snapshot()",
    "connection": "c = replying(imethod('EnumerateClassNames', ''), stats_enabled=True)\nc.EnumerateClassNames()\nattempt(lambda: c.GetInstance(NAME))\n[(n, o.count, o.exception_count, o.max_request_len, o.max_reply_len) for n, o in c.statistics.snapshot()]",
    "connection-wrong": "c = replying('', stats_enabled=True)\noutcome(lambda: c.GetInstance(5))\n[(n, o.count, o.exception_count, o.max_request_len) for n, o in c.statistics.snapshot()]",
    "snapshot-type": "type(Statistics(True).snapshot()).__name__",
    "timer-none": "Statistics(True).start_timer(None).name",
}
LISTENER_SETUP = """
import http.client, socket
got = []
def port():
    s = socket.socket(); s.bind(('127.0.0.1', 0)); n = s.getsockname()[1]; s.close(); return n
PORT = port()
listener = WBEMListener('127.0.0.1', http_port=PORT)
listener.add_callback(lambda indication, host: got.append((indication, host)))
listener.start()
EXPORT = '<?xml version="1.0" encoding="utf-8" ?><CIM CIMVERSION="2.0" DTDVERSION="2.0"><MESSAGE ID="42" PROTOCOLVERSION="1.4"><SIMPLEEXPREQ><EXPMETHODCALL NAME="ExportIndication"><EXPPARAMVALUE NAME="NewIndication"><INSTANCE CLASSNAME="CIM_Alert"><PROPERTY NAME="P" TYPE="uint8"><VALUE>5</VALUE></PROPERTY></INSTANCE></EXPPARAMVALUE></EXPMETHODCALL></SIMPLEEXPREQ></MESSAGE></CIM>'
HEADERS = {'Content-Type': 'application/xml; charset="utf-8"', 'CIMExport': 'MethodRequest', 'CIMExportMethod': 'ExportIndication', 'Accept-Charset': 'utf-8', 'Accept-Encoding': 'identity'}
def send(body=EXPORT, method='POST', target='/', drop=(), **headers):
    c = http.client.HTTPConnection('127.0.0.1', PORT, timeout=5)
    all_headers = {k: v for k, v in HEADERS.items() if k not in drop}
    all_headers.update({k.replace('_', '-'): v for k, v in headers.items()})
    try:
        c.request(method, target, body.encode('utf-8') if isinstance(body, str) else body, all_headers)
        r = c.getresponse()
        data = r.read().decode()
        # The wording of what is refused is not compared.
        told = 'cimerrordetails', 'text'
        answer = r.status, sorted(told if k.lower() == told[0] else (k.lower(), v) for k, v in r.getheaders() if k.lower() not in ('date', 'server', 'content-length', 'connection')), re.sub(r'></[A-Z]*(?=></)|></ERROR(?=>)', '/', re.sub(r'DESCRIPTION="[^"]*"', 'DESCRIPTION', data)) if r.status == 200 else ''
    except (OSError, http.client.HTTPException) as error:
        answer = type(error).__name__
    finally:
        c.close()
    for _ in range(100):
        if got or answer[0] != 200 or 'ERROR' in answer[2]:
            break
        time.sleep(0.002)
    seen = [(i, h == '127.0.0.1' or h) for i, h in got]
    del got[:]
    return answer, seen
def raw(data):
    s = socket.create_connection(('127.0.0.1', PORT), timeout=1)
    s.sendall(data); s.shutdown(socket.SHUT_WR)
    answer = b''
    try:
        while True:
            piece = s.recv(65536)
            if not piece: break
            answer += piece
    except OSError as error:
        answer += type(error).__name__.encode()
    s.close()
    status = re.match(rb'HTTP/1\\.[01] ([0-9]+)', answer)
    return status.group(1) if status else answer[:9]
"""
LISTENER = [
    "send()",
    *(
        f"send(method={m!r})"
        for m in ("GET", "PUT", "HEAD", "M-POST", "OPTIONS", "DELETE", "PATCH", "FOO")
    ),
    *(
        f"send(drop=[{h!r}])"
        for h in (
            "Content-Type",
            "CIMExport",
            "CIMExportMethod",
            "Accept",
            "Accept-Charset",
            "Accept-Encoding",
        )
    ),
    *(
        f"send(**{{{h!r}: {v!r}}})"
        for h, v in (
            ("Content-Type", "text/xml"),
            ("Content-Type", "text/plain"),
            ("Content-Type", "application/xml"),
            ("Content-Type", "application/xml; charset=iso-8859-1"),
            ("Content-Type", "text/xml;charset=UTF-8"),
            ("Accept", "text/html"),
            ("Accept", "*/*"),
            ("Accept", "application/xml"),
            ("Accept-Charset", "iso-8859-1"),
            ("Accept-Charset", "*"),
            ("Accept-Charset", "UTF-8"),
            ("Accept-Encoding", "gzip"),
            ("Accept-Encoding", "*"),
            ("Accept-Encoding", "gzip, identity"),
            ("Accept-Language", "de"),
            ("Accept-Range", "bytes"),
            ("Range", "bytes=0-5"),
            ("Content-Encoding", "gzip"),
            ("Content-Encoding", "identity"),
            ("Content-Language", "de"),
            ("CIMExport", "foo"),
            ("CIMExport", "methodrequest"),
            ("CIMExportMethod", "exportindication"),
            ("CIMExportMethod", "Foo"),
            ("CIMExportBatch", ""),
            ("CIMProtocolVersion", "1.0"),
            ("Expect", "100-continue"),
            ("Expect", "foo"),
            ("Host", "x"),
            ("Connection", "close"),
        )
    ),
    *(f"send(target={t!r})" for t in ("/cimom", "/x?y=z", "*", "http://h/x")),
    *(
        f"send(EXPORT.replace({a!r}, {b!r}))"
        for a, b in (
            ("ExportIndication", "Foo"),
            ("ExportIndication", "exportindication"),
            ("NewIndication", "Foo"),
            ("NewIndication", "newindication"),
            ('ID="42"', 'ID="x y&lt;"'),
            ('ID="42"', ""),
            ('"1.4"', '"1.0"'),
            ('"1.4"', '"2.0"'),
            ('"1.4"', '"3"'),
            ('CIMVERSION="2.0"', 'CIMVERSION="1.0"'),
            ('CIMVERSION="2.0"', 'CIMVERSION="2.3"'),
            ('DTDVERSION="2.0"', 'DTDVERSION="1.0"'),
            ("SIMPLEEXPREQ", "SIMPLEREQ"),
            ("SIMPLEEXPREQ", "MULTIEXPREQ"),
            ("</CIM>", ""),
            ("INSTANCE", "CLASS"),
            ("uint8", "foo"),
            (">5<", ">x<"),
            (">5<", ">300<"),
            ("EXPPARAMVALUE", "PARAMVALUE"),
            ("<CIM ", "<FOO "),
            ("utf-8", "iso-8859-1"),
            ("?><CIM", "?><!DOCTYPE CIM SYSTEM 'x'><CIM"),
            ('TYPE="uint8"', ""),
            (' CLASSNAME="CIM_Alert"', ""),
            ('NAME="ExportIndication"', ""),
        )
    ),
    "send('')",
    "send('x')",
    "send(b'\\xff\\xfe')",
    "send(EXPORT.replace('>5<', '>\\u00e4<').replace('uint8', 'string'))",
    "send('\\ufeff' + EXPORT)",
    "send('\\n' + EXPORT)",
    "send(EXPORT.replace('</EXPMETHODCALL>', '<EXPPARAMVALUE NAME=\"x\"/></EXPMETHODCALL>'))",
    'send(\'<CIM CIMVERSION="2.0" DTDVERSION="2.0"/>\')',
    "raw(b'GARBAGE\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/1.1\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: abc\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/2.0\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/1.0\\r\\n\\r\\n')",
    "raw(b'')",
    "raw(b'POST\\r\\n\\r\\n')",
    "raw(b'\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1\\r\\n\\r\\n')",
    "raw(b'POST / HTTP/1.1\\r\\nHost: x\\r\\nBad Header\\r\\n\\r\\n')",
    "attributes(listener, 'http_port', 'http_server', 'https_server', 'logger')",
    "listener.start()",
    "listener.http_started, listener.https_started, listener.http_port == PORT, listener.https_port, listener.certfile, listener.keyfile, listener.host",
    "re.sub(r'\\d{4,5}', 'N', str(listener))",
    "re.sub(r' at 0x[0-9a-f]+|\\d{4,5}|<[^>]*>', 'N', repr(listener))",
    "listener.stop()\nlistener.http_started",
    "listener.stop()",
]
LISTENERS = [
    *(
        f"WBEMListener({a})"
        for a in (
            "",
            "'h'",
            "'h', 5988",
            "'h', '5988'",
            "'h', 'x'",
            "'h', 5.5",
            "'h', None, 5989",
            "'h', None, 5989, 'c', 'k'",
            "'h', https_port=5989, certfile='c'",
            "'h', http_port=5, https_port=6, certfile='c', keyfile='k'",
            "None, 5988",
            "5, 5988",
            "'h', 0",
            "'h', -1",
            "'h', 70000",
            "'h', 5988, max_ind_queue_size=5",
            "'h', 5988, max_ind_queue_size=-1",
            "'h', 5988, max_ind_queue_size='x'",
            "'h', 5988, foo=1",
            "'', 5988",
        )
    ),
    "l = WBEMListener('127.0.0.1', https_port=1, certfile='/nope', keyfile='/nope')\nl.start()",
    "l = WBEMListener('no-such.invalid', http_port=5988)\nl.start()",
    "l = WBEMListener('h', 5988)\nl.add_callback(5)",
    "l = WBEMListener('h', 5988)\nl.add_callback(print)\nl.add_callback(print)\nl.stop()",
    "l = WBEMListener('h', 5988)\nl.start_failed if hasattr(l, 'start_failed') else None",
    "callback_interface(None, None)",
    "l = WBEMListener('h', 5988)\nl.stop()",
    "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)\nl = WBEMListener('127.0.0.1', http_port=s.getsockname()[1])\nl.start()",
    "f = directory() + '/x.pem'; open(f, 'w').write('garbage')\nl = WBEMListener('127.0.0.1', https_port=9, certfile=f, keyfile=f)\nl.start()",
]
CONFIG = [
    (name, value)
    for name, value in (
        ("DEFAULT_ITER_MAXOBJECTCOUNT", "7"),
        ("SEND_VALUE_NULL", "False"),
        ("IGNORE_NULL_KEY_VALUE", "True"),
        ("ENFORCE_INTEGER_RANGE", "False"),
        ("AUTO_GENERATE_SFCB_UEP_HEADER", "False"),
        ("DEFAULT_ITER_MAXOBJECTCOUNT", "None"),
    )
]
CONFIGURED = [
    "list(replying(imethod('X', '')).IterEnumerateInstances('C')) if 0 else outcome(lambda: list(replying(imethod('X', '')).IterEnumerateInstances('C'))), 'MaxObjectCount\"><VALUE>7' in body_of()",
    "CIMInstance('C', {'P': CIMProperty('P', ['a', None])}).tocimxmlstr()",
    "CIMInstanceName('C', {'k': None})",
    "Uint8(300)",
    "c = replying(method('M', '<RETURNVALUE PARAMTYPE=\"uint32\"><VALUE>0</VALUE></RETURNVALUE>'))\nc.InvokeMethod('M', 'C', p=['a', None])\nbody_of()",
]


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    yaml = {
        name: f"c = replying({reply}, creds=('user', 'secret'))\nout = io.StringIO()\nr = TestClientRecorder(out)\nc.add_operation_recorder(r)\noutcome(lambda: {call})\nclean(out.getvalue())"
        for name, (reply, call) in CALLS.items()
    }
    logs = {
        f"{name}-{level}": f"from pywbem import LogOperationRecorder as R\nc = replying({reply}, creds=('user', 'secret'))\nwith logged() as lines:\n    c.add_operation_recorder(R('CID', {{'api': {level if level.isdigit() else repr(level)}, 'http': {level if level.isdigit() else repr(level)}}}))\n    outcome(lambda: {call})\n[clean(l) for l in lines]"
        for name, (reply, call) in CALLS.items()
        for level in LEVELS
    }
    bare = {
        f"{name}-bare": f"c = replying({reply})\nwith logged() as lines:\n    outcome(lambda: {call})\n[clean(l) for l in lines]"
        for name, (reply, call) in CALLS.items()
    }
    recorders = {
        "disabled": "c = replying(imethod('EnumerateClassNames', ''))\nout = io.StringIO()\nr = TestClientRecorder(out)\nc.add_operation_recorder(r)\nr.disable()\nc.EnumerateClassNames()\nout.getvalue(), r.enabled, c.operation_recorder_enabled",
        "twice": "c = replying('')\nr = TestClientRecorder(io.StringIO())\nc.add_operation_recorder(r)\nc.add_operation_recorder(r)",
        "two-logs": "c = replying('')\nc.add_operation_recorder(LogOperationRecorder('a'))\nc.add_operation_recorder(LogOperationRecorder('b'))",
        "add-bad": "replying('').add_operation_recorder(5)",
        "reset": "r = TestClientRecorder(io.StringIO())\nr.reset()\nr.reset(pull_op=True), r.record()",
        "toyaml": "r = TestClientRecorder(io.StringIO())\n[r.toyaml(v) for v in (None, True, 5, 'x', b'x', Uint8(5), Real32(1.5), CIMDateTime('00000001020304.000005:000'), ['a'], ('a',), {'a': 1}, CIMInstanceName('C', {'k': 1}), CIMClassName('C'), CIMInstance('C', {'P': 'x'}), CIMClass('C', [CIMProperty('P', None, 'string')], [CIMMethod('M', 'uint8', [CIMParameter('p', 'string')])]), CIMQualifierDeclaration('Q', 'string'), CIMProperty('P', 'x'), CIMQualifier('Q', 'x'), CIMMethod('M', 'uint8'), CIMParameter('p', 'uint8'))]",
        "toyaml-bad": "TestClientRecorder(io.StringIO()).toyaml(object())",
        "base": "BaseOperationRecorder()",
        "recorders": "c = replying('')\nc.operation_recorders, c.operation_recorder_enabled",
        "own": "class Own(BaseOperationRecorder):\n    def __init__(self):\n        super().__init__()\n        self.seen = []\n    def record(self, pywbem_args, pywbem_result, http_request, http_response):\n        self.seen.append((pywbem_args, pywbem_result, http_request and (http_request.method, http_request.target, http_request.version), http_response and (http_response.status, http_response.reason, http_response.version)))\nr = Own()\nc = replying(imethod('GetClass', '<CLASS NAME=\"C\"/>'))\nc.add_operation_recorder(r)\nc.GetClass('C', IncludeQualifiers=True)\nr.seen",
        "own-error": "class Own(BaseOperationRecorder):\n    def __init__(self):\n        super().__init__()\n        self.seen = []\n    def record(self, pywbem_args, pywbem_result, http_request, http_response):\n        self.seen.append((pywbem_args.method, pywbem_result.ret, type(pywbem_result.exc).__name__, http_response and http_response.status))\nr = Own()\nc = replying(imethod('GetClass', ERROR, False))\nc.add_operation_recorder(r)\nattempt(lambda: c.GetClass('C'))\nr.seen",
        "stage": "class Own(BaseOperationRecorder):\n    def record(self, *a):\n        pass\nr = Own()\nr.stage_pywbem_args('M', a=1), r.stage_pywbem_result('x', None), r.stage_http_request('id', 11, 'u', 't', 'm', {}, b''), r.stage_http_response1('id', 11, 200, 'OK', {}), r.stage_http_response2(b''), r.record_staged()",
        "open-file": "f = TestClientRecorder.open_file(directory() + '/x.yaml', 'w')\nf.write('a') and f.close()",
        "max-len": "r = LogOperationRecorder('id', {'api': 5, 'http': 7})\nr.api_maxlen, r.http_maxlen, r.api_detail_level, r.http_detail_level",
        "levels": "LogOperationRecorder('id', {'foo': 'bar'}), LogOperationRecorder('id', 'nope')",
        "from-stage": "str(OpArgs('m', {'a': 1})), str(OpResult('r', None)), str(HttpRequest('1.1', 'u', 't', 'm', {}, 'p')), str(HttpResponse('1.1', 200, 'OK', {}, 'p'))",
    }
    settings = {
        f"{name}={value}-{i}": f"config.{name} = {value}\n{source}"
        for name, value in CONFIG
        for i, source in enumerate(CONFIGURED)
    }
    return [
        table("recorder/yaml", yaml, SETUP),
        *apart("recorder/log", {**logs, **bare}, SETUP),
        *apart("recorder/use", recorders, SETUP),
        *apart(
            "logging/configure",
            {text: f"r = outcome(lambda: {text})\nr, after()" for text in LOGGERS},
            AFTER,
        ),
        *apart("logging/raised", LOGGERS, AFTER),
        *apart("statistics", STATISTICS, SETUP),
        *apart("config", settings, SETUP),
        table("listener/request", LISTENER, LISTENER_SETUP),
        *apart("listener/new", LISTENERS, "import socket"),
    ]
