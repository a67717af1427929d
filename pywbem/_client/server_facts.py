"""
What is known of WBEM servers: their status codes, brands and versions, names of
namespaces, the ways to central instances.
"""

from __future__ import annotations

import re
from typing import Any, List, Optional, Sequence, Tuple

from .._cim_constants import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
)
from .._cim_obj import CIMInstance

# What servers answer for a method that they do not have.
NO_METHOD = (
    CIM_ERR_METHOD_NOT_AVAILABLE,
    CIM_ERR_METHOD_NOT_FOUND,
    CIM_ERR_NOT_SUPPORTED,
    CIM_ERR_FAILED,
)

# What servers answer for a class that they do not have.
NO_CLASS = (CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND)
# What some answer instead of that, or instead of CIM_ERR_INVALID_NAMESPACE.
UNSPECIFIC = (CIM_ERR_FAILED, CIM_ERR_NOT_SUPPORTED)

# The brand that a text in ElementName of CIM_ObjectManager stands for.
_BRANDS = (
    (re.compile(r"pegasus", re.IGNORECASE), "OpenPegasus"),
    (re.compile(r"sfcb", re.IGNORECASE), "SFCB"),
    (re.compile(r"WBEM Solutions.*J WBEM Server", re.IGNORECASE), "WBEM Solutions J WBEM Server"),
    (re.compile(r"EMC CIM Server", re.IGNORECASE), "EMC CIM Server"),
    (re.compile(r"^FUJITSU CIM Object Manager$", re.IGNORECASE), "FUJITSU CIM Object Manager"),
)

# Where the version stands in a text: for some brands, and for all others.
_VERSIONS = {
    "OpenPegasus": re.compile(r".*version *([0-9]+\.[0-9]\S*)", re.IGNORECASE),
    "SFCB": re.compile(r".* ([0-9]+\.[0-9].*)"),
}
_VERSION = re.compile(r"(?:.*[\s(])?(?:version|release)[\s:]*([^\s:].*)", re.IGNORECASE)

# The ends of CIM_ReferencedProfile at which the referencing profile is.
REFERENCING_ENDS = {"dmtf": "Dependent", "snia": "Antecedent"}


def same_namespace(name: str, other: str) -> bool:
    """
    Whether two names of namespaces are the same.
    """
    return name.strip("/").lower() == other.strip("/").lower()


def namespace_argument(namespace: Any) -> str:
    if not isinstance(namespace, str):
        raise TypeError(f"The namespace must be a string, but has type: {type(namespace)}")
    return namespace.strip("/")


def brand_and_version(cimom: CIMInstance) -> Tuple[str, Optional[str]]:
    """
    Brand and version of a server by its CIM_ObjectManager.
    """
    name, description = (
        value if isinstance(value, str) else ""
        for value in (cimom.get("ElementName"), cimom.get("Description"))
    )
    brand = next((brand for pattern, brand in _BRANDS if pattern.search(name)), name or "unknown")
    text = description or name
    for pattern in (_VERSIONS.get(brand), _VERSION):
        match = pattern.match(text) if pattern else None
        if match:
            return brand, match[1].strip()
    return brand, None


def matches(wanted: Optional[str], value: Any) -> bool:
    return wanted is None or (value is not None and wanted.lower() == str(value).lower())


def hops(central_class: str, scoping_path: Sequence[str]) -> List[Tuple[str, str]]:
    """
    The associations of a scoping path and the classes at their ends, from the
    scoping class to the central class.
    """
    if isinstance(scoping_path, str) or len(scoping_path) % 2 == 0:
        raise ValueError(
            "The scoping_path parameter must be a list of an odd number of class names "
            f"(associations and the classes between them), but is: {scoping_path!r}"
        )
    steps = [central_class, *scoping_path]
    return [(steps[i], steps[i - 1]) for i in range(len(steps) - 1, 0, -2)]
