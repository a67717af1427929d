# Made from ../_async/runner.py by tools/make_sync.py: change that file.
"""
What the methods of the operations need of a connection.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Mapping, TypeVar

from ..._cim_xml.records import IntrinsicCall, IntrinsicResponse
from ..._protocol.arguments import CHECKS, Check, target_namespace
from ..._protocol.operation import Operation

T = TypeVar("T")


class OperationRunner:
    """
    Base class of the operation methods: what they need of a connection.
    """

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace of calls that name none.
        """
        raise NotImplementedError

    @property
    def host(self) -> str:
        """
        str: Host and port of the server.
        """
        raise NotImplementedError

    def _run(self, operation: Operation[T]) -> T:
        """
        Run an operation and return its return value.
        """
        raise NotImplementedError

    def _intrinsic(
        self,
        name: str,
        args: Dict[str, Any],
        make_result: Callable[[IntrinsicResponse, str], T],
        checks: Mapping[str, Check] = CHECKS,
    ) -> T:
        """
        Run an intrinsic operation (DSP0200 5.4.2).

        Parameters:
            name (str): Name of the operation.
            args (dict): The arguments in the order in which they are sent; their
                names are those of the protocol, but for ``namespace``, which is
                not sent.
            make_result (callable): Takes the response record and the namespace of the call.
            checks (dict): The check of each argument, by name.
        """
        namespace = ""

        def make_call() -> IntrinsicCall:
            nonlocal namespace
            params = []
            for arg, value in args.items():
                if arg != "namespace":
                    checked = checks[arg](arg, value)
                    if checked is not None:
                        params.append((arg, checked))
            namespace = target_namespace(args, self.default_namespace)
            return IntrinsicCall(name, namespace, params)

        return self._run(
            Operation(name, args, make_call, lambda response: make_result(response, namespace))
        )
