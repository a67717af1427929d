"""
Configuration of Sphinx for the documentation of pywbem.

``make doc`` builds it.  The page of changes is made from the fragments in
``changes/``, the reference from the docstrings.
"""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import draw_rooms  # noqa: E402
import make_changelog  # noqa: E402

import pywbem  # noqa: E402
import pywbem_mock  # noqa: E402

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "pywbem"
author = "pywbem developers"
version = release = pywbem.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "myst_nb"]
exclude_patterns = ["_build", "_made"]
default_role = "literal"
highlight_language = "python"
# Types in docstrings are words, such as "name", that are attributes of several classes, too.
suppress_warnings = ["ref.python"]

html_theme = "sphinx_rtd_theme"
html_title = f"pywbem {release}"
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_static_path = ["_static"]
html_css_files = ["pywbem.css"]

# The docstrings say "Parameters:", "Returns:", "Raises:".
napoleon_numpy_docstring = False
napoleon_use_rtype = False
# The types are words, too: they are not taken apart.
napoleon_use_param = False
napoleon_use_ivar = True
autodoc_member_order = "groupwise"
# The parameters of the constructor come with the class, before its members.
autoclass_content = "both"
maximum_signature_line_length = 90
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
autodoc_default_options = {
    "members": True,
    "inherited-members": "Exception,BaseException,int,float,str,dict,tuple",
    "show-inheritance": True,
}

# The notebooks are run at each build, each in a process and a folder of its own.
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_execution_timeout = 120
nb_merge_streams = True
myst_enable_extensions: List[str] = []

# -- Pages that are made at each build ---------------------------------------------


def changes_page() -> str:
    """Return the page of changes: what the fragments say, and the versions before."""
    return make_changelog.section(f"Version {release}") + make_changelog.released()


def constants_page() -> str:
    """Return the entries of the constants of the package, made from their values."""
    lines = []
    for name in sorted(name for name in pywbem.__all__ if name.startswith("CIM_ERR_")):
        code = getattr(pywbem, name)
        lines += [f".. py:data:: {name}", f"   :value: {code}", ""]
        lines += [f"   {pywbem.CIMError(code).status_description}.", ""]
    lines += ["Others", "------", ""]
    for name, text in CONSTANTS.items():
        lines += [f".. py:data:: {name}", f"   :value: {getattr(pywbem, name)!r}", ""]
        lines += [f"   {text}", ""]
    return "\n".join(lines)


CONSTANTS = {
    "DEFAULT_NAMESPACE": "Namespace of operations if neither call nor connection has one.",
    "DEFAULT_TIMEOUT": "Timeout of a connection in seconds, if it is given none.",
    "DEFAULT_URL_SCHEME": "Scheme of a server URL without one.",
    "DEFAULT_URL_PORT_HTTP": "Port of an ``http`` URL without one.",
    "DEFAULT_URL_PORT_HTTPS": "Port of an ``https`` URL without one.",
    "DEFAULT_LOG_DESTINATION": "Log destination in a configuration string that has none.",
    "DEFAULT_LOG_DETAIL_LEVEL": "Detail level of logging, if none is given.",
    "DEFAULT_LOG_FILENAME": "Log file, if none is given.",
    "LOG_DESTINATIONS": "The log destinations.",
    "LOG_DETAIL_LEVELS": "The detail levels of logging that have names.",
    "LOGGER_API_CALLS_NAME": "Logger of the operations; the connection id is added.",
    "LOGGER_HTTP_NAME": "Logger of the HTTP messages; the connection id is added.",
    "LOGGER_SIMPLE_NAMES": "The names of loggers in calls of :func:`configure_logger`.",
    "PYWBEM_USES_REQUESTS": "That HTTP is done with the Python package requests.",
}


def help_texts() -> Dict[str, str]:
    """Return what the commands and the examples print for ``--help``, by their names."""
    commands = {"mof_compiler": ["-m", "mof_compiler"], "serve": ["-m", "pywbem_mock", "serve"]}
    for path in sorted((ROOT / "examples").glob("*.py")):
        if "def main" in path.read_text(encoding="utf-8"):
            commands[path.stem] = [str(path)]
    environment = dict(os.environ, COLUMNS="80", PYTHONPATH=str(ROOT), PYTHONIOENCODING="utf-8")
    texts = {}
    for name, command in commands.items():
        done = subprocess.run(
            [sys.executable, *command, "--help"],
            env=environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
        texts[name] = done.stdout
    return texts


def write(path: Path, text: str) -> None:
    """Write a made file, unless it has this content: then nothing is built again."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def make_pages(app: Sphinx) -> None:
    """Write the pages that are made."""
    made = DOCS / "_made"
    write(made / "changes.inc", changes_page())
    write(made / "constants.inc", constants_page())
    write(made / "rooms.svg", draw_rooms.drawing(draw_rooms.rooms_of(ROOT / "pywbem")))
    # The processes of the notebooks know no profile of the user, and are silent.
    profile = made / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    write(profile / "ipython_kernel_config.py", 'get_config().IPKernelApp.log_level = "ERROR"\n')
    os.environ["IPYTHONDIR"] = str(made / "ipython")
    for name, text in help_texts().items():
        write(made / f"{name}.txt", text)


def public_bases(app: Sphinx, name: str, obj: Any, options: Any, bases: List[Any]) -> None:
    """Show in the place of a private base class those above it that programs know."""
    public = {*pywbem.__all__, *pywbem_mock.__all__}
    above: List[Any] = []

    def collect(base: Any) -> None:
        private = getattr(base, "__module__", "").startswith("pywbem")
        if private and getattr(base, "__name__", "") not in public:
            for parent in base.__bases__:
                collect(parent)
        elif base is not object and base not in above:
            above.append(base)

    for base in bases:
        collect(base)
    bases[:] = above or [object]


def named_defaults(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: Any, returns: Any
) -> Any:
    """Show a function that is a default by its name, so that the signature can be read."""
    if signature and "<function " in signature:
        return re.sub(r"<function (\w+)[^>]*>", r"\1", signature).replace("~typing.", ""), returns
    return None


SEE = re.compile(r"See :meth:`(?P<cls>\w+)\.(?P<method>\w+)`\.")


def docstring_of_base(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: List[str]
) -> None:
    """Show in the place of "See :meth:`Base.method`." what is said there."""
    found = SEE.fullmatch(" ".join(lines).strip())
    if found:
        base = getattr(pywbem_mock, found["cls"], None) or getattr(pywbem, found["cls"])
        lines[:] = (inspect.getdoc(getattr(base, found["method"])) or "").splitlines()


def setup(app: Sphinx) -> Dict[str, Any]:
    """Connect with Sphinx."""
    app.connect("builder-inited", make_pages)
    app.connect("autodoc-process-bases", public_bases)
    app.connect("autodoc-process-signature", named_defaults)
    # Before napoleon, which reads the sections.
    app.connect("autodoc-process-docstring", docstring_of_base, priority=400)
    return {"parallel_read_safe": True}
