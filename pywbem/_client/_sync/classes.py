# Made from ../_async/classes.py by tools/make_sync.py: change that file.
"""
Operations on classes (DSP0200 5.4.2).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union

from ..._cim_obj import CIMClass, CIMClassName
from ..._cim_xml.records import IntrinsicResponse
from ..._protocol import results
from ..._protocol.arguments import CHECKS_OPTIONAL_CLASS, ClassNameArg, PropertyListArg, reject
from .runner import OperationRunner


def _class_name(name: str, value: Union[str, CIMClass]) -> str:
    if isinstance(value, CIMClass):
        return value.classname
    if not isinstance(value, str):
        reject(name, value, "a class, as a string or CIMClass")
    return value


class ClassOperations(OperationRunner):
    """
    The operations that create, read, modify and delete classes.
    """

    # What value mappings fetched, by namespace and name, until a class is changed.
    _known_classes: Dict[Tuple[str, str], CIMClass]

    def EnumerateClasses(
        self,
        namespace: Optional[str] = None,
        ClassName: Optional[ClassNameArg] = None,
        DeepInheritance: Optional[bool] = None,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
    ) -> List[CIMClass]:
        """
        Return the subclasses of a class, or the classes at the top
        (DSP0200 5.4.2.9).

        Parameters:
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            ClassName (str or CIMClassName): The class whose subclasses are returned.
                None means the classes that have no superclass.
            DeepInheritance (bool): Include indirect subclasses.
            LocalOnly (bool): Exclude inherited properties, methods and qualifiers.
            IncludeQualifiers (bool): Include qualifiers.
            IncludeClassOrigin (bool): Include the class origin of properties and
                methods.

        A flag that is None is not sent; the default of the server applies.

        Returns:
            list of CIMClass: The classes; their paths have the namespace and the host
            of the connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """

        def make_result(response: IntrinsicResponse, namespace: str) -> List[CIMClass]:
            classes = results.objects(response, CIMClass)
            return [results.class_with_path(cls, namespace, self.host) for cls in classes]

        return self._intrinsic(
            "EnumerateClasses",
            {
                "namespace": namespace,
                "ClassName": ClassName,
                "DeepInheritance": DeepInheritance,
                "LocalOnly": LocalOnly,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
            },
            make_result,
            CHECKS_OPTIONAL_CLASS,
        )

    def EnumerateClassNames(
        self,
        namespace: Optional[str] = None,
        ClassName: Optional[ClassNameArg] = None,
        DeepInheritance: Optional[bool] = None,
    ) -> List[str]:
        """
        Return the names of the subclasses of a class, or of the classes at the
        top (DSP0200 5.4.2.10).

        Parameters:
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            ClassName (str or CIMClassName): The class whose subclasses are named.  None
                means the classes that have no superclass.
            DeepInheritance (bool): Include indirect subclasses.

        A flag that is None is not sent; the default of the server applies.

        Returns:
            list of str: The class names.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """

        def make_result(response: IntrinsicResponse, namespace: str) -> List[str]:
            return [path.classname for path in results.objects(response, CIMClassName)]

        return self._intrinsic(
            "EnumerateClassNames",
            {"namespace": namespace, "ClassName": ClassName, "DeepInheritance": DeepInheritance},
            make_result,
            CHECKS_OPTIONAL_CLASS,
        )

    def GetClass(
        self,
        ClassName: ClassNameArg,
        namespace: Optional[str] = None,
        LocalOnly: Optional[bool] = None,
        IncludeQualifiers: Optional[bool] = None,
        IncludeClassOrigin: Optional[bool] = None,
        PropertyList: PropertyListArg = None,
    ) -> CIMClass:
        """
        Return a class (DSP0200 5.4.2.1).

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.
            LocalOnly (bool): Exclude inherited properties, methods and qualifiers.
            IncludeQualifiers (bool): Include qualifiers.
            IncludeClassOrigin (bool): Include the class origin of properties and
                methods.
            PropertyList (str, or list or tuple of str): Include only these properties.
                An empty list means none, None means all.

        A flag that is None is not sent; the default of the server applies.

        Returns:
            CIMClass: The class; its path has the namespace and the host of the
            connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """

        def make_result(response: IntrinsicResponse, namespace: str) -> CIMClass:
            cls = results.one(response, CIMClass)
            return results.class_with_path(cls, namespace, self.host)

        return self._intrinsic(
            "GetClass",
            {
                "namespace": namespace,
                "ClassName": ClassName,
                "LocalOnly": LocalOnly,
                "IncludeQualifiers": IncludeQualifiers,
                "IncludeClassOrigin": IncludeClassOrigin,
                "PropertyList": PropertyList,
            },
            make_result,
        )

    def ModifyClass(self, ModifiedClass: CIMClass, namespace: Optional[str] = None) -> None:
        """
        Modify a class (DSP0200 5.4.2.7).

        Parameters:
            ModifiedClass (CIMClass): The new declaration.  Its path is ignored.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._change_class("ModifyClass", {"namespace": namespace, "ModifiedClass": ModifiedClass})

    def CreateClass(self, NewClass: CIMClass, namespace: Optional[str] = None) -> None:
        """
        Create a class (DSP0200 5.4.2.5).

        Parameters:
            NewClass (CIMClass): The declaration.  Its path is ignored.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._change_class("CreateClass", {"namespace": namespace, "NewClass": NewClass})

    def DeleteClass(self, ClassName: ClassNameArg, namespace: Optional[str] = None) -> None:
        """
        Delete a class (DSP0200 5.4.2.3).

        Parameters:
            ClassName (str or CIMClassName): The class, in any lexical case.
            namespace (str): The namespace.  None means the namespace of ``ClassName``
                if it is a path that has one, else the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._change_class("DeleteClass", {"namespace": namespace, "ClassName": ClassName})

    def _change_class(self, name: str, params: Dict[str, Any]) -> None:
        """
        Run an operation that changes a class, and forget the classes known so far.
        """
        try:
            self._intrinsic(name, params, lambda response, namespace: results.nothing(response))
        finally:
            self._known_classes.clear()

    def is_subclass(
        self,
        namespace: Optional[str],
        klass: Union[str, CIMClass],
        superclass: Union[str, CIMClass],
    ) -> bool:
        """
        Tell whether a class is a direct or indirect subclass of another class,
        or the same class.

        The superclasses are fetched from the server one by one, up to
        ``superclass`` or the top.

        Parameters:
            namespace (str): The namespace.  None means the default namespace of the
                connection.
            klass (str or CIMClass): The class.
            superclass (str or CIMClass): The other class.

        Returns:
            bool: Whether it is.

        Raises:
            :exc:`~pywbem.CIMError`: The namespace or a class does not exist.
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError: An argument is wrong.
        """
        wanted = _class_name("superclass", superclass).lower()
        name: Optional[str] = _class_name("klass", klass)
        known = klass if isinstance(klass, CIMClass) else None
        seen = set()
        # A server whose classes are superclasses of each other does not hold the caller.
        while name is not None and name.lower() not in seen:
            seen.add(name.lower())
            cls = known or self.GetClass(
                name,
                namespace=namespace,
                LocalOnly=True,
                IncludeQualifiers=False,
                IncludeClassOrigin=False,
                PropertyList=[],
            )
            known = None
            if wanted in (cls.classname.lower(), (cls.superclass or "").lower()):
                return True
            name = cls.superclass
        return False
