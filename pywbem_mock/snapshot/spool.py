"""
Classes that were read, on disk until their namespace has all of them.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from functools import partial
from typing import Dict, List, NamedTuple, Optional

from pywbem._cim_obj import CIMClass

from .layout import Record, json_line, object_of, object_xml
from .reading import ClassFacts, by_superclass, facts_of
from .settling import Declaration, mof_of

#: Classes that are in memory: superclasses are needed again.
_RECENT = 200


class _Place(NamedTuple):
    """
    Where a class is in the file.
    """

    offset: int
    facts: ClassFacts


class ClassSpool:
    """
    A file of classes; what was not written to its end is cut off.

    Parameters:
        path (str): The path of the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._places: Dict[str, _Place] = {}
        self._recent: OrderedDict[str, CIMClass] = OrderedDict()
        self._size = 0
        if not os.path.exists(path):
            return
        with open(path, "r+b") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                record = json.loads(line)
                self._enter(record["name"], ClassFacts(*record["facts"]))
                self._size += len(line)
            file.truncate(self._size)

    def _enter(self, name: str, facts: ClassFacts) -> None:
        self._places[name.casefold()] = _Place(self._size, facts)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._places

    def add(self, name: str, cls: CIMClass) -> None:
        """
        Add a class; its superclass, if there is one, should be there.

        Parameters:
            name (str): The name under which it was asked for.
            cls (CIMClass): The class.
        """
        facts = facts_of(cls)
        above = self.get(cls.superclass) if cls.superclass else None
        mof = mof_of(cls, above) or ""
        record = {"name": name, "facts": facts, "mof": mof, "xml": object_xml(cls)}
        line = json_line(record).encode("ascii")
        with open(self._path, "ab") as file:
            file.write(line)
        self._enter(name, facts)
        self._size += len(line)
        self._remember(name, cls)

    def get(self, name: str) -> Optional[CIMClass]:
        """
        A class, which must not be changed, or None.

        Parameters:
            name (str): Its name.
        """
        recent = self._recent.get(name.casefold())
        if recent is not None:
            self._recent.move_to_end(name.casefold())
            return recent
        place = self._places.get(name.casefold())
        if place is None:
            return None
        cls = self._class(place)
        self._remember(name, cls)
        return cls

    def _remember(self, name: str, cls: CIMClass) -> None:
        self._recent[name.casefold()] = cls
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def _record(self, place: _Place) -> Record:
        with open(self._path, "rb") as file:
            file.seek(place.offset)
            return dict(json.loads(file.readline()))

    def _class(self, place: _Place) -> CIMClass:
        return object_of(self._record(place)["xml"], CIMClass)

    def facts(self) -> Dict[str, ClassFacts]:
        """
        What has to be known of the classes, by name, case folded.
        """
        return {item.facts.name.casefold(): item.facts for item in self._places.values()}

    def declarations(self) -> List[Declaration]:
        """
        The classes, each after its superclass.
        """
        places = {item.facts.name: item for item in self._places.values()}
        result = []
        for name in by_superclass(item.facts for item in places.values()):
            place = places[name]
            mof = self._record(place)["mof"]
            result.append(Declaration(name, mof, partial(self._class, place)))
        return result
