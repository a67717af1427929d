"""
Instance paths, class paths and namespaces -> CIM-XML text (DSP0201).

A path is written with as much as it has: the name alone, with its namespace,
or with namespace and host.  A host without a namespace says nothing.
"""

from __future__ import annotations

import functools
from typing import Any, Optional, Union

from ..._cim_obj import CIMClassName, CIMInstanceName
from ..._warnings import MissingKeybindingsWarning, warn_caller
from .values import Unfit, attribute_text, brief, key_value_xml, name_text, text

Path = Union[CIMInstanceName, CIMClassName]


@functools.lru_cache(maxsize=64)
def localnamespacepath(namespace: str) -> str:
    """LOCALNAMESPACEPATH; the same few namespaces come again and again."""
    parts = [f'<NAMESPACE NAME="{attribute_text(part)}"/>' for part in namespace.split("/")]
    return f"<LOCALNAMESPACEPATH>{''.join(parts)}</LOCALNAMESPACEPATH>"


def _namespacepath(host: str, namespace: str) -> str:
    local = localnamespacepath(namespace)
    return f"<NAMESPACEPATH><HOST>{text(host)}</HOST>{local}</NAMESPACEPATH>"


def instancename(
    obj: CIMInstanceName, ignore_host: bool = False, ignore_namespace: bool = False
) -> str:
    """INSTANCENAME, LOCALINSTANCEPATH or INSTANCEPATH."""
    try:
        name = _bare_instancename(obj)
        namespace = obj._namespace
        if namespace is None or ignore_namespace:
            return name
        if obj._host is None or ignore_host:
            local = localnamespacepath(namespace)
            return f"<LOCALINSTANCEPATH>{local}{name}</LOCALINSTANCEPATH>"
        return f"<INSTANCEPATH>{_namespacepath(obj._host, namespace)}{name}</INSTANCEPATH>"
    except Unfit as unfit:
        raise unfit.within(f"instance path of class {obj._classname!r}") from None


def _bare_instancename(obj: CIMInstanceName) -> str:
    keys = obj._keybindings
    classname = name_text(obj._classname)
    if keys is None or not keys._data:
        warn_caller(
            MissingKeybindingsWarning,
            f"The instance path of class {obj._classname!r} has no keybindings, which DSP0004 "
            "7.7.5 does not permit; it is converted to CIM-XML without them",
        )
        return f'<INSTANCENAME CLASSNAME="{classname}"/>'
    parts = [_keybinding(*item) for item in keys._data.values()]
    return f'<INSTANCENAME CLASSNAME="{classname}">{"".join(parts)}</INSTANCENAME>'


def _keybinding(name: Optional[str], value: Any) -> str:
    """KEYBINDING; the name None stands for a key without a name."""
    try:
        if isinstance(value, CIMInstanceName):
            content = reference(value)
        else:
            content = key_value_xml(value)
        return f'<KEYBINDING NAME="{name_text(name or "")}">{content}</KEYBINDING>'
    except Unfit as unfit:
        raise unfit.within(f"keybinding {name!r}") from None


def classname(obj: CIMClassName, ignore_host: bool = False, ignore_namespace: bool = False) -> str:
    """CLASSNAME, LOCALCLASSPATH or CLASSPATH."""
    try:
        name = f'<CLASSNAME NAME="{name_text(obj._classname)}"/>'
        namespace = obj._namespace
        if namespace is None or ignore_namespace:
            return name
        if obj._host is None or ignore_host:
            return f"<LOCALCLASSPATH>{localnamespacepath(namespace)}{name}</LOCALCLASSPATH>"
        return f"<CLASSPATH>{_namespacepath(obj._host, namespace)}{name}</CLASSPATH>"
    except Unfit as unfit:
        raise unfit.within(f"class path of class {obj._classname!r}") from None


def reference(value: Any) -> str:
    """VALUE.REFERENCE."""
    if isinstance(value, CIMInstanceName):
        return f"<VALUE.REFERENCE>{instancename(value)}</VALUE.REFERENCE>"
    if isinstance(value, CIMClassName):
        return f"<VALUE.REFERENCE>{classname(value)}</VALUE.REFERENCE>"
    raise Unfit(
        TypeError,
        f"the value {brief(value)} has the type {type(value)}, "
        "but a reference needs CIMInstanceName or CIMClassName",
    )
