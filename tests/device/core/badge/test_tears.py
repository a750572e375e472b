"""A badge is pulled away before and after every single exchange: it can always be finished, and always be wiped."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.badge.errors import BadgeGone
from device.core.badge.keys import FACTORY
from tests.device.core.badge.tapping import (
    ADDRESS,
    AGAIN,
    BLANKS,
    NEW,
    ROTATED,
    counted,
    enrolled,
    failures,
    holds,
    is_blank,
    pulled_away,
    wiped,
)

KINDS = pytest.mark.parametrize("kind", BLANKS)
MOMENTS = pytest.mark.parametrize("arrived", [True, False], ids=["after it took the command", "before"])
REKEYINGS = pytest.mark.parametrize("new", [ROTATED, AGAIN], ids=["to a new version", "to a new enrolment"])


def torn(prepared, exchange, *, arrived):
    """The card after each tear of `exchange`, on cards that `prepared` makes."""
    whole = prepared()
    exchanges = counted(whole, lambda through: exchange(whole, through))
    for after in range(exchanges):
        card = prepared()
        with pytest.raises(BadgeGone):
            exchange(card, pulled_away(card, after, arrived=arrived))
        yield card


def is_finished(card, kind, keys):
    return holds(card, keys) and (kind != "ntag424" or bytes(card.files[2].content).startswith(ADDRESS))


@KINDS
@MOMENTS
def test_a_torn_enrolment_is_finished(kind, arrived):
    for card in torn(BLANKS[kind], lambda card, through: enrolled(card, kind, through=through), arrived=arrived):
        assert is_finished(enrolled(card, kind, NEW, [NEW, FACTORY]), kind, NEW)


@KINDS
@MOMENTS
def test_a_torn_enrolment_is_wiped(kind, arrived):
    for card in torn(BLANKS[kind], lambda card, through: enrolled(card, kind, through=through), arrived=arrived):
        assert is_blank(wiped(card, kind, [NEW, FACTORY]))


@KINDS
@MOMENTS
@REKEYINGS
def test_a_torn_rekeying_is_finished_or_wiped(kind, arrived, new):
    def rekeyed(card, through):
        enrolled(card, kind, new, [NEW, FACTORY], through)

    def known():
        return enrolled(BLANKS[kind](), kind)

    for card in torn(known, rekeyed, arrived=arrived):
        assert is_finished(enrolled(card, kind, new, [new, NEW, FACTORY]), kind, new)
    for card in torn(known, rekeyed, arrived=arrived):
        assert is_blank(wiped(card, kind, [NEW, new]))


@KINDS
@MOMENTS
def test_a_torn_wiping_is_finished_or_the_badge_is_given_out_again(kind, arrived):
    def known():
        return enrolled(BLANKS[kind](), kind)

    def wiping(card, through):
        wiped(card, kind, through=through)

    for card in torn(known, wiping, arrived=arrived):
        assert is_blank(wiped(card, kind))
    for card in torn(known, wiping, arrived=arrived):
        assert is_finished(enrolled(card, kind, ROTATED, [FACTORY, NEW]), kind, ROTATED)


@KINDS
@MOMENTS
def test_a_badge_that_is_torn_again_and_again_is_finished_in_the_end(kind, arrived):
    card, after = BLANKS[kind](), 0
    while True:
        try:
            enrolled(card, kind, NEW, [NEW, FACTORY], pulled_away(card, after, arrived=arrived))
            break
        except BadgeGone:
            after += 1
    assert is_finished(card, kind, NEW)


@KINDS
def test_tears_cost_no_tries(kind):
    """The counter of failures stays where it was: 50 tears in a row make nobody wait."""
    card = BLANKS[kind]()
    for after in range(60):
        try:
            enrolled(card, kind, NEW, [FACTORY, NEW], pulled_away(card, after % 14, arrived=True))
        except BadgeGone:
            continue
    enrolled(card, kind, NEW, [FACTORY, NEW])
    assert holds(card, NEW)
    assert failures(card) == [0] * 5


ACTIONS = st.sampled_from(["wipe", NEW, ROTATED, AGAIN])
TEARS = st.tuples(ACTIONS, st.integers(0, 25), st.booleans())


@KINDS
@given(tears=st.lists(TEARS, max_size=6), last=ACTIONS)
def test_whatever_was_torn_before_a_badge_can_be_finished_and_wiped(kind, tears, last):
    card, known = BLANKS[kind](), [FACTORY, NEW, ROTATED, AGAIN]

    def carry_out(action, through):
        if action == "wipe":
            wiped(card, kind, known, through)
        else:
            enrolled(card, kind, action, known, through)

    for action, after, arrived in tears:
        with suppress(BadgeGone):
            carry_out(action, pulled_away(card, after, arrived=arrived))
    carry_out(last, card.answer)
    assert is_blank(card) if last == "wipe" else is_finished(card, kind, last)
