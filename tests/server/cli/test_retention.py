"""`poincon purge` and `notice`."""

from pathlib import Path

import pytest

from server.ingest.recount import enter_by_desk
from server.site.rules_in_force import house_of
from server.store.database import open_database
from tests.orders import work_at
from tests.server.cli.conftest import CommandLine


@pytest.fixture
def lived(cli: CommandLine) -> CommandLine:
    """Ada came and went, and four months passed."""
    cli.out("member", "add", "Ada")
    cli.out("sell", "1", "carnet-half-day", "--paid-by", "cash")
    with open_database(cli.site.database_path) as db:
        house = house_of(db, cli.site.settings)
        enter_by_desk(work_at(cli.now, db, house), 1, "entry", at=cli.now)
        cli.later(hours=2)
        enter_by_desk(work_at(cli.now, db, house), 1, "exit", at=cli.now)
    cli.later(days=120)
    return cli


def test_names_go_and_the_books_stay_right(lived: CommandLine) -> None:
    account = lived.json("account", "1")
    attendance = lived.json("report", "attendance", "--from", "2026-11-01", "--to", "2026-11-30")
    told = lived.json("purge")
    assert told["removed"] == {"desk_entries": 2, "stays": 1}
    assert told["names_through"] == "2026-12-22"
    assert told["dry_run"] is False
    assert lived.json("account", "1") == account
    assert lived.json("report", "attendance", "--from", "2026-11-01", "--to", "2026-11-30") == attendance
    assert lived.json("verify")["agree"]
    assert lived.json("present", "--at", "2026-11-23T10:00")["present"] == 1
    assert lived.json("present", "--at", "2026-11-23T10:00")["members"] == []


def test_what_would_go_is_said_and_stays(lived: CommandLine) -> None:
    told = lived.json("purge", "--dry-run")
    assert told["removed"] == {"desk_entries": 2, "stays": 1}
    assert lived.json("present", "--at", "2026-11-23T10:00")["members"][0]["name"] == "Ada"
    assert "serait effacé" in lived.out("purge", "--dry-run")


def test_a_second_purge_says_that_there_is_nothing(lived: CommandLine) -> None:
    assert "de qui elles étaient" in lived.out("purge")
    assert "rien n'a dépassé son temps" in lived.out("purge")


def test_what_comes_back_from_a_backup_is_purged_at_once(lived: CommandLine, tmp_path: Path) -> None:
    lived.out("backup", str(tmp_path / "place.tar"))
    again = CommandLine(tmp_path / "again")
    again.now = lived.now
    again.out("restore", str(tmp_path / "place.tar"))
    assert again.json("purge")["removed"] == {}
    assert again.json("present", "--at", "2026-11-23T10:00")["members"] == []


def test_the_notice_has_the_figures_of_the_place_and_is_one_file(cli: CommandLine, tmp_path: Path) -> None:
    cli.set("names_kept_months = 3", "names_kept_months = 2")
    cli.set('contact = ""', 'contact = "bonjour@example.org"')
    page = cli.out("notice")
    assert '<html lang="fr">' in page
    assert "Au Comptoir Numérique" in page
    assert "2 mois, puis sans nom" in page
    assert "bonjour@example.org" in page
    assert "Personne n&#x27;est suivi d&#x27;une salle à l&#x27;autre" in page
    assert "@page" in page
    assert "<script" not in page
    cli.language = "en"
    cli.out("notice", "--out", str(tmp_path / "notice.html"))
    assert "2 months, then without a name" in (tmp_path / "notice.html").read_text("utf-8")
