"""
Removing what was compiled from a CIM repository.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable, Iterator, List, Mapping, Set

from pywbem._cim_obj import CIMInstanceName
from pywbem._exceptions import CIMError

from .printing import _print_logger

__all__ = ["path_text", "remove"]


def path_text(path: CIMInstanceName) -> str:
    """
    Return an instance path for messages; it may lack keys.
    """
    return str(path) if path._keybindings else f"{path.namespace}:{path.classname}"


def remove(
    conn: Any,
    instances: Mapping[str, List[Any]],
    class_names: Mapping[str, List[str]],
    qualifiers: Mapping[str, Any],
    verbose: bool,
) -> None:
    """
    Delete what is in a repository in memory from the connection under it.

    Parameters:
        conn: The underlying connection.
        instances (mapping): The instances in memory, by namespace.
        class_names (mapping): The names of the classes, by namespace, in the order of their
            creation.
        qualifiers (mapping): The qualifier declarations, by namespace and name.
        verbose (bool): Print what is deleted.
    """
    for created in instances.values():
        for instance in reversed(created):
            text = path_text(instance.path)
            _delete("instance", text, verbose, conn.DeleteInstance, instance.path)
    for namespace, names in class_names.items():
        for name in dict.fromkeys(reversed(names)):
            text = f"{namespace}:{name}"
            _delete("class", text, verbose, conn.DeleteClass, name, namespace=namespace)
    for namespace, declarations in qualifiers.items():
        used = _used_qualifiers(conn, namespace) if declarations else None
        for name in reversed(list(declarations)):
            if used is not None and name.lower() not in used:
                text = f"{namespace}:{name}"
                _delete("qualifier", text, verbose, conn.DeleteQualifier, name, namespace=namespace)


def _delete(
    kind: str, name: object, verbose: bool, delete: Callable[..., Any], *args: Any, **kwargs: Any
) -> None:
    if verbose:
        _tell(f"Deleting {kind} {name}")
    try:
        delete(*args, **kwargs)
    except CIMError as exc:
        _tell(f"Error deleting {kind} {name}")
        _tell(f"     {exc.status_code} {exc.status_description}")


def _tell(message: str) -> None:
    # If nobody reads it any more, the rest is deleted nevertheless.
    with suppress(BrokenPipeError):
        _print_logger(message)


def _used_qualifiers(conn: Any, namespace: str) -> Any:
    """
    Return the names of the qualifiers that the classes of a namespace have, in lower case; None if
    that cannot be found out.
    """
    enumerate_classes = getattr(conn, "EnumerateClasses", None)
    if enumerate_classes is None:
        return None
    try:
        classes: List[Any] = enumerate_classes(
            namespace=namespace, DeepInheritance=True, LocalOnly=True, IncludeQualifiers=True
        )
    except CIMError:
        return None
    names: Set[str] = set()
    for cls in classes:
        for element in _elements(cls):
            names.update(name.lower() for name in element.qualifiers)
    return names


def _elements(cls: Any) -> Iterator[Any]:
    yield cls
    yield from cls.properties.values()
    for method in cls.methods.values():
        yield method
        yield from method.parameters.values()
