"""`poincon badge`."""

import pytest

from server.core.doors.key_diversification import badge_key
from tests.server.cli.conftest import CommandLine

BADGE = "ntag424:04A1B2C3D4E5F6"


@pytest.fixture
def ada(cli: CommandLine) -> CommandLine:
    cli.out("member", "add", "Ada")
    cli.out("member", "add", "Bo")
    return cli


def test_a_badge_is_given_and_taken(ada: CommandLine) -> None:
    assert ada.out("badge", "assign", "1", BADGE) == f"{BADGE} est le badge de Ada\n"
    (listed,) = ada.json("badge", "list")
    assert (listed["credential"], listed["member"], listed["name"]) == (BADGE, 1, "Ada")
    ada.out("badge", "revoke", BADGE)
    assert ada.json("badge", "list") == []
    assert [badge["ended_as"] for badge in ada.json("badge", "list", "--all")] == ["revoked"]


def test_a_badge_of_another_is_refused_with_whose_it_is_and_what_to_do(ada: CommandLine) -> None:
    ada.out("badge", "assign", "1", BADGE)
    assert (
        ada.refusal("badge", "assign", "2", BADGE)
        == f"{BADGE} est le badge de Ada (n° 1)\u00a0: retirez-le-lui d'abord"
    )


def test_a_badge_changes_hands_once_it_was_revoked(ada: CommandLine) -> None:
    ada.out("badge", "assign", "1", BADGE)
    ada.out("badge", "revoke", BADGE, "--as", "returned")
    ada.out("badge", "assign", "2", BADGE)
    assert [badge["member"] for badge in ada.json("badge", "list", "--all")] == [1, 2]


def test_a_badge_is_understood_in_any_case_and_written_in_one(ada: CommandLine) -> None:
    assert ada.json("badge", "assign", "1", "UID:04a1b2c3d4e5f6")["credential"] == "uid:04A1B2C3D4E5F6"


@pytest.mark.parametrize("wrong", ["04A1B2C3D4E5F6", "uid:04A1", "rfid:04A1B2C3D4E5F6", "uid:04A1B2C3D4E5FG", "uid:"])
def test_what_is_no_badge_is_refused_with_an_example(ada: CommandLine, wrong: str) -> None:
    assert "uid:04A1B2C3D4E5F6" in ada.refusal("badge", "assign", "1", wrong)


def test_a_lent_badge_has_its_last_day(ada: CommandLine) -> None:
    assert ada.json("badge", "assign", "1", BADGE, "--until", "2026-11-24")["last_day"] == "2026-11-24"
    assert ada.run("badge", "assign", "2", "uid:04A1B2C3", "--until", "24/11").exit_code == 2


@pytest.mark.parametrize("number", ["uid:08A1B2C3", "UID:08ffffff"])
def test_a_telephone_cannot_be_a_badge_and_is_told_so(ada: CommandLine, number: str) -> None:
    assert "est un téléphone" in ada.refusal("badge", "assign", "1", number)
    ada.out("badge", "assign", "1", "uid:08A1B2C3D4E5F6")  # seven bytes: a card's own number


def test_a_badge_nobody_holds_cannot_be_revoked(ada: CommandLine) -> None:
    assert ada.refusal("badge", "revoke", BADGE) == f"personne n'a le badge {BADGE}"


def test_the_door_key_is_derived_from_the_places_own_secret(ada: CommandLine) -> None:
    expected = badge_key(ada.site.badge_keys.present_key, bytes.fromhex("04A1B2C3D4E5F6"), 2, "here").hex().upper()
    assert ada.out("badge", "key", BADGE) == f"{expected}\n"
    assert ada.json("badge", "key", BADGE.lower()) == {
        "credential": BADGE,
        "slot": 2,
        "key": expected,
        "key_version": 1,
    }


def test_a_badge_known_by_its_number_alone_has_no_key(ada: CommandLine) -> None:
    assert "n'a pas de clé" in ada.refusal("badge", "key", "uid:04A1B2C3D4E5F6")
