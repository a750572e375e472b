"""The folder that a demo lives in: made fresh, removed at the end, and by the next demo where one was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PREFIX = "poincon-demo-"
JUST_MADE_S = 60.0
"""A folder this young may belong to a demo that has not locked it yet."""


def usual_base() -> Path:
    """`.demo` of the checkout that this program runs from; where there is none, the system's place for such folders."""
    if (CHECKOUT / "pyproject.toml").is_file() and os.access(CHECKOUT, os.W_OK):
        return CHECKOUT / ".demo"
    return Path(tempfile.gettempdir())


@contextmanager
def fresh_folder(base: Path, now_s: float) -> Iterator[Path]:
    """A new folder in `base` while the block lasts; `now_s` is in Unix seconds."""
    base.mkdir(exist_ok=True)
    _sweep(base, now_s)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        _remove(folder)
        os.close(lock)
        if base.name == ".demo":
            with suppress(OSError):
                base.rmdir()


def _sweep(base: Path, now_s: float) -> None:
    for folder in base.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_uid == os.getuid() and now_s - folder.stat().st_mtime > JUST_MADE_S:
                _remove_if_left(folder)


def _remove_if_left(folder: Path) -> None:
    """The lock of a demo ends with its process, whatever ended that."""
    lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove(folder)
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    for _ in range(3):  # a process that was just ended may still write its last file into it
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
