"""
Names of namespaces, and creating them.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["create_namespace", "delete_namespace", "namespace_problem"]

# DSP0004 8.1, annex A (namespaceName): components separated by slashes.
_NAMESPACE = re.compile(r"[\w\-.$]+(?:/[\w\-.$]+)*\Z")
_HOST = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//|.*[:\[\]]")


def namespace_problem(name: str) -> str:
    """
    Return what is wrong with the name of a namespace, or an empty string.
    """
    if _HOST.match(name):
        return (
            f"Invalid namespace {name!r}: it has a host part, but MOF is compiled into one "
            "repository; only the name of a namespace is allowed, such as 'root/cimv2'"
        )
    if not _NAMESPACE.match(name.strip("/")):
        return f"Invalid namespace {name!r}: a name such as 'root/cimv2' is expected"
    return ""


def create_namespace(handle: Any, namespace: str) -> None:
    """
    Create a namespace in a repository.

    Raises:
        NotImplementedError: The repository has no means for that.
    """
    for name in ("create_namespace", "add_namespace"):
        create = getattr(handle, name, None)
        if create is not None:
            create(namespace)
            return
    wbem_server(handle).create_namespace(namespace)


def delete_namespace(handle: Any, namespace: str) -> None:
    """
    Delete a namespace that `create_namespace` created.

    Raises:
        NotImplementedError: The repository has no means for that.
    """
    for name in ("delete_namespace", "remove_namespace"):
        delete = getattr(handle, name, None)
        if delete is not None:
            delete(namespace)
            return
    wbem_server(handle).delete_namespace(namespace)


def wbem_server(handle: Any) -> Any:
    """
    Return a `WBEMServer` for a connection to one.

    Raises:
        NotImplementedError: The handle is no such connection.
    """
    from pywbem._client._sync.connection import WBEMConnection

    if not isinstance(handle, WBEMConnection):
        raise NotImplementedError("the repository has no operation that creates namespaces")
    # Imported late: most compilations need none of it.
    from pywbem._client._sync.server import WBEMServer

    return WBEMServer(handle)
