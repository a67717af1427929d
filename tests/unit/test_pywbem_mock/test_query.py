"""
Which instances queries in WQL, DMTF:CQL and DMTF:FQL select.
"""

from __future__ import annotations

from typing import List

import pytest

from pywbem._cim_constants import CIM_ERR_INVALID_QUERY, CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED
from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_types import Uint16
from pywbem._exceptions import CIMError
from pywbem_mock.query import filter_instances, parse, select
from tests.unit.test_pywbem_mock.query_model import (
    INSTANCES,
    detail,
    instances_of,
    is_subclass,
)

BOTH = ("WQL", "DMTF:CQL")


def ids(instances: object) -> str:
    return " ".join(instance["Id"] for instance in instances)  # type: ignore[attr-defined]


# The condition of a query on T_Disk, and the ids of the instances for which it is true.
CONDITIONS = [
    # numbers
    ("Size = 100", "d1"),
    ("Size <> 100", "d2 f1"),
    ("Size < 100", "f1"),
    ("Size <= 100", "d1 f1"),
    ("Size > 7", "d1 d2"),
    ("Size >= 7", "d1 d2 f1"),
    ("Size = 18446744073709551615", "d2"),
    ("Size > 1.8446744073709550e19", "d2"),
    ("Size = 0x64", "d1"),
    ("Size = 111b", "f1"),
    ("Size = 100.0", "d1"),
    ("Size = 1e2", "d1"),
    ("Delta = -5", "d1"),
    ("Delta<-4", "d1"),
    ("Delta = +5", "d2"),
    ("Ratio = .5", "d1"),
    ("Ratio >= 0.5", "d1 d2"),
    ("Ratio = 2", "d2"),
    ("Small = 1.25", "d1"),
    ("100 = Size", "d1"),
    ("7 < Size", "d1 d2"),
    ("Delta < Size", "d1 d2"),
    # strings
    ("Name = 'disk one'", "d1"),
    ('Name = "disk one"', "d1"),
    ("Name = 'Disk one'", ""),
    ("Name > 'a'", "d1 f1"),
    (r"""Name = 'it\'s "quoted" \\ back'""", "f1"),
    (r'''Name = "it's \"quoted\" \\ back"''', "f1"),
    ("Name <> Id", "d1 d2 f1"),
    ("Id >= 'd2' AND Id < 'f2'", "d2 f1"),
    ("Code = 'x'", "d1"),
    # booleans
    ("On = TRUE", "d1 f1"),
    ("On = false", "d2"),
    ("On <> True", "d2"),
    # datetimes
    ("When = '20240101120000.000000+000'", "d1 d2"),
    ("When < '20240101120000.000000+000'", "f1"),
    ("'20230630050000.000000+000' = When", "f1"),
    ("When <> '20240101130000.000000+060'", "f1"),
    ("Life > '00000000000001.000000:000'", "d1"),
    ("Life <= '00000000000001.000000:000'", "d2"),
    # NULL and three-valued logic
    ("Size IS NULL", "f2"),
    ("Size IS NOT NULL", "d1 d2 f1"),
    ("Bare IS NULL", "d1 d2 f2"),
    ("Missing IS NULL", "d1 d2 f1 f2"),
    ("Missing = 1", ""),
    ("NOT Missing = 1", ""),
    ("Tags IS NULL", "f1 f2"),
    ("NOT (Size = 100 OR Name = 'x')", "d2 f1"),
    ("NOT (Size = 100 AND On = FALSE)", "d1 d2 f1"),
    ("On = TRUE OR Size IS NULL", "d1 f1 f2"),
    ("Missing = 1 OR Id = 'd1'", "d1"),
    ("Missing = 1 AND Id = 'd1'", ""),
    ("NOT (Missing = 1 AND Id = 'd1')", "d2 f1 f2"),
    # AND, OR, NOT
    ("Id = 'd1' OR Id = 'd2' AND Size = 0", "d1"),
    ("(Id = 'd1' OR Id = 'd2') AND Size = 0", ""),
    ("NOT Id = 'd1' AND NOT Id = 'd2'", "f1 f2"),
    ("NOT NOT Id = 'd1'", "d1"),
    ("NOT (Id = 'd1' OR (Id = 'd2'))", "f1 f2"),
    ("not id = 'd1' and Size is not null", "d2 f1"),
    # arrays
    ("States[0] = 2", "d1 f1"),
    ("States[1] = 5", "d1"),
    ("States[2] = 5", ""),
    ("States[0] IS NULL", "d2 f2"),
    ("States[*] = States", "d1 d2 f1 f2"),
    ("Tags = Detail.Parts", ""),
    ("Tags[0] LIKE 'a'", "d1"),
    # embedded instances, references and classes
    ("Detail.Speed = 7", "d1"),
    ("Detail.Speed IS NULL", "d2 f1 f2"),
    ("Detail.T_MoreDetail::Extra = 9", "d2"),
    ("Detail.T_Detail::Speed >= 7", "d1"),
    ("Detail.t_moredetail::Speed = 7", ""),
    ("Detail.Parts[1] = 'q'", "d1"),
    ("Detail ISA T_Detail", "d1 d2"),
    ("Detail ISA T_MoreDetail", "d2"),
    ("NOT Detail ISA T_MoreDetail", "d1"),
    ("Detail = Detail", "d1 d2"),
    ("Owner ISA t_host", "d1 d2"),
    ("Owner = '/root/t:T_Host.Name=\"h1\"'", "d1"),
    ("Owner = 'T_Host.Name=\"h2\"'", "d2"),
    ("Owner <> 'root/t:T_Host.Name=\"h2\"'", "d1"),
    ("Owner = 'h1'", ""),
    ("T_Disk ISA T_FastDisk", "f1 f2"),
    ("t_disk ISA T_Element", "d1 d2 f1 f2"),
    ("T_FastDisk::Bare = 'only fast'", "f1"),
    ("T_Host::Name IS NULL", "d1 d2 f1 f2"),
    ("T_Disk.Size = 100", "d1"),
    ("T_DISK.Detail.Speed = 7", "d1"),
    ("T_Disk.Like = 'reserved'", "f2"),
    # layout
    ("Size\n=\t100", "d1"),
    ("(((((Size=100)))))", "d1"),
    ("Name='disk one'AND(Size=100)", "d1"),
]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("condition, expected", CONDITIONS, ids=[c for c, _ in CONDITIONS])
def test_condition(language: str, condition: str, expected: str) -> None:
    query = f"SELECT * FROM T_Disk WHERE {condition}"
    assert ids(select(language, query, instances_of, is_subclass)) == expected


# Queries of one language, and the ids of the instances they select.
QUERIES = [
    ("WQL", "SELECT * FROM T_Disk", "d1 d2 f1 f2"),
    ("WQL", "select * from t_element", "d1 d2 f1 f2 h1"),
    ("DMTF:CQL", "Select * From T_FastDisk", "f1 f2"),
    ("WQL", "SELECT Id FROM T_Nothing", ""),
    ("WQL", "SELECT * FROM T_Disk WHERE Size != 100", "d2 f1"),
    ("WQL", "SELECT * FROM T_Element WHERE __CLASS = 't_fastdisk'", "f1 f2"),
    ("WQL", "SELECT * FROM T_Element WHERE __Class <> 'T_FastDisk'", "d1 d2 h1"),
    ("WQL", "SELECT * FROM T_Element WHERE Detail.__CLASS = 'T_MoreDetail'", "d2"),
    ("WQL", "SELECT * FROM T_Element WHERE __this ISA 'T_Disk'", "d1 d2 f1 f2"),
    ("WQL", "SELECT * FROM T_Element WHERE Größe = 3", "h1"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE 'disk%'", "d1"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '%isk%'", "d1 d2"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '_isk one'", "d1"),
    ("WQL", "SELECT * FROM T_Disk WHERE NOT Name LIKE '%e'", "d2 f1"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '[A-E]isk%'", "d2"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '[^d]isk%'", "d2"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '%[_][%]'", "d2"),
    ("WQL", r"SELECT * FROM T_Disk WHERE Name LIKE '%\\ b%'", "f1"),
    ("WQL", "SELECT * FROM T_Disk WHERE Code LIKE '_'", "d1"),
    ("WQL", "SELECT * FROM T_Disk WHERE Name LIKE '.*'", ""),
    ("DMTF:CQL", "SELECT * FROM T_Disk WHERE Name LIKE 'disk.*'", "d1"),
    ("DMTF:CQL", "SELECT * FROM T_Disk WHERE Name LIKE '.isk.*'", "d1 d2"),
    ("DMTF:CQL", "SELECT * FROM T_Disk WHERE Name LIKE 'disk'", ""),
    ("DMTF:CQL", "SELECT * FROM T_Disk WHERE Name LIKE 'd*disk one'", "d1"),
    ("DMTF:CQL", r"SELECT * FROM T_Disk WHERE Name LIKE '.*\\\\.*'", "f1"),
    ("DMTF:CQL", "SELECT * FROM T_Disk WHERE Name LIKE '%isk%'", ""),
    ("DMTF:CQL", r"SELECT * FROM T_Disk WHERE Name = '\u0064isk\U00000020one'", "d1"),
    ("DMTF:CQL", "SELECT T_Disk.* FROM T_Disk WHERE T_Disk.Id = 'd1'", "d1"),
    ("DMTF:CQL", "SELECT Id, T_Disk.Name FROM T_Disk WHERE T_Disk IS NOT NULL", "d1 d2 f1 f2"),
]


@pytest.mark.parametrize("language, query, expected", QUERIES, ids=[q for _, q, _ in QUERIES])
def test_query(language: str, query: str, expected: str) -> None:
    assert ids(select(language, query, instances_of, is_subclass)) == expected


# Filters of all instances, and the ids of the instances for which they are true.
FILTERS = [
    ("Size = 100", "d1"),
    ("Size >= 100 AND On = TRUE", "d1"),
    ("Size < 100 OR Id = 'h1'", "f1 h1"),
    ('Name = "disk one"', "d1"),
    (r"Name = '\u0064isk\u0020one'", "d1"),
    ("NOT Id = 'd1'", "d2 f1 f2 h1"),
    ("(Id = 'd1') OR (Id = 'd2')", "d1 d2"),
    ("On <> FALSE", "d1 f1"),
    ("When = '20240101120000.000000+000'", "d1 d2"),
    ("Life > '00000000000001.000000:000'", "d1"),
    ("Size = NULL", "f2 h1"),
    ("Size <> NULL", "d1 d2 f1"),
    ("Size IS NULL", "f2 h1"),
    ("Size IS NOT NULL", "d1 d2 f1"),
    ("Detail.Speed = 7", "d1"),
    ("Detail.Parts[0] = 'p'", "d1"),
    ("States[0] = 2", "d1 f1"),
    ("States = {2, 5}", "d1"),
    ("States <> {2, 5}", "d2 f1 f2"),
    ("States[*] = {2, 2}", "f1"),
    ("States = {}", "d2"),
    ("Tags = {'a', 'b'}", "d1"),
    ("ANY States = 2", "d1 f1"),
    ("EVERY States = 2", "d2 f1"),
    ("ANY States > 4", "d1 f2"),
    ("EVERY States > 4", "d2"),
    ("NOT ANY States = 5", "d2 f1"),
    ("ANY States = NULL", "f2"),
    ("EVERY Tags IS NOT NULL", "d1"),
    ("any Tags LIKE '[ab]'", "d1 d2"),
    ("ANY Detail.Parts = 'q'", "d1"),
    ("Name LIKE 'isk'", "d1 d2"),
    ("Name LIKE '^disk'", "d1"),
    ("Name LIKE 'one$'", "d1"),
    ("Name LIKE '^h[0-1]$'", "h1"),
    ("Name LIKE '^h[ab]^$'", "h1"),
    ("Name LIKE '(one|2_%)$'", "d1 d2"),
    ("Name LIKE '^.{2}$|^disk'", "d1 h1"),
    (r"Name LIKE '^it\'s'", "f1"),
    ("Owner = 'T_Host.Name=\"h2\"'", "d2"),
    ("Select = 1 OR From = 1 OR ISA = 1 OR Id = 'd1'", "d1"),
    # properties on both sides
    ("Name = Id", "h1"),
    ("Ratio < Delta", "d2"),
    ("States[0] = States[1]", "f1"),
    ("States[1] > States[0]", "d1"),
    ("Tags[0] <> Detail.Parts[1]", "d1"),
    ("Tags <> Detail.Parts", "d1"),
    ("ANY States < Detail.Speed", "d1"),
    ("Size = Nix OR Id = Id", "d1 d2 f1 f2 h1"),
    ("Name NOT LIKE 'isk'", "f1 h1"),
    ("NOT Name NOT LIKE 'isk'", "d1 d2"),
    ("ANY Tags not like 'a'", "d1 d2"),
    # reals that end in their point, code points of 4 to 6 digits
    ("Ratio = 2.", "d2"),
    ("Delta = -5. AND Size = 1.e2", "d1"),
    ("States = {2., 5.}", "d1"),
    (r"Name = '\u00064isk one'", "d1"),
    (r"Name = '\u000064isk\u0020one'", "d1"),
    (r"Name <> '\u10FFFF' AND Id = 'h1'", "h1"),
]


@pytest.mark.parametrize("query, expected", FILTERS, ids=[q for q, _ in FILTERS])
def test_filter(query: str, expected: str) -> None:
    assert ids(filter_instances("DMTF:FQL", query, INSTANCES, is_subclass)) == expected


# Conditions that cannot be evaluated: the column of the operand, and what is wrong.
MISFITS = [
    ("Size = '100'", 1, "a number cannot be compared with a string"),
    ("Id = 'd1' AND Name = 1", 15, "a string cannot be compared with a number"),
    ("On = 1", 1, "a boolean cannot be compared with a number"),
    ("On < TRUE", 1, "expected = or <> for a boolean, got <"),
    ("When = 5", 1, "a datetime cannot be compared with a number"),
    ("When = 'yesterday'", 1, "Invalid format of CIM datetime value: 'yesterday'"),
    ("When > Life", 1, "a point in time cannot be compared with an interval"),
    ("States = 2", 1, "an array cannot be compared with a number"),
    ("States < States", 1, "expected = or <> for an array, got <"),
    ("Tags = States", 1, "a string cannot be compared with a number"),
    ("Size[0] = 1", 1, "expected an array for 'Size', got a number"),
    ("Size.Prop = 1", 1, "expected an embedded instance for 'Size', got a number"),
    ("Owner.Name = 'h1'", 1, "expected an embedded instance for 'Owner', got a reference"),
    ("Detail = 'x'", 1, "an instance cannot be compared with a string"),
    ("Owner < Owner", 1, "expected = or <> for a reference, got <"),
    ("Size LIKE '1'", 1, "expected a string for LIKE, got a number"),
    ("Tags LIKE 'a'", 1, "expected a string for LIKE, got an array"),
    ("Name ISA T_Disk", 1, "expected an instance for ISA, got a string"),
]


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("condition, column, message", MISFITS, ids=[m[0] for m in MISFITS])
def test_types_that_do_not_go_together(
    language: str, condition: str, column: int, message: str
) -> None:
    start = "SELECT * FROM T_Disk WHERE "
    parsed = parse(language, start + condition)
    with pytest.raises(CIMError) as caught:
        parsed.holds(INSTANCES[0], is_subclass)
    assert caught.value.status_code == CIM_ERR_INVALID_QUERY
    assert caught.value.status_description == (
        f"Invalid {language} query at line 1, column {len(start) + column}: {message}"
    )


def test_any_of_what_is_no_array() -> None:
    with pytest.raises(CIMError, match="line 1, column 5: expected an array, got a number"):
        list(filter_instances("DMTF:FQL", "ANY Size = 1", INSTANCES, is_subclass))


def indication(before: int, after: int) -> CIMInstance:
    return CIMInstance(
        "CIM_InstModification",
        {
            "SourceInstance": detail("T_MoreDetail", after, OperationalStatus=[Uint16(after)]),
            "PreviousInstance": detail("T_MoreDetail", before, OperationalStatus=[Uint16(before)]),
        },
    )


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize(
    "query, expected",
    [
        ("SELECT * FROM CIM_InstModification WHERE SourceInstance ISA T_Detail", True),
        ("SELECT * FROM CIM_InstModification WHERE SourceInstance ISA T_Disk", False),
        ("SELECT * FROM CIM_InstIndication WHERE SourceInstance ISA T_MoreDetail", True),
        ("SELECT * FROM CIM_Indication", True),
        ("SELECT * FROM CIM_InstDeletion", False),
        (
            "SELECT * FROM CIM_InstModification WHERE SourceInstance ISA T_Detail AND "
            "SourceInstance.T_Detail::Speed <> PreviousInstance.T_Detail::Speed",
            True,
        ),
        (
            "SELECT * FROM CIM_InstModification WHERE SourceInstance ISA T_Detail AND "
            "SourceInstance.T_Detail::OperationalStatus[*] <> "
            "PreviousInstance.T_Detail::OperationalStatus[*]",
            True,
        ),
        (
            "SELECT * FROM CIM_InstModification WHERE SourceInstance.Speed = 2 AND "
            "CIM_InstModification.PreviousInstance.Speed = 1",
            True,
        ),
        (
            "SELECT * FROM CIM_InstModification WHERE SourceInstance.T_Disk::Speed = 2",
            False,
        ),
    ],
)
def test_indication(language: str, query: str, expected: bool) -> None:
    assert parse(language, query).matches(indication(1, 2), is_subclass) is expected


@pytest.mark.parametrize("language", BOTH)
def test_unchanged_status(language: str) -> None:
    parsed = parse(
        language,
        "SELECT * FROM CIM_InstModification WHERE SourceInstance.OperationalStatus <> "
        "PreviousInstance.OperationalStatus",
    )
    assert not parsed.matches(indication(2, 2), is_subclass)


@pytest.mark.parametrize(
    "language, query, classname, properties",
    [
        ("WQL", "SELECT * FROM CIM_Foo", "CIM_Foo", None),
        ("DMTF:CQL", "SELECT CIM_Foo.* FROM cim_foo", "cim_foo", None),
        ("WQL", "SELECT A, b,C FROM CIM_Foo WHERE A = 1", "CIM_Foo", ("A", "b", "C")),
        ("DMTF:CQL", "SELECT CIM_Foo.A, B FROM CIM_Foo", "CIM_Foo", ("A", "B")),
        ("DMTF:FQL", "A = 1", None, None),
    ],
)
def test_parsed(language: str, query: str, classname: str, properties: object) -> None:
    parsed = parse(language, query)
    assert (parsed.language, parsed.classname, parsed.properties) == (
        language,
        classname,
        properties,
    )


def test_projection() -> None:
    path = CIMInstanceName("T_Disk", {"Id": "d1"}, namespace="root/t")
    original = CIMInstance("T_Disk", {"Id": "d1", "Name": "x", "Size": Uint16(1)}, path=path)
    projected = parse("WQL", "SELECT size, ID, Missing, Size FROM T_Disk").project(original)
    assert list(projected.items()) == [("Size", 1), ("Id", "d1")]
    assert projected.classname == "T_Disk"
    assert projected.path == path
    assert projected.path is not original.path
    assert len(original.properties) == 3
    assert parse("WQL", "SELECT * FROM T_Disk").project(original) is original


def test_select_projects() -> None:
    query = "SELECT Id FROM T_Disk WHERE Size = 100"
    assert [list(item.properties) for item in select("WQL", query, instances_of, is_subclass)] == [
        ["Id"]
    ]


@pytest.mark.parametrize(
    "language, query, column, name",
    [
        ("WQL", "SELECT Id, Nam FROM T_Disk", 12, "Nam"),
        ("WQL", "SELECT * FROM T_Disk WHERE Id = 'x' OR NOT siez = 1", 44, "siez"),
        ("DMTF:CQL", "SELECT * FROM T_Disk WHERE T_Disk.Nam = 'x'", 28, "Nam"),
    ],
)
def test_check_of_property_names(language: str, query: str, column: int, name: str) -> None:
    known = {"id", "name", "size"}
    with pytest.raises(CIMError) as caught:
        parse(language, query).check(lambda name: name.lower() in known)
    assert caught.value.status_description == (
        f"Invalid {language} query at line 1, column {column}: "
        f"expected a property of class 'T_Disk', got {name!r}"
    )


@pytest.mark.parametrize(
    "language, query",
    [
        ("WQL", "SELECT ID FROM T_Disk WHERE T_Disk.Name = 'x' AND __CLASS = 'T_Disk'"),
        ("WQL", "SELECT * FROM T_Disk WHERE T_FastDisk::Bare = 'x'"),
        ("DMTF:FQL", "Id.Foo = 'x'"),
    ],
)
def test_check_of_property_names_that_exist(language: str, query: str) -> None:
    asked: List[str] = []
    parse(language, query).check(lambda name: not asked.append(name))  # type: ignore[func-returns-value]
    assert set(asked) <= {"ID", "Name", "Id"}


@pytest.mark.parametrize("language", ["", "wql", "CIM:CQL", "DMTF:XQL", None])
def test_unknown_language(language: str) -> None:
    with pytest.raises(CIMError) as caught:
        parse(language, "SELECT * FROM T_Disk")
    assert caught.value.status_code == CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED
    assert "WQL, DMTF:CQL, DMTF:FQL" in caught.value.status_description


def test_language_of_the_other_use() -> None:
    with pytest.raises(CIMError) as caught:
        select("DMTF:FQL", "Id = 'x'", instances_of, is_subclass)
    assert caught.value.status_code == CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED
    with pytest.raises(CIMError) as caught:
        filter_instances("WQL", "SELECT * FROM T_Disk", INSTANCES, is_subclass)
    assert caught.value.status_code == CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED


@pytest.mark.parametrize("query", [None, 5, b"SELECT * FROM T_Disk"])
def test_query_is_no_string(query: str) -> None:
    with pytest.raises(CIMError) as caught:
        parse("WQL", query)
    assert caught.value.status_code == CIM_ERR_INVALID_QUERY


def test_an_invalid_query_is_reported_before_anything_is_taken() -> None:
    """A server answers the Open... operation with the error, not a later Pull... operation."""
    with pytest.raises(CIMError):
        select("WQL", "SELECT", instances_of, is_subclass)
    with pytest.raises(CIMError):
        filter_instances("DMTF:FQL", "Id", INSTANCES, is_subclass)
