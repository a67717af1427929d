"""
CIM classes as Python classes, and their instances.
"""

from __future__ import annotations

from typing import (
    Any,
    AsyncGenerator,
    Dict,
    FrozenSet,
    Iterable,
    List,
    Mapping,
    Optional,
    Type,
    TypeVar,
    Union,
    cast,
)

from ..._cim_obj import CIMClass, CIMClassName, CIMInstance, CIMInstanceName, CIMProperty
from ..described import method_text, signature
from ..elements import Element, Method, Schema
from ..state import InstanceState
from .reference import AsyncReference
from .result import AsyncMethodResult

T = TypeVar("T", bound="AsyncInstance")

Where = Union[None, str, Mapping[str, Any]]


class AsyncInstanceType(type):
    """
    The type of the Python classes: a static method of a CIM class is an attribute.
    """

    def __getattr__(cls, name: str) -> Any:
        owner = cast(Any, cls)
        if name.startswith("_") or owner._namespace is None:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")

        async def method(*args: Any, **kwargs: Any) -> AsyncMethodResult:
            schema = await owner._ready()
            found = schema.methods.get(name.casefold())
            if found is None:
                raise AttributeError(f"{schema.classname} has no method {name!r}")
            result: AsyncMethodResult = await owner._invoke_on(found, None, args, kwargs)
            return result

        return method

    def __getitem__(cls, name: str) -> Any:
        """
        A static method of any name.
        """
        return cls.__getattr__(name)

    def __repr__(cls) -> str:
        owner = cast(Any, cls)
        where = f" in {owner._namespace.name}" if owner._namespace is not None else ""
        return f"<CIM class {owner._classname or cls.__name__}{where}>"


class AsyncInstance(InstanceState, metaclass=AsyncInstanceType):
    """
    An instance of a CIM class.

    Its properties and methods are attributes, in any case of letters, and items
    for names that Python cannot write or that the methods here have.
    """

    __slots__ = ()

    # -- The class ------------------------------------------------------------

    @classmethod
    async def _ready(cls) -> Schema:
        if cls._schema is None:
            cls._bind(await cls._connected()._schema(cls._classname))
        return cast(Schema, cls._schema)

    @classmethod
    def _connected(cls) -> Any:
        if cls._namespace is None:
            raise ValueError(
                f"{cls.__name__} has no connection; an object that was unpickled is given one by "
                "wrap() of a namespace"
            )
        return cls._namespace

    @classmethod
    async def cim_class(cls) -> CIMClass:
        """
        Return the class, which is fetched when it is first asked for.

        Returns:
            :class:`~pywbem.CIMClass`: The class with its qualifiers.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
        """
        return (await cls._ready()).cim_class

    @classmethod
    async def instances(
        cls: Type[T],
        where: Where = None,
        properties: Optional[Iterable[str]] = None,
        language: str = "DMTF:FQL",
    ) -> AsyncGenerator[T, None]:
        """
        Iterate over the instances of the class and its subclasses.

        Parameters:
            where (mapping or str): Only instances that have these values, compared
                here (an array needs to contain the value); or a query, for servers
                that filter.
            properties (iterable of str): Retrieve only these properties.
            language (str): The language of the query.

        Returns:
            asynchronous iterator of AsyncInstance: The instances.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            AttributeError, ValueError, TypeError: The class has no such property, or
                a value does not fit.
        """
        schema, namespace = await cls._ready(), cls._connected()
        names = None if properties is None else list(properties)
        wanted = None
        if where is not None and not isinstance(where, str):
            wanted = [(schema.property(name), value) for name, value in where.items()]
            wanted = [_wanted(element, value) for element, value in wanted]
            if names is not None:
                names += [element.name for element, _ in wanted]
        query = where if isinstance(where, str) else None
        found = namespace.conn.IterEnumerateInstances(
            cls._classname,
            namespace=namespace.name,
            DeepInheritance=True,
            PropertyList=names,
            FilterQuery=query,
            FilterQueryLanguage=None if query is None else language,
        )
        try:
            async for obj in cls._each(found, names):
                if wanted is None or all(_matches(obj, *item) for item in wanted):
                    yield obj
        finally:
            await found.aclose()

    @classmethod
    async def _each(
        cls: Type[T], found: Any, names: Optional[List[str]] = None
    ) -> AsyncGenerator[T, None]:
        """
        The objects of instances that a server gives one by one.
        """
        only = None if names is None else frozenset(name.casefold() for name in names)
        kinds: Dict[Any, Any] = {}
        async for instance in found:
            path = instance.path
            key = (instance.classname, path.namespace if path is not None else None)
            kind = kinds.get(key)
            if kind is None:
                kind = kinds[key] = await cls._kind(instance)
            if kind._schema.embedded:
                await kind._fetch_embedded(instance)
            yield kind._with_state(instance, only)

    @classmethod
    async def _kind(cls, instance: CIMInstance) -> Any:
        """
        The Python class of an instance of this class or of a subclass.
        """
        path = instance.path
        namespace = cls._connected()._beside(path.namespace if path is not None else None)
        kind = namespace._derived(cls, instance.classname)
        await kind._ready()
        return kind

    @classmethod
    async def _fetch_embedded(cls, instance: CIMInstance) -> None:
        """
        Fetch the classes of embedded instances, so that reading them asks no server.
        """
        for name in cls._schema.embedded:
            value = instance.get(name)
            for embedded in value if isinstance(value, list) else [value]:
                if isinstance(embedded, CIMInstance):
                    await cls._connected().wrap(embedded)

    @classmethod
    async def get(cls: Type[T], keys: Any = None, **values: Any) -> T:
        """
        Return one instance.

        Parameters:
            keys (CIMInstanceName or mapping): Its path, or the values of its keys.
            **values: The values of its keys.

        Returns:
            AsyncInstance: The instance.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            AttributeError, ValueError, TypeError: The class has no such property, or
                a value does not fit.
        """
        schema, namespace = await cls._ready(), cls._connected()
        path = keys._instance.path if isinstance(keys, InstanceState) else keys
        if not isinstance(path, CIMInstanceName):
            given = {**(keys or {}), **values}
            props = [schema.property(name).as_property(value) for name, value in given.items()]
            path = CIMInstanceName(schema.classname, props, namespace=namespace.name)
        return cast(T, await namespace.get(path, cls))

    @classmethod
    async def create(cls: Type[T], **values: Any) -> T:
        """
        Create an instance.

        Parameters:
            **values: The values of its properties.

        Returns:
            AsyncInstance: The instance as the server then has it.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            AttributeError, ValueError, TypeError: The class has no such property, or
                a value does not fit; nothing was sent.
        """
        schema, namespace = await cls._ready(), cls._connected()
        props = [schema.property(name).as_property(value) for name, value in values.items()]
        path = await namespace.conn.CreateInstance(
            CIMInstance(schema.classname, props), namespace=namespace.name
        )
        return cast(T, await namespace.get(path, cls))

    # -- The instance ---------------------------------------------------------

    def _target(self) -> CIMInstanceName:
        self._connected()
        if self._instance.path is None:
            raise ValueError(f"This {self._instance.classname} has no path, it is embedded")
        return self._instance.path

    async def refresh(self) -> None:
        """
        Retrieve the instance again, with all properties; changes that were not
        saved are lost.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: It has no connection or no path.
        """
        path = self._target()
        instance = await self._namespace.conn.GetInstance(path)
        await self._fetch_embedded(instance)
        self._instance, self._changed, self._only = instance, {}, None

    async def save(self) -> None:
        """
        Modify the instance on the server, the properties only that were changed.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: It has no connection or no path.
        """
        path = self._target()
        changed = dict(self._changed)
        if not changed:
            return
        props = list(changed.values())
        await self._namespace.conn.ModifyInstance(
            CIMInstance(self._instance.classname, props, path=path),
            PropertyList=[prop.name for prop in props],
        )
        for key, prop in changed.items():
            self._instance.properties[prop.name] = prop
            if self._changed.get(key) is prop:
                del self._changed[key]

    async def delete(self) -> None:
        """
        Delete the instance on the server.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: It has no connection or no path.
        """
        path = self._target()
        await self._namespace.conn.DeleteInstance(path)

    async def associated(
        self,
        cls: Optional[Type[T]] = None,
        through: Optional[Type[AsyncInstance]] = None,
        role: Optional[str] = None,
        result_role: Optional[str] = None,
        properties: Optional[Iterable[str]] = None,
    ) -> AsyncGenerator[T, None]:
        """
        Iterate over the instances that are associated with this one.

        Parameters:
            cls (class of a namespace): Only its instances.
            through (class of a namespace): Only associations of this class.
            role (str): Only associations in which this object has this role.
            result_role (str): Only associations in which the other one has this role.
            properties (iterable of str): Retrieve only these properties.

        Returns:
            asynchronous iterator of AsyncInstance: The instances.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: It has no connection or no path.
        """
        path = self._target()
        names = None if properties is None else list(properties)
        found = self._namespace.conn.IterAssociatorInstances(
            path,
            AssocClass=_name_of(through),
            ResultClass=_name_of(cls),
            Role=role,
            ResultRole=result_role,
            PropertyList=names,
        )
        try:
            async for obj in self._kind_asked(cls)._each(found, names):
                yield obj
        finally:
            await found.aclose()

    async def references(
        self,
        cls: Optional[Type[T]] = None,
        role: Optional[str] = None,
        properties: Optional[Iterable[str]] = None,
    ) -> AsyncGenerator[T, None]:
        """
        Iterate over the associations that reference this instance.

        Parameters:
            cls (class of a namespace): Only its instances.
            role (str): Only associations in which this object has this role.
            properties (iterable of str): Retrieve only these properties.

        Returns:
            asynchronous iterator of AsyncInstance: The associations.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: It has no connection or no path.
        """
        path = self._target()
        names = None if properties is None else list(properties)
        found = self._namespace.conn.IterReferenceInstances(
            path, ResultClass=_name_of(cls), Role=role, PropertyList=names
        )
        try:
            async for obj in self._kind_asked(cls)._each(found, names):
                yield obj
        finally:
            await found.aclose()

    def _kind_asked(self, cls: Optional[Type[T]]) -> Any:
        return self._namespace._untyped if cls is None else cls

    def _wrapped(self, value: Any) -> Any:
        if isinstance(value, CIMInstanceName):
            return AsyncReference(value, self._namespace)
        return _embedded(self, value)

    # -- Methods --------------------------------------------------------------

    @classmethod
    def _bound_method(cls, method: Method, obj: Any) -> Any:
        """
        A method of the class as coroutine function, with its signature and documentation.
        """

        async def bound(*args: Any, **kwargs: Any) -> AsyncMethodResult:
            return await cls._invoke_on(method, obj, args, kwargs)

        bound.__name__ = bound.__qualname__ = method.name
        bound.__doc__ = method_text(method)
        bound.__signature__ = signature(method)  # type: ignore[attr-defined]
        return bound

    async def _invoke(self, name: str, *args: Any, check: bool = False) -> AsyncMethodResult:
        """
        Invoke a method with its parameters in their order: what typed classes do.
        """
        method = self._schema.methods[name.casefold()]
        return await self._invoke_on(method, self, args, {"check": check})

    @classmethod
    async def _invoke_on(
        cls, method: Method, obj: Any, args: Any, kwargs: Dict[str, Any]
    ) -> AsyncMethodResult:
        namespace = cls._connected()
        check = kwargs.pop("check", False)
        params = method.parameters(args, kwargs)
        if obj is None or method.is_static:
            target: Any = CIMClassName(cls._classname, namespace=namespace.name)
        else:
            target = obj._target()
        value, outputs = await namespace.conn.InvokeMethod(method.name, target, params)
        seen = {}
        for name, output in outputs.items():
            element = method.outputs.get(name.casefold())
            seen[name] = await namespace._output(element, output)
        value = method.result.read(value, lambda path: AsyncReference(path, namespace))
        result = AsyncMethodResult(method.name, value, seen, namespace)
        if check:
            result.check()
        return result

    # -- Pickling -------------------------------------------------------------

    def __reduce__(self) -> Any:
        # The connection is left out; so are Python classes that were made at run time.
        base = next(kind for kind in type(self).__mro__ if "_namespace" not in vars(kind))
        state = (self._instance, self._changed, self._only)
        return _restored, (base, self._schema.cim_class, *state)


def bound_class(base: Any, classname: str, namespace: Any) -> Any:
    """
    The Python class of a CIM class in a namespace.

    Parameters:
        base (type): AsyncInstance, or a class that derives from it.
        classname (str): Name of the CIM class.
        namespace (AsyncNamespace): The namespace.
    """
    inherited = {
        "__slots__": (),
        "__module__": base.__module__,
        "_classname": classname,
        "_namespace": namespace,
        "_schema": None,
    }
    return AsyncInstanceType(classname, (base,), inherited)


def _restored(
    base: Any,
    cim_class: CIMClass,
    instance: CIMInstance,
    changed: Dict[str, CIMProperty],
    only: Optional[FrozenSet[str]],
) -> Any:
    kind = bound_class(base, cim_class.classname, None)
    kind._bind(Schema(cim_class))
    obj = kind._with_state(instance, only)
    obj._changed = changed
    return obj


def _embedded(owner: AsyncInstance, value: CIMInstance) -> Any:
    namespace = owner._namespace
    schema = namespace._known(value.classname) if namespace is not None else None
    if schema is None:
        return value
    kind = namespace._derived(namespace._untyped, value.classname)
    if kind._schema is None:
        kind._bind(schema)
    return kind._with_state(value)


def _name_of(cls: Any) -> Optional[str]:
    return cls if cls is None or isinstance(cls, str) else cls._classname


def _wanted(element: Element, value: Any) -> Any:
    made = element.enumeration
    if (
        made is not None
        and isinstance(value, str)
        and value in (text for _, text in made.__items__)
    ):
        return element, value  # the text of a value, or of a range of them
    if element.is_array and not isinstance(value, (list, tuple)):
        return element, element.as_property([value]).value[0]
    return element, element.as_property(value).value


def _matches(obj: AsyncInstance, element: Element, value: Any) -> bool:
    found = obj._read(element, element.name.casefold())
    if element.is_array and not isinstance(value, list):
        return any(_equal(item, value) for item in found or ())
    return _equal(found, value)


def _equal(found: Any, value: Any) -> bool:
    return bool(found == value) or (
        isinstance(value, str) and value == getattr(found, "text", None)
    )
