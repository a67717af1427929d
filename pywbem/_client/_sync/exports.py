# Made from ../_async/exports.py by tools/make_sync.py: change that file.
"""
Export operations, for WBEM listeners (DSP0200).
"""

from __future__ import annotations

from ..._cim_obj import CIMInstance
from ..._cim_xml.records import ExportCall
from ..._protocol.arguments import new_instance
from ..._protocol.operation import Operation
from .runner import OperationRunner


class ExportOperations(OperationRunner):
    """
    The operation that delivers an indication.
    """

    def ExportIndication(self, NewIndication: CIMInstance) -> None:
        """
        Deliver an indication to a WBEM listener (DSP0200).

        Parameters:
            NewIndication (CIMInstance): The indication.  Its path is ignored.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError: The argument is wrong.
        """

        def make_call() -> ExportCall:
            indication = new_instance("NewIndication", NewIndication)
            return ExportCall("ExportIndication", [("NewIndication", indication)])

        self._run(
            Operation(
                "ExportIndication",
                {"NewIndication": NewIndication},
                make_call,
                lambda response: None,
            )
        )
