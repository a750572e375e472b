"""A door that was alone for a month: its outbox is full, and everything in it goes to the server while people tap."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import islice
from typing import NamedTuple

from device.adapters.clock import boot_id
from device.adapters.outbox import Outbox
from device.contract.codec import encode
from device.contract.messages import AnyEvent, Direction
from device.simulation.virtual_badge import VirtualBadge
from tests.contract_client import now, passage, tap
from tests.live_place import LivePlace, SimulatedUnit, heads

EPOCH = "0ffbeef0"
AWAY = timedelta(days=30)
BATCH = 1_000
TAP_EVERY_S = 0.4
"""Longer than a reader takes to see that the last badge is gone."""
PATIENCE_S = 600.0


class Drain(NamedTuple):
    """How long it took, and from badge to strike meanwhile; `after_s` is the same with nothing left to hand over.

    `kept` is how many events the server had at each of these answers.
    """

    seconds: float
    during_s: list[float]
    after_s: list[float]
    kept: list[int]


def month_away(place: LivePlace, name: str, events: int) -> SimulatedUnit:
    """A door with so many events in its outbox and everybody in its list; broker and server run."""
    door = place.add_unit(name, has_contact=False, debounce_s=0.1)
    place.start_server()
    door.start()
    place.wait_for_list(name)
    door.stop()
    door.outbox.unlink()
    with closing(Outbox(door.outbox, EPOCH)) as outbox:
        month = _month(list(place.people), events)
        while batch := [encode(event) for event in islice(month, BATCH)]:
            outbox.record(batch, 0.0, boot_id())
    return door


def drain(place: LivePlace, door: SimulatedUnit, events: int, taps_after: int = 5) -> Drain:
    """The door comes up alone, then it finds the server and hands everything over while people tap."""
    place.broker.stop()
    door.start()
    people = list(place.people)
    tap_s(door, people[-1])  # how soon it answers after a start is another figure
    time.sleep(TAP_EVERY_S)
    place.broker.start()
    drained = Drain(0.0, [], [], [])
    began_s = 0.0
    with place.db() as db:

        def kept() -> int:
            return heads(db).get((door.folder.name, EPOCH), 0)

        while (so_far := kept()) < events:
            began_s = began_s or (time.monotonic() if so_far else 0.0)
            nth = len(drained.during_s) + 1
            drained.during_s.append(tap_s(door, people[nth % len(people)]))
            drained.kept.append(kept())
            time.sleep(TAP_EVERY_S)
            assert nth * TAP_EVERY_S < PATIENCE_S, f"after {nth} taps {so_far} of {events} events are kept"
    seconds = time.monotonic() - began_s
    for nth in range(taps_after):
        drained.after_s.append(tap_s(door, people[nth % len(people)]))
        time.sleep(TAP_EVERY_S)
    return drained._replace(seconds=seconds)


def tap_s(door: SimulatedUnit, credential: str) -> float:
    """The seconds from a badge that is held out to its answer."""
    mark, began_s = len(door.told), time.monotonic()
    assert VirtualBadge(door.udp, credential).present(0.01, PATIENCE_S), door.log_end()
    return door.wait_for("buzzer", after=mark).at_s - began_s


def _month(people: list[str], events: int) -> Iterator[AnyEvent]:
    """Taps and passages, in and out by turns, evenly over the month."""
    source, step = random.Random(events), AWAY / (events + 1)
    inside: set[str] = set()
    for nth in range(0, events, 2):
        badge, at = source.choice(people), now() - AWAY + nth * step
        side: Direction = "exit" if badge in inside else "entry"
        inside ^= {badge}
        pair = (tap(badge, side, at=at), passage(badge, side, at=at))
        yield from pair[: events - nth]
