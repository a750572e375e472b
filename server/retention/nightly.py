"""The purge by itself: every night, and at a start of the server that slept through it, a little at a time."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta

from server.accounts.work import Work
from server.core.presence.event_time import OLDEST
from server.retention.purge import Purged, purge, steps
from server.store.journal import journal

log = logging.getLogger(__name__)

NIGHT_HOUR = 3
"""Local; nobody is at the door, and the backups of the night come after."""

LOG_WAIT_S = 0.05
"""How long readers are waited for before the write-ahead log is emptied; then it is tried again."""


class NightlyPurge:
    """For the thread that writes the books. With `owns_log` false a replica follows the write-ahead log."""

    def __init__(self, *, owns_log: bool = True) -> None:
        self._owns_log = owns_log
        self._begun_on: date | None = None
        self._under_way: Iterator[None] | None = None
        self._purged = Purged()
        self._leaves_traces = False

    def step(self, work: Work) -> bool:
        """Does the next little of it, if it is time; whether that was anything. Raises what the books raise: then the
        rest waits for the next night.
        """
        if self._under_way is None and not self._begin(work):
            return self._wipe(work)
        assert self._under_way is not None
        under_way, self._under_way = self._under_way, None  # what fails is not tried again at every moment
        try:
            next(under_way)
        except StopIteration:
            self._leaves_traces = bool(self._purged.rows or self._purged.forgotten)
            log.info("purged rows=%d members=%d", sum(self._purged.rows.values()), len(self._purged.forgotten))
            return True
        self._under_way = under_way
        return True

    def _begin(self, work: Work) -> bool:
        if self._begun_on == work.today or (self._begun_on is not None and _hour(work) < NIGHT_HOUR):
            return False
        self._begun_on, self._purged = work.today, Purged()
        if not _is_believable(work):
            log.warning("nothing is purged: the clock is years ahead of the journal")
            return False
        self._under_way = steps(work, self._purged)
        return True

    def _wipe(self, work: Work) -> bool:
        if self._leaves_traces and work.db.leave_no_trace(owns_log=self._owns_log, wait_s=LOG_WAIT_S):
            self._leaves_traces = False
        return False


def purge_restored(work: Work) -> None:
    """Removes from an older state that came back what is past its time by now; not where the clock cannot be right."""
    if _is_believable(work):
        purge(work)
        work.db.leave_no_trace()


def _hour(work: Work) -> int:
    return work.now.astimezone(work.house.calendars.on(work.today).hours.timezone).hour


def _is_believable(work: Work) -> bool:
    """Whether the clock can be right: one that is years ahead would remove what is to be kept, for good."""
    newest = journal.newest_moment(work.db)
    return newest is None or work.now - newest < OLDEST + timedelta(days=1)
