"""
The exceptions of the MOF compiler.
"""

from __future__ import annotations

from typing import Any, List, Optional, Sequence

from pywbem._exceptions import CIMError, Error

from .source import Place, locate

__all__ = [
    "MOFCompileError",
    "MOFCompilerSetupError",
    "MOFDependencyError",
    "MOFParseError",
    "MOFRepositoryError",
]


class MOFCompilerSetupError(Exception):
    """
    The MOF compiler cannot be set up.
    """


def _token_place(token: Any) -> Optional[Place]:
    """
    Return the place of a token or production of PLY whose lexer knows the parser.
    """
    if isinstance(token, Place):
        return token
    parser: Any = getattr(getattr(token, "lexer", None), "parser", None)
    mof = getattr(parser, "mof", None)
    if mof is None:
        return None
    pos = token.lexpos(1) if callable(token.lexpos) else token.lexpos
    value = getattr(token, "value", None)
    length = len(value) if isinstance(value, str) else 1
    return locate(mof, getattr(parser, "file", None), pos, length)


class MOFCompileError(Error):
    """
    Base class of the exceptions of the MOF compiler.
    """

    error_kind = "MOF compile error"

    def __init__(self, msg: str, parser_token: Any = None) -> None:
        """
        Parameters:
            msg (str): What is wrong.
            parser_token (object): Where it is: a token or a production of PLY, or ``None`` if
                there is no place in the MOF.
        """
        place = _token_place(parser_token)
        self._msg = msg
        self._lineno = place and place.lineno
        self._column = place and place.column
        self._file = place and place.file
        self._context = place and place.context
        self._errors: Sequence[MOFCompileError] = (self,)
        super().__init__(self._lineno, self._column, self._file, self._context)

    def __str__(self) -> str:
        """
        Return the text of :meth:`get_err_msg`.
        """
        return self.get_err_msg()

    @property
    def msg(self) -> str:
        """
        str: What is wrong, without the place.
        """
        return self._msg

    @property
    def lineno(self) -> Optional[int]:
        """
        int: Number of the line in the MOF, from 1.  ``None`` if there is no place.
        """
        return self._lineno

    @property
    def column(self) -> Optional[int]:
        """
        int: Position in the line, from 1.  ``None`` if there is no place.
        """
        return self._column

    @property
    def file(self) -> Optional[str]:
        """
        str: Path name of the MOF file.  ``None`` if a string was compiled.
        """
        return self._file

    @property
    def context(self) -> Optional[List[str]]:
        """
        list of str: Up to four lines of MOF before the place, its line, and a line of carets that
        point at it.  ``None`` if there is no place.
        """
        return self._context

    @property
    def errors(self) -> Sequence[MOFCompileError]:
        """
        tuple of MOFCompileError: All errors of the compilation, this one first.
        """
        return self._errors

    def get_err_msg(self) -> str:
        """
        Return the message for printing: kind of error, file, line, column and text in one line,
        followed by the lines of :attr:`context`.
        """
        if self._lineno is None:
            return f"{self.error_kind}: {self._msg}"
        lines = [
            f"{self.error_kind}:{self._file or 'String'}:{self._lineno}:{self._column} {self._msg}"
        ]
        return "\n".join(lines + (self._context or []))


class MOFParseError(MOFCompileError):
    """
    The text is not valid MOF, or a value in it is not valid.
    """

    error_kind = "MOF parsing error"


class MOFDependencyError(MOFCompileError):
    """
    Something that the MOF depends on was found neither in the MOF, nor in the CIM repository, nor
    on the search path: a superclass, the class of a reference, of an embedded instance or of an
    instance, a property of an instance, a qualifier declaration, an included file.
    """

    error_kind = "MOF dependency error"


class MOFRepositoryError(MOFCompileError):
    """
    The CIM repository returned an error.

    Parameters:
        msg (str): What is wrong.
        parser_token (object): Where it is, as for :exc:`MOFCompileError`.
        cim_error (CIMError): The error that the CIM repository returned.
    """

    error_kind = "CIM repository error"

    def __init__(
        self, msg: str, parser_token: Any = None, cim_error: Optional[CIMError] = None
    ) -> None:
        super().__init__(msg, parser_token)
        self._cim_error = cim_error
        if cim_error is not None:
            self._conn_id = cim_error.conn_id

    @property
    def cim_error(self) -> Optional[CIMError]:
        """
        CIMError: The error that the CIM repository returned.
        """
        return self._cim_error

    def get_err_msg(self) -> str:
        """
        Return the message for printing: that of :meth:`MOFCompileError.get_err_msg`, followed
        by a line with the error that the CIM repository returned.
        """
        text = super().get_err_msg()
        return text if self._cim_error is None else f"{text}\n{self._cim_error}"
