"""A badge is enrolled, given new keys, made blank and looked at, at a desk that lends its reader."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from device.contract.keys import ADDRESS_SLOT, MIRROR_SLOT
from device.core.badge.mirror import decrypted, is_signed
from device.simulation.cards import Blank, Desfire, Ntag424
from device.simulation.maker import signature
from server.accounts.work import Work
from server.enrolment.card_session import Kind
from server.store.people import badge_keys, badges, changes
from server.store.people.badge_keys import BadgeKeys
from tests.enrolling_place import ADDRESS, OTHER_UID, UID, EnrolmentPlace, blank, drawn, shown
from tests.played_desk import PlayedDesk, Shown

T = TypeVar("T")
KINDS = ["ntag424", "DESFire EV2", "DESFire EV3", "light"]
CLASSIC = Shown(bytes.fromhex("04A1B2C3"), Blank(), 0x08, b"")
NTAG_213 = Shown(UID, Blank(), 0x00, b"")


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_badge_is_given_keys_and_is_the_members(place: EnrolmentPlace, kind: str) -> None:
    card = blank(kind)
    state, outcome = place.with_card("enrol", shown(card), member=place.ada)
    assert (state.phase, state.end) == ("done", "done")
    assert [each.says for each in place.states] == ["waiting", "held", "look", "write", "note", "done"]
    scheme = "ntag424" if kind == "ntag424" else "desfire"
    assert outcome is not None
    assert (outcome.what, outcome.credential, outcome.name) == ("enrolled", f"{scheme}:04A1B2C3D4E5F6", "Ada")
    held = place.holding()
    assert held is not None
    assert (held.credential, held.member) == (outcome.credential, place.ada)
    assert place.holds(card)


def test_it_is_begun_in_the_books_before_the_first_key_is_written(place: EnrolmentPlace) -> None:
    card, desk = blank("ntag424"), PlayedDesk()
    factory = list(card.keys)
    before: list[bool] = []

    class Watching:
        def power_on(self) -> None:
            card.power_on()

        def answer(self, apdu: bytes) -> bytes:
            if apdu[1] == 0xC4:
                known = place.known()
                before.append(known is not None and known.next_version == 1)
            return card.answer(apdu)

    desk.plan.append(lambda: desk.hold(shown(Watching())))
    place.run("enrol", desk, member=place.ada)
    assert list(card.keys) != factory
    assert before
    assert all(before)


def test_who_did_it_stands_in_the_log_of_the_operators(place: EnrolmentPlace) -> None:
    place.enrolled()
    newest = changes.newest(place.db, member=place.ada)[0].change
    assert (newest.operator, newest.what, newest.after) == (
        "Marie",
        "badge.enrol",
        {"credential": "ntag424:04A1B2C3D4E5F6"},
    )


def test_its_own_address_is_on_it_where_the_place_has_one(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    assert isinstance(card, Ntag424)
    assert bytes(card.files[2].content[: len(ADDRESS)]) == ADDRESS
    place.address = b""
    other = place.enrolled(uid=OTHER_UID, member=place.bo)
    assert isinstance(other, Ntag424)
    assert not any(other.files[2].content)


def test_a_badge_that_is_somebody_elses_is_not_given_away(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    held = card.state()
    assert place.refusal("enrol", shown(card), member=place.bo) == "badge_held_already"
    assert card.state() == held


def test_a_badge_is_enrolled_again_for_the_same_member(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    state, _ = place.with_card("enrol", shown(card), member=place.ada)
    assert state.phase == "done"
    assert len(badges.every(place.db)) == 1
    assert place.holds(card)


def test_a_badge_known_by_its_number_alone_is_given_keys_and_a_new_name(place: EnrolmentPlace) -> None:
    badges.assign(place.db, place.ada, "uid:04A1B2C3D4E5F6", now=place.now, last_day=place.now.date())
    place.enrolled()
    assert [(each.credential, each.ended_as) for each in badges.every(place.db)] == [
        ("uid:04A1B2C3D4E5F6", "returned"),
        ("ntag424:04A1B2C3D4E5F6", None),
    ]
    held = place.holding()
    assert held is not None
    assert held.last_day == place.now.date()


def test_nobody_is_no_member(place: EnrolmentPlace) -> None:
    for nobody in (99, None):
        assert place.refusal("enrol", shown(blank("ntag424")), member=nobody) == "no_such_member"


def foreign(kind: str) -> Shown:
    keys = [bytes([nth]) * 16 for nth in range(1, 6)]
    if kind == "ntag424":
        card = Ntag424.blank(UID, drawn("foreign"))
        card.key_set.keys[:] = keys
        return shown(card)
    return shown(Desfire(UID, keys, drawn("foreign"), signature=signature(UID)))


@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe"])
@pytest.mark.parametrize("kind", ["ntag424", "desfire"])
def test_a_badge_under_keys_of_others_is_theirs(place: EnrolmentPlace, kind: str, act: str) -> None:
    member = place.ada if act == "enrol" else None
    assert place.refusal(act, foreign(kind), member=member) == "badge_of_strangers"  # type: ignore[arg-type]
    assert place.known() is None


def test_a_badge_of_another_place_is_theirs(place: EnrolmentPlace, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = EnrolmentPlace(tmp_path_factory.mktemp("other"))
    card = other.enrolled()
    other.close()
    assert place.refusal("enrol", shown(card), member=place.ada) == "badge_of_strangers"


def test_a_copy_is_no_original(place: EnrolmentPlace) -> None:
    copy = Ntag424(UID, [bytes(16)] * 5, drawn("copy"))
    assert place.refusal("enrol", shown(copy), member=place.ada) == "badge_not_original"
    assert place.known() is None


def test_a_badge_that_shows_anothers_number_is_a_copy(place: EnrolmentPlace) -> None:
    liar = Ntag424.blank(OTHER_UID, drawn("liar"))
    liar.signature = Ntag424.blank(UID, drawn("liar")).signature
    assert place.refusal("enrol", shown(liar), member=place.ada) == "badge_under_false_number"


def test_a_badge_in_another_mode_is_told_as_such(place: EnrolmentPlace) -> None:
    card = Ntag424.blank(UID, drawn("lrp"))
    card.lrp = True
    assert place.refusal("enrol", shown(card), member=place.ada) == "badge_in_lrp"


def test_a_badge_that_makes_wait_is_to_be_tried_again(place: EnrolmentPlace) -> None:
    card = Ntag424.blank(UID, drawn("slow"))
    card.key_set.failures[0], card.key_set.delays = 60, 60
    state, _ = place.with_card("enrol", shown(card), member=place.ada)
    assert state.refusal is not None
    assert (state.refusal.why.code, state.end) == ("badge_wants_to_wait", "again")


def test_a_full_card_says_so(place: EnrolmentPlace) -> None:
    card = Desfire.blank(UID, drawn("full"))
    card.memory = 10
    assert place.refusal("enrol", shown(card), member=place.ada) == "card_full"


@pytest.mark.parametrize("telephone", [Shown(bytes.fromhex("08A1B2C3"), Blank()), Shown(UID, Blank(), 0x60)])
@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe", "read"])
def test_a_telephone_is_no_badge(place: EnrolmentPlace, telephone: Shown, act: str) -> None:
    member = place.ada if act == "enrol" else None
    assert place.refusal(act, telephone, member=member, as_copyable=True) == "badge_is_telephone"  # type: ignore[arg-type]


@pytest.mark.parametrize("card", [CLASSIC, NTAG_213], ids=["classic", "ntag213"])
def test_a_card_without_keys_is_given_out_where_the_place_does_and_somebody_means_it(
    place: EnrolmentPlace, card: Shown
) -> None:
    assert place.refusal("enrol", card, member=place.ada) == "card_can_be_copied"
    state, outcome = place.with_card("enrol", card, member=place.ada, as_copyable=True)
    assert state.phase == "done"
    assert outcome is not None
    assert (outcome.what, outcome.is_copyable) == ("given_copyable", True)
    assert outcome.credential == f"uid:{card.uid.hex().upper()}"
    assert place.refusal("enrol", card, member=place.bo, as_copyable=True) == "badge_held_already"
    place.may_be_copied = False
    assert place.refusal("enrol", card, member=place.ada, as_copyable=True) == "card_of_other_kind"


@pytest.mark.parametrize("act", ["rekey", "wipe"])
def test_a_card_without_keys_can_be_given_none(place: EnrolmentPlace, act: str) -> None:
    assert place.refusal(act, CLASSIC) == "card_of_other_kind"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_new_keys_leave_the_badge_whose_it_is(place: EnrolmentPlace, kind: str) -> None:
    card = place.enrolled(kind)
    former, number = list(card.keys), place.known()
    place.site_keys = place.site_keys.rotated()
    state, outcome = place.with_card("rekey", shown(card))
    assert state.phase == "done"
    assert outcome is not None
    assert (outcome.what, outcome.member, outcome.key_version) == ("rekeyed", place.ada, 2)
    assert place.holds(card)
    assert not set(former) & set(card.keys)
    assert place.known() != number
    place.site_keys = place.site_keys.finished()
    assert place.with_card("read", shown(card))[0].phase == "done"


@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe"])
def test_a_badge_whose_keys_are_over_has_to_be_replaced(place: EnrolmentPlace, act: str) -> None:
    card = place.enrolled()
    place.site_keys = place.site_keys.rotated().finished()
    member = place.ada if act == "enrol" else None
    assert place.refusal(act, shown(card), member=member) == "key_version_over"  # type: ignore[arg-type]
    _, outcome = place.with_card("read", shown(card))
    assert outcome is not None
    assert (outcome.what, outcome.key_version, outcome.name) == ("read_over", 1, "Ada")


@pytest.mark.parametrize("act", ["enrol", "rekey", "wipe", "read"])
def test_a_card_with_the_number_of_a_badge_and_other_keys_is_a_copy_and_not_one_whose_keys_are_over(
    place: EnrolmentPlace, act: Kind
) -> None:
    place.enrolled()
    copy = foreign("ntag424")
    if act != "read":
        assert place.refusal(act, copy, member=place.ada) == "badge_not_authentic"
    else:
        _, outcome = place.with_card("read", copy)
        assert outcome is not None
        assert (outcome.what, outcome.name) == ("read_false", "Ada")
    assert place.holding() is not None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", ["enrol", "rekey"])
def test_a_blank_card_in_the_place_of_a_badge_is_given_none_of_its_keys(
    place: EnrolmentPlace, act: Kind, kind: str
) -> None:
    """As a desk could show it that is in the wrong hands, before the badge or in the middle of writing to it."""
    place.enrolled(kind)
    blanks = blank(kind), blank(kind)
    assert place.refusal(act, shown(blanks[0]), member=place.ada) == "badge_not_authentic"
    desk = PlayedDesk()
    badge_keys.begin(place.db, UID.hex().upper(), "ntag424" if kind == "ntag424" else "desfire", 1, now=place.now)
    desk.plan.append(lambda: desk.hold(shown(blanks[1])))
    state, _ = place.run(act, desk, member=place.ada)
    assert state.phase == "refused"
    for card in blanks:
        has_keys = bool(card.applications) if isinstance(card, Desfire) else any(any(key) for key in card.keys)
        assert not has_keys


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_card_in_the_place_of_a_badge_is_not_made_blank_in_the_books_and_then_given_its_keys(
    place: EnrolmentPlace, kind: str
) -> None:
    real, card = place.enrolled(kind), blank(kind)
    before = place.known()
    for act in ("wipe", "enrol", "wipe"):
        assert place.refusal(act, shown(card), member=place.ada) == "badge_not_authentic"
    assert not any(card.applications) if isinstance(card, Desfire) else not any(any(key) for key in card.keys)
    assert place.known() == before
    held = place.holding()
    assert held is not None
    assert held.member == place.ada
    assert place.holds(real)


def test_keys_that_end_while_they_are_written_are_told_and_not_believed(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    before = place.keys_in_books()
    desk = PlayedDesk()
    desk.tears[14] = "before"
    desk.plan.append(lambda: desk.hold(shown(card)))
    place.run("rekey", desk)
    seen = place.known()
    assert seen is not None
    assert seen.next_version == 1
    work = place.work()

    def ended_meanwhile(act: Callable[[Work], T]) -> T:
        done = place.books(act)
        if isinstance(done, BadgeKeys) and done.next_version:
            badge_keys.let_go(place.db, 1)
        return done

    place.work = lambda: replace(work, books=ended_meanwhile)  # type: ignore[method-assign]
    assert place.refusal("rekey", shown(card)) == "key_version_over"
    assert place.keys_in_books() == before


def test_new_keys_of_the_same_version_have_another_number(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    former = list(card.keys)
    place.with_card("rekey", shown(card))
    assert [slot for slot in range(5) if card.keys[slot] != former[slot]] == [3]
    assert place.holds(card)


def test_a_blank_badge_has_no_keys_to_be_changed(place: EnrolmentPlace) -> None:
    assert place.refusal("rekey", shown(blank("ntag424"))) == "badge_is_blank"


@pytest.mark.parametrize("kind", KINDS)
def test_a_badge_made_blank_is_nobodys_and_can_be_enrolled_for_another(place: EnrolmentPlace, kind: str) -> None:
    card = place.enrolled(kind)
    state, outcome = place.with_card("wipe", shown(card))
    assert state.phase == "done"
    assert [each.says for each in place.states] == ["waiting", "held", "look", "wipe", "note", "done"]
    assert outcome is not None
    assert (outcome.what, outcome.name, outcome.key_version) == ("wiped", "Ada", 0)
    assert place.holding() is None
    assert [each.ended_as for each in badges.every(place.db)] == ["returned"]
    known = place.known()
    assert known is not None
    assert (known.key_version, known.next_version) == (badge_keys.BLANK, None)
    assert not isinstance(card, Ntag424) or card.keys == [bytes(16)] * 5
    state, _ = place.with_card("enrol", shown(card), member=place.bo)
    assert state.phase == "done"
    assert place.holds(card)


def test_a_badge_that_was_never_anybodys_is_made_blank(place: EnrolmentPlace) -> None:
    state, outcome = place.with_card("wipe", shown(blank("ntag424")))
    assert state.phase == "done"
    assert outcome is not None
    assert outcome.member is None


def test_a_badge_is_looked_at(place: EnrolmentPlace) -> None:
    blank_one, enrolled = blank("ntag424", OTHER_UID), place.enrolled()

    def read(card: Shown) -> tuple[object, ...]:
        held = place.db.commits
        state, outcome = place.with_card("read", card)
        assert state.phase == "done"
        assert outcome is not None
        assert place.db.commits >= held
        return outcome.what, outcome.name, outcome.key_version, outcome.is_genuine, outcome.product

    assert read(shown(enrolled)) == ("read", "Ada", 1, True, "NTAG 424 DNA")
    assert read(shown(blank_one, OTHER_UID)) == ("read_blank", None, 0, True, "NTAG 424 DNA")
    assert read(Shown(OTHER_UID, Ntag424(OTHER_UID, [b"k" * 16] * 5, drawn("copy")))) == (
        "read_foreign",
        None,
        None,
        False,
        "NTAG 424 DNA",
    )
    assert read(shown(blank("DESFire EV3", OTHER_UID), OTHER_UID)) == ("read_blank", None, 0, True, "DESFire EV3")
    assert read(CLASSIC) == ("read_copyable", None, None, None, "MIFARE Classic 1K")
    place.site_keys = place.site_keys.rotated()
    assert read(shown(enrolled)) == ("read", "Ada", 1, True, "NTAG 424 DNA")
    badge_keys.begin(place.db, UID.hex().upper(), "ntag424", 2, now=place.now)
    assert read(shown(enrolled))[:3] == ("read_under_way", "Ada", 1)


def test_a_telephone_that_reads_it_is_shown_what_the_place_can_verify(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    keys = place.keys_in_books()
    card.power_on()
    card.answer(bytes.fromhex("00A4040C07D276000085010100"))
    told = card.answer(bytes.fromhex("90AD0000070200000000000000"))[:-2]
    start, end = told.index(b"?p=") + 3, told.index(b"&c=")
    mirrored = decrypted(bytes.fromhex(told[start:end].decode()), keys.slots[ADDRESS_SLOT])
    assert mirrored is not None
    assert mirrored.uid == UID
    assert is_signed(mirrored, bytes.fromhex(told[end + 3 : end + 19].decode()), keys.slots[MIRROR_SLOT])
    assert UID.hex().upper().encode() not in told


def test_a_card_without_keys_that_shows_the_number_of_a_badge_of_ours_is_a_copy(place: EnrolmentPlace) -> None:
    place.enrolled()
    for member in (place.ada, place.bo):
        why = place.refusal("enrol", NTAG_213, member=member, as_copyable=True)
        assert why == ("badge_not_authentic" if member == place.ada else "badge_held_already")
    badges.end(place.db, "ntag424:04A1B2C3D4E5F6", now=place.now)
    assert place.refusal("enrol", NTAG_213, member=place.bo, as_copyable=True) == "badge_not_authentic"
    _, outcome = place.with_card("read", NTAG_213)
    assert outcome is not None
    assert (outcome.what, outcome.is_copyable) == ("read_false", False)
    assert [each.credential for each in badges.every(place.db)] == ["ntag424:04A1B2C3D4E5F6"]


def test_a_card_without_keys_that_shows_the_number_of_a_badge_assigned_by_hand_is_a_copy(place: EnrolmentPlace) -> None:
    """Until the badge is taken from who holds it: then its number is a card's like any other."""
    badge = "ntag424:04A1B2C3D4E5F6"
    badges.assign(place.db, place.ada, badge, now=place.now)
    _, outcome = place.with_card("read", NTAG_213)
    assert outcome is not None
    assert (outcome.what, outcome.name, outcome.is_copyable) == ("read_false", "Ada", False)
    for wanted in (False, True):
        assert place.refusal("enrol", NTAG_213, member=place.ada, as_copyable=wanted) == "badge_not_authentic"
    held = place.holding()
    assert held is not None
    assert held.credential == badge
    badges.end(place.db, badge, now=place.now, ended_as="returned")
    state, _ = place.with_card("enrol", NTAG_213, member=place.ada, as_copyable=True)
    assert state.phase == "done"


def test_a_badge_assigned_by_hand_is_protected_once_the_desk_has_given_it_keys(place: EnrolmentPlace) -> None:
    card = place.enrolled()
    place.db.execute("DELETE FROM badge_keys")
    assert place.with_card("rekey", shown(card))[0].phase == "done"
    assert place.refusal("enrol", shown(blank("ntag424")), member=place.ada) == "badge_not_authentic"
