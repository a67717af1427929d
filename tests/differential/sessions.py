"""What is run in both interpreters."""

from __future__ import annotations

from typing import Dict, Iterable, List, NamedTuple, Tuple, Union


class Session(NamedTuple):
    """
    Cases that share a namespace.

    Parameters:
      subject: first part of the ids of the cases.
      cases: (id, source) in the order in which they run.  The source is Python text; what
        is compared is the value of its last line, if that is an expression.
      setup: source that runs first, once.
      texts: whether texts of exceptions and warnings are compared.
    """

    subject: str
    cases: List[Tuple[str, str]]
    setup: str = ""
    texts: bool = False


def table(
    subject: str,
    sources: Union[Dict[str, str], Iterable[str]],
    setup: str = "",
    texts: bool = False,
) -> Session:
    """Return a session from sources; one without an id is its own id."""
    pairs = sources.items() if isinstance(sources, dict) else ((text, text) for text in sources)
    return Session(subject, [(name, source) for name, source in pairs], setup, texts)


def apart(
    subject: str,
    sources: Union[Dict[str, str], Iterable[str]],
    setup: str = "",
    texts: bool = False,
) -> List[Session]:
    """Return a session for each source, so that none can feel another."""
    whole = table(subject, sources, setup, texts)
    return [whole._replace(cases=[case]) for case in whole.cases]
