"""From arrivals to the books, each event once: journal, presence, and whatever follows them, in one transaction.

An event is `(unit, epoch, seq)`. Of a run that overlaps what is kept, the rest is kept; of one that begins after it,
nothing. The caller commits, and only then tells the units how far their events are kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from msgspec import structs

from device.contract.codec import encode
from device.contract.errors import Malformed
from device.contract.instant import Instant
from device.contract.messages import Access, AnyEvent, Passage, RoomSet, Unused
from server.accounts.accounts import Accounts, EventId
from server.core.house_rules import HouseRules
from server.core.presence.badge_holder import Holding, holder
from server.core.presence.event_time import Unbelievable, happened_at
from server.core.presence.presence import Step
from server.ingest.outcome import GrantedTap, Outcome
from server.ingest.twins import TwinWatch
from server.mqtt.inbound import Arrival, ArrivedRun, ArrivedState, fault_of, read
from server.presence.incremental import MemberDate, PresenceUpdater
from server.store.database import Database
from server.store.journal import faults, journal
from server.store.journal.faults import Fault, FaultKind
from server.store.journal.journal import Head, NewEntry
from server.store.people import badge_keys, badges
from server.store.people.badge_keys import BadgeKeys
from server.store.retention import removals
from server.store.units import access_lists, units

STRANGER_SILENCE = timedelta(minutes=10)
"""The desk is told of an unknown unit at most once in this time; what it sends meanwhile is counted."""

RECEIPT_AGE = timedelta(minutes=10)
"""An older tap is answered only if it is the newest of its run: nobody stands at the ring any more."""


class Ingest:
    """Keeps arrivals. Remembers heads, units, holdings and accounts between batches, until told to `drop_cache`.

    `unknown` says what of a dial's event the place does not have.
    """

    def __init__(
        self, db: Database, house: HouseRules, unknown: Callable[[RoomSet], str | None] = lambda said: None
    ) -> None:
        self._db, self._house, self._unknown = db, house, unknown
        self.twins = TwinWatch()
        self._presence = PresenceUpdater(db, house)
        self.accounts = Accounts(db, house)
        self._strangers: dict[str, Instant] = {}
        self.drop_cache()

    def drop_cache(self) -> None:
        """Looks everything up anew: somebody else wrote the books, or a transaction failed."""
        self._heads: dict[tuple[str, str], Head] = {}
        self._holdings: dict[str, list[Holding]] = {}
        self._under_way: Mapping[str, BadgeKeys] | None = None
        self._units: frozenset[str] | None = None
        self._nameless_through: date | None = None
        self._presence.drop_cache()
        self.accounts.drop_cache()

    def keep(self, arrivals: Iterable[Arrival], now: Instant) -> Outcome:
        """Keeps all of `arrivals` within the transaction that is open; on any error the caller rolls back."""
        batch = _Batch(Outcome())
        for arrival in arrivals:
            self._take(arrival, batch)
        self._write(batch, now)
        return batch.outcome

    def keep_in_journal(self, arrival: Arrival, error: Exception, now: Instant) -> Outcome:
        """Keeps a message in the journal alone, since what follows from it cannot be reckoned through a fault of ours.

        Nothing is lost then: the next passage of that date, and `poincon verify`, reckon from the journal.
        """
        batch = _Batch(Outcome())
        self._take(arrival, batch)
        batch.faults.append(_whole(arrival, "failed", f"kept in the journal alone: {type(error).__name__}: {error}"))
        self._write(batch, now, follow=False)
        return batch.outcome

    def give_up(self, arrival: Arrival, error: Exception, now: Instant) -> Outcome:
        """Sets aside a message that cannot be kept through a fault of ours, so that it blocks nobody."""
        batch = _Batch(Outcome())
        arrived = read(arrival)
        if isinstance(arrived, ArrivedRun) and arrived.unit in self._known_units():
            failed = Malformed(f"{type(error).__name__}: {error}")
            arrived = arrived._replace(events=[failed] * len(arrived.events))
            self._take_run(arrived, batch, "failed")
        else:
            batch.faults.append(_whole(arrival, "failed", f"{type(error).__name__}: {error}"))
        self._write(batch, now)
        return batch.outcome

    def _take(self, arrival: Arrival, batch: "_Batch") -> None:
        arrived = read(arrival)
        if arrived is None:
            return
        if isinstance(arrived, Fault):
            batch.faults.append(arrived)
        elif arrived.unit not in self._known_units():
            self._take_from_stranger(arrival, batch)
        elif isinstance(arrived, ArrivedState) and not self._may_have(arrived):
            fault = f"list_version {arrived.state.list_version} was never given out"
            batch.faults.append(fault_of(arrival, fault, unit=arrived.unit))
        elif isinstance(arrived, ArrivedState):
            units.note_state(self._db, arrived.unit, arrived.state, now=arrival.at)
            self.twins.hear(arrived.unit, arrived.state, arrival.at)
            batch.outcome.states.append(arrived)
        else:
            self._take_run(arrived, batch)

    def _take_run(self, run: ArrivedRun, batch: "_Batch", kind: FaultKind = "malformed") -> None:
        head = self._head(run, batch)
        if run.first <= head.through + 1:
            new = range(head.through + 1 - run.first, len(run.events))
            head.heard_at = run.arrival.at
            taps = [tap for nth in new if (tap := self._take_event(run, nth, head, batch, kind))]
            fresh_from = run.arrival.at - RECEIPT_AGE
            batch.outcome.taps += [tap for tap in taps if tap.at >= fresh_from or tap is taps[-1]]
            head.through = max(head.through, run.first + len(run.events) - 1)
            if head.id:
                batch.moved[head.id] = head
        batch.outcome.heads[run.unit, run.epoch] = head.through

    def _take_event(self, run: ArrivedRun, nth: int, head: Head, batch: "_Batch", kind: FaultKind) -> GrantedTap | None:
        event, arrival, seq = run.events[nth], run.arrival, run.first + nth
        if isinstance(event, Malformed):
            batch.faults.append(_of_event(run, nth, kind, str(event)))
            return None
        at = happened_at(event, arrival.at)
        if isinstance(at, Unbelievable):
            batch.faults.append(_of_event(run, nth, at.kind, at.fault))
            return None
        if isinstance(event, RoomSet):
            if (unknown := self._unknown(event)) is not None:
                batch.faults.append(_of_event(run, nth, "malformed", unknown))
                return None
            batch.outcome.rooms.add(event.room)
        day = self._house.day_of(at)
        if day <= self._removed_through():
            batch.faults.append(_too_late(run, nth, event, day))
            return None
        if isinstance(event, Access) and event.key_version is not None:
            batch.outcome.keys_proved |= self._notes_proof(event.credential, event.key_version)
        member = self._member(event, at)
        body = encode(event)
        batch.entries.append(
            NewEntry(self._begun(head), seq, at, day, arrival.at, str(event.__struct_config__.tag), member, body)
        )
        if isinstance(event, Passage):
            head.passed_at = at
            batch.outcome.passed_units.add(run.unit)
            if member is not None:
                step = Step(at, run.unit, run.epoch, seq, event.side)
                batch.outcome.passed.setdefault((member, day), []).append(step)
        if member is None or not isinstance(event, Access):
            return None
        batch.tapped.setdefault((member, day), []).append((run.unit, run.epoch, seq))
        if event.decision != "granted":
            return None
        return GrantedTap(run.unit, run.epoch, seq, member, at, event)

    def _notes_proof(self, credential: str, version: int) -> bool:
        """Whether a badge proved at a door, for the first time, what it is being given; written down then."""
        if self._under_way is None:
            self._under_way = badge_keys.under_way(self._db)
        identity = credential.partition(":")[2]
        known = self._under_way.get(identity)
        if known is None or known.next_version != version or known.door_version == version:
            return False
        badge_keys.proved_at_door(self._db, identity, version)
        self._under_way = None
        return True

    def _take_from_stranger(self, arrival: Arrival, batch: "_Batch") -> None:
        told_at = self._strangers.get(arrival.topic)
        if told_at is not None and told_at <= arrival.at < told_at + STRANGER_SILENCE:
            batch.uncounted += 1
            return
        if len(self._strangers) >= 1_000:
            self._strangers.clear()
        self._strangers[arrival.topic] = arrival.at
        batch.faults.append(_whole(arrival, "stranger", "from a unit that is not in the books"))

    def _write(self, batch: "_Batch", now: Instant, *, follow: bool = True) -> None:
        outcome, db = batch.outcome, self._db
        journal.write(db, batch.entries)
        journal.move_heads(db, batch.moved.values())
        if batch.faults or batch.uncounted:
            faults.set_aside(db, batch.faults, uncounted=batch.uncounted)
        if follow and (outcome.passed or batch.tapped):
            moved = self._presence.note(outcome.passed, now)
            outcome.changes = self.accounts.follow(outcome.passed, moved, batch.tapped, now)
        outcome.kept += len(batch.entries)
        outcome.faults += len(batch.faults)

    def _may_have(self, arrived: ArrivedState) -> bool:
        """Whether the list that the unit says it has can be one of ours; else every list of ours would be the older."""
        version = arrived.state.list_version
        return version is None or access_lists.may_be_given_out(self._db, arrived.unit, version)

    def _head(self, run: ArrivedRun, batch: "_Batch") -> Head:
        """How far the epoch is kept. One without an event in the journal has no row and is remembered for this batch
        alone, so that epochs of malformed events fill neither the books nor the memory: how far they have come is
        found in what was set aside.
        """
        key = (run.unit, run.epoch)
        head = self._heads.get(key) or batch.unbegun.get(key)
        if head is None and (head := journal.head(self._db, *key)):
            self._heads[key] = head
        if head is None:
            through = faults.reached(self._db, *key)
            head = batch.unbegun[key] = Head(
                id=0, unit=run.unit, epoch=run.epoch, through=through, heard_at=run.arrival.at
            )
        return head

    def _begun(self, head: Head) -> int:
        """The number of an epoch that has an event in the journal."""
        if not head.id:
            head.id = journal.begin(self._db, head)
            self._heads[head.unit, head.epoch] = head
        return head.id

    def _known_units(self) -> frozenset[str]:
        if self._units is None:
            self._units = units.names(self._db)
        return self._units

    def _removed_through(self) -> date:
        if self._nameless_through is None:
            self._nameless_through = removals.through(self._db, "names")
        return self._nameless_through

    def _member(self, event: AnyEvent, at: Instant) -> int | None:
        if not isinstance(event, Access | Passage | Unused) or event.credential is None:
            return None
        credential = event.credential
        holdings = self._holdings.get(credential)
        if holdings is None:
            holdings = self._holdings[credential] = badges.holdings(self._db, credential)
        return holder(holdings, at, event.side) if holdings else None


@dataclass
class _Batch:
    outcome: Outcome
    entries: list[NewEntry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    moved: dict[int, Head] = field(default_factory=dict)
    unbegun: dict[tuple[str, str], Head] = field(default_factory=dict)
    tapped: dict[MemberDate, list[EventId]] = field(default_factory=dict)
    uncounted: int = 0


def _whole(arrival: Arrival, kind: FaultKind, fault: str) -> Fault:
    return Fault(received_at=arrival.at, kind=kind, topic=arrival.topic, fault=fault, payload=arrival.payload)


def _too_late(run: ArrivedRun, nth: int, event: AnyEvent, day: date) -> Fault:
    """Of a date whose names were removed: nothing can be reckoned from it any more, and it may not bring one back."""
    if isinstance(event, Access):
        raw = b""
    elif isinstance(event, Passage | Unused):
        raw = encode(structs.replace(event, credential=None))
    else:
        raw = run.raw[nth]
    fault = f"{day} is a date whose names were removed"
    return structs.replace(_of_event(run, nth, "old", fault), payload=raw)


def _of_event(run: ArrivedRun, nth: int, kind: FaultKind, fault: str) -> Fault:
    return Fault(
        received_at=run.arrival.at,
        kind=kind,
        topic=run.arrival.topic,
        fault=fault,
        payload=run.raw[nth],
        unit=run.unit,
        epoch=run.epoch,
        seq=run.first + nth,
    )
