"""`poincon member`."""

from server.store.people.personal_data import PERSONAL_TABLES
from tests.server.cli.conftest import CommandLine


def test_a_new_member_has_a_number(cli: CommandLine) -> None:
    added = cli.json("member", "add", "Ada Lovelace", "--email", "ada@example.org", "--role", "concierge")
    assert (added["id"], added["name"], added["role"]) == (1, "Ada Lovelace", "concierge")
    assert added["created_at"] == "2026-11-23T08:14:05.000Z"


def test_the_number_is_told_to_people_too(cli: CommandLine) -> None:
    assert cli.out("member", "add", "Ada") == "membre n° 1\u00a0: Ada\n"


def test_everybody_is_listed_by_name(cli: CommandLine) -> None:
    for name in ("Zoé", "Ada", "Émile"):
        cli.out("member", "add", name)
    assert [member["name"] for member in cli.json("member", "list")] == ["Ada", "Émile", "Zoé"]
    assert cli.out("member", "list").splitlines()[:2] == [
        "n°  nom    rôle    courriel  état",
        " 2  Ada    membre            en règle",
    ]


def test_a_search_finds_names_addresses_and_numbers(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada", "--email", "a@example.org")
    cli.out("member", "add", "Bo")
    assert [each["id"] for each in cli.json("member", "list", "--search", "EXAMPLE")] == [1]
    assert [each["id"] for each in cli.json("member", "list", "--search", "2")] == [2]


def test_an_empty_place_says_so_and_lists_nothing(cli: CommandLine) -> None:
    assert cli.out("member", "list") == "personne\n"
    assert cli.json("member", "list") == []


def test_a_suspension_keeps_its_reason_until_it_is_lifted(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    cli.out("member", "suspend", "1", "--reason", "clé perdue")
    assert cli.json("member", "show", "1")["suspended_for"] == "clé perdue"
    assert "suspendu\u00a0: clé perdue" in cli.out("member", "list")
    assert "déjà suspendu" in cli.refusal("member", "suspend", "1", "--reason", "encore")
    cli.out("member", "restore", "1")
    assert cli.json("member", "show", "1")["suspended_at"] is None
    assert "n'est pas suspendu" in cli.refusal("member", "restore", "1")


def test_a_person_is_shown_with_their_badges(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    cli.out("badge", "assign", "1", "uid:04A1B2C3D4E5F6")
    cli.out("badge", "revoke", "uid:04A1B2C3D4E5F6", "--as", "lost")
    cli.out("badge", "assign", "1", "ntag424:04A1B2C3D4E5F6")
    shown = cli.json("member", "show", "1")
    assert [(badge["credential"], badge["ended_as"]) for badge in shown["badges"]] == [
        ("uid:04A1B2C3D4E5F6", "lost"),
        ("ntag424:04A1B2C3D4E5F6", None),
    ]
    assert shown["inside"] is False
    assert "uid:04A1B2C3D4E5F6 (perdu, 2026-11-23 09:14)" in cli.out("member", "show", "1")


def test_a_stranger_is_refused_by_number(cli: CommandLine) -> None:
    assert cli.refusal("member", "show", "7") == "aucun membre n'a le numéro 7"


def test_a_number_that_is_none_is_wrong_use(cli: CommandLine) -> None:
    for wrong in ("x", "0", "99999999999999999999"):
        assert cli.run("member", "show", wrong).exit_code == 2


def test_any_name_is_kept_as_typed_and_moves_no_cursor(cli: CommandLine) -> None:
    for name in ("<b>Ada</b>", "'; DROP TABLE members; --", "עדה", "阿达", "é" * 200):
        added = cli.json("member", "add", name)
        assert cli.json("member", "show", str(added["id"]))["name"] == name
    assert "caractères de contrôle" in cli.refusal("member", "add", "\x1b[2J")
    assert "200 au plus" in cli.refusal("member", "add", "é" * 201)
    assert "vide" in cli.refusal("member", "add", "  ")


def test_a_member_is_given_all_that_is_known_of_them(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    cli.out("badge", "assign", "1", "uid:04A1B2C3D4E5F6")
    cli.out("guest", "add", "Bo", "--by", "1")
    known = cli.json("member", "export", "1")
    assert known["member"]["name"] == "Ada"
    assert [badge["credential"] for badge in known["badges"]] == ["uid:04A1B2C3D4E5F6"]
    assert [guest["name"] for guest in known["guests"]] == ["Bo"]
    assert set(known) == {"member", *(table.name for table in PERSONAL_TABLES)}


def test_a_forgotten_member_is_nowhere_any_more(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada Lovelace", "--email", "ada@example.org")
    cli.out("badge", "assign", "1", "uid:04A1B2C3D4E5F6")
    assert cli.out("member", "forget", "1") == "le membre n° 1 est oublié\n"
    assert cli.json("member", "list") == []
    assert cli.json("badge", "list", "--all") == []
    assert "numéro 1" in cli.refusal("member", "show", "1")
    cli.out("member", "add", "Bo")
    cli.out("badge", "assign", "2", "uid:04A1B2C3D4E5F6")
