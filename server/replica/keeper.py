"""What `poincon replica run` does: sees to it that Litestream copies, and notes how the copy stands."""

import logging
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica import litestream, term, trial
from server.replica.note import ReplicaFault, ReplicaNote, read_note, write_note
from server.replica.target import Target
from server.site.folder import SiteFolder
from server.site.whole_file import write_whole

log = logging.getLogger(__name__)

CONFIGURATION = ".litestream.json"
LOOK_S = 15.0
"""How often it is looked what the store has."""
STOP_S = 40.0
"""Litestream sends what it has before it ends, for 30 s at most."""
TRIAL_HOUR = 4
"""Local; after the backup of the night."""
SETTLED = timedelta(seconds=10)
"""Within this Litestream has seen what was written into the log."""


class ReplicaKeeper:
    """Copies one place until it is told to stop; `now` is the wall's clock."""

    def __init__(self, site: SiteFolder, target: Target, now: Callable[[], Instant], stopping: Event) -> None:
        self._site, self._target, self._now, self._stopping = site, target, now, stopping
        self._config = site.folder / CONFIGURATION
        self._process: subprocess.Popen[bytes] | None = None
        self._note = self._first_note()

    def run(self, look_s: float = LOOK_S) -> None:
        """Returns when told to stop; raises `Refusal` where another server has taken over."""
        try:
            while not self._stopping.is_set():
                self.look()
                self._stopping.wait(look_s)
        finally:
            self._end()

    def look(self) -> None:
        """Once: copies if it can be, looks what the store has, and at night whether that is a whole place."""
        try:
            self._target.must_be_there()
            self._begin()
            self._compare()
            self._try_at_night()
        except Refusal as refused:
            if refused.code == "server_followed":
                raise
            if refused.code == "replica_folder_missing":
                self._end()  # the folder would be made where the stick was
            self._found("away", str(refused))
        with suppress(OSError):  # a full disk: then it is the age of the note that tells
            write_note(self._site.folder, self._note)

    def _first_note(self) -> ReplicaNote:
        now = self._now()
        former, where = read_note(self._site.folder), self._target.shown
        if former is not None and former.where == where:
            return replace(former, began_at=now, looked_at=now)
        return ReplicaNote(where=where, term=0, began_at=now, looked_at=now)

    def _begin(self) -> None:
        if self._process is not None and self._process.poll() is None:
            term.note_followed(self._site, self._target)
            return
        if self._process is not None:
            log.warning("litestream has ended status=%s", self._process.returncode)
            self._process = None
        number = term.claim(self._site, self._target, self._now())
        self._note = replace(self._note, term=number)
        address, access = self._target.address(number), self._target.access
        write_whole(self._config, litestream.configuration(self._target.books, address, access), 0o600)
        self._process = litestream.start(self._config)
        log.info("copying to=%s term=%d", self._target.shown, number)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _compare(self) -> None:
        copied = self._target.copied(self._note.term)
        if copied is None or copied.transaction < litestream.recorded(self._config):
            self._found("behind", "")
        elif not self._is_recorded():
            self._found("behind", "litestream does not follow the books")
        else:
            now = self._now()
            self._note = replace(self._note, looked_at=now, current_at=now, fault="", detail="")

    def _is_recorded(self) -> bool:
        """Whether what stands in the log was seen by Litestream, by the times of the files: it may hang."""
        books = self._target.books
        log_file = books.with_name(books.name + "-wal")
        seen = [path.stat().st_mtime for path in _own_files(books)]
        if not log_file.exists() or not seen:
            return True
        return log_file.stat().st_mtime <= max(seen) + SETTLED.total_seconds()

    def _try_at_night(self) -> None:
        now = self._now()
        local = now.astimezone(ZoneInfo(self._site.settings.site.timezone))
        tried: date | None = None
        if self._note.verified_at is not None:
            tried = self._note.verified_at.astimezone(local.tzinfo).date()
        if self._note.fault or local.hour < TRIAL_HOUR or tried == local.date():
            return
        try:
            trial.try_copy(self._site, self._target, self._note.term, now)
            self._note = replace(self._note, verified_at=now, unverified="")
        except Refusal as refused:
            log.error("the copy is no whole place error=%s", refused)
            self._note = replace(self._note, unverified=str(refused), verified_at=now)
            self._begin_anew()

    def _begin_anew(self) -> None:
        """A whole copy again: what is wrong with the former one may be any file of it."""
        self._end()
        litestream.forget(self._config)

    def _found(self, fault: ReplicaFault, detail: str) -> None:
        if fault != self._note.fault and fault != "behind":
            log.warning("the copy is %s detail=%s", fault, detail)
        self._note = replace(self._note, looked_at=self._now(), fault=fault, detail=detail)


def _own_files(books: Path) -> list[Path]:
    folder = books.with_name(f".{books.name}-litestream") / "ltx" / "0"
    return list(folder.glob("*.ltx")) if folder.is_dir() else []
