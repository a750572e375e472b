"""The machinery that breaks lines works, and lines that were once broken unnoticed are noticed now."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.__main__ import TARGETS, VAIN_S
from tests.mutants.breaks import Module, parsed
from tests.mutants.known import EQUIVALENT
from tests.mutants.surgery import broken

ROOT = Path(__file__).resolve().parents[1]

ONCE_UNNOTICED = {
    "a list is stale a minute late": (
        "device/core/door/decision.py",
        "> around.list_max_age_h * 3600",
        "> around.list_max_age_h * 3600 + 60",
        "tests/device/core/door/test_decision.py",
    ),
    "a list is stale the moment it comes of age": (
        "device/core/door/decision.py",
        "> around.list_max_age_h * 3600",
        ">= around.list_max_age_h * 3600",
        "tests/device/core/door/test_decision.py",
    ),
    "a clock may drift by a tenth": (
        "device/core/clock.py",
        "DRIFT = 1e-4",
        "DRIFT = 1e-1",
        "tests/device/core/test_clock.py",
    ),
    "an own passage counts though the server knows better": (
        "device/core/door/presence.py",
        "return at > self._as_of and self._still_counts(at, now)",
        "return self._still_counts(at, now)",
        "tests/device/core/door/test_presence.py",
    ),
    "a count from the future is believed": (
        "device/knowledge.py",
        "abs(age_s) <= self._occupancy_max_age_s",
        "age_s <= self._occupancy_max_age_s",
        "tests/device/test_knowledge.py",
    ),
    "a file is renamed before it is on the disk": (
        "device/adapters/cache.py",
        "self._sync(file.fileno())",
        "pass",
        "tests/device/adapters/test_cache.py",
    ),
    "a strike that was secured goes on until its time is over": (
        "device/adapters/strike.py",
        '"""Stops driving it."""\n        self._order(None)',
        '"""Stops driving it."""\n        self._send()',
        "tests/device/adapters/test_strike.py",
    ),
    "fifteen bytes of a proof are enough": (
        "device/core/badge/authentication.py",
        "proof[4:20], rotated(self._rnd_a)",
        "proof[4:19], rotated(self._rnd_a)[:15]",
        "tests/device/core/badge/test_proof.py",
    ),
    "an event without a clock is ten times as old": (
        "server/core/presence/event_time.py",
        "timedelta(milliseconds=event.age_ms or 0)",
        "timedelta(milliseconds=10 * (event.age_ms or 0))",
        "tests/server/core/presence/test_event_time.py",
    ),
    "a login goes on with whatever session there was": (
        "server/web/pages/login.py",
        "    session.clear()  # no session that somebody else began is taken over\n",
        "",
        "tests/server/web/pages/test_login.py",
    ),
}
"""File, text, what it is replaced by, and the tests that are to notice."""


@pytest.mark.parametrize("broken_line", ONCE_UNNOTICED.values(), ids=ONCE_UNNOTICED.keys())
def test_a_line_that_was_once_broken_unnoticed_is_noticed_now(broken_line: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "tests.mutants.replaced", *broken_line]
    env = os.environ | {"PATIENCE_S": VAIN_S}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=env)
    assert done.returncode == 1, done.stdout[-2000:]


SOURCE = '''
LIMIT = 3

class Door:
    def is_full(self, inside: int = 0) -> bool:
        """Whether it is."""
        if not inside and self.open:
            log.info("empty %d", 3)
            self.secure()
        return inside >= LIMIT
'''


@pytest.fixture
def module(tmp_path: Path) -> Module:
    (tmp_path / "door.py").write_text(SOURCE)
    return parsed(tmp_path / "door.py")


def test_every_kind_of_break_is_found_once_and_logs_and_texts_are_left_alone(module: Module) -> None:
    assert [(each.line, each.function, each.what) for each in module.breaks()] == [
        (2, "", "3 → 4"),
        (5, "Door.", "0 → 1"),
        (7, "Door.is_full", "and → or"),
        (7, "Door.is_full", "not dropped"),
        (9, "Door.is_full", "dropped"),
        (10, "Door.is_full", "returns None"),
        (10, "Door.is_full", ">= → >"),
        (10, "Door.is_full", ">= → <"),
    ]


def test_a_broken_line_is_broken_and_whole_again(module: Module) -> None:
    last = list(module.breaks())[-2]
    for limit_is_full in (False, True):
        names: dict[str, type] = {}
        if limit_is_full:
            exec(compile(module.tree, "door.py", "exec"), names)
        else:
            with broken(module, last) as code:
                exec(code, names)
        assert names["Door"]().is_full(3) is limit_is_full


def test_what_is_broken_and_what_is_known_of_it_exists() -> None:
    for target, tests in TARGETS.items():
        assert (ROOT / target).exists() and all((ROOT / each).exists() for each in tests)
    for path, text, _ in EQUIVALENT:
        assert text in (ROOT / path).read_text("utf-8"), f"{path} has no such line any more: {text}"
