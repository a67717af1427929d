"""
A cache of what files were parsed to, so that a program that compiles the same files again starts
in less time.

What is kept are the declarations of each text, by the hash of the text: a file that has changed is
parsed again, and places in messages are found in the text, as always.  The texts of one compilation
are in one file, by the first of them.

The files are in a directory of the user's own, which nobody else may write to, or there is no
cache.  Their format is that of ``marshal``: reading it runs no code, as reading a pickle would, and
takes a quarter of the time of JSON, which also has no tuples.  ``marshal`` does not stand damaged
data, therefore a checksum is in front of it.  What cannot be read is replaced, and what cannot be
written is left out: the cache never makes a compilation fail.
"""

from __future__ import annotations

import functools
import hashlib
import marshal
import os
import stat
import sys
import tempfile
import time
from contextlib import suppress
from typing import Any, Callable, Dict, List, Optional, Tuple

from pywbem._version import __version__

from .declarations import (
    ClassDeclaration,
    Declaration,
    Feature,
    InstanceDeclaration,
    Parameter,
    Pragma,
    QualifierDeclaration,
    Setting,
)
from .parser import Parsed
from .syntax_errors import Rejected

__all__ = ["ENVIRONMENT_VARIABLE", "ParsedFiles"]

#: Names the directory of the cache; ``off`` means that there is none.
ENVIRONMENT_VARIABLE = "PYWBEM_MOF_CACHE"

# The format of this version, in this Python.
_FORMAT = f"pywbem {__version__} 1 {sys.implementation.cache_tag} {marshal.version}"
_SUFFIX = ".parsed"
_DIGEST_SIZE = 32
# The fastest one that nobody can find two texts for.
_hash = functools.partial(hashlib.blake2b, digest_size=_DIGEST_SIZE)
# Characters: it takes less time to parse a few than to find a file.
_LEAST = 50_000
# Bytes of one file, and of all.
_MOST = 32 * 1024 * 1024
_MOST_OF_ALL = 256 * 1024 * 1024
# Seconds after which a file is one of a process that ended while it wrote it.
_ABANDONED = 3600


class ParsedFiles:
    """
    The texts of the files of one compilation, parsed before or now.

    Parameters:
        parse (callable): Parses a text.
    """

    def __init__(self, parse: Callable[[str], Parsed]) -> None:
        self._parse = parse
        self._path: Optional[str] = None
        self._opened = False
        self._known: Dict[bytes, bytes] = {}
        self._new: Dict[bytes, bytes] = {}
        self._new_size = 0

    def parse(self, text: str) -> Parsed:
        """
        Return what a text has.

        Parameters:
            text (str): The text of a file.
        """
        data = text.encode("utf-8", "surrogatepass")
        if not self._opened:
            self._opened = True
            self._open(data)
        if self._path is None:
            return self._parse(text)
        key = _hash(data).digest()
        parsed = _unpacked(self._known.get(key))
        if parsed is None:
            parsed = self._parse(text)
            packed = None if parsed.errors else _packed(parsed)
            if packed is not None:
                self._new[key] = packed
                self._new_size += len(text)
        return parsed

    def _open(self, first: bytes) -> None:
        directory = _directory()
        if directory is None:
            return
        name = _hash(_FORMAT.encode() + b"\0" + first).hexdigest() + _SUFFIX
        self._path = os.path.join(directory, name)
        self._known = _read(self._path)

    def store(self) -> None:
        """
        Keep what was parsed, if it is worth it.
        """
        if self._path is None or self._new_size < _LEAST:
            return
        content = {**self._known, **self._new}
        if sum(map(len, content.values())) > _MOST:
            content = self._new
        data = marshal.dumps(content)
        if len(data) <= _MOST:
            with suppress(OSError):
                _write(self._path, data)
                _tidy(os.path.dirname(self._path))


# The directory


def _directory() -> Optional[str]:
    """
    Return the directory of the cache; None if there is none, or others could write to it.
    """
    setting = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if setting.lower() in ("off", "0", "no", "false"):
        return None
    directory = setting or _default_directory()
    if not os.path.isabs(directory):
        return None
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except (OSError, ValueError):
        return None
    return directory if stat.S_ISDIR(status.st_mode) and _is_own(status) else None


def _default_directory() -> str:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            # The XDG specification: a relative path is to be ignored.
            base = os.path.expanduser("~/.cache")
    return os.path.join(base, "pywbem", "mof") if base else ""


def _is_own(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        # What is below a user's local data on Windows is that user's.
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


# The files


def _read(path: str) -> Dict[bytes, bytes]:
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or not _is_own(status):
                return {}
            data = file.read(_MOST + _DIGEST_SIZE)
        digest, content = data[:_DIGEST_SIZE], data[_DIGEST_SIZE:]
        if _hash(content).digest() != digest:
            return {}
        known: Dict[bytes, bytes] = marshal.loads(content)
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    with suppress(OSError):
        # It is in use.
        os.utime(path)
    return known


def _write(path: str, data: bytes) -> None:
    """
    Write a file that is there as a whole or not at all, whoever else writes it.
    """
    handle, temporary = tempfile.mkstemp(".tmp", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_hash(data).digest())
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _tidy(directory: str) -> None:
    """
    Remove what was not used for longest until the rest is not too large.
    """
    files: List[Tuple[float, int, str]] = []
    with os.scandir(directory) as entries:
        for entry in entries:
            # Others write and tidy at the same time.
            with suppress(FileNotFoundError):
                status = entry.stat()
                if entry.name.endswith(_SUFFIX):
                    files.append((status.st_mtime, status.st_size, entry.path))
                elif entry.name.endswith(".tmp") and status.st_mtime < time.time() - _ABANDONED:
                    os.unlink(entry.path)
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= _MOST_OF_ALL:
            break
        total -= size
        with suppress(FileNotFoundError):
            os.unlink(path)


# Declarations as plain tuples


def _packed(parsed: Parsed) -> Optional[bytes]:
    """
    Return what a text has as bytes; None if that has no form for something, such as an alias.
    """
    try:
        warnings = [(warning.message, warning.pos, warning.end) for warning in parsed.warnings]
        packed = [_PACK[type(declaration)](declaration) for declaration in parsed.declarations]
        return marshal.dumps((packed, warnings))
    except ValueError:
        return None


def _unpacked(data: Optional[bytes]) -> Optional[Parsed]:
    if data is None:
        return None
    packed, warnings = marshal.loads(data)
    declarations: List[Declaration] = [_UNPACK[kind](fields) for kind, fields in packed]
    return Parsed(declarations, [], [Rejected(*warning) for warning in warnings])


def _pack_class(declaration: ClassDeclaration) -> Any:
    features = [
        tuple(feature._replace(parameters=_plain(feature.parameters)))
        for feature in declaration.features
    ]
    return "class", tuple(declaration._replace(features=features))  # type: ignore[arg-type]


def _unpack_class(fields: Any) -> ClassDeclaration:
    declaration = ClassDeclaration._make(fields)
    features = declaration.features
    for index, feature in enumerate(map(Feature._make, features)):
        features[index] = feature
        if feature.parameters:
            feature.parameters[:] = map(Parameter._make, feature.parameters)
    return declaration


def _pack_instance(declaration: InstanceDeclaration) -> Any:
    return "instance", tuple(declaration._replace(settings=_plain(declaration.settings)))


def _unpack_instance(fields: Any) -> InstanceDeclaration:
    declaration = InstanceDeclaration._make(fields)
    declaration.settings[:] = map(Setting._make, declaration.settings)
    return declaration


def _plain(items: Any) -> Any:
    return None if items is None else [tuple(item) for item in items]


_PACK: Dict[type, Callable[[Any], Any]] = {
    ClassDeclaration: _pack_class,
    InstanceDeclaration: _pack_instance,
    Pragma: lambda declaration: ("pragma", tuple(declaration)),
    QualifierDeclaration: lambda declaration: ("qualifier", tuple(declaration)),
}
_UNPACK: Dict[str, Callable[[Any], Any]] = {
    "class": _unpack_class,
    "instance": _unpack_instance,
    "pragma": Pragma._make,
    "qualifier": QualifierDeclaration._make,
}
