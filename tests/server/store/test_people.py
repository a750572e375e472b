"""Members, their badges, guests and operators."""

from datetime import date, timedelta

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.store.database import Books
from server.store.people import badges, directory, members, operators
from server.store.presence import guests, stays

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
DAY = date(2026, 11, 23)
BADGE = "ntag424:04A1B2C3D4E5F6"
HOUR = timedelta(hours=1)


def test_a_member_is_kept_as_written(books: Books) -> None:
    anne = members.add(books, "  Anne <b>Ñandú</b> שלום ", email="anne@example.org", role="concierge", now=NOW)
    assert members.find(books, anne.id) == anne
    assert (anne.name, anne.email, anne.role, anne.created_at) == (
        "Anne <b>Ñandú</b> שלום",
        "anne@example.org",
        "concierge",
        NOW,
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "A\nB", "\udcff"])
def test_a_name_that_is_none_is_refused(books: Books, name: str) -> None:
    with pytest.raises(Refused):
        members.add(books, name, now=NOW)


@pytest.mark.parametrize("email", ["anne", "@host", "anne@", "an ne@host", "a\x00@b"])
def test_an_address_that_is_none_is_refused(books: Books, email: str) -> None:
    with pytest.raises(Refused):
        members.add(books, "Anne", email=email, now=NOW)


def test_members_are_listed_by_name_and_found_by_any_part(books: Books) -> None:
    for name, email in (("Zoé", None), ("anne", "a@example.org"), ("Éric", None)):
        members.add(books, name, email=email, now=NOW)
    assert [member.name for member in members.every(books)] == ["anne", "Éric", "Zoé"]
    assert [member.name for member in members.every(books, search="ZOÉ")] == ["Zoé"]
    assert [member.name for member in members.every(books, search="example")] == ["anne"]


@pytest.mark.parametrize("number", [0, 99, -1, 2**70])
def test_nobody_has_an_unknown_number(books: Books, number: int) -> None:
    with pytest.raises(Refused, match=f"no member has the number {number}"):
        members.find(books, number)


def test_a_suspension_has_a_reason_and_an_end(books: Books) -> None:
    anne = members.add(books, "Anne", now=NOW)
    with pytest.raises(Refused, match="reason"):
        members.suspend(books, anne.id, " ", now=NOW)
    assert members.suspend(books, anne.id, "lost keys", now=NOW).suspended_for == "lost keys"
    with pytest.raises(Refused, match="already: lost keys"):
        members.suspend(books, anne.id, "again", now=NOW)
    assert members.restore(books, anne.id) == anne
    with pytest.raises(Refused, match="not suspended"):
        members.restore(books, anne.id)


def test_a_member_is_edited_in_parts(books: Books) -> None:
    anne = members.add(books, "Anne", email="a@b", now=NOW)
    members.edit(books, anne.id, role="concierge")
    assert members.edit(books, anne.id, email="", notes="likes tea") == members.find(books, anne.id)
    edited = members.find(books, anne.id)
    assert (edited.name, edited.email, edited.role, edited.notes) == ("Anne", None, "concierge", "likes tea")


def test_who_is_forgotten_has_neither_name_nor_badge(books: Books) -> None:
    anne = members.add(books, "Anne", now=NOW)
    badges.assign(books, anne.id, BADGE, now=NOW)
    members.forget(books, anne.id, now=NOW)
    assert members.every(books) == [] == badges.every(books)
    assert members.names(books) == {anne.id: ""}
    with pytest.raises(Refused):
        members.find(books, anne.id)
    assert members.add(books, "Bruno", now=NOW).id != anne.id


def test_a_badge_has_one_holder_at_a_time(books: Books) -> None:
    anne, bruno = members.add(books, "Anne", now=NOW), members.add(books, "Bruno", now=NOW)
    badges.assign(books, anne.id, BADGE, now=NOW)
    for member in (anne, bruno):
        with pytest.raises(Refused, match=f"is the badge of Anne \\(number {anne.id}\\); revoke it first"):
            badges.assign(books, member.id, BADGE, now=NOW)
    badges.end(books, BADGE, now=NOW + HOUR, ended_as="lost")
    badges.assign(books, bruno.id, BADGE.lower().replace("ntag424:04a", " NTAG424:04A"), now=NOW + 2 * HOUR)
    assert badges.holdings(books, BADGE) == [(anne.id, NOW, NOW + HOUR), (bruno.id, NOW + 2 * HOUR, None)]
    assert [(badge.member, badge.ended_as) for badge in badges.every(books)] == [(anne.id, "lost"), (bruno.id, None)]
    assert [badge.member for badge in badges.latest(books)] == [bruno.id]


@pytest.mark.parametrize("credential", ["", "04A1B2C3", "uid:", "uid:04A1B2", "card:04A1B2C3", "uid:04A1B2C3\n;"])
def test_a_badge_that_is_none_is_refused(books: Books, credential: str) -> None:
    anne = members.add(books, "Anne", now=NOW)
    with pytest.raises(Refused, match="is no badge"):
        badges.assign(books, anne.id, credential, now=NOW)


def test_a_badge_that_nobody_holds_cannot_be_revoked(books: Books) -> None:
    with pytest.raises(Refused, match="nobody holds"):
        badges.end(books, BADGE, now=NOW)


def test_guests_are_counted_while_they_are_in(books: Books) -> None:
    guests.arrive(books, "Léa", day=DAY, now=NOW)
    guests.arrive(books, None, day=DAY, now=NOW)
    guests.arrive(books, None, day=DAY, now=NOW)
    assert guests.count(books, DAY) == 3
    guests.leave(books, None, day=DAY, now=NOW + HOUR)
    guests.leave(books, "Léa", day=DAY, now=NOW + HOUR)
    assert guests.count(books, DAY) == 1
    assert [guest.name for guest in guests.present(books, DAY, NOW)] == ["Léa", None, None]


def test_a_guest_comes_in_once_and_leaves_once(books: Books) -> None:
    guests.arrive(books, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match="in already"):
        guests.arrive(books, "Léa", day=DAY, now=NOW)
    guests.leave(books, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match="no guest called Léa"):
        guests.leave(books, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match="no such guest"):
        guests.leave(books, None, day=DAY, now=NOW)


def test_a_guest_of_an_unknown_member_is_refused(books: Books) -> None:
    with pytest.raises(Refused):
        guests.arrive(books, "Léa", member=7, day=DAY, now=NOW)
    assert guests.lasting(books) == []


def test_operators_have_names_of_their_own(books: Books) -> None:
    operators.add(books, "marie", "$argon2id$…", must_change=True, now=NOW)
    with pytest.raises(Refused, match="already"):
        operators.add(books, "marie", "$argon2id$…", must_change=True, now=NOW)
    operators.note_failure(books, "marie", now=NOW)
    operators.note_failure(books, "marie", now=NOW)
    assert operators.find(books, "marie").failures == 2
    operators.set_password(books, "marie", "$argon2id$new")
    marie = operators.find(books, "marie")
    assert (marie.failures, marie.must_change, marie.password_hash) == (0, False, "$argon2id$new")
    operators.remove(books, "marie")
    assert operators.every(books) == []
    with pytest.raises(Refused, match="no operator marie"):
        operators.remove(books, "marie")


def test_nobody_is_forgotten_while_they_are_in(books: Books) -> None:
    anne = members.add(books, "Anne", now=NOW)
    books.execute("INSERT INTO stays VALUES (?, '2026-11-23', 0, ?, NULL, 0)", (anne.id, str(NOW)))
    assert stays.members_inside(books, DAY) == [anne.id]
    with pytest.raises(Refused, match="still in"):
        members.forget(books, anne.id, now=NOW)


@pytest.mark.parametrize("scheme", ["uid", "ntag424", "desfire"])
@pytest.mark.parametrize("other", ["uid", "ntag424", "desfire"])
def test_one_id_is_one_badge_whatever_its_scheme(books: Books, scheme: str, other: str) -> None:
    anne, bruno = (members.add(books, name, now=NOW).id for name in ("Anne", "Bruno"))
    badges.assign(books, anne, f"{scheme}:04A1B2C3D4E5F6", now=NOW)
    with pytest.raises(Refused, match=f"{scheme}:04A1B2C3D4E5F6 is the badge of Anne"):
        badges.assign(books, bruno, f"{other}:04A1B2C3D4E5F6", now=NOW)
    badges.assign(books, bruno, f"{other}:04A1B2C3D4E5F7", now=NOW)
    badges.end(books, f"{scheme}:04A1B2C3D4E5F6", now=NOW)
    badges.assign(books, bruno, f"{other}:04A1B2C3D4E5F6", now=NOW)


def test_doors_are_told_of_a_badge_once_by_the_name_it_has_now(books: Books) -> None:
    anne = members.add(books, "Anne", now=NOW).id
    badges.assign(books, anne, "uid:04A1B2C3D4E5F6", now=NOW)
    badges.end(books, "uid:04A1B2C3D4E5F6", now=NOW)
    assert [badge.credential for badge in badges.latest(books)] == ["uid:04A1B2C3D4E5F6"]
    badges.assign(books, anne, "ntag424:04A1B2C3D4E5F6", now=NOW)
    assert [(badge.credential, badge.ended_as) for badge in badges.latest(books)] == [("ntag424:04A1B2C3D4E5F6", None)]


@pytest.mark.parametrize("typed", ["emile", "ÉMILE oeuvrard", "œuv", "emile  d'a", "dalembert", "7", "e.d@example"])
def test_somebody_is_found_however_their_name_is_typed(books: Books, typed: str) -> None:
    for nth in range(6):
        members.add(books, f"Bruno {'ABCDEF'[nth]}", now=NOW)
    members.add(books, "Émile d’Alembert-Œuvrard", email="e.d@example.org", now=NOW)
    assert [member.id for member in members.every(books, search=typed)] == [7]
    assert [listed.id for listed in directory.search(books, typed, NOW.date())] == [7]


def test_a_guest_leaves_by_their_name_however_it_is_typed(books: Books) -> None:
    guests.arrive(books, "Zoé Müller-Œhl", day=NOW.date(), now=NOW)
    with pytest.raises(Refused, match="is in already"):
        guests.arrive(books, "zoe muller oehl", day=NOW.date(), now=NOW)
    assert guests.leave(books, "ZOE  MULLER OEHL", day=NOW.date(), now=NOW).left_at == NOW
