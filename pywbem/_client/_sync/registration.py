# Made from ../_async/registration.py by tools/make_sync.py: change that file.
"""
What the subscription manager does on one WBEM server (DSP1054).
"""

from __future__ import annotations

from typing import Any, Callable, List, Optional

from ..._cim_constants import (
    CIM_ERR_ALREADY_EXISTS,
    CIM_ERR_FAILED,
    CIM_ERR_NOT_FOUND,
)
from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._exceptions import CIMError, ModelError
from ..._warnings import warn_caller
from ..owned import (
    DESTINATION,
    FILTER,
    SUBSCRIPTION_CLASSNAME,
    InstanceKind,
    Registered,
    ends_of,
    instance_name,
    instance_path,
    instance_uri,
)
from ..server_facts import NO_CLASS
from .server import WBEMServer


class Registration(Registered):
    """
    A registered server and the instances on it that the manager owns, in the
    order in which they were created or found.
    """

    def __init__(self, server: WBEMServer, interop_ns: str, system_name: str) -> None:
        super().__init__(interop_ns, system_name)
        self.server = server
        self.conn = server.conn

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
                name = instance_name(instance)
                if kind.is_owned(name, manager_id):
                    owned.append(instance)
                elif kind.is_old(name, manager_id):
                    warn_caller(
                        kind.warning,
                        f"Ignored {kind.text} instance when detecting owned instances because it "
                        f"has the old name format: {instance_uri(instance)}",
                    )
        ends = self.keys(self.filters) | self.keys(self.destinations)
        for instance in self.enumerate(SUBSCRIPTION_CLASSNAME):
            if not ends.isdisjoint(self.key(path) for path in ends_of(instance)):
                self.subscriptions.append(instance)

    def enumerate(self, classname: str) -> List[CIMInstance]:
        """
        The instances of a class in the Interop namespace.
        """
        return self.conn.EnumerateInstances(classname, namespace=self.interop_ns)

    def verify_new_name(self, kind: InstanceKind, name: str) -> None:
        """
        Verify that no instance on the server has the name.
        """
        for instance in self.enumerate(kind.classname):
            if instance_name(instance) == name:
                raise CIMError(
                    CIM_ERR_ALREADY_EXISTS,
                    f"{kind.exists_text} instance with Name={name!r} already exists: "
                    f"{instance_uri(instance)}",
                    conn_id=self.conn.conn_id,
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
        if exc.status_code not in NO_CLASS:
            raise
    return str(name) if name else server.conn.host.rpartition(":")[0].strip("[]")
