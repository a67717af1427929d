"""
Where the data of others lies that some tests read, and how to do without it.

The recorded exchanges, real server traffic, DTDs and the schema are no part of the
repository.  They lie beside it, in ``../shared``, or where ``PYWBEM_TEST_DATA`` points.
Where they are absent, small inputs of the project's own, in ``tests/traffic``, stand in
for them; tests that make sense only with the data itself are skipped.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import List, NamedTuple

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PYWBEM_TEST_DATA") or ROOT.parent / "shared" / "data")
SHARED = DATA.parent

OWN = Path(__file__).resolve().parent / "traffic"


def shared_or_own(shared: Path, own: Path) -> Path:
    """Return the data of others, or what stands in for it where that is absent."""
    return shared if shared.exists() else own


VECTORS = DATA / "vectors"
RECORDED = DATA / "recorded"
TRAFFIC = shared_or_own(RECORDED, OWN)
SCHEMA = DATA / "cim_schema_2.49.0Final-MOFs.zip"
DTD = shared_or_own(DATA / "dtd" / "DSP0203_2.4.0.dtd", OWN / "cim_xml.dtd")
API = SHARED / "spec" / "api.json"
CHECK_API = SHARED / "tools" / "check_api.py"


def needs(path: Path) -> pytest.MarkDecorator:
    """Return a mark that skips a test where the file or folder is absent (``conftest.py``)."""
    return pytest.mark.needs_data(path)


def unpack_schema(folder: Path) -> Path:
    """
    Write the MOF of the DMTF schema, or the classes of the examples in its layout, and return
    the file that includes the others.
    """
    if SCHEMA.exists():
        with zipfile.ZipFile(SCHEMA) as archive:
            archive.extractall(folder)
        (main,) = folder.glob("cim_schema_*.mof")
        return main
    models = ROOT / "examples" / "models"
    shutil.copy(models / "acme_qualifiers.mof", folder / "qualifiers.mof")
    lines = ['#pragma include ("qualifiers.mof")']
    for model in ("acme_storage.mof", "acme_interop.mof"):
        text = (models / model).read_text(encoding="utf-8")
        for match in re.finditer(r"^(?:\[.*\]\n)?class (\w+)[^$]*?^};\n", text, re.MULTILINE):
            (folder / f"{match[1]}.mof").write_text(match[0], encoding="utf-8")
            lines.append(f'#pragma include ("{match[1]}.mof")')
    main = folder / "cim_schema_2.49.0.mof"
    main.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return main


class RecordedExchange(NamedTuple):
    """A request that was sent and the response to it, each head and body."""

    name: str
    request_head: bytes
    request_body: bytes
    response_head: bytes
    response_body: bytes


@functools.lru_cache(maxsize=None)
def recorded_exchanges() -> List[RecordedExchange]:
    """Return the traffic of a server, in the order in which it was recorded."""
    exchanges = []
    for path in sorted(TRAFFIC.glob("*.request.http")):
        name = path.name[: -len(".request.http")]
        response = path.with_name(f"{name}.response.http")
        if response.exists():
            request_head, _, request_body = path.read_bytes().partition(b"\r\n\r\n")
            response_head, _, response_body = response.read_bytes().partition(b"\r\n\r\n")
            exchanges.append(
                RecordedExchange(name, request_head, request_body, response_head, response_body)
            )
    return exchanges


@functools.lru_cache(maxsize=None)
def _dtd() -> etree.DTD:
    return etree.DTD(str(DTD))


def dtd_errors(message: bytes) -> List[str]:
    """
    Return where a CIM-XML message breaks the DTD of DSP0203 2.4.0, or our own.

    Messages that are not well-formed raise ``lxml.etree.XMLSyntaxError``.
    """
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    document = etree.fromstring(message, parser)
    dtd = _dtd()
    if dtd.validate(document):
        return []
    return [str(error) for error in dtd.error_log.filter_from_errors()]
