"""
The user-defined providers of a mock WBEM server.
"""

from __future__ import annotations

import inspect
from typing import Any, Dict, Iterator, List, Optional, TextIO, Tuple, Type, Union

from pywbem._nocasedict import NocaseDict

from .base import BaseProvider
from .host import ProviderHost
from .instance_write import InstanceWriteProvider
from .method import MethodProvider

__all__ = ["ProviderRegistry"]

# For each type of provider: its base class, and the number of arguments with
# which each of its methods is called.
_TYPES: Dict[str, Tuple[Type[Any], Dict[str, int]]] = {
    "instance-write": (
        InstanceWriteProvider,
        {"CreateInstance": 2, "ModifyInstance": 2, "DeleteInstance": 1},
    ),
    "method": (MethodProvider, {"InvokeMethod": 3}),
}

Names = Union[None, str, List[str]]


class ProviderRegistry:
    """
    The user-defined providers of a mock WBEM server, by namespace, class and
    type of provider.
    """

    #: The types of providers that can be registered.
    PROVIDER_TYPES = ["instance-write", "method"]

    def __init__(self) -> None:
        # Providers by namespace, by class, by type
        self._registry = NocaseDict()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(registry={self._registry!r})"

    def load(self, other: ProviderRegistry) -> None:
        """
        Replace the content of this registry by that of another, for example
        one that was unpickled.

        Parameters:
            other (ProviderRegistry): The other registry.
        """
        self._registry = other._registry

    # -- Registration ---------------------------------------------------------

    def register_provider(
        self,
        conn: ProviderHost,
        provider: Any,
        namespaces: Names = None,
        schema_pragma_files: Names = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Register a provider for its classes in some namespaces; it replaces one
        of the same type that was registered for the same class and namespace.

        Parameters:
            conn (FakedWBEMConnection): The connection.
            provider (InstanceWriteProvider or MethodProvider): The provider.
            namespaces (str or list of str): The namespaces.  None means the
                default namespace of the connection.
            schema_pragma_files (str or list of str): Paths of schema pragma
                files; classes of the provider that do not exist are compiled from
                their directories.  None means that all classes must exist.
            verbose (bool): Print what is compiled.

        Raises:
            TypeError: The provider is not of the class for its type, its
                attributes or methods are not as they should be, or the namespaces
                are not strings.
            ValueError: The type of the provider is not known, its class names
                are not strings, or a namespace or class does not exist.
            MOFCompileError: A class could not be compiled.
        """
        provider_type, classnames = _checked_provider(provider)
        if namespaces is None:
            namespaces = conn.default_namespace
        targets = _checked_namespaces(conn, namespaces)
        for namespace in targets:
            _require_classes(conn, classnames, namespace, schema_pragma_files, verbose)
        for namespace in targets:
            classes = self._registry.setdefault(namespace, NocaseDict())
            for classname in classnames:
                classes.setdefault(classname, {})[provider_type] = provider
        setup = getattr(provider, "post_register_setup", None)
        if setup is not None:
            setup(conn)

    # -- Look-up --------------------------------------------------------------

    def get_registered_provider(
        self, namespace: str, provider_type: str, classname: str
    ) -> Optional[Any]:
        """
        Return the provider that is registered, or None.

        Parameters:
            namespace (str): The namespace.
            provider_type (str): The type of the provider.
            classname (str): The class.
        """
        classes = self._registry.get(namespace)
        types = classes.get(classname) if classes else None
        return types.get(provider_type) if types else None

    def has_any(self) -> bool:
        """
        Return whether a provider is registered.
        """
        return bool(self._registry)

    def has_any_of_users(self) -> bool:
        """
        Return whether a provider is registered that may take as long as it likes: one that is
        not of this package.
        """
        return bool(self._registry) and any(
            not is_own(provider) for _, _, _, provider in self.iteritems()
        )

    def provider_namespaces(self) -> List[str]:
        """
        Return the names of the namespaces for which providers are registered.
        """
        return list(self._registry)

    def provider_classes(self, namespace: str) -> List[str]:
        """
        Return the names of the classes for which providers are registered.

        Parameters:
            namespace (str): The namespace.

        Raises:
            KeyError: No provider is registered for the namespace.
        """
        return list(self._registry[namespace])

    def provider_types(self, namespace: str, classname: str) -> List[str]:
        """
        Return the types of the providers that are registered for a class.

        Parameters:
            namespace (str): The namespace.
            classname (str): The class.

        Raises:
            KeyError: No provider is registered for it.
        """
        return list(self._registry[namespace][classname])

    def provider_obj(self, namespace: str, classname: str, provider_type: str) -> Any:
        """
        Return the provider that is registered.

        Parameters:
            namespace (str): The namespace.
            classname (str): The class.
            provider_type (str): The type of the provider.

        Raises:
            KeyError: No such provider is registered.
        """
        return self._registry[namespace][classname][provider_type]

    def iteritems(self) -> Iterator[Tuple[str, str, str, Any]]:
        """
        Return an iterator over the registered providers, as tuples (namespace,
        class name, type, provider).
        """
        for namespace, classes in list(self._registry.items()):
            for classname, types in list(classes.items()):
                for provider_type, provider in list(types.items()):
                    yield namespace, classname, provider_type, provider

    def display_registered_providers(self, dest: Optional[str] = None) -> None:
        """
        Print the registered providers.

        Parameters:
            dest (str): Path of a file.  None means the standard output.
        """
        if dest is None:
            self._display(None)
        else:
            with open(dest, "w", encoding="utf-8") as file:
                self._display(file)

    def _display(self, file: Optional[TextIO]) -> None:
        print("Registered Providers:", file=file)
        for namespace, classes in self._registry.items():
            print(f"namespace: {namespace}", file=file)
            rows = [
                (classname, provider_type, type(provider).__name__)
                for classname, types in classes.items()
                for provider_type, provider in types.items()
            ]
            widths = [max(map(len, column)) for column in zip(*rows)]
            for row in sorted(rows, key=lambda row: (row[0].casefold(), row[1])):
                cells = [cell.ljust(width) for cell, width in zip(row, widths)]
                print(f"  {'  '.join(cells)}", file=file)


def is_own(provider: Any) -> bool:
    """
    Whether a provider is one of this package, which keeps nobody waiting.

    Parameters:
        provider (BaseProvider): The provider.
    """
    return type(provider).__module__.startswith("pywbem_mock.")


def _checked_provider(provider: Any) -> Tuple[str, List[str]]:
    """
    The type of a provider and the names of its classes.
    """
    try:
        provider_type = provider.provider_type
        classnames = provider.provider_classnames
    except AttributeError as exc:
        raise TypeError(
            f"A provider must have the attributes provider_type and provider_classnames: {exc}"
        ) from None
    if not isinstance(provider_type, str) or provider_type not in _TYPES:
        raise ValueError(
            f"The attribute provider_type of the provider is {provider_type!r}; valid types are "
            f"{ProviderRegistry.PROVIDER_TYPES}"
        )
    base, methods = _TYPES[provider_type]
    if not isinstance(provider, base):
        raise TypeError(
            f"A provider of the type {provider_type!r} must be an object of a subclass of "
            f"{base.__name__}, not {provider!r:.200}"
        )
    if isinstance(classnames, str):
        classnames = [classnames]
    if not isinstance(classnames, (list, tuple)) or not all(
        isinstance(name, str) for name in classnames
    ):
        raise ValueError(
            "The attribute provider_classnames of the provider must be a string or a list of "
            f"strings, not {classnames!r}"
        )
    for name, count in methods.items():
        _check_method(provider, name, count)
    return provider_type, list(classnames)


def _check_method(provider: BaseProvider, name: str, count: int) -> None:
    where = f"The method {name} of the provider {type(provider).__name__}"
    method = getattr(provider, name)
    if not callable(method):
        raise TypeError(f"{where} cannot be called: it is {method!r}")
    try:
        inspect.signature(method).bind(*[None] * count)
    except TypeError as exc:
        raise TypeError(
            f"{where} must take {count} arguments beside self, as that of its base class does: "
            f"{exc}"
        ) from None


def _checked_namespaces(conn: ProviderHost, namespaces: Any) -> List[str]:
    if isinstance(namespaces, str):
        namespaces = [namespaces]
    if not isinstance(namespaces, (list, tuple)) or not all(
        isinstance(name, str) for name in namespaces
    ):
        raise TypeError(
            f"The argument namespaces must be a string or a list of strings, not {namespaces!r}"
        )
    targets = [name.strip("/") for name in namespaces]
    for name in targets:
        if name not in conn.namespaces:
            raise ValueError(
                f"Namespace {name!r} in the argument namespaces does not exist in the CIM "
                f"repository; existing namespaces are {list(conn.namespaces)}"
            )
    return targets


def _require_classes(
    conn: ProviderHost,
    classnames: List[str],
    namespace: str,
    schema_pragma_files: Names,
    verbose: Optional[bool],
) -> None:
    """
    Have the classes of a provider in a namespace.
    """
    store = conn.cimrepository.get_class_store(namespace)
    missing = [name for name in classnames if not store.object_exists(name)]
    if not missing:
        return
    if schema_pragma_files is None:
        raise ValueError(
            f"Class {missing[0]!r} of the provider does not exist in namespace {namespace!r} of "
            "the CIM repository and no schema pragma files were specified"
        )
    conn.compile_schema_classes(missing, schema_pragma_files, namespace, verbose=bool(verbose))
