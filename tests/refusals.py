"""Every refusal that the server's code raises, read from its lines."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
SERVER = ROOT / "server"


class Raised(NamedTuple):
    """A refusal as it is made at `where`: its code, the field that it names, and what facts it gives."""

    code: str
    field: str | None
    facts: frozenset[str]
    where: str


def raised() -> list[Raised]:
    """Each refusal that is made anywhere; a line that chooses between two codes has two."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(SERVER.rglob("*.py"))}
    kinds = {"Refusal"} | {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(_is_named(base, {"Refusal"}) for base in node.bases)
    }
    return [
        each
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _is_named(node.func, kinds)
        for each in _made_by(node, f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    ]


def _is_named(node: ast.expr, names: set[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _made_by(call: ast.Call, where: str) -> Iterator[Raised]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    field = given.pop("field", None)
    facts = frozenset(name or "**" for name in given)
    for code in _codes(call.args[0]):
        yield Raised(code, None if field is None else ast.literal_eval(field), facts, where)


def _codes(node: ast.expr) -> Iterator[str]:
    """The codes that an expression may be; raises `ValueError` for one that is made up at run time."""
    if isinstance(node, ast.IfExp):
        yield from _codes(node.body)
        yield from _codes(node.orelse)
    else:
        yield str(ast.literal_eval(node))
