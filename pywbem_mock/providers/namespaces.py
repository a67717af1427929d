"""
The provider of CIM_Namespace.
"""

from __future__ import annotations

from typing import Any, Optional

from pywbem._cim_constants import CIM_ERR_NOT_SUPPORTED
from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName
from pywbem._exceptions import CIMError

from .. import config
from ..store.errors import instance_exists, invalid_parameter
from ..store.memory import InMemoryRepository
from .host import ProviderHost
from .instance_write import InstanceWriteProvider

__all__ = ["CIMNamespaceProvider"]


def require_interop(provider: InstanceWriteProvider, what: str) -> str:
    """
    The Interop namespace, which must exist.

    Parameters:
        provider (InstanceWriteProvider): The provider.
        what (str): What cannot be done without it, for the message.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: It does not exist.
    """
    interop = provider.find_interop_namespace()
    if interop is None:
        raise invalid_parameter(
            f"Cannot create {what}: No Interop namespace exists in the CIM repository. Valid "
            f"Interop namespaces are: {', '.join(provider.interop_namespace_names)}"
        )
    return interop


def require_property(new_instance: CIMInstance, namespace: str, name: str) -> Any:
    """
    The value of a property that a new instance must have.

    Raises:
        CIMError: CIM_ERR_INVALID_PARAMETER: It does not have the property.
    """
    if new_instance.get(name) is None:
        raise invalid_parameter(
            f"Cannot create instance of class {new_instance.classname!r} in namespace "
            f"{namespace!r}: Missing required property {name!r} in new_instance"
        )
    return new_instance[name]


class CIMNamespaceProvider(InstanceWriteProvider):
    """
    The provider of CIM_Namespace, whose instances in the Interop namespace
    represent the namespaces of the server (DSP1013).

    Creating an instance creates the namespace, deleting an instance deletes
    it.
    """

    #: The class that it provides.
    provider_classnames = "CIM_Namespace"

    def __init__(self, cimrepository: InMemoryRepository) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It has no Interop namespace.
        """
        super().__init__(cimrepository)
        self._interop = require_interop(self, "namespace provider (for class CIM_Namespace)")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(provider_classnames={self.provider_classnames!r})"

    # -- Operations -----------------------------------------------------------

    def CreateInstance(self, namespace: str, new_instance: CIMInstance) -> CIMInstanceName:
        """
        Create an instance of CIM_Namespace, and its namespace if it does not
        exist.

        Parameters:
            namespace (str): The Interop namespace.
            new_instance (CIMInstance): The instance.  Its property ``Name`` is
                the name of the namespace, ``CreationClassName`` that of the class;
                those that name the system and object manager are optional.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: A property is missing or wrong,
                or the namespace is not the Interop namespace.
                CIM_ERR_ALREADY_EXISTS: There is such an instance, or the name is
                that of another Interop namespace.
        """
        if namespace.casefold() != self._interop.casefold():
            raise invalid_parameter(
                f"Cannot create instance of class {new_instance.classname!r} in namespace "
                f"{namespace!r}: The namespace is not the Interop namespace {self._interop!r}"
            )
        name = require_property(new_instance, namespace, "Name")
        creation_class = require_property(new_instance, namespace, "CreationClassName")
        if creation_class.casefold() != new_instance.classname.casefold():
            raise invalid_parameter(
                f"Cannot create instance of class {new_instance.classname!r} in namespace "
                f"{namespace!r}: Value of property 'CreationClassName' is {creation_class!r}"
            )
        name = name.strip("/")
        new_instance["Name"] = name
        for key, value in _system_keys().items():
            if new_instance.get(key) is None:
                new_instance[key] = value
        cls = self._cimrepository.get_class_store(namespace).get(new_instance.classname, copy=False)
        self.create_new_instance_path(cls, new_instance, namespace)
        path: Any = new_instance.path
        if self.validate_instance_exists(path):
            raise instance_exists(path)
        if not self._cimrepository.has_namespace(name):
            self.add_namespace(name)
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
        raise CIMError(
            CIM_ERR_NOT_SUPPORTED,
            f"Modification of {self.provider_classnames} instances is not allowed: "
            f"{modified_instance.path!r}",
        )

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete an instance of CIM_Namespace, and its namespace, which must be
        empty.

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance.

        Raises:
            CIMError: CIM_ERR_INVALID_PARAMETER: It represents the Interop
                namespace.  CIM_ERR_NAMESPACE_NOT_EMPTY: The namespace is not
                empty.
        """
        name = InstanceName["Name"]
        if self.is_interop_namespace(name):
            raise invalid_parameter(
                f"Cannot delete instance {InstanceName!r} from the CIM repository: This instance "
                f"represents the Interop namespace {name!r} which must not be deleted."
            )
        if self._cimrepository.has_namespace(name):
            self.remove_namespace(name)
        super().DeleteInstance(InstanceName)

    # -- Keeping instances and namespaces together ----------------------------

    def post_register_setup(self, conn: Any) -> None:
        """
        Create the instances for the namespaces that exist.

        Parameters:
            conn (FakedWBEMConnection): The connection.
        """
        for namespace in self.namespaces:
            self.represent(namespace)

    def _instance_for(self, namespace: str) -> Optional[CIMInstance]:
        store = self._cimrepository.get_instance_store(self._interop)
        for entry in store.index.of_classes([self.provider_classnames.casefold()]):
            if entry.obj["Name"].casefold() == namespace.casefold():
                found: CIMInstance = entry.obj
                return found
        return None

    def represent(self, namespace: str) -> None:
        """
        Create the instance for a namespace, if there is none.

        Parameters:
            namespace (str): Name of the namespace.
        """
        if self._instance_for(namespace) is None:
            cls = self.get_class(self._interop, self.provider_classnames, local_only=False)
            instance = _instance_of_namespace(namespace, cls)
            self.create_new_instance_path(cls, instance, self._interop)
            self.add_new_instance(instance)

    def forget(self, namespace: str) -> None:
        """
        Delete the instance for a namespace, if there is one.

        Parameters:
            namespace (str): Name of the namespace.
        """
        instance = self._instance_for(namespace)
        if instance is not None and instance.path is not None:
            self._cimrepository.get_instance_store(self._interop).delete(instance.path)

    @staticmethod
    def create_cimnamespace_instance(
        conn: ProviderHost, namespace: str, interop_namespace: str, klass: CIMClass
    ) -> None:
        """
        Create the instance for a namespace with the operation CreateInstance.

        Parameters:
            conn (FakedWBEMConnection): The connection.
            namespace (str): Name of the namespace.
            interop_namespace (str): The Interop namespace.
            klass (CIMClass): The class CIM_Namespace.

        Raises:
            CIMError: The operation failed.
        """
        conn.CreateInstance(_instance_of_namespace(namespace, klass), interop_namespace)


def _system_keys() -> Any:
    return {
        "SystemCreationClassName": config.SYSTEMCREATIONCLASSNAME,
        "SystemName": config.SYSTEMNAME,
        "ObjectManagerCreationClassName": config.OBJECTMANAGERCREATIONCLASSNAME,
        "ObjectManagerName": config.OBJECTMANAGERNAME,
    }


def _instance_of_namespace(namespace: str, klass: CIMClass) -> CIMInstance:
    values = {**_system_keys(), "CreationClassName": klass.classname}
    instance = CIMInstance.from_class(klass, property_values=values, include_path=False)
    instance["Name"] = namespace
    return instance
