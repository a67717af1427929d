"""
AsyncWBEMSubscriptionManager: indication filters, listener destinations and subscriptions on
WBEM servers (DSP1054).
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Sequence, Union

from ..._cim_obj import CIMInstance, CIMInstanceName
from ..._cim_obj.fields import to_repr
from ..._exceptions import Error
from ..owned import (
    DESTINATION,
    DESTINATION_CLASSNAME,
    FILTER,
    FILTER_CLASSNAME,
    SUBSCRIPTION_CLASSNAME,
    instance_path,
)
from ..subscription_arguments import (
    destination_url,
    final_name,
    namespace_list,
    path_list,
    persistence_value,
    verify_id,
    verify_path,
)
from .registration import AsyncRegistration
from .server import AsyncWBEMServer

__all__ = ["AsyncWBEMSubscriptionManager"]

_Paths = Union[CIMInstanceName, Sequence[CIMInstanceName], None]


class AsyncWBEMSubscriptionManager:
    """
    Manages indication filters, listener destinations and subscriptions on
    WBEM servers (DSP1054).

    *Owned* instances belong to the subscription manager: they are deleted when
    their server is removed from it, and found again by a later one with the
    same id.  Their names have the form ``pywbemfilter:{manager id}:{filter id}``
    and ``pywbemdestination:{manager id}:{destination id}``; a subscription is
    owned if it was created so, or found with an owned filter or destination.
    *Permanent* instances stay on the server, with a name of the user's choice.

    The object is a context manager that removes all servers.

    The methods raise, beside the exceptions that are mentioned with them, those
    of :class:`~pywbem.AsyncWBEMConnection`, and :exc:`ValueError` for a server id
    that is not registered.
    """

    def __init__(self, subscription_manager_id: str) -> None:
        """
        Parameters:
            subscription_manager_id (str): Id of the subscription manager, a part
                of the names of owned filters and destinations.  It must not
                contain a colon.

        Raises:
            ValueError, TypeError: The id is invalid.
        """
        if subscription_manager_id is None:
            raise ValueError("Subscription manager ID must not be None")
        verify_id("subscription manager ID", subscription_manager_id)
        self._subscription_manager_id = subscription_manager_id
        self._registrations: Dict[str, AsyncRegistration] = {}

    def __str__(self) -> str:
        return (
            f"{type(self).__name__}"
            f"(_subscription_manager_id={to_repr(self._subscription_manager_id)}, "
            f"_servers={self._shown('server')}, _systemnames={self._shown('system_name')}...)"
        )

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}"
            f"(_subscription_manager_id={to_repr(self._subscription_manager_id)}, "
            f"_servers={self._shown('server')}, "
            f"_owned_subscriptions={self._shown('subscriptions')}, "
            f"_owned_filters={self._shown('filters')}, "
            f"_owned_destinations={self._shown('destinations')})"
        )

    def _shown(self, attribute: str) -> Dict[str, Any]:
        return {
            server_id: getattr(registration, attribute)
            for server_id, registration in self._registrations.items()
        }

    async def __aenter__(self) -> AsyncWBEMSubscriptionManager:
        """
        Return the subscription manager.
        """
        return self

    async def __aexit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> Literal[False]:
        """
        Remove all servers, as :meth:`remove_all_servers` does.
        """
        await self.remove_all_servers()
        return False

    # -- Servers --------------------------------------------------------------

    async def add_server(self, server: AsyncWBEMServer) -> str:
        """
        Register a server, and find what an earlier subscription manager with
        this id owns there.

        Filters and destinations with names that pywbem before version 1.3 gave
        are ignored, with an :exc:`~pywbem.OldNameFilterWarning` or
        :exc:`~pywbem.OldNameDestinationWarning`.

        Parameters:
            server (:class:`~pywbem.AsyncWBEMServer`): The server.

        Returns:
            str: The server id for the other methods: the URL of the server.

        Raises:
            ValueError: The server is registered.
            TypeError: It is no server.
        """
        if not isinstance(server, AsyncWBEMServer):
            raise TypeError("Server argument of add_server() must be a AsyncWBEMServer object")
        server_id = server.url
        if server_id in self._registrations:
            raise ValueError(f"WBEM server already known by listener: {server_id!r}")
        registration = await AsyncRegistration.of(server, self._subscription_manager_id)
        self._registrations[server_id] = registration
        return server_id

    async def remove_server(self, server_id: str) -> None:
        """
        Delete everything that is owned on a server, and unregister it.

        If the server refuses to delete an instance, as many others as possible
        are deleted; then the server stays registered with the remaining ones,
        and the first exception is raised.

        Parameters:
            server_id (str): The server id.
        """
        await self._registration(server_id).delete_all()
        del self._registrations[server_id]

    async def remove_all_servers(self) -> None:
        """
        Remove all servers, as :meth:`remove_server` does.  If that fails for a
        server, the others are removed nevertheless, then the first exception
        is raised.
        """
        failure: Optional[Error] = None
        for server_id in list(self._registrations):
            try:
                await self.remove_server(server_id)
            except Error as exc:
                failure = failure or exc
        if failure is not None:
            raise failure

    def _registration(self, server_id: str) -> AsyncRegistration:
        try:
            return self._registrations[server_id]
        except KeyError:
            raise ValueError(
                f"WBEM server {server_id!r} not known by subscription manager"
            ) from None

    # -- Destinations ---------------------------------------------------------

    async def add_destination(
        self,
        server_id: str,
        listener_url: str,
        owned: bool = True,
        destination_id: Optional[str] = None,
        name: Optional[str] = None,
        persistence_type: Optional[str] = None,
    ) -> CIMInstance:
        """
        Create a listener destination, an instance of
        ``CIM_ListenerDestinationCIMXML`` in the Interop namespace.

        An owned destination of the same URL and persistence type is returned
        instead if there is one.

        Parameters:
            server_id (str): The server id.
            listener_url (str): URL of the listener, ``{scheme}://{host}:{port}``,
                as for :class:`~pywbem.AsyncWBEMConnection`.  A zone index of an IPv6
                address is stored as RFC 6874 says.
            owned (bool): Whether the destination is owned, or permanent.
            destination_id (str): Id of an owned destination, the last part of
                its name.
            name (str): Name of a permanent destination.
            persistence_type (str): ``permanent`` or ``transient``, the value of
                the property ``PersistenceType``.  None means transient if owned,
                and else to leave it to the server.

        Returns:
            :class:`~pywbem.CIMInstance`: The destination.

        Raises:
            :exc:`~pywbem.CIMError`: ``CIM_ERR_ALREADY_EXISTS``: a destination
                has the name.
            ValueError, TypeError: An argument is wrong.
        """
        registration = self._registration(server_id)
        url = destination_url(listener_url)
        persistence = persistence_value(persistence_type, owned)
        its_name = final_name(
            self._subscription_manager_id, DESTINATION, "destination", owned, destination_id, name
        )
        properties = registration.properties(DESTINATION)
        if persistence is not None:
            properties.append(("PersistenceType", persistence))
        properties += [("Name", its_name), ("Destination", url)]
        instance = CIMInstance(DESTINATION_CLASSNAME, properties)
        await registration.verify_new_name(DESTINATION, its_name)
        if owned:
            for existing in registration.destinations:
                if (
                    existing.get("Destination") == url
                    and existing.get("PersistenceType") == persistence
                ):
                    return existing
        return await registration.create(instance, registration.destinations if owned else None)

    def get_owned_destinations(self, server_id: str) -> List[CIMInstance]:
        """
        Return the owned destinations; the server is not asked.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The destinations.
        """
        return list(self._registration(server_id).destinations)

    async def get_all_destinations(self, server_id: str) -> List[CIMInstance]:
        """
        Return all listener destinations on a server.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The destinations.
        """
        return await self._registration(server_id).enumerate(DESTINATION_CLASSNAME)

    async def remove_destinations(self, server_id: str, destination_paths: _Paths) -> None:
        """
        Delete listener destinations that have no subscriptions.

        Parameters:
            server_id (str): The server id.
            destination_paths (:class:`~pywbem.CIMInstanceName` or list of them):
                Paths of the destinations.

        Raises:
            :exc:`~pywbem.CIMError`: ``CIM_ERR_FAILED``: it has subscriptions.
            TypeError: A path is no instance path.
        """
        registration = self._registration(server_id)
        for path in path_list("destination_paths", destination_paths):
            await registration.delete_unreferenced(
                path, DESTINATION.text, registration.destinations
            )

    # -- Filters --------------------------------------------------------------

    async def add_filter(
        self,
        server_id: str,
        source_namespaces: Union[str, Sequence[str], None],
        query: str,
        query_language: str = "WQL",
        owned: bool = True,
        filter_id: Optional[str] = None,
        name: Optional[str] = None,
        source_namespace: Optional[str] = None,
    ) -> CIMInstance:
        """
        Create an indication filter, an instance of ``CIM_IndicationFilter`` in
        the Interop namespace.

        Parameters:
            server_id (str): The server id.
            source_namespaces (str or list of str): The namespaces where the
                indications originate, the value of ``SourceNamespaces``.  None
                means to leave it to the server.
            query (str): The query that selects the indications.
            query_language (str): Its language, for example ``WQL`` or
                ``DMTF:CQL``.
            owned (bool): Whether the filter is owned, or permanent.
            filter_id (str): Id of an owned filter, the last part of its name.
                It must not contain a colon.
            name (str): Name of a permanent filter.
            source_namespace (str): Value of the deprecated property
                ``SourceNamespace``, for servers that need it.

        Returns:
            :class:`~pywbem.CIMInstance`: The filter.

        Raises:
            :exc:`~pywbem.CIMError`: ``CIM_ERR_ALREADY_EXISTS``: a filter has the
                name.
            ValueError, TypeError: An argument is wrong.
        """
        its_name = final_name(
            self._subscription_manager_id, FILTER, "filter", owned, filter_id, name
        )
        namespaces = namespace_list(source_namespaces)
        registration = self._registration(server_id)
        properties = registration.properties(FILTER)
        properties.append(("Name", its_name))
        if namespaces:
            properties.append(("SourceNamespaces", namespaces))
        if source_namespace:
            properties.append(("SourceNamespace", source_namespace))
        properties += [("Query", query), ("QueryLanguage", query_language)]
        instance = CIMInstance(FILTER_CLASSNAME, properties)
        await registration.verify_new_name(FILTER, its_name)
        return await registration.create(instance, registration.filters if owned else None)

    def get_owned_filters(self, server_id: str) -> List[CIMInstance]:
        """
        Return the owned filters; the server is not asked.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The filters.
        """
        return list(self._registration(server_id).filters)

    async def get_all_filters(self, server_id: str) -> List[CIMInstance]:
        """
        Return all indication filters on a server.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The filters.
        """
        return await self._registration(server_id).enumerate(FILTER_CLASSNAME)

    async def remove_filter(self, server_id: str, filter_path: CIMInstanceName) -> None:
        """
        Delete an indication filter that has no subscriptions.

        Parameters:
            server_id (str): The server id.
            filter_path (:class:`~pywbem.CIMInstanceName`): Path of the filter.

        Raises:
            :exc:`~pywbem.CIMError`: ``CIM_ERR_FAILED``: it has subscriptions.
            TypeError: The path is no instance path.
        """
        registration = self._registration(server_id)
        verify_path("filter_path", filter_path)
        await registration.delete_unreferenced(filter_path, FILTER.text, registration.filters)

    # -- Subscriptions --------------------------------------------------------

    async def add_subscriptions(
        self,
        server_id: str,
        filter_path: CIMInstanceName,
        destination_paths: _Paths = None,
        owned: bool = True,
    ) -> List[CIMInstance]:
        """
        Create subscriptions, instances of ``CIM_IndicationSubscription`` in
        the Interop namespace, that send the indications of a filter to
        listener destinations.  From then on the listeners can get indications.

        An owned subscription that is known already is returned instead of
        being created.

        Parameters:
            server_id (str): The server id.
            filter_path (:class:`~pywbem.CIMInstanceName`): Path of the filter.
            destination_paths (:class:`~pywbem.CIMInstanceName` or list of them):
                Paths of the destinations.  None means all owned destinations.
            owned (bool): Whether the subscriptions are owned, or permanent.  The
                filter and the destinations of permanent ones must not be owned.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The subscriptions.

        Raises:
            ValueError: A permanent subscription has an owned end.
            TypeError: A path is no instance path.
        """
        registration = self._registration(server_id)
        verify_path("filter_path", filter_path)
        if destination_paths is None:
            paths = [instance_path(instance) for instance in registration.destinations]
        else:
            paths = path_list("destination_paths", destination_paths)
        if not owned:
            registration.verify_not_owned(filter_path, paths)
        known = {
            registration.subscription_key(instance_path(instance)): instance
            for instance in registration.subscriptions
        }
        result = []
        for destination_path in paths:
            ends = {"Filter": filter_path, "Handler": destination_path}
            path = CIMInstanceName(SUBSCRIPTION_CLASSNAME, ends, namespace=registration.interop_ns)
            instance = known.get(registration.subscription_key(path)) if owned else None
            if instance is None:
                instance = await registration.create(
                    CIMInstance(SUBSCRIPTION_CLASSNAME, ends, path=path),
                    registration.subscriptions if owned else None,
                )
            result.append(instance)
        return result

    def get_owned_subscriptions(self, server_id: str) -> List[CIMInstance]:
        """
        Return the owned subscriptions; the server is not asked.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The subscriptions.
        """
        return list(self._registration(server_id).subscriptions)

    async def get_all_subscriptions(self, server_id: str) -> List[CIMInstance]:
        """
        Return all subscriptions on a server.

        Parameters:
            server_id (str): The server id.

        Returns:
            list of :class:`~pywbem.CIMInstance`: The subscriptions.
        """
        return await self._registration(server_id).enumerate(SUBSCRIPTION_CLASSNAME)

    async def remove_subscriptions(self, server_id: str, sub_paths: _Paths) -> None:
        """
        Delete subscriptions.

        Parameters:
            server_id (str): The server id.
            sub_paths (:class:`~pywbem.CIMInstanceName` or list of them): Paths
                of the subscriptions.

        Raises:
            TypeError: A path is no instance path.
        """
        registration = self._registration(server_id)
        for path in path_list("sub_paths", sub_paths):
            await registration.delete(
                path, registration.subscriptions, registration.subscription_key
            )
