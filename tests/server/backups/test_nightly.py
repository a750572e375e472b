"""The backup of every night: what is left when it succeeds, and what when it does not."""

import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from device.contract.instant import Instant
from server.backups import nightly, sealing
from server.backups.backup import restore
from server.backups.nightly import back_up_nightly
from server.backups.note import FILE_NAME, read_note
from server.errors import Refusal
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import SiteSettings

NIGHT = Instant.parse("2026-11-23T02:37:05.000Z")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> SiteFolder:
    return sites.create(tmp_path_factory.mktemp("made") / "place", SiteSettings(id="here"), "127.0.0.1")


@pytest.fixture
def site(made: SiteFolder) -> Iterator[SiteFolder]:
    yield made
    for path in (made.folder / FILE_NAME, made.secrets_folder / sealing.PUBLIC_KEY):
        path.unlink(missing_ok=True)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_sealed_and_only_the_key_from_the_safe_opens_it(site: SiteFolder, stick: Path, tmp_path: Path) -> None:
    key = sealing.new_key(site)
    note = back_up_nightly(site, stick, NIGHT)
    assert names(stick) == ["poincon-2026-11-23T023705Z.tar.age"]
    assert note == read_note(site.folder)
    assert (note.good_at, note.sealed, note.size) == (NIGHT, True, Path(note.file).stat().st_size)
    with pytest.raises(Refusal, match="backup_key_wrong"):
        restore(Path(note.file), tmp_path / "again", str(Identity.generate()))
    restore(Path(note.file), tmp_path / "again", key)
    assert sites.find(tmp_path / "again").badge_keys.present_key == site.badge_keys.present_key


def test_no_key_of_the_place_is_private(site: SiteFolder) -> None:
    key = sealing.new_key(site)
    assert [path for path in site.folder.rglob("*") if path.is_file() and key.encode() in path.read_bytes()] == []


def test_a_place_without_a_key_is_backed_up_all_the_same_and_that_is_told(site: SiteFolder, stick: Path) -> None:
    note = back_up_nightly(site, stick, NIGHT)
    assert names(stick) == ["poincon-2026-11-23T023705Z.tar"]
    assert not note.sealed
    with tarfile.open(note.file) as archive:
        assert {"books.sqlite3", "poincon.toml", "secrets/badges.key"} <= set(archive.getnames())


def test_old_ones_go_and_what_is_no_backup_stays(site: SiteFolder, stick: Path) -> None:
    sealing.new_key(site)
    for ago in range(1, 60):
        (stick / (NIGHT - timedelta(days=ago)).strftime(nightly.NAME + (".age" if ago < 30 else ""))).touch()
    for name in ("mine.txt", "poincon-2026-99-99T000000Z.tar"):
        (stick / name).touch()
    back_up_nightly(site, stick, NIGHT)
    left = names(stick)
    assert left[0] == "mine.txt"
    assert left[-1] == "poincon-2026-99-99T000000Z.tar"
    assert [name[8:18] for name in left[1:-1]] == [
        *("2026-09-30", "2026-10-31", "2026-11-08", "2026-11-15", "2026-11-17", "2026-11-18"),
        *("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"),
    ]


def test_those_of_before_updates_are_thinned_out_with_the_others(site: SiteFolder, stick: Path) -> None:
    old, of_yesterday = (
        "before-2026-11-17T100000Z-0.4.0-1a2b.tar",
        "before-2026-11-22T100000Z-0.5.0-1a2b.tar.age",
    )
    for name in (old, of_yesterday, "poincon-2026-11-17T230000Z.tar", "before-the-move.tar"):
        (stick / name).touch()
    back_up_nightly(site, stick, NIGHT)
    kept = ["poincon-2026-11-17T230000Z.tar", "poincon-2026-11-23T023705Z.tar"]
    assert names(stick) == [of_yesterday, "before-the-move.tar", *kept]


def test_a_stick_that_is_not_there_is_not_made_up_for(site: SiteFolder, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="backup_folder_missing"):
        back_up_nightly(site, tmp_path / "stick", NIGHT)
    assert names(tmp_path) == []


def test_when_it_fails_the_former_one_stays_and_is_still_told_of(
    site: SiteFolder, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.new_key(site)
    good = back_up_nightly(site, stick, NIGHT)
    next_night = NIGHT + timedelta(days=1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("server.site.backup.os.fsync", full)
    with pytest.raises(Refusal, match="disk_full"):
        back_up_nightly(site, stick, next_night)
    monkeypatch.undo()
    assert names(stick) == [Path(good.file).name]
    assert not list(site.folder.glob(".poincon-*"))


def test_why_it_failed_is_noted_beside_the_last_good_one(site: SiteFolder, stick: Path) -> None:
    back_up_nightly(site, stick, NIGHT)
    next_night = NIGHT + timedelta(days=1)
    with pytest.raises(Refusal):
        back_up_nightly(site, stick / "gone", next_night)
    note = read_note(site.folder)
    assert note is not None and note.fault is not None
    assert (note.good_at, note.tried_at, note.fault.code) == (NIGHT, next_night, "backup_folder_missing")


def test_what_the_disk_gives_back_otherwise_than_it_was_written_is_no_backup(
    site: SiteFolder, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.new_key(site)

    def lie(stream: object) -> None:
        stream.flush()  # type: ignore[attr-defined]
        middle = stream.seek(0, 2) // 2  # type: ignore[attr-defined]
        stream.seek(middle)  # type: ignore[attr-defined]
        stream.write(b"\0" * 100)  # type: ignore[attr-defined]

    monkeypatch.setattr(nightly, "sync", lie)
    with pytest.raises(Refusal, match="backup_unreadable"):
        back_up_nightly(site, stick, NIGHT)
    assert names(stick) == []


def test_the_books_that_are_being_copied_lie_in_no_backup(site: SiteFolder, stick: Path) -> None:
    (site.folder / ".poincon-left").mkdir(exist_ok=True)
    (site.folder / ".poincon-left" / "books.sqlite3").touch()
    note = back_up_nightly(site, stick, NIGHT)
    with tarfile.open(note.file) as archive:
        assert [name for name in archive.getnames() if ".poincon" in name] == []
    (site.folder / ".poincon-left" / "books.sqlite3").unlink()
    (site.folder / ".poincon-left").rmdir()
