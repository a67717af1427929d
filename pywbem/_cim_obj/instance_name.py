"""CIM instance paths."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Iterator,
    Mapping,
    Optional,
    Protocol,
    Tuple,
    Type,
    TypeVar,
    Union,
    cast,
)

from pywbem import config
from pywbem._cim_types import (
    Char16,
    CIMDateTime,
    CIMType,
    Real32,
    Real64,
    Sint8,
    Sint16,
    Sint32,
    Sint64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
)
from pywbem._nocasedict import NocaseDict
from pywbem._warnings import warn_caller

from . import forms
from ._base import CIMObject, object_element, object_text
from .class_name import normalized_namespace
from .fields import (
    Attribute,
    cim_class,
    eq_name,
    items_field,
    name_field,
    required_name,
    text_field,
    to_text,
)
from .items import listed_items
from .property import CIMProperty

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    from .cim_class import CIMClass

    _SelfT = TypeVar("_SelfT", bound="CIMInstanceName")

__all__ = ["CIMInstanceName"]


def keybinding_dict(value: Any) -> Optional[NocaseDict]:
    """
    Return the dictionary for a keybindings input object, or `None` if there are none.

    Raises:
        TypeError: The value is not iterable or has an item that is neither a tuple nor a property,
            or a value cannot be that of a key.
        ValueError: A tuple has not two items, a property has another name than its key, or a value
            is `None` and the configuration does not allow it.
    """
    if not value:
        return None
    data: Dict[Optional[str], Tuple[Any, Any]] = {}
    is_mapping = hasattr(value, "items")
    for name, item in (
        value.items() if is_mapping else listed_items(value, "keybindings", CIMProperty)
    ):
        if item.__class__ not in _KEY_TYPES:
            item = _keybinding_value(name, item)
        if name.__class__ is not str:
            name = to_text(name)
        data[None if name is None else name.casefold()] = (name, item)
    return NocaseDict._trusted(data) if data else None


def _keybinding_value(name: Any, value: Any) -> Any:
    """Return what is stored for a keybinding value that is not of the usual classes."""
    if isinstance(value, CIMProperty):
        if name is None:
            raise TypeError(f"A keybinding without a name cannot be the property {value._name!r}")
        if not eq_name(value._name, to_text(name)):
            raise ValueError(
                f"Invalid keybinding name: CIMProperty.name must be dictionary key {name!r}, but "
                f"is {value._name!r}"
            )
        # The value alone tells a key its type, therefore it is Char16 here.
        is_char16 = value._type == "char16" and isinstance(value._value, str)
        value = Char16(value._value) if is_char16 else value._value
        if isinstance(value, list):
            return value[:]
        return value.copy() if isinstance(value, CIMObject) else value  # type: ignore[attr-defined]
    if value is None:
        if config.IGNORE_NULL_KEY_VALUE:
            return None
        raise ValueError(
            f"The value of keybinding {name!r} is None, which a key cannot be (set "
            "pywbem.config.IGNORE_NULL_KEY_VALUE to accept that)"
        )
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (str, int, float, CIMType, CIMInstanceName)):
        return value
    if isinstance(value, list):
        raise TypeError(f"Value of keybinding {name!r} cannot be a list")
    if isinstance(value, CIMObject) and value._embedded_as_value:
        raise TypeError(f"Value of keybinding {name!r} cannot be an embedded object: {type(value)}")
    raise TypeError(f"Value of keybinding {name!r} has an invalid type: {type(value)}")


def _copied_keybindings(keybindings: Optional[NocaseDict]) -> Optional[NocaseDict]:
    """Return a copy of keybindings; what was put into the dictionary directly is checked now."""
    if not keybindings:
        return None
    for _, value in keybindings._data.values():
        if value.__class__ not in _KEY_TYPES:
            return keybinding_dict(keybindings)
    return keybindings.copy()


class _Values(Protocol):
    """What `CIMInstanceName.from_instance` needs of an instance, which stands above."""

    def __contains__(self, key: str) -> bool: ...
    def __getitem__(self, key: str) -> Any: ...


class CIMInstanceName(CIMObject, metaclass=cim_class):
    """
    A CIM instance path (DSP0004): class name and keybindings of an instance, and optionally
    its namespace and host.

    The object can be used like a dictionary of its keybindings, from name to value.

    Paths are equal if their attributes are equal; the lexical case of all names and the order of
    the keybindings do not count. They are hashable as long as they are not changed.
    """

    _is_path = True
    _type_as_value = "reference"

    classname = name_field(
        "Name of the creation class of the instance (:class:`str`). Never `None`."
    )
    keybindings: Attribute[NocaseDict[Any]] = items_field(
        keybinding_dict,
        """
        Keybindings (:class:`NocaseDict` of values by name), in their order.

        Can be set to a :term:`keybindings input object`. Values put into the dictionary itself are
        not checked. One keybinding may have the name `None` when a server sent it without a name
        (DSP0201).
        """,
        copy=_copied_keybindings,
        unnamed=True,
    )
    namespace = text_field(
        "Name of the CIM namespace (:class:`str`); setting it strips slashes around it. `None` if "
        "unspecified.",
        normalized_namespace,
    )
    host = text_field(
        "Host and optionally port of the WBEM server (:class:`str`). `None` if unspecified."
    )

    def __init__(
        self,
        classname: str,
        keybindings: Any = None,
        host: Optional[str] = None,
        namespace: Optional[str] = None,
    ) -> None:
        """
        Parameters:
            classname (:class:`str`): Name of the creation class of the instance. Must not be
                `None`.
            keybindings (:term:`keybindings input object`): The keybindings: a mapping from name to
                value, or an iterable of tuples (name, value) or of :class:`~pywbem.CIMProperty`
                objects. A value is a :term:`CIM data type`, an :class:`int` or :class:`float`, or
                a :class:`~pywbem.CIMProperty` whose value is then copied.
            host (:class:`str`): Host and optionally port of the WBEM server, as ``host[:port]``.
                IPv6 addresses are written in brackets (RFC 3986), zone identifiers behind ``%25``
                (RFC 6874) or ``-``. `None` if unspecified.
            namespace (:class:`str`): Name of the CIM namespace; leading and trailing slashes are
                stripped. `None` if unspecified.

        Raises:
            ValueError: The class name is `None`, a keybinding value is `None` and
                :data:`pywbem.config.IGNORE_NULL_KEY_VALUE` is not set, or a property has another
                name than its key.
            TypeError: A keybinding value has a type that a key cannot have, or the keybindings are
                no keybindings input object.
        """
        self._classname: str = required_name(classname, "CIMInstanceName", "classname")
        self._keybindings = keybinding_dict(keybindings)
        self._host: Optional[str] = to_text(host)
        self._namespace: Optional[str] = normalized_namespace(namespace)

    def copy(self) -> CIMInstanceName:
        """
        Return a copy of the instance path.

        The copy has its own keybindings dictionary and shares values that are instance paths.
        """
        return self._copied()

    def __str__(self) -> str:
        """Return the WBEM URI of the path in historical format, see `to_wbem_uri`."""
        return self.to_wbem_uri("historical")

    # The dictionary of keybindings

    def __contains__(self, key: str) -> bool:
        """Return whether there is a keybinding with the name."""
        return key in self.keybindings

    def __getitem__(self, key: str) -> Any:
        """Return the value of a keybinding; raises `KeyError` if there is none with the name."""
        return self.keybindings[key]

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a keybinding to a value, which is not checked."""
        self.keybindings[key] = value

    def __delitem__(self, key: str) -> None:
        """Delete a keybinding; raises `KeyError` if there is none with the name."""
        del self.keybindings[key]

    def __len__(self) -> int:
        """Return the number of keybindings."""
        keybindings = self._keybindings
        return len(keybindings) if keybindings is not None else 0

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the keybindings."""
        return iter(self.keybindings.keys())

    def get(self, key: str, default: Any = None) -> Any:
        """
        Return the value of a keybinding.

        Parameters:
            key (:class:`str`): Name of the keybinding, in any lexical case.
            default: Returned if there is no such keybinding.
        """
        return self.keybindings.get(key, default)

    def has_key(self, key: str) -> bool:
        """
        Return whether there is a keybinding.

        Parameters:
            key (:class:`str`): Name of the keybinding, in any lexical case.
        """
        return key in self.keybindings

    def keys(self) -> Iterator[str]:
        """Return the names of the keybindings, in their order."""
        return iter(self.keybindings.keys())

    def values(self) -> Iterator[Any]:
        """Return the values of the keybindings, in their order."""
        return iter(self.keybindings.values())

    def items(self) -> Iterator[Tuple[str, Any]]:
        """Return the keybindings as tuples (name, value), in their order."""
        return iter(self.keybindings.items())

    def iterkeys(self) -> Iterator[str]:
        """Return the names of the keybindings. Deprecated: use `keys`."""
        deprecated_iter("CIMInstanceName", "iterkeys")
        return self.keys()

    def itervalues(self) -> Iterator[Any]:
        """Return the values of the keybindings. Deprecated: use `values`."""
        deprecated_iter("CIMInstanceName", "itervalues")
        return self.values()

    def iteritems(self) -> Iterator[Tuple[str, Any]]:
        """Return the keybindings as tuples (name, value). Deprecated: use `items`."""
        deprecated_iter("CIMInstanceName", "iteritems")
        return self.items()

    def update(self, *args: Any, **kwargs: Any) -> None:
        """
        Set keybindings to values, which are not checked; other keybindings stay as they are.

        Parameters:
            *args: At most one: a mapping from name to value, an iterable of tuples (name, value),
                or an object with a method `items`, such as an instance path or an instance.
            **kwargs: Keybindings as keyword arguments.

        Raises:
            TypeError: There is more than one positional argument, or it is none of these.
            ValueError: An item of the iterable is not a pair.
        """
        if len(args) == 1 and not isinstance(args[0], NocaseDict) and hasattr(args[0], "items"):
            args = (list(args[0].items()),)
        self.keybindings.update(*args, **kwargs)

    # Conversion

    @staticmethod
    def from_instance(
        class_: CIMClass,
        instance: _Values,
        namespace: Optional[str] = None,
        host: Optional[str] = None,
        strict: bool = False,
    ) -> CIMInstanceName:
        """
        Return the path of an instance, made of the values of the key properties.

        Key properties are the properties of the class that have a qualifier `Key`.

        Parameters:
            class_ (:class:`~pywbem.CIMClass`): The class with the key properties; its name becomes
                that of the path. It must have been retrieved with qualifiers and inherited
                properties.
            instance (:class:`~pywbem.CIMInstance`): The instance with the values.
            namespace (:class:`str`): Namespace of the path, or `None`.
            host (:class:`str`): Host of the path, or `None`.
            strict (:class:`bool`): Whether the instance must have all key properties; otherwise
                the path lacks the keybindings for which it has none.

        Returns:
            :class:`~pywbem.CIMInstanceName`: The path.

        Raises:
            ValueError: A key property does not exist in the instance and `strict` is set, or its
                value is `None` and :data:`pywbem.config.IGNORE_NULL_KEY_VALUE` is not set.
        """
        keybindings: Dict[str, Any] = {}
        for name, prop in class_.properties._data.values():
            qualifiers = prop._qualifiers
            if qualifiers is None or "key" not in qualifiers._data:
                continue
            if name in instance:
                keybindings[name] = instance[name]
            elif strict:
                raise ValueError(
                    f"Key property {name!r} of class {class_.classname!r} missing in instance."
                )
        return CIMInstanceName(class_.classname, keybindings, host, namespace)

    @staticmethod
    def from_wbem_uri(wbem_uri: str) -> CIMInstanceName:
        """
        Return the instance path of an untyped WBEM URI (DSP0207).

        Beyond DSP0207, these forms are tolerated: any namespace type (URI scheme) and datetime
        values without double quotes, both with a :exc:`py:UserWarning`; a missing slash at the
        beginning if there is neither a namespace type nor an authority; a missing colon if it
        would be the first character; the real values INF, -INF and NAN.

        The untyped format does not say which type a value has: numbers become :class:`int` and
        :class:`float` objects, a value in single quotes :class:`~pywbem.Char16`, and a string that
        looks like a datetime or like the WBEM URI of an instance path becomes one. Examples::

            https://jdd:test@acme.com:5989/cimv2/test:CIM_RegisteredProfile.InstanceID="acme.1"
            //acme.com/root/cimv2:CIM_ComputerSystem.CreationClassName="ACME_CS",Name="sys1"
            /cimv2/test:CIM_RegisteredProfile.InstanceID="acme.1"
            cimv2/test:CIM_RegisteredProfile.InstanceID="acme.1"
            /:CIM_RegisteredProfile.InstanceID="acme.1"
            CIM_RegisteredProfile.InstanceID="acme.1"
            /:CIM_SubProfile.Main="/:CIM_RegisteredProfile.InstanceID=\\"acme.1\\""

        Parameters:
            wbem_uri (:class:`str`): The WBEM URI.

        Returns:
            :class:`~pywbem.CIMInstanceName`: The instance path.

        Raises:
            ValueError: The string is not an untyped WBEM URI of an instance path.
            TypeError: It is no string.
        """
        return forms.wbem_uri.instance_path(wbem_uri)

    def to_wbem_uri(self, format: str = "standard") -> str:
        """
        Return the untyped WBEM URI of the instance path (DSP0207), without a namespace type.

        Keybindings are in the order of their names. Instance paths are compared with ``==``; URIs
        can be compared as strings in canonical format, which is stricter: the URI shows whether a
        value is ``1``, ``1.0`` or ``TRUE``, a string or a char16, for all of which ``==`` of Python
        is true.

        Parameters:
            format (:class:`str`): One of

                * ``"standard"``: as DSP0207 defines it, e.g. ``//Acme.com/cimv2:CIM_Foo.Id="X"``,
                  ``/cimv2:CIM_Foo.Id="X"`` or ``/:CIM_Foo.Id="X"``.
                * ``"canonical"``: the same with host, namespace and all names in lower case.
                * ``"cimobject"``: as in the CIMObject header of DSP0200, without host.
                * ``"historical"``: without host, there is no leading slash; without namespace,
                  there is no colon.

                Keybindings that are instance paths are written in the same format.

        Returns:
            :class:`str`: The WBEM URI. For a path without keybindings, which DSP0004 does not
            allow, that of the class; a :exc:`~pywbem.MissingKeybindingsWarning` is issued.

        Raises:
            TypeError: A keybinding has no name, or a value that a key cannot have.
            ValueError: The format is not one of these.
        """
        return forms.wbem_uri.instancename_to_uri(self, format)

    def to_dict(self) -> Dict[str, Any]:
        """
        Return the instance path as dictionaries, lists, text and numbers, which JSON can carry.

        It has the items `classname`, `keybindings` and, where they are set, `namespace` and `host`.
        The keybindings are values by name: text, numbers and booleans as they are, and a value that
        has another type, or a CIM type of numbers, as a dictionary with `type` and `value`, in
        which a reference is a dictionary of the same form. If a keybinding has no name, they are a
        list of pairs.

        Returns:
            :class:`dict`: The instance path; `from_dict` returns an equal one.

        Raises:
            TypeError: A value is none of a CIM data type.
        """
        return forms.plain.object_form(self)

    @classmethod
    def from_dict(cls: Type[_SelfT], form: Mapping[str, Any]) -> _SelfT:
        """
        Return the instance path of what `to_dict` returned.

        Parameters:
            form (:class:`dict`): The dictionary. What `to_dict` leaves out may be left out.

        Returns:
            :class:`~pywbem.CIMInstanceName`: The instance path.

        Raises:
            TypeError: A value is of another kind than its CIM type.
            ValueError: There is an item that is unknown, a value that is out of range, or a value
                without a CIM type.
        """
        return forms.plain.object_from_form(cls, form)

    def tocimxml(self, ignore_host: bool = False, ignore_namespace: bool = False) -> Element:
        """
        Return the CIM-XML element of the instance path (DSP0201).

        It is an `INSTANCENAME` element without namespace, a `LOCALINSTANCEPATH` element without
        host, and an `INSTANCEPATH` element otherwise. A path without keybindings causes a
        :exc:`~pywbem.MissingKeybindingsWarning`.

        Parameters:
            ignore_host (:class:`bool`): Leave out the host.
            ignore_namespace (:class:`bool`): Leave out the namespace and the host.

        Returns:
            :class:`xml.dom.minidom.Element`: The element.

        Raises:
            TypeError, ValueError: Something in it has no CIM-XML, such as a value that is none of
                its type, or a character that XML does not allow.
        """
        return object_element(self, ignore_host=ignore_host, ignore_namespace=ignore_namespace)

    def tocimxmlstr(
        self,
        indent: Union[str, int, None] = None,
        ignore_host: bool = False,
        ignore_namespace: bool = False,
    ) -> str:
        """
        Return the CIM-XML of the instance path as text, see `tocimxml`.

        Parameters:
            indent (:class:`str` or :class:`int`): Indentation for each level of nested elements,
                as a string or a number of blanks. `None` gives one line without white space
                between the elements.
            ignore_host (:class:`bool`): Leave out the host.
            ignore_namespace (:class:`bool`): Leave out the namespace and the host.

        Returns:
            :class:`str`: The CIM-XML.

        Raises:
            TypeError, ValueError: As `tocimxml`, or the indent is neither a string nor an integer.
        """
        return object_text(self, indent, ignore_host=ignore_host, ignore_namespace=ignore_namespace)


def deprecated_iter(class_name: str, method: str) -> None:
    """Warn that one of the methods iterkeys, itervalues and iteritems was called."""
    warn_caller(
        cast(Any, DeprecationWarning),
        f"The {method}() method of pywbem.{class_name} has been deprecated and will be removed in "
        f"a future version of pywbem. Use {method[4:]}() instead.",
    )


# The classes of objects that are a keybinding value as they are.
_KEY_TYPES = frozenset(
    (str, int, float, bool, Char16, CIMDateTime, CIMInstanceName, Real32, Real64)
    + (Uint8, Uint16, Uint32, Uint64, Sint8, Sint16, Sint32, Sint64)
)
