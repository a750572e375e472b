"""A virtual badge that lives in a file: what one reader writes to it is there at the next.

The file is JSON, as `badge_state.py` has it. It is readable by its owner alone, since keys are in it.
"""

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from device.contract.errors import Refused
from device.core.badge.apdu import Random
from device.simulation.badge_state import Kind, Shown, State, blank, shown


class BadgeFile:
    """The badge in the file at `path`, held in one hand: between entering and leaving, nobody else can hold it.

    Where there is none, it is made: a blank one of `kind` (an NTAG 424 DNA unless told otherwise), whose UID none of
    the badges in files beside it has. Raises `Refused` for what is no badge or of another kind, and while it is held
    to another reader.
    """

    def __init__(self, path: Path, kind: Kind | None = None, random: Random = os.urandom) -> None:
        self._path, self._kind, self._random = path, kind, random
        self._lock = -1

    def __enter__(self) -> Shown:
        self._lock = _locked(self._path)
        try:
            state = self._held() or self._made()
            return shown(state, self._random, self._keep)
        except Refused:
            os.close(self._lock)
            raise
        except (LookupError, ValueError, TypeError, AttributeError) as fault:
            os.close(self._lock)
            raise Refused(f"{self._path}: no badge is in it: {fault!r}") from fault

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._lock)

    def _held(self) -> State | None:
        """What the file holds; None where it is new."""
        text = self._path.read_bytes()
        if not text:
            return None
        state: State = json.loads(text)
        if self._kind not in (None, state["kind"]):
            raise Refused(f"{self._path}: the badge in it is of the kind {state['kind']}, not {self._kind}")
        return state

    def _made(self) -> State:
        state = blank(self._kind or "ntag424", self._random, _uids_beside(self._path))
        self._keep(state)
        return state

    def _keep(self, state: State) -> None:
        """Writes all of it beside the file and moves it there: whole or not at all. The lock goes with it.

        The disk is not waited for: a card has 39 ms to answer.
        """
        beside = self._path.with_name(f".{self._path.name}.new")
        try:
            beside.unlink(missing_ok=True)
            lock = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            former, self._lock = self._lock, lock
            os.write(lock, json.dumps(state, indent=1).encode())
            beside.replace(self._path)
            os.close(former)
        except OSError as fault:
            raise Refused(f"{self._path}: {fault.strerror}") from fault


def _locked(path: Path) -> int:
    """The open file, made empty where there is none; raises `Refused` where somebody else holds it."""
    while True:
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as fault:
            raise Refused(f"{path}: {fault.strerror}") from fault
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise Refused(f"{path}: this badge is held to another reader") from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(lock), path.stat()):
                return lock
        os.close(lock)  # whoever held it wrote it anew, and put it down meanwhile


def _uids_beside(path: Path) -> set[bytes]:
    """The UIDs of the badges in the files of the same folder that end alike."""
    uids = set()
    for file in path.parent.glob(f"*{path.suffix}"):
        with suppress(OSError, ValueError, LookupError, TypeError):
            uids.add(bytes.fromhex(json.loads(file.read_bytes())["uid"]))
    return uids
