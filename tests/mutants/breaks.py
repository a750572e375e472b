"""The ways to break a line: each is one small change of a module's syntax tree, made and undone in place."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
OTHER_ENDS = {"min": "max", "max": "min", "any": "all", "all": "any"}
LOGS = {"debug", "info", "warning", "error", "exception"}


class Break(NamedTuple):
    """One line broken; `function` is where it stands (`Door.step`), empty for what runs when the module is imported."""

    path: Path
    line: int
    column: int
    function: str
    what: str
    make: Callable[[], None]
    undo: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.what}"


class Module(NamedTuple):
    """A file and its tree."""

    path: Path
    tree: ast.Module

    def breaks(self) -> Iterator[Break]:
        """Every way to break it, in the order of its lines."""
        yield from sorted(_breaks(self.path, self.tree, ""), key=lambda each: each.line)


def parsed(path: Path) -> Module:
    """The module in a file."""
    return Module(path, ast.parse(path.read_text("utf-8")))


def _breaks(path: Path, node: ast.AST, function: str) -> Iterator[Break]:
    for name, old in ast.iter_fields(node):
        children = old if isinstance(old, list) else [old]
        for nth, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_idle(node, name, child):
                continue
            inside = _inside(node, name, function)
            for what, new in _changes(child):
                yield _break(path, node, name, nth if isinstance(old, list) else None, inside, what, new)
            yield from _breaks(path, child, _name(child, inside))


def _break(path: Path, node: ast.AST, name: str, nth: int | None, function: str, what: str, new: ast.AST) -> Break:
    old = getattr(node, name) if nth is None else getattr(node, name)[nth]
    at = old if hasattr(old, "lineno") else node
    line, column = getattr(at, "lineno", 1), getattr(at, "col_offset", 0) + 1

    def put(there: ast.AST) -> None:
        if nth is None:
            setattr(node, name, there)
        else:
            getattr(node, name)[nth] = there

    ast.copy_location(new, at)
    ast.fix_missing_locations(new)
    return Break(path, line, column, function, what, lambda: put(new), lambda: put(old))


def _name(child: ast.AST, inside: str) -> str:
    """A class or function within `inside`; what is nested in a function belongs to the outermost."""
    if isinstance(child, ast.ClassDef):
        return f"{inside}{child.name}."
    if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and (not inside or inside.endswith(".")):
        return f"{inside}{child.name}"
    return inside


def _inside(node: ast.AST, name: str, function: str) -> str:
    """Where a field of `node` runs: decorators and defaults of a function run where that stands."""
    is_head = isinstance(node, ast.FunctionDef) and name != "body" and function.endswith(node.name)
    return function.removesuffix(node.name) if is_head and isinstance(node, ast.FunctionDef) else function


def _is_idle(node: ast.AST, name: str, child: ast.AST) -> bool:
    """What does nothing that a test could see: annotations, docstrings, logs, the words of errors, frozen or not, and
    the `strict` of a zip, which only asserts.
    """
    if name in ("annotation", "returns", "msg"):
        return True
    if isinstance(child, ast.keyword) and child.arg in ("frozen", "slots", "kw_only", "init"):
        return True
    match child:
        case ast.keyword("strict", ast.Constant(True)):
            return True
        case ast.Expr(ast.Constant()) | ast.JoinedStr() | ast.ImportFrom() | ast.Import() | ast.Raise():
            return not isinstance(child, ast.Raise)
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("log"), attr))) if attr in LOGS:
            return True
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.If(ast.Compare(ast.Name("__name__"))):
            return True
        case ast.ClassDef(bases=bases):
            return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in bases)
    return isinstance(node, ast.Raise)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left, [op], right):
            for other in COMPARISONS.get(type(op), ()):
                yield f"{_word(op)} → {_word(other())}", ast.Compare(left, [other()], right)
        case ast.BoolOp(op, values):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{_word(op)} → {_word(swapped)}", ast.BoolOp(swapped, values)
        case ast.UnaryOp(ast.Not(), operand):
            yield "not dropped", operand
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            other_operator = OPERATORS[type(op)]()
            yield f"{_word(op)} → {_word(other_operator)}", ast.BinOp(left, other_operator, right)
        case ast.AugAssign(target, op, value) if type(op) in OPERATORS:
            other_operator = OPERATORS[type(op)]()
            yield f"{_word(op)}= → {_word(other_operator)}=", ast.AugAssign(target, other_operator, value)
        case ast.Constant(bool() as value):
            yield f"{value} → {not value}", ast.Constant(not value)
        case ast.Constant(int() as value):
            yield f"{value} → {value + 1}", ast.Constant(value + 1)
        case ast.Constant(float() as value):
            yield f"{value} → {value * 10 + 1}", ast.Constant(value * 10 + 1)
        case ast.Call(ast.Name(name), arguments, keywords) if name in OTHER_ENDS:
            yield f"{name} → {OTHER_ENDS[name]}", ast.Call(ast.Name(OTHER_ENDS[name], ast.Load()), arguments, keywords)
        case ast.If(test, body, orelse) | ast.While(test, body, orelse) if _is_plain(test):
            yield "the other way round", type(node)(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.IfExp(test, body, orelse) if _is_plain(test):
            yield "the other way round", ast.IfExp(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Return(value) if value is not None and not isinstance(value, ast.Constant):
            yield "returns None", ast.Return(ast.Constant(None))
        case ast.Expr(ast.Call()) | ast.Raise():
            yield "dropped", ast.Pass()


def _is_plain(test: ast.expr) -> bool:
    """Whether nothing else of `_changes` turns this condition."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.Constant)


def _word(op: ast.AST) -> str:
    if isinstance(op, ast.boolop):
        return "and" if isinstance(op, ast.And) else "or"
    one, other = ast.Name("a", ast.Load()), ast.Name("b", ast.Load())
    whole = ast.BinOp(one, op, other) if isinstance(op, ast.operator) else ast.Compare(one, [op], [other])  # type: ignore[list-item]
    return ast.unparse(ast.fix_missing_locations(whole))[2:-2]
