"""Who was in when, from the steps of one member's date."""

from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.core.presence.presence import Course, Evening, Presence, Remark, Stay, Step, course, presence


def at(clock: str) -> Instant:
    hour, minute = clock.split(":")
    return Instant.of(datetime(2026, 11, 23, int(hour), int(minute), tzinfo=UTC))


MIDNIGHT = Instant.parse("2026-11-24T00:00:00.000Z")
EVENING = Evening(at("18:00"), at("18:30"), MIDNIGHT)
CLOSED_DAY = Evening(None, None, MIDNIGHT)
NOON, NIGHT = at("12:00"), Instant.parse("2026-11-24T03:00:00.000Z")


def steps(*told: str) -> list[Step]:
    """`+9:00` is an entry, `-17:00` an exit, all at one door."""
    return [
        Step(at(text[1:]), "front", "0a", nth, "entry" if text[0] == "+" else "exit")
        for nth, text in enumerate(told, 1)
    ]


def stay(began: str, ended: str | None = None, *, automatic: bool = False) -> Stay:
    return Stay(at(began), at(ended) if ended else None, automatic)


@pytest.mark.parametrize(
    ("told", "now", "stays", "remarks"),
    [
        ([], NOON, [], []),
        (["+9:00"], NOON, [stay("9:00")], []),
        (["+9:00", "-11:00"], NOON, [stay("9:00", "11:00")], []),
        (["+9:00", "-11:00", "+11:30"], NOON, [stay("9:00", "11:00"), stay("11:30")], []),
        (["+9:00", "+10:00"], NOON, [stay("9:00")], [("10:00", "entry_while_present")]),
        (["-9:00"], NOON, [], [("9:00", "exit_while_absent")]),
        (["+9:00", "-10:00", "-10:05"], NOON, [stay("9:00", "10:00")], [("10:05", "exit_while_absent")]),
        (["+9:00"], at("18:29"), [stay("9:00")], []),
        (["+9:00"], at("18:30"), [stay("9:00", "18:00", automatic=True)], []),
        (["+9:00", "-18:20"], NIGHT, [stay("9:00", "18:20")], []),
        (
            ["+9:00", "-18:40"],
            NIGHT,
            [stay("9:00", "18:00", automatic=True)],
            [("18:40", "exit_while_absent")],
        ),
        (["+9:00", "-17:55"], NIGHT, [stay("9:00", "17:55")], []),
        (["+18:00"], at("23:00"), [stay("18:00")], []),
        (["+18:10"], at("23:00"), [stay("18:10")], []),
        (["+18:10"], NIGHT, [Stay(at("18:10"), MIDNIGHT, True)], []),
        (
            ["+9:00", "+19:00", "-20:00"],
            NIGHT,
            [stay("9:00", "18:00", automatic=True), stay("19:00", "20:00")],
            [],
        ),
        (["+9:00", "-9:00", "+9:00"], NOON, [stay("9:00", "9:00"), stay("9:00")], []),
    ],
)
def test_presence_is_what_happened_in_its_order(
    told: list[str], now: Instant, stays: list[Stay], remarks: list[tuple[str, str]]
) -> None:
    counted = presence(steps(*told), EVENING, now)
    assert counted == Presence(tuple(stays), tuple(Remark(at(clock), doubt) for clock, doubt in remarks))  # type: ignore[arg-type]


def test_on_a_day_without_opening_nobody_is_checked_out_before_midnight() -> None:
    assert presence(steps("+9:00"), CLOSED_DAY, at("23:59")).stays == (stay("9:00"),)
    assert presence(steps("+9:00"), CLOSED_DAY, MIDNIGHT).stays == (Stay(at("9:00"), MIDNIGHT, True),)


def test_a_place_that_closes_at_midnight_checks_out_at_midnight() -> None:
    late = Evening(MIDNIGHT, Instant.parse("2026-11-24T00:30:00.000Z"), MIDNIGHT)
    assert presence(steps("+9:00"), late, MIDNIGHT).stays == (Stay(at("9:00"), MIDNIGHT, True),)


def test_who_came_in_the_rest_of_an_evening_does_not_go_on_into_the_next() -> None:
    """From midnight to 23:40, and from 23:50 on past the next midnight."""
    late = Instant.parse("2026-11-24T00:10:00.000Z")
    evening = Evening(MIDNIGHT, late, MIDNIGHT, at("23:40"), late, goes_on=True)
    assert [evening.goes_on_from(at(clock)) for clock in ("10:00", "23:39", "23:40", "23:50")] == [
        False,
        False,
        True,
        True,
    ]
    assert evening.end_of(at("10:00")) == (at("23:40"), MIDNIGHT)
    assert not EVENING.goes_on_from(at("18:10"))


@pytest.mark.parametrize(
    ("told", "clock", "is_over"),
    [
        (["+9:00"], "18:29", False),
        (["+9:00"], "18:30", True),
        (["+9:00", "-17:00"], "18:30", False),
        (["+18:10"], "23:59", False),
        ([], "18:30", False),
    ],
)
def test_a_stay_that_nobody_ended_is_over_once_it_is_checked_out(told: list[str], clock: str, is_over: bool) -> None:
    assert course(steps(*told), EVENING).is_over_at(at(clock)) is is_over


def test_what_should_have_come_before_is_not_taken_after() -> None:
    taken = Course(EVENING)
    taken.take(steps("+9:00")[0])
    with pytest.raises(ValueError, match="does not come after"):
        taken.take(Step(at("8:00"), "front", "0a", 9, "exit"))


SOME_STEPS = st.lists(
    st.builds(
        Step,
        st.integers(0, 40).map(lambda quarter: at(f"{8 + quarter // 4}:{quarter % 4 * 15:02d}")),
        st.sampled_from(["back", "front", ""]),
        st.just("0a"),
        st.integers(1, 6),
        st.sampled_from(["entry", "exit"]),
    ),
    max_size=12,
)


@given(SOME_STEPS, st.randoms(use_true_random=False), st.sampled_from([NOON, at("18:30"), NIGHT]))
def test_any_shuffle_and_repetition_gives_the_same_presence(steps: list[Step], chance: Random, now: Instant) -> None:
    shuffled = steps + steps[: len(steps) // 2]
    chance.shuffle(shuffled)
    assert presence(shuffled, EVENING, now) == presence(steps, EVENING, now)


@given(SOME_STEPS, st.sampled_from([NOON, at("18:30"), NIGHT]))
def test_stays_are_in_order_and_apart_and_only_the_last_lasts(steps: list[Step], now: Instant) -> None:
    stays = presence(steps, EVENING, now).stays
    assert all(one.ended_at is not None for one in stays[:-1])
    assert all(one.ended_at <= next_one.began_at for one, next_one in pairwise(stays))  # type: ignore[operator]
    assert all(one.ended_at is None or one.began_at <= one.ended_at for one in stays)


def test_a_step_is_taken_once() -> None:
    taken, (step,) = Course(EVENING), steps("+9:00")
    taken.take(step)
    with pytest.raises(ValueError, match="does not come after"):
        taken.take(step)
