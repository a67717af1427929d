"""Objects that pywbem 1.9 pickled, as programs keep them in files, can be read."""

from __future__ import annotations

import base64
import pickle
import zlib

from pywbem import (
    Char16,
    CIMDateTime,
    CIMInstance,
    CIMInstanceName,
    MinutesFromUTC,
    Real32,
    Uint8,
)

# Protocol 2, compressed.
PICKLED = (
    "eNp9U91rE0EQv7RpTDZJTfPmf6AI4Rqh+OZDC1LERURh3469u2lm7X3tV0uEgn2wmP/YR/ejJgrRPZjbnZnfzPxm"
    "Z78dFN36Nod6kRWiztr8Czm/fH/ZaMObAsiL+7vnjCRJkhUV17rhNciE9ZziXPbY2Bs61XagjAC9jdS0BddQisIQ"
    "GrYXfisPQrQjDyq54fLQnXyoJkrZ31fKhxh+TeTRDh7qGGCfDfzphlcW5JO/0GbdgSafRWNek3eH3+/v8oj0ejkM"
    "e+uNbLoll7VKrEQjRzQS40rxdabFV5CE7rjyFTdQyjFlI68SOjrKyYbNvELBFShwzYtR5fQRKy2vxJUApeUxja5Q"
    "51CWUHquUBj5lNr8ITRDRSlnGFjjAGe4j+BH4NWrJXn75mcSlieKw9AWFUw4okgojilONjileExxl6WMUp5ss5zs"
    "zeKu4cKR/iRqPxHsmQMt02WanrovrEX8vUzPUp9+6KM6gHGAfxVg2dx58apqbzPb+Asts2tYaznf2Nx5xevquMH/"
    "DSjldRxSTLDHJh7iguSiKUWz0hgmDn/P2fUf8iZ2oIhyH2fk6vSMRLtv64PF+Q/7OEbYakPjw/Cl644XgH2b23zx"
    "C0j0+MM="
)


def test_instance_with_path_and_values_of_all_kinds() -> None:
    instance = pickle.loads(zlib.decompress(base64.b64decode(PICKLED)))
    expected = CIMInstance(
        "C",
        [
            ("n", Uint8(3)),
            ("r", Real32(1.5)),
            ("d", CIMDateTime("20200101000000.000000+060")),
        ],
        path=CIMInstanceName("C", {"k": "v", "c": Char16("c")}, namespace="n"),
    )
    assert instance == expected
    assert repr(instance) == repr(expected)
    assert instance.tocimxmlstr() == expected.tocimxmlstr()
    assert instance["d"].datetime.tzinfo == MinutesFromUTC(60)
    assert instance.path["C"].cimtype == "char16"
