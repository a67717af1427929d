"""
Tests of the case-insensitive dictionary.
"""

import copy
import pickle

import nocasedict
import pytest

import pywbem
from pywbem import NocaseDict


class Named:
    """
    An object with a name, as CIM properties are.
    """

    def __init__(self, name):
        self.name = name


NAMED = Named("Foo")


class Uncomparable:
    """
    An object that cannot be compared.
    """

    __hash__ = None

    def __eq__(self, other):
        raise TypeError("cannot compare")


def unnamed(*args, **kwargs):
    """
    Return a dictionary that accepts the key None.
    """
    result = NocaseDict()
    result.allow_unnamed_keys = True
    result.update(*args, **kwargs)
    return result


@pytest.mark.parametrize(
    ("args", "kwargs", "items"),
    [
        pytest.param((), {}, [], id="nothing"),
        pytest.param(({"A": 1, "b": 2},), {}, [("A", 1), ("b", 2)], id="dict"),
        pytest.param(({"A": 1},), {"C": 3}, [("A", 1), ("C", 3)], id="dict-and-keywords"),
        pytest.param(([("B", 2), ("a", 1)],), {}, [("B", 2), ("a", 1)], id="pairs-keep-order"),
        pytest.param(([("A", 1), ("a", 2)],), {}, [("a", 2)], id="last-one-wins"),
        pytest.param(([NAMED],), {}, [("Foo", NAMED)], id="named-objects"),
        pytest.param((NocaseDict(a=1),), {}, [("a", 1)], id="nocasedict"),
        pytest.param((iter([("a", 1)]),), {}, [("a", 1)], id="iterator"),
    ],
)
def test_init(args, kwargs, items):
    ncd = NocaseDict(*args, **kwargs)
    assert list(ncd.items()) == items
    assert len(ncd) == len(items)


@pytest.mark.parametrize(
    ("args", "exc_type"),
    [
        pytest.param((None,), TypeError, id="none"),
        pytest.param((5,), TypeError, id="int"),
        pytest.param(({}, {}), TypeError, id="two"),
        pytest.param(([(1, 2, 3)],), ValueError, id="triple"),
        pytest.param((["a"],), ValueError, id="string-item"),
        pytest.param(([(5, 1)],), AttributeError, id="int-key"),
        pytest.param(([(None, 1)],), ValueError, id="none-key"),
        pytest.param(([object()],), TypeError, id="object-without-name"),
    ],
)
def test_init_fails(args, exc_type):
    with pytest.raises(exc_type):
        NocaseDict(*args)


@pytest.mark.parametrize("key", ["Name", "name", "NAME", "nAmE"])
def test_access_ignores_case(key):
    ncd = NocaseDict([("Name", 1), ("other", 2)])
    assert ncd[key] == 1
    assert key in ncd
    assert ncd.get(key) == 1
    assert ncd.setdefault(key, 5) == 1
    ncd[key] = 7
    assert list(ncd.items()) == [(key, 7), ("other", 2)]
    assert ncd.pop(key) == 7
    assert key not in ncd
    ncd[key] = 8
    del ncd[key.swapcase()]
    assert list(ncd) == ["other"]


def test_access_uses_unicode_casefold():
    assert NocaseDict(STRASSE=1)["straße"] == 1


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(lambda ncd: ncd["x"], id="getitem"),
        pytest.param(lambda ncd: ncd.__delitem__("x"), id="delitem"),
        pytest.param(lambda ncd: ncd.pop("x"), id="pop"),
        pytest.param(lambda ncd: NocaseDict().popitem(), id="popitem"),
    ],
)
def test_missing_key(access):
    with pytest.raises(KeyError):
        access(NocaseDict(a=1))


def test_defaults():
    ncd = NocaseDict(a=1)
    assert ncd.get("x") is None
    assert ncd.get("x", 5) == 5
    assert ncd.pop("x", 6) == 6
    assert ncd.pop("x", None) is None
    assert ncd.setdefault("X", 7) == 7
    assert list(ncd.items()) == [("a", 1), ("X", 7)]


def test_views_keep_case_and_order():
    ncd = NocaseDict([("B", 2), ("a", 1)])
    assert list(ncd.keys()) == ["B", "a"]
    assert list(ncd.values()) == [2, 1]
    assert list(ncd.items()) == [("B", 2), ("a", 1)]
    assert list(ncd.keys_nocase()) == ["b", "a"]
    assert list(reversed(ncd)) == ["a", "B"]
    assert dict(ncd) == {"B": 2, "a": 1}
    assert ncd.popitem() == ("a", 1)
    ncd.clear()
    assert not ncd


def test_update():
    ncd = NocaseDict(a=1, b=2)
    ncd.update({"A": 3}, c=4)
    ncd.update([NAMED])
    assert list(ncd.items()) == [("A", 3), ("b", 2), ("c", 4), ("Foo", NAMED)]


def test_fromkeys():
    ncd = NocaseDict.fromkeys(["A", "b"], 1)
    assert type(ncd) is NocaseDict
    assert list(ncd.items()) == [("A", 1), ("b", 1)]


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(lambda ncd: ncd[None], id="getitem"),
        pytest.param(lambda ncd: ncd.get(None), id="get"),
        pytest.param(lambda ncd: None in ncd, id="contains"),
        pytest.param(lambda ncd: ncd.__setitem__(None, 1), id="setitem"),
        pytest.param(lambda ncd: ncd.__delitem__(None), id="delitem"),
        pytest.param(lambda ncd: ncd.pop(None), id="pop"),
        pytest.param(lambda ncd: ncd.pop(None, 1), id="pop-default"),
        pytest.param(lambda ncd: ncd.setdefault(None, 1), id="setdefault"),
        pytest.param(lambda ncd: ncd.update({None: 1}), id="update"),
    ],
)
def test_unnamed_key_is_rejected(access):
    ncd = NocaseDict(a=1)
    assert ncd.allow_unnamed_keys is False
    with pytest.raises(ValueError, match="unnamed key"):
        access(ncd)
    assert list(ncd.items()) == [("a", 1)]


def test_unnamed_key_is_allowed():
    ncd = unnamed({None: 1}, a=2)
    assert ncd[None] == 1
    assert None in ncd
    assert list(ncd.items()) == [(None, 1), ("a", 2)]
    assert ncd == {None: 1, "A": 2}
    assert hash(ncd) == hash(unnamed([("A", 2), (None, 1)]))
    assert ncd.pop(None) == 1


@pytest.mark.parametrize(
    "duplicate",
    [
        pytest.param(lambda ncd: ncd.copy(), id="method"),
        pytest.param(copy.copy, id="copy"),
        pytest.param(copy.deepcopy, id="deepcopy"),
        *[
            pytest.param(
                lambda ncd, protocol=protocol: pickle.loads(pickle.dumps(ncd, protocol)),
                id=f"pickle-{protocol}",
            )
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
        ],
    ],
)
def test_copies(duplicate):
    ncd = unnamed([("B", [2]), (None, 1)])
    other = duplicate(ncd)
    assert type(other) is NocaseDict
    assert list(other.items()) == [("B", [2]), (None, 1)]
    assert other.allow_unnamed_keys is True
    other["new"] = 1
    del other["b"]
    assert list(ncd.items()) == [("B", [2]), (None, 1)]

    strict = duplicate(NocaseDict(a=1))
    assert strict == {"a": 1}
    assert strict.allow_unnamed_keys is False


def test_copy_depth():
    value = [1]
    ncd = NocaseDict(a=value)
    assert ncd.copy()["a"] is value
    assert copy.copy(ncd)["a"] is value
    assert copy.deepcopy(ncd)["a"] is not value


def test_copy_of_subclass():
    class Sub(NocaseDict):
        pass

    assert type(Sub(a=1).copy()) is Sub


AB = NocaseDict([("A", 1), ("b", 2)])


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        pytest.param(NocaseDict([("B", 2), ("a", 1)]), True, id="case-and-order"),
        pytest.param(NocaseDict([("A", 1), ("b", 3)]), False, id="value"),
        pytest.param(NocaseDict([("A", 1), ("c", 2)]), False, id="key"),
        pytest.param(NocaseDict([("A", 1)]), False, id="shorter"),
        pytest.param(NocaseDict([("A", 1), ("b", 2), ("c", 3)]), False, id="longer"),
        pytest.param({"a": 1, "B": 2}, True, id="dict"),
        pytest.param({"a": 1, "B": 3}, False, id="dict-value"),
        pytest.param({"a": 1, None: 2}, False, id="dict-none-key"),
        pytest.param({"a": 1, 5: 2}, False, id="dict-int-key"),
        pytest.param(nocasedict.NocaseDict({"a": 1, "B": 2}), True, id="library-class"),
        pytest.param(NocaseDict([("A", 1), ("b", Uncomparable())]), False, id="uncomparable"),
        pytest.param(None, False, id="none"),
        pytest.param(5, False, id="int"),
        pytest.param([("A", 1), ("b", 2)], False, id="list"),
    ],
)
def test_equality(other, equal):
    assert (other == AB) is equal
    assert (other != AB) is not equal
    assert (other == AB) is equal


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        pytest.param(NocaseDict([("B", 2), ("a", 1)]), True, id="case-and-order"),
        pytest.param(NocaseDict([("A", 1), ("b", 3)]), False, id="value"),
        pytest.param(NocaseDict([("A", 1)]), False, id="shorter"),
    ],
)
def test_hash(other, equal):
    assert (hash(AB) == hash(other)) is equal
    assert len({AB, other}) == (1 if equal else 2)


def test_hash_of_unhashable_value():
    with pytest.raises(TypeError):
        hash(NocaseDict(a=[1]))


@pytest.mark.parametrize(
    "compare",
    [
        pytest.param(lambda a, b: a < b, id="lt"),
        pytest.param(lambda a, b: a <= b, id="le"),
        pytest.param(lambda a, b: a > b, id="gt"),
        pytest.param(lambda a, b: a >= b, id="ge"),
    ],
)
def test_no_order(compare):
    with pytest.raises(TypeError):
        compare(AB, AB.copy())


def test_repr():
    assert repr(AB) == str(AB) == "NocaseDict({'A': 1, 'b': 2})"


def test_trusted_owns_the_data():
    data = {"a": ("A", 1)}
    ncd = NocaseDict._trusted(data)
    assert list(ncd.items()) == [("A", 1)]
    assert ncd == NocaseDict(a=1)
    ncd["b"] = 2
    assert data == {"a": ("A", 1), "b": ("b", 2)}


def test_import_paths():
    from pywbem._nocasedict import NocaseDict as from_module

    assert from_module is pywbem.NocaseDict
    assert issubclass(pywbem.NocaseDict, nocasedict.NocaseDict)
    assert issubclass(pywbem.NocaseDict, nocasedict.HashableMixin)


@pytest.mark.parametrize(
    ("other", "equal"),
    [
        (pywbem.CIMInstanceName("C", {"a": 1, "B": 2}), True),
        (pywbem.CIMInstanceName("C", {"a": 1}), False),
        (pywbem.CIMInstance("C", {"x": "y"}), False),
        (dict, False),
        (None, False),
        (5, False),
    ],
)
def test_equality_with_what_is_no_mapping(other, equal):
    """Objects that can be used like a dictionary are compared as one."""
    assert (NocaseDict([("A", 1), ("b", 2)]) == other) is equal


def test_generic():
    """Type checkers are told what it holds; at run time that is the class itself."""
    assert NocaseDict[int] is NocaseDict
    assert type(NocaseDict[int](a=1).copy()) is NocaseDict
