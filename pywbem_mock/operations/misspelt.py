"""
Names of operations that are written wrongly.
"""

from __future__ import annotations

import difflib
from typing import Optional

from ..store.memory import InMemoryRepository
from .call_handler import OPERATIONS
from .calls import INVOKE_METHOD

# 367 names of methods in the schema of the DMTF are further from those of operations.
_CLOSE = 0.8

_NAMES = {name.lower(): name for name in (*OPERATIONS, INVOKE_METHOD)}


def check_operation(name: Optional[str], repository: InMemoryRepository) -> None:
    """
    Check the operation of a fault.  It may be that of a method, which may have any name and come
    into the repository later; only what looks like another operation is wrong.

    Parameters:
        name (str): The name; it may have wildcards.  None means any.
        repository (InMemoryRepository): A method of a class in there is not wrong.

    Raises:
        ValueError: It is the name of an operation, written wrongly.
    """
    # What is no name at all is told where the other arguments are checked.
    if not isinstance(name, str) or name.lower() in _NAMES:
        return
    similar = difflib.get_close_matches(name.lower(), _NAMES, 1, _CLOSE)
    if similar and not set("*?[") & set(name) and not _is_method(name, repository):
        raise ValueError(
            f"There is no operation {name!r}, and no class with such a method; did you mean "
            f"{_NAMES[similar[0]]}?"
        )


def _is_method(name: str, repository: InMemoryRepository) -> bool:
    return any(
        name in cls.methods
        for namespace in repository.namespaces
        for cls in repository.get_class_store(namespace).iter_values(copy=False)
    )
