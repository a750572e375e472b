"""The books are a copy from before a badge was written: by the site's keys it is known all the same."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from device.contract.keys import DOOR_SLOT
from device.core.badge.errors import WrongKey
from device.simulation.cards import Ntag424, VirtualCard
from server.core.doors.key_diversification import badge_key
from server.core.doors.key_diversification import badge_keys as derived
from server.enrolment.card_session import Kind
from server.store.database import open_database
from server.store.people import badges
from tests.device.core.badge.tapping import prove
from tests.enrolling_place import OTHER_UID, SITE, UID, EnrolmentPlace, blank, drawn, shown
from tests.played_desk import PlayedDesk
from tests.server.enrolment.test_torn_enrolment import is_blank

KINDS = ["ntag424", "DESFire EV3", "light"]
ACTS: list[Kind] = ["read", "enrol", "rekey", "wipe"]


class Since(NamedTuple):
    """What a place did with a badge after the copy of its books was made; `before` it."""

    before: tuple[Kind | str, ...]
    after: tuple[Kind | str, ...]
    is_in_books: bool = True


SINCE = {
    "enrolled": Since((), ("enrol",), is_in_books=False),
    "given new keys": Since(("enrol",), ("rekey",)),
    "given new keys twice": Since(("enrol",), ("rekey", "rekey")),
    "moved on to a new version": Since(("enrol",), ("rotate", "rekey")),
    "moved on, and the former version finished": Since(("enrol",), ("rotate", "rekey", "finish")),
    "enrolled under a new version": Since((), ("rotate", "enrol"), is_in_books=False),
    "made blank and enrolled anew": Since(("enrol",), ("wipe", "enrol")),
    "enrolled after it was made blank": Since(("enrol", "wipe"), ("enrol",), is_in_books=False),
}


@pytest.fixture
def restored(place: EnrolmentPlace, tmp_path: Path) -> Callable[[Callable[[], object]], None]:
    """Does something, and takes up the books of before it again; the keys of the place stay."""

    def around(meanwhile: Callable[[], object]) -> None:
        copy = tmp_path / f"copy-{len(list(tmp_path.iterdir()))}.sqlite3"
        place.db.backup(copy)
        meanwhile()
        place.db.close()
        place.db = open_database(copy)

    return around


def carry_out(place: EnrolmentPlace, card: VirtualCard, *acts: Kind | str) -> None:
    for act in acts:
        if act == "rotate":
            place.site_keys = place.site_keys.rotated()
        elif act == "finish":
            place.site_keys = place.site_keys.finished()
        else:
            state, _ = place.with_card(act, shown(card), member=place.ada if act == "enrol" else None)  # type: ignore[arg-type]
            assert state.phase == "done", state.refusal


def is_granted(place: EnrolmentPlace, card: VirtualCard) -> bool:
    """Whether a door lets it in by what its list has of it."""
    held, known = place.holding(), place.known()
    if held is None or known is None:
        return False
    site_keys = [place.site_keys.of(version) for version in known.versions_at_doors(place.site_keys.present)]
    keys = [badge_key(key, UID, DOOR_SLOT, SITE) for key in site_keys if key is not None]
    card.power_on()
    try:
        prove(known.scheme, card.answer, keys, DOOR_SLOT, drawn("door"))
    except WrongKey:
        return False
    return True


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("since", SINCE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_badge_that_was_written_since_is_known_by_the_keys_of_the_place(
    place: EnrolmentPlace, restored: Callable[[Callable[[], object]], None], kind: str, since: str, act: Kind
) -> None:
    card, (before, after, is_in_books) = blank(kind), SINCE[since]
    carry_out(place, card, *before)
    restored(lambda: carry_out(place, card, *after))
    held = list(card.keys)
    state, outcome = place.with_card(act, shown(card), member=place.ada if act == "enrol" else None)
    assert state.phase == "done", state.refusal
    assert outcome is not None
    if act == "read":
        assert (outcome.what, outcome.key_version) == ("read_unlisted", place.site_keys.present)
        assert outcome.name == ("Ada" if is_in_books else None)
        assert list(card.keys) == held
    elif act == "wipe":
        assert is_blank(card)
        assert place.holding() is None
    else:
        assert place.holds(card)
        assert list(card.keys)[3] != held[3], "the number of an enrolment comes again"
        assert is_granted(place, card) == (act == "enrol" or is_in_books)


@pytest.mark.parametrize("kind", KINDS)
def test_moved_on_since_it_is_refused_at_the_door_until_it_was_held_to_the_desk(
    place: EnrolmentPlace, restored: Callable[[Callable[[], object]], None], kind: str
) -> None:
    card = place.enrolled(kind)
    assert is_granted(place, card)
    restored(lambda: carry_out(place, card, "rotate", "rekey"))
    assert not is_granted(place, card)
    carry_out(place, card, "rekey")
    assert is_granted(place, card)


@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe"])
@pytest.mark.parametrize("kind", KINDS)
def test_torn_since_it_is_finished_by_the_books_of_before(
    place: EnrolmentPlace, restored: Callable[[Callable[[], object]], None], kind: str, act: Kind
) -> None:
    """After each exchange in turn; what is left half done of a wiping is enrolled over, until it looks blank."""
    for nth in count():
        card, desk = blank(kind), PlayedDesk()
        if act != "enrol":
            carry_out(place, card, "enrol")
        desk.tears = {nth: "after"}
        desk.plan.append(lambda desk=desk, card=card: desk.hold(shown(card)))  # type: ignore[misc]
        restored(lambda desk=desk: place.run(act, desk, member=place.ada))  # type: ignore[misc]
        if desk.tears:
            assert nth > 10
            return
        looks_blank = act == "wipe" and (not getattr(card, "applications", True) or card.keys[0] == bytes(16))
        then: Kind = "wipe" if nth % 3 == 0 else "enrol"
        state, _ = place.with_card(then, shown(card), member=place.ada)
        if looks_blank:
            assert state.refusal is not None
            assert state.refusal.why.code == "badge_not_authentic"
        else:
            assert state.phase == "done", (nth, state.refusal)
            assert is_blank(card) if then == "wipe" else place.holds(card)
        place.db.execute("DELETE FROM badges")
        place.db.execute("DELETE FROM badge_keys")


@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe"])
def test_a_version_that_is_lost_with_the_books_is_told_as_such_and_not_as_a_copy(
    place: EnrolmentPlace, restored: Callable[[Callable[[], object]], None], act: Kind
) -> None:
    card, former = place.enrolled(), place.site_keys
    restored(lambda: carry_out(place, card, "rotate", "rekey"))
    newer, place.site_keys = place.site_keys, former
    held = card.state()
    assert place.refusal(act, shown(card), member=place.ada) == "key_version_missing"
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert (outcome.what, outcome.name, outcome.key_version) == ("read_missing", "Ada", None)
    assert card.keys == [bytes.fromhex(key) for key in held["keys"]["keys"]]
    place.site_keys = newer
    carry_out(place, card, "rekey")
    assert is_granted(place, card)


def test_a_badge_made_blank_since_proves_nothing_and_is_replaced(
    place: EnrolmentPlace, restored: Callable[[Callable[[], object]], None]
) -> None:
    card = place.enrolled()
    restored(lambda: carry_out(place, card, "wipe"))
    for act in ("enrol", "wipe", "rekey"):
        assert place.refusal(act, shown(card), member=place.ada) == "badge_not_authentic"
    badges.end(place.db, f"ntag424:{UID.hex().upper()}", now=place.now, ended_as="lost")
    other = place.enrolled(uid=OTHER_UID)
    assert place.holds(other, OTHER_UID)


@pytest.mark.parametrize("enrolment", [17, 300])
def test_a_badge_from_before_numbers_were_shown_is_in_the_books(place: EnrolmentPlace, enrolment: int) -> None:
    card = place.enrolled()
    place.db.execute("UPDATE badge_keys SET enrolment = ?", (enrolment,))
    place.db.execute("UPDATE enrolments SET number = NULL")
    card.keys[:] = derived(place.site_keys.present_key, UID, enrolment, SITE, 1).slots
    card.versions[:] = [1] * 5
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert (outcome.what, outcome.name, outcome.key_version) == ("read", "Ada", 1)
    carry_out(place, card, "rekey")
    assert place.holds(card)
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert outcome.what == "read"


def test_a_badge_of_others_that_is_held_to_the_desk_again_and_again_is_not_made_to_wait(place: EnrolmentPlace) -> None:
    card = Ntag424.blank(UID, drawn("foreign"))
    card.key_set.keys[:] = [bytes([nth]) * 16 for nth in range(1, 6)]
    card.key_set.versions[:] = [1] * 5
    place.site_keys = place.site_keys.rotated()
    for _ in range(20):
        assert place.refusal("enrol", shown(card), member=place.ada) == "badge_of_strangers"
    assert card.key_set.failures[0] == 40
    assert card.key_set.delays == 0


def test_a_badge_assigned_by_hand_is_no_stranger_to_the_books(place: EnrolmentPlace) -> None:
    """Whoever assigned it wrote the present keys to it, and the books take it at that."""
    card = place.enrolled(uid=UID)
    place.db.execute("DELETE FROM badge_keys")
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert outcome.what == "read"
    badges.end(place.db, f"ntag424:{UID.hex().upper()}", now=place.now, ended_as="returned")
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert outcome.what == "read_unlisted"
