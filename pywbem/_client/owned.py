"""
What a subscription manager owns on a WBEM server, and how it is told (DSP1054).
"""

from __future__ import annotations

import re
import socket
from typing import Any, Iterable, List, Set, Tuple, Type

from .._cim_obj import CIMInstance, CIMInstanceName
from .._exceptions import ModelError
from .._warnings import OldNameDestinationWarning, OldNameFilterWarning, Warning

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


class Registered:
    """
    The instances on a registered server that the manager owns, in the order in which
    they were created or found.
    """

    def __init__(self, interop_ns: str, system_name: str) -> None:
        self.interop_ns = interop_ns
        self.system_name = system_name
        self.filters: List[CIMInstance] = []
        self.destinations: List[CIMInstance] = []
        self.subscriptions: List[CIMInstance] = []

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
        ends: List[Any] = [path.get("Filter"), path.get("Handler")]
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


def instance_path(instance: CIMInstance) -> CIMInstanceName:
    """
    The path of an instance that a server returned.
    """
    if instance.path is None:
        raise ModelError(f"Instance of class {instance.classname!r} has no path")
    return instance.path


def instance_name(instance: CIMInstance) -> str:
    """
    The name of a filter or destination.
    """
    name = instance.path.keybindings.get("Name") if instance.path is not None else None
    return str(instance.get("Name") if name is None else name)


def instance_uri(instance: CIMInstance) -> str:
    return instance_path(instance).to_wbem_uri(format="historical")


def ends_of(instance: CIMInstance) -> List[CIMInstanceName]:
    """
    The paths of the filter and the destination of a subscription.
    """
    keybindings = instance_path(instance).keybindings
    ends = (keybindings.get(name, instance.get(name)) for name in ("Filter", "Handler"))
    return [end for end in ends if isinstance(end, CIMInstanceName)]
