"""
The journal of a listener: indications on disk until they are delivered.

One SQLite file.  What arrives while a transaction is being committed is in the next one,
so that one flush of the disk serves all; the answers are given after that.  What was
delivered is removed along with the next transaction, or a little later: after a crash it
may be delivered once more.  This is one text for both kinds of listener, whose shells
(``threads``, ``tasks``) wait and run it.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from typing import Any, Callable, ContextManager, List, NamedTuple, Optional, Tuple

from .._cim_constants import CIM_ERR_FAILED
from .._endpoint import Later, Request, Response
from .backlog import QueueFull
from .export import EXPORT_HEADERS, Indication, Refused, cim_error, read_indication, success
from .sequences import MAX_SEQUENCES

# Seconds after which what was delivered is removed although nothing arrives, and how many
# of them are not waited for.
_REMOVE_TIME = 0.2
_REMOVE_COUNT = 1000
# Seconds after which what could not be written is tried again although nothing arrives.
_TROUBLE_TIME = 1.0

_TABLES = """
CREATE TABLE IF NOT EXISTS indications (
    id INTEGER PRIMARY KEY, host TEXT, called TEXT, request BLOB, tries INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS failures (
    id INTEGER PRIMARY KEY, host TEXT, called TEXT, request BLOB, error TEXT,
    failed TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE IF NOT EXISTS sequences (
    sender TEXT, context TEXT, next INTEGER, PRIMARY KEY (sender, context));
"""


class Arrived(NamedTuple):
    """
    An indication that is to be written, its request, and the response that waits for that.
    """

    indication: Indication
    request: Request
    later: Later


class Batch(NamedTuple):
    """
    What is written in one transaction: indications that arrived, that were delivered, of
    which a delivery failed (with the error if that was the last try), and sequences with
    the numbers that they go on with.
    """

    arrived: List[Arrived]
    delivered: List[Indication]
    failed: List[Tuple[int, Optional[str]]]
    sequences: List[Tuple[str, str, int]]


class Journal:
    """
    A journal that is open.

    Who runs it takes a batch, writes it where others need not wait for that, and
    finishes it; then takes the next one.

    Parameters:
        path (str): The file.
        logger (logging.Logger): The logger of the listener.
        lock (context manager): Keeps threads from each other, if there are several.
        wake (callable): Is called when :meth:`take` may have something although nobody asked.

    Raises:
        sqlite3.Error: The file cannot be used, or another listener does.
    """

    def __init__(
        self,
        path: str,
        logger: logging.Logger,
        lock: ContextManager[Any],
        wake: Callable[[], object],
    ) -> None:
        self._logger = logger
        # Opened by one thread and used by another.
        self._db = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            # Of the flushes that SQLite may do, these are the one that durability needs.
            for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"PRAGMA {pragma}").fetchall()
            self._db.executescript(_TABLES)
            # The lock is taken by this, and kept.
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("COMMIT")
            # Numbers of before are not used again.
            row = self._db.execute(
                "SELECT max((SELECT ifnull(max(id), 0) FROM indications),"
                " (SELECT ifnull(max(id), 0) FROM failures))"
            ).fetchone()
        except BaseException:
            self._db.close()
            raise
        self._last_key = int(row[0])
        # Guards what waits to be written.
        self._lock = lock
        self._wake = wake
        self._arrived: List[Arrived] = []
        self._delivered: List[Indication] = []
        self._failed: List[Tuple[int, Optional[str]]] = []
        # Whether nothing waits, not even for company.
        self._idle = False
        # Whether the last batch could not be written.
        self._in_trouble = False
        #: Whether :meth:`close` was called.
        self.closed = False
        self._put: Callable[[Indication], bool]
        self._next_number: Callable[[str, str], int]

    # At the start

    def left(self) -> List[Indication]:
        """
        The indications that were not delivered.

        Returns:
            list of Indication: Them, in the order in which they arrived.
        """
        rows = self._db.execute(
            "SELECT id, host, called, request, tries FROM indications ORDER BY id"
        ).fetchall()
        indications = []
        for key, host, called, body, tries in rows:
            headers = {**EXPORT_HEADERS, **({"host": called} if called else {})}
            try:
                indication = read_indication(Request("POST", "/", headers, body, host))
            except Refused as exc:
                self._logger.error("Indication %d of the journal cannot be read: %s", key, exc)
                self._move_to_failures(key, str(exc))
            else:
                indications.append(indication._replace(key=key, tries=tries, redelivered=True))
        return indications

    def sequences(self) -> List[Tuple[str, str, int]]:
        """
        The sequences and how they go on.

        Returns:
            list of tuple: Sender, context, and the next number of each.
        """
        rows = self._db.execute("SELECT sender, context, next FROM sequences ORDER BY rowid")
        return [(str(sender), str(context), int(number)) for sender, context, number in rows]

    def begin(
        self, put: Callable[[Indication], bool], next_number: Callable[[str, str], int]
    ) -> None:
        """
        Say where indications go.

        Parameters:
            put (callable): Is called with each indication that is on disk; returns False if
                it is a duplicate, and raises QueueFull.
            next_number (callable): Returns the number that a sequence of a sender and a
                context goes on with.
        """
        self._put = put
        self._next_number = next_number

    # Any thread

    def add(self, indication: Indication, request: Request, later: Later) -> None:
        """
        Write an indication, pass it on, and answer.

        Parameters:
            indication (Indication): The indication.
            request (Request): The request that brought it.
            later (Later): The response to that.
        """
        with self._lock:
            self._arrived.append(Arrived(indication, request, later))
        self._wake()

    def delivered(self, indication: Indication) -> None:
        """
        Remove an indication, soon.

        Parameters:
            indication (Indication): The indication.
        """
        with self._lock:
            self._delivered.append(indication)
            wake = self._idle or len(self._delivered) == _REMOVE_COUNT
            self._idle = False
        if wake:
            self._wake()

    def failed(self, indication: Indication, error: Optional[str]) -> None:
        """
        Count a try to deliver an indication.

        Parameters:
            indication (Indication): The indication.
            error (str): What went wrong if it was the last try; else None.
        """
        with self._lock:
            self._failed.append((indication.key, error))
        self._wake()

    def close(self) -> None:
        """
        There will be no more to write.
        """
        with self._lock:
            self.closed = True
        self._wake()

    # Who runs it

    def take(self, late: bool) -> Optional[Batch]:
        """
        What is to be written now.

        Parameters:
            late (bool): Whether the time that :meth:`pause` said has passed.

        Returns:
            Batch: That, or None.
        """
        with self._lock:
            due = late or self.closed
            if not due and not self._in_trouble:
                due = bool(self._failed) or len(self._delivered) >= _REMOVE_COUNT
            left = bool(self._delivered or self._failed)
            if not (self._arrived or (left and due)):
                self._idle = not left
                return None
            arrived, self._arrived = self._arrived, []
            delivered, self._delivered = self._delivered, []
            failed, self._failed = self._failed, []
        arrived = [
            one._replace(indication=one.indication._replace(key=self._last_key + index))
            for index, one in enumerate(arrived, 1)
        ]
        self._last_key += len(arrived)
        keys = {one.place[:2] for one in delivered if one.place is not None}
        sequences = [(*key, self._next_number(*key)) for key in keys]
        return Batch(arrived, delivered, failed, sequences)

    def pause(self) -> Optional[float]:
        """
        How long what was delivered waits for company, and what could not be written for
        another try.

        Returns:
            float: Seconds; None if nothing waits.
        """
        if self._idle:
            return None
        return _TROUBLE_TIME if self._in_trouble else _REMOVE_TIME

    def write(self, batch: Batch) -> Optional[str]:
        """
        Write a batch and flush the disk.

        Parameters:
            batch (Batch): The batch.

        Returns:
            str: What went wrong, or None.
        """
        db = self._db
        try:
            db.execute("BEGIN")
            db.executemany(
                "INSERT INTO indications (id, host, called, request) VALUES (?, ?, ?, ?)",
                (
                    (one.indication.key, one.request.host, one.request.headers.get("host"),
                     one.request.body)
                    for one in batch.arrived
                ),
            )  # fmt: skip
            db.executemany(
                "DELETE FROM indications WHERE id = ?", ((one.key,) for one in batch.delivered)
            )
            if batch.sequences:
                db.executemany(
                    "INSERT OR REPLACE INTO sequences (sender, context, next) VALUES (?, ?, ?)",
                    batch.sequences,
                )
                db.execute(
                    "DELETE FROM sequences WHERE rowid <= (SELECT max(rowid) FROM sequences) - ?",
                    (MAX_SEQUENCES,),
                )
            for key, error in batch.failed:
                db.execute("UPDATE indications SET tries = tries + 1 WHERE id = ?", (key,))
                if error is not None:
                    self._move_to_failures(key, error)
            db.execute("COMMIT")
        except sqlite3.Error as exc:
            if db.in_transaction:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
            self._logger.error("The journal cannot be written: %s", exc)
            return f"The journal of the listener cannot be written: {exc}"
        return None

    def finish(self, batch: Batch, problem: Optional[str]) -> None:
        """
        Pass on what is on disk, and give the answers.

        Parameters:
            batch (Batch): The batch.
            problem (str): What went wrong when it was written, or None.
        """
        self._in_trouble = problem is not None
        if problem is None:
            answers = [(one.later, self._pass_on(one)) for one in batch.arrived]
        else:
            answers = [(one.later, _refusal(one.indication, problem)) for one in batch.arrived]
            if not self.closed:
                # They are still on disk, and written later.
                with self._lock:
                    self._delivered[:0] = batch.delivered
                    self._failed[:0] = batch.failed
        for later, response in answers:
            later.set(response)

    def close_file(self) -> None:
        """
        Close the file.
        """
        self._db.close()

    def _move_to_failures(self, key: int, error: str) -> None:
        self._db.execute(
            "INSERT INTO failures (id, host, called, request, error)"
            " SELECT id, host, called, request, ? FROM indications WHERE id = ?",
            (error, key),
        )
        self._db.execute("DELETE FROM indications WHERE id = ?", (key,))

    def _pass_on(self, arrived: Arrived) -> Response:
        """
        Hand an indication that is on disk to its delivery; return the answer.
        """
        indication = arrived.indication
        try:
            if not self._put(indication):
                self.delivered(indication._replace(place=None))
        except QueueFull as exc:
            self.delivered(indication._replace(place=None))
            return _refusal(indication, str(exc))._replace(pause=exc.pause)
        return success(indication.message_id)


def _refusal(indication: Indication, why: str) -> Response:
    return cim_error("ExportIndication", indication.message_id, CIM_ERR_FAILED, why).response
