# Made from ../_async/result.py by tools/make_sync.py: change that file.
"""
What a method returned, and waiting for the job that it began.
"""

from __future__ import annotations

from typing import Any, Callable, List, Mapping, Optional

from ..._exceptions import Error, TimeoutError
from ..errors import JobError, MethodError
from ..state import InstanceState, shown
from ..waiting import Bounded, pauses, sleep
from .reference import Reference

# JobState of CIM_ConcreteJob: Completed, Terminated, Killed, Exception.
COMPLETED = 7
FINAL = (COMPLETED, 8, 9, 10)
# Return value of methods: Method Parameters Checked - Job Started.
JOB_STARTED = 4096


class MethodResult:
    """
    The result of a method: its output parameters are attributes, in any case of letters, and
    items.

    An output parameter that has exactly the name of a member of this class (``value``,
    ``job``, ``check``, ``wait``), or begins with an underscore, is an item only.
    """

    def __init__(self, method: str, value: Any, outputs: Mapping[str, Any], namespace: Any) -> None:
        """
        Parameters:
            method (str): Name of the method.
            value: What it returned.
            outputs (mapping): Its output parameters by name.
            namespace (Namespace): Where it was invoked.
        """
        self._method = method
        self._outputs = {name.casefold(): (name, output) for name, output in outputs.items()}
        self._namespace = namespace
        #: The return value, a member of an enumeration if it has a value map.
        self.value: Any = value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError as exc:
            raise AttributeError(exc.args[0]) from None

    def __getitem__(self, name: str) -> Any:
        """The value of an output parameter."""
        try:
            return self._outputs[name.casefold()][1]
        except KeyError:
            raise KeyError(f"{self._method} has no output parameter {name!r}") from None

    def __dir__(self) -> List[str]:
        return ["check", "job", "value", "wait", *(name for name, _ in self._outputs.values())]

    def __repr__(self) -> str:
        outputs = [f"{name}={shown(output)}" for name, output in self._outputs.values()]
        return f"<{self._method}: {', '.join([shown(self.value), *outputs])}>"

    def __reduce__(self) -> Any:
        return type(self), (self._method, self.value, dict(self._outputs.values()), None)

    @property
    def job(self) -> Optional[Reference]:
        """Reference: The job that does the work, or None."""
        _, found = self._outputs.get("job", (None, None))
        return found if isinstance(found, Reference) else None

    def check(self) -> None:
        """
        Raise an error if the return value is a number that means a failure: one
        other than 0 (completed) and 4096 (job started).

        Raises:
            MethodError: It is.
        """
        value = self.value
        failed = isinstance(value, int) and not isinstance(value, bool)
        if failed and value not in (0, JOB_STARTED):
            conn = getattr(self._namespace, "conn", None)
            raise MethodError(self._method, self, getattr(conn, "conn_id", None))

    def wait(
        self,
        timeout: Optional[float] = None,
        progress: Optional[Callable[[Any], None]] = None,
    ) -> MethodResult:
        """
        Wait until the job has ended, if there is one, and return this object.

        The job is looked at in pauses that grow from 0.05 to 5 seconds; with a timeout over a
        copy of the connection, so that a look ends in time, too.

        Parameters:
            timeout (float): Seconds after which to give up; the job goes on.
                None means to wait for ever.
            progress (callable): Called with the job, an Instance, each time it
                was looked at; for example its ``PercentComplete`` is of interest.

        Raises:
            JobError: The job ended without success.
            :exc:`~pywbem.TimeoutError`: It did not end in time.
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            ValueError: The result was unpickled and has no connection.
        """
        if self.job is None:
            return self
        if self._namespace is None:
            raise ValueError("A result that was unpickled has no connection")
        conn = self._namespace.conn
        if timeout is None:
            self._wait(self.job.path, conn, progress)
            return self
        bounded = Bounded(conn, timeout)
        try:
            self._wait(self.job.path, bounded, progress)
        except TimeoutError:
            bounded.left()
            raise  # by the timeout of the connection itself
        finally:
            bounded.copy.close()
        return self

    def _wait(self, path: Any, conn: Any, progress: Optional[Callable[[Any], None]]) -> None:
        looking, pause = self._namespace._over(conn), pauses(conn)
        while True:
            found = looking.get(path)
            # Over the connection that the program has: it may keep the object.
            job = self._namespace.wrap(found)
            if progress is not None:
                progress(job)
            if job["JobState"] in FINAL:
                break
            sleep(next(pause))
        if job["JobState"] != COMPLETED:
            errors = [self._namespace.wrap(error) for error in job_errors(found)]
            raise JobError(job, errors, self._namespace.conn.conn_id)


def job_errors(job: Any) -> List[Any]:
    """Return the CIM_Error objects of a job, as far as it has any to give."""
    for method, output in (("GetErrors", "errors"), ("GetError", "error")):
        try:
            found = (job[method]())[output]
        except (KeyError, Error):
            continue  # the class has no such method, or the server does not perform it
        found = found if isinstance(found, list) else [found]
        errors = [error for error in found if isinstance(error, InstanceState)]
        if errors:
            return errors
    return []
