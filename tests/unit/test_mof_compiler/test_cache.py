"""
The cache of parsed files: what it keeps, whom it trusts, and that nothing fails because of it.
"""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from pywbem._mof_compiler import MOFCompileError, MOFCompiler, MOFWBEMConnection
from pywbem._mof_compiler import cache as cache_module
from pywbem._mof_compiler import parser as parser_module
from tests.unit.test_mof_compiler.repositories import NAMESPACE, QUALIFIERS

# It is worth it for more text than this.
CLASSES = 400


def class_mof(number: int) -> str:
    return (
        f'[Description ("Class {number} \u00e9\u20ac")]\nclass TST_C{number} {{\n'
        '  [Key, Description ("The key")] string Id = "x";\n'
        "  uint32 Numbers[] = { 1, -0, 3 };\n"
        '  [Description ("A method")] uint32 Go ([In] string A, [In (false)] TST_C0 REF B);\n'
        "};\n"
    ).replace("-0", "2")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of MOF, and a cache that is used."""
    monkeypatch.setenv("PYWBEM_MOF_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "mof"
    folder.mkdir()
    (folder / "classes.mof").write_text("".join(map(class_mof, range(CLASSES))), encoding="utf-8")
    (folder / "last.mof").write_text(class_mof(CLASSES), encoding="utf-8")
    instances = "instance of TST_C1 as $a { Id = \"1\"; };\nclass TST_Char { char16 C = 'c'; };\n"
    (folder / "instances.mof").write_text(instances, encoding="utf-8")
    (folder / "all.mof").write_text(
        QUALIFIERS
        + "".join(f'#pragma include ("{name}.mof")\n' for name in ("classes", "last", "instances")),
        encoding="utf-8",
    )
    return folder


@pytest.fixture(name="parsed")
def _parsed(monkeypatch: pytest.MonkeyPatch) -> List[str]:
    """The begins of the texts that were parsed."""
    texts: List[str] = []
    parse = parser_module.MOFParser.parse

    def noting(self: Any, text: str) -> Any:
        texts.append(text[:30])
        return parse(self, text)

    monkeypatch.setattr(parser_module.MOFParser, "parse", noting)
    return texts


def compiled(folder: Path) -> Dict[str, Any]:
    """Compile; return what came of it."""
    handle = MOFWBEMConnection()
    MOFCompiler(handle, log_func=None).compile_file(str(folder / "all.mof"), NAMESPACE)
    return {
        "classes": {name: cls.tomof() for name, cls in handle.classes[NAMESPACE].items()},
        "instances": [item.tocimxmlstr() for item in handle.instances[NAMESPACE]],
        "qualifiers": [item.tomof() for item in handle.qualifiers[NAMESPACE].values()],
    }


def files(folder: Path) -> List[Path]:
    return sorted((folder.parent / "cache").glob("*"))


def test_second_compilation(folder: Path, parsed: List[str]) -> None:
    """It has the same result, and parses only what has no form in the cache: characters."""
    first = compiled(folder)
    assert len(parsed) == 4
    parsed.clear()
    assert compiled(folder) == first
    assert [text[:11] for text in parsed] == ["instance of"]
    (file,) = files(folder)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_changed_file(folder: Path, parsed: List[str]) -> None:
    first = compiled(folder)
    text = (folder / "last.mof").read_text(encoding="utf-8")
    (folder / "last.mof").write_text(text.replace('"x"', '"y"'), encoding="utf-8")
    parsed.clear()
    second = compiled(folder)
    assert len(parsed) == 2
    changed = [name for name, mof in second["classes"].items() if mof != first["classes"][name]]
    assert changed == [f"TST_C{CLASSES}"]


@pytest.mark.parametrize("setting", ["off", "OFF", "0", "no", "relative/folder"])
def test_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("PYWBEM_MOF_CACHE", setting)
    compiled(folder)
    assert files(folder) == []


@pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="these have other directories for caches"
)
@pytest.mark.parametrize("given", [True, False], ids=["XDG_CACHE_HOME", "home"])
def test_default_directory(folder: Path, monkeypatch: pytest.MonkeyPatch, given: bool) -> None:
    monkeypatch.delenv("PYWBEM_MOF_CACHE")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "xdg") if given else "not/absolute")
    compiled(folder)
    base = folder / ("xdg" if given else ".cache")
    assert len(list((base / "pywbem" / "mof").glob("*"))) == 1


def test_little_text_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYWBEM_MOF_CACHE", str(tmp_path / "cache"))
    (tmp_path / "all.mof").write_text(QUALIFIERS, encoding="utf-8")
    MOFCompiler(None, log_func=None).compile_file(str(tmp_path / "all.mof"), NAMESPACE)
    assert list((tmp_path / "cache").glob("*")) == []


DAMAGE: Dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "short": lambda data: data[:1000],
    "one bit": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "other bytes": lambda data: bytes(range(256)) * 100,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file(folder: Path, parsed: List[str], damage: str) -> None:
    """It is ignored, and replaced by a good one."""
    first = compiled(folder)
    (file,) = files(folder)
    good = file.read_bytes()
    file.write_bytes(DAMAGE[damage](good))
    parsed.clear()
    assert compiled(folder) == first
    assert len(parsed) == 4
    assert len(file.read_bytes()) == len(good)
    parsed.clear()
    assert compiled(folder) == first
    assert len(parsed) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no such modes")
@pytest.mark.parametrize("what", ["directory", "file"])
def test_what_others_can_write(folder: Path, parsed: List[str], what: str) -> None:
    compiled(folder)
    (file,) = files(folder)
    (file if what == "file" else file.parent).chmod(0o777)
    parsed.clear()
    compiled(folder)
    assert len(parsed) == 4


def test_what_belongs_to_others(
    folder: Path, parsed: List[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(os, "geteuid"):
        pytest.skip("there are no such owners")
    compiled(folder)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    parsed.clear()
    compiled(folder)
    assert len(parsed) == 4


def test_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that cannot be made is no reason to fail."""
    (folder / "plain file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PYWBEM_MOF_CACHE", str(folder / "plain file" / "cache"))
    assert compiled(folder)["classes"]


def test_size_is_limited(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not used for longest goes first, and what a killed process left."""
    compiled(folder)
    (old,) = files(folder)
    os.utime(old, (1, 1))
    left = old.with_name("left.tmp")
    left.write_bytes(b"x")
    os.utime(left, (1, 1))
    # What stat() does not find: another process has removed it meanwhile.
    gone = old.with_name("gone.tmp")
    gone.symlink_to(folder / "nowhere")
    monkeypatch.setattr(cache_module, "_MOST_OF_ALL", old.stat().st_size + 1)
    text = (folder / "all.mof").read_text(encoding="utf-8")
    (folder / "all.mof").write_text(f"// another one\n{text}", encoding="utf-8")
    compiled(folder)
    (new,) = set(files(folder)) - {gone}
    assert new != old


def test_writers_at_once(folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: compiled(folder), range(4)))
    assert all(result == results[0] for result in results)
    assert len(files(folder)) == 1


@pytest.mark.parametrize("cached", [False, True], ids=["parsed", "cached"])
def test_error_has_its_place(folder: Path, cached: bool) -> None:
    """The line of a cached file is told for what is wrong with another repository."""
    if cached:
        compiled(folder)
    with pytest.raises(MOFCompileError) as info:
        # Without the qualifier declarations.
        MOFCompiler(None, log_func=None).compile_file(str(folder / "classes.mof"), NAMESPACE)
    error = info.value
    assert (error.file, error.lineno, error.column) == (str(folder / "classes.mof"), 1, 2)
    assert error.context is not None and "Description" in error.context[-2]


def test_error_of_syntax_is_not_kept(folder: Path) -> None:
    text = (folder / "classes.mof").read_text(encoding="utf-8")
    (folder / "classes.mof").write_text(f"{text}class {{", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(MOFCompileError) as info:
            compiled(folder)
        assert info.value.lineno == text.count("\n") + 1
