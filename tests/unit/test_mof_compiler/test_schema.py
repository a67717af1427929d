"""
The CIM schema of the DMTF, or the small one of the examples: compiled as a whole, and every
class of it from its own MOF.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, List, NamedTuple, Tuple

import pytest

import pywbem
from pywbem._mof_compiler import MOFCompiler, MOFWBEMConnection
from tests.shared_data import SCHEMA, unpack_schema

NAMESPACE = "root/cimv2"


class Facts(NamedTuple):
    """What is known of a schema."""

    classes: int
    qualifiers: int
    cls: str
    superclass: str
    inherited: str
    origin: str
    needed: str


DMTF = Facts(
    *(1631, 70, "CIM_ComputerSystem", "CIM_System", "Caption", "CIM_ManagedElement"),
    "CIM_ConcreteJob",
)
OWN = Facts(
    *(19, 12, "ACME_SolidStateDisk", "ACME_Disk", "Size", "ACME_Disk"),
    "ACME_Disk",
)
FACTS = DMTF if SCHEMA.exists() else OWN


class Recorder(MOFWBEMConnection):
    """A repository in memory that keeps the classes as they were compiled."""

    def __init__(self) -> None:
        super().__init__()
        self.created: List[pywbem.CIMClass] = []

    def CreateClass(self, *args: Any, **kwargs: Any) -> None:
        self.created.append(args[0])
        super().CreateClass(*args, **kwargs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack_schema(tmp_path_factory.mktemp("schema")).parent


@pytest.fixture(scope="module")
def schema(folder: Path) -> Iterator[Tuple[Path, Recorder]]:
    (main,) = folder.glob("cim_schema*.mof")
    handle = Recorder()
    log: List[str] = []
    compiler = MOFCompiler(handle, search_paths=[str(folder)], log_func=log.append)
    compiler.compile_file(str(main), NAMESPACE)
    assert log == []
    yield folder, handle


def test_schema(schema: Tuple[Path, Recorder]) -> None:
    _, handle = schema
    assert len(handle.classes[NAMESPACE]) == FACTS.classes
    assert len(handle.qualifiers[NAMESPACE]) == FACTS.qualifiers
    # Each class is compiled once, although others need it before its turn.
    assert len(handle.created) == FACTS.classes
    assert handle.instances == {}
    # What a class inherits is there for the asking.
    assert FACTS.inherited not in handle.classes[NAMESPACE][FACTS.cls].properties
    cls = handle.GetClass(FACTS.cls, namespace=NAMESPACE, LocalOnly=False)
    assert cls.properties[FACTS.inherited].class_origin == FACTS.origin
    assert cls.superclass == FACTS.superclass


def test_every_class_from_its_mof(schema: Tuple[Path, Recorder]) -> None:
    _, handle = schema
    again = Recorder()
    compiler = MOFCompiler(again, log_func=None)
    for declaration in handle.qualifiers[NAMESPACE].values():
        compiler.compile_string(declaration.tomof(), NAMESPACE)
    assert again.qualifiers == handle.qualifiers
    compiler.compile_string("".join(cls.tomof() for cls in handle.created), NAMESPACE)
    assert len(again.created) == len(handle.created)
    for before, after in zip(handle.created, again.created):
        assert after == before
    # Any width of the lines gives the same classes.
    for width in (40, 1000):
        wide = Recorder()
        compiler = MOFCompiler(wide, log_func=None)
        mof = "".join(item.tomof() for item in handle.qualifiers[NAMESPACE].values())
        mof += "".join(cls.tomof(maxline=width) for cls in handle.created[:200])
        compiler.compile_string(mof, NAMESPACE)
        assert wide.created == handle.created[:200]


def test_class_with_all_it_depends_on(folder: Path) -> None:
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, search_paths=[str(folder)], log_func=None)
    compiler.compile_string(f"class TST_System : {FACTS.cls} {{ }};", NAMESPACE)
    names = handle.compile_ordered_classnames
    assert names[-1] == "TST_System"
    assert names.index(FACTS.origin) < names.index(FACTS.cls)
    assert FACTS.needed in names
    assert "Description" in handle.qualifiers[NAMESPACE]
    assert len(names) == len(set(names))


def test_fault_in_the_last_file(folder: Path, tmp_path: Path) -> None:
    """Of the whole schema nothing stays if something behind it is faulty."""
    (main,) = folder.glob("cim_schema*.mof")
    faulty = tmp_path / "faulty.mof"
    faulty.write_text(
        f'#pragma include ("{main.as_posix()}")\n'
        f"class TST_Faulty : {FACTS.superclass} {{ uint8 u = 256; }};",
        encoding="utf-8",
    )
    handle = MOFWBEMConnection()
    compiler = MOFCompiler(handle, search_paths=[str(folder)], log_func=None)
    with pytest.raises(pywbem.Error) as caught:
        compiler.compile_file(str(faulty), NAMESPACE)
    assert (caught.value.args[0], caught.value.args[1]) == (2, 33 + len(FACTS.superclass))
    assert handle.classes == {}
    assert handle.qualifiers == {}
