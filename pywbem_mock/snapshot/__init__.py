"""
Snapshots of WBEM servers, and differences between servers.

A snapshot is a directory: MOF that people can read and change, a file for each namespace and
kind of object, and beside it what MOF cannot say.  ``reading`` is what is asked of a server, and
in which order; ``taking`` runs that and can be interrupted; ``settling`` finds out, with the
compiler, what MOF keeps of each object; ``building`` makes objects of MOF with no other checks
than that; ``layout`` is what lies in the directory; ``loading`` fills a mock server from it.
``spool`` keeps the classes on disk until all are read.  ``sources`` opens what can be compared,
``comparing`` compares it, ``report`` tells the result.  ``options`` and ``commands`` are the
commands.

It stands on the mock server and the client; nothing of the mock but its commands imports it.
"""

from __future__ import annotations

from .layout import is_snapshot
from .loading import load_snapshot
from .reading import Unreachable
from .taking import Settings, take_snapshot

__all__ = ["Settings", "Unreachable", "is_snapshot", "load_snapshot", "take_snapshot"]
