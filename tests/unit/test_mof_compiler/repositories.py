"""
Texts and repositories that the tests of the MOF compiler use.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import pywbem
from pywbem._mof_compiler import BaseRepositoryConnection, MOFCompiler, MOFWBEMConnection

QUALIFIERS = """
Qualifier Association : boolean = false,
    Scope(association), Flavor(DisableOverride, ToSubclass);
Qualifier Description : string = null,
    Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter);
Qualifier EmbeddedObject : boolean = false, Scope(property, method, parameter);
Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
Qualifier Key : boolean = false,
    Scope(property, reference), Flavor(DisableOverride, ToSubclass);
Qualifier MaxLen : uint32 = null, Scope(property);
Qualifier Override : string = null, Scope(property, method), Flavor(Restricted);
Qualifier ValueMap : string[], Scope(property);
"""

THING = """
class TST_Thing {
    [Key] string Id;
    uint8 U8; uint16 U16; uint32 U32; uint64 U64;
    sint8 S8; sint16 S16; sint32 S32; sint64 S64;
    real32 R32; real64 R64; boolean B; string S; char16 C; datetime D;
    TST_Thing REF Ref;
    uint8 U8A[]; real32 R32A[]; boolean BA[]; string SA[]; char16 CA[]; datetime DA[];
    uint8 Fixed[3];
    [EmbeddedInstance("TST_Thing")] string EI;
    [EmbeddedInstance("TST_Thing")] string EIA[];
    [EmbeddedObject] string EO;
    [EmbeddedObject] string EOA[];
};
"""

NAMESPACE = "root/tst"


def compiled(*texts: str, **options: Any) -> MOFWBEMConnection:
    """Return a repository in memory into which texts were compiled."""
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, log_func=None, **options)
    for text in texts:
        compiler.compile_string(text, NAMESPACE)
    return handle


def last_class(handle: MOFWBEMConnection) -> pywbem.CIMClass:
    """Return the class that was created last, without what it inherits."""
    name = handle.compile_ordered_classnames[-1]
    return handle.GetClass(name, namespace=NAMESPACE, LocalOnly=True)


def last_instance(handle: MOFWBEMConnection) -> Any:
    """Return the instance that was created last."""
    return handle.instances[NAMESPACE][-1]


def content(handle: Any) -> str:
    """Return all that a repository in memory has, as a text that can be compared."""
    return repr(
        [
            handle.classes,
            handle.class_names,
            handle.qualifiers,
            handle.instances,
            handle.compile_ordered_classnames,
        ]
    )


class Repository(BaseRepositoryConnection):
    """
    A repository that behaves like a WBEM server, and notes the operations.

    Classes and instances that exist must be modified; keys that an instance does not have are
    assigned.
    """

    def __init__(self, *namespaces: str) -> None:
        self.namespaces = {name.lower() for name in namespaces or (NAMESPACE,)}
        self.classes: Dict[Tuple[str, str], Any] = {}
        self.qualifiers: Dict[Tuple[str, str], Any] = {}
        self.instances: Dict[Tuple[str, str], Any] = {}
        self.calls: List[str] = []
        self.fail: Dict[str, Exception] = {}
        self._default = NAMESPACE

    def _get_default(self) -> str:
        return self._default

    def _set_default(self, value: str) -> None:
        self._default = value

    default_namespace = property(_get_default, _set_default)

    def state(self) -> str:
        """Return all that is in the repository."""
        parts = (self.classes, self.qualifiers, self.instances)
        return repr([sorted(self.namespaces), *[sorted(part.items(), key=str) for part in parts]])

    def _note(self, operation: str, name: Any, namespace: Optional[str]) -> str:
        self.calls.append(f"{operation} {name}")
        if operation in self.fail:
            raise self.fail[operation]
        found = (namespace or self._default).lower()
        if found not in self.namespaces:
            raise pywbem.CIMError(pywbem.CIM_ERR_INVALID_NAMESPACE, found)
        return found

    def create_namespace(self, namespace: str) -> None:
        self.calls.append(f"create_namespace {namespace}")
        self.namespaces.add(namespace.lower())

    def delete_namespace(self, namespace: str) -> None:
        self.calls.append(f"delete_namespace {namespace}")
        self.namespaces.remove(namespace.lower())

    @staticmethod
    def _found(store: Dict[Tuple[str, str], Any], namespace: str, name: str) -> Any:
        try:
            return store[namespace, name.lower()]
        except KeyError:
            raise pywbem.CIMError(pywbem.CIM_ERR_NOT_FOUND, name) from None

    def GetClass(self, ClassName: str, namespace: Any = None, **kwargs: Any) -> Any:
        namespace = self._note("GetClass", ClassName, namespace)
        cls = self._found(self.classes, namespace, ClassName).copy()
        superclass = cls.superclass
        while superclass and not kwargs.get("LocalOnly"):
            parent = self._found(self.classes, namespace, superclass)
            for name, prop in parent.properties.items():
                if name not in cls.properties:
                    cls.properties[name] = prop
            superclass = parent.superclass
        return cls

    def CreateClass(self, NewClass: Any, namespace: Any = None) -> None:
        namespace = self._note("CreateClass", NewClass.classname, namespace)
        key = namespace, NewClass.classname.lower()
        if key in self.classes:
            raise pywbem.CIMError(pywbem.CIM_ERR_ALREADY_EXISTS, NewClass.classname)
        self.classes[key] = NewClass

    def ModifyClass(self, ModifiedClass: Any, namespace: Any = None) -> None:
        namespace = self._note("ModifyClass", ModifiedClass.classname, namespace)
        self._found(self.classes, namespace, ModifiedClass.classname)
        self.classes[namespace, ModifiedClass.classname.lower()] = ModifiedClass

    def DeleteClass(self, ClassName: str, namespace: Any = None) -> None:
        namespace = self._note("DeleteClass", ClassName, namespace)
        self._found(self.classes, namespace, ClassName)
        del self.classes[namespace, ClassName.lower()]

    def EnumerateClasses(self, namespace: Any = None, **kwargs: Any) -> List[Any]:
        namespace = self._note("EnumerateClasses", "", namespace)
        return [cls for (where, _), cls in self.classes.items() if where == namespace]

    def CreateInstance(self, NewInstance: Any, namespace: Any = None) -> Any:
        namespace = self._note("CreateInstance", NewInstance.classname, namespace)
        cls = self.GetClass(NewInstance.classname, namespace=namespace)
        keys = {}
        for name, prop in cls.properties.items():
            if "Key" in prop.qualifiers:
                keys[name] = NewInstance.get(name) or f"assigned {len(self.instances)}"
        path = pywbem.CIMInstanceName(NewInstance.classname, keys, namespace=namespace)
        if (namespace, str(path)) in self.instances:
            raise pywbem.CIMError(pywbem.CIM_ERR_ALREADY_EXISTS, str(path))
        self.instances[namespace, str(path)] = NewInstance
        return path

    def GetInstance(self, InstanceName: Any, **kwargs: Any) -> Any:
        namespace = self._note("GetInstance", InstanceName, InstanceName.namespace)
        return self.instances[namespace, str(InstanceName)].copy()

    def ModifyInstance(self, ModifiedInstance: Any, **kwargs: Any) -> None:
        path = ModifiedInstance.path
        namespace = self._note("ModifyInstance", path, path.namespace)
        stored = ModifiedInstance.copy()
        stored.path = None
        self.instances[namespace, str(path)] = stored

    def DeleteInstance(self, InstanceName: Any) -> None:
        namespace = self._note("DeleteInstance", InstanceName, InstanceName.namespace)
        try:
            del self.instances[namespace, str(InstanceName)]
        except KeyError:
            raise pywbem.CIMError(pywbem.CIM_ERR_NOT_FOUND, str(InstanceName)) from None

    def EnumerateInstanceNames(self, ClassName: str, namespace: Any = None) -> List[Any]:
        self._note("EnumerateInstanceNames", ClassName, namespace)
        return []

    def EnumerateQualifiers(self, namespace: Any = None) -> List[Any]:
        namespace = self._note("EnumerateQualifiers", "", namespace)
        return [item for (where, _), item in self.qualifiers.items() if where == namespace]

    def GetQualifier(self, QualifierName: str, namespace: Any = None) -> Any:
        namespace = self._note("GetQualifier", QualifierName, namespace)
        return self._found(self.qualifiers, namespace, QualifierName)

    def SetQualifier(self, QualifierDeclaration: Any, namespace: Any = None) -> None:
        namespace = self._note("SetQualifier", QualifierDeclaration.name, namespace)
        self.qualifiers[namespace, QualifierDeclaration.name.lower()] = QualifierDeclaration

    def DeleteQualifier(self, QualifierName: str, namespace: Any = None) -> None:
        namespace = self._note("DeleteQualifier", QualifierName, namespace)
        self._found(self.qualifiers, namespace, QualifierName)
        del self.qualifiers[namespace, QualifierName.lower()]
