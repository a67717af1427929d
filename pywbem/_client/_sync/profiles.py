# Made from ../_async/profiles.py by tools/make_sync.py: change that file.
"""
The management profiles of a WBEM server and their central instances (DSP1033).
"""

from __future__ import annotations

from typing import Any, List, NoReturn, Optional, Sequence, Tuple

from ..._cim_constants import CIM_ERR_NOT_SUPPORTED
from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._exceptions import CIMError, ModelError
from ..server_facts import NO_METHOD, REFERENCING_ENDS, hops, matches
from .connection import WBEMConnection
from .valuemapping import ValueMapping


class ProfileReader:
    """
    The properties and methods of a server that read its profiles.
    """

    _profiles: Optional[List[CIMInstance]]

    @property
    def conn(self) -> WBEMConnection:
        """
        :class:`~pywbem.WBEMConnection`: Connection to the server.
        """
        raise NotImplementedError

    @property
    def interop_ns(self) -> str:
        """
        str: Name of the Interop namespace.
        """
        raise NotImplementedError

    @property
    def profiles(self) -> List[CIMInstance]:
        """
        list of :class:`~pywbem.CIMInstance`: The instances of
        ``CIM_RegisteredProfile`` in the Interop namespace (DSP1033).
        """
        if self._profiles is None:
            self._profiles = self.conn.EnumerateInstances(
                "CIM_RegisteredProfile", namespace=self.interop_ns
            )
        return self._profiles

    def get_selected_profiles(
        self,
        registered_org: Optional[str] = None,
        registered_name: Optional[str] = None,
        registered_version: Optional[str] = None,
    ) -> List[CIMInstance]:
        """
        Return those of :attr:`profiles` that match all arguments that are not
        None, in any lexical case.

        Parameters:
            registered_org (str): The organization: the text that the ``Values``
                qualifier has for the value of ``RegisteredOrganization``.
            registered_name (str): The value of ``RegisteredName``.
            registered_version (str): The value of ``RegisteredVersion``.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The profiles.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            :exc:`~pywbem.ModelError`: A profile lacks one of the properties.
            KeyError, ValueError: With ``registered_org``: the class
                ``CIM_RegisteredProfile`` has no ``RegisteredOrganization``, or that
                no ``Values``.
            TypeError: With ``registered_org``: the organization of a profile is no
                integer.
        """
        organizations = None
        if registered_org is not None:
            organizations = ValueMapping.for_property(
                self.conn, self.interop_ns, "CIM_RegisteredProfile", "RegisteredOrganization"
            )
        selected = []
        for profile in self.profiles:
            org = self._profile_property(profile, "RegisteredOrganization")
            name = self._profile_property(profile, "RegisteredName")
            version = self._profile_property(profile, "RegisteredVersion")
            if organizations is not None:
                try:
                    org = organizations.tovalues(org)
                except ValueError:
                    continue
            if (
                matches(registered_org, org)
                and matches(registered_name, name)
                and matches(registered_version, version)
            ):
                selected.append(profile)
        return selected

    def _profile_property(self, profile: CIMInstance, name: str) -> Any:
        try:
            return profile[name]
        except KeyError:
            namespace = self.interop_ns
            self._raise_model(
                f"CIM_RegisteredProfile instance in namespace {namespace!r} does not have a "
                f"property {name!r}"
            )

    def get_central_instances(
        self,
        profile_path: CIMInstanceName,
        central_class: Optional[str] = None,
        scoping_class: Optional[str] = None,
        scoping_path: Optional[Sequence[str]] = None,
        reference_direction: str = "dmtf",
        try_gci_method: bool = False,
    ) -> List[CIMInstanceName]:
        """
        Return the paths of the central instances of a profile (DSP1033).

        A profile advertises them in one of three ways, which are tried in this
        order: the method ``GetCentralInstances()`` of the profile, if asked
        for; the central class methodology, by ``CIM_ElementConformsToProfile``
        from the profile; and the scoping class methodology: from the scoping
        instances of the profile that references this one, along the scoping
        path backwards.  The last one needs ``central_class``,
        ``scoping_class`` and ``scoping_path``.

        Parameters:
            profile_path (:class:`~pywbem.CIMInstanceName`): Path of the
                ``CIM_RegisteredProfile``.
            central_class (str): Name of the central class of the profile.
            scoping_class (str): Name of its scoping class.
            scoping_path (list of str): Its scoping path: names of associations
                and of the classes between them, from the central class to the
                scoping class; for example ``["CIM_SystemDevice"]``, or
                ``["CIM_AssociatedSensor", "CIM_Fan", "CIM_SystemDevice"]``.
            reference_direction (str): Which end of ``CIM_ReferencedProfile`` is
                the referencing profile: for ``dmtf`` that is ``Dependent``
                (DSP1001, DSP1033), for ``snia`` it is ``Antecedent`` (SMI-S).
            try_gci_method (bool): Try the method ``GetCentralInstances()``.

        Returns:
            list of :class:`~pywbem.CIMInstanceName`: The paths.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            :exc:`~pywbem.ModelError`: The method failed, or the profile has not
                exactly one referencing profile, or that has no central instances.
            ValueError: ``reference_direction`` is invalid, or the scoping class
                methodology is needed and its arguments are missing or invalid.
            TypeError: ``profile_path`` is no instance path.
        """
        if not isinstance(profile_path, CIMInstanceName):
            raise TypeError(
                "The profile_path argument must be a CIMInstanceName, but has type: "
                f"{type(profile_path)}"
            )
        if reference_direction not in REFERENCING_ENDS:
            raise ValueError(
                "The reference_direction parameter must be 'dmtf' or 'snia', but is: "
                f"{reference_direction!r}"
            )
        if try_gci_method:
            paths = self._central_by_method(profile_path)
            if paths is not None:
                return paths
        paths = self._central_by_class(profile_path)
        if paths:
            return paths
        if central_class is None or scoping_class is None or scoping_path is None:
            if paths is not None:
                return paths
            raise ValueError(
                "Parameters required for scoping class methodology not specified and other "
                "methodologies not implemented for profile "
                f"{profile_path.to_wbem_uri()!r}"
            )
        try:
            steps = hops(central_class, scoping_path)
            return self._central_by_scope(profile_path, steps, reference_direction)
        except (CIMError, ModelError, ValueError):
            # The central class methodology is implemented, and there are no instances.
            if paths is not None:
                return paths
            raise

    def _central_by_method(self, profile_path: CIMInstanceName) -> Optional[List[CIMInstanceName]]:
        """
        The paths that GetCentralInstances() returns; None if there is no such
        method (DSP1033 1.1).
        """
        try:
            result, out = self.conn.InvokeMethod(
                MethodName="GetCentralInstances", ObjectName=profile_path
            )
        except CIMError as exc:
            if exc.status_code in NO_METHOD:
                return None
            raise
        if result != 0:
            self._raise_model(
                "The GetCentralInstances() method is implemented but failed with "
                f"rc={None if result is None else int(result)} for profile "
                f"{profile_path.to_wbem_uri()!r}"
            )
        return out.get("CentralInstances") or []

    def _central_by_class(self, profile_path: CIMInstanceName) -> Optional[List[CIMInstanceName]]:
        """
        The paths by the central class methodology; None if the server does
        not support it.
        """
        try:
            return self._associated(
                profile_path,
                AssocClass="CIM_ElementConformsToProfile",
                ResultRole="ManagedElement",
            )
        except CIMError as exc:
            if exc.status_code == CIM_ERR_NOT_SUPPORTED:
                return None
            raise

    def _central_by_scope(
        self,
        profile_path: CIMInstanceName,
        steps: List[Tuple[str, str]],
        reference_direction: str,
    ) -> List[CIMInstanceName]:
        """
        The paths by the scoping class methodology.
        """
        uri = profile_path.to_wbem_uri()
        attempt = "when attempting the scoping class methodology"
        end = REFERENCING_ENDS[reference_direction]
        profiles = self._associated(
            profile_path, AssocClass="CIM_ReferencedProfile", ResultRole=end
        )
        if len(profiles) != 1:
            found = [path.to_wbem_uri() for path in profiles]
            self._raise_model(
                f"{'More than one' if profiles else 'No'} referencing profile found for profile "
                f"{uri!r} {attempt} (traversing CIM_ReferencedProfile to its {end!r} end using "
                f"the {reference_direction} reference direction)"
                + (f". Found referencing profiles: {found}" if found else "")
            )
        paths = self.get_central_instances(profiles[0], reference_direction=reference_direction)
        if not paths:
            self._raise_model(
                f"Profile {profiles[0].to_wbem_uri()!r} does not have any central instances, but "
                f"that is required in its role of the scoping profile of profile {uri!r} {attempt}"
            )
        for association, result_class in steps:
            paths = [
                found
                for path in paths
                for found in self._associated(
                    path, AssocClass=association, ResultClass=result_class
                )
            ]
        return paths

    def _associated(self, path: CIMInstanceName, **filters: str) -> List[CIMInstanceName]:
        result: List[Any] = self.conn.AssociatorNames(ObjectName=path, **filters)
        return result

    def _raise_model(self, problem: str) -> NoReturn:
        raise ModelError(problem, conn_id=self.conn.conn_id)
