"""
What an operation returns of a class: the resolved class of the repository,
reduced to what was asked for (DSP0200 5.4.2.1, 5.4.2.9).
"""

from __future__ import annotations

from typing import Any, Callable, FrozenSet, Iterable, Optional

from pywbem._cim_obj import CIMClass
from pywbem._nocasedict import NocaseDict

from .copying import copy_method, copy_property, copy_qualifiers


def wanted_names(property_list: Optional[Iterable[str]]) -> Optional[FrozenSet[str]]:
    """
    The names of a property list, case folded; None, which means all, for None.
    """
    if property_list is None:
        return None
    if isinstance(property_list, str):
        property_list = [property_list]
    return frozenset([name.casefold() for name in property_list])


def _elements(
    elements: Optional[NocaseDict],
    local_only: bool,
    names: Optional[FrozenSet[str]],
    copy: Callable[[Any], Any],
) -> Optional[NocaseDict]:
    """
    Copies of the properties or methods that are wanted.
    """
    if not elements:
        return None
    return NocaseDict._trusted(
        {
            key: (name, copy(element))
            for key, (name, element) in elements._data.items()
            if (names is None or key in names) and not (local_only and element._propagated)
        }
    )


def class_view(
    cls: CIMClass,
    local_only: Optional[bool],
    include_qualifiers: Optional[bool],
    include_classorigin: Optional[bool],
    names: Optional[FrozenSet[str]] = None,
) -> CIMClass:
    """
    Copy a class of the repository as an operation returns it.

    Parameters:
        cls (CIMClass): The class.
        local_only (bool): Leave out inherited properties and methods.  None
            means True.
        include_qualifiers (bool): Include qualifiers.  None means True.
        include_classorigin (bool): Include the class origin of properties and
            methods.  None means False.
        names (frozenset of str): Names of the properties that are wanted, case
            folded.  None means all.
    """
    local_only = local_only is not False
    qualifiers = include_qualifiers is not False
    origin = bool(include_classorigin)
    return CIMClass._trusted(
        cls._classname,
        _elements(
            cls._properties,
            local_only,
            names,
            lambda prop: copy_property(prop, qualifiers, origin),
        ),
        _elements(
            cls._methods, local_only, None, lambda method: copy_method(method, qualifiers, origin)
        ),
        cls._superclass,
        copy_qualifiers(cls._qualifiers) if qualifiers else None,
        None,
    )
