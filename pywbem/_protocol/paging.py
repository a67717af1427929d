"""
Checks of the arguments of iterations.
"""

from __future__ import annotations

from typing import Any, Optional

from .. import config
from .arguments import count, positive_count


class _FromConfig(int):
    """
    Stands for what the configuration variable says at the time of the call.
    """


DEFAULT_ITER_MAXOBJECTCOUNT = _FromConfig(config.DEFAULT_ITER_MAXOBJECTCOUNT)


def page_size(max_object_count: int) -> int:
    """
    How many objects are fetched with one operation.

    Parameters:
        max_object_count (int): The argument MaxObjectCount of an iteration.
    """
    if isinstance(max_object_count, _FromConfig):
        return config.DEFAULT_ITER_MAXOBJECTCOUNT
    return max_object_count


def check_limits(timeout: Optional[int], max_object_count: int) -> None:
    """
    Check OperationTimeout and MaxObjectCount of an iteration.
    """
    positive_count("MaxObjectCount", max_object_count)
    count("OperationTimeout", timeout)


def only_pulled(traditional: str, name: str, value: Any) -> None:
    """
    Reject an argument that the traditional operation does not have.
    """
    if value is not None:
        raise ValueError(
            f"{traditional} does not support {name}, and pull operations are not used on this "
            f"connection; do not pass {name}, or set use_pull_operations=True"
        )
