"""
What MOF keeps of objects, and what the side file has to keep.

Nothing is known here about the deviations of MOF from CIM-XML: the compiler makes objects of the
MOF, and those that are not equal to what was read go into the side file.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable, List, NamedTuple, Optional, Sequence, Set, Tuple

from pywbem._cim_obj import CIMClass, CIMInstance, CIMMethod, CIMQualifier
from pywbem._mof_compiler import MOFCompileError

from .building import Builder, Marks, marks_of, overrides
from .layout import INSTANCES, Record, comment, name_of, side_record


class Declaration(NamedTuple):
    """
    An object that was read, of which there may be many: it is fetched when it is needed.
    """

    name: str
    mof: str
    fetch: Callable[[], Any]


def _specified(obj: Any, inherited: Any) -> List[CIMQualifier]:
    """
    The qualifiers that a class specifies itself, for itself or an element.
    """
    above = {} if inherited is None else inherited.qualifiers
    return [
        item
        for item in obj.qualifiers.values()
        if not item.propagated
        or (inherited is not None and (item.tosubclass is False or _changed(item, above)))
    ]


def _changed(qualifier: CIMQualifier, above: Any) -> bool:
    other = above.get(qualifier.name)
    return other is None or bool(other.value != qualifier.value)


_FIELDS = ("type", "value", "return_type", "reference_class", "array_size", "embedded_object")


def _is_own(element: Any, inherited: Any, cls: CIMClass) -> bool:
    """
    Whether a class declares or overrides a property or method.

    Servers differ in whether one that overrides another is propagated; then it differs.
    """
    if element.propagated is None:
        origin = element.class_origin
        if origin is None or origin.casefold() == cls.classname.casefold():
            return True
    elif not element.propagated:
        return True
    if inherited is None:
        return overrides(element)
    return (
        any(getattr(element, x, None) != getattr(inherited, x, None) for x in _FIELDS)
        or any(_changed(item, inherited.qualifiers) for item in element.qualifiers.values())
        or (hasattr(element, "parameters") and not _same_parameters(element, inherited))
    )


def _same_parameters(method: CIMMethod, inherited: CIMMethod) -> bool:
    if set(method.parameters) != set(inherited.parameters):
        return False
    return not any(
        _changed(item, inherited.parameters[name].qualifiers)
        for name, parameter in method.parameters.items()
        for item in parameter.qualifiers.values()
    )


def class_mof(cls: CIMClass, superclass: Optional[CIMClass] = None) -> str:
    """
    The MOF of a class that has what it inherits: of what it declares itself.

    Parameters:
        cls (CIMClass): The class.
        superclass (CIMClass): Its superclass; None if there is none, or it is not known.
    """
    own = cls.copy()
    own.qualifiers = _specified(cls, None)
    own.properties = _own_elements(cls, cls.properties, superclass and superclass.properties)
    own.methods = _own_elements(cls, cls.methods, superclass and superclass.methods)
    return str(own.tomof())


def _own_elements(cls: CIMClass, elements: Any, above: Any) -> List[Any]:
    result = []
    for element in elements.values():
        inherited = above.get(element.name) if above else None
        if _is_own(element, inherited, cls):
            own = element.copy()
            own.qualifiers = _specified(element, inherited)
            result.append(own)
    return result


def mof_of(obj: Any, superclass: Optional[CIMClass] = None) -> Optional[str]:
    """
    The MOF of an object; None for one that has no MOF at all.

    Parameters:
        obj (CIM object): The object.
        superclass (CIMClass): The superclass of a class, if it is known.
    """
    try:
        return class_mof(obj, superclass) if isinstance(obj, CIMClass) else str(obj.tomof())
    except (ValueError, TypeError):
        return None


# -- Qualifier declarations and classes ----------------------------------------


class _Text:
    """
    The MOF of declarations.

    Parameters:
        head (str): What it begins with.
        declarations (list of Declaration): The declarations.
        without (set of str): The names of those that have no MOF.
    """

    def __init__(self, head: str, declarations: Sequence[Declaration], without: Set[str]) -> None:
        self.names = [item.name for item in declarations if item.name not in without]
        parts = [
            comment(f"{item.name}: only in the side file") + "\n"
            if item.name in without
            else item.mof.rstrip("\n") + "\n\n"
            for item in declarations
        ]
        self.mof = head + "".join(parts)


def settle(
    builder: Builder, namespace: str, kind: str, head: str, declarations: Sequence[Declaration]
) -> Tuple[str, List[Record]]:
    """
    Compile declarations and find out what MOF loses.  The builder has them then as they were read.

    Parameters:
        builder (Builder): The repository.
        namespace (str): The namespace.
        kind (str): The kind of the objects.
        head (str): What the MOF file begins with.
        declarations (list of Declaration): The declarations, in the order of the file.

    Returns:
        tuple: The MOF, and the records for the side file.
    """
    without = {item.name for item in declarations if not item.mof}
    text = _Text(head, declarations, without)
    tries = 0
    while not _compiled(builder, namespace, kind, text, declarations, without):
        tries += 1
        # Declarations that compile alone, but not together, are of one name in different cases.
        without |= (
            _failing(builder, namespace, kind, declarations) if tries == 1 else set(text.names)
        )
        text = _Text(head, declarations, without)
    return text.mof, _compared(builder, namespace, kind, declarations, without)


def _compiled(
    builder: Builder,
    namespace: str,
    kind: str,
    text: _Text,
    declarations: Sequence[Declaration],
    without: Set[str],
) -> bool:
    """
    Whether the MOF of declarations compiles, when there are those that have none.
    """
    _clear(builder, namespace, kind)
    for item in declarations:
        if item.name in without:
            builder.preset(kind, namespace, item.fetch())
    try:
        builder.compiler().compile_string(text.mof, namespace)
    except MOFCompileError:
        return False
    return True


def _failing(
    builder: Builder, namespace: str, kind: str, declarations: Sequence[Declaration]
) -> Set[str]:
    """
    The names of the declarations that do not compile alone, each after its superclass.
    """
    _clear(builder, namespace, kind)
    compiler = builder.compiler()
    result = set()
    builder.expected = {item.name.casefold() for item in declarations}
    for item in declarations:
        try:
            compiler.compile_string(item.mof, namespace)
        except MOFCompileError:
            result.add(item.name)
            builder.preset(kind, namespace, item.fetch())
    builder.expected = set()
    return result


def _clear(builder: Builder, namespace: str, kind: str) -> None:
    store = builder.store(kind, namespace)
    for name in list(store.iter_names()):
        store.delete(name)


def _compared(
    builder: Builder,
    namespace: str,
    kind: str,
    declarations: Iterable[Declaration],
    without: Set[str],
) -> List[Record]:
    store = builder.store(kind, namespace)
    result, differing = [], []
    for item in declarations:
        obj = item.fetch()
        if item.name in without:
            result.append(side_record(kind, obj, None))
            continue
        compiled = store.find(name_of(obj))
        if not same(compiled, obj):
            result.append(side_record(kind, obj, compiled))
            differing.append(obj)
    for obj in differing:
        builder.replace(kind, namespace, obj)
    return result


def same(compiled: Any, read: Any) -> bool:
    """
    Whether the compiler has made of MOF what was read; where a class lies does not count.
    """
    if isinstance(compiled, CIMClass) and isinstance(read, CIMClass):
        compiled, read = compiled.copy(), read.copy()
        compiled.path = read.path = None
    if isinstance(read, CIMInstance) and [*compiled.properties] != [*read.properties]:
        # Names that differ in case are equal.
        return False
    return bool(compiled == read)


# -- Instances ------------------------------------------------------------------


class InstanceSettler:
    """
    Makes MOF of instances, a batch at a time, and finds out what it loses.

    Parameters:
        builder (Builder): The repository, which has the classes; instances are not kept in it.
        namespace (str): The namespace.
    """

    def __init__(self, builder: Builder, namespace: str) -> None:
        self._builder = builder
        self._namespace = namespace
        self._compiler = builder.compiler()
        self._compiled: List[CIMInstance] = []
        builder.take = self._compiled.append

    def forget(self, classname: str) -> None:
        """
        Forget the marks of a class, whose instances are read again.

        Parameters:
            classname (str): The class.
        """
        self._builder.marks.pop((self._namespace.casefold(), classname.casefold()), None)

    def mark(self, batch: Sequence[CIMInstance]) -> List[Record]:
        """
        The records of the marks of properties that no instance of the class before had.

        Parameters:
            batch (list of CIMInstance): Instances of one class.
        """
        classname = batch[0].classname
        key = self._namespace.casefold(), classname.casefold()
        known = self._builder.marks.setdefault(key, {})
        new: Marks = {}
        for instance in batch:
            for name, mark in marks_of(instance).items():
                if name not in known:
                    known[name] = new[name] = mark
        return [{"kind": "marks", "class": classname, "properties": new}] if new else []

    def settle(self, batch: Sequence[CIMInstance]) -> Tuple[str, List[Record]]:
        """
        The MOF of instances of one class, and the records for the side file.

        Parameters:
            batch (list of CIMInstance): The instances.
        """
        texts = [mof_of(instance) for instance in batch]
        compiled: List[Optional[CIMInstance]]
        compiled = list(self._compile([text for text in texts if text]) or ())
        if len(compiled) != len(batch):
            compiled = [self._alone(text) for text in texts]
        mof, sides = [], []
        for instance, text, made in zip(batch, texts, compiled):
            if made is None:
                sides.append(side_record(INSTANCES, instance, None))
                mof.append(comment(f"{instance.path}: only in the side file") + "\n")
                continue
            if not same(made, instance):
                sides.append(side_record(INSTANCES, instance, made))
            mof.append(f"{text}\n")
        return "".join(mof), sides

    def _alone(self, text: Optional[str]) -> Optional[CIMInstance]:
        made = self._compile([text]) if text else None
        return made[0] if made and len(made) == 1 else None

    def _compile(self, texts: Sequence[str]) -> Optional[List[CIMInstance]]:
        """
        The instances that the compiler makes; None if it fails.
        """
        self._compiled.clear()
        try:
            self._compiler.compile_string("\n".join(texts), self._namespace)
        except MOFCompileError:
            return None
        return list(self._compiled)
