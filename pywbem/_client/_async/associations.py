"""
Operations on associations, of instances and of classes (DSP0200 5.4.2.14 to
5.4.2.17).
"""

from __future__ import annotations

from typing import List, Optional, Union, overload

from ..._cim_obj import CIMClassName, CIMInstance, CIMInstanceName
from ..._protocol import results
from ..._protocol.arguments import ClassNameArg, ObjectNameArg, PropertyListArg
from ..._protocol.results import ClassTuple
from .runner import AsyncOperationRunner


def _is_class(ObjectName: ObjectNameArg) -> bool:
    return not isinstance(ObjectName, CIMInstanceName)


class AsyncAssociationOperations(AsyncOperationRunner):
    """
    The operations that follow associations.
    """

    @overload
    async def Associators(
        self,
        ObjectName: CIMInstanceName,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> List[CIMInstance]: ...

    @overload
    async def Associators(
        self,
        ObjectName: Union[str, CIMClassName],
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> List[ClassTuple]: ...

    @overload
    async def Associators(
        self,
        ObjectName: ObjectNameArg,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> Union[List[CIMInstance], List[ClassTuple]]: ...

    async def Associators(
        self,
        ObjectName: ObjectNameArg,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> Union[List[CIMInstance], List[ClassTuple]]:
        """
        Return the objects that are associated with an object
        (DSP0200 5.4.2.14).

        Parameters:
            ObjectName (CIMInstanceName, or str or CIMClassName): The source: the path
                of an instance, or the name or path of a class.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.
            AssocClass (str or CIMClassName): Follow only associations of this class and
                its subclasses.
            ResultClass (str or CIMClassName): Return only objects of this class and its
                subclasses.
            Role (str): Follow only associations in which the source has this role.
            ResultRole (str): Follow only associations in which the result has this
                role.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200 for
                instances.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            list: For an instance, of :class:`~pywbem.CIMInstance`; for a class, of
            tuples (:class:`~pywbem.CIMClassName`, :class:`~pywbem.CIMClass`).  The
            paths are those that the server gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "Associators",
            {
                "ObjectName": ObjectName,
                "AssocClass": AssocClass,
                "ResultClass": ResultClass,
                "Role": Role,
                "ResultRole": ResultRole,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
            },
            lambda response, namespace: results.associated_objects(response, _is_class(ObjectName)),
        )

    @overload
    async def AssociatorNames(
        self,
        ObjectName: CIMInstanceName,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
    ) -> List[CIMInstanceName]: ...

    @overload
    async def AssociatorNames(
        self,
        ObjectName: Union[str, CIMClassName],
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
    ) -> List[CIMClassName]: ...

    @overload
    async def AssociatorNames(
        self,
        ObjectName: ObjectNameArg,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]: ...

    async def AssociatorNames(
        self,
        ObjectName: ObjectNameArg,
        AssocClass: Optional[ClassNameArg] = None,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        ResultRole: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]:
        """
        Return the paths of the objects that are associated with an object
        (DSP0200 5.4.2.15).

        Parameters:
            ObjectName (CIMInstanceName, or str or CIMClassName): The source: the path
                of an instance, or the name or path of a class.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.
            AssocClass (str or CIMClassName): Follow only associations of this class and
                its subclasses.
            ResultClass (str or CIMClassName): Return only objects of this class and its
                subclasses.
            Role (str): Follow only associations in which the source has this role.
            ResultRole (str): Follow only associations in which the result has this
                role.

        A parameter that is None is not sent: there is no such filter.

        Returns:
            list: For an instance, of :class:`~pywbem.CIMInstanceName`; for a class, of
            :class:`~pywbem.CIMClassName`; as the server gave them.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "AssociatorNames",
            {
                "ObjectName": ObjectName,
                "AssocClass": AssocClass,
                "ResultClass": ResultClass,
                "Role": Role,
                "ResultRole": ResultRole,
            },
            lambda response, namespace: results.associated_paths(response, _is_class(ObjectName)),
        )

    @overload
    async def References(
        self,
        ObjectName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> List[CIMInstance]: ...

    @overload
    async def References(
        self,
        ObjectName: Union[str, CIMClassName],
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> List[ClassTuple]: ...

    @overload
    async def References(
        self,
        ObjectName: ObjectNameArg,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> Union[List[CIMInstance], List[ClassTuple]]: ...

    async def References(
        self,
        ObjectName: ObjectNameArg,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> Union[List[CIMInstance], List[ClassTuple]]:
        """
        Return the associations that reference an object (DSP0200 5.4.2.16).

        Parameters:
            ObjectName (CIMInstanceName, or str or CIMClassName): The source: the path
                of an instance, or the name or path of a class.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.
            IncludeQualifiers (bool): Include qualifiers.  Deprecated by DSP0200 for
                instances.
            IncludeClassOrigin (bool): Include the class origin of properties.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.

        A parameter that is None is not sent: there is no such filter, and the default
        of the server applies.

        Returns:
            list: For an instance, of :class:`~pywbem.CIMInstance`; for a class, of
            tuples (:class:`~pywbem.CIMClassName`, :class:`~pywbem.CIMClass`).  The
            paths are those that the server gave.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "References",
            {
                "ObjectName": ObjectName,
                "ResultClass": ResultClass,
                "Role": Role,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
            },
            lambda response, namespace: results.associated_objects(response, _is_class(ObjectName)),
        )

    @overload
    async def ReferenceNames(
        self,
        ObjectName: CIMInstanceName,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
    ) -> List[CIMInstanceName]: ...

    @overload
    async def ReferenceNames(
        self,
        ObjectName: Union[str, CIMClassName],
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
    ) -> List[CIMClassName]: ...

    @overload
    async def ReferenceNames(
        self,
        ObjectName: ObjectNameArg,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]: ...

    async def ReferenceNames(
        self,
        ObjectName: ObjectNameArg,
        ResultClass: Optional[ClassNameArg] = None,
        Role: Optional[str] = None,
    ) -> Union[List[CIMInstanceName], List[CIMClassName]]:
        """
        Return the paths of the associations that reference an object
        (DSP0200 5.4.2.17).

        Parameters:
            ObjectName (CIMInstanceName, or str or CIMClassName): The source: the path
                of an instance, or the name or path of a class.  Without a namespace,
                the default namespace of the connection is used.  Its host is ignored.
            ResultClass (str or CIMClassName): Return only associations of this class
                and its subclasses.
            Role (str): Return only associations in which the source has this role.

        A parameter that is None is not sent: there is no such filter.

        Returns:
            list: For an instance, of :class:`~pywbem.CIMInstanceName`; for a class, of
            :class:`~pywbem.CIMClassName`; as the server gave them.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "ReferenceNames",
            {"ObjectName": ObjectName, "ResultClass": ResultClass, "Role": Role},
            lambda response, namespace: results.associated_paths(response, _is_class(ObjectName)),
        )
