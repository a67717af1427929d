"""
The journal of a listener: indications on disk until they are delivered.

One SQLite file, and one thread that writes it.  What arrives while a transaction is
being committed is in the next one, so that one flush of the disk serves all; the answers
are given after that.  What was delivered is removed along with the next transaction, or a
little later: after a crash it may be delivered once more.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from typing import Callable, Deque, List, NamedTuple, Optional, Tuple

from .._cim_constants import CIM_ERR_FAILED
from .._endpoint import Later, Request, Response
from .backlog import QueueFull
from .export import EXPORT_HEADERS, Indication, Refused, cim_error, read_indication, success

# Seconds after which what was delivered is removed although nothing arrives, and how many
# of them are not waited for.
_REMOVE_TIME = 0.2
_REMOVE_COUNT = 1000
# Sequences of which the next number is kept.
_MAX_SEQUENCES = 1000

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


class Journal:
    """
    A journal that is open.

    Parameters:
        path (str): The file.
        logger (logging.Logger): The logger of the listener.

    Raises:
        sqlite3.Error: The file cannot be used, or another listener does.
    """

    def __init__(self, path: str, logger: logging.Logger) -> None:
        self._logger = logger
        # Opened by one thread and used by the one of the journal.
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
        self._changed = threading.Condition()
        self._arrived: Deque[Arrived] = deque()
        self._delivered: List[Indication] = []
        self._failed: List[Tuple[int, Optional[str]]] = []
        self._idle = False
        self._closed = False
        self._put: Callable[[Indication], bool]
        self._next_number: Callable[[str, str], int]
        self._thread = threading.Thread(target=self._run, name="pywbem-listener-journal")

    # Before the thread is started

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

    def start(
        self, put: Callable[[Indication], bool], next_number: Callable[[str, str], int]
    ) -> None:
        """
        Start the thread.

        Parameters:
            put (callable): Is called with each indication that is on disk; returns False if
                it is a duplicate, and raises QueueFull.
            next_number (callable): Returns the number that a sequence of a sender and a
                context goes on with.
        """
        self._put = put
        self._next_number = next_number
        self._thread.start()

    # Any thread

    def add(self, indication: Indication, request: Request, later: Later) -> None:
        """
        Write an indication, pass it on, and answer.

        Parameters:
            indication (Indication): The indication.
            request (Request): The request that brought it.
            later (Later): The response to that.
        """
        self._tell(lambda: self._arrived.append(Arrived(indication, request, later)))

    def delivered(self, indication: Indication) -> None:
        """
        Remove an indication, soon.

        Parameters:
            indication (Indication): The indication.
        """
        with self._changed:
            self._delivered.append(indication)
            if self._idle or len(self._delivered) == _REMOVE_COUNT:
                self._changed.notify()

    def failed(self, indication: Indication, error: Optional[str]) -> None:
        """
        Count a try to deliver an indication.

        Parameters:
            indication (Indication): The indication.
            error (str): What went wrong if it was the last try; else None.
        """
        self._tell(lambda: self._failed.append((indication.key, error)))

    def close(self) -> None:
        """
        Write what is to be written, then end.
        """
        self._tell(lambda: setattr(self, "_closed", True))
        if self._thread.ident is None:
            self._db.close()
        elif self._thread is not threading.current_thread():
            self._thread.join()

    def _tell(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify()

    # The thread

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._db.close()

    def _turn(self) -> bool:
        """
        Write what there is; return whether there may be more.
        """
        with self._changed:
            while not (self._arrived or self._failed or self._closed):
                # What was delivered waits for company.
                self._idle = not self._delivered
                in_time = self._changed.wait(None if self._idle else _REMOVE_TIME)
                if self._delivered and (not in_time or len(self._delivered) >= _REMOVE_COUNT):
                    break
            self._idle = False
            arrived, self._arrived = list(self._arrived), deque()
            delivered, self._delivered = self._delivered, []
            failed, self._failed = self._failed, []
            closed = self._closed
        if not (arrived or delivered or failed):
            return not closed
        arrived = [
            one._replace(indication=one.indication._replace(key=self._last_key + index))
            for index, one in enumerate(arrived, 1)
        ]
        self._last_key += len(arrived)
        problem = self._write(arrived, delivered, failed)
        if problem is None:
            answers = [(one.later, self._pass_on(one)) for one in arrived]
        else:
            answers = [(one.later, _refusal(one.indication, problem)) for one in arrived]
            if not closed:
                # They are still on disk, and removed later.
                with self._changed:
                    self._delivered[:0] = delivered
                    self._failed[:0] = failed
        for later, response in answers:
            later.set(response)
        return True

    def _write(
        self,
        arrived: List[Arrived],
        delivered: List[Indication],
        failed: List[Tuple[int, Optional[str]]],
    ) -> Optional[str]:
        """
        One transaction; return what went wrong, or None.
        """
        db = self._db
        sequences = {one.place[:2] for one in delivered if one.place is not None}
        try:
            db.execute("BEGIN")
            db.executemany(
                "INSERT INTO indications (id, host, called, request) VALUES (?, ?, ?, ?)",
                (
                    (one.indication.key, one.request.host, one.request.headers.get("host"),
                     one.request.body)
                    for one in arrived
                ),
            )  # fmt: skip
            db.executemany(
                "DELETE FROM indications WHERE id = ?", ((one.key,) for one in delivered)
            )
            db.executemany(
                "INSERT OR REPLACE INTO sequences (sender, context, next) VALUES (?, ?, ?)",
                ((*key, self._next_number(*key)) for key in sequences),
            )
            if sequences:
                db.execute(
                    "DELETE FROM sequences WHERE rowid <= (SELECT max(rowid) FROM sequences) - ?",
                    (_MAX_SEQUENCES,),
                )
            for key, error in failed:
                db.execute("UPDATE indications SET tries = tries + 1 WHERE id = ?", (key,))
                if error is not None:
                    self._move_to_failures(key, error)
            db.execute("COMMIT")
        except sqlite3.Error as exc:
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._logger.error("The journal cannot be written: %s", exc)
            return f"The journal of the listener cannot be written: {exc}"
        return None

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
