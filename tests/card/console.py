"""A root shell on a machine's serial console: commands go in, what they say and their exit status come out."""

import itertools
import socket
from pathlib import Path
from typing import NamedTuple

from tests.patience import Deadline

QUIET = b"stty -echo; PS1=; PS2=; export TERM=dumb SYSTEMD_PAGER= SYSTEMD_COLORS=0 LC_ALL=C.UTF-8\n"
SLOW_S = 600.0
"""A machine under emulation is twenty times slower than a Pi, and this one may be busy besides."""


class Gone(Exception):
    """The machine ended."""


class Said(NamedTuple):
    """What a command wrote, and its exit status."""

    text: str
    status: int


class Console:
    """The end of a console at the Unix socket `path`; all that is heard is added to `log`."""

    def __init__(self, path: Path, log: Path) -> None:
        self._end = socket.socket(socket.AF_UNIX)
        self._end.connect(str(path))
        self._log = log
        self._heard = ""
        self._marks = itertools.count(1)

    def until(self, word: str, patience_s: float = SLOW_S) -> str:
        """What the console said up to and with `word`; raises `TimeoutError` or `Gone`."""
        deadline = Deadline(patience_s)
        while word not in self._heard:
            if deadline.left_s <= 0:
                raise TimeoutError(f"no {word!r} in {patience_s:g} s; last: {self._heard[-600:]!r}")
            self._end.settimeout(deadline.left_s)
            try:
                said = self._end.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                said = b""
            if not said:
                raise Gone(self._heard[-600:])
            with self._log.open("ab") as log:
                log.write(said)
            self._heard += said.decode("utf-8", "replace").replace("\r", "")
        said_before, _, self._heard = self._heard.partition(word)
        return said_before + word

    def shell(self, prompt: str, patience_s: float) -> None:
        """Waits for the prompt of the shell that logs in by itself, and makes it silent."""
        self.until(prompt, patience_s)
        self._end.sendall(QUIET)
        self.run("true")

    def send(self, command: str) -> None:
        """Writes a command whose end nobody waits for."""
        self._end.sendall(command.encode() + b"\n")

    def run(self, command: str, patience_s: float = SLOW_S) -> Said:
        """Carries out a line of shell, which may not read its input; raises `TimeoutError` or `Gone`."""
        mark = f"@{next(self._marks)}@"
        self.send(f"{{ {command}\n}} </dev/null; echo {mark[:-1]}''@ $?")
        text = self.until(mark, patience_s).removesuffix(mark)
        return Said(text.strip(), int(self.until("\n", patience_s)))

    def ask(self, command: str, patience_s: float = SLOW_S) -> str:
        """What a command says that must succeed; raises `AssertionError` where it does not."""
        said = self.run(command, patience_s)
        assert said.status == 0, f"{command}: {said.status}: {said.text[-1500:]}"
        return said.text

    def close(self) -> None:
        """Lets go of it."""
        self._end.close()
