"""
Reading MOF: from texts and files, with all that they include, to items in the order of the text.
"""

from __future__ import annotations

import os
from typing import Callable, List, Optional, Tuple

from .cache import ParsedFiles
from .declarations import ClassDeclaration, Declaration, Pragma, QualifierDeclaration
from .errors import MOFCompileError, MOFDependencyError, MOFParseError
from .files import Confined, identity
from .grammar import STANDARD_PRAGMAS
from .items import Item, Run
from .namespaces import namespace_problem
from .parser import Parsed
from .source import Source, mof_text, read_mof

__all__ = ["Reader"]

#: Files that include files that include files ...
MAX_INCLUDES = 100
#: Included files in all; the CIM schema of the DMTF has less than 2,000.
MAX_INCLUDED_FILES = 10000


class Reader:
    """
    Reads MOF for one compilation.

    Parameters:
        compilation (Run): The compilation, which gets the items and the errors.
        namespace (str): The namespace to start with.
    """

    def __init__(self, compilation: Run, namespace: str) -> None:
        self._compilation = compilation
        self._session = compilation.session
        self.namespace = namespace
        self._including: List[Tuple[object, str]] = []
        self._included = 0
        self._files = ParsedFiles(compilation.session.mof_parser.parse)
        self.store_parsed: Callable[[], None] = self._files.store

    def read_string(self, text: str, filename: Optional[str]) -> List[Item]:
        """
        Parse a text; return its items, also those of included files.
        """
        self._log_namespace()
        text = mof_text(text)
        source = Source(text, filename)
        parsed = self._session.mof_parser.parse(text)
        return self._register(source, self._declarations(source, parsed))

    def read_file(self, filename: str) -> List[Item]:
        """
        Parse a file, with the files it includes.

        Raises:
            OSError: The file cannot be read, or one it includes does not exist.
        """
        try:
            text = read_mof(filename, self._session.encoding)
        except UnicodeError as exc:
            raise self._not_decoded(filename, exc) from None
        self._log_namespace()
        self._including.append((identity(filename), filename))
        try:
            source = Source(text, filename, self._session.encoding)
            declarations = self._declarations(source, self._files.parse(text))
            source.forget()
            return self._register(source, declarations)
        finally:
            self._including.pop()

    def read_dependency(self, filename: str, namespace: str) -> List[Item]:
        """
        Parse a file that something depends on, into a namespace.
        """
        saved = self.namespace, self._including
        self.namespace, self._including = namespace, []
        try:
            self._session.verbose_log(f"Compiling file {filename!r}")
            return self.read_file(filename)
        finally:
            self.namespace, self._including = saved

    def _log_namespace(self) -> None:
        self._session.verbose_log(f"Target namespace {self.namespace!r}")

    def _not_decoded(self, filename: str, exc: UnicodeError) -> MOFParseError:
        if not isinstance(exc, UnicodeDecodeError):
            return MOFParseError(f"File {filename!r} cannot be decoded: {exc}")
        before = exc.object[: exc.start].decode(exc.encoding, "replace")
        text = before + exc.object[exc.start :].decode(exc.encoding, "replace")
        place = Source(text, filename).place(len(before))
        byte = exc.object[exc.start]
        return MOFParseError(
            f"The file is not {exc.encoding.upper()}: byte 0x{byte:02X} ({exc.reason})", place
        )

    def _declarations(self, source: Source, parsed: Parsed) -> List[Declaration]:
        for error in parsed.errors:
            place = source.place(error.pos, error.end - error.pos)
            self._compilation.errors.append(MOFParseError(error.message, place))
        for warning in parsed.warnings:
            self._compilation.warn(warning.message, source, warning.pos)
        return parsed.declarations

    def _register(self, source: Source, declarations: List[Declaration]) -> List[Item]:
        """
        Make items of declarations, in the namespaces that the pragmas say, and include files.
        """
        compilation = self._compilation
        items: List[Item] = []
        for declaration in declarations:
            item = Item(compilation, declaration, source, self.namespace)
            if isinstance(declaration, Pragma):
                try:
                    items += self._pragma(declaration, item)
                except MOFCompileError as exc:
                    compilation.errors.append(exc)
                continue
            items.append(item)
            compilation.items.append(item)
            if isinstance(declaration, ClassDeclaration):
                compilation.classes.setdefault(item.key(declaration.name), item)
            elif isinstance(declaration, QualifierDeclaration):
                compilation.qualifiers.setdefault(item.key(declaration.name), item)
            if not isinstance(declaration, QualifierDeclaration) and declaration.alias:
                compilation.define_alias(declaration.alias, item)
        return items

    def _pragma(self, pragma: Pragma, item: Item) -> List[Item]:
        name = pragma.name.lower()
        if name == "include":
            return self._include(pragma, item)
        if name == "namespace":
            problem = namespace_problem(pragma.value)
            if problem:
                raise item.error(problem, pragma.value_pos)
            self.namespace = pragma.value.strip("/")
            self._session.verbose_log(f"Switching target namespace to {self.namespace!r}")
        elif name not in STANDARD_PRAGMAS:
            # The other standard ones say nothing that a repository could keep.
            item.warn(f"Unknown pragma {pragma.name!r} is ignored", pragma.pos)
        return []

    def _include(self, pragma: Pragma, item: Item) -> List[Item]:
        name, pos = pragma.value, pragma.value_pos
        if "\0" in name:
            raise item.error(f"Invalid name of an included file: {name!r}", pos)
        # What was asked for is told, wherever it is found.
        wanted = os.path.join(os.path.dirname(item.source.file or ""), name)
        self._session.verbose_log(f"Compiling file {wanted!r}")
        try:
            filename = self._compilation.files.included(name, item.source.file)
        except Confined:
            raise item.error(
                f"Included file {name!r} is not below the directory that includes are confined to",
                pos,
                exception=MOFDependencyError,
            ) from None
        if filename is None:
            reason = "No such file"
            cause = OSError(f"{reason}: {name!r} {_included_in(item, pos)}")
        else:
            self._check_nesting(filename, pos, item)
            try:
                return self.read_file(filename)
            except OSError as exc:
                reason = str(exc.strerror)
                cause = OSError(exc.errno, f"{reason} {_included_in(item, pos)}", exc.filename)
        # Compilation.check raises the OSError itself if there are no other errors.
        raise item.error(
            f"Cannot include file {name!r}: {reason}", pos, exception=MOFDependencyError
        ) from cause

    def _check_nesting(self, filename: str, pos: int, item: Item) -> None:
        """
        Check that including files comes to an end.
        """
        found = identity(filename)
        if any(found == entry[0] for entry in self._including):
            chain = " -> ".join(os.path.basename(path) for _, path in self._including)
            raise item.error(
                f"File {filename!r} includes itself ({chain} -> {os.path.basename(filename)})", pos
            )
        if len(self._including) >= MAX_INCLUDES:
            raise item.error(f"Files are included more than {MAX_INCLUDES} levels deep", pos)
        self._included += 1
        if self._included > MAX_INCLUDED_FILES:
            raise item.error(f"More than {MAX_INCLUDED_FILES} files are included", pos)


def _included_in(item: Item, pos: int) -> str:
    place = item.source.place(pos)
    return f"(included in {place.file or 'the string'}, line {place.lineno})"
