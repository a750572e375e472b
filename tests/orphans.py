"""What the tests start dies with them, however they end: `python tests/orphans.py PID MARK` waits for that.

Whoever is started inherits the environment and with it a mark. A process beside the tests waits for their end, then
kills whoever bears the mark: also what was started by what was started, which no signal of the kernel's reaches.
"""

import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

MARK = "POINCON_TESTS_OF"


def kill_with_us() -> None:
    """From now on whoever is started by this process dies with it."""
    os.environ[MARK] = f"{os.getpid()}-{os.urandom(8).hex()}"
    subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, str(os.getpid()), os.environ[MARK]],
        env={},  # without the mark, so that it does not kill itself
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C and a kill of the whole group leave it to its work
    )


def main(pid: int, mark: str) -> None:
    """Waits until the process is gone, and kills those with the mark until none is left."""
    with suppress(ProcessLookupError):
        select.select([os.pidfd_open(pid)], [], [])
    while marked := _bearers(f"{MARK}={mark}".encode()):
        for each in marked:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)


def _bearers(mark: bytes) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
