"""Members, their badges, guests and operators."""

from datetime import date, timedelta

import pytest

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.people.forget import forget
from server.store.database import Database
from server.store.people import badges, directory, members, operators
from server.store.presence import guests, stays

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
DAY = date(2026, 11, 23)
BADGE = "ntag424:04A1B2C3D4E5F6"
HOUR = timedelta(hours=1)


def test_a_member_is_kept_as_written(db: Database) -> None:
    anne = members.add(db, "  Anne <b>Ñandú</b> שלום ", email="anne@example.org", role="concierge", now=NOW)
    assert members.find(db, anne.id) == anne
    assert (anne.name, anne.email, anne.role, anne.created_at) == (
        "Anne <b>Ñandú</b> שלום",
        "anne@example.org",
        "concierge",
        NOW,
    )


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "A\nB", "\udcff"])
def test_a_name_that_is_none_is_refused(db: Database, name: str) -> None:
    with pytest.raises(Refused):
        members.add(db, name, now=NOW)


@pytest.mark.parametrize("email", ["anne", "@host", "anne@", "an ne@host", "a\x00@b"])
def test_an_address_that_is_none_is_refused(db: Database, email: str) -> None:
    with pytest.raises(Refused):
        members.add(db, "Anne", email=email, now=NOW)


def test_members_are_listed_by_name_and_found_by_any_part(db: Database) -> None:
    for name, email in (("Zoé", None), ("anne", "a@example.org"), ("Éric", None)):
        members.add(db, name, email=email, now=NOW)
    assert [member.name for member in members.every(db)] == ["anne", "Éric", "Zoé"]
    assert [member.name for member in members.every(db, search="ZOÉ")] == ["Zoé"]
    assert [member.name for member in members.every(db, search="example")] == ["anne"]


@pytest.mark.parametrize("number", [0, 99, -1, 2**70])
def test_nobody_has_an_unknown_number(db: Database, number: int) -> None:
    with pytest.raises(Refused, match=f"no_such_member .*{number}"):
        members.find(db, number)


def test_a_suspension_has_a_reason_and_an_end(db: Database) -> None:
    anne = members.add(db, "Anne", now=NOW)
    with pytest.raises(Refused, match="suspension_without_reason"):
        members.suspend(db, anne.id, " ", now=NOW)
    assert members.suspend(db, anne.id, "lost keys", now=NOW).suspended_for == "lost keys"
    with pytest.raises(Refused, match=r"suspended_already .*reason: lost keys"):
        members.suspend(db, anne.id, "again", now=NOW)
    assert members.restore(db, anne.id) == anne
    with pytest.raises(Refused, match="not_suspended"):
        members.restore(db, anne.id)


def test_a_member_is_edited_in_parts(db: Database) -> None:
    anne = members.add(db, "Anne", email="a@b", now=NOW)
    members.edit(db, anne.id, role="concierge")
    assert members.edit(db, anne.id, email="", notes="likes tea") == members.find(db, anne.id)
    edited = members.find(db, anne.id)
    assert (edited.name, edited.email, edited.role, edited.notes) == ("Anne", None, "concierge", "likes tea")


def test_who_is_forgotten_has_neither_name_nor_badge(db: Database) -> None:
    anne = members.add(db, "Anne", now=NOW)
    badges.assign(db, anne.id, BADGE, now=NOW)
    forget(db, anne.id, now=NOW)
    assert members.every(db) == [] == badges.every(db)
    assert members.names(db) == {anne.id: ""}
    with pytest.raises(Refused):
        members.find(db, anne.id)
    assert members.add(db, "Bruno", now=NOW).id != anne.id


def test_a_badge_has_one_holder_at_a_time(db: Database) -> None:
    anne, bruno = members.add(db, "Anne", now=NOW), members.add(db, "Bruno", now=NOW)
    badges.assign(db, anne.id, BADGE, now=NOW)
    for member in (anne, bruno):
        with pytest.raises(Refused, match=f"badge_held_already .*name: Anne, member: {anne.id}"):
            badges.assign(db, member.id, BADGE, now=NOW)
    badges.end(db, BADGE, now=NOW + HOUR, ended_as="lost")
    badges.assign(db, bruno.id, BADGE.lower().replace("ntag424:04a", " NTAG424:04A"), now=NOW + 2 * HOUR)
    assert badges.holdings(db, BADGE) == [(anne.id, NOW, NOW + HOUR), (bruno.id, NOW + 2 * HOUR, None)]
    assert [(badge.member, badge.ended_as) for badge in badges.every(db)] == [(anne.id, "lost"), (bruno.id, None)]
    assert [badge.member for badge in badges.latest(db)] == [bruno.id]


@pytest.mark.parametrize("credential", ["", "04A1B2C3", "uid:", "uid:04A1B2", "card:04A1B2C3", "uid:04A1B2C3\n;"])
def test_a_badge_that_is_none_is_refused(db: Database, credential: str) -> None:
    anne = members.add(db, "Anne", now=NOW)
    with pytest.raises(Refused, match="not_a_badge"):
        badges.assign(db, anne.id, credential, now=NOW)


def test_a_badge_that_nobody_holds_cannot_be_revoked(db: Database) -> None:
    with pytest.raises(Refused, match="badge_not_held"):
        badges.end(db, BADGE, now=NOW)


def test_guests_are_counted_while_they_are_in(db: Database) -> None:
    guests.arrive(db, "Léa", day=DAY, now=NOW)
    guests.arrive(db, None, day=DAY, now=NOW)
    guests.arrive(db, None, day=DAY, now=NOW)
    assert guests.count(db, DAY) == 3
    guests.leave(db, None, day=DAY, now=NOW + HOUR)
    guests.leave(db, "Léa", day=DAY, now=NOW + HOUR)
    assert guests.count(db, DAY) == 1
    assert [guest.name for guest in guests.present(db, DAY, NOW)] == ["Léa", None, None]


def test_a_guest_comes_in_once_and_leaves_once(db: Database) -> None:
    guests.arrive(db, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match="guest_inside_already"):
        guests.arrive(db, "Léa", day=DAY, now=NOW)
    guests.leave(db, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match=r"guest_not_inside .*Léa"):
        guests.leave(db, "Léa", day=DAY, now=NOW)
    with pytest.raises(Refused, match="no_nameless_guest_inside"):
        guests.leave(db, None, day=DAY, now=NOW)


def test_a_guest_of_an_unknown_member_is_refused(db: Database) -> None:
    with pytest.raises(Refused):
        guests.arrive(db, "Léa", member=7, day=DAY, now=NOW)
    assert guests.lasting(db) == []


def test_operators_have_names_of_their_own(db: Database) -> None:
    operators.add(db, "marie", "$argon2id$…", must_change=True, now=NOW)
    with pytest.raises(Refused, match="operator_exists"):
        operators.add(db, "marie", "$argon2id$…", must_change=True, now=NOW)
    operators.note_failure(db, "marie", now=NOW)
    operators.note_failure(db, "marie", now=NOW)
    assert operators.find(db, "marie").failures == 2
    operators.set_password(db, "marie", "$argon2id$new")
    marie = operators.find(db, "marie")
    assert (marie.failures, marie.must_change, marie.password_hash) == (0, False, "$argon2id$new")
    operators.remove(db, "marie")
    assert operators.every(db) == []
    with pytest.raises(Refused, match=r"no_such_operator .*marie"):
        operators.remove(db, "marie")


def test_nobody_is_forgotten_while_they_are_in(db: Database) -> None:
    anne = members.add(db, "Anne", now=NOW)
    db.execute("INSERT INTO stays VALUES (?, '2026-11-23', 0, ?, NULL, 0)", (anne.id, str(NOW)))
    assert stays.members_inside(db, DAY) == [anne.id]
    with pytest.raises(Refused, match="member_inside"):
        forget(db, anne.id, now=NOW)


@pytest.mark.parametrize("scheme", ["uid", "ntag424", "desfire"])
@pytest.mark.parametrize("other", ["uid", "ntag424", "desfire"])
def test_one_id_is_one_badge_whatever_its_scheme(db: Database, scheme: str, other: str) -> None:
    anne, bruno = (members.add(db, name, now=NOW).id for name in ("Anne", "Bruno"))
    badges.assign(db, anne, f"{scheme}:04A1B2C3D4E5F6", now=NOW)
    with pytest.raises(Refused, match=f"badge_held_already .*{scheme}:04A1B2C3D4E5F6, name: Anne"):
        badges.assign(db, bruno, f"{other}:04A1B2C3D4E5F6", now=NOW)
    badges.assign(db, bruno, f"{other}:04A1B2C3D4E5F7", now=NOW)
    badges.end(db, f"{scheme}:04A1B2C3D4E5F6", now=NOW)
    badges.assign(db, bruno, f"{other}:04A1B2C3D4E5F6", now=NOW)


def test_doors_are_told_of_a_badge_once_by_the_name_it_has_now(db: Database) -> None:
    anne = members.add(db, "Anne", now=NOW).id
    badges.assign(db, anne, "uid:04A1B2C3D4E5F6", now=NOW)
    badges.end(db, "uid:04A1B2C3D4E5F6", now=NOW)
    assert [badge.credential for badge in badges.latest(db)] == ["uid:04A1B2C3D4E5F6"]
    badges.assign(db, anne, "ntag424:04A1B2C3D4E5F6", now=NOW)
    assert [(badge.credential, badge.ended_as) for badge in badges.latest(db)] == [("ntag424:04A1B2C3D4E5F6", None)]


@pytest.mark.parametrize("typed", ["emile", "ÉMILE oeuvrard", "œuv", "emile  d'a", "dalembert", "7", "e.d@example"])
def test_somebody_is_found_however_their_name_is_typed(db: Database, typed: str) -> None:
    for nth in range(6):
        members.add(db, f"Bruno {'ABCDEF'[nth]}", now=NOW)
    members.add(db, "Émile d’Alembert-Œuvrard", email="e.d@example.org", now=NOW)
    assert [member.id for member in members.every(db, search=typed)] == [7]
    assert [listed.id for listed in directory.search(db, typed, NOW.date())] == [7]


def test_a_guest_leaves_by_their_name_however_it_is_typed(db: Database) -> None:
    guests.arrive(db, "Zoé Müller-Œhl", day=NOW.date(), now=NOW)
    with pytest.raises(Refused, match="guest_inside_already"):
        guests.arrive(db, "zoe muller oehl", day=NOW.date(), now=NOW)
    assert guests.leave(db, "ZOE  MULLER OEHL", day=NOW.date(), now=NOW).left_at == NOW
