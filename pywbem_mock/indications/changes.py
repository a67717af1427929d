"""
The indications of a mock server: which changes are told to whom (DSP1054).

The service observes the repository.  The subscriptions are instances in there,
which it reads for each change, so there is nothing that could be out of date.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import logging
import threading
import time
import uuid
import weakref
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Tuple,
)

from pywbem._cim_obj import CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_types import CIMDateTime
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from .. import query as queries
from ..providers.registry import ProviderRegistry
from ..providers.subscriptions import SUBSCRIPTION_CLASS
from ..store.copying import copy_path, deep_copy
from ..store.errors import invalid_namespace
from ..store.indexes import PathKey, path_key
from ..store.memory import InMemoryRepository
from .delivery import Delivery, DeliveryCounters, DeliverySettings

_LOGGER = logging.getLogger("pywbem_mock.indications")

# CIM_IndicationSubscription.SubscriptionState
_DISABLED = 4

# Superclasses of the indications that are made here: their classes need not be
# in the repository.
_SUPERCLASSES = {
    "cim_instcreation": "CIM_InstIndication",
    "cim_instmodification": "CIM_InstIndication",
    "cim_instdeletion": "CIM_InstIndication",
    "cim_instindication": "CIM_Indication",
}


IsSubclass = Callable[[str, str], bool]


class Subscription(NamedTuple):
    """
    What is delivered where.
    """

    filter_name: str
    query: queries.Query
    # Case folded
    namespaces: Tuple[str, ...]
    destination: PathKey
    url: str

    def concerns(self, namespace: str, classname: str, is_subclass: IsSubclass) -> bool:
        """
        Whether it is about indications of a class from a namespace.
        """
        wanted = self.query.classname
        return namespace.casefold() in self.namespaces and (
            wanted is None or is_subclass(classname, wanted)
        )


_Held = List[Tuple[Subscription, CIMInstance]]


@functools.lru_cache(maxsize=1000)
def _parsed(language: str, text: str) -> Optional[queries.Query]:
    """
    The query of a filter, or None if it is not valid.
    """
    try:
        return queries.parse(language, text)
    except CIMError as exc:
        _LOGGER.warning("The filter query %r selects nothing: %s", text, exc.status_description)
        return None


def _end_all(deliveries: Dict[PathKey, Delivery]) -> None:
    for delivery in list(deliveries.values()):
        delivery.end()


class IndicationService:
    """
    Tells listeners of the changes of instances in a repository, and of what
    else happens, as far as they have subscribed to it.

    Subscriptions count while the provider of CIM_IndicationSubscription is
    registered.  The delivery is not waited for.

    Parameters:
        repository (InMemoryRepository): The repository.
        registry (ProviderRegistry): The registered providers.
    """

    def __init__(self, repository: InMemoryRepository, registry: ProviderRegistry) -> None:
        self._repository = repository
        self._registry = registry
        self._settings = DeliverySettings()
        # It takes part in each SequenceContext: a server that starts again has
        # other ones.
        self._id = uuid.uuid4().hex
        self._numbers = itertools.count(1)
        self._deliveries: Dict[PathKey, Delivery] = {}
        # Those whose destination was deleted; their threads come to an end.
        self._retired: List[Delivery] = []
        # What waits until that is done which it tells of, by thread.
        self._local = threading.local()
        repository.add_observer(self._changed)
        # A connection that nobody closed must leave no threads behind.
        weakref.finalize(self, _end_all, self._deliveries).atexit = False

    @property
    def settings(self) -> DeliverySettings:
        """
        DeliverySettings: How indications are delivered.
        """
        return self._settings

    @property
    def counters(self) -> DeliveryCounters:
        """
        DeliveryCounters: How many indications wait, were delivered, and were
        lost, of all destinations that exist.
        """
        counters = [delivery.counters for delivery in list(self._deliveries.values())]
        return DeliveryCounters(*(sum(column) for column in zip((0, 0, 0), *counters)))

    def send(self, indication: CIMInstance, namespace: str) -> int:
        """
        Deliver an indication.

        Parameters:
            indication (CIMInstance): The indication.  IndicationIdentifier and
                IndicationTime are set if they are not.
            namespace (str): The namespace from which it comes.

        Returns:
            int: For how many subscriptions it is delivered.

        Raises:
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.
        """
        if not self._repository.has_namespace(namespace):
            raise invalid_namespace(namespace)
        namespace = namespace.strip("/")
        indication = deep_copy(indication)
        with self._repository.lock:
            for name, value in self._identity():
                if indication.get(name) is None:
                    indication[name] = value
            concerned = self._concerned(namespace, indication.classname)
            return self._deliver(concerned, namespace, indication)

    def flush(self, timeout: Optional[float] = None) -> bool:
        """
        Wait until all indications are delivered, or lost.

        Parameters:
            timeout (float): Seconds to wait, at most; None means no limit.

        Returns:
            bool: Whether that is so.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        deliveries = [*self._deliveries.values(), *self._retired]
        return all(delivery.wait(deadline) for delivery in deliveries)

    def close(self) -> None:
        """
        Deliver what waits, as far as that is possible without retries and in a
        short time, and end the threads.  Later indications begin new ones.
        """
        deadline = time.monotonic() + self._settings.close_time
        threads = [
            delivery.end(deadline) for delivery in [*self._deliveries.values(), *self._retired]
        ]
        self._retired.clear()
        # Nothing ends a request under way but its timeout.
        patience = self._settings.close_time + self._settings.timeout + 1
        for thread in threads:
            if thread is not None and thread is not threading.current_thread():
                thread.join(patience)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """
        Keep the indications of this thread until the end of the context; they are lost
        if that is left by an exception.
        """
        outer: Optional[_Held] = getattr(self._local, "held", None)
        held: _Held = []
        self._local.held = held
        try:
            yield
        finally:
            self._local.held = outer
        with self._repository.lock:
            for subscription, selected in held:
                self._submit(subscription, selected)

    # -- Changes of instances -------------------------------------------------

    def _changed(
        self, namespace: str, before: Optional[CIMInstance], after: Optional[CIMInstance]
    ) -> None:
        if not self._deliveries and not self._registry.has_any():
            return
        if before is not None and after is None:
            self._tidy(namespace, before)
        classname, source = "CIM_InstModification", after
        if before is None:
            classname = "CIM_InstCreation"
        elif after is None:
            classname, source, before = "CIM_InstDeletion", before, None
        assert source is not None
        concerned = self._concerned(namespace, classname)
        if concerned:
            indication = self._inst_indication(classname, source, before)
            self._deliver(concerned, namespace, indication)

    def _inst_indication(
        self, classname: str, source: CIMInstance, previous: Optional[CIMInstance]
    ) -> CIMInstance:
        properties = [CIMProperty(name, value) for name, value in self._identity()]
        properties.append(_embedded("SourceInstance", source))
        properties.append(CIMProperty("SourceInstanceModelPath", str(source.path)))
        if previous is not None:
            properties.append(_embedded("PreviousInstance", previous))
        return CIMInstance(classname, properties)

    def _identity(self) -> List[Tuple[str, Any]]:
        return [
            ("IndicationIdentifier", f"pywbem_mock:{self._id}-{next(self._numbers)}"),
            ("IndicationTime", CIMDateTime.now()),
        ]

    # -- Subscriptions --------------------------------------------------------

    def _concerned(self, namespace: str, classname: str) -> List[Subscription]:
        """
        The subscriptions that are about indications of a class from a namespace.
        """
        subscriptions = list(self._subscriptions())
        if not subscriptions:
            return []
        is_subclass = self._is_subclass(namespace)
        return [item for item in subscriptions if item.concerns(namespace, classname, is_subclass)]

    def _deliver(
        self, subscriptions: Iterable[Subscription], namespace: str, indication: CIMInstance
    ) -> int:
        """
        Deliver an indication for those of the subscriptions that select it;
        return for how many.
        """
        is_subclass = self._is_subclass(namespace)
        count = 0
        for subscription in subscriptions:
            query = subscription.query
            try:
                selected = query.holds(indication, is_subclass)
            except CIMError as exc:
                selected = False
                _LOGGER.warning(
                    "The query of filter %r cannot be evaluated: %s",
                    subscription.filter_name,
                    exc.status_description,
                )
            if selected:
                self._submit(subscription, query.project(indication))
                count += 1
        return count

    def _subscriptions(self) -> Iterator[Subscription]:
        """
        The subscriptions that are enabled and complete.
        """
        # Each change of an instance asks for them.
        return self._stored() if self._registry.has_any() else iter(())

    def _stored(self) -> Iterator[Subscription]:
        for interop in self._registry.provider_namespaces():
            if not self._registry.get_registered_provider(
                interop, "instance-write", SUBSCRIPTION_CLASS
            ) or not self._repository.has_namespace(interop):
                continue
            classes = self._repository.get_class_store(interop).index
            instances = self._repository.get_instance_store(interop).index
            names = classes.keys_with_subclasses(SUBSCRIPTION_CLASS)
            for entry in instances.of_classes(names):
                if entry.obj.get("SubscriptionState") != _DISABLED:
                    subscription = self._subscription(entry.obj, interop)
                    if subscription is not None:
                        yield subscription

    def _subscription(self, instance: CIMInstance, interop: str) -> Optional[Subscription]:
        indication_filter = self._referenced(instance.get("Filter"), interop)
        handler = instance.get("Handler")
        destination = self._referenced(handler, interop)
        if indication_filter is None or destination is None or not destination.get("Destination"):
            return None
        language = indication_filter.get("QueryLanguage") or "WQL"
        query = _parsed(language, indication_filter.get("Query") or "")
        if query is None:
            return None
        # The deprecated property is the one of older clients.
        names = indication_filter.get("SourceNamespaces") or [
            indication_filter.get("SourceNamespace") or interop
        ]
        return Subscription(
            indication_filter.get("Name") or "",
            query,
            tuple(name.strip("/").casefold() for name in names if name),
            path_key(handler, interop.casefold()),
            destination["Destination"],
        )

    def _referenced(self, path: Any, interop: str) -> Optional[CIMInstance]:
        if not isinstance(path, CIMInstanceName):
            return None
        if path.namespace is None:
            path = copy_path(path, interop)
        if not self._repository.has_namespace(path.namespace):
            return None
        return self._repository.get_instance_store(path.namespace).find(path)

    def _is_subclass(self, namespace: str) -> IsSubclass:
        """
        The relation of the classes in a namespace; indication classes may also
        be in the namespaces of the providers, or nowhere.
        """
        stores = [
            self._repository.get_class_store(name)
            for name in [namespace, *self._registry.provider_namespaces()]
            if self._repository.has_namespace(name)
        ]

        def is_subclass(name: str, superclass: str) -> bool:
            wanted = superclass.casefold()
            key: Optional[str] = name.casefold()
            while key is not None and key != wanted:
                found = next(filter(None, (store.find(key) for store in stores)), None)
                parent = _SUPERCLASSES.get(key) if found is None else found.superclass
                key = None if parent is None else parent.casefold()
            return key is not None

        return is_subclass

    # -- Destinations ---------------------------------------------------------

    def _submit(self, subscription: Subscription, selected: CIMInstance) -> None:
        held: Optional[_Held] = getattr(self._local, "held", None)
        if held is not None:
            held.append((subscription, selected))
            return
        self._repository.when_kept(lambda: self._hand_over(subscription, selected))

    def _hand_over(self, subscription: Subscription, selected: CIMInstance) -> None:
        key = subscription.destination
        delivery = self._deliveries.get(key)
        if delivery is None or delivery.url != subscription.url:
            self._retire(key)
            context = f"pywbem_mock:{self._id}#{next(self._numbers)}"
            delivery = Delivery(subscription.url, context, self._settings)
            self._deliveries[key] = delivery
        # Other destinations get the same property objects.
        properties = NocaseDict._trusted(dict(selected.properties._data))
        name = CIMProperty("IndicationFilterName", subscription.filter_name, type="string")
        properties[name.name] = name
        delivery.submit(CIMInstance._trusted(selected.classname, properties, None, None))

    def _tidy(self, namespace: str, deleted: CIMInstance) -> None:
        """
        End the thread of a destination that nobody needs any more.
        """
        path: Any = deleted.path
        self._retire(path_key(path, namespace.casefold()))
        handler = deleted.get("Handler")
        if isinstance(handler, CIMInstanceName) and self._is_subclass(namespace)(
            deleted.classname, SUBSCRIPTION_CLASS
        ):
            key = path_key(handler, namespace.casefold())
            delivery = self._deliveries.get(key)
            others = (subscription.destination for subscription in self._subscriptions())
            if delivery is not None and key not in others:
                delivery.end()

    def _retire(self, key: PathKey) -> None:
        delivery = self._deliveries.pop(key, None)
        if delivery is not None:
            delivery.end()
            self._retired = [item for item in (*self._retired, delivery) if not item.ended]


def _embedded(name: str, instance: CIMInstance) -> CIMProperty:
    """
    A property with an instance of the repository, which is never changed, only
    replaced.
    """
    value = CIMInstance._trusted(instance._classname, instance._properties, None, None)
    # CIM_InstIndication has the qualifier EmbeddedObject, not EmbeddedInstance.
    return CIMProperty(name, value, type="string", embedded_object="object")
