"""
Operations on qualifier declarations (DSP0200 5.4.2.20 to 5.4.2.23).
"""

from __future__ import annotations

from typing import List, Optional

from ..._cim_obj import CIMQualifierDeclaration
from ..._protocol import results
from .runner import AsyncOperationRunner


class AsyncQualifierOperations(AsyncOperationRunner):
    """
    The operations that create, read, modify and delete qualifier declarations.
    """

    async def EnumerateQualifiers(
        self, namespace: Optional[str] = None
    ) -> List[CIMQualifierDeclaration]:
        """
        Return the qualifier declarations of a namespace (DSP0200 5.4.2.23).

        Parameters:
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Returns:
            list of CIMQualifierDeclaration: The declarations.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "EnumerateQualifiers",
            {"namespace": namespace},
            lambda response, namespace: results.objects(response, CIMQualifierDeclaration),
        )

    async def GetQualifier(
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
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        return await self._intrinsic(
            "GetQualifier",
            {"namespace": namespace, "QualifierName": QualifierName},
            lambda response, namespace: results.one(response, CIMQualifierDeclaration),
        )

    async def SetQualifier(
        self, QualifierDeclaration: CIMQualifierDeclaration, namespace: Optional[str] = None
    ) -> None:
        """
        Create or modify a qualifier declaration (DSP0200 5.4.2.21).

        Parameters:
            QualifierDeclaration (CIMQualifierDeclaration): The declaration.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        await self._intrinsic(
            "SetQualifier",
            {"namespace": namespace, "QualifierDeclaration": QualifierDeclaration},
            lambda response, namespace: results.nothing(response),
        )

    async def DeleteQualifier(self, QualifierName: str, namespace: Optional[str] = None) -> None:
        """
        Delete a qualifier declaration (DSP0200 5.4.2.22).

        Parameters:
            QualifierName (str): Name of the qualifier, in any lexical case.
            namespace (str): The namespace.  None means the default namespace of the
                connection.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.AsyncWBEMConnection`.
            TypeError, ValueError: An argument is wrong.
        """
        await self._intrinsic(
            "DeleteQualifier",
            {"namespace": namespace, "QualifierName": QualifierName},
            lambda response, namespace: results.nothing(response),
        )
