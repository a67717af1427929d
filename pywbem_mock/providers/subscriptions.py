"""
The providers of the classes for indication subscriptions (DSP1054).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence, Union

from pywbem._cim_constants import CIM_ERR_FAILED, CIM_ERR_NOT_SUPPORTED
from pywbem._cim_obj import CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_types import CIMDateTime, Uint16
from pywbem._exceptions import CIMError

from .. import config
from ..store.errors import invalid_parameter
from ..store.indexes import path_key
from ..store.memory import InMemoryRepository
from .instance_write import InstanceWriteProvider
from .namespaces import require_interop, require_property

__all__ = [
    "CIMIndicationFilterProvider",
    "CIMIndicationSubscriptionProvider",
    "CIMListenerDestinationProvider",
]

SUBSCRIPTION_CLASS = "CIM_IndicationSubscription"

# The types of the properties of the schema whose default is NULL.
_NULL_TYPES = {
    "SourceNamespace": "string",
    "SubscriptionDuration": "uint64",
    "SubscriptionInfo": "string",
}


class CommonMethodsMixin(InstanceWriteProvider):
    """
    What the providers of the classes for indication subscriptions share.
    """

    #: The class that it provides.
    provider_classnames = ""

    # What it is, for messages.
    _what = ""

    def __init__(self, cimrepository: InMemoryRepository) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It has no Interop namespace.
        """
        super().__init__(cimrepository)
        require_interop(self, f"{self._what} provider for class: {self.provider_classnames}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(provider_classnames={self.provider_classnames!r})"

    def post_register_setup(self, conn: Any) -> None:
        """
        Check that the class exists in the Interop namespace.

        Parameters:
            conn (FakedWBEMConnection): The connection.
        """
        interop = require_interop(self, f"{self._what} provider")
        self.get_required_class(CIMInstance(self.provider_classnames), interop)

    def parameter_is_interop(self, ns: str, classname: str) -> None:
        """
        Check that a namespace is the Interop namespace.

        Parameters:
            ns (str): The namespace.
            classname (str): The class of the new instance, for the message.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It is not.
        """
        if not self.is_interop_namespace(ns):
            raise invalid_parameter(
                f"Cannot create instance of class {classname!r} in namespace {ns!r}: The "
                f"namespace is not the Interop namespace {self.find_interop_namespace()!r}"
            )

    def validate_required_properties_exist(
        self,
        new_instance: CIMInstance,
        namespace: str,
        required_properties: Union[str, Sequence[str]],
    ) -> None:
        """
        Check that a new instance has some properties.

        Parameters:
            new_instance (CIMInstance): The instance.
            namespace (str): Its namespace, for the message.
            required_properties (str or list of str): Names of the properties.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It does not have one.
        """
        if isinstance(required_properties, str):
            required_properties = [required_properties]
        for name in required_properties:
            require_property(new_instance, namespace, name)

    def fix_key_properties(self, new_instance: CIMInstance) -> None:
        """
        Set the key properties that say where an instance is: its class and
        system.

        Parameters:
            new_instance (CIMInstance): The instance, which is changed.
        """
        new_instance["CreationClassName"] = new_instance.classname
        new_instance["SystemName"] = config.SYSTEMNAME
        new_instance["SystemCreationClassName"] = config.SYSTEMCREATIONCLASSNAME

    def _set_defaults(self, new_instance: CIMInstance, namespace: str, defaults: Any) -> None:
        """
        Set properties that a new instance does not have; those of the schema
        also if the class in the repository is without them.
        """
        cls = self._cimrepository.get_class_store(namespace).get(new_instance.classname, copy=False)
        for name, value in defaults.items():
            if new_instance.get(name) is not None:
                continue
            declared: Optional[CIMProperty] = cls.properties.get(name)
            if declared is None:
                new_instance.properties[name] = CIMProperty(name, value, _NULL_TYPES.get(name))
            else:
                new_instance.properties[name] = CIMProperty(
                    declared.name, value, type=declared.type, is_array=declared.is_array
                )

    def validate_no_subscription(self, instance_name: CIMInstanceName) -> None:
        """
        Check that no subscription refers to an instance.

        Parameters:
            instance_name (CIMInstanceName): Path of a filter or listener
                destination.

        Raises:
            CIMError: CIM_ERR_FAILED: A subscription refers to it.
        """
        namespace: Any = instance_name.namespace
        classes = self._cimrepository.get_class_store(namespace)
        store = self._cimrepository.get_instance_store(namespace)
        for entry in store.index.referring_to(path_key(instance_name)):
            if classes.object_exists(SUBSCRIPTION_CLASS) and self.is_subclass(
                entry.name.classname, SUBSCRIPTION_CLASS, classes
            ):
                raise CIMError(
                    CIM_ERR_FAILED, f"The instance {instance_name} is referenced by subscriptions."
                )

    def validate_modify_instance(
        self,
        modified_instance: CIMInstance,
        modifiable_properties: Union[str, Sequence[str], None] = None,
        IncludeQualifiers: Optional[bool] = None,
    ) -> None:
        """
        Check that the properties of a modified instance may be modified.

        Parameters:
            modified_instance (CIMInstance): The modified instance.
            modifiable_properties (str or list of str): Names of the properties
                that may be modified.  None means that instances may not be
                modified.
            IncludeQualifiers (bool): Ignored.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED: Instances may not be modified.
                CIM_ERR_INVALID_PARAMETER: A property may not be modified.
        """
        if modifiable_properties is None:
            raise CIMError(
                CIM_ERR_NOT_SUPPORTED,
                f"Modification of {self.provider_classnames} instances is not allowed: "
                f"{modified_instance.path!r}",
            )
        if isinstance(modifiable_properties, str):
            modifiable_properties = [modifiable_properties]
        allowed = {name.casefold() for name in modifiable_properties}
        path: Any = modified_instance.path
        wrong: List[str] = [
            name
            for name in modified_instance
            if name.casefold() not in allowed and name not in path.keybindings
        ]
        if wrong:
            raise invalid_parameter(
                f"Modification of properties {', '.join(wrong)} of instances of "
                f"{self.provider_classnames!r} is not allowed: {path!r}"
            )


class CIMIndicationFilterProvider(CommonMethodsMixin, InstanceWriteProvider):
    """
    The provider of CIM_IndicationFilter.
    """

    provider_classnames = "CIM_IndicationFilter"
    _what = "indication filter"

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        """
        Create a filter.

        Parameters:
            namespace (str): The Interop namespace.
            new_instance (CIMInstance): The filter; its property ``Name`` is
                required, the other keys are set.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: ``Name`` is missing, or the
                namespace is not the Interop namespace.  CIM_ERR_ALREADY_EXISTS.
        """
        self.parameter_is_interop(namespace, new_instance.classname)
        self.validate_required_properties_exist(new_instance, namespace, "Name")
        self.fix_key_properties(new_instance)
        defaults = {
            "IndividualSubscriptionSupported": True,
            "SourceNamespace": None,
            "Description": f"Pywbem mock {type(self).__name__} instance",
        }
        self._set_defaults(new_instance, namespace, defaults)
        return super().CreateInstance(namespace, new_instance)

    def ModifyInstance(
        self, modified_instance: CIMInstance, IncludeQualifiers: Optional[bool] = None
    ) -> None:
        """
        Modify the property ``IndividualSubscriptionSupported`` of a filter to
        which no subscription refers.

        Parameters:
            modified_instance (CIMInstance): The new values, with the path of the instance.
            IncludeQualifiers (bool): Ignored.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: Other properties are to be
                modified.  CIM_ERR_FAILED: A subscription refers to it.
        """
        self.validate_modify_instance(modified_instance, "IndividualSubscriptionSupported")
        self.validate_no_subscription(modified_instance.path)  # type: ignore[arg-type]
        super().ModifyInstance(modified_instance, IncludeQualifiers)

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete a filter to which no subscription refers.

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance.

        Raises:
            CIMError: CIM_ERR_FAILED: A subscription refers to it.
        """
        self.validate_no_subscription(InstanceName)
        super().DeleteInstance(InstanceName)


class CIMListenerDestinationProvider(CommonMethodsMixin, InstanceWriteProvider):
    """
    The provider of CIM_ListenerDestinationCIMXML.
    """

    provider_classnames = "CIM_ListenerDestinationCIMXML"
    _what = "listener destination"

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        """
        Create a listener destination.

        Parameters:
            namespace (str): The Interop namespace.
            new_instance (CIMInstance): The destination; its property ``Name`` is required, the
                other keys are set.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: ``Name`` is missing, or the namespace is not
                the Interop namespace.  CIM_ERR_ALREADY_EXISTS.
        """
        self.parameter_is_interop(namespace, new_instance.classname)
        self.validate_required_properties_exist(new_instance, namespace, "Name")
        self.fix_key_properties(new_instance)
        defaults = {
            "Protocol": Uint16(2),
            "PersistenceType": Uint16(2),
            "Description": f"pywbem mock {type(self).__name__} instance",
        }
        self._set_defaults(new_instance, namespace, defaults)
        return super().CreateInstance(namespace, new_instance)

    def ModifyInstance(
        self, modified_instance: CIMInstance, IncludeQualifiers: Optional[bool] = None
    ) -> None:
        """
        Is not supported.

        Parameters:
            modified_instance (CIMInstance): The new values, with the path of the instance.
            IncludeQualifiers (bool): Ignored.

        Raises:
            CIMError: CIM_ERR_NOT_SUPPORTED.
        """
        self.validate_modify_instance(modified_instance)

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete a listener destination to which no subscription refers.

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance.

        Raises:
            CIMError: CIM_ERR_FAILED: A subscription refers to it.
        """
        self.validate_no_subscription(InstanceName)
        super().DeleteInstance(InstanceName)


class CIMIndicationSubscriptionProvider(CommonMethodsMixin, InstanceWriteProvider):
    """
    The provider of CIM_IndicationSubscription.
    """

    provider_classnames = SUBSCRIPTION_CLASS
    _what = "indication subscription"

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        """
        Create a subscription.

        Parameters:
            namespace (str): The Interop namespace.
            new_instance (CIMInstance): The subscription; its properties
                ``Filter`` and ``Handler`` are required, those that tell its state
                and times are set.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: A property is missing or refers
                to nothing, or the namespace is not the Interop namespace.
                CIM_ERR_ALREADY_EXISTS.
        """
        self.parameter_is_interop(namespace, new_instance.classname)
        self.validate_required_properties_exist(new_instance, namespace, ["Filter", "Handler"])
        now = CIMDateTime.now()
        defaults: Dict[str, Any] = {
            "SubscriptionStartTime": now,
            "TimeOfLastStateChange": now,
            "OnFatalErrorPolicy": Uint16(2),
            "RepeatNotificationPolicy": Uint16(2),
            "SubscriptionState": Uint16(2),
            "SubscriptionDuration": None,
            "SubscriptionInfo": None,
            "Description": f"Pywbem mock {type(self).__name__} instance",
        }
        if new_instance.get("SubscriptionDuration") is not None:
            defaults["SubscriptionTimeRemaining"] = new_instance["SubscriptionDuration"]
        self._set_defaults(new_instance, namespace, defaults)
        return super().CreateInstance(namespace, new_instance)

    def ModifyInstance(
        self, modified_instance: CIMInstance, IncludeQualifiers: Optional[bool] = None
    ) -> None:
        """
        Modify the properties ``SubscriptionInfo``, ``SubscriptionState`` and
        ``SubscriptionDuration`` of a subscription; those that follow from them
        are set.

        Parameters:
            modified_instance (CIMInstance): The new values, with the path of the instance.
            IncludeQualifiers (bool): Ignored.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: Other properties are to be
                modified.
        """
        self.validate_modify_instance(
            modified_instance,
            ["SubscriptionInfo", "SubscriptionState", "SubscriptionDuration"],
        )
        path: Any = modified_instance.path
        derived: Dict[str, Any] = {"TimeOfLastStateChange": CIMDateTime.now()}
        if modified_instance.get("SubscriptionDuration") is not None:
            derived["SubscriptionTimeRemaining"] = modified_instance["SubscriptionDuration"]
        self._set_defaults(modified_instance, path.namespace, derived)
        super().ModifyInstance(modified_instance, IncludeQualifiers)
