"""
Instances, their aliases, and embedded objects.

An alias stands for the path of an instance, wherever the instance is declared.  That instance is
created first, and the repository says what its path is.  Where instances refer to each other, the
path is made of the values of the keys, if they are known: from the instance, from defaults of the
class, from the paths of other aliases.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple, Union

from pywbem._cim_obj import CIMClass, CIMInstance, CIMInstanceName, CIMProperty
from pywbem._cim_types import Char16
from pywbem._nocasedict import NocaseDict

from .build import array_mismatch, class_from, converted, embedded_object_of
from .declarations import Alias, ClassDeclaration, InstanceDeclaration, Setting
from .errors import MOFCompileError, MOFDependencyError, MOFParseError
from .items import ACTIVE, DONE, FAILED, WAITING, Item, Run, Spoiled
from .repository import found_in
from .values import mof_value

if TYPE_CHECKING:
    from .declarations import Declaration

__all__ = ["Instances"]

#: Embedded objects in embedded objects, and paths as keys of paths.
MAX_DEPTH = 30


class _Use:
    """
    What instances need of their class, found out once.

    Parameters:
        cls (CIMClass): The class with what it inherits.
        key_names (list of str): The names of its keys.
    """

    __slots__ = ("cls", "default_keys", "key_names", "properties")

    def __init__(self, cls: CIMClass, key_names: List[str]) -> None:
        self.cls = cls
        self.key_names = key_names
        declared = [cls.properties[name] for name in key_names]
        self.default_keys = [prop for prop in declared if prop.value is not None]
        # By name as spelled in the MOF: the key, the declaration, and whether it is no object.
        self.properties: Dict[str, Tuple[str, CIMProperty, bool]] = {}

    def find(self, name: str) -> Optional[Tuple[str, CIMProperty, bool]]:
        """
        Return the key of a property, its declaration, and whether its values are constants.
        """
        found = self.properties.get(name)
        if found is None:
            prop = found_in(self.cls._properties, name)
            if prop is not None:
                plain = prop.type != "reference" and _embedded_object(prop) is None
                # Instances share the key.
                found = self.properties[name] = intern(name.casefold()), prop, plain
        return found


class Instances:
    """
    The instances of one compilation.

    Parameters:
        compilation (Run): The compilation.
    """

    def __init__(self, compilation: Run) -> None:
        self.compilation = compilation
        self._aliases: Dict[str, List[Item]] = {}
        self._depth = 0
        # By the identity of the class.
        self._uses: Dict[int, _Use] = {}

    # Aliases

    def define(self, name: str, item: Item) -> None:
        """
        Note that a class or an instance defines an alias.
        """
        self._aliases.setdefault(name.lower(), []).append(item)

    def _item(self, alias: Alias, item: Item) -> Optional[Item]:
        """
        Return the item that defines an alias; of several the last one that is done, or the first.

        None is returned for an alias of an earlier compilation.
        """
        found = self._aliases.get(alias.name.lower())
        if found is None:
            if alias.name.lower() in self.compilation.session.parser.aliases:
                return None
            raise item.error(
                f"Instance alias {alias.name!r} is not defined in the MOF", alias.pos, alias.name
            )
        done = [candidate for candidate in found if candidate.state == DONE]
        return done[-1] if done else found[0]

    def _alias_path(self, alias: Alias, item: Item) -> Any:
        """
        Return the path that an alias stands for; None if it cannot be known yet.
        """
        target = self._item(alias, item)
        if target is None:
            return self.compilation.session.parser.aliases[alias.name.lower()]
        if target.path is None and isinstance(target.declaration, InstanceDeclaration):
            target.path = self._path_from_keys(target, alias, item)
        elif target.path is None and target.state != ACTIVE:
            self.compilation.carry_out(target)
        return target.path

    def _path_from_keys(self, target: Item, alias: Alias, item: Item) -> Any:
        """
        Return the path of an instance if all its key values are known, else None.
        """
        declaration: InstanceDeclaration = target.declaration
        cls = self._class(declaration, target)
        settings = {setting.name.lower(): setting for setting in declaration.settings}
        keybindings = {}
        names = self.compilation.repository.key_names(cls, target.namespace)
        self._enter(alias.pos, item, "Instance paths are keys of instance paths")
        try:
            for name in names:
                setting = settings.get(name.lower())
                prop: CIMProperty = cls.properties[name]
                value = prop.value
                if setting is not None:
                    if isinstance(setting.value, Alias):
                        value = self._alias_path(setting.value, target)
                    elif not isinstance(setting.value, (InstanceDeclaration, list)):
                        what = f"property {name!r} of instance of {declaration.classname!r}"
                        value = converted(setting.value, prop.type, what, setting.value_pos, target)
                if value is None:
                    return None
                keybindings[prop.name] = value
        finally:
            self._depth -= 1
        if not names:
            return None
        return CIMInstanceName(cls.classname, keybindings, namespace=target.namespace)

    def _enter(self, pos: int, item: Item, what: str) -> None:
        if self._depth >= MAX_DEPTH:
            raise item.error(f"{what}, more than {MAX_DEPTH} levels deep", pos)
        self._depth += 1

    # Creating instances

    def create(self, item: Item) -> None:
        """
        Create an instance, after those that it refers to.
        """
        item.state = ACTIVE
        stack = [item]
        while stack:
            current = stack[-1]
            try:
                needed = self._needed(current)
            except Spoiled:
                current.spoiled, needed = True, None
            except MOFCompileError as exc:
                current.report(exc)
                needed = None
            if needed is None:
                self.compilation.attempt(current, self._create)
                stack.pop()
            else:
                needed.state = ACTIVE
                stack.append(needed)

    def _needed(self, item: Item) -> Optional[Item]:
        """
        Return an instance that must be created before another one; None if there is none left.
        """
        for setting in item.declaration.settings:
            values = setting.value if isinstance(setting.value, list) else [setting.value]
            for value in values:
                if not isinstance(value, Alias) or self._is_embedded(setting, item):
                    continue
                target = self._item(value, item)
                if target is None or not isinstance(target.declaration, InstanceDeclaration):
                    continue
                if target.state == WAITING:
                    return target
                if target.state == FAILED:
                    raise Spoiled
                if target is not item and self._alias_path(value, item) is None:
                    raise item.error(
                        f"The path of instance alias {value.name!r} is not known: its instance "
                        "must be created first, but that refers to this one",
                        value.pos,
                        value.name,
                    )
        return None

    def _is_embedded(self, setting: Setting, item: Item) -> bool:
        cls = self._class(item.declaration, item)
        prop = found_in(cls._properties, setting.name)
        return prop is not None and prop.type == "string"

    def _create(self, item: Item) -> None:
        declaration: InstanceDeclaration = item.declaration
        use = self._use(self._class(declaration, item), item)
        instance = self.instance(item)
        if item.failed:
            return
        # Default values of keys are part of the path.
        for prop in use.default_keys:
            if found_in(instance.properties, prop.name) is None:
                instance.properties[prop.name] = _instance_property(prop, prop.value)
        compilation = self.compilation
        item.path = compilation.repository.create_instance(
            instance, use.key_names, item.namespace, item, declaration.pos
        )
        if declaration.alias:
            compilation.session.parser.aliases[declaration.alias.lower()] = item.path

    def _use(self, cls: CIMClass, item: Item) -> _Use:
        use = self._uses.get(id(cls))
        if use is None:
            names = self.compilation.repository.key_names(cls, item.namespace)
            use = self._uses[id(cls)] = _Use(cls, names)
        return use

    # Building instances

    def _class(self, declaration: InstanceDeclaration, item: Item) -> CIMClass:
        return self.compilation.class_of(declaration, item)

    def instance(self, item: Item, declaration: Optional[Declaration] = None) -> CIMInstance:
        """
        Return the instance of a declaration, without a path; what is wrong is reported.

        Parameters:
            item (Item): The item in which it stands.
            declaration (Declaration): The declaration, if it is not that of the item itself.

        Raises:
            MOFDependencyError: Its class is not found.
        """
        found = item.declaration if declaration is None else declaration
        assert isinstance(found, InstanceDeclaration)
        use = self._use(self._class(found, item), item)
        data: Any = {}
        for setting in found.settings:
            try:
                key, prop = self._setting(setting, use, found.classname, item)
                if key in data:
                    raise item.error(
                        f"Cannot compile instance of {found.classname!r} because it specifies "
                        f"property {setting.name!r} more than once",
                        setting.pos,
                        setting.name,
                    )
                data[key] = (prop._name, prop)
            except MOFCompileError as exc:
                item.report(exc)
            except Spoiled:
                item.spoiled = True
        return CIMInstance._trusted(
            found.classname, NocaseDict._trusted(data) if data else None, None, None
        )

    def _setting(
        self, setting: Setting, use: _Use, classname: str, item: Item
    ) -> Tuple[str, CIMProperty]:
        """
        Return the key and the property for a setting.
        """
        found = use.find(setting.name)
        if found is None:
            raise item.error(
                f"Cannot compile instance of {classname!r} because its property {setting.name!r} "
                "is not declared in the class",
                setting.pos,
                setting.name,
                MOFDependencyError,
            )
        key, prop, plain = found
        made = _constant(prop, setting.value) if plain else None
        return key, made or self._property(setting, prop, classname, item)

    def _property(
        self, setting: Setting, prop: CIMProperty, classname: str, item: Item
    ) -> CIMProperty:
        what = f"property {setting.name!r} of instance of {classname!r}"
        value, pos = setting.value, setting.value_pos
        is_array = bool(prop.is_array)
        embedded_object = _embedded_object(prop)
        if value is not None:
            if embedded_object is not None and _are_texts(value):
                value = self._embedded_texts(value, is_array, embedded_object, what, pos, item)
            elif isinstance(value, list) is not is_array:
                raise array_mismatch(what, is_array, pos, item)
            else:
                value = self.value(value, prop.type, embedded_object, what, pos, item)
        return _instance_property(prop, value)

    def _embedded_texts(
        self,
        value: Union[str, List[str]],
        is_array: bool,
        embedded_object: str,
        what: str,
        pos: int,
        item: Item,
    ) -> Any:
        """
        Return the embedded objects of texts that may have none or several of them.
        """
        texts = [value] if isinstance(value, str) else value
        if value == "":
            item.warn(f"The empty string is taken as NULL for {what}", pos)
            return None
        self.compilation.session.verbose_log(f"Target namespace {item.namespace!r}")
        objects: List[Any] = []
        for text in texts:
            if text == "":
                item.warn(f"An empty string is left out for {what}", pos)
            else:
                objects += self._from_text(text, embedded_object, what, pos, item)
        if not objects:
            raise _invalid(what, MOFParseError("there is none"), pos, item)
        if len(objects) > len(texts) and is_array:
            item.warn(f"A string has several embedded objects for {what}", pos)
        if isinstance(value, str) and is_array:
            item.warn(f"A string is taken as an array of embedded objects for {what}", pos)
        if isinstance(value, list) and not is_array:
            item.warn(f"An array is taken as an embedded object for {what}", pos)
        if len(objects) > 1 and not is_array:
            item.warn(f"Of {len(objects)} embedded objects the first is taken for {what}", pos)
        return objects if is_array else objects[0]

    def value(
        self,
        value: Any,
        cimtype: str,
        embedded_object: Optional[str],
        what: str,
        pos: int,
        item: Item,
    ) -> Any:
        """
        Return the value of a property: constants converted to its type, aliases as the paths or
        instances they stand for, embedded objects as objects.

        Raises:
            MOFCompileError: The value does not suit the property, or is wrong in itself.
        """
        if isinstance(value, list):
            return [self.value(entry, cimtype, embedded_object, what, pos, item) for entry in value]
        if value is None:
            return None
        if isinstance(value, (Alias, InstanceDeclaration)):
            return self._object(value, cimtype, embedded_object, what, item)
        if embedded_object is None:
            return converted(value, cimtype, what, pos, item)
        if not isinstance(value, str):
            raise item.error(
                f"Cannot compile {what} because its value is no embedded object: an instance, or a "
                "string with the MOF of one",
                pos,
            )
        return self._embedded_texts(value, False, embedded_object, what, pos, item)

    def _object(
        self,
        value: Union[Alias, InstanceDeclaration],
        cimtype: str,
        embedded_object: Optional[str],
        what: str,
        item: Item,
    ) -> Any:
        if cimtype == "reference":
            if isinstance(value, Alias):
                return self._alias_path(value, item)
            raise item.error(
                f"Cannot compile {what} because an instance is no reference; an alias is", value.pos
            )
        if embedded_object is None:
            raise item.error(
                f"Cannot compile {what} because its type is {cimtype}, not a reference or an "
                "embedded object",
                value.pos,
            )
        self._enter(value.pos, item, "Embedded objects are embedded in each other")
        try:
            if isinstance(value, InstanceDeclaration):
                return self.instance(item, value)
            target = self._item(value, item)
            if target is None or not isinstance(target.declaration, InstanceDeclaration):
                raise item.error(
                    f"Instance alias {value.name!r} is not that of an instance in the MOF",
                    value.pos,
                    value.name,
                )
            instance = self.instance(target)
            item.spoiled = item.spoiled or target.failed
            return instance
        finally:
            self._depth -= 1

    def _from_text(
        self, text: str, embedded_object: str, what: str, pos: int, item: Item
    ) -> List[Any]:
        """
        Return the objects of a text; what is wrong in it is reported.
        """
        source, parsed = self.compilation.parsed(text)
        self._enter(pos, item, "Embedded objects are embedded in each other")
        errors: List[MOFCompileError] = [
            MOFParseError(error.message, source.place(error.pos, error.end - error.pos))
            for error in parsed.errors
        ]
        objects = []
        try:
            for warning in parsed.warnings:
                item.warn(warning.message, pos)
            for declaration in () if errors else parsed.declarations:
                inner = Item(self.compilation, declaration, source, item.namespace)
                try:
                    objects.append(self.embedded(inner, embedded_object))
                except MOFCompileError as exc:
                    inner.report(exc)
                errors += inner.errors
                item.spoiled = item.spoiled or inner.spoiled
        finally:
            self._depth -= 1
        for error in errors:
            item.report(_invalid(what, error, pos, item))
        if not objects and not errors:
            raise _invalid(what, MOFParseError("there is none in the string"), pos, item)
        return objects or [None]

    def embedded(self, item: Item, embedded_object: str) -> Any:
        """
        Return the object of a declaration that is not carried out; what is wrong in it is reported.

        Raises:
            MOFParseError: It is no instance, nor a class as the value of an embedded object.
        """
        declaration = item.declaration
        if isinstance(declaration, InstanceDeclaration):
            compilation = self.compilation
            compilation.session.verbose_log(
                f"Creating instance of class {item.namespace}:{declaration.classname}"
            )
            return self.instance(item)
        if isinstance(declaration, ClassDeclaration) and embedded_object == "object":
            return class_from(declaration, item)
        expected = "an instance" if embedded_object == "instance" else "an instance or a class"
        raise item.error(f"Embedded MOF must be {expected}", declaration.pos)


def _are_texts(value: Any) -> bool:
    """
    Return whether the value of an embedded object is its MOF in strings.
    """
    if isinstance(value, list):
        return bool(value) and all(type(item) is str for item in value)
    return type(value) is str


def _invalid(what: str, exc: MOFCompileError, pos: int, item: Item) -> MOFCompileError:
    """
    Return the exception for an embedded object in which something is wrong.
    """
    where = f" (line {exc.lineno}, column {exc.column} of the value)" if exc.lineno else ""
    error = item.error(
        f"Cannot compile {what} because its embedded object is invalid: {exc.msg}{where}",
        pos,
        exception=MOFDependencyError if isinstance(exc, MOFDependencyError) else MOFParseError,
    )
    error.__cause__ = exc
    return error


def _embedded_object(prop: CIMProperty) -> Optional[str]:
    """
    Return the kind of embedded object that a property of a class has as its value, if any.

    Servers tell it by an attribute, by a qualifier, or both.
    """
    return prop._embedded_object or embedded_object_of(prop._qualifiers, prop._type)


# The classes of constants.
_CONSTANTS = frozenset([str, int, float, bool, Char16, type(None)])


def _constant(prop: CIMProperty, value: Any) -> Optional[CIMProperty]:
    """
    Return the property of an instance for a constant that suits its declaration; None if there is
    something to tell about it.
    """
    kind = value.__class__
    if prop._is_array:
        if kind is not list or not _CONSTANTS.issuperset([item.__class__ for item in value]):
            return None
    elif kind not in _CONSTANTS:
        return None
    if prop._type == "boolean" and kind is not bool:
        return None
    try:
        value = mof_value(value, prop._type)
    except (ValueError, TypeError, OverflowError):
        return None
    return CIMProperty._trusted(
        prop._name,
        value,
        prop._type,
        prop._class_origin,
        prop._array_size,
        None,
        prop._is_array,
        prop._reference_class,
        None,
        None,
    )


def _instance_property(prop: CIMProperty, value: Any) -> CIMProperty:
    """
    Return the property of an instance for its declaration in the class.

    It is as one that a program makes of the value: it says nothing about `propagated`, and
    `embedded_object` if there is an object.
    """
    items = value if isinstance(value, list) else [value]
    has_object = any(isinstance(item, (CIMInstance, CIMClass)) for item in items)
    return CIMProperty._trusted(
        prop._name,
        value,
        prop._type,
        prop._class_origin,
        prop._array_size,
        None,
        prop._is_array,
        prop._reference_class,
        None,
        _embedded_object(prop) if has_object else None,
    )
