# Made from ../_async/qualifiers.py by tools/make_sync.py: change that file.
"""
Operations on qualifier declarations (DSP0200 5.4.2.20 to 5.4.2.23).
"""

from __future__ import annotations

from typing import List, Optional

from ..._cim_obj import CIMQualifierDeclaration
from ..._protocol import results
from .runner import OperationRunner


class QualifierOperations(OperationRunner):
    """
    The operations that create, read, modify and delete qualifier declarations.
    """

    def EnumerateQualifiers(self, namespace: Optional[str] = None) -> List[CIMQualifierDeclaration]:
        """
        Return the qualifier declarations of a namespace (DSP0200 5.4.2.23).

        Parameters:
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Returns:
            list of CIMQualifierDeclaration: The declarations.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "EnumerateQualifiers",
            {"namespace": namespace},
            lambda response, namespace: results.objects(response, CIMQualifierDeclaration),
        )

    def GetQualifier(
        self, QualifierName: str, namespace: Optional[str] = None
    ) -> CIMQualifierDeclaration:
        """
        Return a qualifier declaration (DSP0200 5.4.2.20).

        Parameters:
            QualifierName (str): Name of the qualifier, in any lexical case.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Returns:
            CIMQualifierDeclaration: The declaration.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return self._intrinsic(
            "GetQualifier",
            {"namespace": namespace, "QualifierName": QualifierName},
            lambda response, namespace: results.one(response, CIMQualifierDeclaration),
        )

    def SetQualifier(
        self, QualifierDeclaration: CIMQualifierDeclaration, namespace: Optional[str] = None
    ) -> None:
        """
        Create or modify a qualifier declaration (DSP0200 5.4.2.21).

        Parameters:
            QualifierDeclaration (CIMQualifierDeclaration): The declaration.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._intrinsic(
            "SetQualifier",
            {"namespace": namespace, "QualifierDeclaration": QualifierDeclaration},
            lambda response, namespace: results.nothing(response),
        )

    def DeleteQualifier(self, QualifierName: str, namespace: Optional[str] = None) -> None:
        """
        Delete a qualifier declaration (DSP0200 5.4.2.22).

        Parameters:
            QualifierName (str): Name of the qualifier, in any lexical case.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        self._intrinsic(
            "DeleteQualifier",
            {"namespace": namespace, "QualifierName": QualifierName},
            lambda response, namespace: results.nothing(response),
        )
