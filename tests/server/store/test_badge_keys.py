"""What the books know of a badge's keys: begun before it is written, certain after the proof, torn in between."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from device.contract.instant import Instant
from server.errors import Refusal
from server.store.database import Database
from server.store.people import badge_keys, badges, members, site_keys
from server.store.people.badge_keys import BadgeKeys
from server.store.people.enrolment_numbers import Numbering

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
LATER = NOW + timedelta(minutes=1)
ID = "04A1B2C3D4E5F6"
BADGE = f"ntag424:{ID}"


@pytest.fixture
def member(db: Database) -> int:
    return members.add(db, "Anne", now=NOW).id


def enrolled(db: Database, identity: str, version: int) -> BadgeKeys:
    badge_keys.begin(db, identity, "ntag424", version, now=NOW)
    known = badge_keys.finish(db, identity, now=NOW)
    assert known is not None
    return known


def test_an_enrolment_is_written_down_before_it_begins_and_certain_after_the_proof(db: Database) -> None:
    begun = badge_keys.begin(db, ID, "ntag424", 3, now=NOW, unit="desk")
    assert (begun.key_version, begun.next_version, begun.begun_at) == (None, 3, NOW)
    done = badge_keys.finish(db, ID, now=LATER)
    assert done == BadgeKeys(
        identity=ID, scheme="ntag424", key_version=3, enrolment=begun.next_enrolment, proved_at=LATER
    )


def test_a_torn_enrolment_goes_on_with_the_very_number_it_began_with(db: Database) -> None:
    begun = badge_keys.begin(db, ID, "ntag424", 1, now=NOW)
    assert badge_keys.begin(db, ID, "ntag424", 2, now=LATER) == begun
    assert badge_keys.begin_wiping(db, ID, "ntag424", now=LATER) == begun
    badge_keys.finish(db, ID, now=LATER)
    assert badge_keys.begin(db, ID, "ntag424", 2, now=LATER).next_version == 2


def test_what_a_badge_held_is_known_until_it_holds_something_else(db: Database) -> None:
    first = enrolled(db, ID, 1)
    moving = badge_keys.begin(db, ID, "ntag424", 2, now=LATER)
    assert (moving.key_version, moving.enrolment) == (1, first.enrolment)
    assert moving.next_enrolment != first.enrolment


def numbers(db: Database, times: int, **more: Any) -> list[int]:
    """Of so many enrolments of one badge, one after the other."""
    found = []
    with db.writing():
        for _ in range(times):
            begun = badge_keys.begin(db, ID, "ntag424", 1, now=NOW, **more)
            badge_keys.finish(db, ID, now=NOW)
            assert begun.next_enrolment is not None
            found.append(begun.next_enrolment)
    return found


def test_the_number_of_an_enrolment_comes_again_when_all_were_used_alone(db: Database) -> None:
    first = numbers(db, 255)
    assert sorted(first) == list(range(1, 256))
    assert numbers(db, 255) == first


def test_a_number_that_the_badge_shows_is_not_given_to_it_by_books_of_before(db: Database) -> None:
    first, second = numbers(db, 2, numbering=Numbering(random=bytes))
    db.execute("DELETE FROM enrolments")
    assert numbers(db, 1, numbering=Numbering(first, bytes)) == [second]


def test_where_the_numbers_of_a_badge_begin_is_drawn_at_random(db: Database) -> None:
    found = []
    for drawn in (0, 1, 254, 255):
        found += numbers(db, 1, numbering=Numbering(random=partial(drawn.to_bytes, byteorder="big")))
        db.execute("DELETE FROM enrolments")
    assert found == [1, 2, 255, 1]


def test_a_door_has_no_key_of_a_version_that_the_badge_got_after_its_list(db: Database) -> None:
    enrolled(db, ID, 1)
    assert not badge_keys.were_given_after(db, BadgeKeys(identity=ID, scheme="ntag424"), NOW)
    badge_keys.begin(db, ID, "ntag424", 1, now=LATER)
    known = badge_keys.finish(db, ID, now=LATER)
    assert known is not None
    assert not badge_keys.were_given_after(db, known, NOW), "the key of doors is the same"
    assert badge_keys.were_given_after(db, known, NOW - timedelta(seconds=1))
    moving = badge_keys.begin(db, ID, "ntag424", 2, now=LATER)
    assert badge_keys.were_given_after(db, moving, NOW)
    assert not badge_keys.were_given_after(db, moving, LATER)


def test_a_wiped_badge_holds_nothing(db: Database) -> None:
    enrolled(db, ID, 1)
    wiping = badge_keys.begin_wiping(db, ID, "ntag424", now=NOW)
    assert (wiping.key_version, wiping.next_version) == (1, 0)
    assert badge_keys.wiped(db, ID, now=LATER) == BadgeKeys(
        identity=ID, scheme="ntag424", key_version=0, proved_at=LATER
    )


def test_an_enrolment_takes_the_place_of_a_wiping_that_was_torn(db: Database) -> None:
    enrolled(db, ID, 1)
    badge_keys.begin_wiping(db, ID, "ntag424", now=NOW)
    assert badge_keys.begin(db, ID, "ntag424", 1, now=LATER).next_version == 1


def test_what_is_not_under_way_cannot_end(db: Database) -> None:
    assert badge_keys.finish(db, ID, now=NOW) is None
    known = enrolled(db, ID, 1)
    assert badge_keys.finish(db, ID, now=LATER) == known


@pytest.mark.parametrize(
    ("known", "versions"),
    [
        pytest.param({}, (2,), id="never written by us: the present one"),
        pytest.param({"key_version": 1}, (1,), id="certain"),
        pytest.param({"key_version": 0}, (), id="wiped: none"),
        pytest.param({"next_version": 1}, (1,), id="its first enrolment is torn: what it was being given"),
        pytest.param({"key_version": 1, "next_version": 2}, (1, 2), id="moving on: the certain one first"),
        pytest.param({"key_version": 1, "next_version": 2, "door_version": 2}, (2, 1), id="moved, as a door saw"),
        pytest.param({"key_version": 2, "next_version": 2}, (2,), id="written anew in the same version"),
        pytest.param({"key_version": 0, "next_version": 2}, (2,), id="wiped, and given out again"),
        pytest.param({"key_version": 1, "next_version": 0}, (1,), id="being wiped: what it held"),
        pytest.param({"next_version": 0}, (2,), id="never written by us, being wiped"),
    ],
)
def test_doors_ask_for_what_a_badge_may_hold_the_likeliest_first(
    known: dict[str, Any], versions: tuple[int, ...]
) -> None:
    held = BadgeKeys(identity=ID, scheme="ntag424", **known)
    assert held.versions_at_doors(2) == versions
    assert badge_keys.versions_at_doors({ID: held}, BADGE, 2) == versions


def test_a_badge_known_by_its_number_alone_has_no_keys_and_one_of_ones_own_the_present_ones() -> None:
    assert badge_keys.versions_at_doors({}, f"uid:{ID}", 2) == ()
    assert badge_keys.versions_at_doors({}, BADGE, 2) == (2,)


def test_a_proof_at_a_door_ends_no_exchange(db: Database) -> None:
    """The other slots may still hold what they held."""
    enrolled(db, ID, 1)
    badge_keys.begin(db, ID, "ntag424", 2, now=LATER)
    badge_keys.proved_at_door(db, ID, 1)
    assert badge_keys.under_way(db)[ID].door_version is None
    badge_keys.proved_at_door(db, ID, 2)
    assert badge_keys.under_way(db)[ID].door_version == 2
    ended = badge_keys.finish(db, ID, now=LATER)
    assert ended is not None
    assert (ended.key_version, ended.door_version) == (2, None)
    assert badge_keys.under_way(db) == {}


def test_what_was_assigned_by_hand_is_settled_to_the_version_that_was_present(db: Database, member: int) -> None:
    """Before a rotation: later nobody could tell that it holds the former one."""
    enrolled(db, "04C1B2C3D4E5F6", 2)
    badge_keys.begin(db, "04D1B2C3D4E5F6", "desfire", 2, now=NOW)
    for credential in (BADGE, "uid:04B1B2C3D4E5F6", "ntag424:04C1B2C3D4E5F6", "desfire:04D1B2C3D4E5F6"):
        badges.assign(db, member, credential, now=NOW)
    badge_keys.begin_wiping(db, "04E1B2C3D4E5F6", "ntag424", now=NOW)
    badges.assign(db, member, "ntag424:04E1B2C3D4E5F6", now=NOW)
    badge_keys.settle(db, 1)
    known = {identity: keys.key_version for identity, keys in badge_keys.every(db).items()}
    assert known == {ID: 1, "04C1B2C3D4E5F6": 2, "04D1B2C3D4E5F6": None, "04E1B2C3D4E5F6": 1}
    badge_keys.settle(db, 7)
    assert badge_keys.every(db)[ID].key_version == 1


def test_badges_are_counted_by_scheme_and_version_and_those_left_are_named(db: Database, member: int) -> None:
    enrolled(db, ID, 1)
    enrolled(db, "04C1B2C3D4E5F6", 2)
    enrolled(db, "04E1B2C3D4E5F6", 1)  # nobody holds it
    badge_keys.begin(db, "04D1B2C3D4E5F6", "desfire", 1, now=NOW)
    for credential in (
        BADGE,
        "ntag424:04C1B2C3D4E5F6",
        "desfire:04D1B2C3D4E5F6",
        "desfire:04F1B2C3D4E5F6",
        "uid:04AA0011",
    ):
        badges.assign(db, member, credential, now=NOW)
    badges.assign(db, member, "ntag424:0499B2C3D4E5F6", now=NOW)
    badges.end(db, "ntag424:0499B2C3D4E5F6", now=NOW, ended_as="lost")
    assert badge_keys.counts(db, 2) == {
        ("desfire", 1): 1,
        ("desfire", 2): 1,
        ("ntag424", 1): 1,
        ("ntag424", 2): 1,
        ("uid", None): 1,
    }
    left = [(badge.credential, badge.member) for badge in badge_keys.left_on(db, 1)]
    assert left == [(BADGE, member), ("desfire:04D1B2C3D4E5F6", member), ("ntag424:04E1B2C3D4E5F6", None)]


def test_what_is_nobodys_is_left_too_but_not_what_is_lost(db: Database) -> None:
    """A version that ends makes waste of what nobody can write anew."""
    member = members.add(db, "Anne", now=NOW).id
    for nth, ending in enumerate(("returned", "revoked", "lost"), 1):
        identity = f"04{nth:02X}B2C3D4E5F6"
        enrolled(db, identity, 1)
        badges.assign(db, member, f"ntag424:{identity}", now=NOW)
        badges.end(db, f"ntag424:{identity}", now=NOW, ended_as=ending)  # type: ignore[arg-type]
    badge_keys.begin(db, "0409B2C3D4E5F6", "desfire", 1, now=NOW)
    left = badge_keys.left_on(db, 1)
    assert [(each.credential, each.member) for each in left] == [
        ("ntag424:0401B2C3D4E5F6", None),
        ("ntag424:0402B2C3D4E5F6", None),
        ("desfire:0409B2C3D4E5F6", None),
    ]


def test_an_enrolment_to_a_version_that_is_over_is_let_go_of(db: Database) -> None:
    enrolled(db, ID, 2)
    badge_keys.begin(db, ID, "ntag424", 1, now=NOW)
    badge_keys.let_go(db, 1)
    known = badge_keys.of(db, ID)
    assert known is not None
    assert (known.key_version, known.next_version) == (2, None)


def test_a_site_key_is_known_by_its_imprint_until_it_is_over(db: Database) -> None:
    assert site_keys.imprint_of(db, 1) is None
    site_keys.note(db, 1, "aa", now=NOW)
    site_keys.note(db, 1, "aa", now=LATER)
    assert site_keys.imprint_of(db, 1) == "aa"
    site_keys.note(db, 1, "bb", now=LATER)
    assert site_keys.imprint_of(db, 1) == "bb"
    site_keys.end(db, 1, now=LATER)
    assert site_keys.imprint_of(db, 1) is None


@pytest.mark.parametrize(
    ("happened", "becomes"),
    [
        ("enrolled", BADGE),
        ("left half done", BADGE),
        ("its wiping left half done", BADGE),
        ("wiped", f"uid:{ID}"),
        ("settled by hand, and given back", f"uid:{ID}"),
        ("nothing", f"uid:{ID}"),
    ],
)
def test_a_badge_with_keys_of_ours_never_becomes_one_that_is_known_by_its_number(
    db: Database, member: int, happened: str, becomes: str
) -> None:
    if happened == "settled by hand, and given back":
        badges.assign(db, member, BADGE, now=NOW)
        badges.end(db, BADGE, now=NOW)
        badge_keys.settle(db, 1)
    elif happened != "nothing":
        badge_keys.begin(db, ID, "ntag424", 1, now=NOW)
    if happened in ("enrolled", "its wiping left half done", "wiped"):
        badge_keys.finish(db, ID, now=NOW)
    if happened in ("its wiping left half done", "wiped"):
        badge_keys.begin_wiping(db, ID, "ntag424", now=NOW)
    if happened == "wiped":
        badge_keys.wiped(db, ID, now=NOW)
    assert badges.assign(db, member, f"uid:{ID}", now=NOW).credential == becomes
    assert badge_keys.copyable(db) == becomes.startswith("uid:")


def test_a_badge_that_is_held_as_one_with_keys_is_named_by_them(db: Database, member: int) -> None:
    badges.assign(db, member, BADGE, now=NOW)
    assert badges.by_its_keys(db, f"uid:{ID}") == BADGE
    with pytest.raises(Refusal) as refusal:
        badges.assign(db, member, f"uid:{ID}", now=NOW)
    assert refusal.value.code == "badge_held_already"
    badges.end(db, BADGE, now=NOW)
    assert badges.by_its_keys(db, f"uid:{ID}") == f"uid:{ID}"


def test_a_badge_with_keys_of_ours_is_no_copyable_one_though_it_is_named_so(db: Database, member: int) -> None:
    enrolled(db, ID, 1)
    assert badges.assign(db, member, f"uid:{ID}", now=NOW, allow_uid=False).credential == BADGE
