"""The arrows of the design: who may import whom, and what may not enter the pure parts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for side in ("device", "server") for path in (ROOT / side).rglob("*.py"))

IMPURE = {
    *("asyncio", "ctypes", "fcntl", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random"),
    *("secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile"),
    *("threading", "time", "tomllib", "urllib"),
    *("amqtt", "click", "flask", "gpiozero", "nfc", "paho", "playwright", "sqlite_utils", "waitress"),
}
"""Modules that reach files, sockets, threads, randomness, settings or a clock."""
CLOCKS = {"now", "today", "utcnow"}
TOLD = {"exception", "set_exception", "_lose"}

DOMAINS = ("accounts", "people", "presence", "rooms", "enrolment", "rota", "till", "cowopass")
"""What the place does, whoever asks for it: desk, command line, a message or a page of a member."""
BADGE = "device.core.badge"
"""The exchange with a badge: units speak it at their readers, the server over one that is lent to it."""
BENEATH = ("server.core", "server.store", "server.site", "server.formats", "server.i18n", "server.errors")

ALLOWED = {
    "device/contract": ("device.contract",),
    "device/core": ("device.core", "device.contract"),
    "server/core/doors": ("server.core", "server.errors", "device.contract", BADGE),
    "server/core": ("server.core", "server.errors", "device.contract"),
    "server/formats": ("server.formats", "server.core", "server.errors", "server.i18n.typography", "device.contract"),
    "server/store": ("server.store", "server.core", "server.errors", "device.contract"),
    "server/enrolment": (*BENEATH, *(f"server.{each}" for each in DOMAINS), "device.contract", BADGE),
    **{
        f"server/{domain}": (*BENEATH, *(f"server.{each}" for each in DOMAINS), "device.contract")
        for domain in DOMAINS
        if domain != "enrolment"
    },
    "server/demo": ("server", "device.contract", "device.core", "device.simulation", "device.adapters.mqtt_client"),
    "device": ("device",),
    "server": ("server", "device.contract", "device.adapters.mqtt_client", "device.adapters.watchdog"),
}
"""What of ours each part may import; the first that fits a file's path counts."""
PURE = ("device/core", "server/core", "server/formats")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def part_of(path: Path) -> str:
    inside = path.relative_to(ROOT).as_posix()
    return next(part for part in ALLOWED if inside.startswith(f"{part}/"))


def is_within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_follow_the_arrows(path):
    part = part_of(path)
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {module}; {part}/ may import {' and '.join(ALLOWED[part])} of ours"
        for line, module in imported(ast.parse(path.read_text("utf-8")))
        if module.split(".")[0] in ("device", "server", "tests") and not is_within(module, ALLOWED[part])
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if part_of(path).startswith(PURE)],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_the_core_is_pure(path):
    tree = ast.parse(path.read_text("utf-8"))
    broken = [
        f"{path.relative_to(ROOT)}:{line} imports {module}, which is not pure"
        for line, module in imported(tree)
        if module.split(".")[0] in IMPURE
    ]
    broken += [
        f"{path.relative_to(ROOT)}:{node.lineno} reads a clock: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    broken += [
        f"{path.relative_to(ROOT)}:{node.lineno} opens or prints: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("open", "print", "input")
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_production_line_asks_whether_it_is_being_tested(path):
    text = path.read_text("utf-8").lower()
    assert not [word for word in ("pytest", "unittest", "is_testing", "testing_mode") if word in text]


def test_a_broad_handler_swallows_nothing():
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and is_broad(node) and not is_told(node)
    ]
    assert not broad, f"swallowed without a trace: {', '.join(broad)}"


SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|PRAGMA)\b")
MAY_ASK = {"server/store": "it is where SQL lives", "server/site/backup.py": "checks a copy that is not the books"}


def test_sql_stands_in_the_store():
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:60]}"
        for path in FILES
        if path.is_relative_to(ROOT / "server") and not path.relative_to(ROOT).as_posix().startswith(tuple(MAY_ASK))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert not strays, "\n".join(strays)


READS_AS_IT_IS = re.compile(r"fromisoformat|json\.(decode|loads|Decoder)|Instant\.parse")


def test_what_the_books_hold_is_read_by_what_knows_damage():
    strays = [
        f"{path.relative_to(ROOT)}:{nth}: {line.strip()}"
        for path in FILES
        if path.is_relative_to(ROOT / "server" / "store") and path.name != "stored_values.py"
        for nth, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if READS_AS_IT_IS.search(line)
    ]
    assert not strays, "\n".join(strays)


def test_no_bar_divides_a_file_into_sections():
    """A file that needs them wants splitting."""
    bars = [
        f"{path.relative_to(ROOT)}:{nth}"
        for path in sorted([*FILES, *(ROOT / "tests").rglob("*.py")])
        for nth, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if re.match(r"\s*#\s*[-=─]{3,}", line)
    ]
    assert not bars, ", ".join(bars)


def is_broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))


def is_told(node: ast.ExceptHandler) -> bool:
    """Logged with its traceback, handed to who waits for it, or raised on."""
    return any(
        isinstance(inner, ast.Raise) or (isinstance(inner, ast.Attribute) and inner.attr in TOLD)
        for inner in ast.walk(node)
    )
