"""
The case-insensitive dictionary of CIM names.
"""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    MutableMapping,
    Optional,
    Tuple,
    Union,
    overload,
)

__all__ = ["NocaseDict"]

_new = object.__new__

# What the library keeps: {casefolded key: (key, value)}.
_Data = Dict[Optional[str], Tuple[Any, Any]]

if TYPE_CHECKING:
    from typing_extensions import Self
    from typing_extensions import TypeVar as _TypeVar

    # PEP 696: NocaseDict alone is NocaseDict[Any].
    _V = _TypeVar("_V", default=Any)

    # What the library offers, with annotations.
    class _NocaseDict(MutableMapping[str, _V]):
        @overload
        def __init__(self, **kwargs: _V) -> None: ...
        @overload
        def __init__(self, items: Mapping[str, _V], **kwargs: _V) -> None: ...
        @overload
        def __init__(self, items: Iterable[Tuple[str, _V]], **kwargs: _V) -> None: ...
        @overload
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...
        def __getitem__(self, key: Optional[str]) -> _V: ...
        def __setitem__(self, key: Optional[str], value: _V) -> None: ...
        def __delitem__(self, key: Optional[str]) -> None: ...
        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[str]: ...
        def __reversed__(self) -> Iterator[str]: ...
        def keys_nocase(self) -> KeysView[str]: ...
        def update(self, *args: Any, **kwargs: Any) -> None: ...
        @classmethod
        def fromkeys(cls, iterable: Iterable[str], value: Any = None) -> NocaseDict: ...
        @staticmethod
        def __casefold__(key: Any) -> Any: ...

else:
    import nocasedict

    _V = None

    class _NocaseDict(
        nocasedict.HashableMixin, nocasedict.KeyableByMixin("name"), nocasedict.NocaseDict
    ):
        """The dictionary of the library; what type checkers are told is not kept."""

        __slots__ = ()

        def __class_getitem__(cls, item):
            return cls


class NocaseDict(_NocaseDict[_V]):
    """
    An ordered dictionary whose keys are CIM names: strings that are looked up
    in any lexical case and returned in the case in which they were set
    (DSP0004: names are case-insensitive).

    It is the dictionary of the package nocasedict and can in addition be hashed
    while it is not changed, and be filled from a list of objects that have an
    attribute ``name``.

    The key ``None`` is rejected with :exc:`ValueError` unless the attribute
    ``allow_unnamed_keys`` of the object is set to ``True``: the one keybinding
    of an instance path may have no name (DSP0201, element
    INSTANCENAME).
    """

    # Saves the dictionary of attributes, unless allow_unnamed_keys is set.
    __slots__ = ("_data",)

    _data: _Data

    allow_unnamed_keys: bool = False

    @classmethod
    def _trusted(cls, data: _Data) -> Self:
        """
        Return a dictionary that owns ``data``, {casefolded key: (key, value)},
        which is neither checked nor copied.
        """
        self = _new(cls)
        self._data = data
        return self

    def _casefolded_key(self, key: Any) -> Any:
        """
        Return the form of the key by which it is stored.
        """
        if key is None:
            if self.allow_unnamed_keys:
                return None
            raise ValueError("Key None (unnamed key) is not allowed for this object")
        return self.__casefold__(key)

    def copy(self) -> Self:
        """
        Return a new dictionary of the same class with the same keys and values.
        """
        new = self._trusted(self._data.copy())
        if self.allow_unnamed_keys:
            new.allow_unnamed_keys = True
        return new

    def __copy__(self) -> Self:
        return self.copy()

    def get(self, key: Optional[str], default: Any = None) -> Any:
        """
        Return the value of a key, in any lexical case, or the default.

        Parameters:
            key (str): The key.
            default: What is returned if there is no such key.
        """
        # That of the library catches a KeyError, which costs time and keeps the frames of
        # the callers until the next run of the garbage collector.
        found = self._data.get(self._casefolded_key(key))
        return default if found is None else found[1]

    def __getstate__(self) -> Tuple[_Data, bool]:
        return self._data, self.allow_unnamed_keys

    def __setstate__(self, state: Union[Tuple[_Data, bool], Dict[str, Any]]) -> None:
        if isinstance(state, dict):  # of pywbem 1.9
            state = (state["_data"], state.get("allow_unnamed_keys", False))
        self._data, allow_unnamed_keys = state
        if allow_unnamed_keys:
            self.allow_unnamed_keys = True

    def __eq__(self, other: Any) -> bool:
        """
        Return whether the other object is a mapping with the same keys, in any
        case and order, and equal values.
        """
        if isinstance(other, NocaseDict):
            theirs = other._data
        elif isinstance(other, Mapping) or hasattr(other, "keys"):  # instances and their paths
            fold = self.__casefold__
            try:
                theirs = {key and fold(key): (key, other[key]) for key in other}
            except (AttributeError, TypeError):
                return False  # a key that is no string, or no mapping
        else:
            return NotImplemented
        mine = self._data
        if len(mine) != len(theirs):
            return False
        try:
            for key, item in mine.items():
                found = theirs.get(key)
                if found is None or not item[1] == found[1]:
                    return False
        except TypeError:
            return False  # values that cannot be compared
        return True

    def __hash__(self) -> int:
        """
        Return a hash value of the keys, in any case and order, and values.
        """
        return hash(frozenset([(key, item[1]) for key, item in self._data.items()]))
