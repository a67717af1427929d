"""
Path, to WBEM URI (DSP0207), to an equal path.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pywbem
from tests.fuzz import strategies as cim

# A URI does not tell the type of a key: what looks like a number or a date becomes one.
KEYS = st.one_of(
    cim.TEXT.filter(lambda text: not text[:1].isdigit()),
    cim.BOOLEANS,
    st.integers(-(2**63), 2**64 - 1),
    cim.DATETIMES,
)
KEYBINDINGS = st.dictionaries(cim.IDENTIFIERS, KEYS, min_size=1, max_size=3).filter(
    lambda keys: len({key.casefold() for key in keys}) == len(keys)
)
SIMPLE_PATHS = st.builds(
    pywbem.CIMInstanceName,
    cim.CLASSNAMES,
    keybindings=KEYBINDINGS,
    namespace=cim.NAMESPACES,
    host=st.none() | cim.HOSTS,
)
PATHS = SIMPLE_PATHS | st.builds(
    pywbem.CIMInstanceName,
    cim.CLASSNAMES,
    keybindings=st.fixed_dictionaries({"Antecedent": SIMPLE_PATHS, "Dependent": SIMPLE_PATHS}),
    namespace=cim.NAMESPACES,
    host=st.none() | cim.HOSTS,
)
CLASS_PATHS = st.builds(
    pywbem.CIMClassName, cim.CLASSNAMES, namespace=cim.NAMESPACES, host=st.none() | cim.HOSTS
)


@given(path=PATHS)
def test_instance_path(path: Any) -> None:
    """The standard format, which tells everything."""
    assert pywbem.CIMInstanceName.from_wbem_uri(path.to_wbem_uri()) == path


@given(path=CLASS_PATHS)
def test_class_path(path: Any) -> None:
    """The standard format of a class path."""
    assert pywbem.CIMClassName.from_wbem_uri(path.to_wbem_uri()) == path


@given(path=SIMPLE_PATHS)
def test_historical(path: Any) -> None:
    """The historical format is read, too; it has the host where the standard has it."""
    assert pywbem.CIMInstanceName.from_wbem_uri(path.to_wbem_uri(format="historical")) == path


@given(path=PATHS)
def test_canonical(path: Any) -> None:
    """Paths that are equal have the same canonical URI."""
    other = path.copy()
    other.classname = path.classname.upper()
    keys = list(path.keybindings.items())
    other.keybindings = [(name.lower(), value) for name, value in reversed(keys)]
    assert other == path
    assert other.to_wbem_uri(format="canonical") == path.to_wbem_uri(format="canonical")


TEXTS = st.text(max_size=30) | st.from_regex(
    r"(https?:)?(//[a-z:0-9]{0,5})?/root(/[a-z]+)?:[A-Z_]{1,4}(\.[a-z]=(1|\"[a-z\"]{0,3}\"|x))?",
    fullmatch=True,
)


@pytest.mark.parametrize("cls", [pywbem.CIMInstanceName, pywbem.CIMClassName])
@given(text=TEXTS)
def test_any_text(cls: Any, text: str) -> None:
    """Any text is a path or a ValueError."""
    try:
        path = cls.from_wbem_uri(text)
    except ValueError:
        return
    assert isinstance(path, cls)
