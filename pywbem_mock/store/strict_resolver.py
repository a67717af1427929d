"""
Resolution of a class as DSP0004 says, where the released mock is lenient.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from pywbem._cim_obj import CIMClass, CIMMethod, CIMQualifier
from pywbem._nocasedict import NocaseDict

from .copying import copy_qualifiers
from .errors import invalid_parameter
from .resolver import Resolver, find, propagated_qualifier

_NONE = NocaseDict()


class StrictResolver(Resolver):
    """
    Resolves classes of one namespace: a class has the qualifiers that its superclasses pass on,
    and no qualifier changes whose flavor forbids that, be it one of the class, of an element
    or of a parameter.
    """

    def resolve(self, new_class: CIMClass, check_dependencies: bool = True) -> CIMClass:
        """
        Return the class as it is stored; see :meth:`Resolver.resolve`.

        Parameters:
            new_class (CIMClass): What the client declares; nobody else may use it any more.
            check_dependencies (bool): Whether the classes must exist to which
                references and embedded instances refer.

        Raises:
            CIMError: CIM_ERR_INVALID_SUPERCLASS: The superclass does not exist.
                CIM_ERR_INVALID_PARAMETER: The declaration is not valid.
        """
        superclass = self._superclass(new_class)
        qualifiers = self._overriding_qualifiers(
            f"class {new_class.classname!r}",
            new_class._qualifiers,
            self._qualifiers_above(superclass),
        )
        complete = CIMClass._trusted(
            new_class._classname,
            new_class._properties,
            new_class._methods,
            new_class._superclass,
            copy_qualifiers(qualifiers),
            None,
        )
        resolved = super().resolve(complete, check_dependencies)
        resolved._qualifiers = qualifiers
        for method in (resolved._methods or _NONE).values():
            if not method._propagated:
                self._override_parameters(method, superclass)
        return resolved

    def _qualifiers_above(self, cls: Optional[CIMClass]) -> NocaseDict:
        """
        The qualifiers of a class and its superclasses that subclasses get; a class that was
        created before the server was strict has only its own.
        """
        found = NocaseDict()
        while cls is not None:
            for qualifier in (cls._qualifiers or _NONE).values():
                if self._has_flavor(qualifier, "tosubclass") and qualifier.name not in found:
                    found[qualifier.name] = qualifier
            cls = None if cls._superclass is None else self._classes.find(cls._superclass)
        return found

    def _overriding_qualifiers(
        self,
        where: str,
        qualifiers: Optional[NocaseDict],
        inherited: Optional[NocaseDict],
    ) -> Optional[NocaseDict]:
        passed_on: Dict[str, CIMQualifier] = {
            qualifier.name.casefold(): qualifier
            for qualifier in (inherited or _NONE).values()
            if self._has_flavor(qualifier, "tosubclass")
        }
        result = NocaseDict() if qualifiers is None else qualifiers
        for qualifier in list(result.values()):
            above = passed_on.pop(qualifier.name.casefold(), None)
            if above is None or self._has_flavor(above, "overridable"):
                self._initialize(qualifier)
            elif above.value == qualifier.value:
                # Its flavors do not change either.
                result[qualifier.name] = above.copy()
                result[qualifier.name].propagated = False
            else:
                raise invalid_parameter(
                    f"Qualifier {qualifier.name!r} of {where} cannot be overridden: its flavor is "
                    "DisableOverride"
                )
        for above in passed_on.values():
            result[above.name] = propagated_qualifier(above)
        return result

    def _override(self, classname: str, new: Any, same: Any, inherited: Any, check: Any) -> None:
        super()._override(classname, new, same, inherited, check)
        # DSP0201: what a class overrides is not propagated.
        new._propagated = False

    def _override_parameters(self, method: CIMMethod, superclass: Optional[CIMClass]) -> None:
        """
        Give the parameters of a method that a class declares their qualifiers.
        """
        overridden = None if superclass is None else find(superclass._methods, method.name)
        for param in (method._parameters or _NONE).values():
            above = overridden and find(overridden._parameters, param.name)
            param._qualifiers = self._overriding_qualifiers(
                f"Parameter {param.name!r} of method {method.name!r}",
                param._qualifiers,
                above and above._qualifiers,
            )

    def _has_flavor(self, qualifier: CIMQualifier, flavor: str) -> bool:
        """
        Whether a qualifier has a flavor; those of parameters may leave it to the declaration.
        """
        value = getattr(qualifier, flavor)
        if value is None:
            value = getattr(self._qualifiers.find(qualifier.name), flavor, None)
        return value is not False
