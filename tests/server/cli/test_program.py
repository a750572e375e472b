"""How the program ends: its status, its one line, and a traceback only where one is asked for."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from server.cli.program import COMMANDS
from server.store.damage import CommitFailed, DamagedDatabase
from server.store.database import Database, open_database
from server.store.people import members
from tests.server.cli.conftest import CommandLine

POINCON = [sys.executable, "-c", "from server.cli import main; main()"]


def test_without_a_place_the_line_says_what_to_do(tmp_path: Path) -> None:
    line = CommandLine(tmp_path)
    assert "poincon init" in line.refusal("member", "list")


def test_wrong_settings_are_told_all_at_once_a_line_each(cli: CommandLine) -> None:
    cli.set("free_min = 10", "free_mins = 10")
    cli.set("port = 8080", 'port = "web"')
    result = cli.run("member", "list")
    assert result.exit_code == 2
    assert sorted(result.stderr.splitlines()) == [
        "poincon: poincon.toml\u00a0: rules.free_mins\u00a0: cette clé n'existe pas\u00a0; "
        "était-ce «\u00a0rules.free_min\u00a0»\u00a0?",
        "poincon: poincon.toml\u00a0: web.port\u00a0: il faut int, mais c'est 'web'",
    ]


@pytest.mark.parametrize("words", [["nothing"], ["member"], ["member", "add"], ["--nothing"], ["unit", "add", "front"]])
def test_wrong_use_ends_with_2(cli: CommandLine, words: list[str]) -> None:
    assert cli.run(*words).exit_code == 2


def test_books_that_another_process_holds_are_told_in_one_line(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.database.BUSY_TIMEOUT_S", 0.05)
    holder = sqlite3.connect(cli.site.database_path)
    holder.execute("BEGIN IMMEDIATE")
    assert "occupés" in cli.refusal("member", "add", "Ada")
    holder.close()


def test_damaged_books_are_told_in_one_line(cli: CommandLine) -> None:
    cli.site.database_path.write_bytes(b"not a database at all" * 1000)
    assert "books.sqlite3" in cli.refusal("member", "list")


def test_a_file_that_cannot_be_written_is_named(cli: CommandLine) -> None:
    assert "/nowhere" in cli.refusal("backup", "/nowhere/at/all.tar")


def error_of(cli: CommandLine, *words: str, status: int = 1) -> dict[str, Any]:
    """What a failed command says to a program."""
    result = cli.run(*words, "--json")
    assert result.exit_code == status, result.output
    assert result.stderr.count("\n") == 1
    document = json.loads(result.stderr)
    assert document.keys() == {"error"}
    error: dict[str, Any] = document["error"]
    return error


def test_under_json_a_refusal_is_a_document_with_its_code(cli: CommandLine) -> None:
    assert error_of(cli, "member", "show", "99") == {
        "code": "no_such_member",
        "field": None,
        "text": "aucun membre n'a le numéro 99",
        "facts": {"member": 99},
    }
    assert error_of(cli, "member", "add", " ")["field"] == "name"
    cli.out("member", "add", "Ada")
    refused = error_of(cli, "sell", "1", "nomade", "--on", "2031-01-01")
    assert (refused["code"], refused["field"]) == ("sale_too_far_ahead", "on")
    assert refused["facts"] == {"day": "2031-01-01"}


def test_under_json_every_fact_of_a_refusal_can_be_written(cli: CommandLine, tmp_path: Path) -> None:
    nowhere = CommandLine(tmp_path / "nowhere")
    refused = error_of(nowhere, "member", "list")
    assert (refused["code"], refused["facts"]["folder"]) == ("no_place", str(nowhere.folder))
    cli.site.database_path.write_bytes(b"not a database at all" * 1000)
    assert "not a database" in error_of(cli, "member", "list")["facts"]["error"]


def test_under_json_money_is_in_cents(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    cli.out("correct", "1", "2026-11-20", "--presence", "09:00-10:00", "--reason", "forgot")
    refused = error_of(cli, "pay", "1", "99")
    assert (refused["code"], refused["facts"]) == ("amount_out_of_range", {"owed": 300})


def test_under_json_other_failures_have_codes_too(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.database.BUSY_TIMEOUT_S", 0.05)
    holder = sqlite3.connect(cli.site.database_path)
    holder.execute("BEGIN IMMEDIATE")
    assert error_of(cli, "member", "add", "Ada")["code"] == "books_busy"
    holder.close()
    cli.set("free_min = 10", "free_mins = 10")
    cli.set("port = 8080", 'port = "web"')
    wrong = error_of(cli, "member", "list", status=2)
    assert (wrong["code"], len(wrong["text"].splitlines())) == ("wrong_settings", 2)


def test_a_traceback_only_under_debug(cli: CommandLine) -> None:
    result = cli.run("--debug", "member", "show", "7")
    assert isinstance(result.exception, ValueError)
    assert cli.run("member", "show", "7").stderr.count("\n") == 1


def test_a_fault_of_the_program_is_one_line_too(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr("server.store.people.members.every", broken)
    assert "KeyError('lost')" in cli.refusal("member", "list")


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*POINCON, *words],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(Path.cwd()), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_real_process_finds_its_place_by_folder_by_option_and_by_environment(
    cli: CommandLine, tmp_path: Path
) -> None:
    cli.out("member", "add", "Ada")
    for done in (
        run(cli.folder, "member", "list", "--json"),
        run(tmp_path, "-C", str(cli.folder), "member", "list", "--json"),
        run(tmp_path, "member", "list", "--json", POINCON_HOME=str(cli.folder)),
    ):
        assert [member["name"] for member in json.loads(done.stdout)] == ["Ada"]
        assert (done.returncode, done.stderr) == (0, "")
    refused = run(tmp_path, "member", "list")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)


def test_a_command_starts_without_loading_the_server() -> None:
    script = (
        "import sys; from server.cli.program import poincon;"
        "poincon.get_command(poincon.make_context('p', ['x']), 'member');"
        "print([name for name in ('flask', 'amqtt', 'paho', 'asyncio', 'babel') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_command_of_the_table_can_be_loaded(cli: CommandLine) -> None:
    for name in COMMANDS:
        assert cli.run(name, "--help").exit_code == 0


def test_while_somebody_else_holds_the_books_nothing_is_changed_and_that_is_said(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.database.BUSY_TIMEOUT_S", 0.01)
    with open_database(cli.site.database_path) as db:
        with db.writing():
            told = cli.refusal("member", "add", "Ada")
        assert told == "les livres sont occupés\u00a0; rien n'a été changé, réessayer dans un instant"
        assert members.every(db) == []


@pytest.mark.parametrize(
    ("error", "does", "told"),
    [
        (CommitFailed("disk I/O error"), False, "peut-être fait quand même"),
        (sqlite3.OperationalError("disk I/O error"), False, "rien n'a été changé"),
        (sqlite3.OperationalError("disk I/O error"), True, "une partie est faite"),
        (DamagedDatabase("no moment"), False, "restaurer la sauvegarde"),
        (DamagedDatabase("no moment"), True, "restaurer la sauvegarde"),
    ],
)
def test_of_a_command_that_failed_only_what_is_so_is_said(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, error: Exception, does: bool, told: str
) -> None:
    add = members.add

    def fails(db: Database, *arguments: Any, **more: Any) -> None:
        if does:
            add(db, *arguments, **more)
        raise error

    monkeypatch.setattr(members, "add", fails)
    said = cli.refusal("member", "add", "Ada")
    assert told in said
    assert ("rien n'a été changé" in said) == (told == "rien n'a été changé")
