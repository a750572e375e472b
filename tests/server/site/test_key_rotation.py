"""A rotation: the books and the file say the same, also where only one of them was written."""

from pathlib import Path

import pytest

from device.contract.instant import Instant
from server.errors import Refusal
from server.site import key_rotation
from server.site.badge_keys import new_site_keys, read_site_keys, write_site_keys
from server.store.damage import CommitFailed
from server.store.database import Database
from server.store.people import badge_keys, badges, members

NOW = Instant.parse("2026-11-23T08:00:00.000Z")
ID = "04A1B2C3D4E5F6"


@pytest.fixture
def secrets(tmp_path: Path, db: Database) -> Path:
    """Of a place with a badge that was assigned by hand."""
    write_site_keys(tmp_path, new_site_keys())
    key_rotation.note_new(db, read_site_keys(tmp_path), NOW)
    badges.assign(db, members.add(db, "Anne", now=NOW).id, f"ntag424:{ID}", now=NOW)
    return tmp_path


def version(db: Database) -> int | None:
    known = badge_keys.of(db, ID)
    return None if known is None else known.key_version


def test_what_was_assigned_by_hand_before_holds_the_former_version(db: Database, secrets: Path) -> None:
    assert key_rotation.rotate(db, secrets, NOW).present == 2
    assert version(db) == 1


def test_a_file_that_is_ahead_of_the_books_is_settled_at_the_next_start(db: Database, secrets: Path) -> None:
    with pytest.raises(CommitFailed), db.writing():
        key_rotation.rotate(db, secrets, NOW)
        raise CommitFailed("disk full")
    keys = read_site_keys(secrets)
    assert (keys.present, version(db)) == (2, None)
    key_rotation.note_new(db, keys, NOW)
    assert version(db) == 1
    badges.assign(db, members.add(db, "Bo", now=NOW).id, "ntag424:04FFB2C3D4E5F6", now=NOW)
    key_rotation.note_new(db, keys, NOW)
    assert badge_keys.of(db, "04FFB2C3D4E5F6") is None, "given out after it began"


def test_it_is_not_finished_while_a_badge_in_a_drawer_holds_the_former_version(db: Database, secrets: Path) -> None:
    key_rotation.rotate(db, secrets, NOW)
    badges.end(db, f"ntag424:{ID}", now=NOW, ended_as="returned")
    with pytest.raises(Refusal, match=f"badges_left_on_former_key.*ntag424:{ID}"):
        key_rotation.finish(db, secrets, NOW)
    assert len(read_site_keys(secrets).by_version) == 2
    assert len(key_rotation.finish(db, secrets, NOW, even_with_badges=True)) == 1
    assert list(read_site_keys(secrets).by_version) == [2]
