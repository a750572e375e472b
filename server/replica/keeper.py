"""What `poincon replica run` does: sees to it that Litestream copies, and notes how the copy stands."""

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica import litestream, term
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
AGAIN_AFTER = timedelta(hours=1)
"""When one that was no whole place, and was begun anew, is tried again."""
FORMER_KEPT = timedelta(days=7)
FIRST_COPY = timedelta(minutes=10)
"""How long a copy that has just begun may take before it is begun anew: a large one over a slow line is not lost."""


class ReplicaKeeper:
    """Copies one place until it is told to stop; `now` is the wall's clock."""

    def __init__(self, site: SiteFolder, target: Target, now: Callable[[], Instant], stopping: Event) -> None:
        self._site, self._target, self._now, self._stopping = site, target, now, stopping
        self._config = site.folder / CONFIGURATION
        self._run_folder = tempfile.TemporaryDirectory(prefix="poincon-")
        self._socket = Path(self._run_folder.name) / "socket"  # its path may have 107 signs
        self._process: subprocess.Popen[bytes] | None = None
        self._trial: subprocess.Popen[bytes] | None = None
        self._note = self._first_note()
        self._complete_by = self._now()

    def run(self, look_s: float = LOOK_S) -> None:
        """Returns when told to stop; raises `Refusal` where another server has taken over."""
        try:
            while not self._stopping.is_set():
                self.look()
                self._stopping.wait(look_s)
        finally:
            self._end()
            if self._trial is not None:
                self._trial.kill()
                self._trial.communicate()
            self._run_folder.cleanup()

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
        write_whole(self._config, litestream.configuration(self._target.books, address, access, self._socket), 0o600)
        self._process = litestream.start(self._config)
        self._complete_by = self._now() + FIRST_COPY
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
        self._socket.unlink(missing_ok=True)

    def _compare(self) -> None:
        if not self._socket.exists():
            self._found("behind", "")  # it has just begun
            return
        now = self._now()
        sent = litestream.send_all(self._target.books, self._socket)
        copied = self._target.copied(self._note.term)
        if copied is None or copied.transaction < sent:
            if now < self._complete_by:
                self._found("behind", "")  # the whole of it is on its way
                return
            self._found("behind", "the store has lost what it had")  # another stick in its place, for one
            self._begin_anew()
        else:
            self._complete_by = now
            self._note = replace(self._note, looked_at=self._now(), current_at=now, fault="", detail="")

    def _try_at_night(self) -> None:
        """Has the copy fetched and checked, by a process of its own: recomputing years of books takes a while."""
        if self._trial is not None:
            if self._trial.poll() is not None:
                self._take_verdict(self._trial)
                self._trial = None
        elif not self._note.fault and self._is_trial_due():
            words = ["--lang", "en", "-C", str(self._site.folder), "replica", "check"]
            self._trial = litestream.beside_us([sys.executable, "-m", "server", *words], stderr=subprocess.PIPE)

    def _is_trial_due(self) -> bool:
        now, tried_at = self._now(), self._note.verified_at
        zone = ZoneInfo(self._site.settings.site.timezone)
        if tried_at is not None and self._note.unverified:
            return now - tried_at > AGAIN_AFTER
        is_tried = tried_at is not None and tried_at.astimezone(zone).date() == now.astimezone(zone).date()
        return not is_tried and now.astimezone(zone).hour >= TRIAL_HOUR

    def _take_verdict(self, tried: "subprocess.Popen[bytes]") -> None:
        _, told = tried.communicate()
        now, is_whole = self._now(), tried.returncode == 0
        lines = told.decode("utf-8", "replace").strip().splitlines() or [f"status {tried.returncode}"]
        self._note = replace(self._note, verified_at=now, unverified="" if is_whole else lines[-1])
        if not is_whole:
            log.error("the copy is no whole place error=%s", lines[-1])
            self._begin_anew()
        elif gone := self._target.drop_former(self._note.term, now - FORMER_KEPT):
            log.info("former copies removed terms=%s", gone)

    def _begin_anew(self) -> None:
        """A whole copy again: what is wrong with the former one may be any file of it."""
        self._end()
        litestream.forget(self._config)

    def _found(self, fault: ReplicaFault, detail: str) -> None:
        if fault != self._note.fault and fault != "behind":
            log.warning("the copy is %s detail=%s", fault, detail)
        self._note = replace(self._note, looked_at=self._now(), fault=fault, detail=detail)
