"""
Conditions of a query, and their evaluation for an instance.

The truth of a condition is `True`, `False` or `None` for unknown: a comparison with NULL is
unknown, and AND, OR and NOT combine the three as SQL does. Only what is true is selected.
"""

from __future__ import annotations

from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Union

from pywbem._cim_obj import CIMInstance, CIMInstanceName

from .comparison import ClassName, Incomparable, compare, describe
from .lexer import Source
from .like import Pattern

__all__ = [
    "And",
    "Compare",
    "Condition",
    "Element",
    "IsNull",
    "Isa",
    "IsSubclass",
    "Like",
    "Literal",
    "Not",
    "Operand",
    "Or",
    "Path",
    "Quantified",
    "Scope",
    "Step",
]

# Whether the first class is a subclass of the second.
IsSubclass = Callable[[str, str], bool]


class Scope:
    """What a condition is evaluated for."""

    __slots__ = ("element", "instance", "is_subclass", "source")

    def __init__(
        self, source: Source, instance: CIMInstance, is_subclass: IsSubclass, element: Any = None
    ) -> None:
        self.source = source
        self.instance = instance
        self.is_subclass = is_subclass
        self.element = element

    def isa(self, classname: str, superclass: str) -> bool:
        """Return whether a class is another class or a subclass of it."""
        return classname.casefold() == superclass.casefold() or self.is_subclass(
            classname, superclass
        )


class Step(NamedTuple):
    """
    A step of a path: a property (with an empty name the name of the class), of the instance if it
    is of a class (`CIM_Foo::Prop`), and the index of the item if not the whole array is meant.
    """

    name: str
    classname: Optional[str] = None
    item: Optional[int] = None


class Literal:
    """A literal; an array of FQL is a list."""

    __slots__ = ("constant", "offset")

    def __init__(self, value: Any, offset: int) -> None:
        self.constant = value
        self.offset = offset

    def value(self, scope: Scope) -> Any:
        return self.constant


class Element:
    """The item of the array that ANY and EVERY go through."""

    __slots__ = ("offset",)

    def __init__(self, offset: int) -> None:
        self.offset = offset

    def value(self, scope: Scope) -> Any:
        return scope.element


class Path:
    """A property of the instance or of an instance embedded in it; no steps for the instance."""

    __slots__ = ("offset", "steps")

    def __init__(self, steps: Sequence[Step], offset: int) -> None:
        self.steps = tuple(steps)
        self.offset = offset

    def value(self, scope: Scope) -> Any:
        """Return the value; `None` for NULL, and where there is no such property or item."""
        value: Any = scope.instance
        for number, step in enumerate(self.steps):
            if not isinstance(value, CIMInstance):
                raise scope.source.error(
                    self.offset,
                    f"expected an embedded instance for {self.steps[number - 1].name!a}, "
                    f"got {describe(value)}",
                )
            value = self._step(scope, value, step)
            if value is None:
                return None
        return value

    def _step(self, scope: Scope, instance: CIMInstance, step: Step) -> Any:
        if step.classname is not None and not scope.isa(instance.classname, step.classname):
            return None
        if not step.name:
            return ClassName(instance.classname)
        prop = instance.properties.get(step.name)
        value = None if prop is None else prop.value
        if step.item is None or value is None:
            return value
        if not isinstance(value, list):
            raise scope.source.error(
                self.offset, f"expected an array for {step.name!a}, got {describe(value)}"
            )
        return value[step.item] if step.item < len(value) else None


Operand = Union[Literal, Element, Path]


class And:
    """True if all conditions are, false if one is."""

    __slots__ = ("_conditions",)

    def __init__(self, conditions: List[Condition]) -> None:
        self._conditions = conditions

    def truth(self, scope: Scope) -> Optional[bool]:
        result: Optional[bool] = True
        for condition in self._conditions:
            truth = condition.truth(scope)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result


class Or:
    """True if one condition is, false if all are."""

    __slots__ = ("_conditions",)

    def __init__(self, conditions: List[Condition]) -> None:
        self._conditions = conditions

    def truth(self, scope: Scope) -> Optional[bool]:
        result: Optional[bool] = False
        for condition in self._conditions:
            truth = condition.truth(scope)
            if truth:
                return True
            if truth is None:
                result = None
        return result


class Not:
    """True if the condition is false."""

    __slots__ = ("_condition",)

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def truth(self, scope: Scope) -> Optional[bool]:
        truth = self._condition.truth(scope)
        return None if truth is None else not truth


class IsNull:
    """Whether an operand is NULL; never unknown."""

    __slots__ = ("_operand",)

    def __init__(self, operand: Operand) -> None:
        self._operand = operand

    def truth(self, scope: Scope) -> Optional[bool]:
        return self._operand.value(scope) is None


class Compare:
    """A comparison of two operands; unknown if one is NULL."""

    __slots__ = ("_left", "_operator", "_right")

    def __init__(self, operator: str, left: Operand, right: Operand) -> None:
        self._operator = operator
        self._left = left
        self._right = right

    def truth(self, scope: Scope) -> Optional[bool]:
        left = self._left.value(scope)
        right = self._right.value(scope)
        if left is None or right is None:
            return None
        try:
            return compare(self._operator, left, right)
        except Incomparable as exc:
            raise scope.source.error(self._left.offset, str(exc)) from None


class Like:
    """Whether a string matches a pattern; unknown if it is NULL."""

    __slots__ = ("_operand", "_pattern")

    def __init__(self, operand: Operand, pattern: Pattern) -> None:
        self._operand = operand
        self._pattern = pattern

    def truth(self, scope: Scope) -> Optional[bool]:
        value = self._operand.value(scope)
        if value is None:
            return None
        if not isinstance(value, str):
            raise scope.source.error(
                self._operand.offset, f"expected a string for LIKE, got {describe(value)}"
            )
        return self._pattern.matches(value)


class Isa:
    """Whether an instance, or what a reference refers to, is of a class; unknown if it is NULL."""

    __slots__ = ("_classname", "_operand")

    def __init__(self, operand: Operand, classname: str) -> None:
        self._operand = operand
        self._classname = classname

    def truth(self, scope: Scope) -> Optional[bool]:
        value = self._operand.value(scope)
        if value is None:
            return None
        if not isinstance(value, (CIMInstance, CIMInstanceName)):
            raise scope.source.error(
                self._operand.offset, f"expected an instance for ISA, got {describe(value)}"
            )
        return scope.isa(value.classname, self._classname)


class Quantified:
    """Whether a condition on `Element` is true for any item of an array, or for every item."""

    __slots__ = ("_array", "_combine", "_condition")

    def __init__(self, every: bool, array: Path, condition: Condition) -> None:
        self._combine = And if every else Or
        self._array = array
        self._condition = condition

    def truth(self, scope: Scope) -> Optional[bool]:
        items = self._array.value(scope)
        if items is None:
            return None
        if not isinstance(items, list):
            raise scope.source.error(
                self._array.offset, f"expected an array, got {describe(items)}"
            )
        return self._combine([_ForItem(self._condition, item) for item in items]).truth(scope)


class _ForItem:
    """A condition for one item of an array."""

    __slots__ = ("_condition", "_item")

    def __init__(self, condition: Condition, item: Any) -> None:
        self._condition = condition
        self._item = item

    def truth(self, scope: Scope) -> Optional[bool]:
        return self._condition.truth(
            Scope(scope.source, scope.instance, scope.is_subclass, self._item)
        )


Condition = Union[And, Or, Not, IsNull, Compare, Like, Isa, Quantified, _ForItem]
