"""Operations as they are sent: arguments, headers and bodies; connections and their settings."""

from __future__ import annotations

from typing import List

from tests.differential.sessions import Session, apart, table

NAME = "CIMInstanceName('C', {'K': 'k', 'N': 5})"
OPERATIONS = {
    "EnumerateInstances": [
        "'C'",
        "'C', 'ns'",
        "CIMClassName('C', namespace='x')",
        "'C', LocalOnly=False, DeepInheritance=True",
        "'C', IncludeQualifiers=True, IncludeClassOrigin=False",
        "'C', PropertyList=['a', 'b']",
        "'C', PropertyList=[]",
        "'C', PropertyList='a'",
        "'C', PropertyList=('a',)",
        "'C', LocalOnly='true'",
        "ClassName='C', namespace='/a/b/'",
        "",
        "None",
        "5",
        f"{NAME}",
        "'C', foo=1",
        "'C', PropertyList=5",
        "'C', PropertyList=[5]",
        "'C', LocalOnly=1",
        "'C', namespace=5",
        "'C', DeepInheritance=None",
        "b'C'",
    ],
    "EnumerateInstanceNames": [
        "'C'",
        "'C', 'ns'",
        "ClassName='C'",
        "CIMClassName('C', 'h', 'x')",
        "None",
    ],
    "GetInstance": [
        NAME,
        "CIMInstanceName('C', {'K': 'k'}, 'h', 'x')",
        f"{NAME}, LocalOnly=True",
        f"{NAME}, IncludeQualifiers=True, IncludeClassOrigin=True",
        f"{NAME}, PropertyList=['a']",
        "'C.k=1'",
        "CIMClassName('C')",
        "None",
        f"InstanceName={NAME}",
        "CIMInstanceName('C')",
        f"{NAME}, PropertyList=''",
        "CIMInstanceName('C', {'b': True, 'r': CIMInstanceName('D', {'j': 1}), 'f': 1.5, 'd': CIMDateTime('00000001020304.000005:000'), 'u': Uint8(3)})",
        "CIMInstanceName('C', {'k': '<&>\"\\'\\n\\u00e4'})",
        "CIMInstance('C', path=CIMInstanceName('C'))",
    ],
    "CreateInstance": [
        "CIMInstance('C', {'K': 'k'})",
        "CIMInstance('C', {'K': 'k'}), 'ns'",
        "CIMInstance('C', {'K': 'k'}, path=CIMInstanceName('C', {'K': 'k'}, namespace='x'))",
        "CIMInstance('C', {'E': CIMInstance('E', {'a': Uint8(1)}), 'A': [Uint8(1), None], 'N': CIMProperty('N', None, 'string')}, {'q': CIMQualifier('q', True)})",
        "'C'",
        "None",
        "NewInstance=CIMInstance('C')",
        "CIMClass('C')",
        "CIMInstance('C', {'p': CIMProperty('p', 'v', class_origin='O', propagated=True, qualifiers=[CIMQualifier('q', 'x')])})",
    ],
    "ModifyInstance": [
        "CIMInstance('C', {'K': 'k'}, path=CIMInstanceName('C', {'K': 'k'}))",
        "CIMInstance('C', {'K': 'k'})",
        "CIMInstance('C', {'K': 'k'}, path=CIMInstanceName('C', {'K': 'k'}, namespace='x', host='h')), IncludeQualifiers=True, PropertyList=['K']",
        "None",
        "CIMInstance('C', {'K': 'k'}, path=CIMInstanceName('C', {'K': 'k'})), PropertyList=[]",
        "ModifiedInstance=CIMInstance('C', path=CIMInstanceName('C'))",
        "CIMInstance('C', path=CIMInstanceName('D'))",
    ],
    "DeleteInstance": [
        NAME,
        "CIMInstanceName('C', {'K': 'k'}, 'h', 'x')",
        "'C'",
        "None",
        f"InstanceName={NAME}",
    ],
    "InvokeMethod": [
        "'M', 'C'",
        f"'M', {NAME}",
        "'M', CIMClassName('C', 'h', 'x')",
        "'M', 'C', [('p', 'v'), ('q', Uint8(1))]",
        "'M', 'C', p='v', b=True",
        "'M', 'C', [CIMParameter('p', 'string', value='v')]",
        "'M', 'C', Params=[('p', None)]",
        "'M', 'C', p=[Uint8(1), Uint8(2)]",
        "'M', 'C', p=[]",
        "'M', 'C', p=5",
        "'M', 'C', p=1.5",
        "'M', 'C', p=CIMInstance('E')",
        "'M', 'C', p=[CIMInstance('E')]",
        "'M', 'C', p=CIMClass('E')",
        "'M', 'C', p=CIMInstanceName('E', {'k': 1})",
        "'M', 'C', p=[CIMInstanceName('E', {'k': 1}, namespace='n')]",
        "'M', 'C', p=CIMDateTime('00000001020304.000005:000')",
        "'M', 'C', p=Char16('a')",
        "'M', 'C', p=None",
        "'M', 'C', p=object()",
        "'M', 'C', [('p',)]",
        "'M', 'C', 'x'",
        "None, 'C'",
        "'M', None",
        "'M', 5",
        "'M'",
        "MethodName='M', ObjectName='C'",
        "'M', 'C', [('p', 'v')], p='w'",
        "'M', 'C', [('p', 'v'), ('p', 'w')]",
        "'M', 'C', p=CIMClassName('E')",
        "'M', 'C', p=datetime.timedelta(1)",
        "'M', 'C', p=datetime.datetime(2024, 1, 1)",
        "'M', 'C', p=b'v'",
        "'M', 'C', p=[None]",
        "'M', 'C', p=['a', None]",
        "'M', 'C', p=()",
        "'M', 'C', p={}",
        "'M', 'C', [CIMParameter('p', 'uint8', value=None)]",
        "'M', 'C', [CIMParameter('p', 'uint8', is_array=True, value=[Uint8(1)])]",
        "'M', 'C', [CIMParameter('p', 'string', value=CIMInstance('E'))]",
        "'M', 'C', [CIMParameter('p', 'string', value=CIMInstance('E'), embedded_object='object')]",
        "'M', 'C', [CIMParameter('p', 'reference', value=CIMInstanceName('E'))]",
        "'M', 'C', {'p': 'v'}",
        "'M', 'C', (('p', 'v'),)",
        "'M', 'C', namespace='x'",
        "'M', CIMInstanceName('C', namespace='a/b', keybindings={'k': '\\u00e4\"'})",
        "'\\u00e4', 'C'",
    ],
    "ExecQuery": [
        "'WQL', 'SELECT * FROM C'",
        "'WQL', 'q', 'ns'",
        "QueryLanguage='l', Query='q', namespace='n'",
        "None, None",
        "'WQL'",
        "'DMTF:CQL', 'a<b&c'",
    ],
    "Associators": [
        NAME,
        "'C'",
        "CIMClassName('C', namespace='x')",
        f"{NAME}, 'A', 'R', 'Role', 'RR'",
        f"{NAME}, AssocClass=CIMClassName('A'), ResultClass=CIMClassName('R')",
        f"{NAME}, Role='r', ResultRole='s', IncludeQualifiers=True, IncludeClassOrigin=True, PropertyList=['a']",
        "None",
        "5",
        f"{NAME}, AssocClass=5",
        f"ObjectName={NAME}",
        "CIMInstanceName('C', namespace='x', host='h')",
        "b'C'",
    ],
    "AssociatorNames": [NAME, "'C'", f"{NAME}, 'A', 'R', 'Role', 'RR'", "None"],
    "References": [
        NAME,
        "'C'",
        f"{NAME}, 'R', 'Role'",
        f"{NAME}, ResultClass=CIMClassName('R'), Role='r', IncludeQualifiers=False, PropertyList=('a', 'b')",
        "None",
    ],
    "ReferenceNames": [NAME, "'C'", f"{NAME}, 'R', 'Role'", "None"],
    "EnumerateClasses": [
        "",
        "'ns'",
        "'ns', 'C'",
        "None, CIMClassName('C')",
        "ClassName='C', DeepInheritance=True, LocalOnly=False, IncludeQualifiers=False, IncludeClassOrigin=True",
        "ClassName=5",
    ],
    "EnumerateClassNames": ["", "'ns'", "'ns', 'C', True", "ClassName='C', DeepInheritance=False"],
    "GetClass": [
        "'C'",
        "'C', 'ns'",
        "CIMClassName('C', 'h', 'x')",
        "'C', LocalOnly=False, IncludeQualifiers=True, IncludeClassOrigin=True, PropertyList=['a']",
        "None",
        NAME,
    ],
    "CreateClass": [
        "CIMClass('C')",
        "CIMClass('C', [CIMProperty('P', None, 'string')], path=CIMClassName('C', namespace='x'))",
        "CIMClass('C'), 'ns'",
        "None",
        "'C'",
        "NewClass=CIMClass('C')",
        "CIMClass('C', [CIMProperty('P', 'v', class_origin='O', propagated=True)], [CIMMethod('m', 'uint8', class_origin='O', propagated=True)])",
    ],
    "ModifyClass": [
        "CIMClass('C')",
        "CIMClass('C'), 'ns'",
        "None",
        "ModifiedClass=CIMClass('C', superclass='S')",
    ],
    "DeleteClass": ["'C'", "'C', 'ns'", "CIMClassName('C', namespace='x')", "None"],
    "EnumerateQualifiers": ["", "'ns'", "namespace='x'"],
    "GetQualifier": ["'Q'", "'Q', 'ns'", "QualifierName='Q'", "None", "5"],
    "SetQualifier": [
        "CIMQualifierDeclaration('Q', 'string')",
        "CIMQualifierDeclaration('Q', 'string', ['a'], is_array=True, scopes={'CLASS': True}, overridable=False), 'ns'",
        "None",
        "'Q'",
    ],
    "DeleteQualifier": ["'Q'", "'Q', 'ns'", "None"],
    "ExportIndication": [
        "CIMInstance('CIM_Indication', {'a': 'b'})",
        "NewIndication=CIMInstance('X')",
        "None",
        "'X'",
        "CIMInstance('X', path=CIMInstanceName('X', namespace='n'))",
    ],
    "OpenEnumerateInstances": [
        "'C'",
        "'C', MaxObjectCount=5",
        "'C', 'ns', DeepInheritance=True, IncludeClassOrigin=False, PropertyList=['a'], FilterQueryLanguage='DMTF:FQL', FilterQuery='q', "
        "OperationTimeout=5, ContinueOnError=True, MaxObjectCount=0",
        "'C', MaxObjectCount=-1",
        "'C', MaxObjectCount='5'",
        "'C', MaxObjectCount=None",
        "'C', FilterQuery='q'",
        "'C', FilterQueryLanguage='l'",
        "'C', OperationTimeout=-1",
        "'C', OperationTimeout='x'",
        "'C', ContinueOnError='x'",
        "None",
        "'C', MaxObjectCount=Uint32(5)",
        "'C', LocalOnly=True",
        "'C', MaxObjectCount=1.5",
        "'C', MaxObjectCount=2**33",
        "'C', OperationTimeout=0",
        "'C', FilterQueryLanguage='x', FilterQuery='y'",
    ],
    "OpenEnumerateInstancePaths": [
        "'C'",
        "'C', 'ns', MaxObjectCount=5, FilterQueryLanguage='DMTF:FQL', FilterQuery='q'",
        "'C', ContinueOnError=False, OperationTimeout=3",
    ],
    "OpenAssociatorInstances": [
        NAME,
        f"{NAME}, 'A', 'R', 'Ro', 'RR', True, ['a'], 'L', 'Q', 3, False, 7",
        "'C'",
        "None",
        "CIMInstanceName('C', namespace='x')",
    ],
    "OpenAssociatorInstancePaths": [
        NAME,
        f"{NAME}, 'A', 'R', 'Ro', 'RR', 'L', 'Q', 3, False, 7",
        "'C'",
    ],
    "OpenReferenceInstances": [
        NAME,
        f"{NAME}, 'R', 'Ro', True, ['a'], 'L', 'Q', 3, False, 7",
        "'C'",
    ],
    "OpenReferenceInstancePaths": [NAME, f"{NAME}, 'R', 'Ro', 'L', 'Q', 3, False, 7", "'C'"],
    "OpenQueryInstances": [
        "'DMTF:CQL', 'q'",
        "'l', 'q', 'ns', True, 5, False, 7",
        "None, None",
        "FilterQueryLanguage='l', FilterQuery='q', ReturnQueryResultClass=True",
    ],
    "PullInstancesWithPath": [
        "('ctx', 'root'), 5",
        "('ctx', 'root')",
        "('ctx', 'root'), MaxObjectCount=0",
        "None, 5",
        "'ctx', 5",
        "('ctx',), 5",
        "('ctx', None), 5",
        "('ctx', 'root'), None",
        "('ctx', 'root'), -1",
        "('ctx', 'root'), 'x'",
        "['ctx', 'root'], 5",
        "(None, 'root'), 5",
        "(5, 'root'), 5",
        "context=('c', 'n'), MaxObjectCount=1",
        "('', 'root'), 5",
    ],
    "PullInstancePaths": ["('ctx', 'root'), 5", "None, 5", "('ctx', 'root'), '5'"],
    "PullInstances": ["('ctx', 'root'), 5", "None, 5", "('ctx', 'root'), 0"],
    "CloseEnumeration": ["('ctx', 'root')", "None", "'ctx'", "('ctx', None)", "context=('c', 'n')"],
    "IterEnumerateInstances": [
        "'C'",
        "'C', MaxObjectCount=5",
        "'C', MaxObjectCount=None",
        "'C', MaxObjectCount=0",
        "'C', OperationTimeout=5, ContinueOnError=True",
        "'C', FilterQueryLanguage='l', FilterQuery='q'",
        "'C', 'ns', LocalOnly=True, IncludeQualifiers=True",
        "None",
        "'C', MaxObjectCount=-1",
        "'C', FilterQuery='q'",
        "'C', MaxObjectCount='x'",
    ],
    "IterEnumerateInstancePaths": ["'C'", "'C', 'ns', 'l', 'q', 5, False, 3"],
    "IterAssociatorInstances": [
        NAME,
        f"{NAME}, 'A', 'R', 'Ro', 'RR', True, True, ['a'], 'l', 'q', 5, False, 3",
        "'C'",
    ],
    "IterAssociatorInstancePaths": [NAME, "'C'"],
    "IterReferenceInstances": [NAME, "'C'"],
    "IterReferenceInstancePaths": [NAME, "'C'"],
    "IterQueryInstances": ["'DMTF:CQL', 'q'", "'l', 'q', 'ns', True, 5, False, 3"],
}
CONNECTIONS = [
    *(
        f"WBEMConnection({url!r})"
        for url in (
            "http://h",
            "https://h",
            "http://h:5",
            "https://h:5/",
            "h",
            "h:5",
            "http://",
            "",
            "ftp://h",
            "HTTP://h",
            "http://[::1]",
            "http://[::1]:5",
            "http://h:x",
            "http://h:",
            "http://h/path",
            "http://h?x=y",
            "http://[fe80::1%eth0]:5",
            "http://[fe80::1-eth0]",
            "http://h:99999",
            "http://h:0",
            "//h",
            "http:/h",
            "http://a b",
            "/var/run/socket",
            "http://\u00e4",
            "http://h#f",
            " http://h",
            "http://h:5989/cimom",
        )
    ),
    "WBEMConnection(None)",
    "WBEMConnection(5)",
    "WBEMConnection(b'http://h')",
    "WBEMConnection()",
    *(
        f"WBEMConnection('http://h', {creds})"
        for creds in (
            "('u', 'p')",
            "['u', 'p']",
            "('u',)",
            "('u', 'p', 'q')",
            "'u'",
            "()",
            "(None, None)",
            "('u', None)",
            "('\u00e4', '\u00f6')",
            "5",
            "('', '')",
            "('u:x', 'p')",
            "('u', 5)",
            "(b'u', b'p')",
        )
    ),
    *(
        f"WBEMConnection('http://h', default_namespace={name})"
        for name in ("'a'", "'/a/'", "''", "None", "5", "'//a//b'")
    ),
    *(
        f"WBEMConnection('https://h', x509={value})"
        for value in (
            "{'cert_file': 'c', 'key_file': 'k'}",
            "{'cert_file': 'c'}",
            "{}",
            "{'key_file': 'k'}",
            "'c'",
            "('c', 'k')",
            "{'cert_file': 5}",
            "{'cert_file': 'c', 'key_file': 5}",
            "{'cert_file': 'c', 'foo': 1}",
            "{'cert_file': None}",
            "{'cert_file': 'c', 'key_file': None}",
            "{'key_file': 5}",
        )
    ),
    *(
        f"WBEMConnection('https://h', ca_certs={value})"
        for value in ("'/nonexistent'", "None", "''", "5", "['a']", "'.'")
    ),
    *(f"WBEMConnection('https://h', no_verification={value})" for value in ("True", "None", "'x'")),
    *(
        f"WBEMConnection('https://h', timeout={value})"
        for value in ("None", "0", "5", "5.5", "-1", "'5'", "10**10")
    ),
    *(
        f"WBEMConnection('https://h', use_pull_operations={value})"
        for value in ("True", "False", "None", "5")
    ),
    *(f"WBEMConnection('https://h', stats_enabled={value})" for value in ("True", "None")),
    *(
        f"WBEMConnection('https://h', proxies={value})"
        for value in ("{'http': 'http://p:1'}", "None", "'x'", "{}")
    ),
    "WBEMConnection('http://h', foo=1)",
]
SETTINGS = [
    "url",
    "scheme",
    "host",
    "port",
    "netloc",
    "creds",
    "default_namespace",
    "x509",
    "ca_certs",
    "no_verification",
    "timeout",
    "use_pull_operations",
    "stats_enabled",
    "proxies",
    "debug",
    "last_request",
    "last_raw_request",
    "last_reply",
    "last_raw_reply",
    "last_operation_time",
    "last_server_response_time",
    "last_request_len",
    "last_reply_len",
    "operation_recorders",
    "operation_recorder_enabled",
    "statistics",
    "conn_id",
    "is_subclassed",
    "last_raw_reply",
    "session",
]
SET = [("default_namespace", v) for v in ("'x'", "None", "'/a/'", "5")] + [
    ("debug", "True"),
    ("debug", "'x'"),
    ("timeout", "5"),
    ("creds", "('a', 'b')"),
    ("url", "'http://x'"),
    ("x509", "None"),
    ("ca_certs", "'x'"),
    ("no_verification", "True"),
    ("use_pull_operations", "True"),
    ("stats_enabled", "True"),
    ("operation_recorder_enabled", "False"),
    ("conn_id", "'x'"),
    ("session", "None"),
    ("proxies", "{}"),
    ("host", "'x'"),
    ("anything", "5"),
]
PULLED = """
def pull(objects, end, context='ctx'):
    more = '<PARAMVALUE NAME="EndOfSequence"><VALUE>%s</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext"><VALUE>%s</VALUE></PARAMVALUE>'
    one = '<VALUE.INSTANCEWITHPATH><INSTANCEPATH><NAMESPACEPATH><HOST>h</HOST><LOCALNAMESPACEPATH><NAMESPACE NAME="a"/></LOCALNAMESPACEPATH></NAMESPACEPATH><INSTANCENAME CLASSNAME="C"/></INSTANCEPATH><INSTANCE CLASSNAME="C"/></VALUE.INSTANCEWITHPATH>'
    return '<IRETURNVALUE>%s</IRETURNVALUE>' % (one * objects) + more % (end, context)
def answer(head, body):
    name = re.search(rb'IMETHODCALL NAME="(\\w+)"', body).group(1).decode()
    replies = PLAN[name]
    reply = replies.pop(0) if len(replies) > 1 else replies[0]
    return http(imethod(name, reply, False))
def names_sent():
    return [re.search(rb'METHODCALL NAME="(\\w+)"', body).group(1).decode() for head, body in SERVER.requests]
ERROR = '<ERROR CODE="7" DESCRIPTION="no"/>'
"""
ITERATIONS = {
    "once": "PLAN = {'OpenEnumerateInstances': [pull(2, 'TRUE', '')]}\nc = replying(answer)\nlen(list(c.IterEnumerateInstances('C'))), names_sent()",
    "twice": "PLAN = {'OpenEnumerateInstances': [pull(2, 'FALSE')], 'PullInstancesWithPath': [pull(1, 'FALSE', 'c2'), pull(0, 'TRUE')]}\nc = replying(answer)\nlen(list(c.IterEnumerateInstances('C', MaxObjectCount=2))), names_sent(), [body_of(i) for i in range(3)]",
    "fallback": "PLAN = {'OpenEnumerateInstances': [ERROR], 'EnumerateInstances': ['<IRETURNVALUE/>']}\nc = replying(answer)\nlen(list(c.IterEnumerateInstances('C'))), names_sent(), len(list(c.IterEnumerateInstances('C'))), names_sent(), c.use_pull_operations",
    "fallback-true": "PLAN = {'OpenEnumerateInstances': [ERROR]}\nc = replying(answer, use_pull_operations=True)\nlist(c.IterEnumerateInstances('C'))",
    "no-pull": "PLAN = {'EnumerateInstances': ['<IRETURNVALUE/>']}\nc = replying(answer, use_pull_operations=False)\nlist(c.IterEnumerateInstances('C', MaxObjectCount=None)), names_sent()",
    "no-pull-filter": "PLAN = {'EnumerateInstances': ['<IRETURNVALUE/>']}\nc = replying(answer, use_pull_operations=False)\nlist(c.IterEnumerateInstances('C', FilterQueryLanguage='l', FilterQuery='q'))",
    "no-pull-timeout": "PLAN = {'EnumerateInstances': ['<IRETURNVALUE/>']}\nc = replying(answer, use_pull_operations=False)\nlist(c.IterEnumerateInstances('C', OperationTimeout=3)), names_sent()",
    "no-pull-continue": "PLAN = {'EnumerateInstances': ['<IRETURNVALUE/>']}\nc = replying(answer, use_pull_operations=False)\nlist(c.IterEnumerateInstances('C', ContinueOnError=True)), names_sent()",
    "abandoned": "PLAN = {'OpenEnumerateInstances': [pull(2, 'FALSE')], 'CloseEnumeration': ['']}\nc = replying(answer)\ng = c.IterEnumerateInstances('C')\nnext(g)\ng.close()\nnames_sent()",
    "error-in-pull": "PLAN = {'OpenEnumerateInstances': [pull(1, 'FALSE')], 'PullInstancesWithPath': ['<ERROR CODE=\"1\"/>'], 'CloseEnumeration': ['']}\nc = replying(answer)\n[i for i in (outcome(lambda: list(c.IterEnumerateInstances('C'))),)], names_sent()",
    "lazy": "PLAN = {'OpenEnumerateInstances': [pull(1, 'FALSE')]}\nc = replying(answer)\ng = c.IterEnumerateInstances('C')\nnames_sent(), type(g).__name__",
    "lazy-error": "c = replying('')\ng = c.IterEnumerateInstances('C', MaxObjectCount=0)\n1",
    "open-error": "PLAN = {'OpenEnumerateInstances': ['<ERROR CODE=\"5\"/>']}\nc = replying(answer)\nlist(c.IterEnumerateInstances('C'))",
    "query": "PLAN = {'OpenQueryInstances': [pull(0, 'TRUE', '')]}\nc = replying(answer)\nr = c.IterQueryInstances('l', 'q')\ntype(r).__name__, list(r.generator), r.query_result_class",
    "query-fallback": "PLAN = {'OpenQueryInstances': [ERROR], 'ExecQuery': ['<IRETURNVALUE/>']}\nc = replying(answer)\nr = c.IterQueryInstances('l', 'q')\nlist(r.generator), r.query_result_class, names_sent()",
    "query-again": "PLAN = {'OpenQueryInstances': [ERROR], 'ExecQuery': ['<IRETURNVALUE><VALUE.OBJECT><INSTANCE CLASSNAME=\"C\"/></VALUE.OBJECT></IRETURNVALUE>']}\nc = replying(answer)\nr = c.IterQueryInstances('l', 'q')\nlen(list(r.generator)), len(list(r.generator))",
    "query-list": "PLAN = {'OpenQueryInstances': [ERROR], 'ExecQuery': ['<IRETURNVALUE><VALUE.OBJECT><INSTANCE CLASSNAME=\"C\"/></VALUE.OBJECT></IRETURNVALUE>']}\nc = replying(answer)\nlist(c.IterQueryInstances('l', 'q'))",
}
SESSION = {
    "closed": "c = replying(imethod('EnumerateClassNames', ''))\nc.close()\nc.EnumerateClassNames()",
    "close-twice": "c = replying('')\nc.close()\nc.close()",
    "with": "with replying(imethod('EnumerateClassNames', '')) as c:\n    r = c.EnumerateClassNames()\nr, c.session",
    "session-type": "type(replying('').session).__name__",
    "session-headers": "c = replying(imethod('EnumerateClassNames', ''))\nc.session.headers['X-Mine'] = 'v'\nc.EnumerateClassNames()\n[l for l in request_of() if l.startswith('X-Mine')]",
    "session-hook": "c = replying(imethod('EnumerateClassNames', ''))\nseen = []\nc.session.hooks['response'].append(lambda r, *a, **k: seen.append(r.status_code))\nc.EnumerateClassNames()\nseen",
    "session-auth": "c = replying(imethod('EnumerateClassNames', ''))\nc.session.auth = ('a', 'b')\nc.EnumerateClassNames()\n[l for l in request_of() if l.startswith('Auth')]",
    "session-adapters": "sorted(replying('').session.adapters)",
    "creds-sent": "c = replying(imethod('EnumerateClassNames', ''), creds=('u', 'p\\u00e4'))\nc.EnumerateClassNames()\nrequest_of()",
    "creds-called": "def sign(r):\n    r.headers['X-Mine'] = 'v'\n    return r\nc = replying(imethod('EnumerateClassNames', ''), creds=sign)\nc.EnumerateClassNames()\n[l for l in request_of() if l.startswith('X-Mine')]",
    "headers": "c = replying(imethod('EnumerateClassNames', ''))\nc.EnumerateClassNames()\nsorted(l.split(':')[0] for l in SERVER.requests[0][0].decode().splitlines()[1:])",
    "all-headers": "c = replying(imethod('EnumerateClassNames', ''))\nc.EnumerateClassNames()\nsorted(l for l in SERVER.requests[0][0].decode().splitlines() if 'User-agent' not in l and 'User-Agent' not in l)",
    "agent": "c = replying(imethod('EnumerateClassNames', ''))\nc.EnumerateClassNames()\n[scrub(l) for l in SERVER.requests[0][0].decode().splitlines() if l.lower().startswith('user-agent')]",
    "kept": "c = replying(imethod('EnumerateClassNames', ''))\nc.EnumerateClassNames(), c.EnumerateClassNames()\nlen(SERVER._open)",
    "copied": "c = replying('', creds=('u', 'p'), default_namespace='x')\nd = c.copy()\nd.creds, d.default_namespace, d.conn_id == c.conn_id, d.url == c.url",
    "refused": "c = WBEMConnection('http://127.0.0.1:1', timeout=30)\nc.GetClass('C')",
    "unknown-host": "WBEMConnection('http://no-such-host.invalid', timeout=30).GetClass('C')",
    "tls-to-plain": "c = replying(http('x'))\nWBEMConnection('https://127.0.0.1:%d' % SERVER.port, timeout=3).GetClass('C')",
    "plain-pickle": "pickle.dumps(replying('')) and 1",
    "deep": "copy.deepcopy(replying('')) and 1",
    "equal": "c = replying('')\nc == c, hash(c) == hash(c), c == replying('')",
    "subclass": "class Mine(WBEMConnection):\n    pass\nm = Mine('http://h')\nstr(m), repr(m)",
    "subclass-fake": "class Mine(FakedWBEMConnection):\n    pass\nm = Mine()\nstr(m), repr(m)",
    "overridden": "class Mine(WBEMConnection):\n    def EnumerateInstances(self, *a, **k):\n        return [CIMInstance('C', path=CIMInstanceName('C', {'k': 1}))]\nm = Mine('http://h', use_pull_operations=False)\nlist(m.IterEnumerateInstances('C'))",
    "imethodcall": "c = replying(imethod('X', ''))\nc.imethodcall('X', 'ns') if hasattr(c, 'imethodcall') else 0",
    "methodcall": "c = replying(method('X', ''))\nc.methodcall('X', 'C') if hasattr(c, 'methodcall') else 0",
    "error-instance": "c = replying(imethod('GetClass', '<ERROR CODE=\"6\"/>', False))\ntry:\n    c.GetClass('C')\nexcept CIMError as e:\n    r = attributes(e, 'conn_id', 'conn_str')\nr",
    "last": "c = replying(imethod('EnumerateClassNames', ''))\nc.EnumerateClassNames()\nc.last_request_len > 0, c.last_reply_len > 0, c.last_operation_time is None, c.last_raw_request, c.last_reply",
    "last-stats": "c = replying(imethod('EnumerateClassNames', ''), stats_enabled=True)\nc.EnumerateClassNames()\nc.last_operation_time > 0, c.last_server_response_time",
}


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    sent = {
        f"{name}({arguments})": f"c = replying(imethod('X', ''))\nfailed = outcome(lambda: [c.{name}({arguments})] and 0)\n"
        "(request_of(), body_of()) if SERVER.requests else failed"
        for name, calls in OPERATIONS.items()
        for arguments in calls
        if not name.startswith("Iter")
    }
    iterated = {
        f"{name}({arguments})": f"c = replying(imethod('X', ''))\nfailed = outcome(lambda: list(c.{name}({arguments})) and 0)\n"
        "(request_of(), body_of()) if SERVER.requests else failed"
        for name, calls in OPERATIONS.items()
        for arguments in calls
        if name.startswith("Iter")
    }
    refused = {
        f"{name}({arguments})": f"c = replying(imethod('X', ''))\nc.{name}({arguments})"
        for name, calls in OPERATIONS.items()
        for arguments in calls
    }
    parts = [
        "{0}.url, {0}.creds, {0}.default_namespace, {0}.x509, {0}.timeout, {0}.use_pull_operations",
        "repr({0})",
        "str({0})",
        "attributes({0}, 'conn_id', 'session', 'statistics')",
    ]
    return [
        table("requests/sent", sent),
        table("requests/iterated", iterated),
        table("requests/refused", refused),
        table("connection/new", [part.format(text) for text in CONNECTIONS for part in parts]),
        table(
            "connection/get",
            [
                f"getattr(WBEMConnection('https://h:5', ('u', 'p'), 'n'), {name!r})"
                for name in dict.fromkeys(SETTINGS)
                if name != "conn_id"
            ],
        ),
        table(
            "connection/set",
            [
                f"x = WBEMConnection('https://h:5')\nx.{name} = {value}\nx.{name}"
                for name, value in SET
            ],
        ),
        *apart("connection/iterate", ITERATIONS, PULLED),
        *apart("connection/session", SESSION),
    ]
