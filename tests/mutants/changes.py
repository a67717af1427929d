"""
What can be changed in a file: each change makes one node of its syntax tree mean something else.

Left out is what no test can or should notice: annotations, docstrings, default arguments,
the wording of messages, what is logged for debugging, how far up a warning points.
"""

from __future__ import annotations

import ast
from typing import Iterator, List, NamedTuple

_COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult}

# Keyword arguments that say where a warning points, or how many bytes are taken at a time.
_OF_NO_MEANING = {"stacklevel", "bufsize"}


class Site(NamedTuple):
    """
    A node that can be changed, and the statement that it is in.
    """

    node: ast.AST
    statement: ast.stmt

    @property
    def lines(self) -> List[int]:
        """The lines that are reached whenever the node is."""
        return [getattr(self.node, "lineno", self.statement.lineno), self.statement.lineno]


def sites(tree: ast.Module) -> List[Site]:
    """Return what can be changed in the functions of a file, in order."""
    found = {}
    for function in ast.walk(tree):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for statement in function.body:
                for site in _inside(statement):
                    found.setdefault(site.node, site)
    return list(found.values())


def _inside(statement: ast.stmt) -> Iterator[Site]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return  # a function in a function is one of its own
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return
    if _can_change(statement):
        yield Site(statement, statement)
    todo: List[ast.AST] = [statement]
    while todo:
        for name, value in ast.iter_fields(todo.pop(0)):
            if name == "annotation":
                continue
            for node in value if isinstance(value, list) else [value]:
                if isinstance(node, ast.stmt):
                    yield from _inside(node)
                elif isinstance(node, ast.AST) and not _only_words(node):
                    todo.append(node)
                    if _can_change(node):
                        yield Site(node, statement)


def _only_words(node: ast.AST) -> bool:
    """Whether nothing but words for people, or a hint, depends on a node."""
    if isinstance(node, ast.keyword):
        return node.arg in _OF_NO_MEANING
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "debug"
    return isinstance(node, ast.JoinedStr)


def _can_change(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in _COMPARISONS
    if isinstance(node, (ast.BinOp, ast.AugAssign)):
        return type(node.op) in _OPERATORS
    if isinstance(node, ast.Constant):
        return type(node.value) in (bool, int)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Not)
    if isinstance(node, ast.Return):
        return node.value is not None and not isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, (ast.Call, ast.Await)) and not _only_words(node.value)
    return isinstance(node, (ast.BoolOp, ast.IfExp))


def change(node: ast.AST) -> None:
    """Make a node mean something else."""
    if isinstance(node, ast.Compare):
        node.ops[0] = _COMPARISONS[type(node.ops[0])]()
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        node.op = _OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else int(node.value) + 1
    elif isinstance(node, ast.UnaryOp):
        node.operand = ast.copy_location(ast.UnaryOp(ast.Not(), node.operand), node)
    elif isinstance(node, (ast.Return, ast.Expr)):
        node.value = ast.copy_location(ast.Constant(None), node)
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body
