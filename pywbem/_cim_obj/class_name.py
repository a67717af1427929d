"""CIM class paths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

from . import forms
from ._base import CIMObject, object_element, object_text
from .fields import cim_class, name_field, required_name, text_field, to_text

if TYPE_CHECKING:
    from xml.dom.minidom import Element


__all__ = ["CIMClassName"]


def normalized_namespace(value: Any) -> Any:
    """Return a namespace name without slashes around it, as text; `None` stays `None`."""
    if value is None:
        return None
    return to_text(value).strip("/")


class CIMClassName(CIMObject, metaclass=cim_class):
    """
    A CIM class path (DSP0004): the name of a class, and optionally its namespace and host.

    Paths are equal if their attributes are equal; their lexical case does not count. They are
    hashable as long as they are not changed.
    """

    _is_path = True

    classname = name_field("Name of the class (:class:`str`). Never `None`.")
    namespace = text_field(
        "Name of the CIM namespace (:class:`str`); setting it strips slashes around it. `None` if "
        "unspecified.",
        normalized_namespace,
    )
    host = text_field(
        "Host and optionally port of the WBEM server (:class:`str`). `None` if unspecified."
    )

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
        self._classname: str = required_name(classname, "CIMClassName", "classname")
        self._host: Optional[str] = to_text(host)
        self._namespace: Optional[str] = normalized_namespace(namespace)

    def copy(self) -> CIMClassName:
        """Return a copy of the class path."""
        return self._copied()

    def __str__(self) -> str:
        """Return the WBEM URI of the path in historical format, see `to_wbem_uri`."""
        return self.to_wbem_uri("historical")

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
            TypeError: It is no string.
        """
        return forms.wbem_uri.class_path(wbem_uri)

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
        return forms.wbem_uri.classname_to_uri(self, format)

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
        Return the CIM-XML of the class path as text, see `tocimxml`.

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
