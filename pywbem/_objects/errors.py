"""
What a method or a job says when it fails.
"""

from __future__ import annotations

from typing import Any, List, Optional

from .._exceptions import Error


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
