# Made from ../_async/server.py by tools/make_sync.py: change that file.
"""
WBEMServer: what a WBEM server says about itself in its Interop namespace
(DSP1033, DSP1092).
"""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from ..._cim_constants import (
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_INVALID_NAMESPACE,
    CIM_ERR_NAMESPACE_NOT_EMPTY,
    CIM_ERR_NOT_FOUND,
)
from ..._cim_obj import CIMInstance, CIMInstanceName, CIMParameter
from ..._cim_obj.fields import to_repr
from ..._exceptions import CIMError, ModelError
from ..._warnings import ToleratedServerIssueWarning, warn_caller
from ..server_facts import (
    NO_CLASS,
    NO_METHOD,
    UNSPECIFIC,
    brand_and_version,
    namespace_argument,
    same_namespace,
)
from .connection import WBEMConnection
from .profiles import ProfileReader

__all__ = ["WBEMServer"]


class WBEMServer(ProfileReader):
    """
    A WBEM server, as the objects in its Interop namespace describe it: its
    namespaces, brand and version, and the management profiles that it
    implements, with their central instances (DSP1033).

    What a property returns is asked from the server when it is read for the
    first time, and kept.

    The properties and methods raise, beside the exceptions of
    :class:`~pywbem.WBEMConnection`, :exc:`~pywbem.ModelError` if the server
    has no Interop namespace or contradicts the model.
    """

    #: Names of the Interop namespace, in the order in which they are tried.
    INTEROP_NAMESPACES = ["interop", "root/interop", "root/PG_Interop"]

    #: Names of the class of namespaces, in the order in which they are tried.
    NAMESPACE_CLASSNAMES = ["CIM_Namespace", "CIM_WBEMServerNamespace", "__Namespace"]

    def __init__(self, conn: WBEMConnection) -> None:
        """
        Parameters:
            conn (:class:`~pywbem.WBEMConnection`): Connection to the server.

        Raises:
            TypeError: It is no connection.
        """
        if not isinstance(conn, WBEMConnection):
            raise TypeError(
                "conn argument of WBEMServer must be a WBEMConnection object, but has "
                f"type: {type(conn)}"
            )
        self._conn = conn
        self._interop_ns: Optional[str] = None
        self._namespaces: Optional[List[str]] = None
        self._namespace_paths: Optional[List[CIMInstanceName]] = None
        self._namespace_classname: Optional[str] = None
        self._cimom_inst: Optional[CIMInstance] = None
        self._brand: Optional[str] = None
        self._version: Optional[str] = None
        self._profiles = None

    def __str__(self) -> str:
        return (
            f"{type(self).__name__}(conn.url={to_repr(self.url)}, brand={to_repr(self._brand)}, "
            f"version={to_repr(self._version)}, ... )"
        )

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(conn.url={to_repr(self.url)}, "
            f"interop_ns={to_repr(self._interop_ns)}, namespaces={to_repr(self._namespaces)}, "
            f"namespace_paths={self._namespace_paths!r}, "
            f"namespace_classname={to_repr(self._namespace_classname)}, "
            f"brand={to_repr(self._brand)}, version={to_repr(self._version)}, "
            f"profiles=[{len(self._profiles or [])} instances])"
        )

    @property
    def conn(self) -> WBEMConnection:
        """
        :class:`~pywbem.WBEMConnection`: Connection to the server.
        """
        return self._conn

    @property
    def url(self) -> str:
        """
        str: URL of the server.
        """
        return self._conn.url

    # -- Namespaces -----------------------------------------------------------

    @property
    def interop_ns(self) -> str:
        """
        str: Name of the Interop namespace, in the lexical case of the server.
        """
        if self._interop_ns is None:
            self._interop_ns = self._find_interop_ns()
        return self._interop_ns

    def _find_interop_ns(self) -> str:
        """
        Find the first Interop namespace that exists.

        A server that has no class CIM_Namespace says so with another status
        code than one that has no such namespace.  As some use the wrong one,
        an answer that leaves doubt is used only if no other name has a better
        one.
        """
        doubtful: Optional[str] = None
        failure: Optional[CIMError] = None
        for name in self.INTEROP_NAMESPACES:
            try:
                paths = self._conn.EnumerateInstanceNames("CIM_Namespace", namespace=name)
            except CIMError as exc:
                if exc.status_code == CIM_ERR_INVALID_CLASS:
                    return name
                if exc.status_code == CIM_ERR_NOT_FOUND:
                    doubtful = doubtful or name
                elif exc.status_code in UNSPECIFIC:
                    failure = failure or exc
                elif exc.status_code != CIM_ERR_INVALID_NAMESPACE:
                    raise
                continue
            listed = [str(path.keybindings.get("Name")).strip("/") for path in paths]
            return next((item for item in reversed(listed) if same_namespace(item, name)), name)
        if doubtful is not None:
            return doubtful
        if failure is not None:
            raise failure
        self._raise_model(f"Interop namespace does not exist (tried {self.INTEROP_NAMESPACES})")

    @property
    def namespace_classname(self) -> str:
        """
        str: Name of the class whose instances are the namespaces.
        """
        if self._namespace_classname is None:
            self._read_namespaces()
        assert self._namespace_classname is not None
        return self._namespace_classname

    @property
    def namespaces(self) -> List[str]:
        """
        list of str: Names of all namespaces.  The Interop namespace is among
        them, with a :exc:`~pywbem.ToleratedServerIssueWarning` if the server
        does not list it.
        """
        if self._namespaces is None:
            self._read_namespaces()
        assert self._namespaces is not None
        return self._namespaces

    @property
    def namespace_paths(self) -> List[CIMInstanceName]:
        """
        list of :class:`~pywbem.CIMInstanceName`: Paths of the instances that
        represent the namespaces.
        """
        if self._namespace_paths is None:
            self._read_namespaces()
        assert self._namespace_paths is not None
        return self._namespace_paths

    def _read_namespaces(self) -> None:
        """
        Enumerate the instances of the first class of namespaces that exists.
        """
        interop_ns = self.interop_ns
        classname, instances = self._namespace_instances(interop_ns)
        names = [self._namespace_name(instance) for instance in instances]
        if not any(same_namespace(name, interop_ns) for name in names):
            warn_caller(
                ToleratedServerIssueWarning,
                f"Server at {self.url} has an Interop namespace {interop_ns!r}, but does not "
                f"return it when enumerating class {classname!r} - adding it to the "
                "'namespaces' property",
            )
            names.append(interop_ns)
        self._namespace_classname = classname
        self._namespaces = names
        # mypy: the server gives each of them a path.
        self._namespace_paths = [instance.path for instance in instances]  # type: ignore[misc]

    def _namespace_instances(self, interop_ns: str) -> Tuple[str, List[CIMInstance]]:
        failure: Optional[CIMError] = None
        classnames = self.NAMESPACE_CLASSNAMES
        if self._namespace_classname is not None:
            classnames = [self._namespace_classname]
        for classname in classnames:
            try:
                return classname, self._conn.EnumerateInstances(classname, namespace=interop_ns)
            except CIMError as exc:
                if exc.status_code in UNSPECIFIC:
                    failure = failure or exc
                elif exc.status_code not in NO_CLASS:
                    raise
        if failure is not None:
            raise failure
        self._raise_model(f"Namespace class could not be determined (tried {classnames})")

    def _namespace_name(self, instance: CIMInstance) -> str:
        name = instance.get("Name")
        if name is None and instance.path is not None:
            name = instance.path.get("Name")
        if name is None:
            self._raise_model(
                f"Instance of class {instance.classname!r} in namespace {self.interop_ns!r} "
                "does not have a property 'Name'"
            )
        return str(name)

    def create_namespace(self, namespace: str, verbose: bool = False) -> str:
        """
        Create a namespace.

        If the server implements the WBEM Server profile (DSP1092), its method
        ``CIM_WBEMServer.CreateWBEMServerNamespace()`` is used, otherwise an
        instance of the class of namespaces is created (DSP0200 5.4.2.6).

        Parameters:
            namespace (str): Name of the namespace.  Leading and trailing slashes
                are ignored.
            verbose (bool): Print what is done.

        Returns:
            str: The name without the slashes.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            :exc:`~pywbem.CIMError`: ``CIM_ERR_FAILED``: the method failed.
            :exc:`~pywbem.ModelError`: The server contradicts the model.
            TypeError: The name is no string.
        """
        name = namespace_argument(namespace)
        if verbose:
            print(f"Creating namespace {name} (in WBEMServer)")
        server_path = self._wbem_server_path()
        if server_path is None or not self._create_by_method(server_path, name):
            instance = self._new_namespace_instance(name)
            self._conn.CreateInstance(instance, namespace=self.interop_ns)
        self._read_namespaces()
        return name

    def _wbem_server_path(self) -> Optional[CIMInstanceName]:
        """
        Path of the CIM_WBEMServer, or None if the server does not implement
        the WBEM Server profile.
        """
        interop_ns = self.interop_ns
        try:
            profiles = self.get_selected_profiles("DMTF", "WBEM Server")
        except (CIMError, ModelError, KeyError, TypeError, ValueError):
            # A server without profiles, or with defective ones, is not asked for this one.
            return None
        if not profiles:
            return None
        paths: List[CIMInstanceName] = []
        for profile in profiles:
            if profile.path is not None:
                paths += self.get_central_instances(profile.path)
        if len(set(paths)) != 1:
            self._raise_model(
                "Unexpected number of central instances of WBEM Server profile: "
                f"{[path.to_wbem_uri() for path in paths]}"
            )
        path = paths[0]
        if path.namespace is None:
            path = path.copy()
            path.namespace = interop_ns
        return path

    def _create_by_method(self, server_path: CIMInstanceName, name: str) -> bool:
        """
        Create a namespace as in DSP1092; return whether the method exists.
        """
        template = CIMParameter(
            "NamespaceTemplate",
            "string",
            embedded_object="instance",
            value=CIMInstance("CIM_WBEMServerNamespace", {"Name": name}),
        )
        method = "CreateWBEMServerNamespace"
        try:
            result, out = self._conn.InvokeMethod(
                MethodName=method, ObjectName=server_path, Params=[template]
            )
        except CIMError as exc:
            if exc.status_code in NO_METHOD:
                return False
            raise
        if result != 0:
            errors = [item for item in out.get("Errors") or [] if isinstance(item, CIMInstance)]
            messages = [str(item.get("Message")) for item in errors]
            raise CIMError(
                CIM_ERR_FAILED,
                f"{method}() failed with rc={result} for namespace {name!r}"
                + "".join(f": {message}" for message in messages),
                instances=errors or None,
                conn_id=self._conn.conn_id,
            )
        return True

    def _new_namespace_instance(self, name: str) -> CIMInstance:
        """
        The instance whose creation creates a namespace.
        """
        classname = self.namespace_classname
        if classname.lower() != "cim_namespace" and classname in self.NAMESPACE_CLASSNAMES:
            return CIMInstance(classname, {"Name": name})
        try:
            cimom = self.cimom_inst
        except ModelError:
            return CIMInstance(classname, {"Name": name, "CreationClassName": classname})
        except CIMError as exc:
            if exc.status_code not in NO_CLASS:
                raise
            return CIMInstance(classname, {"Name": name, "CreationClassName": classname})
        properties: List[Tuple[str, Any]] = []
        if self.brand == "OpenPegasus":
            # Its CIM_Namespace is abstract.
            classname = "PG_Namespace"
            properties.append(("SchemaUpdatesAllowed", True))
        properties += [("Name", name), ("CreationClassName", classname)]
        for target, source in (
            ("ObjectManagerName", "Name"),
            ("ObjectManagerCreationClassName", "CreationClassName"),
            ("SystemName", "SystemName"),
            ("SystemCreationClassName", "SystemCreationClassName"),
        ):
            if source in cimom:
                properties.append((target, cimom[source]))
        return CIMInstance(classname, properties)

    def delete_namespace(self, namespace: str, verbose: bool = False) -> str:
        """
        Delete a namespace that has no classes and no qualifier declarations,
        by deleting the instance that represents it.

        Parameters:
            namespace (str): Name of the namespace, in any lexical case.  Leading
                and trailing slashes are ignored.
            verbose (bool): Print what is done.

        Returns:
            str: The name without the slashes.

        Raises:
            :exc:`~pywbem.Error`: See :class:`~pywbem.WBEMConnection`.
            :exc:`~pywbem.CIMError`: ``CIM_ERR_NOT_FOUND``: there is no such
                namespace; ``CIM_ERR_NAMESPACE_NOT_EMPTY``: it is not empty.
            :exc:`~pywbem.ModelError`: The server contradicts the model.
            TypeError: The name is no string.
        """
        name = namespace_argument(namespace)
        if verbose:
            print(f"Deleting namespace {name} (in WBEMServer)")
        path = next(
            (
                path
                for path, listed in zip(self.namespace_paths, self.namespaces)
                if same_namespace(listed, name)
            ),
            None,
        )
        if path is None:
            raise CIMError(
                CIM_ERR_NOT_FOUND,
                f"pywbem detected that the specified namespace does not exist: {name!r}",
                conn_id=self._conn.conn_id,
            )
        classes = self._conn.EnumerateClassNames(
            namespace=name, ClassName=None, DeepInheritance=False
        )
        qualifiers = self._conn.EnumerateQualifiers(namespace=name)
        if classes or qualifiers:
            raise CIMError(
                CIM_ERR_NAMESPACE_NOT_EMPTY,
                f"pywbem detected that the specified namespace {name!r} is not empty; it contains "
                f"{len(classes)} top-level classes and {len(qualifiers)} qualifier types",
                conn_id=self._conn.conn_id,
            )
        self._conn.DeleteInstance(path)
        self._read_namespaces()
        return name

    # -- Brand and version ----------------------------------------------------

    @property
    def cimom_inst(self) -> CIMInstance:
        """
        :class:`~pywbem.CIMInstance`: The instance of ``CIM_ObjectManager`` in
        the Interop namespace that represents the server.
        """
        return self._read_cimom()

    def _read_cimom(self) -> CIMInstance:
        if self._cimom_inst is None:
            instances = self._conn.EnumerateInstances(
                "CIM_ObjectManager", namespace=self.interop_ns
            )
            if len(instances) != 1:
                names = [instance.get("ElementName") for instance in instances]
                self._raise_model(f"Unexpected number of CIM_ObjectManager instances: {names} ")
            self._cimom_inst = instances[0]
            self._brand, self._version = brand_and_version(instances[0])
        return self._cimom_inst

    @property
    def brand(self) -> str:
        """
        str: Brand of the server, from ``ElementName`` of :attr:`cimom_inst`:
        ``OpenPegasus``, ``SFCB``, ``WBEM Solutions J WBEM Server``,
        ``EMC CIM Server``, ``FUJITSU CIM Object Manager``, for other servers
        that text itself, or ``unknown`` if there is none.
        """
        self._read_cimom()
        assert self._brand is not None
        return self._brand

    @property
    def version(self) -> Optional[str]:
        """
        str: Version of the server: what follows after "version" or "release"
        in ``Description`` of :attr:`cimom_inst`, or in ``ElementName`` if that
        is not set.  None if there is nothing like it.
        """
        self._read_cimom()
        return self._version
