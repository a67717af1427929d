"""
DMTFCIMSchema: from an archive that is there, from a server, and archives that are refused.
"""

from __future__ import annotations

import os
import stat
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Tuple, Union

import pytest

from pywbem_mock.filling import dmtf_schema
from pywbem_mock.filling.dmtf_schema import DMTFCIMSchema, DMTFCIMSchemaError
from tests.shared_data import SCHEMA as REAL
from tests.shared_data import needs

VERSION = (1, 2, 3)
ZIP = "cim_schema_1.2.3Final-MOFs.zip"
PRAGMA_FILE = "cim_schema_1.2.3.mof"
PRAGMAS = """\
// #pragma include ("Core/CIM_Old.mof")
#pragma locale ("en_US")
#pragma include ("qualifiers.mof")
#pragma include ("Core/CIM_Base.mof")
#pragma include ("System/CIM_Sub.mof")
  #pragma  include( "System/PRS_Other.mof" )
"""
FILES = {
    PRAGMA_FILE: PRAGMAS,
    "qualifiers.mof": "Qualifier Key : boolean = false;\n",
    "Core/": "",
    "Core/CIM_Base.mof": "class CIM_Base {};\n" * 500,
    "System/CIM_Sub.mof": "class CIM_Sub : CIM_Base {};\n",
}


def archive(path: Path, files: Optional[Dict[str, str]] = None) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in (FILES if files is None else files).items():
            target.writestr(name, content)
    return path


def tree(directory: Path) -> List[str]:
    return sorted(
        path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A schema root directory with an archive."""
    directory = tmp_path / "schemas"
    directory.mkdir()
    archive(directory / ZIP)
    return directory


# The archive is there


def test_offline(root: Path) -> None:
    schema = DMTFCIMSchema(VERSION, str(root), base_url="http://invalid.invalid")
    assert schema.schema_version == VERSION
    assert schema.schema_version_str == "1.2.3"
    assert schema.schema_root_dir == str(root)
    assert schema.schema_zip_file == str(root / ZIP)
    assert schema.schema_mof_dir == str(root / "mofFinal1.2.3")
    assert schema.schema_pragma_file == str(root / "mofFinal1.2.3" / PRAGMA_FILE)
    assert tree(Path(schema.schema_mof_dir)) == [
        "Core/CIM_Base.mof",
        "System/CIM_Sub.mof",
        PRAGMA_FILE,
        "qualifiers.mof",
    ]
    assert sorted(os.listdir(root)) == [ZIP, "mofFinal1.2.3"]


def test_url_at_the_dmtf(root: Path) -> None:
    assert DMTFCIMSchema(VERSION, root).schema_zip_url == (
        "https://www.dmtf.org/sites/default/files/cim/cim_schema_v123/"
        "cim_schema_1.2.3Final-MOFs.zip"
    )


def test_text_forms(root: Path) -> None:
    schema = DMTFCIMSchema(VERSION, root)
    mof_dir = os.path.join(root, "mofFinal1.2.3")
    pragma_file = os.path.join(mof_dir, PRAGMA_FILE)
    assert str(schema) == (
        f"DMTFCIMSchema(schema_version_str=1.2.3, schema_root_dir={root}, "
        f"schema_mof_dir={mof_dir}, schema_pragma_file={pragma_file})"
    )
    assert repr(schema) == (
        f"DMTFCIMSchema(schema_version=(1, 2, 3), schema_root_dir={root}, "
        f"schema_zip_file={os.path.join(root, ZIP)}, schema_mof_dir={mof_dir}, "
        f"schema_pragma_file={pragma_file}, schema_zip_url={schema.schema_zip_url})"
    )


def test_experimental_beside_final(root: Path) -> None:
    archive(root / "cim_schema_1.2.3Experimental-MOFs.zip")
    final = DMTFCIMSchema(VERSION, root)
    experimental = DMTFCIMSchema(VERSION, root, use_experimental=True)
    assert experimental.schema_mof_dir == str(root / "mofExperimental1.2.3")
    assert experimental.schema_zip_url.endswith("/cim_schema_1.2.3Experimental-MOFs.zip")
    assert Path(final.schema_pragma_file).is_file()
    final.remove()
    assert sorted(os.listdir(root)) == [
        "cim_schema_1.2.3Experimental-MOFs.zip",
        "mofExperimental1.2.3",
    ]


def test_verbose(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = DMTFCIMSchema(VERSION, root, verbose=True)
    assert capsys.readouterr().out == (
        f"Creating directory for CIM Schema MOF files: {schema.schema_mof_dir}\n"
        f"Unpacking CIM Schema archive: {schema.schema_zip_file}\n"
    )
    DMTFCIMSchema(VERSION, root, verbose=True)
    assert capsys.readouterr().out == ""
    schema.clean()
    DMTFCIMSchema(VERSION, root)
    assert capsys.readouterr().out == ""


def test_unpacked_once(root: Path) -> None:
    schema = DMTFCIMSchema(VERSION, root)
    changed = Path(schema.schema_mof_dir) / "qualifiers.mof"
    changed.write_text("// changed\n")
    DMTFCIMSchema(VERSION, root)
    assert changed.read_text() == "// changed\n"


def test_half_a_directory_is_replaced(root: Path) -> None:
    half = root / "mofFinal1.2.3"
    (half / "Core").mkdir(parents=True)
    (half / "Core" / "CIM_Half.mof").write_text("class")
    schema = DMTFCIMSchema(VERSION, root)
    assert "Core/CIM_Half.mof" not in tree(half)
    assert Path(schema.schema_pragma_file).is_file()


def test_clean_and_remove(root: Path) -> None:
    schema = DMTFCIMSchema(VERSION, root)
    schema.clean()
    assert os.listdir(root) == [ZIP]
    schema.clean()
    with pytest.raises(FileNotFoundError):
        schema.build_schema_mof("CIM_Sub")
    DMTFCIMSchema(VERSION, root)
    assert schema.build_schema_mof("CIM_Sub")
    schema.remove()
    assert not root.exists()
    schema.remove()


def test_remove_keeps_other_files(root: Path) -> None:
    (root / "mine.txt").write_text("x")
    DMTFCIMSchema(VERSION, root).remove()
    assert os.listdir(root) == ["mine.txt"]


LOCALE = '#pragma locale ("en_US")\n'
BASE = '#pragma include ("Core/CIM_Base.mof")\n'
SUB = '#pragma include ("System/CIM_Sub.mof")\n'


@pytest.mark.parametrize(
    "class_names, expected",
    [
        ("CIM_Sub", LOCALE + SUB),
        (["CIM_Sub", "CIM_Base"], LOCALE + BASE + SUB),
        (("CIM_Sub", "CIM_Sub"), LOCALE + SUB),
        ({"CIM_Base"}, LOCALE + BASE),
        (iter(["CIM_Base"]), LOCALE + BASE),
        (["PRS_Other"], LOCALE + '#pragma include ("System/PRS_Other.mof")\n'),
        ([], LOCALE),
    ],
    ids=["string", "order", "tuple", "set", "iterator", "spaces", "empty"],
)
def test_build_schema_mof(root: Path, class_names: List[str], expected: str) -> None:
    assert DMTFCIMSchema(VERSION, root).build_schema_mof(class_names) == expected


@pytest.mark.parametrize(
    "class_names, missing",
    [
        ("CIM_Foo", "CIM_Foo"),
        (["CIM_Foo", "CIM_Sub", "CIM_Bar"], "CIM_Foo, CIM_Bar"),
        ("cim_sub", "cim_sub"),
        ("CIM_Su", "CIM_Su"),
        ("qualifiers", "qualifiers"),
        ("CIM_Old", "CIM_Old"),
        ("", ""),
    ],
)
def test_classes_that_are_not_in_the_schema(
    root: Path, class_names: List[str], missing: str
) -> None:
    schema = DMTFCIMSchema(VERSION, root)
    with pytest.raises(ValueError) as caught:
        schema.build_schema_mof(class_names)
    assert str(caught.value) == (
        f"Classes '{missing}' not in the CIM schema pragma file {schema.schema_pragma_file!r}"
    )


@pytest.mark.parametrize("class_names", [None, 42])
def test_class_names_of_a_wrong_type(root: Path, class_names: List[str]) -> None:
    with pytest.raises(TypeError):
        DMTFCIMSchema(VERSION, root).build_schema_mof(class_names)


@pytest.mark.parametrize(
    "version, exception",
    [
        ("1.2.3", TypeError),
        ([1, 2, 3], TypeError),
        (None, TypeError),
        (("1", "2", "3"), TypeError),
        ((1, 2.0, 3), TypeError),
        ((1, True, 3), TypeError),
        ((1, 2), ValueError),
        ((1, 2, 3, 4), ValueError),
        ((1, -2, 3), ValueError),
    ],
    ids=str,
)
def test_invalid_version(tmp_path: Path, version: Tuple[int, int, int], exception: type) -> None:
    with pytest.raises(exception):
        DMTFCIMSchema(version, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@needs(REAL)
def test_the_released_schema(tmp_path: Path) -> None:
    (tmp_path / REAL.name).write_bytes(REAL.read_bytes())
    schema = DMTFCIMSchema((2, 49, 0), tmp_path)
    assert len(tree(Path(schema.schema_mof_dir))) > 1500
    assert schema.build_schema_mof("CIM_ComputerSystem") == (
        '#pragma locale ("en_US")\n#pragma include ("System/CIM_ComputerSystem.mof")\n'
    )


# Archives that are refused


def symlink(name: str, target: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    info.comment = target.encode()
    return info


def fifo(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFIFO | 0o644) << 16
    return info


NAMES = [
    ("../evil.mof", "the path leaves the directory"),
    ("Core/../../evil.mof", "the path leaves the directory"),
    ("Core/../evil.mof", "the path leaves the directory"),
    ("..", "the path leaves the directory"),
    ("/evil.mof", "the path is absolute"),
    ("//host/evil.mof", "the path is absolute"),
    ("C:evil.mof", "the path is absolute"),
    ("C:/evil.mof", "the path is absolute"),
    ("..\\evil.mof", "the name is not allowed"),
    ("\\evil.mof", "the name is not allowed"),
    ("Core//evil.mof", "the name is not allowed"),
    ("./evil.mof", "the name is not allowed"),
    ("Core/evil.mof:stream", "the name is not allowed"),
    ("evil\n.mof", "the name is not allowed"),
    ("core/cim_base.MOF", "it is there twice"),
    (symlink("evil.mof", "/etc/passwd"), "it is neither a file nor a directory"),
    (symlink("Core/link", "../.."), "it is neither a file nor a directory"),
    (fifo("evil.mof"), "it is neither a file nor a directory"),
]


@pytest.mark.parametrize(
    "name, reason", NAMES, ids=[str(getattr(name, "filename", name)) for name, _ in NAMES]
)
def test_a_name_that_is_refused(root: Path, name: Union[str, zipfile.ZipInfo], reason: str) -> None:
    with zipfile.ZipFile(root / ZIP, "a") as target:
        target.writestr(name, "evil")
    with pytest.raises(DMTFCIMSchemaError) as caught:
        DMTFCIMSchema(VERSION, root)
    text = getattr(name, "filename", name)
    assert str(caught.value) == (
        f"CIM Schema archive {str(root / ZIP)!r} is refused because of its file {text!a}: {reason}"
    )
    assert tree(root.parent) == [f"schemas/{ZIP}"]
    assert os.listdir(root) == [ZIP]


def truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def no_zip(content: bytes) -> bytes:
    return b"<html>moved</html>"


def empty(content: bytes) -> bytes:
    return b""


def changed_data(content: bytes) -> bytes:
    """Change a byte of the packed data of the largest file."""
    start = content.index(b"Core/CIM_Base.mof") + len("Core/CIM_Base.mof") + 12
    return content[:start] + bytes([content[start] ^ 0x55]) + content[start + 1 :]


def changed_checksum(content: bytes) -> bytes:
    """Change the checksum of a file in the central directory."""
    start = content.rindex(b"PK\x01\x02") + 16
    return content[:start] + bytes([content[start] ^ 1]) + content[start + 1 :]


def unknown_method(content: bytes) -> bytes:
    start = content.rindex(b"PK\x01\x02") + 10
    return content[:start] + b"\x63" + content[start + 1 :]


DAMAGES = [truncated, no_zip, empty, changed_data, changed_checksum, unknown_method]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_archive(root: Path, damage: Callable[[bytes], bytes]) -> None:
    path = root / ZIP
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DMTFCIMSchemaError, match="is damaged: ") as caught:
        DMTFCIMSchema(VERSION, root)
    assert isinstance(caught.value, (ValueError, zipfile.BadZipFile))
    assert os.listdir(root) == [ZIP]


@needs(REAL)
@pytest.mark.parametrize("part", range(0, 100, 7))
def test_any_part_of_the_released_schema(tmp_path: Path, part: int) -> None:
    content = REAL.read_bytes()
    (tmp_path / REAL.name).write_bytes(content[: len(content) * part // 100])
    with pytest.raises(DMTFCIMSchemaError):
        DMTFCIMSchema((2, 49, 0), tmp_path)
    assert os.listdir(tmp_path) == [REAL.name]


def test_an_archive_of_another_version(root: Path) -> None:
    os.rename(root / ZIP, root / "cim_schema_1.2.4Final-MOFs.zip")
    with pytest.raises(DMTFCIMSchemaError, match=r"has no file 'cim_schema_1\.2\.4\.mof'"):
        DMTFCIMSchema((1, 2, 4), root)
    assert os.listdir(root) == ["cim_schema_1.2.4Final-MOFs.zip"]


def test_a_bomb(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dmtf_schema, "MAX_UNPACKED_SIZE", 5000)
    with pytest.raises(DMTFCIMSchemaError, match="is larger than"):
        DMTFCIMSchema(VERSION, root)
    assert os.listdir(root) == [ZIP]


def test_too_many_files(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dmtf_schema, "MAX_FILES", 3)
    with pytest.raises(DMTFCIMSchemaError, match="more than 3 files"):
        DMTFCIMSchema(VERSION, root)


# Download


class Server:
    """An HTTP server with one answer; `requests` has the paths that were asked for."""

    def __init__(self) -> None:
        self.requests: List[str] = []
        self.status = 200
        self.headers: Dict[str, str] = {}
        self.content = b""
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner.requests.append(self.path)
                self.send_response(owner.status)
                for name, value in owner.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(owner.content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/cim/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server()
    server.content = archive(tmp_path / "source.zip").read_bytes()
    (tmp_path / "source.zip").unlink()
    yield server
    server.stop()


def test_download(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.headers["Content-Length"] = str(len(server.content))
    root = tmp_path / "new" / "schemas"
    schema = DMTFCIMSchema(VERSION, root, verbose=True, base_url=server.url)
    assert server.requests == [f"/cim/cim_schema_v123/{ZIP}"]
    assert schema.schema_zip_url == server.url + f"cim_schema_v123/{ZIP}"
    assert sorted(os.listdir(root)) == [ZIP, "mofFinal1.2.3"]
    assert Path(schema.schema_zip_file).read_bytes() == server.content
    assert capsys.readouterr().out == (
        f"Creating directory for CIM Schema archive: {root}\n"
        f"Downloading CIM Schema archive from: {schema.schema_zip_url}\n"
        f"Creating directory for CIM Schema MOF files: {schema.schema_mof_dir}\n"
        f"Unpacking CIM Schema archive: {schema.schema_zip_file}\n"
    )
    DMTFCIMSchema(VERSION, root, base_url=server.url)
    assert len(server.requests) == 1


def test_base_url_of_the_module(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dmtf_schema, "DMTF_SCHEMA_BASE_URL", server.url)
    assert Path(DMTFCIMSchema(VERSION, tmp_path).schema_pragma_file).is_file()


def refused(root: Path, server: Server) -> ValueError:
    """Return the exception of a download that must leave nothing behind."""
    with pytest.raises(ValueError) as caught:
        DMTFCIMSchema(VERSION, root, base_url=server.url)
    assert not root.exists()
    return caught.value


@pytest.mark.parametrize("status", [404, 500, 503])
def test_download_is_not_there(tmp_path: Path, server: Server, status: int) -> None:
    server.status = status
    error = refused(tmp_path / "new", server)
    assert str(error).startswith(
        f"DMTF Schema archive not found at url {server.url}cim_schema_v123/{ZIP}: "
        f"HTTP Error {status}"
    )


def test_download_ends_too_early(tmp_path: Path, server: Server) -> None:
    server.headers["Content-Length"] = str(len(server.content) + 1)
    message = str(refused(tmp_path / "new", server))
    assert "could not be downloaded completely" in message or "IncompleteRead" in message


@pytest.mark.parametrize("damage", DAMAGES)
def test_download_is_damaged(
    tmp_path: Path, server: Server, damage: Callable[[bytes], bytes]
) -> None:
    """Without a length the end of the connection is the end: only the archive itself tells."""
    server.content = damage(server.content)
    assert isinstance(refused(tmp_path / "new", server), DMTFCIMSchemaError)


def test_download_with_a_name_that_is_refused(tmp_path: Path, server: Server) -> None:
    server.content = archive(tmp_path / "x.zip", {**FILES, "../evil.mof": "evil"}).read_bytes()
    assert "the path leaves the directory" in str(refused(tmp_path / "new", server))
    assert os.listdir(tmp_path) == ["x.zip"]


def test_download_is_too_large(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dmtf_schema, "MAX_ARCHIVE_SIZE", 100)
    assert "is larger than 100 bytes" in str(refused(tmp_path / "new", server))


def test_download_keeps_a_directory_that_was_there(tmp_path: Path, server: Server) -> None:
    server.status = 404
    with pytest.raises(ValueError):
        DMTFCIMSchema(VERSION, tmp_path, base_url=server.url)
    assert os.listdir(tmp_path) == []


def test_nobody_answers(tmp_path: Path, server: Server) -> None:
    server.stop()
    with pytest.raises(ValueError, match="DMTF Schema archive not found at url"):
        DMTFCIMSchema(VERSION, tmp_path / "new", base_url=server.url)


@pytest.mark.parametrize("base_url", ["file:///tmp", "ftp://127.0.0.1/", "", "/tmp"])
def test_url_of_another_scheme(tmp_path: Path, base_url: str) -> None:
    with pytest.raises(ValueError, match="must begin with http:// or https://"):
        DMTFCIMSchema(VERSION, tmp_path / "new", base_url=base_url)
    assert not (tmp_path / "new").exists()
