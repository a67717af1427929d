"""
MainProvider: the parts put together.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from ..providers.dispatcher import ProviderDispatcher
from ..store.memory import InMemoryRepository
from .classes import ClassOperations
from .enumerations import Enumerations
from .properties import PropertyOperations
from .qualifiers import QualifierOperations
from .queries import QueryOperations


def checked_flag(value: Any) -> bool:
    """
    The value of ``disable_pull_operations``; None means False.

    Raises:
        ValueError: It is no boolean.
    """
    if value is None:
        return False
    if not isinstance(value, bool):
        raise ValueError(f"Invalid type for disable_pull_operations: {value!r}, must be a boolean")
    return value


class MainProvider(QueryOperations, ClassOperations, QualifierOperations, PropertyOperations):
    """
    The provider of all operations on classes, qualifier declarations and
    properties, and of all operations that read instances.

    Each connection to a mock server has one; copies of a connection share the
    open enumerations.
    """

    def __init__(
        self,
        host: str,
        disable_pull_operations: Optional[bool],
        cimrepository: InMemoryRepository,
        providerdispatcher: ProviderDispatcher,
        enumerations: Optional[Enumerations] = None,
    ) -> None:
        """
        Parameters:
            host (str): Host of the server, for paths.
            disable_pull_operations (bool): Whether pull operations raise
                CIM_ERR_NOT_SUPPORTED.
            cimrepository (InMemoryRepository): The CIM repository.
            providerdispatcher (ProviderDispatcher): The dispatcher of the other
                operations.
            enumerations (Enumerations): The open enumerations.  None means that
                there are none yet.

        Raises:
            ValueError: The flag is no boolean.
        """
        super().__init__(cimrepository)
        self.host = host
        self._disable_pull_operations = checked_flag(disable_pull_operations)
        #: ProviderDispatcher: The dispatcher of the other operations.
        self.providerdispatcher = providerdispatcher
        #: Enumerations: The open enumerations.
        self.enumerations = Enumerations() if enumerations is None else enumerations

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(host={self.host!r}, "
            f"disable_pull_operations={self._disable_pull_operations!r}, "
            f"cimrepository={self._cimrepository!r})"
        )

    @property
    def enumeration_contexts(self) -> Dict[str, Dict[str, Any]]:
        """
        dict: What is known of the open enumerations, by context.
        """
        return self.enumerations.described()

    @property
    def disable_pull_operations(self) -> bool:
        """
        bool: Whether pull operations raise CIM_ERR_NOT_SUPPORTED.  Can be set.
        """
        return self._disable_pull_operations

    @disable_pull_operations.setter
    def disable_pull_operations(self, value: Optional[bool]) -> None:
        self._disable_pull_operations = checked_flag(value)
