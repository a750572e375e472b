"""How a session with a badge goes on: every phase by every event, and what holds whatever comes in whatever order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.enrolment.card_session import (
    ENDED,
    STEPS,
    WRITING,
    CardHeld,
    CardSessionState,
    CardTaken,
    NothingNew,
    Phase,
    SessionCancelled,
    SessionDone,
    SessionEvent,
    SessionRefused,
    StepBegan,
    after,
)
from server.errors import Refusal

ONE, OTHER = "04A1B2C3D4E5F6", "04FFFFFFFFFFFF"
REFUSED = SessionRefused(Refusal("badge_of_strangers"))
WAIT = SessionRefused(Refusal("badge_wants_to_wait"), is_passing=True)
UNTIL_S = 60.0


def fresh(**changes: object) -> CardSessionState:
    return replace(CardSessionState(kind="enrol", until_s=UNTIL_S), **changes)  # type: ignore[arg-type]


WAITING = fresh()
HELD = fresh(phase="held", uid=ONE)
LOOKING = fresh(phase="working", uid=ONE, step="look")
WRITTEN = fresh(phase="working", uid=ONE, step="write", is_begun=True)
LEFT = fresh(phase="left", uid=ONE, is_begun=True)
ANOTHER = fresh(phase="another", uid=ONE, other=OTHER, is_begun=True)
HELD_AGAIN = fresh(phase="held", uid=ONE, is_begun=True)

TABLE: list[tuple[CardSessionState, SessionEvent, CardSessionState]] = [
    (WAITING, CardHeld(ONE), HELD),
    (WAITING, StepBegan("look"), WAITING),
    (WAITING, CardTaken(), WAITING),
    (WAITING, SessionDone(), WAITING),
    (WAITING, REFUSED, fresh(phase="refused", refusal=REFUSED)),
    (HELD, CardHeld(OTHER), fresh(phase="held", uid=OTHER)),
    (HELD, StepBegan("look"), LOOKING),
    (HELD, StepBegan("wipe"), HELD),
    (HELD, CardTaken(), WAITING),
    (HELD, SessionDone(), HELD),
    (LOOKING, StepBegan("write"), WRITTEN),
    (LOOKING, CardTaken(), WAITING),
    (LOOKING, REFUSED, replace(LOOKING, phase="refused", refusal=REFUSED)),
    (WRITTEN, CardTaken(), LEFT),
    (WRITTEN, CardHeld(ONE), HELD_AGAIN),
    (WRITTEN, CardHeld(OTHER), ANOTHER),
    (WRITTEN, StepBegan("note"), replace(WRITTEN, step="note")),
    (WRITTEN, SessionDone(), replace(WRITTEN, phase="done")),
    (LEFT, CardHeld(ONE), HELD_AGAIN),
    (LEFT, CardHeld(OTHER), ANOTHER),
    (LEFT, StepBegan("write"), LEFT),
    (LEFT, SessionDone(), LEFT),
    (ANOTHER, CardTaken(), LEFT),
    (ANOTHER, CardHeld(ONE), HELD_AGAIN),
    (ANOTHER, StepBegan("write"), ANOTHER),
    (HELD_AGAIN, StepBegan("look"), replace(LOOKING, is_begun=True)),
]


@pytest.mark.parametrize(("before", "event", "then"), TABLE, ids=lambda part: getattr(part, "phase", repr(part)))
def test_a_session_goes_on(before: CardSessionState, event: SessionEvent, then: CardSessionState) -> None:
    assert after(before, event, 0.0) == then


@pytest.mark.parametrize("state", [WAITING, LEFT, ANOTHER])
def test_who_waits_waits_until_the_time_is_over_and_no_longer(state: CardSessionState) -> None:
    assert after(state, NothingNew(), UNTIL_S - 0.001) == state
    assert after(state, NothingNew(), UNTIL_S).phase == "over"


@pytest.mark.parametrize("state", [HELD, LOOKING, WRITTEN])
def test_the_time_ends_nothing_while_a_badge_is_spoken_to(state: CardSessionState) -> None:
    assert after(state, NothingNew(), UNTIL_S + 5) == state


@pytest.mark.parametrize("state", [WAITING, HELD, LOOKING, WRITTEN, LEFT, ANOTHER])
def test_it_can_be_given_up_at_any_time(state: CardSessionState) -> None:
    assert after(state, SessionCancelled(), 0.0).phase == "cancelled"


ENDS = [
    (replace(WRITTEN, phase="done"), "done", "done"),
    (fresh(phase="over"), "refused", "over"),
    (replace(LEFT, phase="over"), "again", "over_begun"),
    (fresh(phase="cancelled"), "refused", "cancelled"),
    (replace(LEFT, phase="cancelled"), "again", "cancelled_begun"),
    (replace(LOOKING, phase="refused", refusal=REFUSED), "refused", "refused"),
    (replace(LOOKING, phase="refused", refusal=WAIT), "again", "refused"),
    (replace(WRITTEN, phase="refused", refusal=REFUSED), "refused", "refused"),
    (WAITING, None, "waiting"),
    (HELD, None, "held"),
    (LOOKING, None, "look"),
    (WRITTEN, None, "write"),
    (LEFT, None, "left"),
    (ANOTHER, None, "another"),
]


@pytest.mark.parametrize(("state", "ring", "words"), ENDS, ids=lambda part: getattr(part, "phase", part))
def test_ring_and_words_say_the_same(state: CardSessionState, ring: str | None, words: str) -> None:
    assert (state.end, state.says) == (ring, words)


def test_what_ended_before_a_badge_was_written_to_ends_in_silence_and_nothing_else_does() -> None:
    silent = [words for state, _, words in ENDS if state.ends_in_silence]
    assert silent == ["over", "cancelled"]


def test_each_step_says_which_of_how_many_it_is() -> None:
    assert [state.place_in_steps for state in (WAITING, LOOKING, WRITTEN, replace(WRITTEN, step="note"))] == [
        (0, 3),
        (1, 3),
        (2, 3),
        (3, 3),
    ]
    assert replace(WRITTEN, phase="done").place_in_steps == (3, 3)


events = st.one_of(
    st.sampled_from([ONE, OTHER]).map(CardHeld),
    st.sampled_from([step for steps in STEPS.values() for step in steps]).map(StepBegan),
    st.sampled_from([CardTaken(), SessionDone(), REFUSED, WAIT, SessionCancelled(), NothingNew()]),
)
LASTING: tuple[Phase, ...] = ("waiting", "held", "working", "left", "another")


@given(st.sampled_from(list(STEPS)), st.lists(st.tuples(events, st.floats(0, 2 * UNTIL_S)), max_size=30))
def test_in_any_order_no_other_badge_than_the_one_begun_is_spoken_to_and_an_end_is_one(
    kind: object, happened: list[tuple[SessionEvent, float]]
) -> None:
    state = fresh(kind=kind)
    begun = ""
    for event, now_s in happened:
        before, state = state, after(state, event, now_s)
        assert (state.end is None) == (state.phase in LASTING)
        assert state.phase in LASTING + ENDED
        if before.is_over:
            assert state == before
        if state.is_begun:
            begun = begun or state.uid
            assert state.uid == begun
            assert state.phase != "waiting"
        if state.may_proceed and isinstance(event, CardHeld):
            assert event.uid == state.uid
        if state.phase == "working":
            assert state.step in STEPS[state.kind]
            assert state.is_begun or state.step not in WRITING
        assert (state.phase == "refused") == (state.refusal is not None)
        assert (state.other != "") == (state.phase == "another") or state.is_over
