"""Puts a broken line into a running program: into the function's code where it stands, or at the module's import."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from tests.mutants.breaks import Break, Module

OURS = ("device", "server", "tests")
WRAPPINGS = ("fget", "__func__", "func", "__wrapped__")
"""Where properties, class methods, cached properties and decorated functions keep the function."""


def module_name(path: Path) -> str:
    """As it is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


@contextmanager
def broken(tree: Module, broken_line: Break) -> Iterator[CodeType]:
    """The module's code with that line broken."""
    broken_line.make()
    try:
        yield compile(tree.tree, str(tree.path.resolve()), "exec")
    finally:
        broken_line.undo()


def operate(tree: Module, broken_line: Break) -> bool:
    """Breaks the line in the module as it is loaded; False where that cannot be done without importing it anew."""
    function = _function(importlib.import_module(module_name(tree.path)), broken_line.function)
    if function is None:
        return False
    with broken(tree, broken_line) as code:
        for other in _codes(code):
            same = (other.co_qualname, other.co_firstlineno) == (broken_line.function, function.__code__.co_firstlineno)
            if same and other.co_freevars == function.__code__.co_freevars:
                function.__code__ = other
                return True
    return False


def reimport(tree: Module, broken_line: Break) -> None:
    """From now on the module has that line broken, and everything of ours is imported anew."""
    with broken(tree, broken_line) as code:
        load_instead(tree.path, code)
    for name in [name for name in sys.modules if name.split(".")[0] in OURS and not name.startswith("tests.mutants")]:
        del sys.modules[name]


def load_instead(path: Path, code: CodeType) -> None:
    """Whoever imports the module in that file gets this code."""
    sys.meta_path.insert(0, _Finder(module_name(path), _Loader(code, path)))


class _Loader(SourceFileLoader):
    def __init__(self, code: CodeType, path: Path) -> None:
        super().__init__(module_name(path), str(path.resolve()))
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _Finder(MetaPathFinder):
    def __init__(self, name: str, loader: Loader) -> None:
        self._name, self._loader = name, loader

    def find_spec(self, fullname: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        return spec_from_loader(fullname, self._loader) if fullname == self._name else None


def _function(module: ModuleType, qualname: str) -> FunctionType | None:
    """The function of that name, whatever it is wrapped in."""
    found: Any = module
    for name in qualname.split("."):
        found = vars(found).get(name) if found is not None else None
    while found is not None and not isinstance(found, FunctionType):
        found = next((inner for at in WRAPPINGS if (inner := getattr(found, at, None))), None)
    while found is not None and hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found if isinstance(found, FunctionType) else None


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)
