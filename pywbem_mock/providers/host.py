"""
What hosts providers: a mock server, as the code below it knows it.
"""

from __future__ import annotations

from typing import Any, ContextManager, Optional, Protocol, Sequence

from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._observers.statistics import Statistics

from ..store.memory import InMemoryRepository

__all__ = ["ProviderHost"]


class ProviderHost(Protocol):
    """
    What the code below a MockServer uses of it, or of a connection to it.

    Providers of users get what they were registered with, mostly a FakedWBEMConnection, and say
    so in their annotations: the hook ``post_register_setup`` takes any.
    """

    @property
    def default_namespace(self) -> str:
        """The namespace of operations that name none."""

    @property
    def namespaces(self) -> Sequence[str]:
        """The names of all namespaces."""

    @property
    def cimrepository(self) -> InMemoryRepository:
        """The CIM repository."""

    @property
    def statistics(self) -> Statistics:
        """The statistics of its operations."""

    def add_namespace(self, namespace: str) -> None:
        """Add a namespace."""

    def remove_namespace(self, namespace: str) -> None:
        """Remove a namespace."""

    def compiling(self) -> ContextManager[None]:
        """The context of a compilation."""

    def compile_schema_classes(
        self,
        class_names: Any,
        schema_pragma_files: Any,
        namespace: Optional[str] = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """Compile classes of a schema."""

    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: Optional[str] = None
    ) -> CIMInstanceName:
        """Create an instance."""
