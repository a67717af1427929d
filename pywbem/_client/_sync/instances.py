# Made from ../_async/instances.py by tools/make_sync.py: change that file.
"""
Operations on instances (DSP0200 5.4.2).
"""

from __future__ import annotations

from typing import List, Optional

from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._cim_xml.records import IntrinsicResponse
from ..._protocol import results
from ..._protocol.arguments import ClassNameArg, PropertyListArg
from .runner import OperationRunner


class InstanceOperations(OperationRunner):
    """
    The operations that create, read, modify and delete instances.
    """

    def EnumerateInstances(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        LocalOnly: Optional[bool] = None,
        DeepInheritance: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> List[CIMInstance]:
        """
        Return the instances of a class and of its subclasses
        (DSP0200 5.4.2.11).

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            LocalOnly (bool): Exclude inherited properties.  Deprecated by DSP0200;
                servers differ.
            DeepInheritance (bool): Include the properties that subclasses add.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.

        A flag that is None is not sent; the default of the server applies.

        Returns:
            list of CIMInstance: The instances; their paths have the namespace, and a
            host if the server gave one.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "EnumerateInstances",
            {
                "namespace": namespace,
                "ClassName": ClassName,
                "LocalOnly": LocalOnly,
                "DeepInheritance": DeepInheritance,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
            },
            results.enumerated_instances,
        )

    def EnumerateInstanceNames(
        self, ClassName: ClassNameArg, namespace: Optional[str] = None
    ) -> List[CIMInstanceName]:
        """
        Return the paths of the instances of a class and of its subclasses
        (DSP0200 5.4.2.12).

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.

        Returns:
            list of CIMInstanceName: The paths; they have the namespace, and a host if
            the server gave one.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "EnumerateInstanceNames",
            {"namespace": namespace, "ClassName": ClassName},
            results.enumerated_paths,
        )

    def GetInstance(
        self,
        InstanceName: CIMInstanceName,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> CIMInstance:
        """
        Return an instance (DSP0200 5.4.2.2).

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.
            LocalOnly (bool): Exclude inherited properties.  Deprecated by DSP0200;
                servers differ.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.

        A flag that is None is not sent; the default of the server applies.

        Returns:
            CIMInstance: The instance; its path is ``InstanceName`` with the namespace
            and without host.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """

        def make_result(response: IntrinsicResponse, namespace: str) -> CIMInstance:
            instance = results.one(response, CIMInstance)
            path = InstanceName.copy()
            path._host = None
            path._namespace = namespace
            instance.path = path
            return instance

        return self._intrinsic(
            "GetInstance",
            {
                "InstanceName": InstanceName,
                "LocalOnly": LocalOnly,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
            },
            make_result,
        )

    def ModifyInstance(
        self,
        ModifiedInstance: CIMInstance,
        IncludeQualifiers: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> None:
        """
        Modify property values of an instance (DSP0200 5.4.2.8).

        Parameters:
            ModifiedInstance (CIMInstance): The new values.  Its ``path``, which must be
                set, selects the instance; without a namespace, the default namespace of
                the connection is used.
            IncludeQualifiers (bool): Modify qualifiers, too.  Deprecated by DSP0200.
            PropertyList (str, or list or tuple of str): Modify only these properties.
                None means all that ``ModifiedInstance`` has.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: ``ModifiedInstance`` has no path, or an argument is wrong.
            TypeError: An argument is wrong.
        """
        self._intrinsic(
            "ModifyInstance",
            {
                "ModifiedInstance": ModifiedInstance,
                "IncludeQualifiers": IncludeQualifiers,
                "PropertyList": PropertyList,
            },
            lambda response, namespace: results.nothing(response),
        )

    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: Optional[str] = None
    ) -> CIMInstanceName:
        """
        Create an instance (DSP0200 5.4.2.6).

        Parameters:
            NewInstance (CIMInstance): The class and the property values.  Of its path
                only the namespace is used.
            namespace (str): The namespace.  None means the namespace of
                ``NewInstance.path`` if it has one, else the default namespace of the
                connection.

        Returns:
            CIMInstanceName: Path of the new instance, with namespace.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """

        def make_result(response: IntrinsicResponse, namespace: str) -> CIMInstanceName:
            path = results.one(response, CIMInstanceName)
            path._namespace = namespace
            return path

        return self._intrinsic(
            "CreateInstance", {"namespace": namespace, "NewInstance": NewInstance}, make_result
        )

    def DeleteInstance(self, InstanceName: CIMInstanceName) -> None:
        """
        Delete an instance (DSP0200 5.4.2.4).

        Parameters:
            InstanceName (CIMInstanceName): Path of the instance.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._intrinsic(
            "DeleteInstance",
            {"InstanceName": InstanceName},
            lambda response, namespace: results.nothing(response),
        )
