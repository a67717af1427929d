"""
Queries: WQL, DMTF:CQL and DMTF:FQL, a grammar each and one evaluator.

`parse` returns a `Query`, which selects instances of a class that a repository has (`select`) or
filters instances that an operation returns (`filter_instances`). Nothing here knows a repository:
it gets the instances and what it has to know about classes from its caller.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Iterator, Optional, Tuple, Type

from pywbem._cim_constants import CIM_ERR_INVALID_QUERY, CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED
from pywbem._cim_obj import CIMInstance
from pywbem._exceptions import CIMError
from pywbem._nocasedict import NocaseDict

from .conditions import IsSubclass, Scope
from .cql import CQL
from .fql import FQL
from .grammar import Grammar, Parsed
from .lexer import Source
from .wql import WQL

__all__ = [
    "FILTER_LANGUAGES",
    "QUERY_LANGUAGES",
    "Query",
    "filter_instances",
    "parse",
    "select",
]

_GRAMMARS: Dict[str, Type[Grammar]] = {grammar.language: grammar for grammar in (WQL, CQL, FQL)}

# Languages for queries (DSP0200 5.4.2.13, 5.4.2.24), and for filters of Open... operations.
QUERY_LANGUAGES: Tuple[str, ...] = ("WQL", "DMTF:CQL")
FILTER_LANGUAGES: Tuple[str, ...] = ("DMTF:FQL",)


class Query:
    """
    A parsed query. It is made by `parse`.

    Attributes:
        language (str): The query language.
        classname (str): The class of the FROM clause; `None` in FQL, which has none.
        properties (tuple of str): The properties of the select list; `None` for all.
    """

    __slots__ = ("_condition", "_names", "_source", "classname", "language", "properties")

    def __init__(self, source: Source, parsed: Parsed) -> None:
        self.language = source.language
        self.classname = parsed.classname
        self.properties = parsed.properties
        self._condition = parsed.condition
        self._names = parsed.names
        self._source = source

    def check(self, has_property: Callable[[str], bool]) -> None:
        """
        Check that the properties exist which the query names.

        Parameters:
            has_property (callable): Whether the class has a property with this name, in any
                case. Names of properties of embedded instances and of subclasses
                (`CIM_Sub::Prop`) are not asked.

        Raises:
            CIMError: CIM_ERR_INVALID_QUERY, with the position of the first that does not exist.
        """
        for name, offset in self._names:
            # __CLASS and the like are no properties of any class.
            if not name.startswith("__") and not has_property(name):
                owner = "the class" if self.classname is None else f"class {self.classname!a}"
                raise self._source.error(offset, f"expected a property of {owner}, got {name!a}")

    def holds(self, instance: CIMInstance, is_subclass: IsSubclass) -> bool:
        """
        Return whether the WHERE clause, or the filter, is true for an instance; no if unknown.

        Raises:
            CIMError: CIM_ERR_INVALID_QUERY, with the position, for a comparison of values whose
                types do not go together.
        """
        if self._condition is None:
            return True
        return self._condition.truth(Scope(self._source, instance, is_subclass)) is True

    def matches(self, instance: CIMInstance, is_subclass: IsSubclass) -> bool:
        """
        Return whether the query selects an instance: it is of the class of the FROM clause, and
        the WHERE clause holds.

        Parameters:
            instance (CIMInstance): The instance, for example of a subclass of
                CIM_InstIndication, whose properties SourceInstance and PreviousInstance are
                instances.
            is_subclass (IsSubclass): Whether the first class is a subclass of the second; names
                in any case.

        Raises:
            CIMError: As `holds`.
        """
        classname = self.classname
        return (
            classname is None
            or classname.casefold() == instance.classname.casefold()
            or is_subclass(instance.classname, classname)
        ) and self.holds(instance, is_subclass)

    def project(self, instance: CIMInstance) -> CIMInstance:
        """
        Return an instance with the selected properties of an instance, in the order of the select
        list, as far as it has them; with ``*`` the instance itself. The path is copied, the
        property objects are shared.
        """
        if self.properties is None:
            return instance
        properties = NocaseDict()
        for name in self.properties:
            prop = instance.properties.get(name)
            if prop is not None:
                properties[prop.name] = prop
        path = instance.path
        return CIMInstance._trusted(
            instance.classname, properties, None, None if path is None else path.copy()
        )


def parse(language: str, query: str) -> Query:
    """
    Return a parsed query.

    Parameters:
        language (str): ``WQL``, ``DMTF:CQL`` or ``DMTF:FQL``.
        query (str): The query.

    Raises:
        CIMError: CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED for another language;
            CIM_ERR_INVALID_QUERY, with the position and what was expected there, for a query
            that is not valid or uses what is not supported.
    """
    return _parse(language, query, tuple(_GRAMMARS))


def select(
    language: str,
    query: str,
    instances_of: Callable[[str], Iterable[CIMInstance]],
    is_subclass: IsSubclass,
) -> Iterator[CIMInstance]:
    """
    Return the instances that a query selects, with the properties that it selects.

    The query is parsed and `instances_of` called at once; instances are evaluated as they are
    taken from the iterator.

    Parameters:
        language (str): ``WQL`` or ``DMTF:CQL``.
        query (str): The query.
        instances_of (callable): Returns the instances of a class and its subclasses.
        is_subclass (IsSubclass): Whether the first class is a subclass of the second; names in
            any case.

    Raises:
        CIMError: As `parse`, and (from the iterator) as `Query.holds`.
    """
    parsed = _parse(language, query, QUERY_LANGUAGES)
    assert parsed.classname is not None
    instances = instances_of(parsed.classname)
    return (parsed.project(item) for item in instances if parsed.holds(item, is_subclass))


def filter_instances(
    language: str,
    query: str,
    instances: Iterable[CIMInstance],
    is_subclass: IsSubclass,
) -> Iterator[CIMInstance]:
    """
    Return the instances for which the filter of an Open... operation is true.

    Parameters:
        language (str): ``DMTF:FQL``.
        query (str): The filter query.
        instances (iterable of CIMInstance): The instances.
        is_subclass (IsSubclass): Whether the first class is a subclass of the second; names in
            any case.

    Raises:
        CIMError: As `parse`, and (from the iterator) as `Query.holds`.
    """
    parsed = _parse(language, query, FILTER_LANGUAGES)
    return (item for item in instances if parsed.holds(item, is_subclass))


def _parse(language: Optional[str], query: Optional[str], languages: Tuple[str, ...]) -> Query:
    if language not in languages:
        raise CIMError(
            CIM_ERR_QUERY_LANGUAGE_NOT_SUPPORTED,
            f"Query language {language!a} is not supported here; supported: {', '.join(languages)}",
        )
    if not isinstance(query, str):
        raise CIMError(CIM_ERR_INVALID_QUERY, f"The query must be a string, not {query!a}")
    source = Source(str(language), query)
    return Query(source, _GRAMMARS[source.language](source).parse())
