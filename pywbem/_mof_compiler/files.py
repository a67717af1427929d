"""
Finding MOF files: those that are named, those that others include, and those on the search path
that are named like a class.
"""

from __future__ import annotations

import os
from typing import Callable, Dict, Iterator, List, Optional

__all__ = ["Confined", "Files", "identity"]


class Confined(Exception):
    """
    An included file is outside the directory that includes are confined to.
    """


def identity(filename: str) -> object:
    """
    Return what tells a file from others, whatever its path name; None if there is no such file.
    """
    try:
        status = os.stat(filename)
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _spellings(name: str) -> List[str]:
    """
    Return the name of a file, and how this system spells it if it was written on another one.
    """
    names = [name]
    if os.sep != "\\" and "\\" in name:
        names.append(name.replace("\\", os.sep))
    return names


class Files:
    """
    The files of one compilation.

    Parameters:
        search_paths (list of str): Directories that are searched, with those below them.
        include_root (str): Directory that includes are confined to; None for none.
    """

    def __init__(self, search_paths: List[str], include_root: Optional[str] = None) -> None:
        self._search_paths = search_paths
        self._root = None if include_root is None else os.path.realpath(include_root)
        # By directory: the path names of the files below it, by name in lower case.
        self._below: Dict[str, Dict[str, List[str]]] = {}

    def named(self, name: str) -> Optional[str]:
        """
        Return the path name of a file that is relative to the working directory, or found on the
        search path; None if there is none.
        """
        return self._first(name, os.curdir, os.path.exists)

    def included(self, name: str, by: Optional[str]) -> Optional[str]:
        """
        Return the path name of a file that is relative to the including file, or found on the
        search path; None if there is none.

        Parameters:
            name (str): What the pragma says.
            by (str): Path name of the including file; None for a string.

        Raises:
            Confined: The file is not below the root of includes.
        """
        directory = os.path.dirname(by or "") or os.curdir
        if self._root is None:
            return self._first(name, directory, os.path.exists)
        found = self._first(name, directory, self._exists_below_root)
        if found is None and not all(
            self._is_below_root(os.path.join(directory, spelling)) for spelling in _spellings(name)
        ):
            # Whether there is such a file, nobody needs to know.
            raise Confined(name)
        return found

    def _is_below_root(self, filename: str) -> bool:
        root = str(self._root)
        path = os.path.realpath(filename)
        return path == root or path.startswith(os.path.join(root, ""))

    def _exists_below_root(self, filename: str) -> bool:
        return self._is_below_root(filename) and os.path.exists(filename)

    def _first(self, name: str, directory: str, suits: Callable[[str], bool]) -> Optional[str]:
        for spelling in _spellings(name):
            for filename in self._candidates(spelling, directory):
                if suits(filename):
                    return filename
        return None

    def _candidates(self, name: str, directory: str) -> Iterator[str]:
        """
        Yield where a file of a name may be: relative to a directory, then for each directory of the
        search path relative to it, and by its base name, in any lexical case, anywhere below it.
        """
        if not name:
            return
        yield name if directory == os.curdir else os.path.join(directory, name)
        for searched in self._search_paths:
            yield os.path.join(searched, name)
            yield from self._files_below(searched).get(os.path.basename(name).lower(), [])

    def on_search_path(self, filename: str) -> Optional[str]:
        """
        Return the path name of the first file of a base name on the search path.
        """
        for directory in self._search_paths:
            found = self._files_below(directory).get(filename.lower())
            if found:
                return found[0]
        return None

    def _files_below(self, directory: str) -> Dict[str, List[str]]:
        """
        Return the files below a directory, which is read once.
        """
        files = self._below.get(directory)
        if files is None:
            files = self._below[directory] = {}
            for path, dirs, names in os.walk(directory):
                dirs.sort()
                for name in sorted(names):
                    files.setdefault(name.lower(), []).append(os.path.join(path, name))
        return files
