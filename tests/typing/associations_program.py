"""
What the operations on associations return, by the type of their argument.
"""

from __future__ import annotations

from typing import List, Tuple, Union

import pywbem


def follow(
    conn: pywbem.WBEMConnection,
    inst: pywbem.CIMInstance,
    either: Union[str, pywbem.CIMInstanceName],
) -> None:
    assert inst.path is not None
    instances: List[pywbem.CIMInstance] = conn.Associators(inst.path)
    instances = conn.References(inst.path, ResultClass="CIM_Foo")
    paths: List[pywbem.CIMInstanceName] = conn.AssociatorNames(inst.path, "CIM_Foo")
    paths = conn.ReferenceNames(inst.path)
    classes: List[Tuple[pywbem.CIMClassName, pywbem.CIMClass]] = conn.Associators("CIM_Foo")
    classes = conn.References(pywbem.CIMClassName("CIM_Foo"))
    names: List[pywbem.CIMClassName] = conn.AssociatorNames("CIM_Foo")
    names = conn.ReferenceNames("CIM_Foo")
    unknown = conn.AssociatorNames(either)
    names = unknown  # type: ignore[assignment]
    print(instances, paths, classes, names)


async def follow_async(conn: pywbem.AsyncWBEMConnection, path: pywbem.CIMInstanceName) -> None:
    instances: List[pywbem.CIMInstance] = await conn.Associators(path)
    names: List[pywbem.CIMClassName] = await conn.ReferenceNames("CIM_Foo")
    print(instances, names)
