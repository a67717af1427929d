"""
How a method or the job that it began ends: the errors, and how long is waited.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, List, Optional

from .._exceptions import Error, TimeoutError

# JobState of CIM_ConcreteJob: Completed; Terminated, Killed, Exception.
COMPLETED, FAILED = 7, (8, 9, 10)
# Return value of methods: Method Parameters Checked - Job Started.
JOB_STARTED = 4096
# Seconds between the looks at a job.
FIRST, LONGEST, GROWTH = 0.05, 5.0, 1.5

sleep = time.sleep
async_sleep = asyncio.sleep


class MethodError(Error):
    """A method returned a value that means a failure."""

    def __init__(self, method: str, result: Any, conn_id: Optional[str] = None) -> None:
        """
        Parameters:
            method (str): Name of the method.
            result (MethodResult): What it returned.
            conn_id (str): Connection ID of the connection.
        """
        value, text = int(result.value), getattr(result.value, "text", None)
        shown = f"{value} ({text})" if text is not None else str(value)
        super().__init__(f"{method} returned {shown}", conn_id=conn_id)
        #: What the method returned.
        self.result = result
        self._method = method

    def __reduce__(self) -> Any:
        return type(self), (self._method, self.result, self.conn_id)


class JobError(Error):
    """A job ended without success."""

    def __init__(self, job: Any, errors: List[Any], conn_id: Optional[str] = None) -> None:
        """
        Parameters:
            job (Instance): The job in its final state.
            errors (list): The CIM_Error objects of its method ``GetError``.
            conn_id (str): Connection ID of the connection.
        """
        state = job["JobState"]
        messages = [getattr(error, "Message", None) for error in errors]
        if not any(messages):
            messages = [getattr(job, "ErrorDescription", None)]
        text = f"Job {job._instance.path} ended in state {getattr(state, 'text', state)}"
        super().__init__(": ".join([text, *filter(None, messages)]), conn_id=conn_id)
        #: The job in its final state.
        self.job = job
        #: The CIM_Error objects that the job gave; empty if it gave none.
        self.errors = errors

    def __reduce__(self) -> Any:
        return type(self), (self.job, self.errors, self.conn_id)

    @property
    def error(self) -> Any:
        """Instance: The first of the CIM_Error objects, or None."""
        return self.errors[0] if self.errors else None


class Bounded:
    """A copy of a connection, whose timeout others use: its requests all end at one time."""

    def __init__(self, conn: Any, timeout: float) -> None:
        self.copy, self._own = conn.copy(), conn.timeout
        self._waits, self._end = timeout, time.monotonic() + timeout

    def left(self) -> float:
        """Return the seconds that are left, or raise TimeoutError."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(
                f"The job did not end within {self._waits} seconds", conn_id=self.copy.conn_id
            )
        return left

    def __getattr__(self, name: str) -> Any:
        left = self.left()
        self.copy.timeout = left if self._own is None else min(left, self._own)
        return getattr(self.copy, name)
