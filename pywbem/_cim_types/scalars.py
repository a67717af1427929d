"""The CIM data types (DSP0004 5.2) but datetime, and what type a value has."""

from __future__ import annotations

from datetime import datetime as _datetime
from datetime import timedelta as _timedelta
from typing import Any, ClassVar, Dict, Optional, Type, TypeVar

from .. import config
from .base import CIMType
from .datetime import CIMDateTime

__all__ = [
    "REAL32_FORMAT",
    "REAL64_FORMAT",
    "CIMFloat",
    "CIMInt",
    "Char16",
    "Real32",
    "Real64",
    "Sint8",
    "Sint16",
    "Sint32",
    "Sint64",
    "Uint8",
    "Uint16",
    "Uint32",
    "Uint64",
    "atomic_to_cim_xml",
    "cimtype",
    "real_text",
    "register_object_type",
    "type_from_name",
]

_IntT = TypeVar("_IntT", bound="CIMInt")
_Char16T = TypeVar("_Char16T", bound="Char16")


class CIMInt(CIMType, int):
    """
    Base class of the CIM integer data types.

    The objects are integers: they compare and hash like :class:`int`, and
    arithmetic with them gives :class:`int`.
    """

    __slots__ = ()

    #: Lowest value of the CIM data type.
    minvalue: ClassVar[Optional[int]] = None
    #: Highest value of the CIM data type.
    maxvalue: ClassVar[Optional[int]] = None

    def __new__(cls: Type[_IntT], *args: Any, **kwargs: Any) -> _IntT:
        """
        Parameters:
            x (int or str): The value, as for :class:`int`.  The default is 0.
            base (int): The radix of ``x`` if that is a string, as for :class:`int`.
                The default is 10.

        Raises:
            ValueError: The value is out of the range of the CIM data type while
                :data:`pywbem.config.ENFORCE_INTEGER_RANGE` is set, or is no integer.
            TypeError: An argument has the wrong type.
        """
        if "x" in kwargs:
            # int() takes its value by position only.
            if args:
                raise TypeError(f"{cls.__name__}() got multiple values for argument 'x'")
            args = (kwargs.pop("x"),)
        value = int.__new__(cls, *args, **kwargs)
        minvalue, maxvalue = cls.minvalue, cls.maxvalue
        if minvalue is None or maxvalue is None:
            raise TypeError(
                f"{cls.__name__} has no value range; use one of its subclasses such as Uint32"
            )
        if not minvalue <= value <= maxvalue and config.ENFORCE_INTEGER_RANGE:
            raise ValueError(
                f"Integer value {int(value)} is out of range for CIM datatype {cls.cimtype}"
            )
        return value

    # int has no __str__ of its own, and the one of object would call __repr__.
    def __str__(self) -> str:
        """
        Return the value in decimal.
        """
        return int.__repr__(self)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(cimtype={self.cimtype!r}, minvalue={self.minvalue}, "
            f"maxvalue={self.maxvalue}, {int.__repr__(self)})"
        )


class Uint8(CIMInt):
    """
    A value of the CIM data type uint8.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "uint8"
    minvalue: ClassVar[int] = 0
    maxvalue: ClassVar[int] = 2**8 - 1


class Sint8(CIMInt):
    """
    A value of the CIM data type sint8.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "sint8"
    minvalue: ClassVar[int] = -(2**7)
    maxvalue: ClassVar[int] = 2**7 - 1


class Uint16(CIMInt):
    """
    A value of the CIM data type uint16.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "uint16"
    minvalue: ClassVar[int] = 0
    maxvalue: ClassVar[int] = 2**16 - 1


class Sint16(CIMInt):
    """
    A value of the CIM data type sint16.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "sint16"
    minvalue: ClassVar[int] = -(2**15)
    maxvalue: ClassVar[int] = 2**15 - 1


class Uint32(CIMInt):
    """
    A value of the CIM data type uint32.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "uint32"
    minvalue: ClassVar[int] = 0
    maxvalue: ClassVar[int] = 2**32 - 1


class Sint32(CIMInt):
    """
    A value of the CIM data type sint32.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "sint32"
    minvalue: ClassVar[int] = -(2**31)
    maxvalue: ClassVar[int] = 2**31 - 1


class Uint64(CIMInt):
    """
    A value of the CIM data type uint64.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "uint64"
    minvalue: ClassVar[int] = 0
    maxvalue: ClassVar[int] = 2**64 - 1


class Sint64(CIMInt):
    """
    A value of the CIM data type sint64.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "sint64"
    minvalue: ClassVar[int] = -(2**63)
    maxvalue: ClassVar[int] = 2**63 - 1


class CIMFloat(CIMType, float):
    """
    Base class of the CIM data types for real numbers.

    The objects are :class:`float`: they compare and hash like it, with the
    known limits of comparing such numbers for equality, and arithmetic with
    them gives :class:`float`.

    Parameters:
        x (float or str): The value, as for :class:`float`.  The default is 0.
    """

    __slots__ = ()

    # float has no __str__ of its own, and the one of object would call __repr__.
    def __str__(self) -> str:
        """
        Return the value as :class:`float` writes it.
        """
        return float.__repr__(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(cimtype={self.cimtype!r}, {float.__repr__(self)})"


class Real32(CIMFloat):
    """
    A value of the CIM data type real32.

    The value keeps the precision and the range of :class:`float`; it is
    neither rounded to 32 bits nor refused when these cannot hold it, such as
    ``1e39``.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "real32"


class Real64(CIMFloat):
    """
    A value of the CIM data type real64.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "real64"


class Char16(CIMType, str):
    """
    A value of the CIM data type char16.

    It is a :class:`str`, and :class:`str` may be used in its place except where
    the value alone must tell its type: as the value of a keybinding, where this
    class makes the difference between char16 and string.
    """

    __slots__ = ()
    cimtype: ClassVar[str] = "char16"

    def __new__(cls: Type[_Char16T], content: object = "") -> _Char16T:
        """
        Parameters:
            content (str or bytes): The character; bytes are UTF-8.  The number of
                characters is not checked.

        Raises:
            UnicodeDecodeError: The bytes are not UTF-8.
        """
        if isinstance(content, bytes):
            content = content.decode("utf-8")
        return super().__new__(cls, content)


_TYPE_FROM_NAME: Dict[str, type] = {
    "boolean": bool,
    "string": str,
    "char16": str,
    "datetime": CIMDateTime,
    "uint8": Uint8,
    "sint8": Sint8,
    "uint16": Uint16,
    "sint16": Sint16,
    "uint32": Uint32,
    "sint32": Sint32,
    "uint64": Uint64,
    "sint64": Sint64,
    "real32": Real32,
    "real64": Real64,
}

# CIM data types of the values that are not scalars: {class: name}.
_OBJECT_TYPES: Dict[type, str] = {}


def register_object_type(cls: type, name: str) -> None:
    """
    Tell :func:`cimtype` the CIM data type of the objects of a class, and
    :func:`type_from_name` the class for the type reference.

    The CIM objects do so when they are defined; this module is below them and
    cannot import them.
    """
    _OBJECT_TYPES[cls] = name
    _TYPE_FROM_NAME.setdefault(name, cls)


def cimtype(obj: Any) -> str:
    """
    Return the name of the CIM data type of a value.

    Parameters:
        obj (CIM data type): The value.  A list has the type of its first item.
            Embedded instances and classes are of type string.

    Returns:
        str: Name of the CIM data type, for example ``"uint8"``.

    Raises:
        TypeError: The value does not tell its CIM data type: it is ``None``, an
            :class:`int` or :class:`float` (which could be of several CIM types), or
            an object of another class.
        ValueError: The value is an empty list.
    """
    if isinstance(obj, CIMType):
        name = obj.cimtype
        if name is not None:
            return name
    elif isinstance(obj, bool):
        return "boolean"
    elif isinstance(obj, (str, bytes)):
        return "string"
    elif isinstance(obj, list):
        if not obj:
            raise ValueError("Cannot determine CIM data type from empty array")
        return cimtype(obj[0])
    elif isinstance(obj, (_datetime, _timedelta)):
        return "datetime"
    else:
        for cls in type(obj).__mro__:
            if cls in _OBJECT_TYPES:
                return _OBJECT_TYPES[cls]
    raise TypeError(f"Object does not have a valid CIM data type: {obj!a}")


# 9 digits bring back every single, 11 most decimals as they were written; 17 bring back
# every double.
REAL32_FORMAT, REAL64_FORMAT = "%.11G", "%.17G"


def real_text(value: float, form: str) -> str:
    """
    Return the text of a real number in CIM-XML, always with a decimal point or
    one of the special names of DSP0201.

    Parameters:
        value (float): The number.
        form (str): ``REAL32_FORMAT`` or ``REAL64_FORMAT``.
    """
    number = form % value
    if "." in number:
        return number
    if number in ("NAN", "INF", "-INF"):
        return "NaN" if number == "NAN" else number
    mantissa, e, exponent = number.partition("E")
    return f"{mantissa}.0{e}{exponent}"


def atomic_to_cim_xml(obj: Any) -> Optional[str]:
    """
    Return the text of a scalar value in CIM-XML, before characters that are
    special in XML are escaped.

    Parameters:
        obj (CIM data type): The value; an :class:`int`, :class:`float` or
            :class:`datetime.datetime`, too.

    Returns:
        str: The text; ``None`` if the value is ``None``.

    Raises:
        TypeError: The value is of another class.
    """
    if obj is None:
        return None
    if isinstance(obj, bool):
        return "TRUE" if obj else "FALSE"
    if isinstance(obj, str):
        return obj
    if isinstance(obj, bytes):
        return obj.decode("utf-8")
    if isinstance(obj, int):
        return str(int(obj))
    if isinstance(obj, float):
        return real_text(obj, REAL32_FORMAT if isinstance(obj, Real32) else REAL64_FORMAT)
    if isinstance(obj, (CIMDateTime, _datetime)):
        return str(CIMDateTime(obj))
    raise TypeError(f"Value {obj!a} has the type {type(obj)}, which is no CIM data type")


def type_from_name(type_name: str) -> type:
    """
    Return the Python type for the name of a CIM data type.

    For ``"string"`` and ``"char16"`` that is :class:`str`, for ``"reference"``
    :class:`~pywbem.CIMInstanceName`.

    Parameters:
        type_name (str): Name of a CIM data type in lower case, without the
            brackets of an array.

    Returns:
        type: The Python type, for example :class:`~pywbem.Uint8`.

    Raises:
        ValueError: There is no such CIM data type.
    """
    try:
        return _TYPE_FROM_NAME[type_name]
    except KeyError:
        raise ValueError(f"Unknown CIM data type name: {type_name!a}") from None
