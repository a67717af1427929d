"""
The files on which mock scripts depend.
"""

from __future__ import annotations

import os
from typing import Dict, Iterator, List, Union

__all__ = ["ProviderDependentRegistry"]


def _normalized(path: str) -> str:
    """
    A path in the form in which it is kept: relative to the home directory,
    except on another drive.
    """
    path = os.path.normcase(os.path.abspath(path))
    try:
        return os.path.relpath(path, os.path.normcase(os.path.expanduser("~")))
    except ValueError:
        return path


def _accessible(path: str) -> str:
    """
    A kept path as one from the current directory.
    """
    path = os.path.join(os.path.normcase(os.path.expanduser("~")), path)
    try:
        return os.path.relpath(path)
    except ValueError:
        return path


class ProviderDependentRegistry:
    """
    A registry of the files on which mock scripts depend, beside the scripts
    themselves.

    Tools that keep a mock environment in a file use it to find out whether
    that is outdated.  Paths are kept relative to the home directory.
    """

    def __init__(self) -> None:
        self._registry: Dict[str, List[str]] = {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}(registry={self._registry!r})"

    def load(self, other: ProviderDependentRegistry) -> None:
        """
        Replace the content of this registry by that of another, for example
        one that was unpickled.

        Parameters:
            other (ProviderDependentRegistry): The other registry.
        """
        self._registry = other._registry

    def add_dependents(self, mock_script_path: str, dependent_paths: Union[str, List[str]]) -> None:
        """
        Add files on which a mock script depends.

        Parameters:
            mock_script_path (str): Path of the mock script.
            dependent_paths (str or list of str): Paths of the files.
        """
        if isinstance(dependent_paths, str):
            dependent_paths = [dependent_paths]
        dependents = self._registry.setdefault(_normalized(mock_script_path), [])
        dependents.extend(_normalized(path) for path in dependent_paths)

    def iter_dependents(self, mock_script_path: str) -> Iterator[str]:
        """
        Return an iterator over the paths of the files on which a mock script
        depends, as paths from the current directory; none if the script is not
        known.

        Parameters:
            mock_script_path (str): Path of the mock script.
        """
        for path in self._registry.get(_normalized(mock_script_path), ()):
            yield _accessible(path)
