"""Sessions with the mock: all operations, providers, repository, display."""

from __future__ import annotations

from typing import List

from tests.differential.cases.mof_cases import PRELUDE
from tests.differential.sessions import Session, apart, table

MODEL = """
class CIM_Base { [Key, Description("id")] string InstanceID; string Caption = "cap"; };
class TST_Person : CIM_Base { string Name; uint8 Age = 5; string Tags[]; datetime Born;
  [EmbeddedInstance("D")] string Extra; uint32 Greet([In] string text, [In(false), Out] string reply); };
class TST_Child : TST_Person { [Override("Caption")] string Caption = "child"; uint8 Grade; };
[Abstract] class TST_Abstract : CIM_Base { };
[Association] class TST_Family { [Key] TST_Person REF parent; [Key] TST_Person REF child; string note; };
[Association] class TST_Owns { [Key] TST_Person REF owner; [Key] D REF thing; };
instance of TST_Person as $p1 { InstanceID = "p1"; Name = "Ann"; Age = 40; Tags = {"a", "b"}; };
instance of TST_Person as $p2 { InstanceID = "p2"; Name = "Bob"; };
instance of TST_Child as $c1 { InstanceID = "c1"; Name = "Cid"; Grade = 3; };
instance of D as $d1 { k = 1; s = "one"; };
instance of TST_Family { parent = $p1; child = $c1; note = "n"; };
instance of TST_Family { parent = $p2; child = $c1; };
instance of TST_Owns { owner = $p1; thing = $d1; };
"""
SETUP = f"""
conn = FakedWBEMConnection()
with printed():
    conn.compile_mof_string({PRELUDE + MODEL!r})
def path(key, cls='TST_Person', **more):
    return CIMInstanceName(cls, {{'InstanceID': key}}, **more)
P1, P2, C1 = path('p1'), path('p2'), path('c1', 'TST_Child')
def spec(*paths):
    return sorted(str(p) for p in paths)
"""
READS = [
    *(
        f"c.EnumerateInstances({a})"
        for a in (
            "'TST_Person'",
            "'tst_person'",
            "'TST_Child'",
            "'CIM_Base'",
            "'Nope'",
            "'TST_Person', DeepInheritance=False",
            "'TST_Person', LocalOnly=True",
            "'TST_Person', LocalOnly=False",
            "'TST_Person', PropertyList=['name']",
            "'TST_Person', PropertyList=[]",
            "'TST_Person', PropertyList=['Nope']",
            "'TST_Person', IncludeClassOrigin=True",
            "'TST_Person', IncludeQualifiers=True",
            "'TST_Person', 'nope'",
            "'TST_Child', LocalOnly=True, DeepInheritance=False",
            "'TST_Family'",
            "'D'",
            "'TST_Abstract'",
            "''",
            "None",
        )
    ),
    *(
        f"c.EnumerateInstanceNames({a})"
        for a in (
            "'TST_Person'",
            "'tst_child'",
            "'CIM_Base'",
            "'Nope'",
            "'TST_Person', 'nope'",
            "'TST_Family'",
        )
    ),
    *(
        f"c.GetInstance({a})"
        for a in (
            "P1",
            "path('nope')",
            "C1",
            "path('c1')",
            "path('p1', 'TST_Child')",
            "path('p1', 'Nope')",
            "path('p1', namespace='nope')",
            "P1, LocalOnly=True",
            "C1, LocalOnly=False",
            "C1, LocalOnly=True",
            "P1, PropertyList=['NAME', 'x']",
            "P1, PropertyList=[]",
            "P1, IncludeClassOrigin=True",
            "P1, IncludeQualifiers=True",
            "CIMInstanceName('tst_person', {'INSTANCEID': 'p1'})",
            "CIMInstanceName('TST_Person')",
            "CIMInstanceName('TST_Person', {'InstanceID': 'P1'})",
            "CIMInstanceName('TST_Person', {'InstanceID': 'p1', 'x': 1})",
            "CIMInstanceName('D', {'k': 1})",
            "CIMInstanceName('D', {'k': Uint8(1)})",
            "CIMInstanceName('D', {'k': '1'})",
            "path('p1', host='h')",
        )
    ),
    *(
        f"c.EnumerateClasses({a})"
        for a in (
            "",
            "ClassName='CIM_Base'",
            "DeepInheritance=True",
            "ClassName='TST_Child'",
            "ClassName='Nope'",
            "namespace='nope'",
            "LocalOnly=False, DeepInheritance=True",
            "IncludeQualifiers=False",
            "IncludeClassOrigin=True, DeepInheritance=True",
            "LocalOnly=False, IncludeClassOrigin=True, DeepInheritance=True",
        )
    ),
    *(
        f"c.EnumerateClassNames({a})"
        for a in (
            "",
            "DeepInheritance=True",
            "ClassName='cim_base'",
            "ClassName='CIM_Base', DeepInheritance=True",
            "ClassName='Nope'",
            "namespace='nope'",
        )
    ),
    *(
        f"c.GetClass({a})"
        for a in (
            "'TST_Child'",
            "'tst_child'",
            "'Nope'",
            "'TST_Child', LocalOnly=False",
            "'TST_Child', LocalOnly=True",
            "'TST_Child', IncludeQualifiers=False",
            "'TST_Child', IncludeClassOrigin=True, LocalOnly=False",
            "'TST_Child', LocalOnly=False, PropertyList=['name']",
            "'TST_Child', PropertyList=[]",
            "'TST_Person', 'nope'",
            "'TST_Family'",
            "''",
        )
    ),
    *(f"c.EnumerateQualifiers({a})" for a in ("", "'nope'")),
    *(f"c.GetQualifier({a})" for a in ("'Key'", "'key'", "'Nope'", "'Key', 'nope'")),
    *(
        f"ordered(c.{op}({a}))"
        for op in ("Associators", "AssociatorNames")
        for a in (
            "P1",
            "C1",
            "'TST_Person'",
            "'TST_Child'",
            "'Nope'",
            "path('nope')",
            "P1, AssocClass='TST_Family'",
            "P1, AssocClass='tst_owns'",
            "P1, AssocClass='Nope'",
            "P1, ResultClass='TST_Child'",
            "P1, ResultClass='TST_Person'",
            "P1, ResultClass='CIM_Base'",
            "P1, ResultClass='D'",
            "P1, ResultClass='Nope'",
            "P1, Role='parent'",
            "P1, Role='child'",
            "P1, Role='PARENT'",
            "P1, Role='nope'",
            "C1, ResultRole='parent'",
            "C1, ResultRole='nope'",
            "C1, 'TST_Family', 'TST_Person', 'child', 'parent'",
            "CIMInstanceName('D', {'k': 1})",
            "CIMClassName('TST_Person')",
            "path('p1', namespace='nope')",
            "'TST_Person', ResultClass='D'",
            "path('p1', 'TST_Child')",
        )
    ),
    *(
        f"ordered(c.Associators({a}))"
        for a in (
            "P1, PropertyList=['k']",
            "P1, IncludeQualifiers=True, IncludeClassOrigin=True",
            "'TST_Person', IncludeQualifiers=False",
            "'TST_Person', PropertyList=[]",
        )
    ),
    *(
        f"ordered(c.{op}({a}))"
        for op in ("References", "ReferenceNames")
        for a in (
            "P1",
            "C1",
            "'TST_Person'",
            "'TST_Child'",
            "'Nope'",
            "path('nope')",
            "P1, ResultClass='TST_Family'",
            "P1, ResultClass='Nope'",
            "P1, Role='parent'",
            "P1, Role='nope'",
            "C1, 'tst_family', 'CHILD'",
            "CIMInstanceName('D', {'k': 1})",
            "path('p1', namespace='nope')",
        )
    ),
    *(
        f"ordered(c.References({a}))"
        for a in (
            "P1, PropertyList=['note']",
            "P1, IncludeQualifiers=True, IncludeClassOrigin=True",
        )
    ),
    *(
        f"c.{op}({a})"
        for op in ("OpenEnumerateInstances", "OpenEnumerateInstancePaths")
        for a in (
            "'TST_Person'",
            "'TST_Person', MaxObjectCount=10",
            "'Nope', MaxObjectCount=10",
            "'TST_Person', 'nope'",
            "'TST_Person', MaxObjectCount=10, FilterQueryLanguage='DMTF:FQL'",
            "'TST_Person', MaxObjectCount=10, FilterQueryLanguage='x', FilterQuery='y'",
            "'TST_Person', MaxObjectCount=10, ContinueOnError=True",
            "'TST_Person', MaxObjectCount=10, OperationTimeout=10**6",
            "'TST_Person', MaxObjectCount=10, OperationTimeout=0",
        )
    ),
    *(
        f"ordered(c.{op}({a}))"
        for op in (
            "OpenAssociatorInstances",
            "OpenAssociatorInstancePaths",
            "OpenReferenceInstances",
            "OpenReferenceInstancePaths",
        )
        for a in (
            "P1, MaxObjectCount=10",
            "path('nope'), MaxObjectCount=10",
            "path('p1', 'Nope'), MaxObjectCount=10",
        )
    ),
    *(
        f"list(c.{op}({a}))"
        for op in ("IterEnumerateInstances", "IterEnumerateInstancePaths")
        for a in ("'TST_Person', MaxObjectCount=1", "'Nope'", "'TST_Person', MaxObjectCount=100")
    ),
    *(
        f"ordered(list(c.{op}({a})))"
        for op in (
            "IterAssociatorInstances",
            "IterAssociatorInstancePaths",
            "IterReferenceInstances",
            "IterReferenceInstancePaths",
        )
        for a in ("P1, MaxObjectCount=1", "path('nope')", "P1, Role='child'")
    ),
    "c.ExecQuery('WQL', 'SELECT * FROM TST_Person')",
    "c.ExecQuery('DMTF:CQL', 'SELECT * FROM TST_Person')",
    "c.ExecQuery('x', 'y')",
    "c.OpenQueryInstances('DMTF:CQL', 'q')",
    "c.InvokeMethod('Greet', P1)",
    "c.InvokeMethod('Nope', P1)",
    "c.InvokeMethod('Greet', 'TST_Person')",
    "c.InvokeMethod('Greet', path('nope'))",
    "c.InvokeMethod('Greet', 'Nope')",
    "c.InvokeMethod('greet', P1, text='x')",
    "c.InvokeMethod('Greet', P1, zz='x')",
    "c.ExportIndication(CIMInstance('X'))",
    "c.PullInstances(('x', 'root/cimv2'), 5)",
    "c.PullInstancesWithPath(('x', 'root/cimv2'), 5)",
    "c.CloseEnumeration(('x', 'root/cimv2'))",
]
SESSIONS = {
    "pull": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=1)\ns = c.PullInstancesWithPath(r.context, 1)\nt = c.PullInstancesWithPath(r.context, 10)\n[len(x.instances) for x in (r, s, t)], [x.eos for x in (r, s, t)], t.context",
    "pull-wrong-kind": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=1)\nc.PullInstancePaths(r.context, 1)",
    "pull-closed": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=1)\nc.CloseEnumeration(r.context)\nc.PullInstancesWithPath(r.context, 1)",
    "pull-after-end": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=1)\nc.PullInstancesWithPath(r.context, 10)\nc.PullInstancesWithPath(r.context, 10)",
    "pull-zero": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=0)\nlen(r.instances), r.eos, len(c.PullInstancesWithPath(r.context, 0).instances)",
    "close-end": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=100)\nc.CloseEnumeration(r.context)",
    "no-pull": "x = FakedWBEMConnection(disable_pull_operations=True)\nx.OpenEnumerateInstances('C')",
    "disable": "c.disable_pull_operations = True\nlist(c.IterEnumerateInstances('TST_Person'))",
    "contexts": "r = c.OpenEnumerateInstances('TST_Person', MaxObjectCount=1)\nc._mainprovider.enumeration_contexts and len(c._mainprovider.enumeration_contexts)",
    "create": "p = c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'Name': 'Eve'}))\np, c.GetInstance(p)",
    "create-existing": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'p1'}))",
    "create-nope": "c.CreateInstance(CIMInstance('Nope', {'InstanceID': 'p1'}))",
    "create-property": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'zz': 1}))",
    "create-type": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'Age': 'x'}))",
    "create-type-2": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'Age': Uint16(3)}))",
    "create-array": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'Tags': 'x'}))",
    "create-no-key": "c.CreateInstance(CIMInstance('TST_Person', {'Name': 'x'}))",
    "create-null-key": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': CIMProperty('InstanceID', None, 'string')}))",
    "create-abstract": "c.CreateInstance(CIMInstance('TST_Abstract', {'InstanceID': 'n'}))",
    "create-namespace": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n'}), namespace='nope')",
    "create-path": "c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n'}, path=CIMInstanceName('TST_Person', {'InstanceID': 'other'})))",
    "create-case": "p = c.CreateInstance(CIMInstance('tst_person', {'instanceid': 'n', 'NAME': 'x'}))\np, c.GetInstance(p)",
    "create-embedded": "p = c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n', 'Extra': CIMInstance('D', {'k': Uint8(1)})}))\nc.GetInstance(p)",
    "create-association": "p = c.CreateInstance(CIMInstance('TST_Family', {'parent': P1, 'child': P2}))\np, c.AssociatorNames(P2)",
    "create-association-null": "c.CreateInstance(CIMInstance('TST_Family', {'parent': P1, 'child': CIMProperty('child', None, 'reference')}))",
    "create-association-nope": "c.CreateInstance(CIMInstance('TST_Family', {'parent': P1, 'child': path('nope')}))",
    "create-association-host": "c.CreateInstance(CIMInstance('TST_Family', {'parent': path('p1', host='h', namespace='root/cimv2'), 'child': P2}))",
    "create-association-half": "c.CreateInstance(CIMInstance('TST_Family', {'parent': P1}))",
    "create-qualified": "p = c.CreateInstance(CIMInstance('TST_Person', {'InstanceID': 'n'}, {'q': CIMQualifier('q', 'x')}))\nc.GetInstance(p)",
    "modify": "i = c.GetInstance(P1)\ni['Name'] = 'New'\nc.ModifyInstance(i)\nc.GetInstance(P1)",
    "modify-list": "i = c.GetInstance(P1)\ni['Name'] = 'New'\ni['Age'] = Uint8(9)\nc.ModifyInstance(i, PropertyList=['Age'])\nc.GetInstance(P1)",
    "modify-key": "i = c.GetInstance(P1)\ni['InstanceID'] = 'New'\nc.ModifyInstance(i)",
    "modify-nope": "i = c.GetInstance(P1)\ni.path = path('zz')\nc.ModifyInstance(i)",
    "modify-property": "i = c.GetInstance(P1)\ni['zz'] = 'New'\nc.ModifyInstance(i)",
    "modify-type": "i = c.GetInstance(P1)\ni['Age'] = 'x'\nc.ModifyInstance(i)",
    "modify-few": "c.ModifyInstance(CIMInstance('TST_Person', {'Name': 'x'}, path=P1))\nc.GetInstance(P1)",
    "modify-null": "c.ModifyInstance(CIMInstance('TST_Person', {'Name': CIMProperty('Name', None, 'string')}, path=P1))\nc.GetInstance(P1)",
    "modify-list-nope": "i = c.GetInstance(P1)\nc.ModifyInstance(i, PropertyList=['zz'])",
    "modify-list-empty": "i = c.GetInstance(P1)\ni['Name'] = 'x'\nc.ModifyInstance(i, PropertyList=[])\nc.GetInstance(P1)",
    "modify-list-missing": "c.ModifyInstance(CIMInstance('TST_Person', {'Name': 'x'}, path=P1), PropertyList=['Age'])\nc.GetInstance(P1)",
    "modify-class": "c.ModifyInstance(CIMInstance('TST_Child', {'Name': 'x'}, path=P1))",
    "modify-association": "i = c.EnumerateInstances('TST_Family')[0]\ni['note'] = 'x'\nc.ModifyInstance(i)\nc.GetInstance(i.path)",
    "modify-association-null": "i = c.EnumerateInstances('TST_Family')[0]\ni.properties['child'].value = None\nc.ModifyInstance(i)",
    "modify-namespace": "i = c.GetInstance(P1)\ni.path.namespace = 'nope'\nc.ModifyInstance(i)",
    "delete": "c.DeleteInstance(P1)\nc.EnumerateInstanceNames('TST_Person'), c.EnumerateInstanceNames('TST_Family')",
    "delete-nope": "c.DeleteInstance(path('zz'))",
    "delete-twice": "c.DeleteInstance(P2)\nc.DeleteInstance(P2)",
    "delete-no-class": "c.DeleteInstance(path('p1', 'Nope'))",
    "delete-namespace": "c.DeleteInstance(path('p1', namespace='nope'))",
    "create-class": "c.CreateClass(CIMClass('N', [CIMProperty('x', None, 'string')], superclass='CIM_Base'))\nc.GetClass('N', LocalOnly=False, IncludeClassOrigin=True)",
    "create-class-existing": "c.CreateClass(CIMClass('D'))",
    "create-class-super": "c.CreateClass(CIMClass('N', superclass='Nope'))",
    "create-class-override": "c.CreateClass(CIMClass('N', [CIMProperty('Caption', None, 'string')], superclass='CIM_Base'))",
    "create-class-override-q": "c.CreateClass(CIMClass('N', [CIMProperty('Caption', 'z', 'string', qualifiers=[CIMQualifier('Override', 'Caption')])], superclass='CIM_Base'))\nc.GetClass('N')",
    "create-class-qualifier": "c.CreateClass(CIMClass('N', qualifiers=[CIMQualifier('Nope', True)]))",
    "create-class-qualifier-type": "c.CreateClass(CIMClass('N', qualifiers=[CIMQualifier('Version', True)]))",
    "create-class-qualifier-scope": "c.CreateClass(CIMClass('N', qualifiers=[CIMQualifier('Key', True)]))",
    "create-class-reference": "c.CreateClass(CIMClass('N', [CIMProperty('r', None, 'reference', reference_class='Nope')]))",
    "create-class-embedded": "c.CreateClass(CIMClass('N', [CIMProperty('r', None, 'string', qualifiers=[CIMQualifier('EmbeddedInstance', 'Nope')])]))",
    "create-class-namespace": "c.CreateClass(CIMClass('N'), namespace='nope')",
    "create-class-key": "c.CreateClass(CIMClass('N', [CIMProperty('k2', None, 'string', qualifiers=[CIMQualifier('Key', True)])], superclass='CIM_Base'))",
    "create-class-method": "c.CreateClass(CIMClass('N', methods=[CIMMethod('m', 'uint32', [CIMParameter('p', 'string')])]))\nc.GetClass('N')",
    "modify-class-d": "x = c.GetClass('D')\nx.properties['n'] = CIMProperty('n', None, 'string')\nc.ModifyClass(x)",
    "modify-class-child": "x = c.GetClass('CIM_Base')\nc.ModifyClass(x)",
    "modify-class-nope": "c.ModifyClass(CIMClass('Nope'))",
    "modify-class-free": "c.CreateClass(CIMClass('N'))\nc.ModifyClass(CIMClass('N', [CIMProperty('x', None, 'string')]))\nc.GetClass('N')",
    "modify-class-super": "c.CreateClass(CIMClass('N'))\nc.ModifyClass(CIMClass('N', superclass='D'))",
    "delete-class": "c.DeleteClass('TST_Abstract')\nc.EnumerateClassNames(DeepInheritance=True)",
    "delete-class-child": "c.DeleteClass('CIM_Base')",
    "delete-class-instances": "c.DeleteClass('D')",
    "delete-class-nope": "c.DeleteClass('Nope')",
    "delete-class-ns": "c.DeleteClass('D', 'nope')",
    "set-qualifier": "c.SetQualifier(CIMQualifierDeclaration('N', 'string', scopes={'CLASS': True}))\nc.GetQualifier('N')",
    "set-qualifier-again": "c.SetQualifier(CIMQualifierDeclaration('Key', 'string'))\nc.GetQualifier('Key')",
    "set-qualifier-ns": "c.SetQualifier(CIMQualifierDeclaration('N', 'string'), 'nope')",
    "delete-qualifier": "c.DeleteQualifier('MaxLen')\nc.GetQualifier('MaxLen')",
    "delete-qualifier-used": "c.DeleteQualifier('Key')",
    "delete-qualifier-nope": "c.DeleteQualifier('Nope')",
    "namespaces": "c.add_namespace('n/m')\nc.add_namespace('/a/')\nc.namespaces, c.cimrepository.namespaces",
    "namespace-twice": "c.add_namespace('n')\nc.add_namespace('N')",
    "namespace-none": "c.add_namespace(None)",
    "namespace-remove": "c.add_namespace('n')\nc.remove_namespace('n')\nc.namespaces",
    "namespace-remove-nope": "c.remove_namespace('n')",
    "namespace-remove-full": "c.remove_namespace('root/cimv2')",
    "namespace-interop": "c.add_namespace('interop')\nc.find_interop_namespace(), c.interop_namespace_names, c.is_interop_namespace('INTEROP')",
    "namespace-two-interop": "c.add_namespace('interop')\nc.add_namespace('root/interop')",
    "no-interop": "c.find_interop_namespace()",
    "namespace-empty": "c.add_namespace('')",
    "namespace-verify": "c.add_namespace('root/cimv2', verbose=True)",
    "add-instance": "c.add_cimobjects(CIMInstance('D', {'k': Uint8(5)}, path=CIMInstanceName('D', {'k': 5})))\nc.EnumerateInstanceNames('D')",
    "add-instance-no-path": "c.add_cimobjects(CIMInstance('D', {'k': Uint8(5)}))\nc.EnumerateInstanceNames('D')",
    "add-existing": "c.add_cimobjects(CIMInstance('D', {'k': Uint8(1)}, path=CIMInstanceName('D', {'k': 1})))",
    "add-class": "c.add_cimobjects([CIMClass('N', superclass='D'), CIMQualifierDeclaration('QQ', 'string')])\nc.GetClass('N')",
    "add-class-super": "c.add_cimobjects(CIMClass('N', superclass='Nope'))",
    "add-nope-instance": "c.add_cimobjects(CIMInstance('Nope', {'k': 1}))",
    "add-bad": "c.add_cimobjects('x')",
    "add-none": "c.add_cimobjects(None)",
    "add-namespace": "c.add_cimobjects(CIMClass('N'), namespace='new')\nc.EnumerateClassNames('new')",
    "add-class-twice": "c.add_cimobjects(CIMClass('D'))",
    "add-method": "c.add_cimobjects(CIMMethod('m', 'string'))",
    "compile-again": "with printed():\n    c.compile_mof_string('instance of D { k = 2; };')\nc.EnumerateInstanceNames('D')",
    "compile-bad": "c.compile_mof_string('garbage')",
    "compile-namespace": "c.compile_mof_string('class N {};', namespace='new')\nc.namespaces, c.EnumerateClassNames('new')",
    "compile-verbose": "with printed() as lines:\n    c.compile_mof_string('class N { string s; }; instance of D { k = 7; };', verbose=True)\nlines",
    "compile-quiet": "with printed() as lines:\n    try:\n        c.compile_mof_string('garbage')\n    except Error:\n        pass\nlines",
    "compile-file": "root = files({'a.mof': 'class N {};'})\nc.compile_mof_file(root + '/a.mof')\nc.GetClass('N')",
    "compile-existing": "c.compile_mof_string('class D { [Key] uint8 k; string s; string t; };')",
    "compile-abstract": "c.compile_mof_string('instance of TST_Abstract { InstanceID = \"z\"; };')",
    "display": "with printed() as lines:\n    c.display_repository()\nlines",
    "display-ns": "with printed() as lines:\n    c.display_repository(namespaces=['root/cimv2'], summary=True)\nlines",
    "display-xml": "with printed() as lines:\n    c.display_repository(output_format='xml')\nlines",
    "display-repr": "with printed() as lines:\n    c.display_repository(output_format='repr', summary=False)\nlines",
    "display-bad": "c.display_repository(output_format='zz')",
    "display-dest": "root = directory()\nc.display_repository(dest=root + '/x')\nlen(open(root + '/x').read().splitlines())",
    "display-providers": "with printed() as lines:\n    c.display_registered_providers()\nlines",
    "str": "str(c), repr(c)",
    "attributes": "c.response_delay, c.disable_pull_operations, c.default_namespace, c.url, c.host, c.conn_id is None",
    "delay": "FakedWBEMConnection(response_delay=-1)",
    "delay-type": "FakedWBEMConnection(response_delay='x')",
    "default-ns": "FakedWBEMConnection(default_namespace='/a/b/').namespaces",
    "default-none": "FakedWBEMConnection(default_namespace=None).namespaces",
    "copy": "d = c.copy()\nlen(d.EnumerateInstanceNames('TST_Person')), d.default_namespace",
    "url": "FakedWBEMConnection(url='http://x').url",
    "stats": "c = FakedWBEMConnection(stats_enabled=True)\noutcome(lambda: c.GetClass('X'))\n[(n, s.count, s.exception_count) for n, s in c.statistics.snapshot()]",
    "store": "r = c.cimrepository\ns = r.get_class_store('root/cimv2')\nsorted(s.iter_names()), s.len(), s.object_exists('d'), s.get('D')",
    "store-nope": "c.cimrepository.get_class_store('nope')",
    "store-create": "c.cimrepository.get_class_store('root/cimv2').create('D', CIMClass('D'))",
    "store-update": "c.cimrepository.get_class_store('root/cimv2').update('zz', CIMClass('D'))",
    "store-delete": "c.cimrepository.get_class_store('root/cimv2').delete('zz')",
    "store-get": "c.cimrepository.get_instance_store('root/cimv2').get(P1)",
    "store-own": "s = InMemoryObjectStore(CIMClass)\ns.create('A', CIMClass('A'))\ns.get('a'), len(s), 'A' in s if hasattr(s, '__contains__') else None, list(s.iter_values()), str(s), repr(s)",
    "store-type": "InMemoryObjectStore(CIMClass).create('A', CIMInstance('A'))",
    "repository-own": "r = InMemoryRepository('n')\nr.add_namespace('m')\nr.namespaces, repr(r), str(r)",
    "repository-validate": "InMemoryRepository('n').validate_namespace('zz')",
    "repository-remove": "InMemoryRepository('n').remove_namespace('n')",
    "repository-twice": "InMemoryRepository('n').add_namespace('N')",
    "repository-load": "r = InMemoryRepository('n')\nr.load(InMemoryRepository('m'))\nr.namespaces",
    "repository-print": "with printed() as lines:\n    print(repr(c.cimrepository)[:40])\nlines",
}
PROVIDER = (
    SETUP
    + """
class Greeter(MethodProvider):
    provider_classnames = 'TST_Person'
    def __init__(self, cimrepository):
        super().__init__(cimrepository)
        self.installed = False
    def __repr__(self):
        return 'Greeter()'
    def post_register_setup(self, conn):
        self.installed = True
    def InvokeMethod(self, methodname, localobject, params):
        if methodname.lower() != 'greet':
            raise CIMError(CIM_ERR_METHOD_NOT_AVAILABLE)
        if 'text' in params and params['text'].value == 'fail':
            raise CIMError(CIM_ERR_FAILED, 'failed')
        if 'text' in params and params['text'].value == 'bug':
            raise KeyError('x')
        seen = sorted((n, p.type, str(p.value)) for n, p in params.items())
        if 'text' in params and params['text'].value == 'plain':
            return 5, [('reply', 'x')]
        if 'text' in params and params['text'].value == 'bad':
            return 5
        return Uint32(0), [CIMParameter('reply', 'string', value=repr((str(localobject), seen)))]
class Writer(InstanceWriteProvider):
    provider_classnames = ['TST_Child', 'D']
    def __repr__(self):
        return 'Writer()'
    def CreateInstance(self, namespace, new_instance):
        if 's' in new_instance and new_instance['s'] == 'no':
            raise CIMError(CIM_ERR_ACCESS_DENIED, 'no')
        return super().CreateInstance(namespace, new_instance)
    def ModifyInstance(self, modified_instance, IncludeQualifiers=None):
        return super().ModifyInstance(modified_instance, IncludeQualifiers)
    def DeleteInstance(self, InstanceName):
        raise CIMError(CIM_ERR_NOT_SUPPORTED, 'never')
greeter, writer = Greeter(conn.cimrepository), Writer(conn.cimrepository)
with printed():
    conn.register_provider(greeter, namespaces='root/cimv2')
    conn.register_provider(writer, namespaces=['root/cimv2'])
c = conn
"""
)
PROVIDERS = {
    "call": "c.InvokeMethod('Greet', P1, text='hi')",
    "call-class": "c.InvokeMethod('Greet', 'TST_Person', text='hi')",
    "call-none": "c.InvokeMethod('Greet', P1)",
    "call-fail": "c.InvokeMethod('Greet', P1, text='fail')",
    "call-bug": "c.InvokeMethod('Greet', P1, text='bug')",
    "call-plain": "c.InvokeMethod('Greet', P1, text='plain')",
    "call-bad": "c.InvokeMethod('Greet', P1, text='bad')",
    "call-type": "c.InvokeMethod('Greet', P1, text=Uint8(5))",
    "call-embedded": "c.InvokeMethod('Greet', P1, text=CIMInstance('D'))",
    "call-array": "c.InvokeMethod('Greet', P1, text=['a'])",
    "call-unknown": "c.InvokeMethod('Greet', P1, zz='a')",
    "call-child": "c.InvokeMethod('Greet', C1, text='hi')",
    "call-out": "c.InvokeMethod('Greet', P1, reply='hi')",
    "call-nope": "c.InvokeMethod('Greet', path('zz'), text='hi')",
    "call-list": "c.InvokeMethod('Greet', P1, [('text', 'a')])",
    "call-parameter": "c.InvokeMethod('Greet', P1, [CIMParameter('text', 'string', value='a')])",
    "call-null": "c.InvokeMethod('Greet', P1, [CIMParameter('text', 'string', value=None)])",
    "call-twice": "c.InvokeMethod('Greet', P1, [('text', 'a')], text='b')",
    "call-namespace": "c.InvokeMethod('Greet', path('p1', namespace='zz'))",
    "installed": "greeter.installed, greeter.provider_type, greeter.provider_classnames, writer.provider_type",
    "create": "c.CreateInstance(CIMInstance('D', {'k': Uint8(9)}))",
    "create-denied": "c.CreateInstance(CIMInstance('D', {'k': Uint8(9), 's': 'no'}))",
    "delete": "c.DeleteInstance(CIMInstanceName('D', {'k': 1}))",
    "modify": "i = c.GetInstance(CIMInstanceName('D', {'k': 1}))\ni['s'] = 'z'\nc.ModifyInstance(i)\nc.GetInstance(i.path)",
    "delete-other": "c.DeleteInstance(P1)",
    "display": "with printed() as lines:\n    c.display_registered_providers()\nlines",
    "register-twice": "c.register_provider(Greeter(c.cimrepository), namespaces='root/cimv2')",
    "register-nope-ns": "c.register_provider(Greeter(c.cimrepository), namespaces='zz')",
    "register-none": "c.register_provider(None)",
    "register-default": "c.register_provider(Writer(c.cimrepository))",
    "register-verbose": "with printed() as lines:\n    c.register_provider(Writer(c.cimrepository), verbose=True)\nlines",
    "register-schema": "c.register_provider(Writer(c.cimrepository), schema_pragma_files='x')",
    "register-class": "class Bad(MethodProvider):\n    provider_classnames = 'Nope'\nc.register_provider(Bad(c.cimrepository), namespaces='root/cimv2')",
    "register-no-classnames": "class Bad(MethodProvider):\n    pass\nc.register_provider(Bad(c.cimrepository), namespaces='root/cimv2')",
    "register-type": "class Bad(MethodProvider):\n    provider_classnames = 5\nc.register_provider(Bad(c.cimrepository), namespaces='root/cimv2')",
    "register-base": "class Bad(BaseProvider):\n    provider_classnames = 'D'\nc.register_provider(Bad(c.cimrepository), namespaces='root/cimv2')",
    "base-methods": "b = writer\nb.validate_namespace('root/cimv2'), b.class_exists('root/cimv2', 'd'), b.is_subclass('TST_Child', 'CIM_Base', c.cimrepository.get_class_store('root/cimv2')), b.get_class('root/cimv2', 'D')",
    "base-nope": "writer.validate_namespace('zz')",
    "base-class": "writer.get_class('root/cimv2', 'Nope')",
    "base-find": "writer.find_instance(CIMInstanceName('D', {'k': 1}, namespace='root/cimv2'), c.cimrepository.get_instance_store('root/cimv2'))",
    "base-interop": "writer.find_interop_namespace(), writer.is_interop_namespace('x')",
    "base-str": "str(greeter), repr(c._mainprovider)[:30]",
    "base-filter": "i = c.GetInstance(P1)\nwriter.filter_properties(i, ['Name'])\ni",
    "base-attributes": "attributes(writer, 'cimrepository', 'conn')",
    "namespace-provider": "c.add_namespace('interop')\nCIMNamespaceProvider(c.cimrepository)",
    "base-required": "greeter.parameter_is_array(CIMParameter('a', 'string')) if hasattr(greeter, 'parameter_is_array') else None",
}


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    return [
        table("mock/read", READS, SETUP + "c = conn\n"),
        *apart("mock/session", SESSIONS, SETUP + "c = conn\n"),
        *apart("mock/provider", PROVIDERS, PROVIDER),
    ]
