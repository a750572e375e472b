"""One meaning a class name: a search for a word leads to one thing."""

import ast
from collections import defaultdict

from tests.arrows import modules

MAY_STAND_TWICE = {
    "BrokerPort": "the same port on both sides, and the sides share only the contract",
    "Reading": "of a clock, in a unit; of a badge, at the desk: no file knows both",
    "Program": "the group of commands of each of the two programs",
}


def test_no_class_name_stands_for_two_things() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for module, path in modules().items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    twice = {name: found for name, found in where.items() if len(found) > 1}
    assert twice.keys() - MAY_STAND_TWICE.keys() == set(), twice
    assert MAY_STAND_TWICE.keys() - twice.keys() == set(), "no longer needed"
