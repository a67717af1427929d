"""
One compilation: from MOF text, with all that it includes and depends on, to operations on a CIM
repository.

First all text is parsed, so that nothing is done if it has errors, and so that names can be used
before they are defined, in any file.  Then the declarations are carried out in their order, each
after those it depends on, wherever these stand: in the MOF, in the repository or on the search
path.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Set, Tuple, Type, Union

from pywbem._cim_obj import CIMClass, CIMClassName, CIMQualifierDeclaration

from .build import Context, class_from, converted, embedded_classes, qualifier_declaration_from
from .declarations import (
    Alias,
    ClassDeclaration,
    Declaration,
    InstanceDeclaration,
    Pragma,
    QualifierDeclaration,
)
from .errors import (
    MOFCompileError,
    MOFDependencyError,
    MOFParseError,
    Source,
    read_mof,
)
from .namespaces import namespace_problem
from .repository import found_in

if TYPE_CHECKING:
    from .compiler import MOFCompiler

__all__ = ["Compilation", "Item"]

#: Files that include files that include files ...
MAX_INCLUDES = 100

_QUALIFIER_FILES = ("qualifiers.mof", "qualifiers_optional.mof")
# DSP0004 annex A; they say nothing that a repository could keep.
_IGNORED_PRAGMAS = frozenset(
    ("locale", "instancelocale", "nonlocal", "nonlocaltype", "source", "sourcetype")
)
_Key = Tuple[str, str]

WAITING, ACTIVE, DONE = range(3)


class Item(Context):
    """
    A declaration, where it stands, and how far it is.
    """

    __slots__ = ("compilation", "declaration", "namespace", "path", "source", "state")

    def __init__(
        self,
        compilation: Compilation,
        declaration: Optional[Declaration],
        source: Source,
        namespace: str,
    ) -> None:
        self.compilation = compilation
        self.declaration: Any = declaration
        self.source = source
        self.namespace = namespace
        self.state = WAITING
        #: The path of an instance, as soon as it is known, or of a class.
        self.path: Any = None

    def known_qualifiers(self) -> Dict[str, CIMQualifierDeclaration]:
        return self.compilation.known_qualifiers.setdefault(self.namespace, {})

    def qualifier_declaration(self, name: str, pos: int) -> CIMQualifierDeclaration:
        return self.compilation.qualifier_declaration(name, pos, self)

    def element_value(
        self, value: Any, cimtype: str, embedded_object: Optional[str], what: str, pos: int
    ) -> Any:
        if embedded_object is None and not isinstance(value, (Alias, InstanceDeclaration, list)):
            return converted(value, cimtype, what, pos, self)
        return self.compilation.instances.value(value, cimtype, embedded_object, what, pos, self)


class Compilation:
    """
    One compilation.

    Parameters:
      compiler: The compiler, with the connection to the repository.
      namespace: The namespace to start with.
    """

    def __init__(self, compiler: MOFCompiler, namespace: str) -> None:
        from .instances import Instances

        self.compiler = compiler
        self.repository = compiler.repository
        self.namespace = namespace
        self.items: List[Item] = []
        self.errors: List[MOFCompileError] = []
        self.instances = Instances(self)
        # By namespace and name as spelled; only to save the time of looking them up.
        self.known_qualifiers: Dict[str, Dict[str, CIMQualifierDeclaration]] = {}
        self._classes: Dict[_Key, Item] = {}
        self._qualifiers: Dict[_Key, Item] = {}
        # Classes that do not exist, and files that were read because something was missing.
        self._missing: Set[_Key] = set()
        self._files_read: Set[_Key] = set()
        self._including: List[Tuple[object, str]] = []

    # Reading

    def read_string(self, text: str, filename: Optional[str]) -> List[Item]:
        """
        Parse a text; return its items, also those of included files.
        """
        if text[:1] == "\ufeff":
            text = text[1:]
        source = Source(text, filename)
        return self._register(source, self._parse(source, text))

    def read_file(self, filename: str) -> List[Item]:
        """
        Parse a file, with the files it includes.

        Raises:
          OSError: The file cannot be read.
        """
        self.compiler.verbose_log(f"Compiling file {filename!r}")
        try:
            text = read_mof(filename)
        except UnicodeDecodeError as exc:
            raise self._not_utf8(filename, exc) from None
        self._including.append((_identity(filename), filename))
        try:
            source = Source(text, filename, reread=True)
            declarations = self._parse(source, text)
            source.forget()
            return self._register(source, declarations)
        finally:
            self._including.pop()

    def _not_utf8(self, filename: str, exc: UnicodeDecodeError) -> MOFParseError:
        before: bytes = exc.object[: exc.start]
        text = before.decode("utf-8") + exc.object[exc.start :].decode("utf-8", "replace")
        pos = len(before.decode("utf-8"))
        place = Source(text, filename).place(pos)
        byte = exc.object[exc.start]
        return MOFParseError(f"The file is not UTF-8: byte 0x{byte:02X} ({exc.reason})", place)

    def _parse(self, source: Source, text: str) -> List[Declaration]:
        declarations, errors = self.compiler.mof_parser.parse(text)
        for error in errors:
            place = source.place(error.pos, error.end - error.pos)
            self.errors.append(MOFParseError(error.message, place))
        return declarations

    def _register(self, source: Source, declarations: List[Declaration]) -> List[Item]:
        """
        Make items of declarations, in the namespaces that the pragmas say, and include files.
        """
        items: List[Item] = []
        for declaration in declarations:
            item = Item(self, declaration, source, self.namespace)
            if isinstance(declaration, Pragma):
                try:
                    items += self._pragma(declaration, item)
                except MOFCompileError as exc:
                    self.errors.append(exc)
                continue
            items.append(item)
            self.items.append(item)
            if isinstance(declaration, ClassDeclaration):
                self._classes.setdefault(self._key(declaration.name, item), item)
            elif isinstance(declaration, QualifierDeclaration):
                self._qualifiers.setdefault(self._key(declaration.name, item), item)
            if not isinstance(declaration, QualifierDeclaration) and declaration.alias:
                self.instances.define(declaration.alias, item)
        return items

    @staticmethod
    def _key(name: str, item: Item) -> _Key:
        return item.namespace.lower(), name.lower()

    def _pragma(self, pragma: Pragma, item: Item) -> List[Item]:
        name = pragma.name.lower()
        if name == "include":
            return self._include(pragma, item)
        if name == "namespace":
            problem = namespace_problem(pragma.value)
            if problem:
                raise item.error(problem, pragma.value_pos)
            self.namespace = pragma.value.strip("/")
            self.compiler.verbose_log(f"Switching target namespace to {self.namespace!r}")
        elif name not in _IGNORED_PRAGMAS:
            place = item.source.place(pragma.pos)
            self.compiler.log(
                f"Warning:{place.file or 'String'}:{place.lineno}:{place.column} "
                f"Unknown pragma {pragma.name!r} is ignored"
            )
        return []

    def _include(self, pragma: Pragma, item: Item) -> List[Item]:
        filename = pragma.value
        if item.source.file:
            filename = os.path.join(os.path.dirname(item.source.file), filename)
        if "\0" in filename:
            raise item.error(f"Invalid name of an included file: {filename!r}", pragma.value_pos)
        identity = _identity(filename)
        if identity is not None and any(identity == entry[0] for entry in self._including):
            chain = " -> ".join(os.path.basename(path) for _, path in self._including)
            raise item.error(
                f"File {filename!r} includes itself ({chain} -> {os.path.basename(filename)})",
                pragma.value_pos,
            )
        if len(self._including) >= MAX_INCLUDES:
            raise item.error(
                f"Files are included more than {MAX_INCLUDES} levels deep", pragma.value_pos
            )
        try:
            return self.read_file(filename)
        except OSError as exc:
            raise item.error(
                f"Cannot include file {filename!r}: {exc.strerror or exc}",
                pragma.value_pos,
                exception=MOFDependencyError,
            ) from exc

    # Carrying out

    def run(self) -> None:
        """
        Carry out all declarations that were read, or raise the first of the errors found.
        """
        self.check()
        progress = self.compiler.progress
        done = 0
        while done < len(self.items):
            self.carry_out(self.items[done])
            if isinstance(self.items[done].declaration, ClassDeclaration):
                # It is not needed any more, and there may be many.
                self.items[done].declaration = None
            done += 1
            if progress is not None:
                progress(done, len(self.items))

    def check(self) -> None:
        """
        Raise the first error found in what was read, which then has the others, too.
        """
        if self.errors:
            first = self.errors[0]
            first._errors = tuple(self.errors)
            raise first

    def carry_out(self, item: Item) -> None:
        """
        Carry out a declaration, unless it has been.
        """
        if item.state != WAITING:
            return
        declaration = item.declaration
        if isinstance(declaration, QualifierDeclaration):
            self._set_qualifier(item)
        elif isinstance(declaration, ClassDeclaration):
            self._create_class(item)
        else:
            self.instances.create(item)

    # Qualifier declarations

    def _set_qualifier(self, item: Item) -> None:
        item.state = DONE
        declaration = qualifier_declaration_from(item.declaration, item)
        self.known_qualifiers.pop(item.namespace, None)
        self.repository.set_qualifier(declaration, item.namespace, item, item.declaration.pos)

    def qualifier_declaration(self, name: str, pos: int, item: Item) -> CIMQualifierDeclaration:
        """
        Return the declaration of a qualifier, from the repository, the MOF or the search path.

        Raises:
          MOFDependencyError: There is none.
        """
        namespace = item.namespace
        known = self.repository.qualifiers(namespace, item, pos)
        found: Optional[CIMQualifierDeclaration] = found_in(known, name)
        if found is None:
            waiting = self._qualifiers.get(self._key(name, item))
            if waiting is not None and waiting.state == WAITING:
                self._set_qualifier(waiting)
            else:
                self._read_qualifier_files(namespace)
            found = found_in(self.repository.qualifiers(namespace, item, pos), name)
        if found is None:
            raise item.error(
                f"Cannot compile element with qualifier {name!r} because the qualifier is not "
                f"declared in namespace {namespace!r}, in the MOF, or in the files "
                f"{' and '.join(map(repr, _QUALIFIER_FILES))} on the search path",
                pos,
                name,
                MOFDependencyError,
            )
        self.known_qualifiers.setdefault(namespace, {})[name] = found
        return found

    def _read_qualifier_files(self, namespace: str) -> None:
        """
        Carry out the qualifier declarations of the files on the search path that have them.
        """
        for filename in _QUALIFIER_FILES:
            if (namespace.lower(), filename) in self._files_read:
                continue
            self._files_read.add((namespace.lower(), filename))
            for path in self.compiler.find_files(filename)[:1]:
                for item in self._read_dependency(path, namespace):
                    if isinstance(item.declaration, QualifierDeclaration):
                        self.carry_out(item)

    def _read_dependency(self, path: str, namespace: str) -> List[Item]:
        saved = self.namespace
        self.namespace = namespace
        including, self._including = self._including, []
        try:
            items = self.read_file(path)
        finally:
            self.namespace = saved
            self._including = including
        self.check()
        return items

    # Classes

    def _create_class(self, item: Item) -> None:
        """
        Create a class, after all classes it depends on.
        """
        item.state = ACTIVE
        stack = [(item, self._dependencies(item.declaration))]
        while stack:
            current, dependencies = stack[-1]
            for name, pos, why in dependencies:
                needed = self._needed(name, pos, why, current)
                if needed is not None:
                    needed.state = ACTIVE
                    stack.append((needed, self._dependencies(needed.declaration)))
                    break
            else:
                self._finish_class(current)
                stack.pop()

    def _finish_class(self, item: Item) -> None:
        declaration: ClassDeclaration = item.declaration
        cls = class_from(declaration, item)
        self.repository.create_class(cls, item.namespace, item, declaration.pos)
        self._missing.discard(self._key(cls.classname, item))
        item.path = CIMClassName(cls.classname, namespace=item.namespace)
        item.state = DONE

    @staticmethod
    def _dependencies(declaration: ClassDeclaration) -> Iterator[Tuple[str, int, str]]:
        """
        Yield the name, the place and the role of the classes that a class depends on.
        """
        if declaration.superclass is not None:
            yield declaration.superclass, declaration.superclass_pos, "superclass"
        for feature in declaration.features:
            if feature.is_reference:
                yield feature.type, feature.pos, "class"
            for name, pos in embedded_classes(feature.qualifiers):
                yield name, pos, "class" if feature.parameters is None else "parameter"
            for parameter in feature.parameters or ():
                if parameter.is_reference:
                    yield parameter.type, parameter.pos, "parameter"
                for name, pos in embedded_classes(parameter.qualifiers):
                    yield name, pos, "parameter"

    def _needed(self, name: str, pos: int, why: str, item: Item) -> Optional[Item]:
        """
        Return the item that has to be carried out for a class to exist; None if it exists.

        A class that only a method mentions need not be found: whether that matters is left to the
        repository.

        Raises:
          MOFDependencyError: The class is not found, or is its own superclass.
        """
        found = self._find(name, item, pos)
        if found is None:
            return None
        if isinstance(found, Item):
            if found.state == WAITING:
                return found
            if found.state == ACTIVE and why == "superclass":
                raise item.error(
                    f"Cannot compile class {item.declaration.name!r} because its superclass "
                    f"{name!r} is derived from it",
                    pos,
                    name,
                    MOFDependencyError,
                )
            return None
        if why == "parameter":
            return None
        what = "superclass" if why == "superclass" else "dependent class"
        raise item.error(
            f"Cannot compile class {item.namespace}:{item.declaration.name} because its {what} "
            f"{name!r} does not exist in the CIM repository or in the MOF, and a MOF file for it "
            "was not found on the search path",
            pos,
            name,
            MOFDependencyError,
        )

    def _find(self, name: str, item: Item, pos: int) -> Union[bool, Item, None]:
        """
        Return None for a class that exists, the item that declares it, or False.
        """
        key = self._key(name, item)
        if key in self._missing:
            return False
        if self.repository.is_known_class(name, item.namespace):
            return None
        waiting = self._classes.get(key)
        if waiting is not None and waiting.state != DONE:
            return waiting
        if self.repository.merged_class(name, item.namespace, item, pos) is not None:
            return None
        path = self.compiler.find_class_file(name)
        if path is not None and (key[0], path) not in self._files_read:
            self._files_read.add((key[0], path))
            self._read_dependency(path, item.namespace)
            waiting = self._classes.get(key)
            if waiting is not None:
                return waiting
        self._missing.add(key)
        return False

    def merged_class(self, name: str, pos: int, item: Item) -> Optional[CIMClass]:
        """
        Return a class with what it inherits, for an instance of it; None if it is not found.
        """
        found = self._find(name, item, pos)
        if isinstance(found, Item):
            self.carry_out(found)
        return self.repository.merged_class(name, item.namespace, item, pos)

    def embedded(self, text: str, item: Item) -> List[Item]:
        """
        Return the declarations in the text of an embedded object, which are not carried out.

        Raises:
          MOFParseError: The text has errors.
        """
        source = Source(text)
        declarations, errors = self.compiler.mof_parser.parse(text)
        if errors:
            first = errors[0]
            raise MOFParseError(first.message, source.place(first.pos, first.end - first.pos))
        return [Item(self, declaration, source, item.namespace) for declaration in declarations]


def _identity(filename: str) -> object:
    """
    Return what tells a file from others, whatever its path name; None if there is no such file.
    """
    try:
        status = os.stat(filename)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def no_such_class(
    item: Item, declaration: InstanceDeclaration, exception: Type[MOFCompileError]
) -> MOFCompileError:
    """
    Return the exception for an instance of a class that is not found.
    """
    return item.error(
        f"Cannot compile instance of {declaration.classname!r} because its class does not exist in "
        "the CIM repository or in the MOF, and a MOF file for it was not found on the search path",
        declaration.class_pos,
        declaration.classname,
        exception,
    )
