# Made from ../_async/instance.py by tools/make_sync.py: change that file.
"""
CIM classes as Python classes, and their instances.
"""

from __future__ import annotations

from typing import Any, Generator, Iterable, List, Mapping, Optional, Type, TypeVar, Union

from ..._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from ..elements import UNDECLARED, Schema
from ..state import InstanceState, connected
from .result import MethodResult

T = TypeVar("T", bound="Instance")

Names = Union[None, str, Iterable[str]]


class Instance(InstanceState):
    """
    An instance of a CIM class.

    Its properties and methods are attributes, in any case of letters, and items.  Where one
    of them has exactly the name of a member of this class, the attribute is that of CIM, and
    ``Instance.save(obj)`` is the member.

    What asks the server raises the exceptions of :class:`~pywbem.WBEMConnection`, and
    ValueError without connection or path: an unpickled object has no connection, an embedded
    one no path.  A name that the class does not have raises AttributeError, a value that
    does not fit ValueError or TypeError, before anything is sent.
    """

    __slots__ = ()

    # -- The class ------------------------------------------------------------

    @classmethod
    def _connected(cls) -> Any:
        return connected(cls._namespace, cls.__name__)

    @classmethod
    def _ready(cls) -> Schema:
        if cls._schema is None:
            cls._bind(cls._connected()._cim_class(cls._classname))
        schema: Schema = cls._schema
        return schema

    @classmethod
    def _member(cls, name: str, attribute: Any) -> Any:
        """Return an attribute of the class itself: it does not hide the methods below."""
        own = vars(Instance).get(name)
        return own.__get__(None, cls) if isinstance(own, classmethod) else attribute

    @classmethod
    def cim_class(cls) -> CIMClass:
        """Return the class, which is fetched when it is first asked for."""
        return (cls._ready()).cim_class

    @classmethod
    def instances(
        cls: Type[T],
        where: Union[str, Mapping[str, Any], None] = None,
        properties: Names = None,
        language: str = "DMTF:FQL",
    ) -> Generator[T, None, None]:
        """
        Return an iterator of the instances of the class and its subclasses.

        Parameters:
            where (mapping or str): Only instances that have these values, compared here (an
                array needs to contain the value); or a query, for servers that filter.
            properties (iterable of str): Retrieve only these properties.
            language (str): The language of the query.
        """
        query = where if isinstance(where, str) else None
        wanted = {} if where is None or isinstance(where, str) else dict(where)
        names = _names(properties, wanted)
        namespace = cls._connected()
        found = namespace.conn.IterEnumerateInstances(
            cls._classname,
            namespace=namespace.name,
            DeepInheritance=True,
            PropertyList=names,
            FilterQuery=query,
            FilterQueryLanguage=None if query is None else language,
        )
        return cls._each(found, names, wanted)

    @classmethod
    def _each(
        cls: Type[T], found: Any, names: Optional[List[str]], where: Mapping[str, Any]
    ) -> Generator[T, None, None]:
        """Iterate over the objects of instances that a server gives one by one."""
        only = None if names is None else frozenset(name.casefold() for name in names)
        try:
            wanted = [((cls._ready()).property(name), where[name]) for name in where]
            tests = [(element, element.test(value)) for element, value in wanted]
            for instance in found:
                obj = (cls._namespace._kind(cls, instance))(instance, only)
                if all(test(obj._value(element)) for element, test in tests):
                    yield obj
        finally:
            found.close()

    @classmethod
    def get(cls: Type[T], keys: Any = None, /, **values: Any) -> T:
        """
        Return one instance.

        Parameters:
            keys (CIMInstanceName, Instance or mapping): Its path, or the values of its keys.
            **values: The values of its keys.
        """
        schema, namespace = cls._ready(), cls._connected()
        path = keys._instance.path if isinstance(keys, InstanceState) else keys
        if not isinstance(path, CIMInstanceName):
            props = schema.holding({**(keys or {}), **values})
            if schema.keys and {prop.name for prop in props} != set(schema.keys):
                raise ValueError(f"The keys of {schema.classname} are: {', '.join(schema.keys)}")
            path = CIMInstanceName(schema.classname, props, namespace=namespace.name)
        found: T = namespace.get(path, cls)
        return found

    @classmethod
    def create(cls: Type[T], /, **values: Any) -> T:
        """
        Create an instance, and return it as the server then has it.

        Parameters:
            **values: The values of its properties.
        """
        schema, namespace = cls._ready(), cls._connected()
        instance = CIMInstance(schema.classname, schema.holding(values))
        path = namespace.conn.CreateInstance(instance, namespace=namespace.name)
        made: T = namespace.get(path, cls)
        return made

    # -- The instance ---------------------------------------------------------

    def _target(self) -> Any:
        """Return the namespace and the path."""
        namespace = self._connected()
        if self._instance.path is None:
            raise ValueError(f"This {self._instance.classname} has no path, it is embedded")
        return namespace, self._instance.path

    def refresh(self) -> None:
        """
        Retrieve the instance again, with all properties; changes that were not saved are lost.
        """
        namespace, path = self._target()
        InstanceState.__init__(self, (namespace.get(path, type(self)))._instance)

    def save(self) -> None:
        """Modify the instance on the server, the properties only that were changed."""
        (namespace, path), changed = self._target(), dict(self._changed)
        if not changed:
            return
        props = list(changed.values())
        namespace.conn.ModifyInstance(
            CIMInstance(self._instance.classname, props, path=path),
            PropertyList=[prop.name for prop in props],
        )
        for key, prop in changed.items():
            self._instance.properties[prop.name] = prop
            if self._changed.get(key) is prop:
                del self._changed[key]

    def delete(self) -> None:
        """Delete the instance on the server."""
        namespace, path = self._target()
        namespace.conn.DeleteInstance(path)

    def associated(
        self,
        cls: Optional[Type[T]] = None,
        through: Optional[Type[Instance]] = None,
        role: Optional[str] = None,
        result_role: Optional[str] = None,
        properties: Names = None,
    ) -> Generator[T, None, None]:
        """
        Return an iterator of the instances that are associated with this one.

        Parameters:
            cls (class of a namespace): Only its instances.
            through (class of a namespace): Only associations of this class.
            role (str): Only associations in which this object has this role.
            result_role (str): Only associations in which the other one has this role.
            properties (iterable of str): Retrieve only these properties.
        """
        association = None if through is None else self._connected()[through]._classname
        roles = {"Role": role, "ResultRole": result_role}
        return self._linked("Associator", cls, properties, AssocClass=association, **roles)

    def references(
        self,
        cls: Optional[Type[T]] = None,
        role: Optional[str] = None,
        properties: Names = None,
    ) -> Generator[T, None, None]:
        """
        Return an iterator of the associations that reference this instance.

        Parameters:
            cls (class of a namespace): Only its instances.
            role (str): Only associations in which this object has this role.
            properties (iterable of str): Retrieve only these properties.
        """
        return self._linked("Reference", cls, properties, Role=role)

    def _linked(
        self, link: str, cls: Optional[Type[T]], properties: Names, **filters: Any
    ) -> Generator[T, None, None]:
        (namespace, path), names = self._target(), _names(properties)
        kind: Type[T] = namespace[cls or Instance]
        iterate = getattr(namespace.conn, f"Iter{link}Instances")
        found = iterate(path, ResultClass=kind._classname or None, PropertyList=names, **filters)
        return kind._each(found, names, {})

    def __reduce__(self) -> Any:
        return self._namespace._reduced(self)

    # -- Methods --------------------------------------------------------------

    @classmethod
    def _bound(cls, name: str, obj: Any) -> Any:
        """Return a method of the class as function function."""

        def bound(*args: Any, **kwargs: Any) -> MethodResult:
            schema, namespace = cls._ready(), cls._connected()
            found = schema.methods.get(name)
            if found is None:
                raise AttributeError(f"{schema.classname} has no method {name!r}")
            check = not found.own_check and kwargs.pop("check", False)
            params = found.parameters(args, kwargs)
            target: Any = CIMClassName(cls._classname, namespace=namespace.name)
            if obj is not None and not found.is_static:
                _, target = obj._target()
            value, outputs = namespace.conn.InvokeMethod(found.name, target, params)
            namespace._fetch([value, *outputs.values()])
            for output in outputs:
                element = found.outputs.get(output, UNDECLARED)
                outputs[output] = element.read(outputs[output], namespace._wrapped)
            value = found.result.read(value, namespace._wrapped)
            result = MethodResult(found.name, value, outputs, namespace)
            if check:
                result.check()
            return result

        return bound

    def _invoke(self, name: str, *args: Any, check: bool = False) -> MethodResult:
        """Invoke a method with its parameters in their order: what typed classes do."""
        result: MethodResult = self[name](*args)
        if check:
            result.check()
        return result


def _names(properties: Names, wanted: Iterable[str] = ()) -> Optional[List[str]]:
    if properties is None:
        return None
    return [*([properties] if isinstance(properties, str) else properties), *wanted]
