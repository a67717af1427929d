"""
Where the data of others lies that some tests read, and how to do without it.

The recorded exchanges, real server traffic and DTDs are no part of the repository.
They lie beside it, in ``../shared``, or where ``PYWBEM_TEST_DATA`` points; tests
that need them are skipped where they are absent.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import List, NamedTuple, Optional

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("PYWBEM_TEST_DATA") or ROOT.parent / "shared" / "data")
SHARED = DATA.parent

VECTORS = DATA / "vectors"
RECORDED = DATA / "recorded"
DTD = DATA / "dtd" / "DSP0203_2.4.0.dtd"
API = SHARED / "spec" / "api.json"
CHECK_API = SHARED / "tools" / "check_api.py"


def needs(path: Path) -> pytest.MarkDecorator:
    """Return a mark that skips a test where the file or folder is absent."""
    return pytest.mark.skipif(
        not path.exists(), reason=f"{path.name} is not in the shared test data"
    )


class RecordedExchange(NamedTuple):
    """A request that was sent and the response to it, each head and body."""

    name: str
    request_head: bytes
    request_body: bytes
    response_head: bytes
    response_body: bytes


@functools.lru_cache(maxsize=None)
def recorded_exchanges() -> List[RecordedExchange]:
    """Return the real server traffic, in the order in which it was recorded."""
    exchanges = []
    for path in sorted(RECORDED.glob("*.request.http")):
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
def _dtd() -> Optional[etree.DTD]:
    return etree.DTD(str(DTD)) if DTD.exists() else None


def dtd_errors(message: bytes) -> List[str]:
    """
    Return where a CIM-XML message breaks the DTD of DSP0203 2.4.0.

    Nothing is found where the DTD is absent; messages that are not well-formed
    raise ``lxml.etree.XMLSyntaxError`` in any case.
    """
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    document = etree.fromstring(message, parser)
    dtd = _dtd()
    if dtd is None or dtd.validate(document):
        return []
    return [str(error) for error in dtd.error_log.filter_from_errors()]
