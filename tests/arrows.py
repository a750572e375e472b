"""The arrows between the folders of the code, read from its imports; `python -m tests.arrows` writes them down.

A room is a folder with Python files. A file directly below `device/` or `server/` is a room of its own, and so is
`server/web/app.py`, the composition root of the pages.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- arrows: written by python -m tests.arrows -->", "<!-- arrows end -->"
ROOTS = ("device", "server")
ALONE = {"server.web.app"}
"""Modules that are rooms of their own, though they stand in a folder with others."""


class Arrow(NamedTuple):
    """`source` imports `target`; both are rooms, by their dotted names."""

    source: str
    target: str


def modules() -> dict[str, Path]:
    """Every module of the two sides by its dotted name."""
    paths = (path for side in ROOTS for path in sorted((ROOT / side).rglob("*.py")))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def room_of(module: str, known: dict[str, Path]) -> str:
    """The room that a module stands in."""
    folder = module.rpartition(".")[0]
    return module if known[module].name == "__init__.py" or folder in ROOTS or module in ALONE else folder


def imported_modules(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else str(node.module)


def arrows() -> set[Arrow]:
    """Every pair of rooms of which the first imports the second."""
    known = modules()
    found = {
        Arrow(room_of(module, known), room_of(target, known))
        for module, path in known.items()
        for target in imported_modules(path, known)
    }
    return {arrow for arrow in found if arrow.source != arrow.target}


def floors(found: set[Arrow]) -> list[list[str]]:
    """The rooms from the ground up: each imports only rooms of lower floors. Raises `ValueError` on a circle."""
    left = {room for arrow in found for room in arrow}
    below = {room: {arrow.target for arrow in found if arrow.source == room} for room in left}
    built: list[list[str]] = []
    while left:
        floor = sorted(room for room in left if not below[room] & left)
        if not floor:
            raise ValueError(f"these rooms import each other in a circle: {', '.join(sorted(left))}")
        built.append(floor)
        left -= set(floor)
    return built


def listing() -> str:
    """The rooms by floor, the highest first, and what each imports."""
    found = arrows()
    built = floors(found)
    lines = [f"{sum(len(floor) for floor in built)} rooms, {len(found)} arrows, no circle.", ""]
    for number in range(len(built), 0, -1):
        lines += [f"**Floor {number}**", ""]
        for room in built[number - 1]:
            targets = sorted(arrow.target for arrow in found if arrow.source == room)
            lines.append(f"- `{room}`" + (f" → {', '.join(f'`{target}`' for target in targets)}" if targets else ""))
        lines.append("")
    return "\n".join(lines).rstrip()


def page_with_listing(page: str) -> str:
    """The page with the listing of today between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{listing()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page_with_listing(PAGE.read_text("utf-8")), "utf-8")
