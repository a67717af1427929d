"""
siunit and siunit_obj.
"""

from __future__ import annotations

import itertools
import re
import zipfile
from typing import Any, Iterator, List, Optional, Set, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywbem import CIMClass, CIMMethod, CIMParameter, CIMProperty, CIMQualifier, Uint8
from pywbem._units import siunit, siunit_obj
from tests.shared_data import SCHEMA, needs

# DSP0004: name, symbol, symbol in ASCII.
BASE_UNITS = """
percent|%  permille|\u2030|1/1000  decibel|dB  count|  revolution|rev  degree|\u00b0|deg
radian|rad  steradian|sr  bit|bit  byte|B  dataword|word  MSU|MSU  meter|m  inch|in
rack unit|U  foot|ft  yard|yd  mile|mi  liter|l  fluid ounce|fl.oz  liquid gallon|gal
second|s  minute|min  hour|h  day|d  week|week  hertz|Hz  gravity|g  degree celsius|\u00b0C|degC
degree fahrenheit|\u00b0F|degF  kelvin|K  candela|cd  lumen|lm  nit|nit  lux|lx
kilogram|kg  ounce|oz  pound|lb  mole|mol  newton|N  pascal|Pa  bar|bar
decibel(A)|dB(A)  decibel(C)|dB(C)  joule|J  watt|W  volt ampere|VA
volt ampere reactive|var  decibel(m)|dBm  british thermal unit|BTU  ampere|A  coulomb|C
volt|V  farad|F  ohm|\u2126|Ohm  siemens|S  weber|Wb  tesla|T  henry|H  becquerel|Bq
gray|Gy  sievert|Sv  pixel|px  cycle|cycles
"""
BASES: List[Tuple[str, str, str]] = [
    (parts[0], parts[1], parts[-1])
    for parts in (entry.split("|") for entry in re.split(r"\s{2,}|\n", BASE_UNITS.strip()))
]


@pytest.mark.parametrize(("name", "symbol", "ascii_symbol"), BASES, ids=[b[0] for b in BASES])
def test_base_units(name: str, symbol: str, ascii_symbol: str) -> None:
    assert siunit(punit=name) == symbol
    assert siunit(punit=name, use_ascii=True) == ascii_symbol
    assert siunit(punit=name.upper()) == symbol
    assert siunit(punit=f"{name} / week * 10^3") == f"k{symbol}/week"


FORMULAS: List[Tuple[str, str]] = [
    ("", ""),
    # Products, quotients and powers.
    ("volt * second", "Vs"),
    ("volt*second", "Vs"),
    ("volt\t*\nsecond", "Vs"),
    ("volt  *  second ", "Vs"),
    ("meter / second", "m/s"),
    ("meter / second / second", "m/s\u00b2"),
    ("meter * meter * meter", "m\u00b3"),
    ("meter * meter * meter * meter", "m^4"),
    ("meter * second * meter", "msm"),
    ("meter / second * kelvin / mole", "mK/smol"),
    ("count / second", "/s"),
    ("second / count", "s"),
    # DSP0004, modifier2.
    ("byte * 2^10", "KiB"),
    ("byte * 2^80", "YiB"),
    ("byte * 2^90", "2^90 B"),
    ("byte * 2 ^ 10", "KiB"),
    ("byte * 10^3 / second", "kB/s"),
    ("byte / second * 10^3", "kB/s"),
    ("hertz * 10^6", "MHz"),
    ("meter * 10^+24", "Ym"),
    ("meter * 10^1", "dam"),
    ("meter * 10^2", "hm"),
    ("meter * 10^-1", "dm"),
    ("meter * 10^-2", "cm"),
    ("meter * 10^-24", "ym"),
    ("second * 10^-6", "us"),
    ("second / 10^3", "ms"),
    ("volt * 10^-4", "10^-4 V"),
    ("byte / 2^10", "2^-10 B"),
    ("byte * 16^2", "16^2 B"),
    # DSP0004, modifier1.
    ("dataword * 2", "2 word"),
    ("second / 5", "1/5 s"),
    ("decibel(m) * -1", "-1 dBm"),
    ("second * +5", "5 s"),
    ("second * 1", "s"),
    ("second * 1000", "ks"),
    ("second / 100", "cs"),
    ("byte * 1024", "KiB"),
    ("second * 1.5", "1.5 s"),
    ("second * 5.", "5 s"),
    # Both.
    ("second * 250 * 10^-9", "250 ns"),
    ("second * 10^-9 * 250", "250 ns"),
    ("second / 5 * 10^3", "1/5 ks"),
    ("second * 1000 * 10^3", "1000 ks"),
    ("second * 5 * 10^4", "5 10^4 s"),
    # decibel-base-unit.
    ("decibel (A)", "dB(A)"),
    ("decibel( A )", "dB(A)"),
    ("Decibel(a) * 10^-1", "ddB(A)"),
]


@pytest.mark.parametrize(("punit", "result"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_punit(punit: str, result: str) -> None:
    assert siunit(punit=punit) == result


@pytest.mark.parametrize(
    ("punit", "message"),
    [
        ("furlong", "Unknown base unit in PUnit qualifier value: furlong"),
        ("decibel(X)", "Unknown base unit in PUnit qualifier value: decibel(X)"),
        ("second * 2 * 3", "Numeric modifier 1 appears more than once"),
        ("second * 10^3 * 10^3", "Numeric modifier 2 appears more than once"),
        ("second^2", "Invalid format in PUnit qualifier: 'second^2'"),
        ("10^3 * second", "Invalid format"),
        ("second * 10^0", "Invalid format"),
        ("second * 01", "Invalid format"),
        ("second *", "Invalid format"),
        ("second ** 2", "Invalid format"),
        ("second second * 5e3", "Invalid format"),
        ("decibel(A", "Invalid format"),
        ("vendor:unit", "Invalid format"),
        ("s\u00e9cond", "Invalid format"),
    ],
)
def test_invalid_punit(punit: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        siunit(punit=punit)


UNITS: List[Tuple[str, str]] = [
    ("KiloBits per Second", "kbit/s"),
    ("BITS", "bit"),
    ("Tenths of Degrees C", "1/10 \u00b0C"),
    ("MicroSeconds", "\u00b5s"),
    ("Cubic Meters", "m\u00b3"),
    ("Pounds per Square Inch", "lb/in\u00b2"),
    ("Foot-Pounds", "ft.lb"),
    ("Per Thousand Packets", "/1000 packets"),
    ("Us", "U"),
    ("-dBm", "-dBm"),
    ("250 NanoSeconds", "250 ns"),
    ("1.5 Minutes", "1.5 min"),
    ("7 Tenths of Seconds", "7/10 s"),
    ("Amps at 120 Volts", "A (@120V)"),
    ("Amps at 12.5 Volts", "A (@12.5V)"),
]


@pytest.mark.parametrize(("units", "result"), UNITS, ids=[u[0] for u in UNITS])
def test_units(units: str, result: str) -> None:
    assert siunit(units=units) == result


@pytest.mark.parametrize("units", ["", " Bits", "Bits  per Second", "Furlongs", "x Seconds"])
def test_invalid_units(units: str) -> None:
    with pytest.raises(ValueError, match=f"Unknown unit in Units qualifier: '{units}'"):
        siunit(units=units)


def test_ascii_units() -> None:
    assert siunit(units="MicroFarads", use_ascii=True) == "uF"
    assert siunit(punit="ohm * ohm", use_ascii=True) == "Ohm^2"


def test_punit_goes_first() -> None:
    assert siunit(punit="second", units="Bits") == "s"
    assert siunit() is None


@pytest.mark.parametrize("name", ["punit", "units"])
def test_wrong_type(name: str) -> None:
    value: Any = 5
    with pytest.raises(TypeError, match=f"Invalid type for {name}"):
        siunit(**{name: value})


# -- Objects ------------------------------------------------------------------


def qualified(punit: Optional[str], units: Optional[str]) -> List[CIMQualifier]:
    qualifiers = [CIMQualifier("units", units, type="string")]
    if punit != "absent":
        qualifiers.append(CIMQualifier("punit", punit, type="string"))
    return qualifiers


@pytest.mark.parametrize(
    ("punit", "units", "result"),
    [
        pytest.param("second", "Bits", "s", id="both"),
        pytest.param("absent", "Bits", "bit", id="units"),
        pytest.param(None, "Bits", "bit", id="null-punit"),
        pytest.param(None, None, None, id="null"),
    ],
)
def test_objects(punit: Optional[str], units: Optional[str], result: Optional[str]) -> None:
    qualifiers = qualified(punit, units)
    for obj in (
        CIMProperty("P", Uint8(1), qualifiers=qualifiers),
        CIMMethod("M", "uint8", qualifiers=qualifiers),
        CIMParameter("P", "uint8", qualifiers=qualifiers),
    ):
        assert siunit_obj(obj) == result


def test_object_without_qualifiers() -> None:
    assert siunit_obj(CIMProperty("P", Uint8(1))) is None


def test_object_in_ascii() -> None:
    assert siunit_obj(CIMMethod("M", "uint8", qualifiers=qualified("ohm", None)), True) == "Ohm"


@pytest.mark.parametrize("wrong", [None, 5, "second", CIMClass("C")], ids=repr)
def test_no_object(wrong: Any) -> None:
    with pytest.raises(TypeError, match="Invalid type for cim_obj"):
        siunit_obj(wrong)


# -- Properties of the parser -------------------------------------------------

NAMES = st.sampled_from(BASES)
FACTORS = st.lists(st.tuples(st.sampled_from("*/"), NAMES), max_size=4)
SPACE = st.sampled_from(["", " ", "\t", "  "])


@given(first=NAMES, factors=FACTORS, space=SPACE)
def test_any_product_is_parsed(
    first: Tuple[str, str, str], factors: List[Tuple[str, Tuple[str, str, str]]], space: str
) -> None:
    punit = first[0] + "".join(f"{space}{op}{space}{unit[0]}" for op, unit in factors)
    symbols = {"*": [first[1]], "/": []}
    for operator, unit in factors:
        symbols[operator].append(unit[1])
    product, divisor = ("".join(powers(symbols[operator])) for operator in "*/")
    assert siunit(punit=punit) == (f"{product}/{divisor}" if divisor else product)


def powers(symbols: List[str]) -> Iterator[str]:
    """Symbols with the powers of those that follow themselves."""
    for symbol, group in itertools.groupby(symbols):
        count = len(list(group))
        yield symbol + ("", "", "\u00b2", "\u00b3", "^4", "^5")[count]


@given(
    base=st.integers(1, 99),
    exponent=st.integers(-99, 99).filter(bool),
    number=st.integers(-999, 999).filter(bool),
    operators=st.tuples(st.sampled_from("*/"), st.sampled_from("*/")),
)
def test_modifiers_in_any_order(
    base: int, exponent: int, number: int, operators: Tuple[str, str]
) -> None:
    modifiers = [f" {operators[0]} {number}", f" {operators[1]} {base}^{exponent}"]
    unit = siunit(punit="second" + "".join(modifiers))
    assert unit == siunit(punit="second" + "".join(reversed(modifiers)))
    assert unit is not None
    assert unit.startswith(f"{'1/' * (operators[0] == '/')}{number} ")
    assert unit.endswith("s")


@given(st.text(alphabet="second* /^0123456789.()-+_Adecibl \t\n", max_size=25) | st.text())
def test_any_text_is_a_unit_or_a_value_error(text: str) -> None:
    for arguments in ({"punit": text}, {"units": text}):
        try:
            result = siunit(use_ascii=True, **arguments)
        except ValueError:
            continue
        assert result is not None
        assert result.isascii()


@needs(SCHEMA)
def test_units_of_the_cim_schema() -> None:
    """All units of the DMTF CIM schema are known, but for PUnit values that are none."""
    punits: Set[str] = set()
    units: Set[str] = set()
    with zipfile.ZipFile(SCHEMA) as archive:
        for name in archive.namelist():
            if name.endswith(".mof"):
                text = archive.read(name).decode("utf-8", "replace")
                punits.update(re.findall(r'\bPUnit\s*\(\s*"([^"]*)"', text))
                units.update(re.findall(r'(?<!\w)Units\s*\(\s*"([^"]*)"', text))
    assert len(punits) > 40 and len(units) > 50
    for value in units:
        assert siunit(units=value)
    for value in punits - {"Bytes", "Octet"}:
        assert siunit(punit=value) is not None
