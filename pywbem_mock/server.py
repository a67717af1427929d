"""
MockServer: a WBEM server in the process, which any number of connections share.
"""

from __future__ import annotations

import os
from typing import Any, Dict, Optional, Union

from pywbem._cim_constants import DEFAULT_NAMESPACE
from pywbem._cim_obj import CIMInstance, CIMInstanceName
from pywbem._cim_xml.records import Call, ExtrinsicCall
from pywbem._http.url import parse_url
from pywbem._observers.statistics import Statistics
from pywbem._workers import Workers

from .indications.changes import IndicationService
from .operations import Enumerations
from .operations.call_handler import CallHandler
from .operations.faults import Faults
from .operations.rules import RULES
from .providers.dependents import ProviderDependentRegistry
from .providers.registry import ProviderRegistry
from .server_methods import ServerMethods
from .state.file import StateFile, read_state, save_state
from .state.journal import StateJournal
from .store.memory import InMemoryRepository

__all__ = ["MockServer"]

DEFAULT_URL = "http://FakedUrl:5988"

#: Calls of providers of users that can wait at once for asynchronous clients; more queue.
_WAITING = 256

# The operations that a provider of a user may perform.
_WRITING = frozenset(("createinstance", "modifyinstance", "deleteinstance", "setproperty"))

# Those that change the repository.
_CHANGING = _WRITING | frozenset(
    "createclass modifyclass deleteclass setqualifier deletequalifier setproperty".split()
)

# What belongs to one object in one process.
_LIVE = (
    "dispatcher",
    "mainprovider",
    "handle",
    "indication_service",
    "workers",
    "_enumerations",
    "faults",
    "_statistics",
)


def check_server(
    server: Any,
    strict: Optional[bool] = None,
    state: Union[str, os.PathLike[str], None] = None,
) -> None:
    """
    Check that what a front is given as its server is one, and has the settings that the front is
    given beside it.

    Parameters:
        server (MockServer): The server.
        strict (bool): Whether it is strict, or None.
        state (str or path-like): Path of its state file, or None.

    Raises:
        TypeError: It is no server.
        ValueError: It has other settings.
    """
    if not isinstance(server, MockServer):
        raise TypeError(f"server must be a MockServer, not a {type(server).__name__}")
    if strict not in (None, server.strict):
        raise ValueError(
            f"The server given has strict={server.strict}, the connection strict={strict}"
        )
    if state is not None and os.fsdecode(state) != server.state:
        raise ValueError(
            f"The server given has state={server.state!r}, the connection "
            f"state={os.fsdecode(state)!r}"
        )


class MockServer(ServerMethods):
    """
    A WBEM server in the process: a CIM repository in memory, the providers, what
    delivers indications, and the open enumerations.

    Connections to it are :class:`FakedWBEMConnection` and
    :class:`AsyncFakedWBEMConnection`, and :class:`WBEMServerThread` serves it over HTTP;
    each takes it as the argument ``server``, and they may be several.

    Its lock covers checks and the repository, never a method of a provider of a user, the
    delivery of an indication, or a wait.  So such methods run at the same time as
    other operations, and as each other.
    """

    def __init__(
        self,
        default_namespace: Optional[str] = DEFAULT_NAMESPACE,
        url: Optional[str] = None,
        disable_pull_operations: Optional[bool] = None,
        max_enumerations: int = 1000,
        enumeration_timeout: Optional[float] = None,
        strict: bool = False,
        state: Union[str, os.PathLike[str], None] = None,
    ) -> None:
        """
        Parameters:
            default_namespace (str): The namespace of what names none; it exists at first.
                None means ``root/cimv2``.
            url (str): URL of the server, which only identifies it.  None means
                ``http://FakedUrl:5988``.
            disable_pull_operations (bool): Whether the Open... and Pull... operations raise
                CIM_ERR_NOT_SUPPORTED.  None means False.
            max_enumerations (int): How many enumerations can be open; the oldest one is
                closed to open another.
            enumeration_timeout (float): Seconds after which an enumeration is closed that
                nobody continues, if its client asked for no timeout.  None means the
                highest one that clients can ask for, and never for a timeout of 0.
            strict (bool): Whether operations do what DSP0200 says where the released mock is
                lenient.
            state (str or path-like): Path of the state file: the repository is that of the
                file, and each change is in the file before it is answered.  The file is made
                if it does not exist; one that has no ``root/cimv2`` has a default namespace of
                its own.  None means that nothing outlives the process.

        Raises:
            ValueError: An argument is invalid, or the file is no state file.
            OSError: The state file cannot be written, or another server has it.
        """
        _, host, self._url = parse_url(DEFAULT_URL if url is None else url)
        self._default_namespace = (default_namespace or "").strip("/") or DEFAULT_NAMESPACE
        self._max_enumerations = max_enumerations
        self._enumeration_timeout = enumeration_timeout
        self._strict = bool(strict)
        self._statistics = Statistics()
        self._host = host
        self._file: Optional[StateFile] = None
        self._restored = False
        if state is None:
            self.repository = InMemoryRepository(self._default_namespace)
        else:
            self._open(state, default_namespace)
        #: ProviderRegistry: The registered providers.
        self.provider_registry = ProviderRegistry()
        self.dependents = ProviderDependentRegistry()
        self._make_live(disable_pull_operations)

    def _open(self, state: Union[str, os.PathLike[str]], default_namespace: Optional[str]) -> None:
        """
        Have the repository of a state file.
        """
        self.repository = InMemoryRepository()
        self._file = file = StateFile(state, self._default_namespace)
        try:
            file.load(self.repository)
            self._restored = file.filled
            self.repository.attach(StateJournal(self.repository, file))
            has = self.repository.has_namespace
            if default_namespace in (None, DEFAULT_NAMESPACE) and not has(DEFAULT_NAMESPACE):
                self._default_namespace = file.default_namespace
            if not has(self._default_namespace):
                self.repository.add_namespace(self._default_namespace)
        except BaseException:
            file.close()
            raise

    @classmethod
    def load(cls, path: Union[str, os.PathLike[str]], **settings: Any) -> MockServer:
        """
        Return a new server with the repository of a state file, which is not changed then or
        later.

        Parameters:
            path (str or path-like): Path of the file, which no running server has.
            settings (any): Other arguments of the server.  The file of ``state`` must be new: what
                is loaded is kept in there from now on.

        Returns:
            MockServer: The server.

        Raises:
            ValueError: The file is no state file, an argument is invalid, or the file of ``state``
                has a repository, which would be lost.
            OSError: The file cannot be read, or a running server has it.
        """
        repository, default_namespace = read_state(path)
        server = cls(**{"default_namespace": default_namespace, **settings})
        if server._restored:
            server.close()
            raise ValueError(
                f"{settings['state']} has a repository, which would be replaced by that of {path}; "
                "name a new file as state"
            )
        default = server.default_namespace
        server.repository.load(repository)
        if not server.repository.has_namespace(default):
            server.repository.add_namespace(default)
        server._restored = True
        return server

    def save(self, path: Union[str, os.PathLike[str]]) -> None:
        """
        Write the repository into a state file: it is there as a whole, or what was there
        before is unchanged.

        Parameters:
            path (str or path-like): Path of the file; a state file that is there is replaced.

        Raises:
            ValueError: What is there is no state file.
            OSError: The file cannot be written, or a running server has it.
            TypeError: An object has a value that a state file cannot hold.
        """
        save_state(path, self.repository, self._default_namespace)

    def _make_live(self, disable_pull_operations: Optional[bool]) -> None:
        """
        Make what is neither copied nor pickled.
        """
        #: ProviderDispatcher: Hands operations to the providers of users.
        self.dispatcher = RULES[self._strict].dispatcher(self.repository, self.provider_registry)
        #: Faults: What was injected.
        self.faults = Faults()
        self._enumerations = Enumerations(self._max_enumerations, self._enumeration_timeout)
        #: CallHandler: Performs call records.
        self.handle = self.make_handler(disable_pull_operations)
        #: MainProvider: Performs the operations that no provider of a user can perform.
        self.mainprovider = self.handle.mainprovider
        self.indication_service = IndicationService(self.repository, self.provider_registry)
        #: Threads for what may wait, for clients that must not.
        self.workers = Workers(_WAITING, "pywbem-mock-provider")

    def make_handler(self, disable_pull_operations: Optional[bool]) -> CallHandler:
        """
        Return what performs call records for a connection that may have pull operations
        disabled.

        Parameters:
            disable_pull_operations (bool): Whether they raise CIM_ERR_NOT_SUPPORTED.
        """
        rules = RULES[self._strict]
        provider = rules.mainprovider(
            self._host,
            disable_pull_operations,
            self.repository,
            self.dispatcher,
            self._enumerations,
        )
        return rules.handler(provider, self.dispatcher, self.faults)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(url={self._url!r}, namespaces={list(self.namespaces)!r})"

    @property
    def server(self) -> MockServer:
        """
        MockServer: This object.
        """
        return self

    @property
    def url(self) -> str:
        """
        str: URL of the server, which only identifies it.
        """
        return self._url

    @property
    def strict(self) -> bool:
        """
        bool: Whether operations do what DSP0200 says where the released mock is lenient.
        """
        return self._strict

    @property
    def state(self) -> Optional[str]:
        """
        str: Path of the state file, or None.
        """
        return None if self._file is None else self._file.path

    @property
    def restored(self) -> bool:
        """
        bool: Whether the repository comes from a state file that had objects before: it need
        not be filled then.
        """
        return self._restored

    @property
    def default_namespace(self) -> str:
        """
        str: The namespace of what names none.
        """
        return self._default_namespace

    @property
    def statistics(self) -> Statistics:
        """
        :class:`~pywbem.Statistics`: Statistics of what fills the repository through this
        object; those of operations belong to connections.
        """
        return self._statistics

    def CreateInstance(
        self, NewInstance: CIMInstance, namespace: Optional[str] = None
    ) -> CIMInstanceName:
        """
        Create an instance, as providers do when they are registered.

        Parameters:
            NewInstance (CIMInstance): The instance; it is not changed.
            namespace (str): The namespace.  None means that of its path, or else the default
                namespace.

        Returns:
            CIMInstanceName: The path of the instance.

        Raises:
            CIMError: The operation failed.
        """
        if namespace is None and NewInstance.path is not None:
            namespace = NewInstance.path.namespace
        target = (namespace or self._default_namespace).strip("/")
        return self.dispatcher.CreateInstance(target, NewInstance)

    def keeps(self, operation: str) -> bool:
        """
        Return whether what an operation changes is kept in a state file.

        Parameters:
            operation (str): Name of the operation, in lower case.
        """
        return self._file is not None and operation in _CHANGING

    def may_wait(self, call: Call) -> bool:
        """
        Return whether a call may take as long as a disk needs, a provider of a user likes, or a
        fault says.

        Parameters:
            call (Call): The call record.
        """
        return self.keeps(call.name.lower()) or self.may_hang(call)

    def may_hang(self, call: Call) -> bool:
        """
        Return whether a call may take as long as a provider of a user likes, or as a fault says.

        Parameters:
            call (Call): The call record.
        """
        writes = isinstance(call, ExtrinsicCall) or call.name.lower() in _WRITING
        return bool(self.faults) or (writes and self.provider_registry.has_any_of_users())

    def close(self) -> None:
        """
        Deliver the indications that wait, as far as that is possible in a short time, and
        end their threads.  The server can still be used, but its state file is closed:
        it cannot be changed any more if it has one.
        """
        self.indication_service.close()
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> MockServer:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self.close()

    def __getstate__(self) -> Dict[str, Any]:
        state = dict(self.__dict__)
        for name in _LIVE:
            del state[name]
        # Two servers cannot have one file.
        state["_file"] = None
        state["_disabled"] = self.disable_pull_operations
        return state

    def __setstate__(self, state: Dict[str, Any]) -> None:
        disabled = state["_disabled"]
        self.__dict__.update({name: state[name] for name in state if name != "_disabled"})
        self._statistics = Statistics()
        self._make_live(disabled)
