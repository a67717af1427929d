"""
What a mock server and the connections to it have in common: namespaces, filling the
repository, providers, indications.
"""

from __future__ import annotations

import contextlib
import sys
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    ContextManager,
    Dict,
    Iterator,
    List,
    Optional,
    Protocol,
    Union,
)

from nocaselist import NocaseList

from pywbem._cim_obj import (
    CIMClass,
    CIMInstance,
    CIMInstanceName,
    CIMQualifierDeclaration,
)
from pywbem._observers.statistics import Statistics
from pywbem._process import resting_collector

from .filling.counting import filling
from .filling.objects import ObjectAdder
from .indications.changes import IndicationService
from .operations import MainProvider
from .operations.faults import Fault, Faults
from .operations.misspelt import check_operation
from .providers.dependents import ProviderDependentRegistry
from .providers.dispatcher import ProviderDispatcher
from .providers.namespaces import CIMNamespaceProvider
from .providers.registry import Names, ProviderRegistry
from .providers.subscriptions import (
    CIMIndicationFilterProvider,
    CIMIndicationSubscriptionProvider,
    CIMListenerDestinationProvider,
)
from .store.display import OUTPUT_FORMATS, Display
from .store.errors import invalid_namespace
from .store.memory import InMemoryRepository

CIMObjects = Union[CIMClass, CIMInstance, CIMQualifierDeclaration, List[Any]]


class ServerParts(Protocol):
    """
    What a server consists of.
    """

    repository: InMemoryRepository
    provider_registry: ProviderRegistry
    dependents: ProviderDependentRegistry
    dispatcher: ProviderDispatcher
    mainprovider: MainProvider
    indication_service: IndicationService
    faults: Faults

    @property
    def strict(self) -> bool:
        """Whether it is strict."""


class ServerMethods:
    """
    The methods of a server beside the operations.  What is filled through a connection
    goes by the default namespace and into the statistics of that one.
    """

    if TYPE_CHECKING:

        @property
        def default_namespace(self) -> str:
            """The namespace where none is named."""

        @property
        def statistics(self) -> Statistics:
            """Where it is counted."""

        def CreateInstance(
            self, NewInstance: CIMInstance, namespace: Optional[str] = None
        ) -> CIMInstanceName:
            """Create an instance."""

    @property
    def server(self) -> ServerParts:
        """
        :class:`MockServer`: The server.
        """
        raise NotImplementedError

    @property
    def _mainprovider(self) -> MainProvider:
        return self.server.mainprovider

    # -- Settings -------------------------------------------------------------

    @property
    def disable_pull_operations(self) -> bool:
        """
        bool: Whether pull operations raise CIM_ERR_NOT_SUPPORTED.  Can be set.
        """
        return self._mainprovider.disable_pull_operations

    @disable_pull_operations.setter
    def disable_pull_operations(self, value: Optional[bool]) -> None:
        self._mainprovider.disable_pull_operations = value

    @property
    def strict(self) -> bool:
        """
        bool: Whether operations do what DSP0200 says where the released mock is lenient.
        """
        return self.server.strict

    @property
    def cimrepository(self) -> InMemoryRepository:
        """
        :class:`InMemoryRepository`: The CIM repository of the server.
        """
        return self.server.repository

    @property
    def provider_dependent_registry(self) -> ProviderDependentRegistry:
        """
        :class:`ProviderDependentRegistry`: The registry of the files on which
        mock scripts depend.
        """
        return self.server.dependents

    # -- Faults ---------------------------------------------------------------

    def inject(
        self,
        classname: Optional[str] = None,
        operation: Optional[str] = None,
        status: Union[int, str, None] = None,
        delay: Optional[float] = None,
        drop: bool = False,
        http: Optional[int] = None,
        truncate: bool = False,
        rate: float = 1.0,
        times: Optional[int] = None,
    ) -> Fault:
        """
        Make requests fail from now on.  Each request meets the faults in the order in which
        they were injected, until one ends it.

        Parameters:
            classname (str): Only requests that name this class, in any case of letters and
                with the wildcards ``*``, ``?`` and ``[...]``: the class itself or that of a
                path or an object.  Pull operations name none.  None means all requests.
            operation (str): Only this operation, for example ``GetInstance`` or ``Pull*``, or
                this method of a class; ``InvokeMethod`` means all methods.  None means all.  A
                name that is neither but nearly that of an operation is refused.
            status (int or str): The request fails with this CIM status code, for example 1,
                ``"FAILED"`` or ``"CIM_ERR_FAILED"``; it is not performed.
            delay (float): The request waits so many seconds; it can be combined with what
                else happens.
            drop (bool): The connection is closed without an answer; the request is not
                performed.
            http (int): The answer is this HTTP status, from 400 to 599; the request is not
                performed.
            truncate (bool): The request is performed, and the connection closed within the
                answer.
            rate (float): The share of the requests that meet the fault, above 0 and up to 1.
            times (int): How many requests meet the fault.  None means no limit.

        Returns:
            Fault: Ends the fault by its method ``end()`` or as a context manager.

        Raises:
            ValueError: An argument is invalid.
        """
        check_operation(operation, self.cimrepository)
        return self.server.faults.inject(
            classname, operation, status, delay, drop, http, truncate, rate, times
        )

    # -- Namespaces -----------------------------------------------------------

    @property
    def namespaces(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: Names of the namespaces of the
        server.
        """
        return self.server.mainprovider.namespaces

    @property
    def interop_namespace_names(self) -> NocaseList:
        """
        :class:`~nocaselist.NocaseList` of str: The names that an Interop
        namespace can have.
        """
        return self.server.mainprovider.interop_namespace_names

    def is_interop_namespace(self, namespace: str) -> bool:
        """
        Return whether a name is one that an Interop namespace can have.

        Parameters:
            namespace (str): Name of a namespace, which need not exist.
        """
        return self.server.mainprovider.is_interop_namespace(namespace)

    def find_interop_namespace(self) -> Optional[str]:
        """
        Return the name of the Interop namespace of the server, or None if
        there is none.
        """
        return self.server.mainprovider.find_interop_namespace()

    def add_namespace(self, namespace: str, verbose: bool = False) -> None:
        """
        Add a namespace to the server; through the namespace provider if it is
        installed, so that there is an instance of CIM_Namespace.

        Parameters:
            namespace (str): Name of the namespace; leading and trailing slashes
                are removed.
            verbose (bool): Print a message.

        Raises:
            ValueError: The namespace is None.
            CIMError: CIM_ERR_ALREADY_EXISTS: It exists, or it is an Interop
                namespace and there is one already.
        """
        with self.cimrepository.lock:
            self.server.mainprovider.add_namespace(namespace, verbose=verbose)
            provider = self._namespace_provider()
            if provider is not None:
                provider.represent(namespace.strip("/"))

    def remove_namespace(self, namespace: str, verbose: bool = False) -> None:
        """
        Remove an empty namespace from the server, with its instance of
        CIM_Namespace if there is one.

        Parameters:
            namespace (str): Name of the namespace.
            verbose (bool): Print a message.

        Raises:
            ValueError: The namespace is None.
            CIMError: CIM_ERR_NOT_FOUND: It does not exist.
                CIM_ERR_INVALID_NAMESPACE: It is the Interop namespace.
                CIM_ERR_NAMESPACE_NOT_EMPTY: It is not empty.
        """
        with self.cimrepository.lock:
            self.server.mainprovider.remove_namespace(namespace, verbose=verbose)
            provider = self._namespace_provider()
            if provider is not None:
                provider.forget(namespace.strip("/"))

    def _namespace_provider(self) -> Optional[CIMNamespaceProvider]:
        interop = self.find_interop_namespace()
        if interop is None:
            return None
        provider = self.server.provider_registry.get_registered_provider(
            interop, "instance-write", CIMNamespaceProvider.provider_classnames
        )
        return provider if isinstance(provider, CIMNamespaceProvider) else None

    # -- Filling the repository -----------------------------------------------

    def _target(self, namespace: Optional[str]) -> str:
        """
        A namespace that must exist; None and an empty one mean the default.
        """
        namespace = namespace or self.default_namespace
        if not self.cimrepository.has_namespace(namespace):
            raise invalid_namespace(namespace)
        return namespace.strip("/")

    def add_cimobjects(self, objects: CIMObjects, namespace: Optional[str] = None) -> None:
        """
        Add copies of classes, instances and qualifier declarations to a
        namespace: all of them or, if one cannot be added, none.

        A class needs its superclass and the declarations of its qualifiers; an
        instance needs a path, whose namespace becomes the target.

        Parameters:
            objects (CIMClass, CIMInstance or CIMQualifierDeclaration, or list of them): The
                objects.
            namespace (str): The namespace.  None means the default namespace.

        Raises:
            TypeError: An object is of another class.
            ValueError: An object exists already, the superclass of a class does
                not exist, or an instance has no path.
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.  With another
                status code: A class is not valid.
        """
        with self._filled("add_cimobjects", namespace), self.compiling():
            ObjectAdder(self.server.mainprovider, self._target(namespace)).add(objects)

    @contextlib.contextmanager
    def _filled(self, method: str, namespace: Optional[str]) -> Iterator[None]:
        """
        What a method does in one go.
        """
        # A provider may wait, and the collector belongs to the process.
        waits = self.server.provider_registry.has_any_of_users()
        rest = contextlib.nullcontext() if waits else resting_collector()
        with filling(self.statistics, method, namespace), self.cimrepository.lock, rest:
            yield

    def compiling(self) -> ContextManager[None]:
        """
        Return the context of a compilation: the indications of what this thread does in it are
        sent at its end, or never if it is left by an exception.  A MOF compiler that has this
        connection as its handle compiles in it.
        """
        return self.server.indication_service.held()

    def keep_object(self, kind: str, namespace: str, name: Any) -> Callable[[], None]:
        """
        Return a function that puts an object back as it is now; a MOF compiler that has this
        connection as its handle undoes a failed compilation with it.

        Parameters:
            kind (str): ``class``, ``instance`` or ``qualifier``.
            namespace (str): The namespace of a class or a qualifier declaration.
            name (str or CIMInstanceName): The name, or the path of an instance.
        """
        from .filling.mof_connection import kept_object

        return kept_object(self.cimrepository, kind, namespace, name)

    def _compiler(self, search_paths: Any, verbose: Optional[bool]) -> Any:
        """
        A MOF compiler for the repository; a compilation that fails undoes what
        it did.  The import is late because ply is needed only for this.
        """
        from pywbem._mof_compiler import MOFCompiler

        from .filling.counted_mof_connection import CountedMOFConnection

        handle = CountedMOFConnection(self, self.server.mainprovider, self.server.dispatcher)
        # Errors are raised; only who asks for messages has them printed, too.
        log: Dict[str, Any] = {} if verbose else {"log_func": None}
        return MOFCompiler(handle, search_paths=search_paths, verbose=bool(verbose), **log)

    def compile_mof_string(
        self,
        mof_str: str,
        namespace: Optional[str] = None,
        search_paths: Any = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Compile MOF and add the result to a namespace.

        Parameters:
            mof_str (str): The MOF.
            namespace (str): The namespace, unless a pragma of the MOF names
                another.  None means the default namespace.
            search_paths (iterable of str): Directories in which files of classes
                and qualifiers are searched that the MOF needs.
            verbose (bool): Print what is compiled.

        Raises:
            OSError: An included file does not exist.
            MOFCompileError: The MOF is not valid, or an object could not be
                added; the repository is as it was.
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.
        """
        with self._filled("compile_mof_string", namespace):
            target = self._target(namespace)
            compiler = self._compiler(search_paths, verbose)
            compiler.compile_string(mof_str, target)
            compiler.journal.forget()

    def compile_mof_file(
        self,
        mof_file: str,
        namespace: Optional[str] = None,
        search_paths: Any = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Compile a MOF file and add the result to a namespace.

        Parameters:
            mof_file (str): Path of the file.
            namespace (str): The namespace, unless a pragma of the MOF names another.  None
                means the default namespace.
            search_paths (iterable of str): Directories in which files of classes and qualifiers
                are searched that the MOF needs.
            verbose (bool): Print what is compiled.

        Raises:
            OSError: The file, or an included one, does not exist.
            MOFCompileError: The MOF is not valid, or an object could not be added; the
                repository is as it was.
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.
        """
        with self._filled("compile_mof_file", namespace):
            target = self._target(namespace)
            compiler = self._compiler(search_paths, verbose)
            compiler.compile_file(mof_file, target)
            compiler.journal.forget()

    def compile_schema_classes(
        self,
        class_names: Union[str, List[str]],
        schema_pragma_files: Union[str, List[str]],
        namespace: Optional[str] = None,
        verbose: Optional[bool] = False,
    ) -> None:
        """
        Compile classes of a schema, with everything that they need.

        Parameters:
            class_names (str or list of str): Names of the classes.
            schema_pragma_files (str or list of str): Paths of schema pragma
                files, which include the file of each class of the schema.  Files
                that the classes need are searched in their directories.
            namespace (str): The namespace.  None means the default namespace.
            verbose (bool): Print what is compiled.

        Raises:
            MOFCompileError: A class could not be compiled, or is in none of the
                files.
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.
        """
        from .filling.schema_classes import schema_classes_mof

        files = schema_pragma_files
        if isinstance(files, str):
            files = [files]
        names = [class_names] if isinstance(class_names, str) else class_names
        with filling(self.statistics, "compile_schema_classes", namespace):
            mof, search_paths = schema_classes_mof(names, files)
            self.compile_mof_string(mof, namespace, search_paths=search_paths, verbose=verbose)

    # -- Display --------------------------------------------------------------

    def display_repository(
        self,
        namespaces: Names = None,
        dest: Optional[str] = None,
        summary: bool = False,
        output_format: str = "mof",
    ) -> None:
        """
        Print the objects of the repository.

        Parameters:
            namespaces (str or list of str): The namespaces.  None means all.
            dest (str): Path of a file.  None means the standard output.
            summary (bool): Print only how many objects there are.
            output_format (str): ``mof``, ``xml`` or ``repr``.

        Raises:
            ValueError: The format is unknown.
            CIMError: CIM_ERR_INVALID_NAMESPACE: A namespace does not exist.
        """
        if output_format not in OUTPUT_FORMATS:
            raise ValueError(
                f"Invalid output format {output_format!r}; valid are {', '.join(OUTPUT_FORMATS)}"
            )
        targets, title = list(self.namespaces), "all"
        if namespaces is not None:
            given = [namespaces] if isinstance(namespaces, str) else namespaces
            targets, title = [self._target(name) for name in given], repr(namespaces)
        with contextlib.ExitStack() as stack:
            file = sys.stdout
            if dest is not None:
                file = stack.enter_context(open(dest, "w", encoding="utf-8"))
            Display(self.cimrepository, file, output_format, summary).write(targets, title)

    # -- Providers ------------------------------------------------------------

    def register_provider(
        self,
        provider: Any,
        namespaces: Names = None,
        schema_pragma_files: Names = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Register a user-defined provider for the classes that its attribute
        ``provider_classnames`` names.

        Parameters:
            provider (InstanceWriteProvider or MethodProvider): The provider.
            namespaces (str or list of str): The namespaces.  None means the default namespace.
            schema_pragma_files (str or list of str): Paths of schema pragma files; classes of
                the provider that do not exist are compiled from their directories.  None means
                that all classes must exist.
            verbose (bool): Print what is compiled.

        Raises:
            TypeError: The provider is not of the class for its type, its attributes or methods
                are not as they should be, or the namespaces are not strings.
            ValueError: The type of the provider is not known, its class names are not strings,
                or a namespace or class does not exist.
            MOFCompileError: A class could not be compiled.
        """
        self.server.provider_registry.register_provider(
            self, provider, namespaces, schema_pragma_files, verbose
        )

    def display_registered_providers(self) -> None:
        """
        Print the registered providers.
        """
        self.server.provider_registry.display_registered_providers()

    def install_namespace_provider(
        self,
        interop_namespace: str,
        schema_pragma_file: Optional[str] = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Install the provider of CIM_Namespace: its instances represent the
        namespaces of the server, and creating or deleting one creates or
        deletes a namespace.

        Parameters:
            interop_namespace (str): The Interop namespace; it is created if
                there is none.
            schema_pragma_file (str): Path of a schema pragma file from which the
                class is compiled if it does not exist.  None means that it exists.
            verbose (bool): Print what is done.

        Raises:
            ValueError: The namespace or class does not exist.
            CIMError, MOFCompileError: The installation failed.
        """
        self._require_interop(interop_namespace)
        self.register_provider(
            CIMNamespaceProvider(self.cimrepository),
            interop_namespace,
            schema_pragma_file,
            verbose,
        )

    def install_subscription_providers(
        self,
        interop_namespace: str,
        schema_pragma_file: Optional[str] = None,
        verbose: Optional[bool] = None,
    ) -> None:
        """
        Install the providers of the classes for indication subscriptions:
        CIM_IndicationFilter, CIM_ListenerDestinationCIMXML and
        CIM_IndicationSubscription (DSP1054).

        Parameters:
            interop_namespace (str): The Interop namespace; it is created if there is none.
            schema_pragma_file (str): Path of the schema pragma file; classes of the providers
                that do not exist are compiled from its directory.  None means that all classes
                must exist.
            verbose (bool): Print what is compiled.

        Raises:
            CIMError, MOFCompileError: The installation failed.
        """
        self._require_interop(interop_namespace)
        for provider in (
            CIMListenerDestinationProvider,
            CIMIndicationFilterProvider,
            CIMIndicationSubscriptionProvider,
        ):
            self.register_provider(
                provider(self.cimrepository), interop_namespace, schema_pragma_file, verbose
            )

    def _require_interop(self, namespace: str) -> None:
        if self.find_interop_namespace() is None:
            self.add_namespace(namespace)

    # -- Indications ----------------------------------------------------------

    @property
    def indications(self) -> IndicationService:
        """
        IndicationService: Delivers the indications of the server.
        """
        return self.server.indication_service

    def send_indication(self, indication: CIMInstance, namespace: Optional[str] = None) -> int:
        """
        Have the server deliver an indication to those who have subscribed to
        it, as if it had happened there.

        The delivery is not waited for; see ``indications.flush()``.

        Parameters:
            indication (CIMInstance): The indication, for example of the class
                CIM_AlertIndication; its path is ignored.
            namespace (str): The namespace from which it comes.  None means the
                default namespace.

        Returns:
            int: For how many subscriptions it is delivered.

        Raises:
            TypeError: The indication is no instance.
            CIMError: CIM_ERR_INVALID_NAMESPACE: The namespace does not exist.
        """
        if not isinstance(indication, CIMInstance):
            raise TypeError(
                f"The indication must be a CIMInstance, not a {type(indication).__name__}"
            )
        return self.server.indication_service.send(
            indication, self.default_namespace if namespace is None else namespace
        )
