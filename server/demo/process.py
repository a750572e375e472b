"""One process of the demo, from its start to its end; another run of the same program is another one."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

log = logging.getLogger(__name__)

DIE_WITH_PARENT = Path(__file__).parents[1] / "die_with_parent.py"
ENDING_S = 5.0
"""How long a process may take to end when it is asked to; then it is killed."""
ROOT = Path(__file__).resolve().parents[2]
"""Where the import packages lie: processes run there, so that a checkout needs no installation."""


class Process:
    """Runs `command` from its making on; `line` and `ended` are called on a thread of its own.

    It dies with the thread that made it, so that thread must be the one that the whole demo runs on. What it says on
    its standard error goes to `log_file`, after what former runs said.
    """

    def __init__(
        self, command: Sequence[str], log_file: Path, line: Callable[[str], None], ended: Callable[[int], None]
    ) -> None:
        self._log_file = log_file
        with log_file.open("ab") as errors:
            self._popen = subprocess.Popen(
                [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid()), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env=_environment(),
                text=True,
                encoding="utf-8",
                errors="replace",
                bufsize=1,
                start_new_session=True,  # a terminal's Ctrl-C is for the demo alone, which ends them in order
            )
        self._thread = Thread(target=self._follow, args=(line, ended), name=f"follow-{command[-1]}", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen.poll() is None

    @property
    def last_words(self) -> str:
        """The last line that it wrote to its log."""
        lines = self._log_file.read_text("utf-8", "replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def order(self, line: str) -> None:
        """Writes a line to its standard input; nothing happens where it no longer reads."""
        assert self._popen.stdin is not None
        try:
            self._popen.stdin.write(line + "\n")
        except (BrokenPipeError, ValueError):
            log.info("not told, for it has ended: %s", line)

    def kill(self) -> None:
        """As a power cut does: at once, with no farewell. Returns when it is gone."""
        self._popen.kill()
        self.see_out()

    def ask_to_end(self) -> None:
        """SIGTERM; returns at once."""
        self._popen.terminate()

    def see_out(self) -> None:
        """Returns when it has ended, which is helped after a while."""
        try:
            self._popen.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        self._thread.join(ENDING_S)
        assert self._popen.stdin is not None
        with suppress(OSError):
            self._popen.stdin.close()

    def _follow(self, line: Callable[[str], None], ended: Callable[[int], None]) -> None:
        assert self._popen.stdout is not None
        with self._popen.stdout as told:
            for text in told:
                line(text.rstrip("\n"))
        ended(self._popen.wait())


def _environment() -> dict[str, str]:
    """Without what points to a real place."""
    return {name: value for name, value in os.environ.items() if not name.startswith("POINCON")}
