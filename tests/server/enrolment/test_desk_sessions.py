"""The sessions of the running server: one at a unit, each by itself, followed from outside."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from device.contract.state import State
from server.enrolment import desk_sessions
from server.enrolment.badge_work import BadgeWork
from server.enrolment.desk_sessions import DeskSessions, SessionProgress
from server.errors import Refusal
from server.store.units import units
from tests.enrolling_place import OTHER_UID, EnrolmentPlace, blank, shown
from tests.patience import PATIENCE_S, wait_until
from tests.played_desk import PlayedDesk

DESK, OTHER = "comptoir", "atelier"


class House:
    """A place with two desks whose sessions run; each desk waits at its gate until it is let on."""

    def __init__(self, place: EnrolmentPlace) -> None:
        self.place = place
        self.desks: dict[str, PlayedDesk] = {}
        self.gates: dict[str, Event] = {}
        self.announced = 0
        self.breaks: Callable[[], None] = lambda: None
        for unit in (DESK, OTHER):
            units.add(place.db, unit, "desk", now=place.now)
            self.says(unit, lends=True)
            self.desks[unit], self.gates[unit] = PlayedDesk(), Event()
            self.desks[unit].plan.append(lambda gate=self.gates[unit]: gate.wait(PATIENCE_S))  # type: ignore[misc]
        self.sessions = DeskSessions(
            self._line,
            self._work_of,
            announce=self._announce,
            now=lambda: place.now,
            monotonic_s=lambda: 100.0,
        )

    def says(self, unit: str, *, online: bool = True, lends: bool | None = None) -> None:
        known = State(
            online=True,
            kind="desk",
            version="0.1.0",
            since=self.place.now,
            outbox=0,
            list_version=1,
            clock="synced",
            address="192.0.2.17",
            alarms=[],
            disk_free_mb=9_000,
            lends=lends,
        )
        units.note_state(self.place.db, unit, known if online else State(online=False), now=self.place.now)

    def ended(self, session: str) -> SessionProgress:
        """How it ended, once it has."""
        wait_until(lambda: self.sessions.look(session).state.is_over)
        return self.sessions.look(session)

    @contextmanager
    def _line(self, unit: str, session: str) -> Iterator[PlayedDesk]:
        desk = self.desks[unit]
        desk.session = session
        yield desk

    def _work_of(self, unit: str, by: str) -> BadgeWork:
        self.breaks()
        return self.place.work()

    def _announce(self) -> None:
        self.announced += 1


@pytest.fixture
def house(place: EnrolmentPlace) -> Iterator[House]:
    made = House(place)
    yield made
    for gate in made.gates.values():
        gate.set()
    made.sessions.stop()


def test_a_session_is_begun_followed_and_done(house: House) -> None:
    card, desk = blank("ntag424"), house.desks[DESK]
    session = house.sessions.begin("enrol", DESK, member=house.place.ada, by="Marie")
    wait_until(lambda: desk.is_lent)
    assert (house.sessions.look(session).state.says, desk.orders[0].by) == ("waiting", "Marie")
    desk.plan.append(lambda: desk.hold(shown(card)))
    house.gates[DESK].set()
    ended = house.ended(session)
    assert (ended.state.phase, ended.unit, ended.by, ended.order.member) == ("done", DESK, "Marie", house.place.ada)
    assert ended.outcome is not None
    assert ended.outcome.name == "Ada"
    assert house.announced == 1 + len(("waiting", "held", "look", "write", "note", "done"))
    assert house.sessions.open_at(DESK) is None
    assert house.place.holds(card)


def test_a_second_at_the_same_desk_is_told_who_has_it_and_one_at_another_desk_has_its_own(house: House) -> None:
    first = house.sessions.begin("read", DESK, by="Marie")
    with pytest.raises(Refusal, match=r"reader_lent_already.*Marie"):
        house.sessions.begin("read", DESK, by="Paul")
    second = house.sessions.begin("enrol", OTHER, member=house.place.bo, by="Paul")
    at_desk = house.sessions.open_at(DESK)
    assert at_desk is not None
    assert at_desk.session == first
    cards = {DESK: shown(blank("ntag424")), OTHER: shown(blank("ntag424", OTHER_UID), OTHER_UID)}
    for unit, desk in house.desks.items():
        desk.plan.append(lambda desk=desk, unit=unit: desk.hold(cards[unit]))  # type: ignore[misc]
        house.gates[unit].set()
    assert [house.ended(each).state.phase for each in (first, second)] == ["done", "done"]


def test_it_is_given_up_when_somebody_says_so_and_the_reader_is_given_back(house: House) -> None:
    session, desk = house.sessions.begin("read", DESK, by="Marie"), house.desks[DESK]
    wait_until(lambda: desk.is_lent)
    house.sessions.cancel(session)
    house.gates[DESK].set()
    assert house.ended(session).state.says == "cancelled"
    wait_until(lambda: desk.sent and desk.sent[-1].end == "refused")
    house.sessions.cancel(session)


def test_all_are_given_up_when_the_server_ends_and_none_begins_then(house: House) -> None:
    session = house.sessions.begin("read", DESK, by="Marie")
    wait_until(lambda: house.desks[DESK].is_lent)
    house.gates[DESK].set()
    house.sessions.stop()
    assert house.sessions.look(session).state.phase == "cancelled"
    with pytest.raises(Refusal, match="server_is_ending"):
        house.sessions.begin("read", DESK, by="Marie")


@pytest.mark.parametrize(
    ("unit", "state", "code"),
    [
        ("nowhere", None, "no_such_unit"),
        (DESK, {"online": False}, "unit_not_connected"),
        (DESK, {"lends": None}, "unit_has_no_reader"),
    ],
)
def test_a_unit_that_cannot_lend_is_told_and_not_asked(
    house: House, unit: str, state: dict[str, bool] | None, code: str
) -> None:
    house.desks["nowhere"] = PlayedDesk()
    if state is not None:
        house.says(unit, **state)
    ended = house.ended(house.sessions.begin("read", unit, by="Marie"))
    assert ended.state.refusal is not None
    assert ended.state.refusal.why.code == code
    assert house.desks[unit].orders == []


def test_a_unit_that_never_said_how_it_is_is_asked(house: House) -> None:
    units.add(house.place.db, "new", "desk", now=house.place.now)
    house.desks["new"] = PlayedDesk()
    house.desks["new"].refuses = "no reader"
    ended = house.ended(house.sessions.begin("read", "new", by="Marie"))
    assert ended.state.refusal is not None
    assert ended.state.refusal.why.code == "unit_cannot_lend"


def test_a_fault_of_ours_ends_the_session_and_is_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a mistake of ours")

    house.breaks = broken
    with caplog.at_level(logging.ERROR):
        ended = house.ended(house.sessions.begin("read", DESK, by="Marie"))
    assert ended.state.phase == "cancelled"
    wait_until(lambda: "a card session failed" in caplog.text)
    assert house.sessions.open_at(DESK) is None


def test_what_is_long_over_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_sessions, "MOST_KEPT", 3)
    house.desks["nowhere"] = PlayedDesk()
    begun = []
    for _ in range(6):
        begun.append(house.sessions.begin("read", "nowhere", by="Marie"))
        house.ended(begun[-1])
    with pytest.raises(Refusal, match="no_such_session"):
        house.sessions.look(begun[0])
    assert [house.sessions.look(each).session for each in begun[-3:]] == begun[-3:]
