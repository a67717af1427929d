"""
What lies in the directory of a snapshot.

``snapshot.json`` says what the snapshot has; it is written last.  For each namespace there is a
folder with ``qualifiers.mof``, ``classes.mof``, ``instances.mof``, ``associations.mof`` (the
instances of association classes) and, where MOF loses something, ``side.jsonl``: a record in each
line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Type, TypeVar

from pywbem._cim_obj import CIMClass, CIMInstance, CIMQualifierDeclaration
from pywbem._cim_xml.read import objects
from pywbem._cim_xml.read.tree import parse

FORMAT = 1
SUMMARY = "snapshot.json"
UNFINISHED = ".unfinished"
SIDE = "side.jsonl"
#: The kinds of MOF files, in the order in which they are compiled.
QUALIFIERS, CLASSES, INSTANCES, ASSOCIATIONS = "qualifiers", "classes", "instances", "associations"
KINDS = (QUALIFIERS, CLASSES, INSTANCES, ASSOCIATIONS)

#: How many marks a property of an instance has.
MARKS = 5

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")

Record = Dict[str, Any]
_T = TypeVar("_T")


def is_snapshot(path: str) -> bool:
    """
    Return whether a path is the directory of a finished snapshot.

    Parameters:
        path (str): The path.
    """
    return os.path.isfile(os.path.join(path, SUMMARY))


def is_unfinished(path: str) -> bool:
    """
    Return whether a path is the directory of a snapshot that was interrupted.

    Parameters:
        path (str): The path.
    """
    return not is_snapshot(path) and os.path.isdir(os.path.join(path, UNFINISHED))


def folder_names(namespaces: List[str]) -> Dict[str, str]:
    """
    The folder of each namespace; a server cannot make it lie elsewhere, or two be the same.
    """
    result: Dict[str, str] = {}
    taken = set()
    for namespace in namespaces:
        base = name = _UNSAFE.sub("_", namespace)[:100]
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        result[namespace] = name
    return result


def write_json(path: str, content: Any) -> None:
    """
    Write a JSON file: it is there as a whole or not at all.
    """
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)


def read_summary(directory: str) -> Dict[str, Any]:
    """
    What ``snapshot.json`` says.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not one that this version understands.
    """
    path = os.path.join(directory, SUMMARY)
    if os.path.isdir(directory) and not os.path.exists(path):
        hint = f": it has no {SUMMARY}"
        if is_unfinished(directory):
            hint = " yet: the command that has begun it goes on with it"
        raise ValueError(f"{directory} is not a snapshot{hint}")
    try:
        with open(path, encoding="utf-8") as file:
            summary = json.load(file)
        folders = [item["folder"] for item in summary["namespaces"].values()]
    except (ValueError, KeyError, TypeError, AttributeError) as exc:
        raise ValueError(f"{path} is not the summary of a snapshot: {exc}") from exc
    if summary.get("format") != FORMAT:
        raise ValueError(f"{path} has format {summary.get('format')!r}; known is {FORMAT}")
    for folder in folders:
        if not isinstance(folder, str) or _UNSAFE.search(folder):
            raise ValueError(f"{path} names an invalid folder: {folder!r}")
    return dict(summary)


def json_line(record: Mapping[str, Any]) -> str:
    """
    A record as a line.
    """
    return json.dumps(record, ensure_ascii=True, separators=(",", ":")) + "\n"


def records(path: str) -> Iterator[Record]:
    """
    Yield the records of a file; none if there is no such file.

    Raises:
        ValueError: A line is no record.
    """
    if not os.path.exists(path):
        return
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as exc:
                raise ValueError(f"{path}, line {number}: {exc}") from exc
            if not isinstance(record, dict):
                raise ValueError(f"{path}, line {number}: a JSON object is expected")
            if not _is_known(record):
                raise ValueError(f"{path}, line {number}: it is no record of a side file")
            yield record


def _is_known(record: Record) -> bool:
    """
    Whether a record has what its kind has.
    """
    kind = record.get("kind")
    if kind == "order":
        return _are_texts(record.get("classes"))
    if kind == "marks":
        marks = record.get("properties")
        return (
            isinstance(record.get("class"), str)
            and isinstance(marks, dict)
            and all(isinstance(mark, list) and len(mark) == MARKS for mark in marks.values())
        )
    if kind not in (QUALIFIERS, CLASSES, INSTANCES):
        return False
    of_mof = record.get("mof")
    texts = [record.get("xml"), record.get("compiled", ""), "" if of_mof is None else of_mof]
    return _are_texts(texts) and (of_mof is not None or "compiled" not in record)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


_DECODERS = {
    "QUALIFIER.DECLARATION": objects.qualifier_declaration,
    "CLASS": objects.class_,
    "VALUE.NAMEDINSTANCE": objects.value_namedinstance,
    "VALUE.OBJECTWITHLOCALPATH": objects.value_objectwithlocalpath,
}


#: The classes of the objects of a kind of record.
TYPES: Dict[str, Type[Any]] = {
    QUALIFIERS: CIMQualifierDeclaration,
    CLASSES: CIMClass,
    INSTANCES: CIMInstance,
}


def object_xml(obj: Any) -> str:
    """
    The CIM-XML of a class, a qualifier declaration, or an instance with a path.
    """
    return str(obj.tocimxmlstr())


def object_of(xml: str, expected: Type[_T]) -> _T:
    """
    The object of its CIM-XML.

    Parameters:
        xml (str): The CIM-XML.
        expected (type): The class of the object.

    Raises:
        ValueError: It is another kind of object.
        Error: It is not valid.
    """
    element = parse(xml, "side file")
    decoder: Any = _DECODERS.get(element.tag)
    obj = None if decoder is None else decoder(element)
    if not isinstance(obj, expected):
        raise ValueError(
            f"In a side file, the element {element.tag} stands where a {expected.__name__} belongs"
        )
    return obj


def digest(obj: Any) -> str:
    """
    What an object is recognized by.
    """
    return hashlib.sha256(object_xml(obj).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def side_record(kind: str, obj: Any, compiled: Any) -> Record:
    """
    The record of an object of which MOF loses something.

    It has a digest of what the compiler makes of the MOF: who changes the MOF afterwards wants
    what the MOF says.  Without MOF there is none.

    Parameters:
        kind (str): The kind of file in which its MOF is.
        obj (CIM object): The object as it was read.
        compiled (CIM object): What the compiler makes of its MOF; None if it cannot.
    """
    record: Record = {"kind": kind, "mof": None if compiled is None else digest(compiled)}
    if isinstance(compiled, CIMInstance) and compiled.path != obj.path:
        # It is made there.
        record["compiled"] = object_xml(compiled)
    record["xml"] = object_xml(obj)
    return record


def name_of(obj: Any) -> Any:
    """
    What an object is stored under.
    """
    if isinstance(obj, CIMClass):
        return obj.classname
    return obj.name if isinstance(obj, CIMQualifierDeclaration) else obj.path


def folder_of(directory: str, summary: Mapping[str, Any], namespace: str) -> str:
    """
    The path of the folder of a namespace.
    """
    return os.path.join(directory, summary["namespaces"][namespace]["folder"])


def comment(text: str) -> str:
    """
    A line of MOF that says something to its reader.

    Parameters:
        text (str): What it says; a name in it may have line breaks, and two lines would be two
            comments.
    """
    return f"// {' '.join(text.splitlines())}\n"


def mof_file(folder: str, kind: str) -> str:
    """
    The path of a MOF file.
    """
    return os.path.join(folder, f"{kind}.mof")


def size_of(path: str) -> Optional[int]:
    """
    The size of a file, or None if there is none.
    """
    try:
        return os.path.getsize(path)
    except OSError:
        return None
