"""
Taking a snapshot of a server: a run that can be interrupted and goes on where it stopped.

While it runs, the directory has a folder ``.unfinished``.  Its journal says what is done, and how
long the files were then: what was written after that is cut off when the run goes on.  Classes wait
there until the namespace has all of them.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import closing
from functools import partial
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from pywbem._cim_constants import CIM_ERR_NOT_SUPPORTED
from pywbem._cim_obj import CIMClass, CIMInstance
from pywbem._exceptions import AuthError, CIMError, ConnectionError, Error
from pywbem._mof_compiler.namespaces import namespace_problem
from pywbem._version import __version__

from .. import FakedWBEMConnection
from .building import Builder
from .layout import (
    ASSOCIATIONS,
    CLASSES,
    FORMAT,
    INSTANCES,
    KINDS,
    QUALIFIERS,
    SIDE,
    SUMMARY,
    UNFINISHED,
    Record,
    comment,
    folder_names,
    is_snapshot,
    json_line,
    size_of,
    write_json,
)
from .loading import load_declarations, load_marks
from .reading import (
    ClassFacts,
    Reader,
    Unreachable,
    all_namespaces,
    by_superclass,
    facts_of,
    needed_classes,
)
from .settling import Declaration, InstanceSettler, mof_of, settle
from .spool import ClassSpool

_JOURNAL = "journal.jsonl"
#: Instances that are in memory at once.
_BATCH = 500

Advance = Callable[[str, int, int], None]


class Settings(NamedTuple):
    """
    What a snapshot is to have.

    Parameters:
        namespaces (tuple of str): The namespaces; empty for the default one.
        all_namespaces (bool): All namespaces of the server.
        classes (tuple of str): Only these classes, with their subclasses and what these need;
            empty for all.
        instances (bool): Whether it has instances.
        max_instances (int): The largest number of instances of a class; None for no limit.
    """

    namespaces: Sequence[str] = ()
    all_namespaces: bool = False
    classes: Sequence[str] = ()
    instances: bool = True
    max_instances: Optional[int] = None


class _Journal:
    """
    What is done, in a file.

    Parameters:
        directory (str): The directory of the snapshot.
    """

    def __init__(self, directory: str) -> None:
        self.folder = os.path.join(directory, UNFINISHED)
        self._path = os.path.join(self.folder, _JOURNAL)
        self.entries: List[Record] = []

    def read(self) -> None:
        """
        Read what was done before; a line that is not whole was not written to the end.
        """
        whole = 0
        try:
            with open(self._path, "rb") as file:
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self.entries.append(json.loads(line))
                    whole += len(line)
        except FileNotFoundError:
            return
        with open(self._path, "r+b") as file:
            file.truncate(whole)

    def add(self, entry: Record) -> None:
        """
        Note that something is done.
        """
        self.entries.append(entry)
        with open(self._path, "a", encoding="ascii") as file:
            file.write(json_line(entry))

    def of(self, namespace: str, step: str) -> List[Record]:
        """
        What was noted of a step of a namespace.
        """
        return [
            entry
            for entry in self.entries
            if entry.get("namespace") == namespace and entry.get("step") == step
        ]


def take_snapshot(
    conn: Any,
    directory: str,
    settings: Optional[Settings] = None,
    advance: Optional[Advance] = None,
) -> Dict[str, Any]:
    """
    Take a snapshot of a server, or go on with one that was interrupted.

    Parameters:
        conn (WBEMConnection): The connection; its default namespace is the one that is read if
            none is given.
        directory (str): The directory of the snapshot; it is made.
        settings (Settings): What the snapshot is to have; None for the default namespace.
        advance (callable): Is called with a namespace and step, what is done and how much that
            is in all.

    Returns:
        dict: What ``snapshot.json`` has; ``failures`` names what could not be read.

    Raises:
        ValueError: The directory has something else.
        OSError: A file could not be written.
        Unreachable: The server is not there (any more), or refuses the user.
        Error: Not even the namespaces could be read.
    """
    return _Taking(conn, directory, settings or Settings(), advance or (lambda *_: None)).run()


class _Taking:
    """
    One run.
    """

    def __init__(self, conn: Any, directory: str, settings: Settings, advance: Advance) -> None:
        self._conn = conn
        self._directory = directory
        self._settings = settings
        self._advance = advance
        self._journal = _Journal(directory)

    def run(self) -> Dict[str, Any]:
        """
        Read everything that is not yet there.
        """
        started, folders = self._begin()
        for namespace, folder in folders.items():
            path = os.path.join(self._directory, folder)
            os.makedirs(path, exist_ok=True)
            _NamespaceTaking(
                self._conn, namespace, path, self._settings, self._advance, self._journal
            ).run()
        summary = self._summary(started, folders)
        counts = [item["counts"] for item in summary["namespaces"].values()]
        if summary["failures"] and not any(any(item.values()) for item in counts):
            shutil.rmtree(self._journal.folder)
            for folder in folders.values():
                shutil.rmtree(os.path.join(self._directory, folder))
            raise Unreachable(f"Nothing could be read: {summary['failures'][0]['error']}")
        write_json(os.path.join(self._directory, SUMMARY), summary)
        shutil.rmtree(self._journal.folder)
        return summary

    def _begin(self) -> Any:
        settings = json.loads(json.dumps({"server": self._conn.url, **self._settings._asdict()}))
        present = os.listdir(self._directory) if os.path.isdir(self._directory) else []
        if present:
            self._journal.read()
        if self._journal.entries:
            first = self._journal.entries[0]
            if first["settings"] != settings:
                raise ValueError(
                    f"Directory {self._directory} has a snapshot that was interrupted, of another "
                    f"server or with other options: {json.dumps(first['settings'])}"
                )
            return first["started"], first["folders"]
        if is_snapshot(self._directory):
            raise ValueError(
                f"Directory {self._directory} has a snapshot that is finished: another one needs "
                "another directory"
            )
        # It may have been interrupted before the first entry of the journal was written.
        if set(present) - {UNFINISHED}:
            raise ValueError(
                f"Directory {self._directory} is not empty: a snapshot needs one of its own"
            )
        names = [name.strip("/") for name in self._settings.namespaces]
        try:
            if self._settings.all_namespaces:
                names = all_namespaces(self._conn)
        except Error as exc:
            if isinstance(exc, (AuthError, ConnectionError)):
                raise Unreachable(str(exc)) from exc
            raise
        names = names or [self._conn.default_namespace]
        folders = folder_names(list({name.casefold(): name for name in names}.values()))
        os.makedirs(self._journal.folder, exist_ok=True)
        started = _now()
        self._journal.add({"settings": settings, "started": started, "folders": folders})
        return started, folders

    def _summary(self, started: str, folders: Dict[str, str]) -> Dict[str, Any]:
        namespaces = {}
        failures: List[Record] = []
        for namespace, folder in folders.items():
            entries = [item for item in self._journal.entries if item.get("namespace") == namespace]
            counts = dict.fromkeys(KINDS, 0)
            for entry in entries:
                if "kind" in entry:
                    counts[entry["kind"]] += entry["count"]
            namespaces[namespace] = {
                "folder": folder,
                "counts": counts,
                "without_provider": [x["class"] for x in entries if x.get("unsupported")],
                "cut_off": [item["class"] for item in entries if item.get("cut_off")],
            }
            failures += [
                {"namespace": namespace, **item["failure"]} for item in entries if "failure" in item
            ]
        return {
            "format": FORMAT,
            "server": self._conn.url,
            "made_by": f"pywbem_mock {__version__}",
            "started": started,
            "finished": _now(),
            "options": self._settings._asdict(),
            "namespaces": namespaces,
            "failures": failures,
        }


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _head_of(kind: str, namespace: str, url: str) -> str:
    """
    What a MOF file of a namespace begins with.

    MOF has no pragma for some names that servers give their namespaces; ``snapshot.json`` has all.
    """
    pragma = "" if namespace_problem(namespace) else f'#pragma namespace ("{namespace}")\n'
    return comment(f"{kind.capitalize()} of namespace {namespace} of {url}") + pragma + "\n"


def _identity(item: Any) -> Any:
    return item


def _failure(what: str, name: Optional[str], exc: Exception) -> Record:
    return {"what": what, "name": name, "error": f"{type(exc).__name__}: {exc}"}


def _number_of(instance: CIMInstance) -> int:
    """
    A number that no other instance has: that of a text, since -1 and -2 have the same.
    """
    path: Any = instance.path
    return hash(path.to_wbem_uri(format="canonical"))


def _second(instance: CIMInstance) -> Record:
    problem = ValueError(
        f"The server returned more than one instance {instance.path}; only the first is taken"
    )
    return _failure("instances", instance.classname, problem)


class _NamespaceTaking:
    """
    The run in one namespace.
    """

    def __init__(
        self,
        conn: Any,
        namespace: str,
        folder: str,
        settings: Settings,
        advance: Advance,
        journal: _Journal,
    ) -> None:
        self._reader = Reader(conn, namespace)
        self._namespace = namespace
        self._folder = folder
        self._settings = settings
        self._advance = advance
        self._journal = journal
        self._spool = ClassSpool(os.path.join(journal.folder, f"{os.path.basename(folder)}.jsonl"))
        self._url = conn.url
        self._builder = Builder(FakedWBEMConnection(default_namespace=namespace))
        self._facts: Dict[str, ClassFacts] = {}
        self._qualifier_count = 0

    def run(self) -> None:
        """
        Read what is not yet there.
        """
        done = self._journal.of(self._namespace, CLASSES)
        if done:
            self._restore(done[-1])
        else:
            self._take_declarations()
        if self._settings.instances:
            self._take_instances()

    # -- Files -----------------------------------------------------------------

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _sizes(self) -> Dict[str, int]:
        names = [f"{kind}.mof" for kind in KINDS] + [SIDE]
        return {name: size_of(self._path(name)) or 0 for name in names}

    def _cut(self, sizes: Dict[str, int]) -> None:
        """
        Make the files as long as they were.
        """
        for name, size in sizes.items():
            path = self._path(name)
            present = size_of(path)
            if present is None or present < size:
                if size:
                    raise ValueError(f"File {path} is shorter than it was: begin a new snapshot")
                continue
            if present > size:
                os.truncate(path, size)

    def _append(self, name: str, text: str) -> None:
        if text:
            with open(self._path(name), "a", encoding="utf-8", newline="\n") as file:
                file.write(text)

    def _add_side(self, sides: Sequence[Record]) -> None:
        self._append(SIDE, "".join(map(json_line, sides)))

    def _note(self, step: str, **entry: Any) -> None:
        self._journal.add({"namespace": self._namespace, "step": step, **entry})

    # -- Declarations ----------------------------------------------------------

    def _restore(self, entry: Record) -> None:
        """
        Make the builder as it was when the declarations were written.
        """
        last = self._journal.of(self._namespace, INSTANCES) or [entry]
        self._cut(last[-1]["sizes"])
        load_declarations(self._builder, self._folder, self._namespace)
        load_marks(self._builder, self._folder, self._namespace)
        for cls in self._builder.store(CLASSES, self._namespace).iter_values(copy=False):
            self._facts[cls.classname.casefold()] = facts_of(cls)

    def _take_declarations(self) -> None:
        # Short enough to be done again, but for reading the classes.
        self._cut(dict.fromkeys(self._sizes(), 0))
        self._take_qualifiers()
        self._spool_classes()
        self._write_classes()

    def _take_qualifiers(self) -> None:
        failed = self._journal.of(self._namespace, QUALIFIERS)
        try:
            declarations = self._reader.qualifiers()
        except Error as exc:
            self._reader.check_reachable(exc)
            if not failed:
                self._note(QUALIFIERS, failure=_failure(QUALIFIERS, None, exc))
            declarations = []
        items = [
            Declaration(item.name, mof_of(item) or "", partial(_identity, item))
            for item in declarations
        ]
        self._write_settled(QUALIFIERS, items)
        self._qualifier_count = len(items)

    def _write_settled(self, kind: str, items: Sequence[Declaration]) -> None:
        head = _head_of(kind, self._namespace, self._url)
        mof, sides = settle(self._builder, self._namespace, kind, head, items)
        self._append(f"{kind}.mof", mof)
        self._add_side(sides)

    def _spool_classes(self) -> None:
        """
        Read the classes into the spool, where those are that were read before an interruption.
        """
        failed = {item["failure"]["name"] for item in self._journal.of(self._namespace, "class")}
        names = self._wanted_classes()
        known = {name.casefold() for name in names}
        for done, name in enumerate(names, 1):
            self._spool_class(name, failed)
            if self._settings.classes:
                cls = self._spool.get(name)
                needed = needed_classes(cls) if cls is not None else []
                # The loop reaches them.
                names += [x for x in needed if x.casefold() not in known]
                known.update(x.casefold() for x in needed)
            self._advance(f"{self._namespace} classes", done, len(names))

    def _spool_class(self, name: str, failed: Set[str]) -> None:
        """
        Read a class, unless that was done, after its superclass.
        """
        chain: List[Tuple[str, CIMClass]] = []
        current: Optional[str] = name
        while current is not None and current not in self._spool and current not in failed:
            if any(current.casefold() == link.casefold() for link, _ in chain):
                break
            try:
                cls = self._reader.get_class(current)
            except Error as exc:
                self._reader.check_reachable(exc)
                failed.add(current)
                self._note("class", failure=_failure("class", current, exc))
                break
            chain.append((current, cls))
            current = cls.superclass
        for link, cls in reversed(chain):
            self._spool.add(link, cls)

    def _wanted_classes(self) -> List[str]:
        wanted: Sequence[Optional[str]] = self._settings.classes or (None,)
        names: List[str] = []
        failed = self._journal.of(self._namespace, "names")
        for wish in wanted:
            if wish is not None:
                names.append(wish)
            try:
                names += self._reader.class_names(wish)
            except Error as exc:
                self._reader.check_reachable(exc)
                if not failed:
                    self._note("names", failure=_failure("class names", wish, exc))
        return list({name.casefold(): name for name in names}.values())

    def _write_classes(self) -> None:
        items = self._spool.declarations()
        self._facts = self._spool.facts()
        self._write_settled(CLASSES, items)
        self._add_side([{"kind": "order", "classes": [item.name for item in items]}])
        self._note(QUALIFIERS, kind=QUALIFIERS, count=self._qualifier_count)
        self._note(CLASSES, kind=CLASSES, count=len(items), sizes=self._sizes())

    # -- Instances -------------------------------------------------------------

    def _instance_classes(self) -> List[ClassFacts]:
        """
        The classes whose instances are wanted, in the order of their superclasses.
        """
        names = by_superclass(self._facts.values())
        wanted = {name.casefold() for name in self._settings.classes}
        result = []
        for name in names:
            item = self._facts[name.casefold()]
            if wanted and (item.superclass or "").casefold() in wanted:
                wanted.add(name.casefold())
            if not item.abstract and (not wanted or name.casefold() in wanted):
                result.append(item)
        return result

    def _take_instances(self) -> None:
        done = {item["class"] for item in self._journal.of(self._namespace, INSTANCES)}
        above: Set[str] = {(item.superclass or "").casefold() for item in self._facts.values()}
        settler = InstanceSettler(self._builder, self._namespace)
        classes = self._instance_classes()
        for number, item in enumerate(classes, 1):
            if item.name not in done:
                self._take_class(settler, item, item.name.casefold() in above)
            self._advance(f"{self._namespace} instances", number, len(classes))

    def _take_class(self, settler: InstanceSettler, item: ClassFacts, has_subclasses: bool) -> None:
        kind = ASSOCIATIONS if item.association else INSTANCES
        sizes = self._sizes()
        entry: Record = {"class": item.name}
        count = 0

        def write() -> int:
            # What a provider gave before it failed is not what it has.
            self._cut(sizes)
            settler.forget(item.name)
            entry.pop("failure", None)
            found = self._reader.instances(item.name, has_subclasses)
            return self._write_instances(settler, kind, self._batches(found, entry))

        try:
            count = self._reader.attempt(write)
        except (Error, ValueError) as exc:
            if isinstance(exc, Error):
                self._reader.check_reachable(exc)
            self._cut(sizes)
            if isinstance(exc, CIMError) and exc.status_code == CIM_ERR_NOT_SUPPORTED:
                # Nobody provides instances of the class.
                entry["unsupported"] = True
            else:
                entry["failure"] = _failure("instances", item.name, exc)
        self._note(INSTANCES, kind=kind, count=count, sizes=self._sizes(), **entry)

    def _write_instances(
        self, settler: InstanceSettler, kind: str, batches: Iterator[List[CIMInstance]]
    ) -> int:
        """
        Write instances as they come; return how many there were.
        """
        count = 0
        for batch in batches:
            if count == 0 and not size_of(self._path(f"{kind}.mof")):
                self._append(f"{kind}.mof", _head_of(kind, self._namespace, self._url))
            self._add_side(settler.mark(batch))
            mof, sides = settler.settle(batch)
            self._append(f"{kind}.mof", mof)
            self._add_side(sides)
            count += len(batch)
        return count

    def _batches(
        self, instances: Iterator[CIMInstance], entry: Record
    ) -> Iterator[List[CIMInstance]]:
        limit = self._settings.max_instances
        batch: List[CIMInstance] = []
        # Numbers, since the paths would fill the memory.
        taken: Set[int] = set()
        with closing(instances):  # type: ignore[type-var]
            for instance in instances:
                if len(taken) == limit:
                    entry["cut_off"] = True
                    break
                number = _number_of(instance)
                if number in taken:
                    entry["failure"] = _second(instance)
                    continue
                taken.add(number)
                batch.append(instance)
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        if batch:
            yield batch
