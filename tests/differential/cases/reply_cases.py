"""CIM-XML replies of all shapes, and what HTTP may do, from a canned server."""

from __future__ import annotations

from typing import Dict, List

from tests.differential.sessions import Session, apart, table

PATH = (
    '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><KEYVALUE VALUETYPE="string">k</KEYVALUE>'
    "</KEYBINDING></INSTANCENAME>"
)
LOCAL = '<LOCALNAMESPACEPATH><NAMESPACE NAME="root"/><NAMESPACE NAME="a"/></LOCALNAMESPACEPATH>'
WHOLE = f"<NAMESPACEPATH><HOST>h:5</HOST>{LOCAL}</NAMESPACEPATH>"
CLASSNAME = '<CLASSNAME NAME="C"/>'
EMBEDDED = "&lt;INSTANCE CLASSNAME=&quot;E&quot;&gt;&lt;/INSTANCE&gt;"
EMBEDDED_CLASS = "&lt;CLASS NAME=&quot;E&quot;&gt;&lt;/CLASS&gt;"
TYPES = [
    *("string", "boolean", "char16", "datetime", "uint8", "uint64", "sint8", "sint64", "real32"),
    *("real64", "reference"),
]
NO_TYPES = ["foo", "", "STRING"]
TEXTS = [
    *(
        "",
        " ",
        "5",
        "-5",
        "+5",
        " 5 ",
        "05",
        "-05",
        "0x1F",
        "0X1f",
        "-0x1F",
        "0x",
        "101b",
        "010",
        "1_0",
    ),
    *("256", "-1", "18446744073709551616", "1.5", "1e3", "1E3", ".5", "5.", "NaN", "INF", "-inf"),
    *(
        "1,5",
        "true",
        "TRUE",
        "True",
        "false",
        " FALSE ",
        "yes",
        "1",
        "a",
        "ab",
        "20240229120000.000000+060",
    ),
    *(
        "00000001020304.000005:000",
        "20240230120000.000000+060",
        "&lt;",
        "&#65;",
        "&#x41;",
        "&amp;amp;",
    ),
    *(
        "<![CDATA[a<b]]>",
        "<![CDATA[5]]>",
        "5<!-- c -->6",
        "<!-- c -->",
        "a\nb",
        "\t5\n",
        "\u0665",
        "\u00e4",
    ),
    *(EMBEDDED, "<?pi x?>5"),
]
PROPERTIES = [
    '<PROPERTY NAME="P" TYPE="string"/>',
    '<PROPERTY NAME="P"><VALUE>v</VALUE></PROPERTY>',
    '<PROPERTY TYPE="string"><VALUE>v</VALUE></PROPERTY>',
    '<PROPERTY NAME="" TYPE="string"><VALUE>v</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string" FOO="x"/>',
    '<PROPERTY NAME="P" TYPE="string" CLASSORIGIN="O" PROPAGATED="true"/>',
    '<PROPERTY NAME="P" TYPE="string" PROPAGATED="TRUE"/>',
    '<PROPERTY NAME="P" TYPE="string" PROPAGATED="yes"/>',
    '<PROPERTY NAME="P" TYPE="string" PROPAGATED=""/>',
    '<PROPERTY NAME="P" TYPE="string" CLASSORIGIN=""/>',
    '<PROPERTY NAME="P" TYPE="string" xml:lang="de"><VALUE>v</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE>v</VALUE><VALUE>w</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE.NULL/></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE.ARRAY><VALUE>v</VALUE></VALUE.ARRAY></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string">text</PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"> <VALUE>v</VALUE> </PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE a="b">v</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE><B/></VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><QUALIFIER NAME="Q" TYPE="boolean"><VALUE>true</VALUE></QUALIFIER>'
    "<VALUE>v</VALUE></PROPERTY>",
    '<PROPERTY NAME="P" TYPE="string"><VALUE>v</VALUE><QUALIFIER NAME="Q" TYPE="boolean"/></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><QUALIFIER NAME="Q" TYPE="string" OVERRIDABLE="false" TOSUBCLASS="true"'
    ' TOINSTANCE="false" TRANSLATABLE="true" PROPAGATED="true"/></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"/><PROPERTY NAME="P" TYPE="string"><VALUE>v</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"/><PROPERTY NAME="p" TYPE="string"><VALUE>v</VALUE></PROPERTY>',
    "<property NAME='P' TYPE='string'/>",
    *(
        f'<PROPERTY NAME="P" TYPE="{kind}" {name}="{how}">{value}</PROPERTY>'
        for name in ("EmbeddedObject", "EMBEDDEDOBJECT")
        for how in ("instance", "object", "", "foo", "Instance")
        for kind in ("string",)
        for value in (
            f"<VALUE>{EMBEDDED}</VALUE>",
            f"<VALUE>{EMBEDDED_CLASS}</VALUE>",
            "<VALUE></VALUE>",
            "",
        )
    ),
    f'<PROPERTY NAME="P" TYPE="uint8" EmbeddedObject="instance"><VALUE>{EMBEDDED}</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE>text</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE>&lt;FOO/&gt;</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE>&lt;INSTANCE/&gt;</VALUE></PROPERTY>',
    f'<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE> {EMBEDDED} </VALUE></PROPERTY>',
    f'<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE>{EMBEDDED}{EMBEDDED}</VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string" EmbeddedObject="instance"><VALUE><![CDATA[<INSTANCE CLASSNAME="E"/>]]></VALUE></PROPERTY>',
    '<PROPERTY NAME="P" TYPE="string"><VALUE>' + EMBEDDED + "</VALUE></PROPERTY>",
    '<PROPERTY NAME="P" TYPE="string"><QUALIFIER NAME="EmbeddedObject" TYPE="boolean"><VALUE>true</VALUE></QUALIFIER>'
    f"<VALUE>{EMBEDDED}</VALUE></PROPERTY>",
    '<PROPERTY NAME="P" TYPE="string"><QUALIFIER NAME="EmbeddedInstance" TYPE="string"><VALUE>E</VALUE></QUALIFIER>'
    f"<VALUE>{EMBEDDED}</VALUE></PROPERTY>",
    '<PROPERTY NAME="P" TYPE="reference"/>',
    '<PROPERTY NAME="P" TYPE="reference"><VALUE>x</VALUE></PROPERTY>',
    f'<PROPERTY NAME="P" TYPE="reference"><VALUE.REFERENCE>{PATH}</VALUE.REFERENCE></PROPERTY>',
    '<PROPERTY.ARRAY NAME="P" TYPE="string"/>',
    '<PROPERTY.ARRAY NAME="P" TYPE="string"><VALUE.ARRAY/></PROPERTY.ARRAY>',
    '<PROPERTY.ARRAY NAME="P" TYPE="string" ARRAYSIZE="3"><VALUE.ARRAY><VALUE>a</VALUE><VALUE.NULL/><VALUE/></VALUE.ARRAY></PROPERTY.ARRAY>',
    *(
        f'<PROPERTY.ARRAY NAME="P" TYPE="string" ARRAYSIZE="{size}"/>'
        for size in ("", "0", "x", "-1", "0x3", " 3 ", "3.5")
    ),
    '<PROPERTY.ARRAY NAME="P" TYPE="string"><VALUE>v</VALUE></PROPERTY.ARRAY>',
    '<PROPERTY.ARRAY NAME="P" TYPE="string"><VALUE.NULL/></PROPERTY.ARRAY>',
    '<PROPERTY.ARRAY NAME="P" TYPE="uint8"><VALUE.ARRAY><VALUE>1</VALUE><VALUE></VALUE></VALUE.ARRAY></PROPERTY.ARRAY>',
    '<PROPERTY.ARRAY NAME="P" TYPE="reference"/>',
    f'<PROPERTY.ARRAY NAME="P" TYPE="reference"><VALUE.REFARRAY><VALUE.REFERENCE>{PATH}</VALUE.REFERENCE></VALUE.REFARRAY></PROPERTY.ARRAY>',
    f'<PROPERTY.ARRAY NAME="P" TYPE="string" EmbeddedObject="object"><VALUE.ARRAY><VALUE>{EMBEDDED}</VALUE><VALUE.NULL/>'
    f"<VALUE>{EMBEDDED_CLASS}</VALUE><VALUE></VALUE></VALUE.ARRAY></PROPERTY.ARRAY>",
    '<PROPERTY.REFERENCE NAME="P"/>',
    '<PROPERTY.REFERENCE NAME="P" REFERENCECLASS="D" CLASSORIGIN="O" PROPAGATED="false"/>',
    '<PROPERTY.REFERENCE NAME="P" REFERENCECLASS=""/>',
    '<PROPERTY.REFERENCE NAME="P" TYPE="reference"/>',
    *(
        f'<PROPERTY.REFERENCE NAME="P"><VALUE.REFERENCE>{inner}</VALUE.REFERENCE></PROPERTY.REFERENCE>'
        for inner in (
            PATH,
            f"<LOCALINSTANCEPATH>{LOCAL}{PATH}</LOCALINSTANCEPATH>",
            f"<INSTANCEPATH>{WHOLE}{PATH}</INSTANCEPATH>",
            CLASSNAME,
            f"<LOCALCLASSPATH>{LOCAL}{CLASSNAME}</LOCALCLASSPATH>",
            f"<CLASSPATH>{WHOLE}{CLASSNAME}</CLASSPATH>",
            "",
            "<VALUE>x</VALUE>",
            f"{PATH}{PATH}",
            f"<INSTANCEPATH>{LOCAL}{PATH}</INSTANCEPATH>",
            f"<INSTANCEPATH>{PATH}</INSTANCEPATH>",
            f'<INSTANCEPATH FOO="x">{WHOLE}{PATH}</INSTANCEPATH>',
            "<INSTANCENAME/>",
            '<INSTANCENAME CLASSNAME=""/>',
            '<INSTANCENAME CLASSNAME="C"/>',
            '<INSTANCENAME CLASSNAME="C" X="y"/>',
            '<INSTANCENAME CLASSNAME="C"><KEYVALUE VALUETYPE="string">k</KEYVALUE></INSTANCENAME>',
            f'<INSTANCENAME CLASSNAME="C"><VALUE.REFERENCE>{PATH}</VALUE.REFERENCE></INSTANCENAME>',
            '<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"/></INSTANCENAME>',
            '<INSTANCENAME CLASSNAME="C"><KEYBINDING><KEYVALUE>k</KEYVALUE></KEYBINDING></INSTANCENAME>',
            f'<INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K"><VALUE.REFERENCE>{PATH}</VALUE.REFERENCE></KEYBINDING></INSTANCENAME>',
        )
    ),
    *(
        f'<PROPERTY.REFERENCE NAME="P"><VALUE.REFERENCE><INSTANCENAME CLASSNAME="C"><KEYBINDING NAME="K">'
        f"<KEYVALUE{attributes}>{text}</KEYVALUE></KEYBINDING></INSTANCENAME></VALUE.REFERENCE></PROPERTY.REFERENCE>"
        for attributes in (
            "",
            ' VALUETYPE="string"',
            ' VALUETYPE="numeric"',
            ' VALUETYPE="boolean"',
            ' VALUETYPE="foo"',
            ' VALUETYPE=""',
            ' TYPE="uint8"',
            ' VALUETYPE="numeric" TYPE="uint8"',
            ' VALUETYPE="string" TYPE="datetime"',
            ' VALUETYPE="string" TYPE="char16"',
            ' VALUETYPE="numeric" TYPE="real32"',
            ' VALUETYPE="string" TYPE="foo"',
            ' VALUETYPE="string" TYPE="reference"',
            ' VALUETYPE="string" X="y"',
        )
        for text in (
            "5",
            "",
            " ",
            "0x1F",
            "1.5",
            "true",
            "v",
            "010",
            "20240229120000.000000+060",
            "300",
            "101b",
        )
    ),
]
CLASS_PARTS = [
    "",
    '<PROPERTY NAME="P" TYPE="string"/>',
    '<METHOD NAME="M"/>',
    '<METHOD NAME="M" TYPE="uint32"/>',
    '<METHOD NAME="M" TYPE=""/>',
    '<METHOD NAME="M" TYPE="foo"/>',
    '<METHOD NAME="M" TYPE="reference"/>',
    '<METHOD TYPE="uint32"/>',
    '<METHOD NAME="M" TYPE="uint32" CLASSORIGIN="O" PROPAGATED="true" X="y"/>',
    *(
        f'<METHOD NAME="M" TYPE="uint32">{inner}</METHOD>'
        for inner in (
            '<PARAMETER NAME="p" TYPE="string"/>',
            '<PARAMETER NAME="p"/>',
            '<PARAMETER TYPE="string"/>',
            '<PARAMETER NAME="p" TYPE="reference"/>',
            '<PARAMETER NAME="p" TYPE="foo"/>',
            '<PARAMETER.ARRAY NAME="p" TYPE="uint8" ARRAYSIZE="3"/>',
            '<PARAMETER.ARRAY NAME="p" TYPE="uint8" ARRAYSIZE=""/>',
            '<PARAMETER.ARRAY NAME="p" TYPE="reference"/>',
            '<PARAMETER.REFERENCE NAME="p"/>',
            '<PARAMETER.REFERENCE NAME="p" REFERENCECLASS="D"/>',
            '<PARAMETER.REFARRAY NAME="p" REFERENCECLASS="D" ARRAYSIZE="2"/>',
            '<PARAMETER.REFARRAY NAME="p"/>',
            '<QUALIFIER NAME="Q" TYPE="string"><VALUE>v</VALUE></QUALIFIER>',
            '<PARAMETER NAME="p" TYPE="string"><QUALIFIER NAME="In" TYPE="boolean"><VALUE>true</VALUE></QUALIFIER></PARAMETER>',
            '<PARAMETER NAME="p" TYPE="string" EmbeddedObject="instance"/>',
            "<FOO/>",
            "text",
        )
    ),
    *(
        f"<QUALIFIER{attributes}>{inner}</QUALIFIER>"
        for attributes in (
            ' NAME="Q" TYPE="string"',
            ' NAME="Q" TYPE="uint8"',
            ' NAME="Q"',
            ' TYPE="string"',
            ' NAME="Q" TYPE="boolean"',
            ' NAME="Q" TYPE="reference"',
            ' NAME="Q" TYPE="string" X="y"',
            ' NAME="Q" TYPE="string" OVERRIDABLE="foo"',
        )
        for inner in (
            "",
            "<VALUE>5</VALUE>",
            "<VALUE/>",
            "<VALUE.ARRAY><VALUE>5</VALUE></VALUE.ARRAY>",
            "<VALUE.ARRAY/>",
            "<VALUE.NULL/>",
        )
    ),
    '<PROPERTY NAME="P" TYPE="string"/><QUALIFIER NAME="Q" TYPE="string"/>',
    '<METHOD NAME="M" TYPE="uint8"/><PROPERTY NAME="P" TYPE="string"/>',
    "<FOO/>",
    "text",
]
DECLARATIONS = [
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"/>',
    '<QUALIFIER.DECLARATION NAME="Q"/>',
    '<QUALIFIER.DECLARATION TYPE="string"/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="foo"/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE=""/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY="true" ARRAYSIZE="3"/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY="foo"/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ARRAYSIZE=""/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" OVERRIDABLE="false" TOSUBCLASS="false" TOINSTANCE="true" TRANSLATABLE="true"/>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE CLASS="true" METHOD="false"/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE ANY="true"/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE FOO="true"/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE CLASS="x"/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><VALUE>v</VALUE></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><SCOPE CLASS="true"/><VALUE>v</VALUE></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><VALUE>v</VALUE><SCOPE CLASS="true"/></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"><VALUE.ARRAY><VALUE>v</VALUE></VALUE.ARRAY></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY="true"><VALUE.ARRAY><VALUE>v</VALUE></VALUE.ARRAY></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" ISARRAY="true"><VALUE>v</VALUE></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="uint8"><VALUE>0x10</VALUE></QUALIFIER.DECLARATION>',
    '<QUALIFIER.DECLARATION NAME="Q" TYPE="string" X="y"/>',
    "<QUALIFIER.DECLARATION NAME='Q' TYPE='string'><FOO/></QUALIFIER.DECLARATION>",
    "",
]
METHOD_PARTS = [
    "",
    "<RETURNVALUE/>",
    *(
        f"<RETURNVALUE{attributes}>{inner}</RETURNVALUE>"
        for attributes in (
            "",
            ' PARAMTYPE="uint32"',
            ' PARAMTYPE="string"',
            ' PARAMTYPE=""',
            ' PARAMTYPE="reference"',
            ' PARAMTYPE="foo"',
            ' PARAMTYPE="boolean"',
            ' PARAMTYPE="string" EmbeddedObject="instance"',
            ' EmbeddedObject="object"',
            ' X="y"',
        )
        for inner in (
            "<VALUE>5</VALUE>",
            "<VALUE/>",
            f"<VALUE.REFERENCE>{PATH}</VALUE.REFERENCE>",
            f"<VALUE>{EMBEDDED}</VALUE>",
            "",
            "text",
            "<VALUE.NULL/>",
            "<VALUE.ARRAY><VALUE>5</VALUE></VALUE.ARRAY>",
        )
    ),
    *(
        f'<RETURNVALUE PARAMTYPE="uint32"><VALUE>0</VALUE></RETURNVALUE><PARAMVALUE NAME="p"{attributes}>{inner}</PARAMVALUE>'
        for attributes in (
            "",
            ' PARAMTYPE="uint8"',
            ' PARAMTYPE="string"',
            ' PARAMTYPE=""',
            ' PARAMTYPE="reference"',
            ' PARAMTYPE="foo"',
            ' PARAMTYPE="datetime"',
            ' PARAMTYPE="string" EmbeddedObject="instance"',
            ' PARAMTYPE="string" EMBEDDEDOBJECT="object"',
            ' X="y"',
        )
        for inner in (
            "<VALUE>5</VALUE>",
            "<VALUE/>",
            "<VALUE>x</VALUE>",
            "<VALUE.ARRAY><VALUE>5</VALUE><VALUE.NULL/></VALUE.ARRAY>",
            "<VALUE.ARRAY/>",
            f"<VALUE.REFERENCE>{PATH}</VALUE.REFERENCE>",
            "",
            f"<VALUE>{EMBEDDED}</VALUE>",
            CLASSNAME,
            PATH,
            "text",
            f"<VALUE.REFARRAY><VALUE.REFERENCE>{PATH}</VALUE.REFERENCE><VALUE.NULL/></VALUE.REFARRAY>",
            "<VALUE>5</VALUE><VALUE>6</VALUE>",
            '<CLASS NAME="D"/>',
            '<INSTANCE CLASSNAME="D"/>',
            f"<VALUE.NAMEDINSTANCE>{PATH}<INSTANCE CLASSNAME='C'/></VALUE.NAMEDINSTANCE>",
            f"<VALUE.ARRAY><VALUE>{EMBEDDED}</VALUE><VALUE/></VALUE.ARRAY>",
            "<VALUE>true</VALUE>",
        )
    ),
    '<PARAMVALUE NAME="p" PARAMTYPE="string"><VALUE>a</VALUE></PARAMVALUE>',
    '<PARAMVALUE PARAMTYPE="string"><VALUE>a</VALUE></PARAMVALUE>',
    "<RETURNVALUE><VALUE>0</VALUE></RETURNVALUE><RETURNVALUE><VALUE>1</VALUE></RETURNVALUE>",
    '<PARAMVALUE NAME="p"><VALUE>a</VALUE></PARAMVALUE><RETURNVALUE><VALUE>0</VALUE></RETURNVALUE>',
    '<PARAMVALUE NAME="p"><VALUE>a</VALUE></PARAMVALUE><PARAMVALUE NAME="P"><VALUE>b</VALUE></PARAMVALUE>',
    '<ERROR CODE="6" DESCRIPTION="d"/>',
    '<ERROR CODE="6" DESCRIPTION="d"/><RETURNVALUE><VALUE>0</VALUE></RETURNVALUE>',
    "<FOO/>",
    "text",
]
ERRORS = [
    *(
        f'<ERROR CODE="{code}" DESCRIPTION="d"/>'
        for code in ("6", "1", "28", "29", "0", "99", "-1", "", "x", "0x6", " 6 ", "06")
    ),
    '<ERROR CODE="6"/>',
    '<ERROR DESCRIPTION="d"/>',
    '<ERROR CODE="6" DESCRIPTION=""/>',
    '<ERROR CODE="6" X="y"/>',
    '<ERROR CODE="6" DESCRIPTION="a&#10;b&lt;&#x20ac;"/>',
    '<ERROR CODE="6" DESCRIPTION="d"><INSTANCE CLASSNAME="CIM_Error"><PROPERTY NAME="Message" TYPE="string"><VALUE>m</VALUE></PROPERTY></INSTANCE></ERROR>',
    '<ERROR CODE="6"><INSTANCE CLASSNAME="A"/><INSTANCE CLASSNAME="B"/></ERROR>',
    '<ERROR CODE="6"><VALUE>x</VALUE></ERROR>',
    '<ERROR CODE="6">text</ERROR>',
    '<ERROR CODE="6"/><ERROR CODE="7"/>',
    '<ERROR CODE="6"/><IRETURNVALUE/>',
]
CALLS = {
    "EnumerateInstances": "c.EnumerateInstances('C')",
    "EnumerateInstanceNames": "c.EnumerateInstanceNames('C')",
    "GetInstance": "c.GetInstance(CIMInstanceName('C', {'K': 'k'}))",
    "GetClass": "c.GetClass('C')",
    "EnumerateClasses": "c.EnumerateClasses()",
    "EnumerateClassNames": "c.EnumerateClassNames()",
    "GetQualifier": "c.GetQualifier('Q')",
    "EnumerateQualifiers": "c.EnumerateQualifiers()",
    "CreateInstance": "c.CreateInstance(CIMInstance('C', {'K': 'k'}))",
    "ModifyInstance": "c.ModifyInstance(CIMInstance('C', {'K': 'k'}, path=CIMInstanceName('C', {'K': 'k'})))",
    "DeleteInstance": "c.DeleteInstance(CIMInstanceName('C', {'K': 'k'}))",
    "DeleteClass": "c.DeleteClass('C')",
    "CreateClass": "c.CreateClass(CIMClass('C'))",
    "SetQualifier": "c.SetQualifier(CIMQualifierDeclaration('Q', 'string'))",
    "ExecQuery": "c.ExecQuery('WQL', 'q')",
    "Associators": "c.Associators(CIMInstanceName('C', {'K': 'k'}))",
    "Associators-class": "c.Associators('C')",
    "AssociatorNames": "c.AssociatorNames(CIMInstanceName('C', {'K': 'k'}))",
    "AssociatorNames-class": "c.AssociatorNames('C')",
    "References": "c.References(CIMInstanceName('C', {'K': 'k'}))",
    "ReferenceNames": "c.ReferenceNames('C')",
    "OpenEnumerateInstances": "c.OpenEnumerateInstances('C', MaxObjectCount=1)",
    "OpenEnumerateInstancePaths": "c.OpenEnumerateInstancePaths('C', MaxObjectCount=1)",
    "PullInstancesWithPath": "c.PullInstancesWithPath(('ctx', 'root'), 1)",
    "PullInstancePaths": "c.PullInstancePaths(('ctx', 'root'), 1)",
    "PullInstances": "c.PullInstances(('ctx', 'root'), 1)",
    "OpenQueryInstances": "c.OpenQueryInstances('DMTF:CQL', 'q', MaxObjectCount=1)",
    "CloseEnumeration": "c.CloseEnumeration(('ctx', 'root'))",
    "ExportIndication": "c.ExportIndication(CIMInstance('CIM_Indication'))",
}
INSTANCE = '<INSTANCE CLASSNAME="C"><PROPERTY NAME="K" TYPE="string"><VALUE>k</VALUE></PROPERTY></INSTANCE>'
CONTENTS = {
    "nothing": "",
    "named": f"<VALUE.NAMEDINSTANCE>{PATH}{INSTANCE}</VALUE.NAMEDINSTANCE>",
    "with-path": f"<VALUE.INSTANCEWITHPATH><INSTANCEPATH>{WHOLE}{PATH}</INSTANCEPATH>{INSTANCE}</VALUE.INSTANCEWITHPATH>",
    "object": f"<VALUE.OBJECT>{INSTANCE}</VALUE.OBJECT>",
    "object-path": f"<VALUE.OBJECTWITHPATH><INSTANCEPATH>{WHOLE}{PATH}</INSTANCEPATH>{INSTANCE}</VALUE.OBJECTWITHPATH>",
    "object-local": f"<VALUE.OBJECTWITHLOCALPATH><LOCALINSTANCEPATH>{LOCAL}{PATH}</LOCALINSTANCEPATH>{INSTANCE}</VALUE.OBJECTWITHLOCALPATH>",
    "class-path": f'<VALUE.OBJECTWITHPATH><CLASSPATH>{WHOLE}{CLASSNAME}</CLASSPATH><CLASS NAME="C"/></VALUE.OBJECTWITHPATH>',
    "instance": INSTANCE,
    "two-instances": INSTANCE * 2,
    "class": '<CLASS NAME="C"/>',
    "two-classes": '<CLASS NAME="C"/><CLASS NAME="D"/>',
    "instance-name": PATH,
    "class-name": CLASSNAME,
    "instance-path": f"<INSTANCEPATH>{WHOLE}{PATH}</INSTANCEPATH>",
    "local-instance-path": f"<LOCALINSTANCEPATH>{LOCAL}{PATH}</LOCALINSTANCEPATH>",
    "object-path-instance": f"<OBJECTPATH><INSTANCEPATH>{WHOLE}{PATH}</INSTANCEPATH></OBJECTPATH>",
    "object-path-class": f"<OBJECTPATH><CLASSPATH>{WHOLE}{CLASSNAME}</CLASSPATH></OBJECTPATH>",
    "value": "<VALUE>v</VALUE>",
    "declaration": '<QUALIFIER.DECLARATION NAME="Q" TYPE="string"/>',
    "text": "text",
    "foo": "<FOO/>",
    "named-attribute": f'<VALUE.NAMEDINSTANCE X="y">{PATH}{INSTANCE}</VALUE.NAMEDINSTANCE>',
    "named-short": f"<VALUE.NAMEDINSTANCE>{PATH}</VALUE.NAMEDINSTANCE>",
    "named-swapped": f"<VALUE.NAMEDINSTANCE>{INSTANCE}{PATH}</VALUE.NAMEDINSTANCE>",
}
PULL_PARAMETERS = [
    "",
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>TRUE</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence" PARAMTYPE="boolean"><VALUE>true</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>FALSE</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EnumerationContext"><VALUE>ctx</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>FALSE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext"><VALUE>ctx</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>TRUE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext"><VALUE></VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>FALSE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext"><VALUE/></PARAMVALUE>',
    '<PARAMVALUE NAME="endofsequence"><VALUE>TRUE</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>x</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>TRUE</VALUE></PARAMVALUE><PARAMVALUE NAME="X"><VALUE>TRUE</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>FALSE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext" PARAMTYPE="string"><VALUE> c x </VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>FALSE</VALUE></PARAMVALUE><PARAMVALUE NAME="EnumerationContext" PARAMTYPE="uint8"><VALUE>5</VALUE></PARAMVALUE>',
    '<PARAMVALUE NAME="EndOfSequence"><VALUE>TRUE</VALUE></PARAMVALUE><PARAMVALUE NAME="QueryResultClass"><CLASS NAME="R"/></PARAMVALUE>',
]
GOOD = "imethod('EnumerateInstances', '')"
ENVELOPES = {
    "empty": "''",
    "blank": "' \\n'",
    "text": "'hello'",
    "html": "'<html><body>x</body></html>'",
    "no-declaration": f"{GOOD}.partition('?>')[2]",
    "cut": f"{GOOD}[:-10]",
    "more": f"{GOOD} + '<x/>'",
    "comment-after": f"{GOOD} + '<!-- c -->'",
    "newline-after": f"{GOOD} + '\\n\\n'",
    "nul-after": f"{GOOD} + chr(0)",
    "blank-before": f"' ' + {GOOD}",
    "newline-before": f"'\\n' + {GOOD}",
    "bom": f"b'\\xef\\xbb\\xbf' + {GOOD}.encode()",
    "utf-16": f"{GOOD}.replace('utf-8', 'utf-16').encode('utf-16')",
    "latin": f"{GOOD}.replace('utf-8', 'iso-8859-1').replace('<IRET', '<!-- \\xe4 --><IRET').encode('latin-1')",
    "bad-utf8": f"{GOOD}.replace('<IRET', '<!-- ? --><IRET').encode().replace(b'?', b'\\xe4', 3)",
    "doctype": f"{GOOD}.replace('?><CIM', '?><!DOCTYPE CIM SYSTEM \"http://localhost/cim.dtd\"><CIM')",
    "doctype-public": f"{GOOD}.replace('?><CIM', '?><!DOCTYPE CIM PUBLIC \"-//X\" \"http://localhost/cim.dtd\"><CIM')",
    "doctype-bare": f"{GOOD}.replace('?><CIM', '?><!DOCTYPE CIM><CIM')",
    "entity": f"{GOOD}.replace('?><CIM', '?><!DOCTYPE CIM [<!ENTITY a \"b\">]><CIM')",
    "standalone": f"{GOOD}.replace(' ?>', ' standalone=\"yes\"?>')",
    "xml11": f"{GOOD}.replace('version=\"1.0\" enc', 'version=\"1.1\" enc')",
    "pi": f"{GOOD}.replace('?><CIM', '?><?x y?><CIM')",
    "comments": f"{GOOD}.replace('<IRETURNVALUE>', '<!-- > -->\\n<IRETURNVALUE><!-- c -->')",
    "spaces": f"{GOOD}.replace('><', '>\\n  <')",
    "cdata": f"{GOOD}.replace('<IRET', '<![CDATA[ ]]><IRET')",
    "namespace": f"{GOOD}.replace('<CIM ', '<CIM xmlns=\"urn:x\" ')",
    "xmlns-prefix": f"{GOOD}.replace('<CIM ', '<CIM xmlns:x=\"urn:x\" ')",
    "lower": f"{GOOD}.lower()",
    "cimversion-1": f"{GOOD}.replace('CIMVERSION=\"2.0\"', 'CIMVERSION=\"1.0\"')",
    "cimversion-2.9": f"{GOOD}.replace('CIMVERSION=\"2.0\"', 'CIMVERSION=\"2.9\"')",
    "cimversion-3": f"{GOOD}.replace('CIMVERSION=\"2.0\"', 'CIMVERSION=\"3.0\"')",
    "cimversion-none": f"{GOOD}.replace(' CIMVERSION=\"2.0\"', '')",
    "dtd-1": f"{GOOD}.replace('DTDVERSION=\"2.0\"', 'DTDVERSION=\"1.0\"')",
    "dtd-none": f"{GOOD}.replace(' DTDVERSION=\"2.0\"', '')",
    "protocol-2": f"{GOOD}.replace('PROTOCOLVERSION=\"1.0\"', 'PROTOCOLVERSION=\"2.0\"')",
    "protocol-1.4": f"{GOOD}.replace('PROTOCOLVERSION=\"1.0\"', 'PROTOCOLVERSION=\"1.4\"')",
    "protocol-none": f"{GOOD}.replace(' PROTOCOLVERSION=\"1.0\"', '')",
    "id-other": f"{GOOD}.replace('ID=\"1001\"', 'ID=\"7\"')",
    "id-none": f"{GOOD}.replace(' ID=\"1001\"', '')",
    "id-empty": f"{GOOD}.replace('ID=\"1001\"', 'ID=\"\"')",
    "name-other": "imethod('GetClass', '')",
    "name-case": "imethod('enumerateinstances', '')",
    "name-none": f"{GOOD}.replace(' NAME=\"EnumerateInstances\"', '')",
    "extrinsic": "method('EnumerateInstances', '')",
    "no-return": "imethod('EnumerateInstances', '', False)",
    "two-returns": "imethod('EnumerateInstances', '<IRETURNVALUE/><IRETURNVALUE/>', False)",
    "multi": f"{GOOD}.replace('SIMPLERSP', 'MULTIRSP')",
    "request": f"{GOOD}.replace('SIMPLERSP', 'SIMPLEREQ')",
    "two-responses": f"{GOOD}.replace('</SIMPLERSP>', '</SIMPLERSP><SIMPLERSP/>')",
    "no-message": '\'<CIM CIMVERSION="2.0" DTDVERSION="2.0"/>\'',
    "declaration": '\'<CIM CIMVERSION="2.0" DTDVERSION="2.0"><DECLARATION/></CIM>\'',
    "export": "MESSAGE.format('<X/>').replace('SIMPLERSP', 'SIMPLEEXPRSP') if 0 else 'x'",
    "unknown-attribute": f"{GOOD}.replace('<MESSAGE', '<MESSAGE X=\"y\"')",
    "paramvalue": "imethod('EnumerateInstances', '<IRETURNVALUE/><PARAMVALUE NAME=\"x\"/>', False)",
    "text-inside": f"{GOOD}.replace('<SIMPLERSP>', '<SIMPLERSP>text')",
    "control": f"{GOOD}.replace('<SIMPLERSP>', '<SIMPLERSP>&#1;')",
    "duplicate-attribute": f"{GOOD}.replace('<CIM ', '<CIM DTDVERSION=\"2.0\" ')",
    "single-quotes": f"{GOOD}.replace(chr(34), chr(39))",
}
HTTP: Dict[str, str] = {
    **{
        f"status-{code}": f"http({GOOD}, '{code} Reason')"
        for code in (
            201,
            202,
            203,
            204,
            206,
            300,
            301,
            302,
            304,
            307,
            400,
            403,
            404,
            405,
            408,
            411,
            415,
            500,
            501,
            502,
            503,
            504,
            505,
            599,
        )
    },
    "status-401": f"http({GOOD}, '401 Unauthorized', [('WWW-Authenticate', 'Basic realm=x')])",
    "status-401-bare": f"http({GOOD}, '401 Unauthorized')",
    "status-407": f"http({GOOD}, '407 Proxy')",
    "no-reason": f"http({GOOD}, '500')",
    "reason-text": "http('<html>sorry</html>', '503 Not now, please', [('Content-Type', 'text/html')])",
    **{
        f"cimerror-{value}": f"http('', '400 Bad Request', [('CIMError', {value!r})])"
        for value in ("request-not-valid", "unsupported-cim-version", "foo", "", "HEADER-mismatch")
    },
    "details": "http('', '500 Internal', [('CIMError', 'x'), ('PGErrorDetail', 'a%20b%25'), ('CIMStatusCode', '6'), ('CIMStatusCodeDescription', 'desc')])",
    "details-ok": f"http({GOOD}, '200 OK', [TYPE, OPERATION, ('PGErrorDetail', 'x'), ('CIMError', 'y')])",
    **{
        f"type-{value}": f"http({GOOD}, '200 OK', [('Content-Type', {value!r}), ('CIMOperation', 'MethodResponse')])"
        for value in (
            "text/xml",
            "application/xml",
            "text/html",
            "text/plain",
            "TEXT/XML",
            "text/xml; charset=utf-8",
            'text/xml;charset="iso-8859-1"',
            "application/xml; charset=foo",
            "application/json",
            "",
            "xml",
            "application/xml; foo=bar",
        )
    },
    "no-type": f"http({GOOD}, '200 OK', [('CIMOperation', 'MethodResponse')])",
    "no-operation": f"http({GOOD}, '200 OK', [('Content-Type', 'text/xml')])",
    "operation-other": f"http({GOOD}, '200 OK', [('Content-Type', 'text/xml'), ('CIMOperation', 'foo')])",
    "close": f"http({GOOD}, '200 OK', [('Content-Type', 'text/xml'), ('Connection', 'close')])",
    "until-close": f"http({GOOD}, '200 OK', [('Content-Type', 'text/xml'), ('Connection', 'close')], length=False)",
    "http10": f"http({GOOD}).replace(b'HTTP/1.1', b'HTTP/1.0')",
    "bare-lf": f"http({GOOD}).replace(b'\\r\\n', b'\\n')",
    "folded": f"http({GOOD}, '200 OK', [('Content-Type', 'text/xml;\\r\\n charset=utf-8')])",
    "chunked": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked')], length=False) + b'%x\\r\\n%s\\r\\n0\\r\\n\\r\\n' % (len({GOOD}), {GOOD}.encode())",
    "chunked-extension": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked')], length=False) + b'%x;a=b\\r\\n%s\\r\\n0;c\\r\\n\\r\\n' % (len({GOOD}), {GOOD}.encode())",
    "chunked-trailer": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked')], length=False) + b'%x\\r\\n%s\\r\\n0\\r\\nCIMError: x\\r\\n\\r\\n' % (len({GOOD}), {GOOD}.encode())",
    "chunked-pieces": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked')], length=False) + b''.join(b'1\\r\\n%c\\r\\n' % b for b in {GOOD}.encode()) + b'0\\r\\n\\r\\n'",
    "chunked-bad": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked'), ('Connection', 'close')], length=False) + b'zz\\r\\n' + {GOOD}.encode()",
    "chunked-cut": f"http('', headers=[TYPE, ('Transfer-Encoding', 'chunked'), ('Connection', 'close')], length=False) + b'fff\\r\\n' + {GOOD}.encode()",
    "chunked-lower": f"http('', headers=[TYPE, ('transfer-encoding', 'CHUNKED')], length=False) + b'%X\\r\\n%s\\r\\n0\\r\\n\\r\\n' % (len({GOOD}), {GOOD}.encode())",
    "short": f"http({GOOD}, headers=[TYPE, ('Content-Length', '5000'), ('Connection', 'close')], length=False)",
    "length-twice": f"http({GOOD}, headers=[TYPE, ('Content-Length', str(len({GOOD})))])",
    "length-bad": f"http({GOOD}, headers=[TYPE, ('Content-Length', 'abc'), ('Connection', 'close')], length=False)",
    "length-negative": f"http({GOOD}, headers=[TYPE, ('Content-Length', '-5'), ('Connection', 'close')], length=False)",
    "length-less": f"http({GOOD}, headers=[TYPE, ('Content-Length', '50'), ('Connection', 'close')], length=False)",
    "continue": f"b'HTTP/1.1 100 Continue\\r\\n\\r\\n' + http({GOOD})",
    "processing": f"b'HTTP/1.1 102 Processing\\r\\n\\r\\n' + http({GOOD})",
    "continue-twice": f"b'HTTP/1.1 100 Continue\\r\\n\\r\\n' * 2 + http({GOOD})",
    "gzip": f"__import__('gzip').compress({GOOD}.encode()) and http(__import__('gzip').compress({GOOD}.encode()), headers=[TYPE, ('Content-Encoding', 'gzip')])",
    "deflate": f"http(__import__('zlib').compress({GOOD}.encode()), headers=[TYPE, ('Content-Encoding', 'deflate')])",
    "identity": f"http({GOOD}, headers=[TYPE, ('Content-Encoding', 'identity')])",
    "encoding-foo": f"http({GOOD}, headers=[TYPE, ('Content-Encoding', 'foo')])",
    "gzip-bad": f"http({GOOD}, headers=[TYPE, ('Content-Encoding', 'gzip')])",
    "garbage": "b'garbage\\r\\n\\r\\n'",
    "reset": "b''",
    "ftp": "b'220 ftp ready\\r\\n'",
    "tls": "b'\\x15\\x03\\x01\\x00\\x02\\x02\\x28'",
    "many-headers": f"http({GOOD}, headers=[TYPE] + [('X-%d' % i, 'v') for i in range(150)])",
    "long-header": f"http({GOOD}, headers=[TYPE, ('X', 'v' * 70000)])",
    "latin-header": f"http({GOOD}, headers=[TYPE, ('X', 'v\\xe4')])",
    "response-time": f"http({GOOD}, headers=[TYPE, ('WBEMServerResponseTime', '1234')])",
    "response-time-bad": f"http({GOOD}, headers=[TYPE, ('WBEMServerResponseTime', 'x')])",
    "redirect": "http('', '302 Found', [('Location', 'http://127.0.0.1:%d/x' % SERVER.port)])",
    "redirect-307": "http('', '307 Temporary', [('Location', '/x')])",
    "cookie": f"http({GOOD}, headers=[TYPE, ('Set-Cookie', 'a=b')])",
}
CLASS = '<CLASS NAME="C">{}</CLASS>'
MORE = "\nfacts = Aspects(time=c.last_server_response_time, reply_len=c.last_reply_len, request_len=c.last_request_len)\nfacts"


def sessions() -> List[Session]:
    """Return the sessions of this subject."""
    head = f'<VALUE.NAMEDINSTANCE>{PATH}<INSTANCE CLASSNAME="C">'
    setup = f"NAMED = {head + '@</INSTANCE></VALUE.NAMEDINSTANCE>'!r}"

    def in_instance(xml: str) -> str:
        reply = f"imethod('EnumerateInstances', NAMED.replace('@', {xml!r}))"
        return f"replying({reply}).EnumerateInstances('C')"

    values = {
        f"{kind}-{text}": in_instance(
            f'<PROPERTY NAME="P" TYPE="{kind}"><VALUE>{text}</VALUE></PROPERTY>'
        )
        for kind in TYPES + NO_TYPES
        for text in (TEXTS if kind in TYPES else TEXTS[:4])
    }
    arrays = {
        f"{kind}-{text}": in_instance(
            f'<PROPERTY.ARRAY NAME="P" TYPE="{kind}"><VALUE.ARRAY><VALUE>{text}</VALUE><VALUE.NULL/></VALUE.ARRAY></PROPERTY.ARRAY>'
        )
        for kind in TYPES + NO_TYPES
        for text in TEXTS[: 12 if kind in TYPES else 2]
    }
    replies = {
        f"{call}-{content}": f"c = replying(imethod({call.split('-')[0]!r}, {xml!r}))\n{source}"
        for call, source in CALLS.items()
        for content, xml in CONTENTS.items()
    }
    bare = {
        f"{call}-bare": f"c = replying(imethod({call.split('-')[0]!r}, '', False))\n{source}"
        for call, source in CALLS.items()
    }
    pulls = {
        f"{call}-{number}": f"c = replying(imethod({call!r}, '<IRETURNVALUE/>' + {xml!r}, False))\n{CALLS[call]}"
        for call in (
            "OpenEnumerateInstances",
            "PullInstancesWithPath",
            "PullInstancePaths",
            "OpenQueryInstances",
        )
        for number, xml in enumerate(PULL_PARAMETERS)
    }
    errors = {xml: f"replying(imethod('GetClass', {xml!r}, False)).GetClass('C')" for xml in ERRORS}
    enumerate_ = "c = replying({})\nc.EnumerateInstances('C')" + MORE
    return [
        table("replies/value", values, setup),
        table("replies/array", arrays, setup),
        table("replies/property", {xml: in_instance(xml) for xml in PROPERTIES}, setup),
        table(
            "replies/class",
            {
                xml: f"replying(imethod('GetClass', {CLASS.format(xml)!r})).GetClass('C')"
                for xml in CLASS_PARTS
            },
        ),
        table(
            "replies/class-head",
            {
                head: f"replying(imethod('GetClass', '<CLASS {head}/>')).GetClass('C')"
                for head in (
                    "",
                    'NAME=""',
                    'NAME="C" SUPERCLASS="S"',
                    'NAME="C" SUPERCLASS=""',
                    'NAME="C" X="y"',
                    'name="C"',
                )
            },
        ),
        table(
            "replies/declaration",
            {
                xml or "(none)": f"replying(imethod('GetQualifier', {xml!r})).GetQualifier('Q')"
                for xml in DECLARATIONS
            },
        ),
        table(
            "replies/method",
            {
                xml or "(none)": f"replying(method('M', {xml!r})).InvokeMethod('M', 'C')"
                for xml in METHOD_PARTS
            },
        ),
        table("replies/error", errors, texts=True),
        table("replies/operation", {**replies, **bare}),
        table("replies/pull", pulls),
        table(
            "replies/envelope",
            {name: enumerate_.format(source) for name, source in ENVELOPES.items()},
        ),
        *apart(
            "http/reply",
            {
                name: "from canned import TYPE, OPERATION\n" + enumerate_.format(source)
                for name, source in HTTP.items()
            },
        ),
        *apart(
            "http/debug",
            {
                name: f"c = replying({source})\nc.debug = True\nprint(outcome(lambda: c.EnumerateInstances('C')))\n[scrub(str(t)) for t in (c.last_reply, c.last_raw_reply, c.last_request)]"
                for name, source in ENVELOPES.items()
            },
        ),
    ]
