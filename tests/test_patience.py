"""No test depends on how fast the machine is: time is passed in, waits are long, durations go to the bench.

And what the tests start dies with them.
"""

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.patience import eventually, wait_until

TESTS = Path(__file__).parent
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "sleep", "time", "time_ns"}
PATIENCES = {"patience_s", "timeout", "within_s"}
SHORT_S = 20
"""A wait that is shorter may be over before a busy machine is."""

MAY = {
    "patience.py": "it is what waits",
    "test_patience.py": "waits in vain",
    "live_place.py": "notes when a line came, for the bench and the campaigns",
    "device/adapters/readers/conftest.py": "a real clock that counts how often a reader looks at it",
    "browser/pictures.py": "makes the README's pictures; it is no test",
    "browser/bench_picture.py": "makes the README's pictures; it is no test",
    "card": "an emulated machine: its steps are told with their times, and power is cut at set moments",
    "faults": "a campaign breaks things at random moments, for as long as it was told to",
    "mutants": "sees to it that broken code does not run for ever",
    "performance": "the bench is where durations belong",
}


def haste(source: str) -> Iterator[str]:
    """What in a test's source looks at the real clock, sleeps, or has little patience."""
    tree = ast.parse(source)
    imported = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (f"line {node.lineno}: {told}" for told in _haste_of(node, imported))


def _haste_of(call: ast.Call, imported: set[str]) -> Iterator[str]:
    match call.func:
        case ast.Attribute(ast.Name("time"), name) if name in CLOCKS:
            yield f"time.{name}()"
        case ast.Name(name) if name in CLOCKS & imported:
            yield f"{name}()"
        case ast.Attribute(_, "wait_for_timeout"):
            yield "wait_for_timeout()"
    for keyword in call.keywords:
        match keyword:
            case ast.keyword(arg, ast.Constant(int() | float() as seconds)) if arg in PATIENCES and seconds < SHORT_S:
                yield f"{arg}={seconds}"


def python_files() -> list[str]:
    return sorted(str(path.relative_to(TESTS)) for path in TESTS.rglob("*.py"))


@pytest.mark.parametrize("name", [name for name in python_files() if not {name, name.split("/")[0]} & MAY.keys()])
def test_no_test_asserts_on_wall_time_or_sleeps(name: str) -> None:
    assert list(haste((TESTS / name).read_text("utf-8"))) == []


def test_who_may_look_at_the_clock_exists_and_does() -> None:
    files = [name for name in MAY if name.endswith(".py")]
    assert [name for name in files if not list(haste((TESTS / name).read_text("utf-8")))] == []


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import time\ntime.sleep(1)", ["line 2: time.sleep()"]),
        ("from time import monotonic as now_s, sleep\nsleep(1)", ["line 2: sleep()"]),
        ("assert time.monotonic() - began_s < 1", ["line 1: time.monotonic()"]),
        ("page.wait_for_timeout(300)", ["line 1: wait_for_timeout()"]),
        ("queue.get(timeout=5)", ["line 1: timeout=5"]),
        ("Reader(monotonic_s=time.monotonic)", []),
        ("queue.get(timeout=PATIENCE_S)", []),
        ("clock.sleep(1)", []),
    ],
)
def test_haste_is_recognized(source: str, told: list[str]) -> None:
    assert list(haste(source)) == told


def test_a_wait_in_vain_says_what_it_waited_for() -> None:
    with pytest.raises(TimeoutError, match="the kettle"):
        wait_until(lambda: False, patience_s=0, why=lambda: "the kettle")
    assert not eventually(lambda: False, patience_s=0)


def test_a_wait_gives_what_came() -> None:
    came: list[int] = []
    assert wait_until(lambda: came.append(1) or (len(came) > 2 and came)) == [1, 1, 1]


def test_whatever_kills_the_tests_nothing_of_theirs_is_left(tmp_path: Path) -> None:
    """Not even what was started by what they started, in a session of its own."""
    script = (
        "from tests.orphans import kill_with_us; import subprocess, sys; kill_with_us();"
        "subprocess.Popen(['sh', '-c', 'setsid sleep 999 & echo $!; wait'], stdout=sys.stdout); sys.stdin.read()"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=TESTS.parent
    )
    assert runner.stdout is not None
    started = psutil.Process(int(runner.stdout.readline()))
    wait_until(lambda: started.name() == "sleep")
    os.kill(runner.pid, signal.SIGKILL)
    runner.wait()
    wait_until(lambda: not started.is_running() or started.status() == psutil.STATUS_ZOMBIE)
