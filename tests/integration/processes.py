"""
What the processes that tests start have in common.
"""

from __future__ import annotations

import os
import sys
from typing import Dict

from tests.shared_data import ROOT


def environment(**variables: str) -> Dict[str, str]:
    """
    The environment of a process that imports what this one does, also where the checkout
    is not installed, with other variables.
    """
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    return {**os.environ, "PYTHONPATH": path, **variables}
