"""
What the CIM data types have in common.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Optional

__all__ = ["CIMType"]


class CIMType:
    """
    Base class of the classes that represent CIM data types (DSP0004 5.2).
    """

    __slots__ = ()

    #: Name of the CIM data type, for example ``"uint8"``; ``None`` in base classes.
    cimtype: ClassVar[Optional[str]] = None

    def __setstate__(self, state: Any) -> None:
        # pywbem 1.9 pickled a dictionary of attributes, which only subclasses have now.
        for attributes in state if isinstance(state, tuple) else (state,):
            for name, value in (attributes or {}).items():
                setattr(self, name, value)


class _CIMComparisonMixin:
    """
    The comparison operators of CIM values and objects: they can be tested for
    equality, and ordering them raises :exc:`TypeError`.
    """

    __slots__ = ()

    def _no_ordering(self, operator: str, other: object) -> NoReturn:
        raise TypeError(
            f"'{operator}' not supported between instances of '{type(self)}' and '{type(other)}'"
        )

    def __ne__(self, other: object) -> bool:
        """
        Return whether the two objects are not equal.
        """
        return not self == other

    def __lt__(self, other: Any) -> NoReturn:
        """
        Raise :exc:`TypeError`: there is no order.
        """
        self._no_ordering("<", other)

    def __gt__(self, other: Any) -> NoReturn:
        """
        Raise :exc:`TypeError`: there is no order.
        """
        self._no_ordering(">", other)

    def __le__(self, other: Any) -> NoReturn:
        """
        Raise :exc:`TypeError`: there is no order.
        """
        self._no_ordering("<=", other)

    def __ge__(self, other: Any) -> NoReturn:
        """
        Raise :exc:`TypeError`: there is no order.
        """
        self._no_ordering(">=", other)
