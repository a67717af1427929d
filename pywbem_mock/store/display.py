"""
The display of a repository for people.
"""

from __future__ import annotations

from typing import Any, List, Sequence, TextIO

from pywbem._cim_obj import CIMInstance

from .memory import InMemoryRepository

OUTPUT_FORMATS = ("mof", "xml", "repr")

# For each format: how a comment begins and ends.
_COMMENTS = {"mof": ("// ", ""), "xml": ("<!-- ", " -->"), "repr": ("", "")}


def _text(obj: Any, output_format: str) -> str:
    """
    The text of an object; what ends in a line end is followed by a blank line.
    """
    if output_format == "xml":
        return f'<?xml version="1.0" ?>\n{obj.tocimxmlstr(indent=2)}'
    if output_format == "mof":
        text: str = obj.tomof()
        return text
    if isinstance(obj, CIMInstance):
        return f"Path:\n{obj.path!r}\nInst:\n{obj!r}\n"
    return repr(obj)


class Display:
    """
    Writes a display of a repository.

    Parameters:
        repository (InMemoryRepository): The repository.
        file (TextIO): Where to write.
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

    def _comment(self, text: str, after: str = "\n") -> None:
        begin, end = _COMMENTS[self._format]
        print(f"{begin}{text}{end}{after}", file=self._file)

    def write(self, namespaces: List[str], title: str) -> None:
        """
        Write the display.

        Parameters:
            namespaces (list of str): The namespaces.
            title (str): What is displayed.
        """
        self._comment(f"========Mock Repo Display fmt={self._format} namespaces={title} =========")
        for namespace in sorted(namespaces):
            self._namespace(namespace)
        self._comment("============End Repository=================", after="")

    def _namespace(self, namespace: str) -> None:
        print(file=self._file)
        self._comment(f"NAMESPACE {namespace!r}")
        repository = self._repository
        declarations = list(repository.get_qualifier_store(namespace).iter_values(copy=False))
        classes = list(repository.get_class_store(namespace).iter_values(copy=False))
        instances = list(repository.get_instance_store(namespace).iter_values(copy=False))
        self._objects(namespace, "Qualifier Declarations", sorted(declarations, key=_name))
        self._objects(namespace, "Classes", sorted(classes, key=_name))
        self._objects(namespace, "Instances", instances)

    def _objects(self, namespace: str, title: str, objects: Sequence[Any]) -> None:
        self._comment(f"Namespace {namespace!r}: contains {len(objects)} {title} ")
        if not self._summary:
            for obj in objects:
                if isinstance(obj, CIMInstance) and self._format != "repr":
                    self._comment(f" Path={_path(obj)} ", after="")
                print(_text(obj, self._format), file=self._file)


def _name(obj: Any) -> str:
    name: str = getattr(obj, "name", None) or obj.classname
    return name


def _path(obj: CIMInstance) -> str:
    return "" if obj.path is None else obj.path.to_wbem_uri()
