"""The site's key in versions: read, rotated, finished, and told to doors as it stands."""

import os
from pathlib import Path

import pytest

from device.contract.errors import Refused
from server.core.doors.key_diversification import badge_key
from server.site.badge_keys import FILE_NAME, SiteKeys, imprint_of, new_site_keys, read_site_keys, write_site_keys
from server.site.door_keys import DoorKeys, WatchedKeys

OLD, NEW = bytes(range(16)), bytes(range(16, 32))
BADGE = "ntag424:04A1B2C3D4E5F6"


def test_a_place_made_before_there_were_versions_has_version_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(f"{OLD.hex()}\n")
    keys = read_site_keys(tmp_path)
    assert (keys.present, keys.present_key, keys.former) == (1, OLD, None)


def test_a_rotation_adds_a_version_and_its_end_takes_the_former_away(tmp_path: Path) -> None:
    write_site_keys(tmp_path, SiteKeys({1: OLD}))
    rotated = read_site_keys(tmp_path).rotated()
    write_site_keys(tmp_path, rotated)
    keys = read_site_keys(tmp_path)
    assert (keys.present, keys.former, keys.of(1), keys.of(3)) == (2, 1, OLD, None)
    assert keys.present_key == keys.of(2) != OLD
    write_site_keys(tmp_path, keys.finished())
    assert read_site_keys(tmp_path) == SiteKeys({2: keys.present_key})


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    write_site_keys(tmp_path, new_site_keys())
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (SiteKeys({1: OLD, 2: NEW}), "key_rotation_under_way"),
        (SiteKeys({255: OLD}), "key_versions_used_up"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused(keys: SiteKeys, why: str) -> None:
    with pytest.raises(Refused, match=why):
        keys.rotated()


def test_what_is_not_rotated_cannot_be_finished() -> None:
    with pytest.raises(Refused, match="no_key_rotation"):
        SiteKeys({2: NEW}).finished()


@pytest.mark.parametrize(
    "left",
    [
        b"",
        b"\n",
        b"00ff",
        b"1 00ff",
        f"0 {OLD.hex()}".encode(),
        f"256 {OLD.hex()}".encode(),
        f"x {OLD.hex()}".encode(),
        f"1 {OLD.hex()} 2".encode(),
        f"{OLD.hex()}\n1 {NEW.hex()}".encode(),
        b"2 \xff\xfe",
    ],
)
def test_a_file_that_is_cut_or_rotten_asks_for_the_backup(tmp_path: Path, left: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(left)
    with pytest.raises(Refused, match="file_damaged"):
        read_site_keys(tmp_path)


def test_an_imprint_tells_keys_apart_and_no_key() -> None:
    assert imprint_of(OLD) != imprint_of(NEW)
    assert OLD.hex() not in imprint_of(OLD)


def test_doors_are_told_keys_of_each_version_and_notice_a_rotation(tmp_path: Path) -> None:
    write_site_keys(tmp_path, SiteKeys({1: OLD}))
    told = DoorKeys(WatchedKeys(tmp_path), "here")
    assert told.look() == 1
    former = badge_key(OLD, bytes.fromhex("04A1B2C3D4E5F6"), 2, "here").hex()
    assert (told.key_of(BADGE, 1, 2), told.key_of(BADGE, 2, 2)) == (former, None)
    write_site_keys(tmp_path, SiteKeys({1: OLD, 2: NEW}))
    assert told.look() == 2
    assert told.key_of(BADGE, 2, 4) == badge_key(NEW, bytes.fromhex("04A1B2C3D4E5F6"), 4, "here").hex()
    assert told.key_of(BADGE, 1, 2) == former
    write_site_keys(tmp_path, SiteKeys({2: NEW}))
    assert told.look() == 2
    assert told.key_of(BADGE, 1, 2) is None


def test_a_key_that_cannot_be_read_while_the_server_runs_shuts_nobody_out(tmp_path: Path) -> None:
    write_site_keys(tmp_path, SiteKeys({1: OLD}))
    told = DoorKeys(WatchedKeys(tmp_path), "here")
    opened = told.key_of(BADGE, 1, 2)
    for spoil in (lambda path: path.write_bytes(b"rotten"), Path.unlink):
        spoil(tmp_path / FILE_NAME)
        assert told.look() == 1
        assert told.key_of(BADGE, 1, 2) == opened
    write_site_keys(tmp_path, SiteKeys({3: NEW}))
    assert told.look() == 3


def test_printed_keys_show_their_versions_alone() -> None:
    assert repr(SiteKeys({1: bytes(16), 2: bytes(range(16))})) == "SiteKeys(versions=[1, 2])"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes for others")
def test_what_root_writes_is_of_the_folders_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 1234, 1235)
    write_site_keys(tmp_path, SiteKeys({1: bytes(16)}))
    (written,) = tmp_path.iterdir()
    assert (written.stat().st_uid, written.stat().st_gid, written.stat().st_mode & 0o777) == (1234, 1235, 0o600)
