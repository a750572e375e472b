"""A session carried through with any act: when the act is called, how the session ends, what the desk is told."""

from collections.abc import Callable

import pytest

from device.contract.instant import Instant
from device.core.badge.apdu import Transceive
from device.core.badge.errors import AuthenticationDelay, BadgeError, Foreign, WrongKey
from device.simulation.cards import Blank
from server.enrolment.card_session import CardSessionState, Kind
from server.enrolment.lent_reader import HeldBadge, LentReader
from server.enrolment.session_run import Act, Begin, SessionRun
from server.errors import Refusal
from tests.played_desk import PlayedDesk, Shown

MORNING = Instant.parse("2026-11-23T08:14:05.000Z")
UID, OTHER_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("04FFFFFFFFFFFF")
COMMAND = bytes.fromhex("9060000000")
FOR_S = 60.0


class Played:
    """A session at a played desk; `states` are what was shown of it, `met` the badges that the act was called with."""

    def __init__(self, kind: Kind = "enrol", gave_up: Callable[[], bool] = lambda: False) -> None:
        self.desk = PlayedDesk()
        self.states: list[CardSessionState] = []
        self.met: list[bytes] = []
        self.run: SessionRun[str] = SessionRun(
            kind,
            FOR_S,
            LentReader(self.desk, self.desk.monotonic_s),
            monotonic_s=self.desk.monotonic_s,
            show=self.states.append,
            gave_up=gave_up,
        )

    def holds(self, uid: bytes = UID) -> None:
        self.desk.plan.append(lambda: self.desk.hold(Shown(uid, Blank())))

    def through(self, act: Act[str] | None = None) -> CardSessionState:
        return self.run.carry_through(lambda: act or self.write, by="Marie", now=MORNING)

    def write(self, badge: HeldBadge, transceive: Transceive, begin: Begin) -> str:
        """A look and a writing of one exchange each."""
        self.met.append(badge.uid)
        for step in ("look", "write"):
            begin(step)
            transceive(COMMAND)
        begin("note")
        return f"written {len(self.met)}"

    @property
    def says(self) -> list[str]:
        return [state.says for state in self.states]


def test_what_the_act_gives_is_what_it_came_to() -> None:
    played = Played()
    played.holds()
    state = played.through()
    assert state == played.run.state == played.states[-1]
    assert played.says == ["waiting", "held", "look", "write", "note", "done"]
    assert (played.run.outcome, played.met) == ("written 1", [UID])
    assert state.uid == UID.hex().upper()
    (order,) = played.desk.orders
    assert (order.kind, order.by) == ("lend", "Marie")
    assert order.for_s is not None and order.for_s >= FOR_S
    assert played.desk.sent[-1].end == "done"


def test_until_it_is_prepared_no_reader_is_borrowed() -> None:
    played = Played()

    def refuse() -> Act[str]:
        raise Refusal("no_such_member")

    state = played.run.carry_through(refuse, by="Marie", now=MORNING)
    assert (state.phase, played.says, played.run.outcome) == ("refused", ["refused"], None)
    assert (played.desk.orders, played.desk.sent) == ([], [])


def test_a_unit_that_does_not_lend_is_told() -> None:
    played = Played()
    played.desk.refuses = "it has none"
    assert played.through().phase == "refused"
    assert played.says == ["refused"], "and nobody was told to hold a badge to it"


def test_taken_away_before_it_was_written_to_any_badge_may_follow() -> None:
    played = Played()
    played.desk.tears = {0: "before"}
    played.holds()
    played.holds(OTHER_UID)
    assert played.through().phase == "done"
    assert played.says == ["waiting", "held", "look", "waiting", "held", "look", "write", "note", "done"]
    assert (played.met, played.run.outcome) == ([UID, OTHER_UID], "written 2")


def test_taken_away_in_the_midst_no_other_badge_is_spoken_to() -> None:
    played = Played()
    played.desk.tears = {1: "after"}
    played.holds()
    played.holds(OTHER_UID)
    played.desk.plan.append(played.desk.take_away)
    played.holds()
    assert played.through().phase == "done"
    assert played.says[3:8] == ["write", "left", "another", "left", "held"]
    assert played.met == [UID, UID]


@pytest.mark.parametrize(
    ("fault", "code", "end"),
    [
        (Foreign("its own"), "badge_of_strangers", "refused"),
        (WrongKey("no"), "badge_not_authentic", "refused"),
        (AuthenticationDelay("later"), "badge_wants_to_wait", "again"),
        (Refusal("badge_is_blank"), "badge_is_blank", "refused"),
        (Refusal("books_silent"), "books_silent", "again"),
        (Refusal("reader_fell_silent", unit="comptoir"), "reader_fell_silent", "again"),
    ],
)
def test_what_is_not_to_be_is_refused_and_what_may_go_well_another_time_is_told(
    fault: BadgeError | Refusal, code: str, end: str
) -> None:
    played = Played()
    played.holds()

    def fails(badge: HeldBadge, transceive: Transceive, begin: Begin) -> str:
        begin("look")
        raise fault

    state = played.through(fails)
    assert (state.phase, state.end, played.desk.sent[-1].end) == ("refused", end, end)
    assert state.refusal is not None
    assert state.refusal.why.code == code
    assert state.refusal.why.__cause__ is None, "what a badge says of keys is for nobody"
    assert played.run.outcome is None


def test_a_badge_is_awaited_for_its_time_and_no_longer() -> None:
    played = Played()
    assert played.run.state.until_s == played.desk.now_s + FOR_S
    began_s = played.desk.now_s
    assert played.through().phase == "over"
    assert played.desk.now_s - began_s == pytest.approx(FOR_S)
    assert (played.says, played.desk.sent[-1].end) == (["waiting", "over"], "refused")


def test_time_that_ends_while_a_badge_is_written_to_does_not_end_that() -> None:
    played = Played()
    played.holds()

    def slow(badge: HeldBadge, transceive: Transceive, begin: Begin) -> str:
        begin("look")
        played.desk.now_s += 2 * FOR_S
        return "done all the same"

    assert played.through(slow).phase == "done"
    assert played.run.outcome == "done all the same"


@pytest.mark.parametrize("begun", [False, True])
def test_given_up_it_ends_at_once_and_says_whether_a_badge_is_half_done(begun: bool) -> None:
    has_given_up = [not begun]
    played = Played(gave_up=lambda: has_given_up[0])
    if begun:
        played.desk.tears = {1: "before"}
        played.holds()
        played.desk.plan.append(lambda: has_given_up.append(has_given_up.pop() or True))
    state = played.through()
    assert (state.phase, state.says) == ("cancelled", "cancelled_begun" if begun else "cancelled")
    assert played.desk.sent[-1].end == ("again" if begun else "refused")
    assert played.desk.now_s < 100 + FOR_S


def test_whatever_goes_wrong_the_reader_is_given_back() -> None:
    played = Played()
    played.holds()

    def stumbles(badge: HeldBadge, transceive: Transceive, begin: Begin) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        played.through(stumbles)
    assert (played.run.state.phase, played.says[-1], played.desk.sent[-1].end) == ("cancelled", "cancelled", "refused")


def test_nobody_has_to_follow_it_or_be_able_to_give_it_up() -> None:
    played = Played()
    played.holds()
    desk = played.desk
    run: SessionRun[str] = SessionRun("enrol", FOR_S, LentReader(desk, desk.monotonic_s), monotonic_s=desk.monotonic_s)
    assert run.carry_through(lambda: played.write, by="Marie", now=MORNING).phase == "done"
    assert (run.outcome, played.says) == ("written 1", [])


def test_another_badge_that_is_left_lying_there_does_not_keep_the_session_open() -> None:
    played = Played()
    played.desk.tears = {1: "after"}
    played.holds()
    played.holds(OTHER_UID)
    state = played.through()
    assert (state.phase, state.says, played.met) == ("over", "over_begun", [UID])
    assert played.says[4:] == ["left", "another", "over_begun"]
    assert played.desk.sent[-1].end == "again"
