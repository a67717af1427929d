"""
Operations on a property of an instance (DSP0200 5.4.2.18, 5.4.2.19), which old clients use.
"""

from __future__ import annotations

from typing import Any, Tuple
from xml.etree.ElementTree import Element

from pywbem._cim_constants import (
    CIM_ERR_NO_SUCH_PROPERTY,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_TYPE_MISMATCH,
)
from pywbem._cim_obj import CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_xml.read.properties import embedded_value
from pywbem._cim_xml.read.tree import DecodeError
from pywbem._cim_xml.read.values import CONVERTERS
from pywbem._exceptions import CIMError

from ..providers.checks import is_embedded
from ..providers.dispatcher import ProviderDispatcher
from ..store.copying import copy_path, copy_property
from .base import ProviderBase


class PropertyOperations(ProviderBase):
    """
    The operations on a property of an instance.
    """

    #: ProviderDispatcher: The dispatcher of the operations that modify instances.
    providerdispatcher: ProviderDispatcher

    def _instance_and_property(
        self, namespace: str, path: CIMInstanceName, name: str
    ) -> Tuple[CIMInstance, CIMProperty]:
        """
        An instance, and the property that its class must declare.
        """
        cls = self._required_class(namespace, path.classname)
        instance = self._cimrepository.get_instance_store(namespace).find(
            copy_path(path, namespace)
        )
        if instance is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND, f"Instance not found in namespace {namespace!r}: {path!r}"
            )
        declared = cls.properties.get(name)
        if declared is None:
            raise CIMError(
                CIM_ERR_NO_SUCH_PROPERTY,
                f"The class {cls.classname!r} in namespace {namespace!r} has no property {name!r}",
            )
        return instance, declared

    def GetProperty(
        self, namespace: str, InstanceName: CIMInstanceName, PropertyName: str
    ) -> CIMProperty:
        """
        Return a property of an instance; one that is not set is NULL.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the instance.
            PropertyName (str): Name of the property, in any lexical case.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND,
                CIM_ERR_NO_SUCH_PROPERTY.
        """
        instance, declared = self._instance_and_property(namespace, InstanceName, PropertyName)
        prop = instance.properties.get(declared.name)
        if prop is None:
            return without_value(declared)
        return copy_property(prop, qualifiers=False, class_origin=False)

    def SetProperty(
        self,
        namespace: str,
        InstanceName: CIMInstanceName,
        PropertyName: str,
        NewValue: Any = None,
    ) -> None:
        """
        Set a property of an instance.

        Parameters:
            namespace (str): The namespace.
            InstanceName (CIMInstanceName): Path of the instance.
            PropertyName (str): Name of the property, in any lexical case.
            NewValue (str, CIMInstanceName or list of str): The value; the text of one that is
                no reference.  None means NULL.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE, CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND,
                CIM_ERR_NO_SUCH_PROPERTY; CIM_ERR_TYPE_MISMATCH: The property cannot have
                the value; CIM_ERR_INVALID_PARAMETER: It is a key, or the value must not be.
        """
        _, declared = self._instance_and_property(namespace, InstanceName, PropertyName)
        try:
            prop = _with_value(declared, _typed(declared, NewValue))
        except (ValueError, TypeError, DecodeError) as exc:
            raise CIMError(
                CIM_ERR_TYPE_MISMATCH,
                f"The property {declared.name!r} of class {InstanceName.classname!r} cannot have "
                f"the value {NewValue!r}: {exc}",
            ) from None
        modified = CIMInstance(InstanceName.classname, properties=[prop])
        # Not before: a new value of a key would go into the path.
        modified.path = copy_path(InstanceName, namespace)
        self.providerdispatcher.ModifyInstance(modified)


def without_value(declared: CIMProperty) -> CIMProperty:
    """
    A property of an instance that is NULL.

    Parameters:
        declared (CIMProperty): The property of the class.
    """
    return _with_value(declared, None)


def _with_value(declared: CIMProperty, value: Any) -> CIMProperty:
    """
    A property of an instance.
    """
    return CIMProperty(
        declared.name,
        value,
        type=declared.type,
        is_array=declared.is_array,
        reference_class=declared.reference_class,
        embedded_object=declared.embedded_object,
    )


def _typed(declared: CIMProperty, value: Any) -> Any:
    """
    The value that a request says without its type, as the one of a property.
    """
    if value is None:
        return None
    if isinstance(value, list) is not bool(declared.is_array):
        raise ValueError("an array is expected" if declared.is_array else "no array is expected")
    if isinstance(value, list):
        return [None if item is None else _typed_item(declared, item) for item in value]
    return _typed_item(declared, value)


def _typed_item(declared: CIMProperty, value: Any) -> Any:
    if isinstance(value, CIMInstanceName) is not (declared.type == "reference"):
        raise ValueError(f"it is not of type {declared.type}")
    if declared.type == "reference":
        return value
    if is_embedded(declared):
        element = Element("VALUE")
        element.text = value
        return embedded_value(element, element)
    return CONVERTERS[declared.type](value)
