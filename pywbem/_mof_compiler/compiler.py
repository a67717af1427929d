"""
The MOF compiler.
"""

from __future__ import annotations

import codecs
from contextlib import nullcontext
from typing import Any, Callable, Iterable, List, Optional, Union

from pywbem._cim_obj import CIMInstance
from pywbem._process import resting_collector

from .compilation import Compilation
from .errors import MOFCompileError
from .files import Files
from .items import Item
from .journal import Journal
from .namespaces import wbem_server
from .parser import MOFParser
from .printing import _print_logger
from .repository import BaseRepositoryConnection, MOFWBEMConnection
from .session import Session
from .target import Target

__all__ = ["MOFCompiler"]


class MOFCompiler:
    """
    A compiler of MOF (DSP0004 annex A) into a CIM repository.

    Classes, instances and qualifier declarations are created in the repository, or modified if they
    exist.  What they depend on is looked up in the MOF, then in the repository, then in files on
    the search path: superclasses, the classes of references, of embedded instances and of instances
    in files named like the class, with the suffix ``.mof``; qualifier declarations in the files
    ``qualifiers.mof`` and ``qualifiers_optional.mof``.

    A file that is included, or compiled, is looked for relative to the including file, or to the
    working directory; then, for each directory of the search path, relative to it, and by its base
    name, in any lexical case, anywhere below it.

    A compilation that fails leaves the repository as it was before.

    Parameters:
        handle (BaseRepositoryConnection or WBEMConnection): The connection to the repository.
            ``None`` stands for an empty repository in memory.
        search_paths (iterable of str, or str): Directories that are searched, with those below
            them, for files that the MOF depends on.
        verbose (bool): Log what is done.
        log_func (callable): Function that is called with each message as its one argument.  The
            default prints it; ``None`` drops it.
        include_root (str): Directory to which included files are confined.  ``None`` lets MOF
            include any file that the process can read.
        encoding (str): Encoding of files that do not begin with the byte-order mark of a
            Unicode encoding.

    Raises:
        TypeError: The handle is no such object.
        ValueError: There is no such encoding.
    """

    def __init__(
        self,
        handle: Any,
        search_paths: Union[str, Iterable[str], None] = None,
        verbose: bool = False,
        log_func: Optional[Callable[[str], Any]] = _print_logger,
        include_root: Optional[str] = None,
        encoding: str = "utf-8",
    ) -> None:
        self._log_func = log_func
        self.conn: Any = None
        if handle is None:
            handle = MOFWBEMConnection()
        elif isinstance(handle, BaseRepositoryConnection):
            self.conn = getattr(handle, "conn", None)
        else:
            _check_connection(handle)
            self.conn = handle
        self.handle: Any = handle
        self.verbose = verbose
        if search_paths is None:
            search_paths = []
        elif isinstance(search_paths, str):
            search_paths = [search_paths]
        self.search_paths: List[str] = list(search_paths)
        self.include_root = include_root
        self.encoding = _checked_encoding(encoding)
        self.journal = Journal(handle, self.log)
        self.mof_parser = MOFParser()
        #: Called with the number of declarations carried out, and how many there are.
        self.progress: Optional[Callable[[int, int], None]] = None
        self.parser = self._extended(self.mof_parser.yacc)
        self.repository = Target(self._session())
        self.lexer = self.mof_parser

    def _extended(self, parser: Any) -> Any:
        """
        Return the parser of PLY with what programs look for in it.
        """
        parser.mofcomp = self
        parser.handle = self.handle
        parser.search_paths = self.search_paths
        parser.verbose = self.verbose
        parser.log = self.log
        parser.aliases = {}
        parser.qualcache = {}
        parser.classnames = {}
        parser.target_namespace = None
        parser.embedded_objects = None
        parser.server = None
        parser.file = None
        parser.mof = None
        return parser

    def _session(self) -> Session:
        return Session(
            handle=self.handle,
            journal=self.journal,
            mof_parser=self.mof_parser,
            parser=self.parser,
            search_paths=self.search_paths,
            include_root=self.include_root,
            encoding=self.encoding,
            log=self.log,
            verbose_log=self.verbose_log,
            progress=self.progress,
        )

    @property
    def server(self) -> Any:
        """
        WBEMServer: The server of the connection; ``None`` if there is no WBEM connection.
        """
        try:
            return wbem_server(self.conn)
        except NotImplementedError:
            return None

    def log(self, message: str) -> None:
        """
        Log a message.

        Parameters:
            message (str): The message.
        """
        if self._log_func is not None:
            self._log_func(message)

    def verbose_log(self, message: str) -> None:
        """
        Log a message if the compiler is verbose.

        Parameters:
            message (str): The message.
        """
        if self.verbose:
            self.log(message)

    # Compiling

    def compile_file(self, filename: str, ns: Optional[str]) -> None:
        """
        Compile a MOF file, and the files it includes, into a namespace.

        Parameters:
            filename (str): Path name of the file; if there is none, one is looked for on the
                search path.
            ns (str): The namespace; ``None`` for the default namespace of the connection.  A
                pragma ``namespace`` in the MOF changes it from there on.  It is created if it
                does not exist and the repository can do that.

        Raises:
            OSError: The file cannot be read, or one it includes does not exist.
            MOFCompileError: The MOF cannot be compiled.
            Error: The CIM repository does not answer, or refuses the user.
        """

        def read(compilation: Compilation) -> None:
            self.verbose_log(f"Compiling file {filename!r}")
            found = compilation.files.named(filename)
            if found is None:
                raise OSError(f"No such file: {filename!r}")
            compilation.read_file(found)

        self._compile(ns, read)

    def compile_string(self, mof: str, ns: Optional[str], filename: Optional[str] = None) -> None:
        """
        Compile MOF text into a namespace.

        Parameters:
            mof (str): The text.
            ns (str): The namespace, as for :meth:`compile_file`.
            filename (str): Path name of the file that the text was read from: files it includes
                are relative to it, and messages name it.

        Raises:
            OSError: An included file does not exist, or cannot be read.
            MOFCompileError: The MOF cannot be compiled.
            Error: The CIM repository does not answer, or refuses the user.
        """
        self._compile(ns, lambda compilation: compilation.read_string(mof, filename))

    def compile_embedded_value(
        self, mof: Union[str, List[str]], ns: Optional[str], filename: Optional[str] = None
    ) -> List[CIMInstance]:
        """
        Compile the MOF of instances and return them, without creating them in the repository.

        Parameters:
            mof (str or list of str): The text or texts; each can have any number of instances.
            ns (str): The namespace with their classes, as for :meth:`compile_file`.
            filename (str): Path name of the file that the text was read from, for messages.

        Returns:
            list of CIMInstance: The instances.  They have no path.

        Raises:
            OSError: An included file does not exist, or cannot be read.
            MOFCompileError: The MOF cannot be compiled, or has something else than instances.
            Error: The CIM repository does not answer, or refuses the user.
        """
        texts = [mof] if isinstance(mof, str) else list(mof)
        instances: List[CIMInstance] = []

        def read(compilation: Compilation) -> None:
            def build(item: Item) -> None:
                instances.append(compilation.instances.embedded(item, "instance"))

            items: List[Item] = []
            for text in texts:
                items += compilation.read_string(text, filename)
            compilation.check()
            compilation.items.clear()
            for item in items:
                compilation.attempt(item, build)
            compilation.check()

        self._compile(ns, read)
        return instances

    def _compile(self, ns: Optional[str], read: Callable[[Compilation], Any]) -> None:
        """
        Run a compilation, in the context that the repository has for that, if it has one.
        """
        unaware = getattr(self.conn, "compiling", nullcontext)
        with getattr(self.handle, "compiling", unaware)():
            self._run(ns, read)

    def _run(self, ns: Optional[str], read: Callable[[Compilation], Any]) -> None:
        """
        Run a compilation; undo what it did if it fails.
        """
        namespace = (ns or self.handle.default_namespace).strip("/")
        session = self._session()
        self.repository = Target(session)
        mark = self.journal.mark()
        handle = self.handle
        reads = handle.reads() if isinstance(handle, MOFWBEMConnection) else 0
        aliases = dict(self.parser.aliases)
        compilation = Compilation(session, self.repository, namespace)
        self.parser.target_namespace = namespace
        # A connection to a server waits, and what it makes does have cycles.
        in_memory = isinstance(self.handle, MOFWBEMConnection) and self.conn is None
        try:
            with resting_collector() if in_memory else nullcontext():
                with resting_collector():
                    read(compilation)
                compilation.run()
            compilation.store_parsed()
        except BaseException as exc:
            try:
                if isinstance(exc, MOFCompileError):
                    for error in exc.errors:
                        self.log(error.get_err_msg())
            finally:
                self.parser.aliases = aliases
                self.journal.undo(mark, self.verbose)
                if isinstance(handle, MOFWBEMConnection):
                    handle.forget_reads(reads)
            raise
        finally:
            # They refer to each other, and would wait for the garbage collector.
            compilation.items.clear()

    # The search path

    def find_mof(self, classname: str) -> Optional[str]:
        """
        Return the path name of the file on the search path that is named like a class.

        Parameters:
            classname (str): The name of the class, in any lexical case.

        Returns:
            str: The path name; ``None`` if there is no such file.
        """
        return Files(self.search_paths).on_search_path(f"{classname}.mof")

    # The end

    def rollback(self, verbose: bool = False) -> None:
        """
        Undo the changes to the repository that the compilations of this compiler made: delete what
        was created, put back what was modified.

        A handle with a method `rollback` of its own does it instead.  With a
        :class:`~pywbem.MOFWBEMConnection` in front of another connection, which no compilation
        changes, :meth:`~pywbem.MOFWBEMConnection.rollback` removes the compiled elements from that
        connection.

        Parameters:
            verbose (bool): Tell what is undone.
        """
        own = getattr(self.handle, "rollback", None)
        if isinstance(self.handle, MOFWBEMConnection) and self.conn is None:
            own = None
        if own is not None:
            own(verbose=verbose)
            self.journal.forget()
        else:
            self.journal.undo(0, verbose)
        self.parser.aliases.clear()

    def conn_close(self) -> None:
        """
        Close the connection, if it can be closed as a :class:`~pywbem.WBEMConnection` can.
        """
        close = getattr(self.conn, "close", None)
        if close is not None:
            close()


def _check_connection(handle: Any) -> None:
    from pywbem._client._sync.connection import WBEMConnection

    if not isinstance(handle, WBEMConnection):
        raise TypeError(
            "The handle parameter must be a connection to a CIM repository (derived from "
            "BaseRepositoryConnection) or to a WBEM server (WBEMConnection), but is: "
            f"{type(handle)}"
        )


def _checked_encoding(encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ValueError(f"Unknown encoding {encoding!r}") from None
    return encoding
