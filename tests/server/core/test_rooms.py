"""What the words about a room come to, as tables and as properties."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.core.rooms import (
    Booking,
    Spell,
    Word,
    excess,
    freed,
    in_order,
    minutes_by_use,
    person_minutes,
    reservation,
    spells,
)

EIGHT = Instant.parse("2026-11-23T07:00:00.000Z")
"""Eight o'clock in Paris."""
MIN = timedelta(minutes=1)


def at(minute: float) -> Instant:
    return EIGHT + minute * MIN


def word(minute: float, people: int, use: str = "focus", set_by: str = "dial") -> Word:
    return Word(at(minute), use, people, set_by)  # type: ignore[arg-type]


def spell(begin: float, end: float, people: int = 1, use: str = "focus") -> Spell:
    return Spell(at(begin), at(end), use, people)


def test_a_room_of_which_nobody_spoke_is_free_since_it_was_freed() -> None:
    assert in_order([], [at(0)]) == [freed(at(0))]


def test_the_last_word_holds_in_whatever_order_they_came() -> None:
    assert in_order([word(9, 3), word(5, 7)], [at(0)])[-1] == word(9, 3)


def test_of_two_words_at_once_the_later_one_given_holds() -> None:
    assert in_order([word(5, 3), word(5, 4, set_by="desk")], [at(0)])[-1].people == 4


def test_closing_frees_every_room_and_who_touches_the_dial_afterwards_is_believed() -> None:
    closing = [at(0), at(600)]
    assert in_order([word(5, 3)], closing)[-1] == freed(at(600))
    assert in_order([word(5, 3), word(600, 2)], closing)[-1] == word(600, 2)


def test_a_word_from_before_the_first_freeing_is_another_days() -> None:
    assert in_order([word(-5, 3)], [at(0)]) == [freed(at(0))]


def test_a_word_said_as_the_room_is_freed_holds() -> None:
    assert in_order([word(0, 3)], [at(0)]) == [freed(at(0)), word(0, 3)]


def test_of_two_words_at_once_only_the_later_one_makes_a_spell() -> None:
    assert spells([word(5, 3), word(5, 4)], at(9)) == [spell(5, 9, 4)]
    assert spells([word(5, 3)], at(5)) == []


def test_spells_are_what_is_neither_free_nor_empty() -> None:
    words = in_order([word(10, 2), word(20, 0, "free"), word(30, 0, "meeting"), word(40, 1, "free")], [at(0)])
    assert spells(words, at(60)) == [spell(10, 20, 2), spell(30, 40, 0, "meeting"), spell(40, 60, 1, "free")]


def test_a_spell_ends_at_closing_time() -> None:
    assert spells(in_order([word(10, 2)], [at(0), at(600)]), at(700)) == [spell(10, 600, 2)]


def test_a_word_of_a_clock_a_little_ahead_has_not_lasted_yet() -> None:
    assert spells(in_order([word(10, 2)], [at(0)]), at(9)) == []


def test_minutes_are_added_up_by_use_and_by_person() -> None:
    used = [spell(0, 30, 2), spell(30, 40, 4, "meeting"), spell(50, 60, 1)]
    assert minutes_by_use(used) == {"focus": 40, "meeting": 10}
    assert person_minutes(used) == 110


TWO_HOURS = Booking(at(120), at(240))


@pytest.mark.parametrize(
    ("now", "used", "kept", "let_go_at"),
    [
        pytest.param(0, [], True, 135, id="ahead"),
        pytest.param(134.9, [], True, 135, id="running, nobody there yet"),
        pytest.param(135, [], False, None, id="let go after a quarter of an hour"),
        pytest.param(130, [spell(125, 130)], True, None, id="somebody came"),
        pytest.param(200, [spell(125, 130)], True, None, id="somebody came, and went"),
        pytest.param(200, [spell(90, 200)], True, None, id="who was there stayed"),
        pytest.param(200, [spell(90, 119)], False, None, id="who was there left before"),
        pytest.param(200, [spell(90, 120)], False, None, id="who was there left as it began"),
        pytest.param(200, [spell(134.9, 135)], True, None, id="somebody came just in time"),
        pytest.param(200, [spell(135, 200)], False, None, id="somebody came too late"),
        pytest.param(200, [spell(125, 200, 0, "meeting")], False, None, id="a use was set, and nobody came"),
        pytest.param(240, [spell(125, 240)], False, None, id="over"),
    ],
)
def test_a_reservation_is_kept_for_who_takes_it_up(now: float, used: list[Spell], kept: bool, let_go_at: float) -> None:
    held = reservation([TWO_HOURS], used, at(now))
    assert (held is not None) is kept
    if held is not None:
        assert (held.from_, held.until) == TWO_HOURS
        assert held.let_go_at == (let_go_at and at(let_go_at))


def test_a_short_reservation_is_not_let_go_after_its_end() -> None:
    held = reservation([Booking(at(120), at(130))], [], at(121))
    assert held is not None
    assert held.let_go_at == at(130)


def test_after_one_that_was_let_go_the_next_is_told() -> None:
    later = Booking(at(300), at(360))
    held = reservation([later, TWO_HOURS], [], at(200))
    assert held is not None
    assert held.from_ == at(300)


def test_more_people_in_rooms_than_in_the_place_is_a_discrepancy() -> None:
    assert excess([5, 7, 0], 10) == 2
    assert excess([5, 5], 10) == excess([1], 10) == 0


words = st.lists(
    st.builds(word, st.integers(-10, 700), st.integers(0, 30), st.sampled_from(["free", "focus", "call"])), max_size=12
)


@given(words, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(said: list[Word], random: Random) -> None:
    said = list({each.at: each for each in said}.values())
    shuffled = list(said)
    random.shuffle(shuffled)
    assert in_order(said, [at(0), at(600)]) == in_order(shuffled, [at(0), at(600)])


@given(words)
def test_spells_never_overlap_and_never_last_beyond_now(said: list[Word]) -> None:
    used = spells(in_order(said, [at(0), at(600)]), at(650))
    assert all(one.ended_at <= other.began_at for one, other in pairwise(used))
    assert all(at(0) <= each.began_at < each.ended_at <= at(650) for each in used)
