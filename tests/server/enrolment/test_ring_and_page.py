"""At each step with a badge, ring, buzzer and page say the same: every state there is, and a desk that goes along."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from device.contract.channels import CARD, COMMAND
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Command
from device.core.badge.apdu import Transceive
from device.core.badge.loan import BadgeAnswered, BadgeHeld, BadgeLeft, PassOn
from device.core.lights.buzzer import PATTERNS, SHORT_MS
from device.core.lights.door_ring import Picture
from device.inbox import Arrived
from device.units.desk_reader import ENDS
from server.enrolment.badge_work import BadgeOutcome
from server.enrolment.card_order import CardOrder
from server.enrolment.card_session import (
    STEPS,
    CardHeld,
    CardSessionState,
    CardTaken,
    Kind,
    NothingNew,
    SessionCancelled,
    SessionDone,
    SessionEvent,
    SessionRefused,
    StepBegan,
    after,
)
from server.enrolment.desk_sessions import SessionProgress
from server.enrolment.lent_reader import HeldBadge, LentReader
from server.enrolment.session_run import Begin, SessionRun
from server.errors import Refusal
from server.store.journal.answers import CommandAnswer
from server.web import card_words
from tests.device.desk_world import ATS, DeskWorld
from tests.ring_and_page import ANOTHER, AWAITED, BADGE, DONE, MEMBER, SAID, UNIT, Said, code_of, said_of

UNTIL_S = 60.0
REFUSED = SessionRefused(Refusal("badge_of_strangers"))
FOR_NOW = SessionRefused(Refusal("badge_wants_to_wait"), is_passing=True)
CAME_TO: dict[Kind, str] = {"enrol": "enrolled", "rekey": "rekeyed", "wipe": "wiped", "read": "read"}
EVENTS: list[tuple[SessionEvent, float]] = [
    *((event, 0.0) for event in (CardHeld(BADGE), CardTaken(), SessionDone(), REFUSED, FOR_NOW, SessionCancelled())),
    *((StepBegan(step), 0.0) for step in ("look", "write", "wipe", "note")),
    (NothingNew(), UNTIL_S),
]


def reachable(kind: Kind) -> list[CardSessionState]:
    """Every state that a session with this badge, and another one in between, can come to."""
    found = [CardSessionState(kind=kind, until_s=UNTIL_S)]
    for state in found:  # it grows as it is walked
        events = [*EVENTS, (CardHeld(ANOTHER), 0.0)] if state.is_begun else EVENTS
        found += [then for event, now_s in events if (then := after(state, event, now_s)) not in found]
    return found


STATES = [state for kind in STEPS for state in reachable(kind)]
NAMES = [f"{state.kind} {code_of(state)} {state.step or ''}" for state in STATES]


def page_says(state: CardSessionState, language: str) -> str:
    outcome = None
    if state.phase == "done":
        what = CAME_TO[state.kind]
        outcome = BadgeOutcome(what=what, credential=f"ntag424:{BADGE}", product="NTAG 424 DNA", member=1, name=MEMBER)
    progress = SessionProgress(
        session="c4f1c4f1c4f1c4f1", unit=UNIT, order=CardOrder(state.kind), by="Marie", state=state, outcome=outcome
    )
    with Flask(__name__).test_request_context(f"/?lang={language}"):
        notice = card_words.said(progress, MEMBER)
    return f"{notice.what} {notice.do}".strip().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("state", STATES, ids=NAMES)
def test_in_every_state_the_page_says_what_the_table_says(state: CardSessionState) -> None:
    said = said_of(state)
    assert (page_says(state, "fr"), page_says(state, "en")) == (said.french, said.english)


@pytest.mark.parametrize("state", [state for state in STATES if state.is_over], ids=lambda state: state.says)
def test_in_every_state_that_is_over_the_desk_is_told_what_the_table_shows(state: CardSessionState) -> None:
    assert state.end is not None
    assert (None if state.ends_in_silence else ENDS[state.end]) == said_of(state).picture


def test_the_table_has_no_row_that_no_session_comes_to() -> None:
    assert {code_of(state) for state in STATES} == {*SAID, "waiting", "done"}


@pytest.mark.parametrize("said", [*SAID.values(), *AWAITED.values(), *DONE.values()], ids=lambda said: said.english)
def test_each_picture_has_the_rhythm_of_the_table(said: Said) -> None:
    pattern = PATTERNS.get(said.picture, ()) if said.picture else ()
    assert "".join("." if on_ms <= SHORT_MS else "-" for on_ms, _ in pattern) == said.rhythm


class DeskLine:
    """Keeps the contract of `CardLine` with a whole desk behind it; whenever the server waits with nothing under way,
    what the ring shows and what was sounded since then is compared with the state that the server shows.
    """

    unit, session = UNIT, "c4f10a2b3c4d5e6f"

    def __init__(self, world: DeskWorld, plan: list[Callable[["DeskLine"], None]]) -> None:
        self.world, self.plan = world, deque(plan)
        self.state = CardSessionState(kind="enrol", until_s=UNTIL_S)
        self.seen: set[str] = set()
        self.has_given_up = False
        self.leaves_at = ""
        """At which step the badge is taken away while it is spoken to."""
        self._hold = self._heard = self._sounded = 0
        self._at_check = ""

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer:
        self.world.take(Arrived(COMMAND, "desk", order, retained=False))
        self._sounded = len(self.sounds)
        return CommandAnswer(True, "")

    def send(self, frames: CardFrames) -> None:
        passed = len(self.world.reader.told)
        self.world.take(Arrived(CARD, "desk", frames, retained=False))
        for order in self.world.reader.told[passed:]:
            if isinstance(order, PassOn):
                is_gone = self.state.says == self.leaves_at
                got = () if is_gone else (bytes.fromhex("9000"),)
                self.world.reader_says(BadgeAnswered(order.hold, order.n, got, gone=is_gone))

    def hear(self, timeout_s: float) -> CardAnswer | None:
        if self._heard < len(self.world.answers):
            self._heard += 1
            answer = self.world.answers[self._heard - 1]
            assert isinstance(answer, CardAnswer)
            return answer
        self.compare()
        if timeout_s > 0 and self.plan:
            self.plan.popleft()(self)
        elif timeout_s > 0:
            self.world.wait(timeout_s)
        return None

    def hold(self, uid: str) -> None:
        self._hold += 1
        self.world.reader_says(BadgeHeld(self.session, self._hold, uid, 0x20, ATS))

    def take_away(self) -> None:
        self.world.reader_says(BadgeLeft(self._hold))

    @property
    def sounds(self) -> list[str]:
        return [told for told in self.world.witness.told if told.startswith("buzzer ")]

    def compare(self) -> None:
        """What the ring shows, and what was sounded since it was compared last, beside the table."""
        code, said = code_of(self.state), said_of(self.state)
        assert self.world.shows == (said.picture or Picture.IDLE), code
        begins = code != self._at_check and said.rhythm
        assert self.sounds[self._sounded :] == ([f"buzzer {said.picture}"] if begins else []), code
        self._sounded, self._at_check = len(self.sounds), code
        self.seen.add(code)


def carried_through(
    folder: Path,
    plan: list[Callable[[DeskLine], None]],
    *,
    kind: Kind = "enrol",
    leaves_at: str = "",
    refusal: Refusal | None = None,
    refused_at: str = "",
) -> DeskLine:
    """A session from its beginning to its end, of which nothing but the badge itself is played."""
    world = DeskWorld(folder)
    line = DeskLine(world, plan)
    line.leaves_at = leaves_at

    def act(badge: HeldBadge, transceive: Transceive, begin: Begin) -> None:
        transceive(b"\x90")
        for step in STEPS[kind]:
            begin(step)
            transceive(b"\x90")
            if step == refused_at and refusal is not None:
                raise refusal

    def show(state: CardSessionState) -> None:
        line.state = state

    run: SessionRun[Any] = SessionRun(
        kind,
        UNTIL_S,
        LentReader(line, world.clock.monotonic_s),
        monotonic_s=world.clock.monotonic_s,
        show=show,
        gave_up=lambda: line.has_given_up,
    )
    line.state = run.state
    run.carry_through(lambda: act, by="Marie", now=world.clock.wall)
    line.compare()
    return line


def holds(line: DeskLine) -> None:
    line.hold(BADGE)


def holds_the_same_again(line: DeskLine) -> None:
    line.leaves_at = ""
    line.hold(BADGE)


def holds_another(line: DeskLine) -> None:
    line.hold(ANOTHER)


def takes_away(line: DeskLine) -> None:
    line.take_away()


def gives_up(line: DeskLine) -> None:
    line.has_given_up = True


STRANGERS, WAIT = Refusal("badge_of_strangers"), Refusal("badge_wants_to_wait")
STORIES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "done": ({"plan": [holds]}, {"waiting", "held", "look", "write", "note", "done"}),
    "wiped": ({"plan": [holds], "kind": "wipe"}, {"waiting", "held", "look", "wipe", "note", "done"}),
    "another in between": (
        {"plan": [holds, holds_another, takes_away, holds_the_same_again], "leaves_at": "write"},
        {"waiting", "held", "look", "write", "left", "another", "note", "done"},
    ),
    "another, and the first laid on it": (
        {"plan": [holds, holds_another, holds_the_same_again], "leaves_at": "write"},
        {"waiting", "held", "look", "write", "left", "another", "note", "done"},
    ),
    "another that stays": (
        {"plan": [holds, holds_another], "leaves_at": "write"},
        {"waiting", "held", "look", "write", "left", "another", "over_begun"},
    ),
    "nobody came": ({"plan": []}, {"waiting", "over"}),
    "left half done": (
        {"plan": [holds], "leaves_at": "write"},
        {"waiting", "held", "look", "write", "left", "over_begun"},
    ),
    "looked at, and left": ({"plan": [holds], "leaves_at": "look"}, {"waiting", "held", "look", "over"}),
    "given up": ({"plan": [gives_up]}, {"waiting", "cancelled"}),
    "given up half done": (
        {"plan": [holds, gives_up], "leaves_at": "write"},
        {"waiting", "held", "look", "write", "left", "cancelled_begun"},
    ),
    "refused": (
        {"plan": [holds], "refusal": STRANGERS, "refused_at": "look"},
        {"waiting", "held", "look", "refused"},
    ),
    "refused for now": (
        {"plan": [holds], "refusal": WAIT, "refused_at": "look"},
        {"waiting", "held", "look", "refused_for_now"},
    ),
    "refused half done": (
        {"plan": [holds], "refusal": WAIT, "refused_at": "write"},
        {"waiting", "held", "look", "write", "refused_begun"},
    ),
}


@pytest.mark.parametrize(("told", "seen"), STORIES.values(), ids=STORIES)
def test_a_desk_shows_and_sounds_it_as_the_session_goes(tmp_path: Path, told: dict[str, Any], seen: set[str]) -> None:
    assert carried_through(tmp_path, **told).seen == seen


def test_the_stories_see_every_state_that_there_is() -> None:
    assert set.union(*(seen for _, seen in STORIES.values())) == {code_of(state) for state in STATES}


def test_a_desk_whose_server_died_goes_dark_with_its_loan(tmp_path: Path) -> None:
    world = DeskWorld(tmp_path)
    line = DeskLine(world, [])
    LentReader(line, world.clock.monotonic_s).lend(UNTIL_S, by="Marie", now=world.clock.wall)
    assert world.shows == Picture.BADGE_AWAITED
    world.wait(UNTIL_S + 20)
    assert (world.shows, line.sounds) == (Picture.IDLE, [])
    assert replace(line.state, phase="over").ends_in_silence
