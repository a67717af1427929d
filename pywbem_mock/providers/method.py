"""
The provider that invokes methods.
"""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence, Tuple, Union

from pywbem._cim_constants import CIM_ERR_METHOD_NOT_FOUND
from pywbem._cim_obj import CIMClassName, CIMInstanceName, CIMParameter
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from ..store.memory import InMemoryRepository
from .base import BaseProvider

__all__ = ["MethodProvider"]


class MethodProvider(BaseProvider):
    """
    The default provider for invoking methods, and the base class of
    user-defined ones.

    A user-defined provider has the attribute ``provider_classnames`` (str or
    list of str) and overrides :meth:`InvokeMethod` with the same parameters.
    """

    #: Type of the provider.
    provider_type = "method"

    def __init__(self, cimrepository: Optional[InMemoryRepository] = None) -> None:
        """
        Parameters:
            cimrepository (InMemoryRepository): The CIM repository.
        """
        super().__init__(cimrepository)  # type: ignore[arg-type]

    def post_register_setup(self, conn: Any) -> None:
        """
        Called when the provider has been registered; for user-defined
        providers to override.

        Parameters:
            conn (FakedWBEMConnection): The connection; operations may be called
                on it.
        """

    def InvokeMethod(
        self,
        methodname: str,
        localobject: Union[CIMInstanceName, CIMClassName],
        params: NocaseDict,
    ) -> Tuple[Any, Union[Sequence[CIMParameter], Mapping[str, Any]]]:
        """
        Invoke a method (DSP0200).

        Before this is called, it has been checked that the target exists, that
        its class has the method, that the method is static if the target is a
        class, and that the method has the parameters, with these types.

        Parameters:
            methodname (str): Name of the method, in any lexical case.
            localobject (CIMInstanceName or CIMClassName): The target, with its
                namespace and without a host.
            params (NocaseDict): The input parameters: :class:`CIMParameter` by
                name.

        Returns:
            tuple: (return value, output parameters).  The return value is of a
            CIM data type or None.  The output parameters are a sequence of
            :class:`CIMParameter`, or a mapping from name to
            :class:`CIMParameter` or value.

        Raises:
            CIMError: This default provider always raises
                CIM_ERR_METHOD_NOT_FOUND.
        """
        raise CIMError(CIM_ERR_METHOD_NOT_FOUND, "Extrinsic method does not exist")
