"""
Export operations, for WBEM listeners (DSP0200).
"""

from __future__ import annotations

from ..._cim_obj import CIMInstance
from ..._cim_xml.records import ExportCall
from ..._protocol.arguments import new_instance
from ..._protocol.operation import Operation
from .runner import AsyncOperationRunner


class AsyncExportOperations(AsyncOperationRunner):
    """
    The operation that delivers an indication.
    """

    async def ExportIndication(self, NewIndication: CIMInstance) -> None:
        """
        Deliver an indication to a WBEM listener (DSP0200).

        Parameters:
            NewIndication (CIMInstance): The indication.  Its path is ignored.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError: The argument is wrong.
        """

        def make_call() -> ExportCall:
            indication = new_instance("NewIndication", NewIndication)
            return ExportCall("ExportIndication", [("NewIndication", indication)])

        await self._run(
            Operation(
                "ExportIndication",
                {"NewIndication": NewIndication},
                make_call,
                lambda response: None,
            )
        )
