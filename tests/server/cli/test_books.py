"""`poincon verify`, `backup` and `restore`."""

import stat
import tarfile
from pathlib import Path

import pytest

from server.ingest.recount import enter_by_desk
from server.site.rules_in_force import house_of
from server.store.database import open_database
from server.store.units import access_lists
from server.store.units.access_lists import Sent
from tests.orders import work_at
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine


@pytest.fixture
def lived(cli: CommandLine) -> CommandLine:
    """A place with somebody in it."""
    cli.out("member", "add", "Ada")
    cli.out("badge", "assign", "1", "uid:04A1B2C3D4E5F6")
    cli.out("unit", "add", "front", "--kind", "door")
    with open_database(cli.site.database_path) as db:
        house = house_of(db, cli.site.settings)
        enter_by_desk(work_at(cli.now, db, house, "ada"), 1, "entry", at=cli.now)
        access_lists.note(db, "front", Sent(318, "0", MONDAY_MORNING))
    return cli


def tamper(cli: CommandLine, sql: str) -> None:
    with open_database(cli.site.database_path) as db:
        db.execute(sql)


def test_right_books_verify(lived: CommandLine) -> None:
    assert lived.out("verify") == "les livres s'accordent avec le journal\n"
    assert lived.json("verify") == {"agree": True, "differences": []}


def test_wrong_books_are_told_apart_and_end_with_1(lived: CommandLine) -> None:
    tamper(lived, "DELETE FROM stays")
    result = lived.run("verify")
    assert result.exit_code == 1
    assert "Ada" in result.stdout
    assert "écarts" in result.stderr
    assert lived.run("verify", "--json").stdout.startswith('{"agree": false')


def test_a_backup_goes_back_into_an_empty_folder_as_it_was(lived: CommandLine, tmp_path: Path) -> None:
    lived.out("backup", str(tmp_path / "place.tar"))
    again = CommandLine(tmp_path / "again")
    again.out("restore", str(tmp_path / "place.tar"))
    for words in (["present"], ["member", "list"], ["badge", "list"], ["unit", "list"]):
        assert again.json(*words) == lived.json(*words)
    assert again.out("verify") == lived.out("verify")
    assert again.site.badge_keys.present_key == lived.site.badge_keys.present_key
    assert again.site.settings == lived.site.settings
    assert (again.folder / "units" / "front" / "unit.toml").is_file()


def test_units_take_the_lists_of_a_restored_place(lived: CommandLine, tmp_path: Path) -> None:
    lived.out("backup", str(tmp_path / "place.tar"))
    again = CommandLine(tmp_path / "again")
    again.out("restore", str(tmp_path / "place.tar"))
    with open_database(again.site.database_path) as db:
        sent = access_lists.sent(db, "front")
    assert sent is not None
    assert sent.version > 318


def test_a_backup_holds_no_other_backup(lived: CommandLine) -> None:
    for name in ("one.tar", "two.tar"):
        lived.out("backup", str(lived.folder / name))
    with tarfile.open(lived.folder / "two.tar") as archive:
        assert "one.tar" not in archive.getnames()


def test_a_backup_is_taken_while_others_write(lived: CommandLine, tmp_path: Path) -> None:
    with open_database(lived.site.database_path) as db, db.writing():
        db.execute("INSERT INTO tallies (name, count) VALUES ('x', 1)")
        lived.out("backup", str(tmp_path / "place.tar"))


def test_nobody_else_reads_a_backup_and_its_secrets_stay_secret(lived: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "place.tar"
    lived.out("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    CommandLine(tmp_path / "again").out("restore", str(file))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "again" / "secrets").glob("*.key")} == {0o600}
    assert stat.S_IMODE((tmp_path / "again" / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "again" / "books.sqlite3").stat().st_mode) == 0o600


def test_a_file_that_exists_is_not_written_over(lived: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "place.tar"
    file.write_text("mine")
    assert "existe déjà" in lived.refusal("backup", str(file))
    assert file.read_text() == "mine"


def test_a_folder_that_is_not_empty_is_not_restored_into(lived: CommandLine, tmp_path: Path) -> None:
    lived.out("backup", str(tmp_path / "place.tar"))
    assert "n'est pas vide" in lived.refusal("restore", str(tmp_path / "place.tar"))


def test_an_empty_folder_that_exists_is_filled(lived: CommandLine, tmp_path: Path) -> None:
    lived.out("backup", str(tmp_path / "place.tar"))
    (tmp_path / "again").mkdir()
    CommandLine(tmp_path / "again").out("restore", str(tmp_path / "place.tar"))


def test_what_is_no_backup_leaves_the_folder_as_it_was(lived: CommandLine, tmp_path: Path) -> None:
    again = CommandLine(tmp_path / "again")
    (tmp_path / "text").write_text("no backup")
    with tarfile.open(tmp_path / "other.tar", "w") as archive:
        archive.add(tmp_path / "text", "text")
    whole = tmp_path / "place.tar"
    lived.out("backup", str(whole))
    (tmp_path / "cut.tar").write_bytes(whole.read_bytes()[: whole.stat().st_size // 3])
    for name in ("text", "other.tar", "cut.tar"):
        again.refusal("restore", str(tmp_path / name))
        assert not again.folder.exists()
    assert not list(tmp_path.glob(".poincon-*"))


def test_damaged_books_are_not_restored(lived: CommandLine, tmp_path: Path) -> None:
    whole = tmp_path / "place.tar"
    lived.out("backup", str(whole))
    content = bytearray(whole.read_bytes())
    with tarfile.open(whole) as archive:
        start = archive.getmember("books.sqlite3").offset_data
    content[start + 4096 : start + 12288] = b"\xff" * 8192
    (tmp_path / "damaged.tar").write_bytes(content)
    assert "abîmé" in CommandLine(tmp_path / "again").refusal("restore", str(tmp_path / "damaged.tar"))


def key_of(made: str) -> str:
    """The private key as `init` or `backup-key new` shows it."""
    return next(line.strip() for line in made.splitlines() if "AGE-SECRET-KEY-1" in line)


@pytest.fixture
def sealing(lived: CommandLine, tmp_path: Path) -> tuple[CommandLine, str]:
    """That place with a new key, and the key."""
    return lived, key_of(lived.out("backup-key", "new"))


def test_init_shows_the_private_key_once_and_keeps_it_nowhere(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "place")
    key = key_of(line.out("init", str(line.folder)))
    assert [path for path in line.folder.rglob("*") if path.is_file() and key.encode() in path.read_bytes()] == []
    assert (line.folder / "secrets" / "backup.pub").read_text().startswith("age1")


def test_a_sealed_backup_goes_back_with_its_key(sealing: tuple[CommandLine, str], tmp_path: Path) -> None:
    line, key = sealing
    assert "chiffré" in line.out("backup", str(tmp_path / "place.tar.age"))
    (tmp_path / "key.txt").write_text(f"# du coffre\n{key}\n")
    for name, words, stdin in (
        ("from-file", ["--key-file", str(tmp_path / "key.txt")], None),
        ("from-stdin", [], f"{key}\n"),
    ):
        again = CommandLine(tmp_path / name)
        again.out("restore", str(tmp_path / "place.tar.age"), *words, stdin=stdin)
        assert again.json("present") == line.json("present")


def test_a_sealed_backup_stays_closed_without_it(sealing: tuple[CommandLine, str], tmp_path: Path) -> None:
    line, former = sealing
    line.out("backup", str(tmp_path / "place.tar.age"))
    other = line.json("backup-key", "new")
    again = CommandLine(tmp_path / "again")
    assert "autre clé" in again.refusal("restore", str(tmp_path / "place.tar.age"), stdin=other["private"])
    assert "AGE-SECRET-KEY" in again.refusal("restore", str(tmp_path / "place.tar.age"), stdin="sésame")
    assert not again.folder.exists()
    again.out("restore", str(tmp_path / "place.tar.age"), stdin=former)


def test_another_key_says_what_the_former_one_is_needed_for(sealing: tuple[CommandLine, str]) -> None:
    line, _ = sealing
    former = (line.folder / "secrets" / "backup.pub").read_text().strip()
    told = line.run("backup-key", "new").stderr
    assert former in told
    assert "ancienne clé" in told


def test_a_place_without_a_key_seals_nothing(lived: CommandLine, tmp_path: Path) -> None:
    (lived.folder / "secrets" / "backup.pub").unlink()
    assert "backup-key new" in lived.refusal("backup", str(tmp_path / "place.tar.age"))
    assert list(tmp_path.glob("*.age")) == []


def test_every_night_is_one_command(lived: CommandLine, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    assert "clé USB" in lived.refusal("backup", "--nightly", str(stick))
    stick.mkdir()
    assert "conforme" in lived.out("backup", "--nightly", str(stick))
    assert [path.name for path in stick.iterdir()] == ["poincon-2026-11-23T081405Z.tar.age"]


@pytest.mark.parametrize("words", [[], ["a.tar", "--nightly", "stick"]])
def test_a_file_or_a_folder_but_not_both(lived: CommandLine, words: list[str]) -> None:
    assert lived.run("backup", *words).exit_code == 2


def test_a_path_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("x")
    with tarfile.open(tmp_path / "evil.tar", "w") as archive:
        archive.add(tmp_path / "text", "../escaped")
    CommandLine(tmp_path / "again").refusal("restore", str(tmp_path / "evil.tar"))
    assert not (tmp_path / "escaped").exists()
