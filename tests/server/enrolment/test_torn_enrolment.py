"""A badge is pulled away, or a side or the wire fails, at every moment: it can always be finished, or made blank."""

import random
from collections.abc import Callable, Iterator
from itertools import count
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.simulation.cards import VirtualCard
from server.enrolment.card_session import Kind
from tests.enrolling_place import OTHER_UID, UID, EnrolmentPlace, blank, shown
from tests.played_desk import PlayedDesk, Shown

KINDS = ["ntag424", "DESFire EV3", "light"]
How = Literal["before", "after"]
SIDES: tuple[How, ...] = ("before", "after")
ACTS: list[Kind] = ["enrol", "rekey", "wipe"]


def moments(kind: str, card_of: Callable[[bytes], VirtualCard]) -> Iterator[tuple[PlayedDesk, Shown, VirtualCard]]:
    """A desk at which a card of its own is pulled away before or after the next exchange, until there are no more."""
    for nth in count():
        for side, how in enumerate(SIDES):
            uid = UID[:5] + bytes((nth, side))
            desk, card = PlayedDesk(), card_of(uid)
            desk.tears = {nth: how}
            desk.plan.append(lambda desk=desk, card=card, uid=uid: desk.hold(Shown(uid, card)))  # type: ignore[misc]
            yield desk, Shown(uid, card), card
            if desk.tears:
                assert nth > 10, kind
                return


def is_as_wished(place: EnrolmentPlace, act: Kind, card: VirtualCard, uid: bytes) -> bool:
    held, known = place.holding(uid), place.known(uid)
    assert known is not None
    if act == "wipe":
        return held is None and known.key_version == 0 and known.next_version is None and is_blank(card)
    return held is not None and held.member == place.ada and place.holds(card, uid)


def is_blank(card: VirtualCard) -> bool:
    """Whether it holds nothing of the place; a DESFire has no such application then, and no keys in it."""
    return not getattr(card, "applications", True) or all(key == bytes(16) for key in card.keys)


@pytest.fixture
def card_of(place: EnrolmentPlace, act: Kind, kind: str) -> Callable[[bytes], VirtualCard]:
    """A card as it is before that is done to it."""
    return lambda uid: blank(kind, uid) if act == "enrol" else place.enrolled(kind, uid=uid)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", KINDS)
def test_held_again_in_the_same_session_it_is_finished(
    place: EnrolmentPlace, act: Kind, kind: str, card_of: Callable[[bytes], VirtualCard]
) -> None:
    for desk, badge, card in moments(kind, card_of):
        desk.plan.append(lambda desk=desk, badge=badge: desk.hold(badge))  # type: ignore[misc]
        state, _ = place.run(act, desk, member=place.ada if act == "enrol" else None)
        assert (state.phase, state.end) == ("done", "done"), state.refusal
        assert is_as_wished(place, act, card, badge.uid)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("kind", KINDS)
def test_left_half_done_it_is_finished_another_day_or_made_blank(
    place: EnrolmentPlace, act: Kind, kind: str, card_of: Callable[[bytes], VirtualCard]
) -> None:
    """The same, whether the badge never came back, or the server, the desk or the broker was cut off at that moment."""
    for nth, (desk, badge, card) in enumerate(moments(kind, card_of)):
        was_torn = bool(desk.tears)
        state, _ = place.run(act, desk, member=place.ada if act == "enrol" else None)
        if desk.tears or not was_torn:
            continue
        assert state.phase == "over"
        assert state.end == ("again" if state.is_begun else "refused")
        then: Kind = act if nth % 3 else "wipe"
        state, _ = place.with_card(then, badge, member=place.ada if then == "enrol" else None)
        assert state.phase == "done", state.refusal
        assert is_as_wished(place, then, card, badge.uid)


@pytest.mark.parametrize("act", ["enrol", "rekey"])
@pytest.mark.parametrize("kind", ["ntag424", "DESFire EV3"])
def test_the_keys_are_rotated_before_it_is_finished(
    place: EnrolmentPlace, act: Kind, kind: str, card_of: Callable[[bytes], VirtualCard]
) -> None:
    first = place.site_keys
    for desk, badge, card in moments(kind, card_of):
        place.run(act, desk, member=place.ada if act == "enrol" else None)
        place.site_keys = first.rotated()
        state, outcome = place.with_card("enrol", badge, member=place.ada)
        assert state.phase == "done", state.refusal
        assert outcome is not None
        assert outcome.key_version == 2
        assert place.holds(card, badge.uid)
        place.site_keys = first


def test_another_badge_in_between_is_told_and_not_written_to(place: EnrolmentPlace) -> None:
    card, other = blank("ntag424"), blank("ntag424", OTHER_UID)
    untouched = other.state()
    desk = PlayedDesk()
    desk.tears = {25: "after"}
    desk.plan.append(lambda: desk.hold(shown(card)))
    desk.plan.append(lambda: desk.hold(shown(other, OTHER_UID)))
    desk.plan.append(desk.take_away)
    desk.plan.append(lambda: desk.hold(shown(card)))
    state, _ = place.run("enrol", desk, member=place.ada)
    assert state.phase == "done"
    assert [each.phase for each in place.states if each.phase in ("left", "another", "done")] == [
        "left",
        "another",
        "left",
        "done",
    ]
    assert other.state() == untouched
    assert place.known(OTHER_UID) is None
    assert place.holds(card)


def test_before_anything_is_written_another_badge_takes_the_place_of_the_first(place: EnrolmentPlace) -> None:
    card, other = blank("ntag424"), blank("ntag424", OTHER_UID)
    desk = PlayedDesk()
    desk.tears = {2: "before"}
    desk.plan.append(lambda: desk.hold(shown(card)))
    desk.plan.append(lambda: desk.hold(shown(other, OTHER_UID)))
    state, outcome = place.run("enrol", desk, member=place.ada)
    assert state.phase == "done"
    assert outcome is not None
    assert outcome.credential == f"ntag424:{OTHER_UID.hex().upper()}"
    assert place.known() is None


def test_begun_at_one_desk_for_one_and_finished_at_another_for_another_it_is_the_others(place: EnrolmentPlace) -> None:
    card = blank("ntag424")
    first = PlayedDesk()
    first.tears = {25: "after"}
    first.plan.append(lambda: first.hold(shown(card)))
    assert place.run("enrol", first, member=place.ada)[0].says == "over_begun"
    assert place.with_card("enrol", shown(card), member=place.bo)[0].phase == "done"
    assert place.refusal("enrol", shown(card), member=place.ada) == "badge_held_already"
    held = place.holding()
    assert held is not None
    assert held.member == place.bo
    assert place.holds(card)


def test_a_desk_that_dies_in_the_middle_is_told_and_the_badge_is_finished_at_another(place: EnrolmentPlace) -> None:
    card, desk = blank("ntag424"), PlayedDesk()
    desk.plan.append(lambda: desk.hold(shown(card)))
    desk.mischief = lambda message: (desk.dies(), [])[1] if len(desk.heard) == 25 else [0.0]
    state, _ = place.run("enrol", desk, member=place.ada)
    assert state.refusal is not None
    assert (state.refusal.why.code, state.end) == ("reader_fell_silent", "again")
    assert place.with_card("enrol", shown(card), member=place.ada)[0].phase == "done"
    assert place.holds(card)


def test_books_that_fail_in_the_middle_leave_a_badge_that_is_finished_later(place: EnrolmentPlace) -> None:
    kept = place.books
    for nth in range(1, 8):
        uid = UID[:6] + bytes((nth,))
        card, orders = blank("ntag424", uid), iter(range(1, 100))

        def failing(act, nth=nth, orders=orders):
            if next(orders) == nth:
                raise OSError("the disk is full")
            return kept(act)

        place.books = failing  # type: ignore[method-assign]
        try:
            state, _ = place.with_card("enrol", Shown(uid, card), member=place.ada)
        except OSError:
            pass
        else:
            assert state.phase == "done"
            assert next(orders) <= nth
        place.books = kept  # type: ignore[method-assign]
        assert place.with_card("enrol", Shown(uid, card), member=place.ada)[0].phase == "done"
        assert place.holds(card, uid)


@settings(max_examples=40)
@given(st.integers(0, 2**32))
def test_over_a_wire_that_loses_doubles_and_delays_it_is_done_or_can_be_later(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    place = EnrolmentPlace(tmp_path_factory.mktemp("place"))
    card = blank(chance.choice(KINDS))
    desk = PlayedDesk(lambda message: [chance.uniform(0, 1) for _ in range(chance.choice((0, 1, 1, 1, 1, 1, 2)))])
    desk.tears = {chance.randrange(60): chance.choice(SIDES)}
    desk.plan.extend([lambda: desk.hold(shown(card))] * 500)
    place.run("enrol", desk, member=place.ada, for_s=500)
    state, _ = place.with_card("enrol", shown(card), member=place.ada)
    assert state.phase == "done", state.refusal
    assert place.holds(card)
    place.close()
