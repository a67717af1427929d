"""
The interface of a CIM repository.
"""

from __future__ import annotations

from typing import Any, Generic, Iterator, Type, TypeVar, Union

from nocaselist import NocaseList

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMQualifierDeclaration

__all__ = ["BaseObjectStore", "BaseRepository"]

CIMObjectT = TypeVar("CIMObjectT", bound=Union[CIMClass, CIMInstance, CIMQualifierDeclaration])

# An instance has its path as name, a class or qualifier declaration its name.
Name = Union[str, CIMInstanceName]


class BaseObjectStore(Generic[CIMObjectT]):
    """
    The objects of one kind in one namespace of a repository: classes,
    instances or qualifier declarations.

    An object is found by its name: the path of an instance, the name of a
    class or qualifier declaration in any lexical case.
    """

    def __init__(self, cim_object_type: Type[CIMObjectT]) -> None:
        """
        Parameters:
            cim_object_type (type): The kind of the objects:
                :class:`~pywbem.CIMClass`, :class:`~pywbem.CIMInstance` or
                :class:`~pywbem.CIMQualifierDeclaration`.
        """
        self._cim_object_type = cim_object_type

    def object_exists(self, name: Name) -> bool:
        """
        Return whether there is an object with the name.

        Parameters:
            name (str or CIMInstanceName): Name of the object.
        """
        raise NotImplementedError

    def get(self, name: Name, copy: bool = True) -> CIMObjectT:
        """
        Return the object with the name.

        Parameters:
            name (str or CIMInstanceName): Name of the object.
            copy (bool): Whether to return a copy.  What is returned otherwise
                must not be changed.

        Raises:
            KeyError: There is no such object.
        """
        raise NotImplementedError

    def create(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        Add a copy of an object.

        Parameters:
            name (str or CIMInstanceName): Name of the object.
            cim_object (CIMObjectT): The object.

        Raises:
            ValueError: There is an object with the name.
        """
        raise NotImplementedError

    def update(self, name: Name, cim_object: CIMObjectT) -> None:
        """
        Replace an object by a copy of another.

        Parameters:
            name (str or CIMInstanceName): Name of the object.
            cim_object (CIMObjectT): The new object.

        Raises:
            KeyError: There is no object with the name.
        """
        raise NotImplementedError

    def delete(self, name: Name) -> None:
        """
        Remove an object.

        Parameters:
            name (str or CIMInstanceName): Name of the object.

        Raises:
            KeyError: There is no such object.
        """
        raise NotImplementedError

    def iter_names(self) -> Iterator[Any]:
        """
        Return an iterator over the names of the objects.
        """
        raise NotImplementedError

    def iter_values(self, copy: bool = True) -> Iterator[CIMObjectT]:
        """
        Return an iterator over the objects.

        Parameters:
            copy (bool): Whether to return copies.  What is returned otherwise
                must not be changed.
        """
        raise NotImplementedError

    def len(self) -> int:
        """
        Return the number of objects.
        """
        raise NotImplementedError


class BaseRepository:
    """
    A CIM repository: namespaces, and an object store for each kind of objects
    in each namespace.

    Names of namespaces are found in any lexical case; leading and trailing
    slashes are ignored.
    """

    @property
    def namespaces(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: Names of the namespaces.
        """
        raise NotImplementedError

    def validate_namespace(self, namespace: str) -> None:
        """
        Check that a namespace exists.

        Parameters:
            namespace (str): Name of the namespace.

        Raises:
            KeyError: It does not exist.
            ValueError: It is None.
        """
        raise NotImplementedError

    def add_namespace(self, namespace: str) -> None:
        """
        Add a namespace.

        Parameters:
            namespace (str): Name of the namespace.

        Raises:
            ValueError: It is None, or exists already.
        """
        raise NotImplementedError

    def remove_namespace(self, namespace: str) -> None:
        """
        Remove an empty namespace.

        Parameters:
            namespace (str): Name of the namespace.

        Raises:
            KeyError: It does not exist.
            ValueError: It is None, or not empty.
        """
        raise NotImplementedError

    def get_class_store(self, namespace: str) -> BaseObjectStore[CIMClass]:
        """
        Return the store of the classes of a namespace.

        Parameters:
            namespace (str): Name of the namespace.

        Raises:
            KeyError: It does not exist.
            ValueError: It is None.
        """
        raise NotImplementedError

    def get_instance_store(self, namespace: str) -> BaseObjectStore[CIMInstance]:
        """
        Return the store of the instances of a namespace.

        Parameters:
            namespace (str): The namespace.

        Raises:
            KeyError: It does not exist.
            ValueError: It is None.
        """
        raise NotImplementedError

    def get_qualifier_store(self, namespace: str) -> BaseObjectStore[CIMQualifierDeclaration]:
        """
        Return the store of the qualifier declarations of a namespace.

        Parameters:
            namespace (str): The namespace.

        Raises:
            KeyError: It does not exist.
            ValueError: It is None.
        """
        raise NotImplementedError
