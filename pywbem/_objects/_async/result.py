"""
What a method returned, and waiting for the job that it began.
"""

from __future__ import annotations

import contextlib
from typing import Any, Callable, List, Mapping, Optional

from ..._exceptions import Error, TimeoutError
from ..._nocasedict import NocaseDict
from .. import jobs
from ..state import InstanceState, connected, shown
from .reference import AsyncReference


class AsyncMethodResult:
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
            namespace (AsyncNamespace): Where it was invoked.
        """
        self._method = method
        self._outputs = NocaseDict(outputs)
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
        if name not in self._outputs:
            raise KeyError(f"{self._method} has no output parameter {name!r}")
        return self._outputs[name]

    def __dir__(self) -> List[str]:
        return ["check", "job", "value", "wait", *self._outputs]

    def __repr__(self) -> str:
        outputs = [f"{name}={shown(output)}" for name, output in self._outputs.items()]
        return f"<{self._method}: {', '.join([shown(self.value), *outputs])}>"

    def __reduce__(self) -> Any:
        return type(self), (self._method, self.value, self._outputs, None)

    @property
    def job(self) -> Optional[AsyncReference]:
        """AsyncReference: The job that does the work, or None."""
        found = self._outputs.get("job")
        return found if isinstance(found, AsyncReference) else None

    def check(self) -> None:
        """
        Raise an error if the value is a number other than 0 (completed) and 4096 (job started).

        Raises:
            MethodError: It is.
        """
        is_number = isinstance(self.value, int) and not isinstance(self.value, bool)
        if is_number and self.value not in (0, jobs.JOB_STARTED):
            conn = getattr(self._namespace, "conn", None)
            raise jobs.MethodError(self._method, self, getattr(conn, "conn_id", None))

    async def wait(
        self, timeout: Optional[float] = None, progress: Optional[Callable[[Any], None]] = None
    ) -> AsyncMethodResult:
        """
        Wait until the job has ended, if there is one, and return this object.

        The job is looked at in pauses that grow from 0.05 to 5 seconds; with a timeout over a
        copy of the connection, so that a look ends in time, too.

        Parameters:
            timeout (float): Seconds after which to give up; the job goes on.
                None means to wait for ever.
            progress (callable): Called with the job, an AsyncInstance, each time it was looked at;
                for example its ``PercentComplete`` is of interest.

        Raises:
            JobError: The job ended without success.
            :exc:`~pywbem.TimeoutError`: It did not end in time.
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            ValueError: The result was unpickled and has no connection.
        """
        if self.job is None:
            return self
        namespace = connected(self)
        bounded = None if timeout is None else jobs.Bounded(namespace.conn, timeout)
        looking, pause = namespace._over(bounded or namespace.conn), jobs.FIRST
        try:
            while True:
                found = await looking.get(self.job.path)
                # Over the connection that the program has: it may keep the object.
                job = await namespace.wrap(found)
                if progress is not None:
                    progress(job)
                if job["JobState"] == jobs.COMPLETED:
                    return self
                if job["JobState"] in jobs.FAILED:
                    errors = [await namespace.wrap(error) for error in await job_errors(found)]
                    raise jobs.JobError(job, errors, namespace.conn.conn_id)
                # Towards the end, that there is time for another look.
                left = jobs.LONGEST * 2 if bounded is None else bounded.left()
                await jobs.async_sleep(min(pause, max(left / 2, jobs.FIRST)))
                pause = min(pause * jobs.GROWTH, jobs.LONGEST)
        except TimeoutError:
            if bounded is not None:
                bounded.left()
            raise  # by the timeout of the connection itself
        finally:
            if bounded is not None:
                await bounded.copy.close()


async def job_errors(job: Any) -> List[Any]:
    """Return the CIM_Error objects of a job, as far as it has any to give."""
    for method, output in (("GetErrors", "errors"), ("GetError", "error")):
        # The class may have no such method, or the server not perform it.
        with contextlib.suppress(KeyError, Error):
            found = (await job[method]())[output]
            found = found if isinstance(found, list) else [found]
            errors = [error for error in found if isinstance(error, InstanceState)]
            if errors:
                return errors
    return []
