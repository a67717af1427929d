"""CIM objects: constructors, setters, comparison, dictionaries, paths, text forms."""

from __future__ import annotations

from typing import Dict, List

from tests.differential.sessions import Session, apart, table

NAMES = ["'C'", "'c_\u00e9'", "''", "' C '", "None", "5", "b'C'", "'CIM_Foo'", "[]"]
NAMESPACES = [
    *("'root/cimv2'", "'/root/cimv2/'", "'//root//a//'", "''", "None", "5", "b'root'", "'r:t'"),
    *("' root '", "'ROOT/CimV2'", "'/'"),
]
HOSTS = ["'server'", "'server:5989'", "'[::1]:5989'", "''", "None", "5", "b's'", "'SERVER'"]
KEYS = [
    "None",
    "{}",
    "{'k': 1}",
    "{'k': 'v'}",
    "{'K1': 'v', 'k2': 2}",
    "[('k', 1), ('j', 2)]",
    "(('k', 1),)",
    "{'k': None}",
    "{None: 1}",
    "{'k': True}",
    "{'k': 1.5}",
    "{'k': Uint8(5)}",
    "{'k': Real32(1.5)}",
    "{'k': b'v'}",
    "{'k': Char16('v')}",
    "{'k': CIMDateTime('20240229120000.000000+060')}",
    "{'k': datetime(2024, 2, 29)}",
    "{'k': timedelta(1)}",
    "{'k': CIMInstanceName('D', {'j': 1})}",
    "{'k': CIMClassName('D')}",
    "{'k': CIMInstance('D')}",
    "{'k': [1]}",
    "{'k': CIMProperty('k', 'v')}",
    "{'x': CIMProperty('k', 'v')}",
    "{'k': CIMProperty('k', 'v', type='char16')}",
    "{'k': CIMProperty('k', Uint8(1))}",
    "{'k': CIMProperty('k', None, type='string')}",
    "[CIMProperty('k', 'v')]",
    "{None: CIMProperty('k', 'v')}",
    "NocaseDict([('k', 1)])",
    "{'k': 1, 'K': 2}",
    "'k'",
    "5",
    "{5: 1}",
    "{'': 1}",
    "{'k': object()}",
    "OrderedDict([('b', 1), ('a', 2)])",
]
SCALARS = [
    *("None", "'v'", "''", "True", "1", "1.5", "b'v'", "Uint8(5)", "Sint64(-5)", "Real32(1.5)"),
    *("Real64(0.1)", "Char16('v')", "CIMDateTime('20240229120000.000000+060')", "timedelta(1)"),
    *("datetime(2024, 2, 29)", "CIMInstanceName('D', {'j': 1})", "CIMClassName('D')"),
    *("CIMInstance('D')", "CIMClass('D')", "[]", "[None]", "['v']", "['v', None]", "[Uint8(5)]"),
    *("[True]", "[1]", "[CIMInstance('D')]", "[CIMClass('D')]", "[CIMInstanceName('D')]", "('v',)"),
    *("object()", "{}", "[['v']]", "'a\"b\\\\c\\n\\t\\x07\u00e9'", "'x' * 200", "'word ' * 40"),
    *("['a', 'b\"c', 'x' * 90]", "[1.5]", "[Real32(1.5)]", "float('inf')", "Real64('nan')"),
    *("'<&>\\r'", "' lead'", "'\\n'", "'\U0001f600'"),
]
TYPES = [
    *("'string'", "'boolean'", "'char16'", "'datetime'", "'uint8'", "'sint64'", "'real32'"),
    *("'reference'", "None", "'foo'", "'Uint8'", "''", "5"),
]
PROPERTY_MORE = [
    "is_array=True",
    "is_array=False",
    "is_array=True, array_size=3",
    "array_size=3",
    "type='string', is_array=True",
    "type='string', embedded_object='instance'",
    "type='string', embedded_object='object'",
    "embedded_object='instance'",
    "embedded_object='foo'",
    "embedded_object=False",
    "type='reference', reference_class='D'",
    "reference_class='D'",
    "reference_class=b'D', type='reference'",
    "class_origin='O', propagated=True",
    "class_origin=5",
    "class_origin=b'O'",
    "propagated='yes'",
    "propagated=0",
    "qualifiers={'Key': CIMQualifier('Key', True)}",
    "qualifiers=[CIMQualifier('Key', True), CIMQualifier('a', 'b')]",
    "qualifiers={'Key': True}",
    "qualifiers={'Other': CIMQualifier('Key', True)}",
    "qualifiers={None: CIMQualifier('Key', True)}",
    "qualifiers=5",
    "foo=1",
]
QUALIFIER_MORE = [
    *("propagated=True", "propagated='x'", "overridable=False", "overridable='false'"),
    *("tosubclass=0, toinstance=1", "translatable=True", "translatable=None", "type='uint8'"),
    *("overridable=True, tosubclass=True, toinstance=True, translatable=True", "foo=1"),
]
SCOPES = [
    *("None", "{}", "{'CLASS': True}", "{'class': True}", "{'ANY': True}", "{'ANY': False}"),
    *("{'CLASS': False, 'PROPERTY': True}", "{'FOO': True}", "['CLASS']", "{'CLASS': None}"),
    *("{'CLASS': 'x'}", "[('CLASS', True), ('METHOD', False)]", "'CLASS'", "{None: True}"),
    *("NocaseDict({'CLASS': True})", "{'CLASS': True, 'ASSOCIATION': True, 'INDICATION': True}"),
]
OBJECTS = {
    "instance-name": "CIMInstanceName('C', {'k': 'v', 'n': 5}, 'h', 'root/cimv2')",
    "class-name": "CIMClassName('C', 'h', 'root/cimv2')",
    "instance": (
        "CIMInstance('C', {'P': 'v', 'U': Uint8(1), 'A': ['a', None], 'N': "
        "CIMProperty('N', None, 'string')}, {'Q': CIMQualifier('Q', True)}, "
        "CIMInstanceName('C', {'P': 'v'}))"
    ),
    "class": (
        "CIMClass('C', [CIMProperty('P', None, 'string', qualifiers=[CIMQualifier('Key', True)]),"
        "CIMProperty('A', None, 'uint8', is_array=True, array_size=4),"
        "CIMProperty('R', None, 'reference', reference_class='D'), CIMProperty('V', 'dft')],"
        "[CIMMethod('M', 'uint32', [CIMParameter('p', 'string'),"
        "CIMParameter('q', 'reference', reference_class='D', is_array=True)],"
        "qualifiers=[CIMQualifier('Description', 'text ' * 30)])], 'S',"
        "[CIMQualifier('Description', 'a'), CIMQualifier('ValueMap', ['1', '2'])])"
    ),
    "property": "CIMProperty('P', 'v', qualifiers={'Q': CIMQualifier('Q', 'x')})",
    "method": "CIMMethod('M', 'uint32', {'p': CIMParameter('p', 'string')}, 'O', False)",
    "parameter": "CIMParameter('p', 'uint8', is_array=True, array_size=2, value=[Uint8(1)])",
    "qualifier": "CIMQualifier('Q', ['a', 'b'], overridable=False, tosubclass=True)",
    "declaration": "CIMQualifierDeclaration('Q', 'string', 'x', scopes={'CLASS': True})",
}
SETTERS = {
    "instance-name": {
        "classname": NAMES,
        "keybindings": KEYS,
        "namespace": NAMESPACES,
        "host": HOSTS,
    },
    "class-name": {"classname": NAMES, "namespace": NAMESPACES, "host": HOSTS},
    "instance": {
        "classname": NAMES,
        "properties": [
            "None",
            "{}",
            "{'a': 1}",
            "{'a': 'x'}",
            "[CIMProperty('a', 'x')]",
            "5",
            "{'a': CIMProperty('b', 'x')}",
            "{'a': None}",
            "{'a': []}",
            "{None: 'x'}",
        ],
        "qualifiers": ["None", "{}", "{'q': True}", "[CIMQualifier('q', True)]", "5"],
        "path": ["None", "CIMInstanceName('D')", "'C.k=1'", "CIMClassName('C')", "5"],
    },
    "class": {
        "classname": NAMES,
        "superclass": NAMES,
        "properties": ["None", "[CIMProperty('a', None, 'string')]", "{'a': 'x'}", "5"],
        "methods": [
            "None",
            "[CIMMethod('m', 'string')]",
            "{'m': 'x'}",
            "{'x': CIMMethod('m', 'string')}",
        ],
        "qualifiers": ["None", "[CIMQualifier('q', True)]", "{'q': 'x'}"],
        "path": ["None", "CIMClassName('D')", "CIMInstanceName('D')", "'x'"],
    },
    "property": {
        "name": NAMES,
        "value": SCALARS,
        "type": TYPES,
        "is_array": ["True", "None", "0", "'x'"],
        "array_size": ["None", "3", "'3'", "-1"],
        "reference_class": NAMES,
        "embedded_object": ["None", "'instance'", "'object'", "'foo'", "False"],
        "class_origin": NAMES,
        "propagated": ["None", "True", "0", "'x'"],
        "qualifiers": ["None", "[CIMQualifier('q', True)]", "{'q': 'x'}"],
    },
    "method": {
        "name": NAMES,
        "return_type": TYPES,
        "parameters": ["None", "[CIMParameter('a', 'string')]", "{'a': 'string'}"],
        "class_origin": NAMES,
        "propagated": ["None", "True", "0", "'x'"],
        "qualifiers": ["None", "[CIMQualifier('q', True)]"],
        "methodname": ["'x'"],
    },
    "parameter": {
        "name": NAMES,
        "type": TYPES,
        "value": SCALARS,
        "is_array": ["True", "None", "0"],
        "array_size": ["None", "3", "'3'"],
        "reference_class": NAMES,
        "embedded_object": ["None", "'instance'", "'foo'"],
        "qualifiers": ["None", "[CIMQualifier('q', True)]"],
    },
    "qualifier": {
        "name": NAMES,
        "value": SCALARS,
        "type": TYPES,
        **{
            name: ["None", "True", "0", "'x'"]
            for name in ("propagated", "overridable", "tosubclass", "toinstance", "translatable")
        },
    },
    "declaration": {
        "name": NAMES,
        "type": TYPES,
        "value": SCALARS[:20],
        "scopes": SCOPES,
        "is_array": ["True", "None", "0"],
        "array_size": ["None", "3", "'3'"],
        **{
            name: ["None", "True", "0", "'x'"]
            for name in ("overridable", "tosubclass", "toinstance", "translatable")
        },
    },
}
LIKE_DICTIONARIES = [
    *("x['P']", "x['p']", "x['none']", "x[None]", "x[5]", "'p' in x", "'none' in x", "None in x"),
    *("len(x)", "list(x)", "list(x.keys())", "list(x.values())", "list(x.items())", "x.get('p')"),
    *("x.get('none')", "x.get('none', 5)", "x.get('none', default=5)", "x.has_key('p')"),
    *("list(x.iterkeys())", "list(x.itervalues())", "list(x.iteritems())", "del x['p']; len(x)"),
    *(
        "del x['none']",
        "x['new'] = 'v'; x",
        "x['p'] = None; x",
        "x['p'] = 5",
        "x.update({'p': 'n'}); x",
    ),
    *("x.update({'n': 'n'}, q='r'); x", "x.update_existing({'p': 'n', 'z': 1}); x", "x.pop('p')"),
    *("x.clear(); x", "x.update(x); x", "bool(x)", "x.setdefault('p', 1)", "x.update(None)"),
    *("x.update_existing(p='n'); x", "x.update([('p', 'n')]); x", "x['new'] = Uint8(5); x.path"),
    *(
        "x['K'] = 'w'; x.path",
        "x == x.copy()",
        "x != x.copy()",
        "hash(x) == hash(x.copy())",
        "x < x",
    ),
    *("x > x.copy()", "sorted([x, x])", "dict(x)", "{**x}", "x.popitem()", "x.fromkeys(['a'])"),
    *(
        "x['new'] = CIMProperty('new', 'v'); x",
        "x['other'] = CIMProperty('new', 'v')",
        "x['new'] = []",
    ),
    *("x['new'] = CIMProperty('NEW', 'v'); x", "x[''] = 'v'", "x['p'] = Uint8(3); x", "iter(x)"),
    *("x.more = 1; x.more", "x.__dict__", "vars(x)", "x.__slots__", "dir(x) == sorted(dir(x))"),
]
METHODS = {
    "instance": [
        "x.tomof(indent=2)",
        "x.tomof(maxline=40)",
        "x.tomof(2, 40)",
        "x.tomof(foo=1)",
        "x.tocimxml(ignore_path=True).toxml()",
        "x.tocimxmlstr(indent='  ')",
        "x.tocimxmlstr(indent=2, ignore_path=True)",
        "x.tocimxmlstr(4)",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('P', 'd')]))",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('P', 'd')]), namespace='n', "
        "property_values={'P': 'x'}, include_missing_properties=False)",
        "CIMInstance.from_class(CIMClass('C'), property_values={'Q': 'x'})",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('P', 'd')]), include_path=True)",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('K', 'd', qualifiers=["
        "CIMQualifier('Key', True)])]), namespace='n', include_path=True, strict=True)",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('K', None, 'string', qualifiers="
        "[CIMQualifier('Key', True)])]), namespace='n', include_path=True, strict=True)",
        "CIMInstance.from_class(CIMClass('C', [CIMProperty('E', None, 'string', embedded_object="
        "'instance', class_origin='X', propagated=True)]), include_class_origin=True)",
        "CIMInstance.from_class(5)",
        "CIMInstance.from_class(CIMClass('C'), namespace='n')",
    ],
    "class": [
        "x.tomof(maxline=40)",
        "x.tomof(30)",
        "x.tocimxmlstr(indent=2)",
        "x.tomof(maxline=-1)",
    ],
    "property": [
        "x.tomof(True)",
        "x.tomof(False)",
        "x.tomof(True, 4)",
        "x.tomof(is_instance=False, indent=2, maxline=30)",
        "x.tomof(True, 2, 40)",
    ],
    "method": ["x.tomof(2)", "x.tomof(indent=2, maxline=30)"],
    "parameter": [
        "x.tomof(2)",
        "x.tomof(indent=2, maxline=30)",
        "x.tocimxml(as_value=True).toxml()",
        "x.tocimxmlstr(as_value=True)",
        "x.tocimxmlstr(indent=2, as_value=True)",
    ],
    "qualifier": [
        "x.tomof(2)",
        "x.tomof(indent=2, maxline=20, line_pos=10)",
        "x.tomof(line_pos=70)",
    ],
    "declaration": ["x.tomof(20)", "x.tomof(maxline=20)"],
    "instance-name": [
        "x.tocimxml(ignore_host=True).toxml()",
        "x.tocimxml(ignore_namespace=True).toxml()",
        "x.tocimxmlstr(indent=2, ignore_host=True)",
        "x.to_wbem_uri()",
        "x.to_wbem_uri('foo')",
        "x.to_wbem_uri(format=None)",
        "x.get('K')",
        "x['K']",
        "x['none']",
        "list(x)",
        "len(x)",
        "'K' in x",
        "x.items()",
        "x.keys()",
        "x.values()",
        "list(x.iteritems())",
        "x.has_key('k')",
        "del x['k']; x",
        "x['k'] = 5; x",
        "x['new'] = 'a'; x",
        "x['new'] = None",
        "x.update({'k': 2}); x",
        "CIMInstanceName.from_instance(CIMClass('C'), CIMInstance('C', {'a': 1}))",
        "CIMInstanceName.from_instance(CIMClass('C', [CIMProperty('K', None, 'string', qualifiers="
        "[CIMQualifier('Key', True)])]), CIMInstance('C', {'K': 'v'}), namespace='n', host='h')",
        "CIMInstanceName.from_instance(CIMClass('C', [CIMProperty('K', None, 'string', qualifiers="
        "[CIMQualifier('Key', True)])]), CIMInstance('C', {'L': 'v'}), strict=True)",
        "CIMInstanceName.from_instance(CIMClass('C', [CIMProperty('K', None, 'string', qualifiers="
        "[CIMQualifier('Key', True)])]), CIMInstance('C', {'L': 'v'}))",
        "CIMInstanceName.from_instance(CIMClass('D', [CIMProperty('K', None, 'string', qualifiers="
        "[CIMQualifier('Key', True)])]), CIMInstance('C', {'K': 'v'}))",
        "x.pop('k')",
        "x.clear(); x",
        "x.setdefault('k')",
        "x.popitem()",
    ],
    "class-name": [
        "x.tocimxml(ignore_host=True).toxml()",
        "x.tocimxml(ignore_namespace=True).toxml()",
        "x.tocimxmlstr(ignore_namespace=True)",
        "x.to_wbem_uri('foo')",
        "str(x)",
    ],
}
VARIANTS: Dict[str, List[str]] = {
    "instance-name": [
        "CIMInstanceName('c', {'K': 'v'}, 'H', 'ROOT/cimv2')",
        "CIMInstanceName('C', {'k': 'v'}, 'h', 'root/cimv2')",
        "CIMInstanceName('C', {'k': 'V'}, 'h', 'root/cimv2')",
        "CIMInstanceName('C', {'k': 1})",
        "CIMInstanceName('C', {'k': True})",
        "CIMInstanceName('C', {'k': 1.0})",
        "CIMInstanceName('C', {'k': Uint8(1)})",
        "CIMInstanceName('C', {'k': '1'})",
        "CIMInstanceName('C', {'k': 1, 'l': 2})",
        "CIMInstanceName('C', {'l': 2, 'k': 1})",
        "CIMInstanceName('C')",
        "CIMInstanceName('C', {'k': CIMInstanceName('Stra\u00dfe')})",
        "CIMInstanceName('C', {'k': CIMInstanceName('STRASSE')})",
        "CIMClassName('C')",
        "'C.k=1'",
        "None",
    ],
    "instance": [
        "CIMInstance('C')",
        "CIMInstance('c')",
        "CIMInstance('C', {'P': 'v'})",
        "CIMInstance('C', {'p': 'v'})",
        "CIMInstance('C', {'P': 'V'})",
        "CIMInstance('C', [('A', 'a'), ('B', 'b')])",
        "CIMInstance('C', [('b', 'b'), ('a', 'a')])",
        "CIMInstance('C', path=CIMInstanceName('C'))",
        "CIMInstance('C', {'P': Uint8(1)})",
        "CIMInstance('C', {'P': Uint16(1)})",
        "CIMInstance('C', {'P': True})",
        "None",
        "'x'",
    ],
    "property": [
        "CIMProperty('P', 'v')",
        "CIMProperty('p', 'v')",
        "CIMProperty('P', 'V')",
        "CIMProperty('P', None, 'string')",
        "CIMProperty('P', ['v'])",
        "CIMProperty('P', 'v', class_origin='O')",
        "CIMProperty('P', 'v', class_origin='o')",
        "CIMProperty('P', 'v', propagated=False)",
        "CIMProperty('P', Uint8(1))",
        "CIMProperty('P', Sint8(1))",
        "CIMProperty('P', True)",
        "CIMProperty('P', Real32(1))",
        "None",
    ],
    "qualifier": [
        "CIMQualifier('Q', 'v')",
        "CIMQualifier('q', 'v')",
        "CIMQualifier('Q', 'v', overridable=True)",
        "CIMQualifier('Q', 'v', propagated=False)",
        "CIMQualifier('Q', ['v'])",
        "None",
    ],
    "class": [
        "CIMClass('C')",
        "CIMClass('c')",
        "CIMClass('C', superclass='S')",
        "CIMClass('C', superclass='s')",
        "CIMClass('C', methods=[CIMMethod('m', 'string')])",
        "CIMClass('C', path=CIMClassName('C'))",
        "None",
    ],
}
NOCASEDICT = [
    *(
        "NocaseDict()",
        "NocaseDict(a=1)",
        "NocaseDict({'A': 1}, b=2)",
        "NocaseDict([('A', 1), ('a', 2)])",
    ),
    *(
        "NocaseDict(None)",
        "NocaseDict(5)",
        "NocaseDict([1])",
        "NocaseDict({5: 1})",
        "NocaseDict({None: 1})",
    ),
    *(
        "NocaseDict(NocaseDict(a=1))",
        "d['a']",
        "d['b']",
        "d['x']",
        "d[None]",
        "d[5]",
        "'a' in d",
        "5 in d",
    ),
    *(
        "list(d)",
        "list(d.items())",
        "d == {'a': 1, 'b': 2}",
        "d == NocaseDict(b=2, A=1)",
        "d < d",
        "d >= d",
    ),
    *(
        "d.copy()",
        "copy.copy(d)",
        "copy.deepcopy(d)",
        "pickle.loads(pickle.dumps(d))",
        "hash(d) == hash(d.copy())",
    ),
    *(
        "d.setdefault('A', 5)",
        "d.setdefault('n', 5); d",
        "d.setdefault('n'); d",
        "d.pop('a')",
        "d.pop('x')",
    ),
    *(
        "d.pop('x', 5)",
        "d.popitem()",
        "d.update({'A': 3}); d",
        "d.update(c=3); d",
        "d.update([('c', 3)], e=4); d",
    ),
    *(
        "d.update({'c': 1}, {'e': 2})",
        "d.update(5)",
        "d.clear(); d",
        "d['C'] = 1; d",
        "d[None] = 1",
        "d[5] = 1",
    ),
    *(
        "del d['a']; d",
        "del d['x']",
        "d.has_key('a')",
        "list(d.iterkeys())",
        "d.fromkeys(['a', 'A'], 1)",
        "len(d)",
    ),
    *(
        "repr(d)",
        "str(d)",
        "d.get('a')",
        "d.get('x', 5)",
        "d | {'c': 1}",
        "reversed(d)",
        "list(reversed(d))",
    ),
    *(
        "d.keys()",
        "d.values()",
        "d.items()",
        "bool(NocaseDict())",
        "dict(d)",
        "d != {'A': 1, 'B': 2}",
    ),
    *(
        "d.keys() == {'A', 'b'}",
        "isinstance(d, dict)",
        "d.allow_unnamed_keys",
        "d.viewkeys()",
        "d['\u00df'] = 1; 'SS' in d",
    ),
]


def constructors() -> List[Session]:
    """Return the sessions that make objects."""
    setup = "from datetime import datetime, timedelta\nfrom collections import OrderedDict"
    paths = [
        *(f"CIMInstanceName({name})" for name in NAMES),
        *(f"CIMInstanceName('C', {keys})" for keys in KEYS),
        *(f"CIMInstanceName('C', {{'k': 1}}, namespace={name})" for name in NAMESPACES),
        *(f"CIMInstanceName('C', {{'k': 1}}, namespace='n', host={name})" for name in HOSTS),
        "CIMInstanceName()",
        "CIMInstanceName('C', foo=1)",
        "CIMInstanceName('C', {}, 'h', 'n', 5)",
        *(f"CIMClassName({name})" for name in NAMES),
        *(f"CIMClassName('C', namespace={name})" for name in NAMESPACES),
        *(f"CIMClassName('C', 'n', {name})" for name in HOSTS),
    ]
    properties = [
        *(f"CIMProperty({name}, 'v')" for name in NAMES),
        *(f"CIMProperty('P', {value})" for value in SCALARS),
        *(f"CIMProperty('P', {value}, {kind})" for value in SCALARS for kind in TYPES),
        *(
            f"CIMProperty('P', {value}, {more})"
            for value in (
                "None",
                "'v'",
                "['v']",
                "CIMInstance('D')",
                "[CIMClass('D')]",
                "CIMInstanceName('D')",
            )
            for more in PROPERTY_MORE
        ),
        "CIMProperty()",
        "CIMProperty('P')",
    ]
    instances = [
        *(f"CIMInstance({name})" for name in NAMES),
        *(f"CIMInstance('C', {{'P': {value}}})" for value in SCALARS),
        *(f"CIMInstance('C', {value})" for value in KEYS),
        *(
            f"CIMInstance('C', {{'P': 'v'}}, {value})"
            for value in SETTERS["instance"]["qualifiers"]
        ),
        *(f"CIMInstance('C', {{'P': 'v'}}, path={value})" for value in SETTERS["instance"]["path"]),
        "CIMInstance('C', {'P': 'v'}, None, None, ['P'])",
        "CIMInstance('C', {'P': 'v', 'Q': 'w'}, property_list=['p'])",
        "CIMInstance('C', foo=1)",
        "CIMInstance()",
        "CIMInstance('C', {'P': 'v'}, path=CIMInstanceName('C', {'P': 'x'}))",
    ]
    others = [
        *(f"CIMQualifier({name}, 'v')" for name in NAMES),
        *(f"CIMQualifier('Q', {value})" for value in SCALARS),
        *(f"CIMQualifier('Q', {value}, {kind})" for value in SCALARS[:24] for kind in TYPES),
        *(f"CIMQualifier('Q', 'v', {more})" for more in QUALIFIER_MORE),
        *(f"CIMQualifierDeclaration({name}, 'string')" for name in NAMES),
        *(f"CIMQualifierDeclaration('Q', {kind})" for kind in TYPES),
        *(f"CIMQualifierDeclaration('Q', 'string', scopes={scopes})" for scopes in SCOPES),
        *(
            f"CIMQualifierDeclaration('Q', {kind}, {value})"
            for kind in ("'string'", "'uint8'", "'boolean'", "'datetime'", "'char16'")
            for value in SCALARS
        ),
        "CIMQualifierDeclaration('Q', 'string', is_array=True, array_size=3)",
        "CIMQualifierDeclaration('Q', 'string', array_size=3)",
        "CIMQualifierDeclaration('Q', 'string', ['a'], is_array=False)",
        *(f"CIMMethod({name}, 'string')" for name in NAMES),
        *(f"CIMMethod('M', {kind})" for kind in TYPES),
        "CIMMethod('M')",
        "CIMMethod(methodname='M', return_type='string')",
        *(f"CIMMethod('M', 'string', {value})" for value in SETTERS["method"]["parameters"]),
        *(f"CIMParameter({name}, 'string')" for name in NAMES),
        *(f"CIMParameter('p', {kind})" for kind in TYPES),
        *(
            f"CIMParameter('p', {kind}, value={value})"
            for kind in ("'string'", "'uint8'", "'reference'", "'boolean'")
            for value in SCALARS
        ),
        *(f"CIMParameter('p', 'string', {more})" for more in PROPERTY_MORE[:13]),
        *(f"CIMClass({name})" for name in NAMES),
        *(f"CIMClass('C', superclass={name})" for name in NAMES),
        *(
            f"CIMClass('C', {name}={value})"
            for name in ("properties", "methods", "qualifiers", "path")
            for value in SETTERS["class"][name]
        ),
    ]
    parts = {"path": paths, "property": properties, "instance": instances, "other": others}
    return [
        table(f"objects/new-{name}", dict.fromkeys(sources) and {s: s for s in sources}, setup)
        for name, sources in parts.items()
    ]


def used() -> List[Session]:
    """Return the sessions that change, compare and ask objects."""
    found: List[Session] = []
    setup = "from datetime import datetime, timedelta\nfrom collections import OrderedDict"
    for name, source in OBJECTS.items():
        found.append(
            table(
                f"objects/set-{name}",
                [
                    f"setting({source}, {attribute!r}, {value})"
                    for attribute, values in SETTERS[name].items()
                    for value in values
                ]
                and {
                    f"{attribute}={value}": f"setting({source}, {attribute!r}, {value})"
                    for attribute, values in SETTERS[name].items()
                    for value in values
                },
                setup,
            )
        )
        found.append(
            table(
                f"objects/whole-{name}",
                {
                    "forms": source,
                    "attributes": f"attributes({source})",
                    "alike": f"alike({source}, {source}.copy())",
                    **{
                        f"pickle-{n}": f"pickle.loads(pickle.dumps({source}, {n}))"
                        for n in range(5)
                    },
                    "slots": f"hasattr({source}, '__dict__')",
                },
            )
        )
        found += apart(f"objects/call-{name}", METHODS.get(name, []), f"x = {source}")
    found += apart(
        "objects/dictionary",
        LIKE_DICTIONARIES,
        "x = CIMInstance('C', [('P', 'v'), ('K', 'k')], path=CIMInstanceName('C', {'K': 'k'}))",
    )
    found += apart("objects/nocasedict", NOCASEDICT, "d = NocaseDict([('A', 1), ('B', 2)])")
    for name, variants in VARIANTS.items():
        found.append(
            table(
                f"objects/compare-{name}",
                [f"alike({one}, {other})" for one in variants[:-1] for other in variants],
            )
        )
    return found


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    return constructors() + used()
