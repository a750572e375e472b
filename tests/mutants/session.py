"""A pytest session that runs its tests not once but once for each broken line, each time in a process of its own."""

import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import pytest

from tests.mutants.breaks import Break, Module
from tests.mutants.surgery import module_name, operate, reimport

WORKERS = 2
LEAST_LIMIT_S, TIMES_SLOWER = 20.0, 10.0
"""A test has so much time, and so many times what it takes by itself; so have all: what hangs is noticed too."""


Told = Callable[[int, Break, bool], None]
"""Hears how each line fared: the number of the line, and whether it survives."""


class Coverage(NamedTuple):
    """By test how long it takes, and which functions of which files it calls; by file the tests that import it."""

    seconds: dict[str, float]
    calls: dict[str, list[tuple[str, str]]]
    importers: dict[Path, list[str]]

    def tests_of(self, broken_line: Break) -> list[str]:
        """Whoever calls the broken function, the quickest first; of what is in none, such as a constant, anybody may
        make use: first whoever calls anything of that module.
        """
        path = str(broken_line.path)
        callers = [test for test, calls in self.calls.items() if (path, broken_line.function) in calls]
        if callers:
            return sorted(callers, key=lambda test: self.seconds[test])
        near = {test for test, calls in self.calls.items() if any(file == path for file, _ in calls)}
        return sorted(self.seconds, key=lambda test: (test not in near, self.seconds[test]))

    def tests_near(self, broken_line: Break) -> list[str]:
        """Those, and whoever may hold a value that the module gave while it was imported; the quickest first."""
        near = {*self.tests_of(broken_line), *self.importers[broken_line.path]}
        return sorted(near, key=lambda test: self.seconds[test])

    def calls_it(self, broken_line: Break) -> bool:
        """Whether any test calls the broken function once all is imported."""
        return any((str(broken_line.path), broken_line.function) in calls for calls in self.calls.values())


class MutantSession:
    """As a plugin of pytest: collects as always, then tries each line; `survivors` are those that no test noticed."""

    def __init__(self, modules: Iterable[Module], lines: Sequence[Break], told: Told) -> None:
        self._modules = {module.path: module for module in modules}
        self._lines, self._told = lines, told
        self._began_s: dict[str, float] = {}
        self.survivors: list[Break] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Instead of pytest's own loop."""
        items = {item.nodeid: item for item in session.items}
        coverage = self._coverage(session)
        waiting = list(enumerate(self._lines, start=1))[::-1]
        running: dict[int, tuple[int, Break, int, float]] = {}
        while waiting or running:
            while waiting and len(running) < WORKERS:
                nth, line = waiting.pop()
                taken_s = sum(coverage.seconds[test] for test in coverage.tests_near(line))
                pid = _forked(lambda line=line: self._is_noticed(session, items, coverage, line))  # type: ignore[misc]
                running[pid] = nth, line, os.pidfd_open(pid), time.monotonic() + _limit_s(taken_s)
            self._see_out(running)
        return True

    def _see_out(self, running: dict[int, tuple[int, Break, int, float]]) -> None:
        select.select([pidfd for _, _, pidfd, _ in running.values()], [], [], 0.5)
        for pid, (nth, line, pidfd, until_s) in list(running.items()):
            if time.monotonic() > until_s:
                os.killpg(pid, signal.SIGKILL)
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)  # whom it left behind
                os.close(pidfd)
                del running[pid]
                survives = os.waitstatus_to_exitcode(status) == 0
                if survives:
                    self.survivors.append(line)
                self._told(nth, line, survives)

    def _is_noticed(
        self, session: pytest.Session, items: dict[str, pytest.Item], coverage: Coverage, line: Break
    ) -> bool:
        """In the loaded module first, which is quick; then with all imported anew, for what was made at an import."""
        module, tests = self._modules[line.path], coverage.tests_near(line)
        if coverage.calls_it(line) and operate(module, line):
            if not _all_pass(session, [items[test] for test in coverage.tests_of(line)], coverage.seconds):
                return True
            tests = coverage.importers[line.path]
        reimport(module, line)
        return bool(tests) and pytest.main(["-x", "-q", "-s", "-p", "no:cacheprovider", *tests]) != 0

    def _coverage(self, session: pytest.Session) -> Coverage:
        with tempfile.TemporaryDirectory(prefix="poincon-mutants-") as folder:
            file = Path(folder) / "coverage.json"
            pid = _forked(lambda: not self._watched(session, file))
            _, status = os.waitpid(pid, 0)
            if status:
                failed = file.read_text() if file.exists() else "a test"
                raise pytest.UsageError(f"{failed} fails with nothing broken")
            seconds, calls = json.loads(file.read_text())
        calls = {test: [(path, name) for path, name in called] for test, called in calls.items()}
        return Coverage(seconds, calls, {path: _importers(session, path) for path in self._modules})

    def _watched(self, session: pytest.Session, file: Path) -> bool:
        files = {str(path.resolve()): str(path) for path in self._modules}
        calls: dict[str, set[tuple[str, str]]] = defaultdict(set)
        now = [""]

        def see(frame: FrameType, event: str, argument: Any) -> None:
            """Is told of each call; of nothing within it, since it returns nothing."""
            if path := files.get(frame.f_code.co_filename):
                calls[now[0]].add((path, frame.f_code.co_qualname.split(".<")[0]))

        seconds = {}
        for item in session.items:
            now[0], began_s = item.nodeid, time.monotonic()
            threading.settrace(see)
            sys.settrace(see)
            passes = _all_pass(session, [item])
            sys.settrace(None)
            if not passes:
                file.write_text(item.nodeid)
                return False
            seconds[item.nodeid] = time.monotonic() - began_s
        file.write_text(json.dumps([seconds, {test: sorted(called) for test, called in calls.items()}]))
        return True


def _importers(session: pytest.Session, path: Path) -> list[str]:
    said = f"from {module_name(path)} import "
    files = {file for file in {item.path for item in session.items} if said in file.read_text("utf-8")}
    return [item.nodeid for item in session.items if item.path in files]


def _limit_s(taken_s: float) -> float:
    return max(LEAST_LIMIT_S, TIMES_SLOWER * taken_s)


def _all_pass(
    session: pytest.Session, items: Sequence[pytest.Item], seconds: Mapping[str, float] | None = None
) -> bool:
    """Whether these tests pass, up to the first that does not. One that hangs, where `seconds` says what each takes
    by itself, ends this process, which is a failure too."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        before = session.testsfailed
        if seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, _limit_s(seconds[item.nodeid]))
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if session.testsfailed > before:
            return False
    return True


def _forked(is_noticed: Callable[[], bool]) -> int:
    """Does it in a child, silently; its process id. It exits with 1 where the broken line was noticed."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setpgid(0, 0)
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        status = int(is_noticed())
    finally:
        os._exit(status)
