"""What was begun with a badge is ended before anything else is, whatever is wanted of it by then, and torn again."""

from collections.abc import Iterator
from itertools import count

import pytest

from device.simulation.cards import VirtualCard
from server.enrolment.card_session import Kind
from tests.enrolling_place import UID, EnrolmentPlace
from tests.played_desk import PlayedDesk, Shown

KINDS = ["ntag424", "DESFire EV3", "light"]


def torn(place: EnrolmentPlace, act: Kind, card: VirtualCard, uid: bytes, at: int) -> bool:
    """Whether the badge was torn away behind its exchange number `at` of that."""
    desk = PlayedDesk()
    desk.tears = {at: "after"}
    desk.plan.append(lambda: desk.hold(Shown(uid, card)))
    place.run(act, desk)
    return not desk.tears


def torn_wipings(
    place: EnrolmentPlace, kind: str, *, rekeyed_to: int | None = None
) -> Iterator[tuple[VirtualCard, bytes]]:
    """Badges whose wiping was torn, one behind each exchange; before that the giving of new keys was, at another."""
    for nth in count():
        uid = UID[:6] + bytes((nth,))
        card = place.enrolled(kind, uid=uid)
        if rekeyed_to is not None:
            assert torn(place, "rekey", card, uid, rekeyed_to)
        if not torn(place, "wipe", card, uid, nth):
            assert nth > 5
            return
        yield card, uid


@pytest.mark.parametrize("kind", KINDS)
def test_a_badge_whose_wiping_was_torn_is_given_keys_again(place: EnrolmentPlace, kind: str) -> None:
    for card, uid in torn_wipings(place, kind):
        state, _ = place.with_card("enrol", Shown(uid, card), member=place.ada)
        assert state.phase == "done", state.refusal
        assert place.holds(card, uid)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("then", ["wipe", "enrol"])
def test_new_keys_that_were_half_given_are_ended_before_the_badge_is_made_blank(
    place: EnrolmentPlace, kind: str, then: Kind
) -> None:
    """Else a tear in the wiping would leave it under a key that the books know nothing of."""
    for card, uid in torn_wipings(place, kind, rekeyed_to=12):
        state, _ = place.with_card(then, Shown(uid, card), member=place.ada if then == "enrol" else None)
        assert state.phase == "done", state.refusal
        known = place.known(uid)
        assert known is not None
        assert known.next_version is None
        assert place.holds(card, uid) if then == "enrol" else known.key_version == 0
