"""
DMTFCIMSchema: a release of the DMTF CIM schema as a folder of MOF files.

What comes from the network and what is in an archive is not trusted: a download becomes the archive
only when it is complete and every file in it has the right checksum, and an archive is unpacked
only if all its names stay in the folder. Both are made beside their final place and renamed, so
that an interrupted run leaves nothing that looks finished.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import urllib.error
import urllib.request
import zipfile
from contextlib import contextmanager
from http.client import HTTPException
from typing import IO, Any, Iterable, Iterator, List, Optional, Tuple, Union

from pywbem._version import __version__

__all__ = ["DMTFCIMSchema", "DMTFCIMSchemaError"]

# Where the DMTF publishes its schema archives; DMTFCIMSchema(base_url=...) overrides it.
DMTF_SCHEMA_BASE_URL = "https://www.dmtf.org/sites/default/files/cim"

# Longest time to wait for the server at a time, in seconds.
DOWNLOAD_TIMEOUT = 60

# CIM schema 2.49.0: 1.8 MB packed, 9 MB unpacked, 1800 files.
MAX_ARCHIVE_SIZE = 100_000_000
MAX_UNPACKED_SIZE = 500_000_000
MAX_FILES = 50_000

_PIECE = 65536

_INCLUDE = re.compile(r'\s*#pragma\s+include\s*\(\s*"([^"]*)"\s*\)', re.IGNORECASE)

PathArg = Union[str, "os.PathLike[str]"]


class DMTFCIMSchemaError(ValueError, zipfile.BadZipFile):
    """
    An archive of a DMTF CIM schema is damaged, or has other contents than it should.

    It is a :exc:`ValueError` and a :exc:`zipfile.BadZipFile`.
    """


class DMTFCIMSchema:
    """
    A release of the DMTF CIM schema: downloads its archive of MOF files if necessary, unpacks it,
    and selects the classes to be compiled, for
    :meth:`~pywbem_mock.FakedWBEMConnection.compile_schema_classes`.

    An archive that is in the schema root directory already is used without any network access.
    One directory can have several releases, and the final and the experimental schema of each.
    """

    def __init__(
        self,
        schema_version: Tuple[int, int, int],
        schema_root_dir: PathArg,
        use_experimental: bool = False,
        verbose: bool = False,
        base_url: Optional[str] = None,
    ) -> None:
        """
        Parameters:
            schema_version (tuple of int): Major, minor and update version, e.g. ``(2, 49, 0)``.
            schema_root_dir (:class:`str`): Directory for the archive and for the directory with
                the MOF files. It is created if it does not exist.
            use_experimental (:class:`bool`): Use the experimental schema instead of the final
                one.
            verbose (:class:`bool`): Print what is downloaded and unpacked.
            base_url (:class:`str`): URL (http or https) below which to find the archive,
                instead of the one at the DMTF; for a mirror.

        Raises:
            TypeError: The version is not a tuple of integers.
            ValueError: The version has not three components, or the archive cannot be
                downloaded.
            DMTFCIMSchemaError: The archive is damaged, has a name that leaves the directory, or
                is not that of this version. Nothing of it is left unpacked.
            OSError: A file or directory cannot be written or read.
        """
        _check_version(schema_version)
        self._schema_version = schema_version
        self._schema_root_dir = schema_root_dir
        self.verbose = verbose

        version = self.schema_version_str
        kind = "Experimental" if use_experimental else "Final"
        archive = f"cim_schema_{version}{kind}-MOFs.zip"
        compact = "".join(str(number) for number in schema_version)
        base = (DMTF_SCHEMA_BASE_URL if base_url is None else base_url).rstrip("/")
        self._schema_zip_url = f"{base}/cim_schema_v{compact}/{archive}"
        self._schema_zip_file = os.path.join(schema_root_dir, archive)
        self._schema_mof_dir = os.path.join(schema_root_dir, f"mof{kind}{version}")
        self._pragma_name = f"cim_schema_{version}.mof"
        self._schema_pragma_file = os.path.join(self._schema_mof_dir, self._pragma_name)

        self._provide_archive()
        self._provide_mof_files()

    def __str__(self) -> str:
        return (
            f"{type(self).__name__}(schema_version_str={self.schema_version_str}, "
            f"schema_root_dir={self.schema_root_dir}, schema_mof_dir={self.schema_mof_dir}, "
            f"schema_pragma_file={self.schema_pragma_file})"
        )

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(schema_version={self.schema_version}, "
            f"schema_root_dir={self.schema_root_dir}, schema_zip_file={self.schema_zip_file}, "
            f"schema_mof_dir={self.schema_mof_dir}, schema_pragma_file={self.schema_pragma_file}, "
            f"schema_zip_url={self.schema_zip_url})"
        )

    @property
    def schema_version(self) -> Tuple[int, int, int]:
        """Major, minor and update version (tuple of :class:`int`)."""
        return self._schema_version

    @property
    def schema_version_str(self) -> str:
        """The version as a string, e.g. ``2.49.0``."""
        return ".".join(str(number) for number in self._schema_version)

    @property
    def schema_root_dir(self) -> PathArg:
        """Path name of the schema root directory, as it was specified."""
        return self._schema_root_dir

    @property
    def schema_zip_file(self) -> str:
        """Path name of the archive, in the schema root directory."""
        return self._schema_zip_file

    @property
    def schema_zip_url(self) -> str:
        """URL from which the archive is downloaded if it is not there."""
        return self._schema_zip_url

    @property
    def schema_mof_dir(self) -> str:
        """
        Path name of the directory with the unpacked MOF files, in the schema root directory.

        It can serve the MOF compiler as a search path.
        """
        return self._schema_mof_dir

    @property
    def schema_pragma_file(self) -> str:
        """
        Path name of the MOF file that includes all others:
        ``<schema_mof_dir>/cim_schema_<schema_version_str>.mof``.
        """
        return self._schema_pragma_file

    def build_schema_mof(self, class_names: Union[str, Iterable[str]]) -> str:
        """
        Return MOF that includes the files of some classes of the schema.

        It need not include superclasses and other classes on which these depend: the MOF compiler
        finds them if `schema_mof_dir` is its search path.

        Parameters:
            class_names (:class:`str` or iterable of :class:`str`): Names of classes of the
                schema, in the lexical case of the schema.

        Returns:
            :class:`str`: MOF text, with an include pragma for each class, in the order of the
            schema pragma file.

        Raises:
            ValueError: A class is not in the schema.
            OSError: The schema pragma file cannot be read, for example after `clean`.
        """
        wanted = [class_names] if isinstance(class_names, str) else list(class_names)
        with open(self._schema_pragma_file, encoding="utf-8") as pragma_file:
            includes = [match.group(1) for match in map(_INCLUDE.match, pragma_file) if match]
        classes = {_included_class(include): include for include in includes}
        missing = [name for name in wanted if name not in classes]
        if missing:
            raise ValueError(
                f"Classes {', '.join(missing)!r} not in the CIM schema pragma file "
                f"{self._schema_pragma_file!r}"
            )
        lines = ['#pragma locale ("en_US")\n']
        lines += [
            f'#pragma include ("{include}")\n'
            for name, include in classes.items()
            if name in wanted
        ]
        return "".join(lines)

    def clean(self) -> None:
        """
        Remove the MOF files and their directory, which take much more space than the archive.

        The next :class:`DMTFCIMSchema` object for this version unpacks them again.
        """
        if os.path.isdir(self._schema_mof_dir):
            shutil.rmtree(self._schema_mof_dir)

    def remove(self) -> None:
        """
        Remove the MOF files, the archive, and the schema root directory if it is empty then.
        """
        self.clean()
        if os.path.isfile(self._schema_zip_file):
            os.remove(self._schema_zip_file)
        if os.path.isdir(self._schema_root_dir) and not os.listdir(self._schema_root_dir):
            os.rmdir(self._schema_root_dir)

    def _report(self, message: str) -> None:
        if self.verbose:
            print(message)

    def _provide_archive(self) -> None:
        """Download the archive if it is not there."""
        if os.path.isfile(self._schema_zip_file):
            return
        created = not os.path.isdir(self._schema_root_dir)
        if created:
            self._report(f"Creating directory for CIM Schema archive: {self._schema_root_dir}")
            os.makedirs(self._schema_root_dir)
        self._report(f"Downloading CIM Schema archive from: {self._schema_zip_url}")
        try:
            with _new_name(self._schema_zip_file) as part:
                _download(self._schema_zip_url, part)
                _check_archive(part, self._schema_zip_url)
                os.replace(part, self._schema_zip_file)
        except BaseException:
            if created and not os.listdir(self._schema_root_dir):
                os.rmdir(self._schema_root_dir)
            raise

    def _provide_mof_files(self) -> None:
        """Unpack the archive if its MOF files are not there."""
        # The file is the last proof: an earlier release could leave half of a directory.
        if os.path.isfile(self._schema_pragma_file):
            return
        if not os.path.isdir(self._schema_mof_dir):
            self._report(f"Creating directory for CIM Schema MOF files: {self._schema_mof_dir}")
        self._report(f"Unpacking CIM Schema archive: {self._schema_zip_file}")
        with _new_name(self._schema_mof_dir) as part:
            os.mkdir(part)
            _unpack(self._schema_zip_file, part)
            if not os.path.isfile(os.path.join(part, self._pragma_name)):
                raise DMTFCIMSchemaError(
                    f"CIM Schema archive {self._schema_zip_file!r} has no file "
                    f"{self._pragma_name!r}: it is not the archive of this schema version"
                )
            if os.path.isfile(self._schema_pragma_file):
                return  # Another process was faster.
            self.clean()
            try:
                os.rename(part, self._schema_mof_dir)
            except OSError:
                if not os.path.isfile(self._schema_pragma_file):
                    raise


def _check_version(version: Any) -> None:
    if not isinstance(version, tuple):
        raise TypeError(f"Schema_version {version!r} must be tuple")
    if len(version) != 3:
        raise ValueError(
            f"DMTF Schema must have 3 integer components, (major, minor, update version) "
            f"not {version!r}"
        )
    for number in version:
        if not isinstance(number, int) or isinstance(number, bool):
            raise TypeError(f"{number!r} in schema_version {version!r} not integer")
        if number < 0:
            raise ValueError(f"{number!r} in schema_version {version!r} is negative")


def _included_class(include: str) -> Optional[str]:
    """
    Return the class whose file an include pragma names: `CIM_Foo` for ``Core/CIM_Foo.mof``.

    The files beside the pragma file have the qualifier declarations.
    """
    directory, _, name = include.replace("\\", "/").rpartition("/")
    return name[:-4] if directory and name.endswith(".mof") else None


@contextmanager
def _new_name(path: str) -> Iterator[str]:
    """Give the name of a file or directory to be made beside another; what is left is removed."""
    part = f"{path}.{secrets.token_hex(4)}.part"
    try:
        yield part
    finally:
        if os.path.isdir(part):
            shutil.rmtree(part)
        elif os.path.exists(part):
            os.remove(part)


def _download(url: str, part: str) -> None:
    """
    Write what a URL returns into a file.

    Raises:
        ValueError: It cannot be downloaded, or not completely.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"URL of DMTF Schema archive must begin with http:// or https://: {url}")
    request = urllib.request.Request(url, headers={"User-Agent": f"pywbem/{__version__}"})
    try:
        with urllib.request.urlopen(request, timeout=DOWNLOAD_TIMEOUT) as response:
            length = response.headers.get("Content-Length")
            with open(part, "xb") as target:
                size = _copy(response, target, MAX_ARCHIVE_SIZE, url)
    except (OSError, HTTPException) as exc:
        if isinstance(exc, urllib.error.HTTPError):
            # It is the response, too, and has the connection.
            exc.close()
        raise ValueError(f"DMTF Schema archive not found at url {url}: {exc}") from exc
    if length is not None and length != str(size):
        raise ValueError(
            f"DMTF Schema archive at url {url} could not be downloaded completely: "
            f"got {size} of {length} bytes"
        )


def _copy(source: IO[bytes], target: IO[bytes], limit: int, name: str) -> int:
    """Copy a file up to its end, and return the number of bytes, at most the limit."""
    size = 0
    while True:
        piece = source.read(_PIECE)
        if not piece:
            return size
        size += len(piece)
        if size > limit:
            raise DMTFCIMSchemaError(f"CIM Schema archive {name!r} is larger than {limit} bytes")
        target.write(piece)


@contextmanager
def _opened(path: str, name: str) -> Iterator[zipfile.ZipFile]:
    """Give an open archive; whatever is wrong with it becomes a DMTFCIMSchemaError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (DMTFCIMSchemaError, OSError):
        raise
    except Exception as exc:
        # zipfile and zlib let many exceptions through for damaged archives.
        raise DMTFCIMSchemaError(f"CIM Schema archive {name!r} is damaged: {exc}") from exc


def _check_archive(path: str, name: str) -> None:
    """
    Check the names and checksums of all files in an archive.

    Raises:
        DMTFCIMSchemaError: The archive is damaged or has a name that is not allowed.
    """
    with _opened(path, name) as archive, open(os.devnull, "wb") as nowhere:
        left = MAX_UNPACKED_SIZE
        for info in _members(archive, name):
            if not info.is_dir():
                with archive.open(info) as source:
                    left -= _copy(source, nowhere, left, name)


def _unpack(path: str, directory: str) -> None:
    """
    Unpack an archive into an empty directory.

    Raises:
        DMTFCIMSchemaError: The archive is damaged or has a name that is not allowed.
    """
    with _opened(path, path) as archive:
        left = MAX_UNPACKED_SIZE
        for info in _members(archive, path):
            target = os.path.join(directory, *info.filename.rstrip("/").split("/"))
            if info.is_dir():
                os.makedirs(target, exist_ok=True)
                continue
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(info) as source, open(target, "xb") as output:
                left -= _copy(source, output, left, path)


def _members(archive: zipfile.ZipFile, name: str) -> List[zipfile.ZipInfo]:
    """Return what is in an archive, having checked all names."""
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise DMTFCIMSchemaError(f"CIM Schema archive {name!r} has more than {MAX_FILES} files")
    seen = set()
    for info in members:
        reason = _refusal(info)
        # Two names of one file would let the second overwrite the first.
        folded = info.filename.rstrip("/").lower()
        if reason is None and folded in seen:
            reason = "it is there twice"
        if reason is not None:
            raise DMTFCIMSchemaError(
                f"CIM Schema archive {name!r} is refused because of its file "
                f"{info.orig_filename!a}: {reason}"
            )
        seen.add(folded)
    return members


def _refusal(info: zipfile.ZipInfo) -> Optional[str]:
    """Return why a file of an archive is not unpacked; `None` if it is."""
    # zipfile cuts names at NUL and turns the separators of the platform into slashes.
    filename = info.orig_filename
    if filename.startswith("/") or re.match("[A-Za-z]:", filename):
        return "the path is absolute"
    parts = filename.rstrip("/").split("/")
    if ".." in parts:
        return "the path leaves the directory"
    if any(part in ("", ".") or re.search(r'[\\:\x00-\x1f<>"|?*]', part) for part in parts):
        return "the name is not allowed"
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is neither a file nor a directory"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    return None
