"""
The operations of a strict server: what DSP0200 says where the released mock is lenient.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Optional, Tuple

from pywbem._cim_constants import (
    CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED,
    CIM_ERR_INVALID_QUERY,
    CIM_ERR_NOT_FOUND,
)
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_xml.records import Call, ExtrinsicCall, IntrinsicCall, Response
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..store.copying import copy_path, copy_property, deep_copy
from ..store.errors import invalid_parameter, not_in
from ..store.strict_resolver import StrictResolver
from .associations import Filters
from .call_handler import CallHandler
from .main_provider import MainProvider
from .properties import without_value
from .pull import Opening

# Properties and their names by the names case folded.
Properties = Dict[Optional[str], Tuple[str, CIMProperty]]

#: The operations that are not supported where pull operations are disabled.
_PULL_OPERATIONS = ("open", "pull", "closeenumeration", "enumerationcount")


class StrictMainProvider(MainProvider):
    """
    The main provider of a strict server.
    """

    # DSP0200 5.4.2.14, 5.4.2.16: these operations have no parameter LocalOnly.
    _local_results = False
    _resolver_class = StrictResolver

    # -- Instances ------------------------------------------------------------

    def _viewer(
        self,
        names: Optional[FrozenSet[str]],
        include_qualifiers: Optional[bool] = None,
        include_classorigin: Optional[bool] = None,
        shares: bool = False,
    ) -> Callable[[CIMInstance], CIMInstance]:
        """
        Return what copies an instance with exactly those properties of its class that are
        wanted; what it does not have is NULL.
        """
        view = super()._viewer(names, include_qualifiers, include_classorigin, shares)
        known: Dict[Tuple[str, str], Optional[Properties]] = {}

        def complete(instance: CIMInstance) -> CIMInstance:
            path: Any = instance._path
            key = (path._namespace, instance._classname)
            if key not in known:
                known[key] = self._nulls(*key, names)
            nulls = known[key]
            result = view(instance)
            if nulls is not None and nulls.keys() != result.properties._data.keys():
                result._properties = _equal(result.properties._data, nulls)
            return result

        return complete

    def _nulls(
        self, namespace: str, classname: str, names: Optional[FrozenSet[str]]
    ) -> Optional[Properties]:
        """
        The properties of a class that are wanted, as NULL.  None where an instance was added
        without its class.
        """
        cls = self._classes(namespace).find(classname)
        if cls is None:
            return None
        return {
            key: (name, without_value(declared))
            for key, (name, declared) in cls.properties._data.items()
            if names is None or key in names
        }

    # -- Classes --------------------------------------------------------------

    def _class_view(
        self,
        cls: CIMClass,
        local_only: Optional[bool],
        include_qualifiers: Optional[bool],
        include_classorigin: Optional[bool],
        property_list: Optional[Iterable[str]] = None,
    ) -> CIMClass:
        """
        Copy a class; LocalOnly is about its qualifiers, too (DSP0200 5.4.2.1).
        """
        view = super()._class_view(
            cls, local_only, include_qualifiers, include_classorigin, property_list
        )
        if local_only is not False:
            elements: List[Any] = [view, *view.properties.values(), *view.methods.values()]
            for element in elements:
                _remove_propagated(element.qualifiers)
        return view

    def _check_declaration(self, namespace: str, cls: CIMClass) -> None:
        """
        Raise CIM_ERR_INVALID_PARAMETER, which comes before what the repository has to do with
        a class, as far as the superclass is there, without which nothing can be checked.
        """
        if cls.superclass is None or self._classes(namespace).object_exists(cls.superclass):
            self._resolver(namespace).resolve(deep_copy(cls))

    def _create_class(self, namespace: str, new_class: CIMClass, check: bool) -> None:
        if self._classes(namespace).object_exists(new_class.classname):
            self._check_declaration(namespace, new_class)
        super()._create_class(namespace, new_class, check)

    def ModifyClass(self, namespace: str, ModifiedClass: CIMClass) -> None:
        """
        Replace a class that has no subclasses and no instances.

        Parameters:
            namespace (str): The namespace.
            ModifiedClass (CIMClass): The class with the elements that it declares or
                overrides, and the superclass that it has.

        Raises:
            CIMError: As :meth:`MainProvider.ModifyClass`, in the order of DSP0200 5.4.2.9.
        """
        self._check_declaration(namespace, ModifiedClass)
        super().ModifyClass(namespace, ModifiedClass)

    def _check_modification(self, namespace: str, old: CIMClass, new: CIMClass) -> None:
        self._check_same_superclass(namespace, old, new)
        self._check_unused(namespace, old.classname, "modified")

    def _check_deletion(self, namespace: str, classname: str) -> None:
        self._check_unused(namespace, classname, "deleted")

    # -- Pulled enumerations and queries --------------------------------------

    def _check_opening(self, namespace: str, opening: Opening) -> None:
        self.validate_namespace(namespace)
        if (opening.filter_language is None) is not (opening.filter_query is None):
            raise invalid_parameter(
                "FilterQuery and FilterQueryLanguage are invalid without each other"
            )
        super()._check_opening(namespace, opening)

    def _default_count(self) -> int:
        # DSP0200 5.4.2.24: without MaxObjectCount an Open... operation returns no objects.
        return 0

    def _check_source(self, namespace: str, path: CIMInstanceName, filters: Filters) -> None:
        # CIM_ERR_INVALID_PARAMETER comes first.
        self._end_filter(path, namespace, "ResultClass", filters.result_class)
        self._end_filter(path, namespace, "AssocClass", filters.assoc_class)
        store = self._cimrepository.get_instance_store(namespace)
        if store.find(copy_path(path, namespace)) is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND,
                f"The source instance does not exist in namespace {namespace!r}: {path!r}",
            )

    def _queried_class(self, namespace: str, classname: str) -> CIMClass:
        cls = self._classes(namespace).find(classname)
        if cls is None:
            # Queries have no CIM_ERR_INVALID_CLASS (DSP0200 5.4.2.13).
            raise CIMError(CIM_ERR_INVALID_QUERY, not_in(classname, namespace))
        return cls


def _equal(properties: Properties, nulls: Properties) -> NocaseDict:
    """
    The properties of an instance as its class has them.
    """
    missing = {
        key: (name, copy_property(null))
        for key, (name, null) in nulls.items()
        if key not in properties
    }
    known = {key: item for key, item in properties.items() if key in nulls}
    return NocaseDict._trusted({**known, **missing})


def _remove_propagated(qualifiers: NocaseDict) -> None:
    for qualifier in list(qualifiers.values()):
        if qualifier.propagated:
            del qualifiers[qualifier.name]


class StrictCallHandler(CallHandler):
    """
    Performs the calls of a strict server.
    """

    def __call__(self, call: Call) -> Response:
        """
        Perform a call; a Pull... operation that fails, for whatever reason, closes its
        enumeration, because ContinueOnError is not supported (DSP0200 5.4.2.24).

        Parameters:
            call (Call): The call record.

        Returns:
            The response record.

        Raises:
            Broken: A fault was injected that keeps the response from the client.
            Whatever else a user-defined provider raises.
        """
        response = super().__call__(call)
        if response.error is not None and call.name.lower().startswith("pull"):
            with self.dispatcher.cimrepository.lock:
                for context in _given(call, "enumerationcontext"):
                    self.mainprovider.enumerations.discard(context)
        return response

    def _check(self, call: Call) -> None:
        """
        Check what comes before the parameters of an operation, in the order of DSP0200.
        """
        if isinstance(call, IntrinsicCall):
            if call.name.lower().startswith(_PULL_OPERATIONS):
                self.mainprovider.check_pull_enabled()
            # The server has no such feature, which comes before all else.
            if True in _given(call, "continueonerror"):
                raise CIMError(
                    CIM_ERR_CONTINUATION_ON_ERROR_NOT_SUPPORTED, "ContinueOnError not supported"
                )
            self.mainprovider.validate_namespace(call.namespace.strip("/"))
            _check_unique([name for name, _ in call.params])
        elif isinstance(call, ExtrinsicCall):
            self.mainprovider.validate_namespace(call.path.namespace or "")
            _check_unique([param.name for param in call.params])


def _given(call: Call, name: str) -> List[Any]:
    """
    The values of a parameter of an intrinsic operation.
    """
    if not isinstance(call, IntrinsicCall):
        return []
    return [value for given, value in call.params if given.lower() == name]


def _check_unique(names: List[str]) -> None:
    lower = [name.lower() for name in names]
    for name in names:
        if lower.count(name.lower()) > 1:
            raise invalid_parameter(f"The parameter {name!r} is given more than once")
