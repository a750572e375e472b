"""The bench, with processes that only note what is asked of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from device.contract.channels import ACK, OCCUPANCY, ROOM, STATE, Address
from device.contract.instant import Instant
from device.contract.messages import Ack, Occupancy, RoomStatus
from device.contract.state import State
from server.demo.controller import CLOSER_S, DemoController
from server.demo.event_stream import EventStream
from server.demo.fixtures import BADGES, UNITS
from server.demo.inbox import (
    Gone,
    Heard,
    Linked,
    Present,
    PressDial,
    PressRex,
    Push,
    Said,
    Shut,
    Switch,
    SwitchProgram,
    TapOver,
    Turn,
)
from server.demo.processes import HOLD_AT_DESK_S, HOLD_S
from server.demo.view_state import ViewState

FRONT, BACK, DESK = "porte-avant", "porte-arriere", "comptoir"
NOW = Instant.parse("2026-11-23T09:00:00.000Z")


class FakeCrew:
    """Begins, tells and kills on paper; every process is at its run number 1."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *given: self.done.append((name, *given))

    def is_current(self, name: str, run: int) -> bool:
        return run == 1

    def last_words(self, name: str) -> str:
        return "out of paper"


class Bench:
    """A controller whose every unit has begun and said something."""

    def __init__(self) -> None:
        self.processes, self.events, self.now_s = FakeCrew(), EventStream(), 100.0
        views = ViewState(self.events, lambda: "09:00:00")
        self.work = DemoController(self.processes, views, lambda: self.now_s)  # type: ignore[arg-type]
        self.work.begin()
        self.says(FRONT, "ring #000000")
        self.processes.done.clear()

    def says(self, unit: str, *lines: str) -> None:
        for line in lines:
            self.work.take(Said(unit, 1, line))

    def asked(self) -> list[tuple[Any, ...]]:
        done, self.processes.done = self.processes.done, []
        return done

    def shown(self, name: str = FRONT) -> dict[str, Any]:
        return self._told("unit", name) if name != "house" else self._told("house", "house")

    def story(self) -> list[str]:
        return [told["text"]["en"] for event, told in self._frames() if event == "story"]

    def _told(self, event: str, name: str) -> dict[str, Any]:
        return next(told for which, told in self._frames() if which == event and told.get("name", "house") == name)

    def _frames(self) -> list[tuple[str, dict[str, Any]]]:
        subscriber = self.events.join()
        assert subscriber
        self.events.leave(subscriber)
        lines = [frame.decode().strip().splitlines()[-2:] for frame in subscriber.wait(0)]
        return [(event.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for event, data in lines]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_locked_door_does_not_move(bench: Bench):
    bench.work.take(Push(FRONT, "through"))
    assert (bench.asked(), bench.shown()["leaf_open"]) == ([], False)
    assert bench.story()[-1] == "somebody pushes: the strike is locked, the door does not move"


def test_a_free_door_opens_and_falls_shut_by_itself(bench: Bench):
    bench.says(FRONT, "strike released")
    bench.work.take(Push(FRONT, "through"))
    assert bench.asked() == [("order", FRONT, "leaf open")]
    bench.now_s += CLOSER_S - 0.1
    bench.work.tick()
    assert bench.shown()["leaf_open"]
    bench.now_s += 0.1
    bench.work.tick()
    assert bench.asked() == [("order", FRONT, "leaf closed")]
    assert bench.work.deadline_s is None


def test_a_door_that_is_held_open_stays_open_until_somebody_shuts_it(bench: Bench):
    bench.says(FRONT, "strike released")
    bench.work.take(Push(FRONT, "keep"))
    bench.now_s += 600
    bench.work.tick()
    assert bench.shown()["leaf_open"]
    bench.work.take(Shut(FRONT))
    assert not bench.shown()["leaf_open"]


def test_force_opens_a_locked_door(bench: Bench):
    bench.work.take(Push(FRONT, "force"))
    assert bench.asked() == [("order", FRONT, "leaf open")]


def test_a_badge_is_held_and_a_copy_goes_by_the_number_of_another(bench: Bench):
    bench.work.take(Present("claire", FRONT, "entry"))
    bench.work.take(Present("copy", BACK, "exit"))
    assert bench.asked() == [("hold", "claire", FRONT, "entry", HOLD_S), ("hold", "copy", BACK, "exit", HOLD_S)]
    bench.says(BACK, f"decision denied not_authentic {number_of('claire')}")
    assert bench.story()[-1] == "Copied badge: refused, the badge did not prove its key: perhaps a copy"


def test_a_badge_is_at_one_reader_at_a_time(bench: Bench):
    bench.work.take(Present("claire", FRONT, "entry"))
    bench.work.take(Present("claire", BACK, "entry"))
    assert bench.asked() == [("hold", "claire", FRONT, "entry", HOLD_S)]
    assert bench.story()[-1] == "Claire Fontaine is still at another reader"


def test_a_telephone_is_told_by_its_name_whatever_number_it_shows(bench: Bench):
    bench.work.take(Present("phone", FRONT, "entry"))
    bench.says(FRONT, "decision denied unknown_credential uid:08C0FFEE")
    assert bench.story()[-1].startswith("Telephone: refused, a telephone shows another number")


def test_a_new_badge_is_told_by_its_name_before_and_after_it_was_enrolled(bench: Bench):
    for scheme, told in (("uid", "denied unknown_credential"), ("ntag424", "granted granted")):
        bench.work.take(Present("new", FRONT, "entry"))
        bench.says(FRONT, f"decision {told} {scheme}:{number_of('new').partition(':')[2]}")
        bench.work.take(TapOver(FRONT, "entry", True))
    assert [line.partition(":")[0] for line in bench.story() if "held to" not in line] == ["New badge", "New badge"]


def test_at_the_desk_a_badge_is_held_until_its_keys_are_written_and_the_dashboard_says_what_came_of_it(bench: Bench):
    bench.work.take(Present("new", DESK, "entry"))
    assert bench.asked() == [("hold", "new", DESK, "entry", HOLD_AT_DESK_S)]
    bench.says(DESK, "buzzer badge_done")
    bench.work.take(TapOver(DESK, "entry", True))
    assert bench.story()[-1] == "New badge was in the server's hands: the dashboard says what came of it"


def test_two_badges_at_once_are_one_too_many(bench: Bench):
    bench.work.take(Present("claire", FRONT, "entry"))
    bench.work.take(Present("leo", FRONT, "entry"))
    assert len(bench.asked()) == 1
    bench.work.take(TapOver(FRONT, "entry", True))
    bench.work.take(Present("leo", FRONT, "entry"))
    assert [done[0] for done in bench.asked()] == ["take_away", "hold"]


def test_a_badge_that_was_not_read_and_one_that_was_no_second_tap_are_told(bench: Bench):
    bench.work.take(Present("claire", FRONT, "entry"))
    bench.work.take(TapOver(FRONT, "entry", False))
    assert bench.story()[-1] == "the reader did not take up Claire Fontaine"
    bench.work.take(Present("claire", FRONT, "entry"))
    bench.work.take(TapOver(FRONT, "entry", True))
    assert bench.story()[-1] == "Claire Fontaine again, so soon: not a second tap"


def test_a_reader_without_power_or_cable_reads_nothing(bench: Bench):
    bench.work.take(Switch(FRONT, "reader", False))
    bench.asked()
    bench.work.take(Present("claire", FRONT, "entry"))
    assert bench.asked() == []


def test_power_is_cut_by_killing_and_the_world_is_found_again_as_it_was(bench: Bench):
    bench.work.take(Push(FRONT, "force"))
    bench.work.take(Switch(FRONT, "network", False))
    bench.work.take(Switch(FRONT, "power", False))
    bench.work.take(PressRex(FRONT))
    assert bench.asked()[-1] == ("kill", FRONT)
    bench.work.take(Switch(FRONT, "power", True))
    assert bench.asked() == [("begin_unit", FRONT)]
    bench.says(FRONT, "ring #000000")
    assert bench.asked() == [("order", FRONT, "leaf open"), ("order", FRONT, "network cut")]
    bench.says(FRONT, "ring #FFFFFF")
    assert bench.asked() == []


def test_what_is_switched_without_power_waits_for_it(bench: Bench):
    bench.work.take(Switch(FRONT, "power", False))
    bench.asked()
    bench.work.take(Switch(FRONT, "fire", True))
    assert (bench.asked(), bench.shown()["fire"]) == ([], True)


def test_the_same_switch_twice_is_once(bench: Bench):
    bench.work.take(Switch(FRONT, "network", False))
    bench.work.take(Switch(FRONT, "network", False))
    bench.work.take(SwitchProgram("server", True))
    assert bench.asked() == [("order", FRONT, "network cut")]


def test_the_server_is_killed_and_started_again(bench: Bench):
    bench.work.take(SwitchProgram("server", False))
    assert not bench.shown("house")["server"]
    bench.work.take(SwitchProgram("server", True))
    assert bench.asked() == [("kill", "server"), ("begin_server",)]


def test_a_process_that_ends_by_itself_is_told_with_its_last_words(bench: Bench):
    bench.work.take(Gone(FRONT, 1, 3))
    assert bench.story()[-1] == "stopped by itself: out of paper"
    assert not bench.shown()["power"]
    assert [failure.name for failure in bench.work.failures] == [FRONT]


def test_the_end_of_a_run_that_was_killed_is_no_news(bench: Bench):
    bench.work.take(Gone(FRONT, 0, -9))
    bench.work.take(Said(FRONT, 0, "alarm forced on"))
    assert (bench.work.failures, bench.story()) == ([], [])


def test_the_place_is_awaited_until_the_server_counts_and_every_unit_is_heard(bench: Bench):
    assert bench.work.awaited == ["server", *(unit.name for unit in UNITS)]
    bench.work.take(Heard(Address(OCCUPANCY, "demo", ""), occupancy(9)))
    for unit in UNITS:
        bench.work.take(Heard(Address(STATE, "demo", unit.name), online()))
    assert bench.work.awaited == []
    assert bench.story() == []


def test_what_the_server_counts_and_keeps_is_shown(bench: Bench):
    bench.work.take(Heard(Address(OCCUPANCY, "demo", ""), occupancy(9)))
    bench.work.take(Heard(Address(OCCUPANCY, "demo", ""), occupancy(10)))
    bench.work.take(Heard(Address(ACK, "demo", FRONT), Ack(epoch="9f2c41aa", through=7)))
    assert (bench.shown("house")["present"], bench.shown()["kept"]) == (10, 7)
    assert bench.story() == ["counts 10 in (+1)"]


def test_a_dial_is_turned_and_pressed(bench: Bench):
    for order in (Turn("salle-atelier", -1), PressDial("salle-atelier", False), PressDial("salle-atelier", True)):
        bench.work.take(order)
    assert bench.asked() == [("order", "salle-atelier", line) for line in ("turn -1", "press", "hold")]


def test_what_the_server_says_of_a_room_is_shown_and_told_when_it_changes(bench: Bench):
    bench.work.take(Heard(Address(ROOM, "demo", "atelier"), room(people=0)))
    bench.work.take(Heard(Address(ROOM, "demo", "atelier"), room(people=4)))
    bench.work.take(Heard(Address(ROOM, "demo", "attic"), room(people=4)))
    assert bench.shown("salle-atelier")["room"] == {"people": 4, "seats": 6, "label": "Atelier", "colour": "#FFA000"}
    assert bench.story() == ["Atelier, 4 of 6"]


def test_without_its_own_line_the_bench_says_of_no_unit_that_it_is_heard(bench: Bench):
    bench.work.take(Heard(Address(STATE, "demo", FRONT), online()))
    bench.work.take(Linked(False))
    assert not bench.shown()["online"]


def number_of(badge: str) -> str:
    return next(each.credential for each in BADGES if each.id == badge)


def occupancy(present: int) -> Occupancy:
    return Occupancy(present=present, guests=1, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=NOW)


def room(people: int) -> RoomStatus:
    return RoomStatus(
        name="Atelier",
        seats=6,
        people=people,
        use="workshop",
        label="Atelier",
        colour="#FFA000",
        since=NOW,
        set_by="dial",
    )


def online() -> State:
    return State(
        online=True,
        kind="door",
        version="0",
        since=NOW,
        outbox=0,
        list_version=1,
        clock="synced",
        address="",
        alarms=[],
        disk_free_mb=1,
    )
