# Made from ../_async/registration.py by tools/make_sync.py: change that file.
"""
What the subscription manager does on one WBEM server (DSP1054).
"""

from __future__ import annotations

import re
import socket
from typing import Any, Callable, Iterable, List, Optional, Set, Tuple, Type

from ..._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_FAILED,
    CIM_ERR_INVALID_CLASS,
    CIM_ERR_NOT_FOUND,
)
from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._exceptions import CIMError, ModelError
from ..._warnings import OldNameDestinationWarning, OldNameFilterWarning, Warning, warn_caller
from .server import WBEMServer

#: Name of the class of subscriptions.
SUBSCRIPTION_CLASSNAME = "CIM_IndicationSubscription"

#: Name of the class of indication filters.
FILTER_CLASSNAME = "CIM_IndicationFilter"

#: Name of the class of listener destinations.
DESTINATION_CLASSNAME = "CIM_ListenerDestinationCIMXML"


class InstanceKind:
    """
    What tells filters and destinations apart.
    """

    def __init__(
        self,
        classname: str,
        prefix: str,
        id_pattern: str,
        old_parts: int,
        warning: Type[Warning],
        text: str,
        exists_text: str,
    ) -> None:
        self.classname = classname
        self.prefix = prefix
        self._id_pattern = id_pattern
        self.warning = warning
        self.text = text
        self.exists_text = exists_text
        self._old_parts = r":[^:]*" * old_parts

    def is_owned(self, name: str, manager_id: str) -> bool:
        """
        Whether a name is of the form ``{prefix}:{manager id}:{id}``.
        """
        # With such a manager id it could be an old name, of any manager.
        id_pattern = "[^:]*" if manager_id in ("owned", "permanent") else self._id_pattern
        start = f"{self.prefix}:{re.escape(manager_id)}:"
        return re.fullmatch(start + id_pattern, name) is not None

    def is_old(self, name: str, manager_id: str) -> bool:
        """
        Whether a name is one that pywbem before version 1.3 gave:
        ``{prefix}:owned:{client host}:{manager id}``, followed by an id, for
        filters, and a UUID.
        """
        start = f"{self.prefix}:owned:"
        if not name.startswith(start):
            return False
        start = re.escape(f"{start}{socket.getfqdn()}:{manager_id}")
        return re.fullmatch(start + self._old_parts, name) is not None


# The id of a destination has never been kept from containing colons.
FILTER = InstanceKind(
    FILTER_CLASSNAME,
    "pywbemfilter",
    "[^:]*",
    2,
    OldNameFilterWarning,
    "indication filter",
    "Filter",
)
DESTINATION = InstanceKind(
    DESTINATION_CLASSNAME,
    "pywbemdestination",
    ".*",
    1,
    OldNameDestinationWarning,
    "listener destination",
    "Listener destination",
)


class Registration:
    """
    A registered server and the instances on it that the manager owns, in the
    order in which they were created or found.
    """

    def __init__(self, server: WBEMServer, interop_ns: str, system_name: str) -> None:
        self.server = server
        self.conn = server.conn
        self.interop_ns = interop_ns
        self.system_name = system_name
        self.filters: List[CIMInstance] = []
        self.destinations: List[CIMInstance] = []
        self.subscriptions: List[CIMInstance] = []

    @classmethod
    def of(cls, server: WBEMServer, manager_id: str) -> Registration:
        """
        Register a server, and find the instances that the manager owns.
        """
        registration = cls(server, server.interop_ns, _system_name(server))
        registration._discover(manager_id)
        return registration

    def _discover(self, manager_id: str) -> None:
        """
        Find the instances that the manager owns.
        """
        for kind, owned in ((DESTINATION, self.destinations), (FILTER, self.filters)):
            for instance in self.enumerate(kind.classname):
                name = _name(instance)
                if kind.is_owned(name, manager_id):
                    owned.append(instance)
                elif kind.is_old(name, manager_id):
                    warn_caller(
                        kind.warning,
                        f"Ignored {kind.text} instance when detecting owned instances because it "
                        f"has the old name format: {_uri(instance)}",
                    )
        ends = self.keys(self.filters) | self.keys(self.destinations)
        for instance in self.enumerate(SUBSCRIPTION_CLASSNAME):
            if not ends.isdisjoint(self.key(path) for path in _ends(instance)):
                self.subscriptions.append(instance)

    def enumerate(self, classname: str) -> List[CIMInstance]:
        """
        The instances of a class in the Interop namespace.
        """
        return self.conn.EnumerateInstances(classname, namespace=self.interop_ns)

    def key(self, path: CIMInstanceName) -> CIMInstanceName:
        """
        A path as it is compared: servers do not always give the host, or the
        namespace in references.
        """
        if path.host is not None or path.namespace is None:
            path = path.copy()
            path.host = None
            path.namespace = path.namespace or self.interop_ns
        return path

    def keys(self, instances: Iterable[CIMInstance]) -> Set[CIMInstanceName]:
        """
        The paths of instances as they are compared.
        """
        return {self.key(instance_path(instance)) for instance in instances}

    def subscription_key(self, path: CIMInstanceName) -> Tuple[CIMInstanceName, ...]:
        """
        The ends of a subscription as they are compared.
        """
        ends = (path.keybindings.get("Filter"), path.keybindings.get("Handler"))
        return tuple(self.key(end) if isinstance(end, CIMInstanceName) else end for end in ends)

    def properties(self, kind: InstanceKind) -> List[Tuple[str, Any]]:
        """
        The key properties of a new filter or destination, but for its name.
        """
        return [
            ("CreationClassName", kind.classname),
            ("SystemCreationClassName", "CIM_ComputerSystem"),
            ("SystemName", self.system_name),
        ]

    def verify_new_name(self, kind: InstanceKind, name: str) -> None:
        """
        Verify that no instance on the server has the name.
        """
        for instance in self.enumerate(kind.classname):
            if _name(instance) == name:
                raise CIMError(
                    CIM_ERR_ALREADY_EXISTS,
                    f"{kind.exists_text} instance with Name={name!r} already exists: "
                    f"{_uri(instance)}",
                    conn_id=self.conn.conn_id,
                )

    def verify_not_owned(
        self, filter_path: CIMInstanceName, destination_paths: List[CIMInstanceName]
    ) -> None:
        """
        Verify that the ends of a permanent subscription are not owned.
        """
        if self.key(filter_path) in self.keys(self.filters):
            raise ValueError(
                f"Permanent subscription cannot be created on owned filter: {filter_path!r}"
            )
        owned = self.keys(self.destinations)
        for path in destination_paths:
            if self.key(path) in owned:
                raise ValueError(
                    "Permanent subscription cannot be created on owned listener destination: "
                    f"{path!r}"
                )

    def create(self, instance: CIMInstance, owned: Optional[List[CIMInstance]]) -> CIMInstance:
        """
        Create an instance and return it as the server has it.
        """
        path = self.conn.CreateInstance(instance, namespace=self.interop_ns)
        if owned is None:
            return self.conn.GetInstance(path)
        # From here on it is on the server, whatever happens.
        created = instance.copy()
        created.path = path
        owned.append(created)
        owned[-1] = self.conn.GetInstance(path)
        return owned[-1]

    def delete_unreferenced(
        self, path: CIMInstanceName, text: str, owned: List[CIMInstance]
    ) -> None:
        """
        Delete a filter or destination that has no subscriptions (DSP1054).
        """
        if self.conn.ReferenceNames(path, ResultClass=SUBSCRIPTION_CLASSNAME):
            raise CIMError(
                CIM_ERR_FAILED,
                f"The {text} is referenced by subscriptions.",
                conn_id=self.conn.conn_id,
            )
        self.delete(path, owned, self.key)

    def delete(
        self,
        path: CIMInstanceName,
        owned: List[CIMInstance],
        key: Callable[[CIMInstanceName], Any],
    ) -> None:
        """
        Delete an instance, and forget it if it is owned.
        """
        self.conn.DeleteInstance(path)
        wanted = key(path)
        owned[:] = [instance for instance in owned if key(instance_path(instance)) != wanted]

    def delete_all(self) -> None:
        """
        Delete all owned instances.

        What is not there any more is deleted.  If the server refuses to delete
        an instance, the others are deleted nevertheless, but for filters and
        destinations that may have a subscription.
        """
        self._delete_each([self.subscriptions])
        self._delete_each([self.filters, self.destinations])

    def _delete_each(self, lists: List[List[CIMInstance]]) -> None:
        failure: Optional[CIMError] = None
        for owned in lists:
            for instance in reversed(owned[:]):
                try:
                    self.conn.DeleteInstance(instance_path(instance))
                except CIMError as exc:
                    if exc.status_code != CIM_ERR_NOT_FOUND:
                        failure = failure or exc
                        continue
                owned[:] = [item for item in owned if item is not instance]
        if failure is not None:
            raise failure


def instance_path(instance: CIMInstance) -> CIMInstanceName:
    """
    The path of an instance that a server returned.
    """
    if instance.path is None:
        raise ModelError(f"Instance of class {instance.classname!r} has no path")
    return instance.path


def _name(instance: CIMInstance) -> str:
    """
    The name of a filter or destination.
    """
    name = instance.path.keybindings.get("Name") if instance.path is not None else None
    return str(instance.get("Name") if name is None else name)


def _uri(instance: CIMInstance) -> str:
    return instance_path(instance).to_wbem_uri(format="historical")


def _ends(instance: CIMInstance) -> List[CIMInstanceName]:
    """
    The paths of the filter and the destination of a subscription.
    """
    keybindings = instance_path(instance).keybindings
    ends = (keybindings.get(name, instance.get(name)) for name in ("Filter", "Handler"))
    return [end for end in ends if isinstance(end, CIMInstanceName)]


def _system_name(server: WBEMServer) -> str:
    """
    The value of the key property SystemName of new instances.
    """
    name = None
    try:
        name = (server.cimom_inst).get("SystemName")
    except ModelError:
        pass
    except CIMError as exc:
        if exc.status_code not in (CIM_ERR_INVALID_CLASS, CIM_ERR_NOT_FOUND):
            raise
    return str(name) if name else server.conn.host.rpartition(":")[0].strip("[]")
