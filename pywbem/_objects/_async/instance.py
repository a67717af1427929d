"""
CIM classes as Python classes, and their instances.
"""

from __future__ import annotations

from typing import Any, AsyncGenerator, Iterable, Mapping, Optional, Type, TypeVar, Union

from ..._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName
from ..elements import Schema
from ..state import InstanceState, connected, embedded
from .result import AsyncMethodResult

T = TypeVar("T", bound="AsyncInstance")
Names = Union[None, str, Iterable[str]]


class AsyncInstance(InstanceState):
    """
    An instance of a CIM class.

    Its properties and methods are attributes, in any case of letters, and items.  Where one
    of them has exactly the name of a member of this class, the attribute is that of CIM, and
    ``AsyncInstance.save(obj)`` is the member.

    What asks the server raises the exceptions of :class:`~pywbem.AsyncWBEMConnection`, and
    ValueError without connection or path: an unpickled object has no connection, an embedded
    one no path.  A name that the class does not have raises AttributeError, a value that
    does not fit ValueError or TypeError, before anything is sent.
    """

    __slots__ = ()

    @classmethod
    async def _ready(cls) -> Schema:
        return cls._schema or cls._bind(await connected(cls)._cim_class(cls._classname))

    @classmethod
    def _member(cls, name: str, attribute: Any) -> Any:
        """Return an attribute of the class itself: it does not hide the methods below."""
        own = vars(AsyncInstance).get(name)
        return own.__get__(None, cls) if isinstance(own, classmethod) else attribute

    @classmethod
    async def cim_class(cls) -> CIMClass:
        """Return the class, which is fetched when it is first asked for."""
        return (await cls._ready()).cim_class

    @classmethod
    def instances(
        cls: Type[T],
        where: Union[str, Mapping[str, Any], None] = None,
        properties: Names = None,
        language: str = "DMTF:FQL",
    ) -> AsyncGenerator[T, None]:
        """
        Return an asynchronous iterator of the instances of the class and its subclasses.

        Parameters:
            where (mapping or str): Only instances that have these values, compared here (an
                array needs to contain the value); or a query, for servers that filter.
            properties (iterable of str): Retrieve only these properties.
            language (str): The language of the query.
        """
        query, wanted = (where, {}) if isinstance(where, str) else (None, dict(where or {}))
        return cls._iterate(
            "EnumerateInstances",
            cls._classname,
            properties,
            wanted,
            namespace=connected(cls).name,
            DeepInheritance=True,
            FilterQuery=query,
            FilterQueryLanguage=None if query is None else language,
        )

    @classmethod
    async def _iterate(
        cls: Type[T], operation: str, asked: Any, properties: Names, where: Any, **kwargs: Any
    ) -> AsyncGenerator[T, None]:
        """Iterate over the objects of instances that a server gives one by one."""
        names = [properties] if isinstance(properties, str) else properties
        names = None if names is None else [*names, *where]
        only = None if names is None else frozenset(name.casefold() for name in names)
        iterate = getattr(cls._namespace.conn, f"Iter{operation}")
        found = iterate(asked, PropertyList=names, **kwargs)
        try:
            wanted = [((await cls._ready()).find("property", name), where[name]) for name in where]
            tests = [(element, element.test(value)) for element, value in wanted]
            async for instance in found:
                obj = (await cls._namespace._kind(cls, instance))(instance, only)
                if all(test(obj._value(element)) for element, test in tests):
                    yield obj
        finally:
            await found.aclose()

    @classmethod
    async def get(cls: Type[T], keys: Any = None, /, **values: Any) -> T:
        """
        Return one instance.

        Parameters:
            keys (CIMInstanceName, AsyncInstance or mapping): Its path, or the values of its keys.
            **values: The values of its keys.
        """
        schema, namespace = await cls._ready(), connected(cls)
        path = keys._instance.path if isinstance(keys, InstanceState) else keys
        if not isinstance(path, CIMInstanceName):
            props = schema.holding({**(keys or {}), **values})
            if schema.keys and {prop.name for prop in props} != set(schema.keys):
                raise ValueError(f"The keys of {schema.classname} are: {', '.join(schema.keys)}")
            path = CIMInstanceName(schema.classname, props, namespace=namespace.name)
        found: T = await namespace.get(path, cls)
        return found

    @classmethod
    async def create(cls: Type[T], /, **values: Any) -> T:
        """
        Create an instance, and return it as the server then has it.

        Parameters:
            **values: The values of its properties.
        """
        schema, namespace = await cls._ready(), connected(cls)
        instance = CIMInstance(schema.classname, schema.holding(values))
        return await cls.get(
            await namespace.conn.CreateInstance(instance, namespace=namespace.name)
        )

    def _target(self) -> Any:
        """Return the namespace and the path."""
        namespace = connected(self)
        if self._instance.path is None:
            raise ValueError(f"This {self._instance.classname} has no path, it is embedded")
        return namespace, self._instance.path

    async def refresh(self) -> None:
        """Retrieve the instance again, all properties; changes that were not saved are lost."""
        namespace, path = self._target()
        InstanceState.__init__(self, (await namespace.get(path, type(self)))._instance)

    async def save(self) -> None:
        """Modify the instance on the server, the properties only that were changed."""
        (namespace, path), changed = self._target(), dict(self._changed)
        if not changed:
            return
        props = list(changed.values())
        await namespace.conn.ModifyInstance(
            CIMInstance(self._instance.classname, props, path=path),
            PropertyList=[prop.name for prop in props],
        )
        for key, prop in changed.items():
            self._instance.properties[prop.name] = prop
            if self._changed.get(key) is prop:
                del self._changed[key]

    async def delete(self) -> None:
        """Delete the instance on the server."""
        namespace, path = self._target()
        await namespace.conn.DeleteInstance(path)

    def associated(
        self,
        cls: Optional[Type[T]] = None,
        through: Optional[Type[AsyncInstance]] = None,
        role: Optional[str] = None,
        result_role: Optional[str] = None,
        properties: Names = None,
    ) -> AsyncGenerator[T, None]:
        """
        Return an asynchronous iterator of the instances that are associated with this one.

        Parameters:
            cls (class of a namespace): Only its instances.
            through (class of a namespace): Only associations of this class.
            role (str): Only associations in which this object has this role.
            result_role (str): Only associations in which the other one has this role.
            properties (iterable of str): Retrieve only these properties.
        """
        filters = {"Role": role, "ResultRole": result_role}
        if through is not None:
            filters["AssocClass"] = connected(self)[through]._classname
        return self._linked("AssociatorInstances", cls, properties, filters)

    def references(
        self, cls: Optional[Type[T]] = None, role: Optional[str] = None, properties: Names = None
    ) -> AsyncGenerator[T, None]:
        """
        Return an asynchronous iterator of the associations that reference this instance.

        Parameters:
            cls (class of a namespace): Only its instances.
            role (str): Only associations in which this object has this role.
            properties (iterable of str): Retrieve only these properties.
        """
        return self._linked("ReferenceInstances", cls, properties, {"Role": role})

    def _linked(
        self, operation: str, cls: Optional[Type[T]], properties: Names, filters: Any
    ) -> AsyncGenerator[T, None]:
        namespace, path = self._target()
        kind: Type[T] = namespace[cls or AsyncInstance]
        result_class = kind._classname or None
        return kind._iterate(operation, path, properties, {}, ResultClass=result_class, **filters)

    def __reduce__(self) -> Any:
        # Without connection, and without Python classes that were made at run time.
        names = [found.classname for found in embedded(self._current())]
        known = self._namespace._cim_classes
        kept = {name: known[name] for name in names if name in known}
        state = (self._instance, self._only, self._changed)
        return self._namespace._restored, (self._base, self._namespace.name, kept, *state)

    @classmethod
    def _bound(cls, name: str, obj: Any) -> Any:
        """Return a method of the class as coroutine function."""

        async def bound(*args: Any, **kwargs: Any) -> AsyncMethodResult:
            schema, namespace = await cls._ready(), connected(cls)
            found = schema.find("method", name)
            check = not found.own_check and kwargs.pop("check", False)
            params = found.parameters(args, kwargs)
            target: Any = CIMClassName(cls._classname, namespace=namespace.name)
            if obj is not None and not found.is_static:
                _, target = obj._target()
            value, outputs = await namespace.conn.InvokeMethod(found.name, target, params)
            await namespace._fetch([value, *outputs.values()])
            wrap = namespace._wrapped
            for output, item in outputs.items():
                element = found.outputs.get(output)
                outputs[output] = element.read(item, wrap) if element else wrap(item)
            result = AsyncMethodResult(found.name, found.read(value, wrap), outputs, namespace)
            if check:
                result.check()
            return result

        return bound

    async def _invoke(self, name: str, *args: Any, check: bool = False) -> AsyncMethodResult:
        """Invoke a method with its parameters in their order: what typed classes do."""
        result: AsyncMethodResult = await self[name](*args)
        if check:
            result.check()
        return result
