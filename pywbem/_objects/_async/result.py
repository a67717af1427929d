"""
What a method returned, and waiting for the job that it began.
"""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Optional

from ..._exceptions import Error, TimeoutError
from ..errors import JobError, MethodError
from ..pauses import async_sleep, pauses
from ..state import shown
from .reference import AsyncReference

# JobState of CIM_ConcreteJob: Completed, Terminated, Killed, Exception.
COMPLETED = 7
FINAL = (COMPLETED, 8, 9, 10)
# Return value of methods: Method Parameters Checked - Job Started.
JOB_STARTED = 4096


class AsyncMethodResult:
    """
    The result of a method: its output parameters are attributes, in any case of
    letters, or items for names that Python cannot write.
    """

    def __init__(self, method: str, value: Any, outputs: Dict[str, Any], namespace: Any) -> None:
        """
        Parameters:
            method (str): Name of the method.
            value: What it returned.
            outputs (dict): Its output parameters by name.
            namespace (AsyncNamespace): Where it was invoked.
        """
        self._method = method
        self._outputs = {name.casefold(): value for name, value in outputs.items()}
        self._names: List[str] = list(outputs)
        self._namespace = namespace
        #: The return value, a member of an enumeration if it has a value map.
        self.value: Any = value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self._outputs[name.casefold()]
        except KeyError:
            raise AttributeError(f"{self._method} has no output parameter {name!r}") from None

    def __getitem__(self, name: str) -> Any:
        """
        The value of an output parameter.
        """
        return self._outputs[name.casefold()]

    def __dir__(self) -> List[str]:
        return ["check", "job", "value", "wait", *self._names]

    def __repr__(self) -> str:
        outputs = [f"{name}={shown(self[name])}" for name in self._names]
        return f"<{self._method}: {', '.join([shown(self.value), *outputs])}>"

    @property
    def job(self) -> Optional[AsyncReference]:
        """
        AsyncReference: The job that does the work, or None.
        """
        found = self._outputs.get("job")
        return found if isinstance(found, AsyncReference) else None

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
            raise MethodError(self._method, self, self._namespace.conn.conn_id)

    async def wait(
        self,
        timeout: Optional[float] = None,
        progress: Optional[Callable[[Any], None]] = None,
    ) -> AsyncMethodResult:
        """
        Wait until the job has ended, if there is one.

        The job is looked at in pauses that grow from 0.05 to 5 seconds.

        Parameters:
            timeout (float): Seconds after which to give up; the job goes on.
                None means to wait for ever.
            progress (callable): Called with the job, an AsyncInstance, each time it
                was looked at; for example its ``PercentComplete`` is of interest.

        Returns:
            AsyncMethodResult: This object.

        Raises:
            JobError: The job ended without success.
            :exc:`~pywbem.TimeoutError`: It did not end in time.
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
        """
        if self.job is None:
            return self
        path, conn = self.job.path, self._namespace.conn
        end = None if timeout is None else time.monotonic() + timeout
        for pause in pauses():
            job = await self._namespace.get(path)
            if progress is not None:
                progress(job)
            if job.JobState in FINAL:
                break
            if end is not None:
                left = end - time.monotonic()
                if left <= 0:
                    raise TimeoutError(
                        f"Job {path} did not end within {timeout} seconds", conn_id=conn.conn_id
                    )
                pause = min(pause, left)
            await async_sleep(pause)
        if job.JobState != COMPLETED:
            raise JobError(job, await job_errors(job), conn.conn_id)
        return self


async def job_errors(job: Any) -> List[Any]:
    """
    The CIM_Error objects of a job, as far as it has any to give.

    Parameters:
        job (AsyncInstance): The job.

    Returns:
        list of AsyncInstance: The objects.
    """
    for method, output in (("GetErrors", "errors"), ("GetError", "error")):
        try:
            result = await job[method]()
            found = result[output]
        except (KeyError, Error):
            continue  # the class has no such method, or the server does not perform it
        errors = found if isinstance(found, list) else [found]
        errors = [error for error in errors if error is not None]
        if errors:
            return errors
    return []
