"""
The arguments of a subscription manager: what is verified and made of them.
"""

from __future__ import annotations

import re
from typing import Any, List, Optional

from .._cim_obj import CIMInstanceName
from .._cim_types import Uint16
from .._http.url import parse_url
from .owned import FILTER, InstanceKind

# Values of CIM_ListenerDestination.PersistenceType.
_PERSISTENCE_TYPES = {"permanent": 2, "transient": 3}

# The zone index in a URL that parse_url() returns.
_ZONE = re.compile(r"(\[[^\]-]*)-(?:25(?=[^\]]))?(?=[^\]]+\])")


def destination_url(listener_url: str) -> str:
    """
    Return the URL of a listener as servers of all kinds read it.
    """
    url = parse_url(listener_url, allow_defaults=False)[2]
    return _ZONE.sub(r"\1%25", url)


def verify_id(what: str, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"Invalid type for {what}: {value!r}")
    if ":" in value:
        raise ValueError(f"{what[0].upper()}{what[1:]} contains ':': {value!r}")


def verify_path(name: str, path: Any) -> None:
    if not isinstance(path, CIMInstanceName):
        raise TypeError(
            f"The {name} argument must be a CIMInstanceName, but has type: {type(path)}"
        )


def path_list(name: str, paths: Any) -> List[CIMInstanceName]:
    """
    An argument that is a path or a list of paths, as list.
    """
    result: List[CIMInstanceName] = list(paths) if isinstance(paths, (list, tuple)) else [paths]
    for path in result:
        verify_path(name, path)
    return result


def namespace_list(source_namespaces: Any) -> List[str]:
    if not source_namespaces and not isinstance(source_namespaces, int):
        return []
    if isinstance(source_namespaces, str):
        return [source_namespaces]
    if isinstance(source_namespaces, (list, tuple)):
        return list(source_namespaces)
    raise TypeError(
        "The source_namespaces argument must be a string or a list of strings, but has type: "
        f"{type(source_namespaces)}"
    )


def persistence_value(persistence_type: Any, owned: bool) -> Optional[Uint16]:
    """
    The value of the property PersistenceType.
    """
    if persistence_type is None:
        return Uint16(_PERSISTENCE_TYPES["transient"]) if owned else None
    if not isinstance(persistence_type, str):
        raise ValueError(
            f"The persistence_type must be a string. Type {type(persistence_type)} not allowed."
        )
    try:
        return Uint16(_PERSISTENCE_TYPES[persistence_type.lower()])
    except KeyError:
        raise ValueError(
            f"The persistence_type string must be one of: {', '.join(_PERSISTENCE_TYPES)}. "
            f"The value {persistence_type!r} is invalid"
        ) from None


def final_name(
    manager_id: str,
    kind: InstanceKind,
    word: str,
    owned: bool,
    item_id: Optional[str],
    name: Optional[str],
) -> str:
    """
    The value of the property Name.
    """
    if owned:
        if item_id is None:
            raise ValueError(f"For owned {word}s, the '{word}_id' parameter must be specified")
        if name is not None:
            raise ValueError(f"For owned {word}s, the 'name' parameter must not be specified")
        if kind is FILTER:
            verify_id("filter ID", item_id)
        return f"{kind.prefix}:{manager_id}:{item_id}"
    if name is None:
        raise ValueError(f"For permanent {word}s, 'name' parameter must be specified")
    if item_id is not None:
        raise ValueError(f"For permanent {word}s, the '{word}_id' parameter must not be specified")
    return name
