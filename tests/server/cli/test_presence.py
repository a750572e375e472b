"""`poincon present`, `muster` and `guest`: who is in."""

from datetime import date

import pytest

from device.contract.instant import Instant
from device.contract.messages import Direction
from server.ingest.recount import enter_by_desk
from server.site.rules_in_force import house_of
from server.store.database import open_database
from tests.orders import work_at
from tests.server.cli.conftest import CommandLine


def check(cli: CommandLine, member: int, side: Direction) -> None:
    """Somebody is checked in or out at the desk."""
    with open_database(cli.site.database_path) as db:
        house = house_of(db, cli.site.settings)
        enter_by_desk(work_at(cli.now, db, house, "ada"), member, side, at=cli.now)


@pytest.fixture
def monday(cli: CommandLine) -> CommandLine:
    """Ada and Zoé came at 9:14 and 9:44, a guest at 10:14; Bo did not come."""
    for name in ("Zoé", "Ada", "Bo"):
        cli.out("member", "add", name)
    check(cli, 2, "entry")
    cli.later(minutes=30)
    check(cli, 1, "entry")
    cli.later(minutes=30)
    cli.out("guest", "add", "Marie", "--by", "2")
    cli.later(minutes=5)
    return cli


def test_who_is_in_is_told_with_since_when(monday: CommandLine) -> None:
    assert monday.json("present") == {
        "present": 3,
        "guests": 1,
        "uncertain": 0,
        "as_of": "2026-11-23T09:19:05.000Z",
        "members": [
            {"id": 2, "name": "Ada", "since": "2026-11-23T08:14:05.000Z"},
            {"id": 1, "name": "Zoé", "since": "2026-11-23T08:44:05.000Z"},
        ],
    }


def test_people_read_local_time(monday: CommandLine) -> None:
    assert monday.out("present").splitlines() == [
        "n°  nom  depuis",
        " 2  Ada  2026-11-23 09:14",
        " 1  Zoé  2026-11-23 09:44",
        "présents\u00a0: 3, dont invités\u00a0: 1",
    ]


def test_the_past_can_be_asked_in_local_time_or_with_an_offset(monday: CommandLine) -> None:
    check(monday, 2, "exit")
    monday.later(hours=1)
    for moment, members in (
        ("2026-11-23T09:30", [2]),
        ("2026-11-23T08:30Z", [2]),
        ("2026-11-23T10:00:00+01:00", [2, 1]),
        ("2026-11-23 11:00", [1]),
        ("2026-11-23", []),
    ):
        assert [each["id"] for each in monday.json("present", "--at", moment)["members"]] == members, moment


@pytest.mark.parametrize("wrong", ["hier", "2026-13-01", "2026-11-23T25:00", "23/11/2026", "09:00", "2026-11-23T9:00"])
def test_a_time_that_is_none_is_wrong_use_with_an_example(cli: CommandLine, wrong: str) -> None:
    result = cli.run("present", "--at", wrong)
    assert result.exit_code == 2
    assert "2026-11-23T09:00" in result.stderr


def test_an_empty_house_has_nobody(cli: CommandLine) -> None:
    assert cli.json("present")["present"] == 0
    assert cli.out("present") == "présents\u00a0: 0, dont invités\u00a0: 0\n"


def test_the_evacuation_list_names_everybody_in_order_with_a_box_to_tick(monday: CommandLine) -> None:
    lines = monday.out("muster").splitlines()
    assert lines[0] == "LISTE D'ÉVACUATION · Au Comptoir Numérique"
    assert lines[1].startswith("au 2026-11-23 10:19:05 · présents\u00a0: 3")
    assert [line.split()[2] for line in lines if line.startswith("[  ]")] == ["Ada", "Marie", "Zoé"]
    assert lines[4].endswith("depuis 10:14 · invité")


def test_the_evacuation_list_is_data_too(monday: CommandLine) -> None:
    listed = monday.json("muster")
    assert [each["name"] for each in listed["members"]] == ["Ada", "Zoé"]
    assert [each["name"] for each in listed["guest_list"]] == ["Marie"]


def test_a_guest_comes_on_somebodys_word_or_a_golden_ticket_and_never_on_both(monday: CommandLine) -> None:
    assert monday.run("guest", "add", "Paul").exit_code == 2
    assert monday.run("guest", "add", "Paul", "--by", "1", "--golden", "2").exit_code == 2
    assert "pas de ticket d'or" in monday.refusal("guest", "add", "Paul", "--golden", "2")
    monday.out("give", "2", "golden", "1", "--reason", "ménage")
    assert monday.json("guest", "add", "Paul", "--golden", "2")["golden"] is True
    assert "numéro 9" in monday.refusal("guest", "add", "Rosa", "--by", "9")
    assert "déjà là" in monday.refusal("guest", "add", "Paul", "--by", "1")


@pytest.mark.parametrize("sign", "'’`´ʼ")
def test_a_guest_goes_by_whatever_apostrophe_is_typed(monday: CommandLine, sign: str) -> None:
    monday.out("guest", "add", "Siobhán O'Brien", "--by", "1")
    monday.out("guest", "leave", f"Siobhan O{sign}Brien")


def test_a_guest_who_leaves_no_longer_counts(monday: CommandLine) -> None:
    assert monday.out("guest", "leave", "Marie") == "Marie est parti\n"
    assert monday.json("present")["guests"] == 0
    assert monday.json("guest", "list") == []
    assert "n'est là" in monday.refusal("guest", "leave", "Marie")


def test_a_guest_belongs_to_the_local_date(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    cli.now = Instant.parse("2026-11-23T23:30:00.000Z")
    added = cli.json("guest", "add", "Marie", "--by", "1")
    assert date.fromisoformat(added["day"]) == date(2026, 11, 24)
