"""
One compilation: from MOF text, with all that it includes and depends on, to operations on a CIM
repository.

First all text is parsed, so that nothing is done if it has errors, and so that names can be used
before they are defined, in any file.  Then the declarations are carried out in their order, each
after those it depends on, wherever these stand: in the MOF, in the repository or on the search
path.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple, Union

from pywbem._cim_obj import CIMClass, CIMClassName, CIMQualifierDeclaration

from .build import class_from, embedded_classes, qualifier_declaration_from
from .declarations import ClassDeclaration, InstanceDeclaration, QualifierDeclaration
from .errors import MOFCompileError, MOFDependencyError, MOFRepositoryError
from .files import Files
from .instances import Instances
from .items import ACTIVE, DONE, FAILED, WAITING, Item, Spoiled
from .parser import MAX_ERRORS, Parsed
from .reading import Reader
from .repository import MOFWBEMConnection, found_in
from .session import Session
from .source import Source, mof_text
from .target import Target

__all__ = ["Compilation"]

_QUALIFIER_FILES = ("qualifiers.mof", "qualifiers_optional.mof")
_Key = Tuple[str, str]


class Compilation:
    """
    One compilation.

    Parameters:
        session (Session): What it has of its compiler.
        repository (Target): The repository that it writes to.
        namespace (str): The namespace to start with.
    """

    def __init__(self, session: Session, repository: Target, namespace: str) -> None:
        self.session = session
        self.repository = repository
        self.files = Files(session.search_paths, session.include_root)
        self.items: List[Item] = []
        self.errors: List[MOFCompileError] = []
        self.instances = Instances(self)
        self.define_alias: Callable[[str, Item], None] = self.instances.define
        self.object_value: Callable[[Any, str, Optional[str], str, int, Item], Any] = (
            self.instances.value
        )
        # By namespace and name as spelled; only to save the time of looking them up.
        self.known_qualifiers: Dict[str, Dict[str, CIMQualifierDeclaration]] = {}
        # The first declaration of each class and qualifier.
        self.classes: Dict[_Key, Item] = {}
        self.qualifiers: Dict[_Key, Item] = {}
        # What does not exist, and files that were read because something was missing.
        self._missing: Set[_Key] = set()
        self._told: Set[Tuple[str, _Key]] = set()
        self._files_read: Set[_Key] = set()
        self._checking_only = False
        self._stopped = False
        self._reader = Reader(self, namespace)
        self.read_string = self._reader.read_string
        self.read_file = self._reader.read_file
        self.store_parsed = self._reader.store_parsed

    def warn(self, message: str, source: Source, pos: int) -> None:
        """
        Tell that a place of the MOF is not as it should be.
        """
        place = source.place(pos)
        self.session.log(
            f"Warning:{place.file or 'String'}:{place.lineno}:{place.column} {message}"
        )

    # Carrying out

    def run(self) -> None:
        """
        Carry out all declarations that were read, or raise the first of the errors found.

        After the first error nothing more is written; the other declarations are only checked, in
        memory, so that all their errors can be told.
        """
        self.check()
        progress = self.session.progress
        done = 0
        while done < len(self.items) and not self._stopped:
            item = self.items[done]
            self.carry_out(item)
            _free(item)
            done += 1
            if progress is not None:
                progress(done, len(self.items))
        self.check()

    def check(self) -> None:
        """
        Raise the first error found, which then has the others, too; or an OSError if files that
        cannot be read are all that is wrong.
        """
        if self.errors:
            first = self.errors[0]
            causes = [error.__cause__ for error in self.errors]
            if isinstance(causes[0], OSError) and all(isinstance(exc, OSError) for exc in causes):
                raise causes[0]
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
            item.state = ACTIVE
            self.attempt(item, self._set_qualifier)
        elif isinstance(declaration, ClassDeclaration):
            self._create_class(item)
        else:
            self.instances.create(item)

    def attempt(self, item: Item, work: Callable[[Item], None]) -> None:
        """
        Do what finishes a declaration; note what fails.
        """
        try:
            work(item)
        except Spoiled:
            item.spoiled = True
        except MOFCompileError as exc:
            item.report(exc)
        item.state = FAILED if item.failed else DONE
        if item.errors:
            self._failed(item.errors)

    def _failed(self, errors: Sequence[MOFCompileError]) -> None:
        """
        Note errors of a declaration, and let the rest be checked only.
        """
        if self._checking_only and isinstance(errors[0], MOFRepositoryError):
            # It cannot even be read.
            self._stopped = True
        self.errors += errors
        if len(self.errors) >= MAX_ERRORS:
            self._stopped = True
        self._only_check()

    def _only_check(self) -> None:
        if not self._checking_only:
            self._checking_only = True
            self.repository = Target(self.session, MOFWBEMConnection(self.session.handle))

    def _tell_once(self, kind: str, name: str, item: Item) -> None:
        """
        Note that it is told that something is missing.

        Raises:
            Spoiled: It was told before.
        """
        key = kind, item.key(name)
        if key in self._told:
            raise Spoiled
        self._told.add(key)

    # Qualifier declarations

    def _set_qualifier(self, item: Item) -> None:
        declaration = qualifier_declaration_from(item.declaration, item)
        if item.failed:
            return
        self.known_qualifiers.pop(item.namespace, None)
        self.repository.set_qualifier(declaration, item.namespace, item, item.declaration.pos)

    def qualifier_declaration(self, name: str, pos: int, item: Item) -> CIMQualifierDeclaration:
        """
        Return the declaration of a qualifier, from the repository, the MOF or the search path.

        Raises:
            MOFDependencyError: There is none.
            Spoiled: That was told before.
        """
        namespace = item.namespace
        known = self.repository.qualifiers(namespace, item, pos)
        found: Optional[CIMQualifierDeclaration] = found_in(known, name)
        if found is None:
            waiting = self.qualifiers.get(item.key(name))
            if waiting is None:
                self._read_qualifier_files(namespace)
            else:
                self.carry_out(waiting)
                if waiting.state == FAILED:
                    raise Spoiled
            found = found_in(self.repository.qualifiers(namespace, item, pos), name)
        if found is None:
            self._tell_once("qualifier", name, item)
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
            path = self.files.on_search_path(filename)
            for item in self._read_dependency(path, namespace) if path else ():
                if isinstance(item.declaration, QualifierDeclaration):
                    self.carry_out(item)

    def _read_dependency(self, path: str, namespace: str) -> List[Item]:
        """
        Read a file that something depends on.

        Raises:
            Spoiled: It has errors.
        """
        before = len(self.errors)
        items = self._reader.read_dependency(path, namespace)
        if len(self.errors) > before:
            self._only_check()
            raise Spoiled
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
                try:
                    needed = self._needed(name, pos, why, current)
                except Spoiled:
                    current.spoiled = True
                    continue
                except MOFCompileError as exc:
                    current.report(exc)
                    continue
                if needed is not None:
                    needed.state = ACTIVE
                    stack.append((needed, self._dependencies(needed.declaration)))
                    break
            else:
                self.attempt(current, self._finish_class)
                stack.pop()
                if stack and current.state == FAILED:
                    stack[-1][0].spoiled = True

    def _finish_class(self, item: Item) -> None:
        declaration: ClassDeclaration = item.declaration
        cls = class_from(declaration, item)
        if item.failed:
            return
        self.repository.create_class(cls, item.namespace, item, declaration.pos)
        self._missing.discard(item.key(cls.classname))
        item.path = CIMClassName(cls.classname, namespace=item.namespace)

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

        A class that only a method mentions need not be found where a repository decides whether
        that matters; one in memory does not.

        Raises:
            MOFDependencyError: The class is not found, or is its own superclass.
            Spoiled: The class has failed.
        """
        found = self._find(name, item, pos, why)
        if found is None:
            return None
        if isinstance(found, Item):
            if found.state == FAILED:
                raise Spoiled
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
        if why == "parameter" and not isinstance(self.session.handle, MOFWBEMConnection):
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

    def _find(self, name: str, item: Item, pos: int, why: str) -> Union[bool, Item, None]:
        """
        Return None for a class that exists, the item that declares it, or False.
        """
        key = item.key(name)
        if key in self._missing:
            return False
        if self.repository.is_known_class(name, item.namespace):
            return None
        waiting = self.classes.get(key)
        if waiting is not None and waiting.state != DONE:
            return waiting
        if self.repository.merged_class(name, item.namespace, item, pos) is not None:
            return None
        path = self.files.on_search_path(f"{name}.mof")
        if path is not None and (key[0], path) not in self._files_read:
            self._files_read.add((key[0], path))
            self._log_search(name, why, item)
            self._read_dependency(path, item.namespace)
            waiting = self.classes.get(key)
            if waiting is not None:
                return waiting
        self._missing.add(key)
        return False

    def _log_search(self, name: str, why: str, item: Item) -> None:
        """
        Tell that a class is searched for.
        """
        log = self.session.verbose_log
        if why == "instance":
            log(f"Class {name!r} does not exist")
            return
        element = f"{item.namespace}:{item.declaration.name}"
        log(f"Creating class {element}")
        if why != "superclass":
            log(f"Class {element} depends on class {name!r} which is not in repository.")

    def class_of(self, declaration: InstanceDeclaration, item: Item) -> CIMClass:
        """
        Return the class of an instance with what it inherits.

        Raises:
            MOFDependencyError: It is not found.
            Spoiled: That was told before, or it has failed.
        """
        name, pos = declaration.classname, declaration.class_pos
        found = self._find(name, item, pos, "instance")
        if isinstance(found, Item):
            self.carry_out(found)
            if found.state == FAILED:
                raise Spoiled
        cls = self.repository.merged_class(name, item.namespace, item, pos)
        if cls is None:
            self._tell_once("class", name, item)
            raise item.error(
                f"Cannot compile instance of {name!r} because its class does not exist in the CIM "
                "repository or in the MOF, and a MOF file for it was not found on the search path",
                pos,
                name,
                MOFDependencyError,
            )
        return cls

    def parsed(self, text: str) -> Tuple[Source, Parsed]:
        """
        Parse the text of an embedded object.
        """
        text = mof_text(text)
        return Source(text), self.session.mof_parser.parse(text)


def _free(item: Item) -> None:
    """
    Give free what is not needed any more of an item that was carried out: there may be many.
    """
    declaration = item.declaration
    if isinstance(declaration, ClassDeclaration):
        item.declaration = None
    elif isinstance(declaration, InstanceDeclaration) and not declaration.alias:
        item.declaration = item.path = None
