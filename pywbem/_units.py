"""
SI units as text for people, from the PUnit and Units qualifiers (DSP0004).

A PUnit value is parsed by its grammar (DSP0004), with extensions that the
DMTF CIM schema needs: a number may stand anywhere after the first unit, and
``pixel`` and ``cycle`` are units.  Units values are a table (DSP0004) plus the
values that only the CIM schema has.

The results contain the characters U+00B0 DEGREE SIGN, U+00B5 MICRO SIGN, U+2030
PER MILLE SIGN, U+2126 OHM SIGN, U+00B2 and U+00B3 SUPERSCRIPT TWO and THREE, which
``use_ascii`` replaces by ``deg``, ``u``, ``1/1000``, ``Ohm``, ``^2`` and ``^3``.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any, List, Match, Optional, Tuple, Union

from ._cim_obj import CIMMethod, CIMParameter, CIMProperty
from ._public_names import public_names

__all__ = ["siunit", "siunit_obj"]

_ASCII = str.maketrans(
    {
        "\u00b0": "deg",
        "\u00b5": "u",
        "\u2030": "1/1000",
        "\u2126": "Ohm",
        "\u00b2": "^2",
        "\u00b3": "^3",
    }
)

# DSP0004: base units of PUnit and their symbols, by name in lower case.
_BASE_UNITS = {
    "percent": "%",
    "permille": "\u2030",
    "decibel": "dB",
    "count": "",
    "revolution": "rev",
    "degree": "\u00b0",
    "radian": "rad",
    "steradian": "sr",
    "bit": "bit",
    "byte": "B",
    "dataword": "word",
    "msu": "MSU",
    "meter": "m",
    "inch": "in",
    "rack unit": "U",
    "foot": "ft",
    "yard": "yd",
    "mile": "mi",
    "liter": "l",
    "fluid ounce": "fl.oz",
    "liquid gallon": "gal",
    "second": "s",
    "minute": "min",
    "hour": "h",
    "day": "d",
    "week": "week",
    "hertz": "Hz",
    "gravity": "g",
    "degree celsius": "\u00b0C",
    "degree fahrenheit": "\u00b0F",
    "kelvin": "K",
    "candela": "cd",
    "lumen": "lm",
    "nit": "nit",
    "lux": "lx",
    "kilogram": "kg",
    "ounce": "oz",
    "pound": "lb",
    "mole": "mol",
    "newton": "N",
    "pascal": "Pa",
    "bar": "bar",
    "decibel(a)": "dB(A)",
    "decibel(c)": "dB(C)",
    "joule": "J",
    "watt": "W",
    "volt ampere": "VA",
    "volt ampere reactive": "var",
    "decibel(m)": "dBm",
    "british thermal unit": "BTU",
    "ampere": "A",
    "coulomb": "C",
    "volt": "V",
    "farad": "F",
    "ohm": "\u2126",
    "siemens": "S",
    "weber": "Wb",
    "tesla": "T",
    "henry": "H",
    "becquerel": "Bq",
    "gray": "Gy",
    "sievert": "Sv",
    # Not in DSP0004, but in the CIM schema.
    "pixel": "px",
    "cycle": "cycles",
}

# Symbols of the prefixes of 10^n (SI) and 2^n (IEC 60027-2).
_PREFIXES = {
    (10, 24): "Y",
    (10, 21): "Z",
    (10, 18): "E",
    (10, 15): "P",
    (10, 12): "T",
    (10, 9): "G",
    (10, 6): "M",
    (10, 3): "k",
    (10, 2): "h",
    (10, 1): "da",
    (10, -1): "d",
    (10, -2): "c",
    (10, -3): "m",
    (10, -6): "u",
    (10, -9): "n",
    (10, -12): "p",
    (10, -15): "f",
    (10, -18): "a",
    (10, -21): "z",
    (10, -24): "y",
    (2, 10): "Ki",
    (2, 20): "Mi",
    (2, 30): "Gi",
    (2, 40): "Ti",
    (2, 50): "Pi",
    (2, 60): "Ei",
    (2, 70): "Zi",
    (2, 80): "Yi",
}

# A number that stands alone and is one of these becomes a prefix.
_NUMBER_PREFIXES = {
    ("*", "1"): "",
    ("/", "1"): "",
    ("*", "10"): "da",
    ("*", "100"): "h",
    ("*", "1000"): "k",
    ("*", "1024"): "Ki",
    ("/", "10"): "d",
    ("/", "100"): "c",
    ("/", "1000"): "m",
}

_POWERS = {1: "", 2: "\u00b2", 3: "\u00b3"}

# DSP0004: values of the Units qualifier, in lower case.
_UNITS = {
    "bits": "bit",
    "kilobits": "kbit",
    "megabits": "Mbit",
    "gigabits": "Gbit",
    "bits per second": "bit/s",
    "kilobits per second": "kbit/s",
    "megabits per second": "Mbit/s",
    "gigabits per second": "Gbit/s",
    "bytes": "B",
    "kilobytes": "kB",
    "megabytes": "MB",
    "gigabytes": "GB",
    "bytes per second": "B/s",
    "kilobytes per second": "kB/s",
    "megabytes per second": "MB/s",
    "gigabytes per second": "GB/s",
    "words": "words",
    "doublewords": "doublewords",
    "quadwords": "quadwords",
    "degrees c": "\u00b0C",
    "tenths of degrees c": "1/10 \u00b0C",
    "hundredths of degrees c": "1/100 \u00b0C",
    "degrees f": "\u00b0F",
    "tenths of degrees f": "1/10 \u00b0F",
    "hundredths of degrees f": "1/100 \u00b0F",
    "degrees k": "K",
    "tenths of degrees k": "1/10 K",
    "hundredths of degrees k": "1/100 K",
    "color temperature": "K",
    "volts": "V",
    "millivolts": "mV",
    "tenths of millivolts": "1/10 mV",
    "amps": "A",
    "milliamps": "mA",
    "tenths of milliamps": "1/10 mA",
    "watts": "W",
    "milliwatts": "mW",
    "milliwatthours": "mWh",
    "joules": "J",
    "coulombs": "C",
    "newtons": "N",
    "lumen": "lm",
    "lux": "lx",
    "candelas": "cd",
    "pounds": "lb",
    "pounds per square inch": "lb/in\u00b2",
    "cycles": "cycles",
    "revolutions": "rev",
    "revolutions per minute": "RPM",
    "revolutions per second": "rev/s",
    "minutes": "min",
    "seconds": "s",
    "tenths of seconds": "1/10 s",
    "hundredths of seconds": "1/100 s",
    "milliseconds": "ms",
    "microseconds": "\u00b5s",
    "nanoseconds": "ns",
    "hours": "h",
    "days": "d",
    "weeks": "week",
    "hertz": "Hz",
    "megahertz": "MHz",
    "pixels": "px",
    "pixels per inch": "px/in",
    "counts per inch": "counts/in",
    "percent": "%",
    "tenths of percent": "1/10 %",
    "hundredths of percent": "1/100 %",
    "thousandths": "\u2030",
    "meters": "m",
    "centimeters": "cm",
    "millimeters": "mm",
    "cubic meters": "m\u00b3",
    "cubic centimeters": "cm\u00b3",
    "cubic millimeters": "mm\u00b3",
    "inches": "in",
    "feet": "ft",
    "cubic inches": "in\u00b3",
    "cubic feet": "ft\u00b3",
    "ounces": "oz",
    "liters": "l",
    "fluid ounces": "fl.oz",
    "radians": "rad",
    "steradians": "sr",
    "degrees": "\u00b0",
    "gravities": "g",
    "foot-pounds": "ft.lb",
    "gauss": "G",
    "gilberts": "Gb",
    "henrys": "H",
    "millihenrys": "mH",
    "farads": "F",
    "millifarads": "mF",
    "microfarads": "\u00b5F",
    "picofarads": "pF",
    "ohms": "\u2126",
    "siemens": "S",
    "moles": "mol",
    "becquerels": "Bq",
    "parts per million": "ppm",
    "decibels": "dB",
    "tenths of decibels": "1/10 dB",
    "grays": "Gy",
    "sieverts": "Sv",
    "dbm": "dBm",
    "btu per hour": "BTU/h",
    "pci clock cycles": "PCI clock cycles",
    "us": "U",
    "clock ticks": "clock ticks",
    "packets": "packets",
    "per thousand packets": "/1000 packets",
    # Not in DSP0004, but in the CIM schema.
    "-dbm": "-dBm",
    "blocks": "blocks",
    "percentage": "%",
    "proportion": "proportion",
    "tenths of revolutions per minute": "1/10 RPM",
}

# DSP0004: the values that contain any number.
_NUMERIC_TIME = re.compile(
    r"([0-9]+(?:\.[0-9]+)?) "
    r"(minutes|seconds|tenths of seconds|hundredths of seconds"
    r"|milliseconds|microseconds|nanoseconds)"
)
_AMPS_AT = re.compile(r"amps at ([0-9]+(?:\.[0-9]+)?) volts")

# DSP0004.  There WS is at most one character, here any number of them.
# Numbers have no leading zeros.
_WS = r"[ \t\n]*"
_SIMPLE_NAME = r"[A-Za-z_](?: ?[A-Za-z0-9_-])*"
_UNIT = (
    r"(?:(?P<decibel>decibel) ?\( ?(?P<reference>" + _SIMPLE_NAME + r") ?\)"
    r"|(?P<name>" + _SIMPLE_NAME + r"))"
)
_POWER = rf"(?P<base>[1-9][0-9]*){_WS}\^{_WS}(?P<exponent>[+-]?[1-9][0-9]*)"
_NUMBER = r"\+?(?P<number>-?(?:[1-9][0-9]*(?:\.[0-9]*)?|0\.[0-9]*))"
_FIRST = re.compile(_WS + _UNIT + _WS, re.IGNORECASE | re.ASCII)
_FACTOR = re.compile(
    rf"(?P<op>[*/]){_WS}(?:{_UNIT}|{_POWER}|{_NUMBER}){_WS}", re.IGNORECASE | re.ASCII
)


def siunit(
    punit: Optional[str] = None, units: Optional[str] = None, use_ascii: bool = False
) -> Optional[str]:
    """
    Return the SI unit, as text for people, of a ``PUnit`` or ``Units``
    qualifier value (DSP0004).

    Parameters:
        punit (str): Value of the ``PUnit`` qualifier, for example
            ``byte / second * 10^3``.  It goes before ``units``.  None means none.
        units (str): Value of the ``Units`` qualifier, for example
            ``KiloBits per Second``, in any lexical case.  None means none.
        use_ascii (bool): Replace the characters of the result that are not
            ASCII: ``deg`` for a degree sign, ``u`` for micro, ``Ohm``,
            ``1/1000`` for per mille, ``^2`` and ``^3`` for powers.

    Returns:
        str: The unit, for example ``kB/s``; the empty string for a plain count;
        None if both values are None.

    Raises:
        TypeError: A value is no string.
        ValueError: The ``PUnit`` value has an invalid format or an unknown
            base unit, or the ``Units`` value is unknown.
    """
    if punit is not None:
        result = _from_punit(_text(punit, "punit"))
    elif units is not None:
        result = _from_units(_text(units, "units"))
    else:
        return None
    return result.translate(_ASCII) if use_ascii else result


def siunit_obj(
    cim_obj: Union[CIMProperty, CIMMethod, CIMParameter], use_ascii: bool = False
) -> Optional[str]:
    """
    Return the SI unit, as text for people, of a property, method or parameter
    of a class, by its ``PUnit`` or else its ``Units`` qualifier.

    Parameters:
        cim_obj (CIMProperty, CIMMethod or CIMParameter): The object with its qualifiers.
        use_ascii (bool): As for :func:`~pywbem.siunit`.

    Returns:
        str: The unit, or None if it has neither qualifier.

    Raises:
        TypeError: ``cim_obj`` has a wrong type.
        ValueError: As :func:`~pywbem.siunit`.
    """
    if not isinstance(cim_obj, (CIMProperty, CIMMethod, CIMParameter)):
        raise TypeError(
            f"Invalid type for cim_obj: {type(cim_obj)}, must be CIMProperty, CIMMethod, "
            "or CIMParameter"
        )
    qualifiers = cim_obj.qualifiers
    punit, units = (
        qualifiers[name].value if name in qualifiers else None for name in ("PUnit", "Units")
    )
    return siunit(punit, units, use_ascii)


def _text(value: Any, name: str) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if not isinstance(value, str):
        raise TypeError(f"Invalid type for {name}: {type(value)}, must be string")
    return value


# -- Units --------------------------------------------------------------------


def _from_units(units: str) -> str:
    key = units.lower()
    unit = _UNITS.get(key)
    if unit is not None:
        return unit
    match = _AMPS_AT.fullmatch(key)
    if match:
        return f"A (@{match[1]}V)"
    match = _NUMERIC_TIME.fullmatch(key)
    if match:
        unit = _UNITS[match[2]]
        if unit.startswith("1/"):
            return match[1] + unit[1:]
        return f"{match[1]} {unit}"
    raise ValueError(f"Unknown unit in Units qualifier: {units!r}")


# -- PUnit --------------------------------------------------------------------


class _Formula:
    """
    What a PUnit value says: its base units and its two modifiers.
    """

    def __init__(self) -> None:
        self.multiplied: List[str] = []
        self.divided: List[str] = []
        self.number: Optional[Tuple[str, str]] = None
        self.power: Optional[Tuple[int, int]] = None

    def add(self, operator: str, match: Match[str], punit: str) -> None:
        """
        Add a factor: a base unit, or a modifier if there is none of its kind.
        """
        groups = match.groupdict()
        if groups.get("number") is not None:
            if self.number is not None:
                raise ValueError(
                    f"Numeric modifier 1 appears more than once in PUnit qualifier: {punit!r}"
                )
            self.number = operator, groups["number"].rstrip(".")
        elif groups.get("base") is not None:
            if self.power is not None:
                raise ValueError(
                    f"Numeric modifier 2 appears more than once in PUnit qualifier: {punit!r}"
                )
            exponent = int(groups["exponent"])
            self.power = int(groups["base"]), exponent if operator == "*" else -exponent
        else:
            symbols = self.multiplied if operator == "*" else self.divided
            symbols.append(_base_unit(match))

    def __str__(self) -> str:
        text = self._modifiers() + _product(self.multiplied)
        divisor = _product(self.divided)
        return f"{text}/{divisor}" if divisor else text

    def _modifiers(self) -> str:
        if self.number is None:
            return self._prefix()
        if self.power is None and self.number in _NUMBER_PREFIXES:
            return _NUMBER_PREFIXES[self.number]
        operator, number = self.number
        return f"{number if operator == '*' else '1/' + number} {self._prefix()}"

    def _prefix(self) -> str:
        if self.power is None:
            return ""
        return _PREFIXES.get(self.power) or "{}^{} ".format(*self.power)


def _from_punit(punit: str) -> str:
    if not punit:
        return ""
    formula = _Formula()
    for operator, match in _factors(punit):
        formula.add(operator, match, punit)
    return str(formula)


def _factors(punit: str) -> List[Tuple[str, Match[str]]]:
    """
    The factors of a PUnit value with the operators before them.
    """
    factors = []
    match, operator = _FIRST.match(punit), "*"
    while match:
        factors.append((operator, match))
        if match.end() == len(punit):
            return factors
        match = _FACTOR.match(punit, match.end())
        operator = match["op"] if match else ""
    raise ValueError(f"Invalid format in PUnit qualifier: {punit!r}")


def _base_unit(match: Match[str]) -> str:
    name = match["name"] or f"decibel({match['reference']})"
    try:
        return _BASE_UNITS[name.lower()]
    except KeyError:
        raise ValueError(f"Unknown base unit in PUnit qualifier value: {name}") from None


def _product(symbols: List[str]) -> str:
    """
    Symbols one after the other; the same one in a row is raised to a power.
    """
    text = ""
    for symbol, group in groupby(symbols):
        power = len(list(group))
        text += symbol + _POWERS.get(power, f"^{power}")
    return text


# What programs import from here, beside the names above.
if not TYPE_CHECKING:
    __getattr__ = public_names(__name__)
