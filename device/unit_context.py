"""What every kind of unit works with: the journal, what is known, the panel, the alarms, and who watches."""

import logging
from collections.abc import Sequence
from typing import TypedDict

from device.contract.instant import Instant
from device.contract.messages import Alarm, AlarmName, AnyEvent, Clock, Message, Occupancy
from device.core.clock import ClockWatch
from device.journal.journal import EventId, Journal
from device.knowledge import Knowledge
from device.ports import Moment, Monitor, Panel, WallClock

log = logging.getLogger(__name__)


class Stamp(TypedDict):
    """The fields that every event has."""

    at: Instant
    clock: Clock
    age_ms: int | None


class UnitContext:
    """Used by the controller's thread alone."""

    def __init__(
        self,
        clock: WallClock,
        watch: ClockWatch,
        journal: Journal,
        knowledge: Knowledge,
        panel: Panel,
        monitor: Monitor,
    ) -> None:
        self._clock, self._watch = clock, watch
        self.journal, self.knowledge, self.panel, self.monitor = journal, knowledge, panel, monitor
        self.alarms: set[AlarmName] = set()
        self.heard_s = clock.monotonic_s()
        """When the server last spoke; at first, since when it could have."""

    def now_s(self) -> float:
        """The monotonic time."""
        return self._clock.monotonic_s()

    def moment(self) -> Moment:
        """Now, and what the clock is worth."""
        reading = self._clock.read()
        self._watch, word = self._watch.look(reading, self.knowledge.access_list.issued_at)
        reckoned = self._watch.reckoned(reading.monotonic_s) if word == "unset" else reading.wall
        return Moment(reading.wall, word, reading.monotonic_s, reckoned)

    def learn(self, message: Message, retained: bool, moment: Moment) -> None:
        """Takes what the server says; an occupancy message carries the server's present time, for the clock watch."""
        if isinstance(message, Occupancy) and not retained:
            self._watch = self._watch.hear(message.as_of, moment.now_s)
        self.knowledge.heard(message)

    def record(self, events: Sequence[AnyEvent], command: str | None = None) -> EventId:
        """Writes events to the journal; the identity of the last."""
        return self.journal.record(events, command)

    def set_alarm(self, name: AlarmName, active: bool, moment: Moment) -> list[AnyEvent]:
        """Turns an alarm on or off; the events to record, none where it already was so."""
        if (name in self.alarms) == active:
            return []
        (self.alarms.add if active else self.alarms.discard)(name)
        log.warning("alarm name=%s active=%s", name, active)
        self.monitor.alarm(name, active)
        return [Alarm(**stamp(moment), alarm=name, active=active)]


def stamp(moment: Moment) -> Stamp:
    """When an event happened; the age of one under an unset clock is told when it is sent."""
    return {"at": moment.at, "clock": moment.clock, "age_ms": 0 if moment.clock == "unset" else None}
