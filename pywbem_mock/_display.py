"""
The display of a repository for people.
"""

from __future__ import annotations

from typing import Any, Callable, List, TextIO, Tuple

from pywbem._cim_obj import CIMInstance

from ._inmemoryrepository import InMemoryRepository

OUTPUT_FORMATS = ("mof", "xml", "repr")

# For each format: how a comment begins and ends.
_COMMENTS = {"mof": ("// ", ""), "xml": ("<!-- ", " -->"), "repr": ("", "")}


def _text(obj: Any, output_format: str) -> str:
    if output_format == "xml":
        return f'<?xml version="1.0" ?>\n{obj.tocimxmlstr(indent=2)}'
    if output_format == "mof":
        text: str = obj.tomof()
        return text
    return repr(obj)


class Display:
    """
    Writes a display of a repository.

    Parameters:

      repository (InMemoryRepository): The repository.

      file: Where to write.

      output_format (str): ``mof``, ``xml`` or ``repr``.

      summary (bool): Write only how many objects there are.
    """

    def __init__(
        self, repository: InMemoryRepository, file: TextIO, output_format: str, summary: bool
    ) -> None:
        self._repository = repository
        self._file = file
        self._format = output_format
        self._summary = summary

    def _comment(self, text: str, before: str = "") -> None:
        begin, end = _COMMENTS[self._format]
        print(f"{before}{begin}{text}{end}", file=self._file)

    def write(self, namespaces: List[str], title: str) -> None:
        """
        Write the display.

        Parameters:

          namespaces (list of str): The namespaces.

          title (str): What is displayed.
        """
        self._comment(f"========Mock Repo Display fmt={self._format} namespaces={title} =========")
        for namespace in namespaces:
            self._namespace(namespace)
        self._comment("============End Repository=================", before="\n")

    def _namespace(self, namespace: str) -> None:
        self._comment(f"NAMESPACE {namespace!r}", before="\n\n")
        repository = self._repository
        by_name: Tuple[Tuple[str, Any, Callable[[Any], str]], ...] = (
            ("Qualifier Declarations", repository.get_qualifier_store(namespace), _name),
            ("Classes", repository.get_class_store(namespace), _name),
            ("Instances", repository.get_instance_store(namespace), _path),
        )
        for title, store, key in by_name:
            self._comment(f"Namespace {namespace!r}: contains {store.len()} {title} ", before="\n")
            if not self._summary:
                for obj in sorted(store.iter_values(copy=False), key=key):
                    self._object(obj)

    def _object(self, obj: Any) -> None:
        print(file=self._file)
        if isinstance(obj, CIMInstance):
            self._comment(f" Path={_path(obj)} ")
        print(_text(obj, self._format).rstrip("\n"), file=self._file)


def _name(obj: Any) -> str:
    name: str = getattr(obj, "name", None) or obj.classname
    return name.casefold()


def _path(obj: CIMInstance) -> str:
    return "" if obj.path is None else obj.path.to_wbem_uri()
