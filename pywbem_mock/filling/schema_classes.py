"""
Classes of a schema, by the schema pragma file that includes their files.
"""

from __future__ import annotations

import os
import re
from typing import Dict, List, Sequence, Tuple

# DSP0004 annex A.
_INCLUDE = re.compile(r'^\s*#pragma\s+include\s*\(\s*"([^"]+)"\s*\)', re.MULTILINE | re.IGNORECASE)


def _included_files(pragma_file: str) -> Dict[str, str]:
    """
    The files that a schema pragma file includes, by the name of their class,
    case folded.
    """
    directory = os.path.dirname(os.path.abspath(pragma_file))
    with open(pragma_file, encoding="utf-8") as file:
        includes = _INCLUDE.findall(file.read())
    files = {}
    for include in includes:
        path = os.path.join(directory, *include.replace("\\", "/").split("/"))
        name = os.path.splitext(os.path.basename(path))[0]
        files[name.casefold()] = path
    return files


def schema_classes_mof(
    class_names: Sequence[str], schema_pragma_files: Sequence[str]
) -> Tuple[str, List[str]]:
    """
    MOF that includes the files of some classes of a schema, and the
    directories in which the files are found that these depend on.

    Parameters:
        class_names (list of str): Names of the classes, in any lexical case.
        schema_pragma_files (list of str): Paths of the schema pragma files.

    Raises:
        ValueError: A class is in none of the files.
        OSError: A schema pragma file cannot be read.
    """
    files: Dict[str, str] = {}
    directories = []
    for pragma_file in schema_pragma_files:
        for name, path in _included_files(pragma_file).items():
            files.setdefault(name, path)
        directories.append(os.path.dirname(os.path.abspath(pragma_file)))
    missing = [name for name in class_names if name.casefold() not in files]
    if missing:
        raise ValueError(
            f"Classes {', '.join(map(repr, missing))} not in the CIM schema pragma files "
            f"{', '.join(map(repr, schema_pragma_files))}"
        )
    lines = []
    for name in class_names:
        path = files[name.casefold()].replace("\\", "/")
        lines.append(f'#pragma include ("{path}")\n')
    return "".join(lines), directories
