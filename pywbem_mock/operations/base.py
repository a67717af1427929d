"""
What the operations of the main provider share.
"""

from __future__ import annotations

from typing import Callable, Dict, FrozenSet, Iterable, Optional

from pywbem._cim_constants import CIM_ERR_INVALID_CLASS
from pywbem._cim_obj import CIMClass, CIMInstance
from pywbem._exceptions import CIMError

from .. import config
from ..providers.base import BaseProvider
from ..store.class_view import class_view, wanted_names
from ..store.copying import copy_instance
from ..store.errors import invalid_namespace, not_in
from ..store.objects import InMemoryObjectStore


class ProviderBase(BaseProvider):
    """
    Base class of the parts of the main provider.
    """

    #: str: Host of the server, for paths.
    host: str

    def _classes(self, namespace: str) -> InMemoryObjectStore[CIMClass]:
        """
        The classes of a namespace that must exist.
        """
        self.validate_namespace(namespace)
        return self._cimrepository.get_class_store(namespace)

    def _instances(self, namespace: str) -> InMemoryObjectStore[CIMInstance]:
        """
        The instances of a namespace that must exist.
        """
        try:
            return self._cimrepository.get_instance_store(namespace)
        except KeyError:
            raise invalid_namespace(namespace) from None

    def _required_class(self, namespace: str, classname: str) -> CIMClass:
        """
        A class that must exist; it must not be changed.
        """
        cls = self._classes(namespace).find(classname)
        if cls is None:
            raise CIMError(CIM_ERR_INVALID_CLASS, not_in(classname, namespace))
        return cls

    def _viewer(
        self,
        names: Optional[FrozenSet[str]],
        include_qualifiers: Optional[bool] = None,
        include_classorigin: Optional[bool] = None,
        shares: bool = False,
    ) -> Callable[[CIMInstance], CIMInstance]:
        """
        Return what copies an instance of the repository as an operation returns it.

        Parameters:
            names (frozenset of str): Names of the properties that are wanted, case
                folded.  None means all.
            include_qualifiers (bool): Include qualifiers, if the configuration does
                not say that this is ignored.
            include_classorigin (bool): Include the class origin of properties, if
                the configuration does not say that this is ignored.
            shares (bool): Whether the copy may have the properties of the repository: it is for
                one who only reads it.
        """
        qualifiers = bool(include_qualifiers) and not config.IGNORE_INSTANCE_IQ_PARAM
        origin = bool(include_classorigin) and not config.IGNORE_INSTANCE_ICO_PARAM
        if shares and names is None:
            return lambda instance: _shared_instance(instance, qualifiers, origin)
        return lambda instance: copy_instance(instance, names, qualifiers, origin)

    def _class_view(
        self,
        cls: CIMClass,
        local_only: Optional[bool],
        include_qualifiers: Optional[bool],
        include_classorigin: Optional[bool],
        property_list: Optional[Iterable[str]] = None,
    ) -> CIMClass:
        """
        Copy a class of the repository as an operation returns it; see :func:`class_view`.
        """
        names = wanted_names(property_list)
        return class_view(cls, local_only, include_qualifiers, include_classorigin, names)


def _shared_instance(instance: CIMInstance, qualifiers: bool, origin: bool) -> CIMInstance:
    """
    An instance with its properties, without its path, to be read only; a copy of one that has
    more than is wanted.
    """
    properties = instance._properties
    if instance._qualifiers is not None or properties is None:
        return copy_instance(instance, None, qualifiers, origin)
    for _, prop in properties._data.values():
        if prop._qualifiers is not None or prop._class_origin is not None:
            return copy_instance(instance, None, qualifiers, origin)
    return CIMInstance._trusted(instance._classname, properties, None, None)


class ClassFilter:
    """
    Tells whether classes are a class or below it.

    Parameters:
        classes (InMemoryObjectStore): The classes of the namespace.
        classname (str): Name of the class.  None means that every class is.
    """

    def __init__(self, classes: InMemoryObjectStore[CIMClass], classname: Optional[str]) -> None:
        self._classes = classes
        self._known: Dict[str, bool] = {}
        self.everything = classname is None
        if classname is not None:
            self._known[classname.casefold()] = True

    def __call__(self, classname: str) -> bool:
        """
        Whether a class is; one that does not exist is not.
        """
        if self.everything:
            return True
        key = classname.casefold()
        found = self._known.get(key)
        if found is None:
            cls = self._classes.find(key)
            found = cls is not None and cls._superclass is not None and self(cls._superclass)
            self._known[key] = found
        return found
