"""CIM class paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

from ._base import (
    CIMObject,
    attribute,
    eq_name,
    hash_name,
    name_attribute,
    not_comparable,
    object_element,
    object_text,
    required_name,
    text_attribute,
    to_repr,
    to_text,
)

if TYPE_CHECKING:
    from xml.dom.minidom import Element

    from ._base import Attribute

__all__ = ["CIMClassName"]

_new = object.__new__


def normalized_namespace(value: Any) -> Any:
    """Return a namespace name without slashes around it, as text; `None` stays `None`."""
    if value is None:
        return None
    return to_text(value).strip("/")


class CIMClassName(CIMObject):
    """
    A CIM class path (DSP0004): the name of a class, and optionally its namespace and host.

    Paths are equal if their attributes are equal; their lexical case does not count. They are
    hashable as long as they are not changed.
    """

    __slots__ = ("_classname", "_host", "_namespace")

    _is_path = True

    _classname: str
    _host: Optional[str]
    _namespace: Optional[str]

    def __init__(
        self, classname: str, host: Optional[str] = None, namespace: Optional[str] = None
    ) -> None:
        """
        Parameters:
            classname (:class:`str`): Name of the class. Must not be `None`.
            host (:class:`str`): Host and optionally port of the WBEM server, as ``host[:port]``.
                IPv6 addresses are written in brackets (RFC 3986), zone identifiers behind ``%25``
                (RFC 6874) or ``-``. `None` if unspecified.
            namespace (:class:`str`): Name of the CIM namespace; leading and trailing slashes are
                stripped. `None` if unspecified.

        Raises:
            ValueError: The class name is `None`.
        """
        self._classname = required_name(classname, "CIMClassName", "classname")
        self._host = to_text(host)
        self._namespace = normalized_namespace(namespace)

    @classmethod
    def _trusted(
        cls, classname: str, host: Optional[str], namespace: Optional[str]
    ) -> CIMClassName:
        """Return a class path of what is known to be valid; nothing is checked."""
        self = _new(cls)
        self._classname = classname
        self._host = host
        self._namespace = namespace
        return self

    classname: Attribute[str] = name_attribute(
        "_classname", "Name of the class (:class:`str`). Never `None`."
    )
    host: Attribute[Optional[str]] = text_attribute(
        "_host",
        "Host and optionally port of the WBEM server (:class:`str`). `None` if unspecified.",
    )
    namespace: Attribute[Optional[str]] = attribute(
        "_namespace",
        normalized_namespace,
        "Name of the CIM namespace (:class:`str`); setting it strips slashes around it. `None` if "
        "unspecified.",
    )

    def copy(self) -> CIMClassName:
        """Return a copy of the class path."""
        return CIMClassName._trusted(self._classname, self._host, self._namespace)

    def __eq__(self, other: object) -> bool:
        """Return whether the paths are equal; raises `TypeError` for another class."""
        if self is other:
            return True
        if not isinstance(other, CIMClassName):
            raise not_comparable(self, other)
        return (
            eq_name(self._classname, other._classname)
            and eq_name(self._namespace, other._namespace)
            and eq_name(self._host, other._host)
        )

    def __hash__(self) -> int:
        """Return a hash value of all attributes."""
        return hash((hash_name(self._classname), hash_name(self._namespace), hash_name(self._host)))

    def __str__(self) -> str:
        """Return the WBEM URI of the path in historical format, see `to_wbem_uri`."""
        return self.to_wbem_uri("historical")

    def __repr__(self) -> str:
        """Return a text of all attributes."""
        return (
            f"CIMClassName(classname={to_repr(self._classname)}, "
            f"namespace={to_repr(self._namespace)}, host={to_repr(self._host)})"
        )

    @staticmethod
    def from_wbem_uri(wbem_uri: str) -> CIMClassName:
        """
        Return the class path of an untyped WBEM URI (DSP0207).

        Beyond DSP0207, these forms are tolerated: any namespace type (URI scheme), with a
        :exc:`py:UserWarning`; a missing slash at the beginning if there is neither a namespace type
        nor an authority; a missing colon if it would be the first character. Examples::

            https://jdd:test@acme.com:5989/cimv2/test:CIM_RegisteredProfile
            //acme.com/root/cimv2:CIM_ComputerSystem
            /root/cimv2:CIM_ComputerSystem
            root/cimv2:CIM_ComputerSystem
            /:CIM_ComputerSystem
            CIM_ComputerSystem

        Parameters:
            wbem_uri (:class:`str`): The WBEM URI.

        Returns:
            :class:`~pywbem.CIMClassName`: The class path.

        Raises:
            ValueError: The string is not an untyped WBEM URI of a class path.
        """
        from .wbem_uri import classname_from_uri

        return CIMClassName._trusted(*classname_from_uri(wbem_uri))

    def to_wbem_uri(self, format: str = "standard") -> str:
        """
        Return the untyped WBEM URI of the class path (DSP0207), without a namespace type.

        URIs can be compared as strings in canonical format; class paths are compared with
        ``==``.

        Parameters:
            format (:class:`str`): One of

                * ``"standard"``: as DSP0207 defines it, e.g. ``//Acme.com/cimv2:CIM_Foo``,
                  ``/cimv2:CIM_Foo`` or ``/:CIM_Foo``.
                * ``"canonical"``: the same with host, namespace and class name in lower case.
                * ``"cimobject"``: as in the CIMObject header of DSP0200, without host.
                * ``"historical"``: without host, there is no leading slash; without namespace,
                  there is no colon.

        Returns:
            :class:`str`: The WBEM URI.

        Raises:
            ValueError: The format is not one of these.
        """
        from .wbem_uri import classname_to_uri

        return classname_to_uri(self, format)

    def tocimxml(self, ignore_host: bool = False, ignore_namespace: bool = False) -> Element:
        """
        Return the CIM-XML element of the class path (DSP0201).

        It is a `CLASSNAME` element without namespace, a `LOCALCLASSPATH` element without host, and
        a `CLASSPATH` element otherwise.

        Parameters:
            ignore_host (:class:`bool`): Leave out the host.
            ignore_namespace (:class:`bool`): Leave out the namespace and the host.

        Returns:
            :class:`xml.dom.minidom.Element`: The element.
        """
        return object_element(self, ignore_host=ignore_host, ignore_namespace=ignore_namespace)

    def tocimxmlstr(
        self,
        indent: Union[str, int, None] = None,
        ignore_host: bool = False,
        ignore_namespace: bool = False,
    ) -> str:
        """
        Return the CIM-XML of the class path as text, see `tocimxml`.

        Parameters:
            indent (:class:`str` or :class:`int`): Indentation for each level of nested elements,
                as a string or a number of blanks. `None` gives one line without white space
                between the elements.
            ignore_host (:class:`bool`): Leave out the host.
            ignore_namespace (:class:`bool`): Leave out the namespace and the host.

        Returns:
            :class:`str`: The CIM-XML.
        """
        return object_text(self, indent, ignore_host=ignore_host, ignore_namespace=ignore_namespace)
