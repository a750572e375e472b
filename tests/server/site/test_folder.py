"""The folder of a place: what `create` leaves behind, and what it refuses."""

import os
import stat
from pathlib import Path

import pytest
from cryptography import x509
from pytest_mock import MockerFixture

from device.contract.errors import Refused
from server.site import folder as sites
from server.site.certificates import CARDS, DESK, SERVER, SHARED_DISPLAY, issue_to_client, serial_of
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret
from server.site.settings import ServerSettings, SiteSettings
from server.store.database import open_database


@pytest.fixture
def place(tmp_path: Path) -> SiteFolder:
    return sites.create(tmp_path / "place", SiteSettings(id="here"), "127.0.0.1")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_place_has_the_reference_settings_and_empty_books(place: SiteFolder) -> None:
    assert place.settings == ServerSettings(site=SiteSettings(id="here"))
    with open_database(place.database_path) as db:
        assert db.value("SELECT count(*) FROM members") == 0


def test_nobody_else_on_the_machine_reads_the_secrets_or_the_books(place: SiteFolder) -> None:
    assert mode(place.secrets_folder) == 0o700
    assert {mode(path) for path in place.secrets_folder.iterdir()} == {0o600}
    assert mode(place.database_path) == 0o600
    assert mode(place.folder) & 0o007 == 0


def test_two_places_share_no_secret(place: SiteFolder, tmp_path: Path) -> None:
    other = sites.create(tmp_path / "other", SiteSettings(id="here"), "127.0.0.1")
    assert place.badge_keys.present_key != other.badge_keys.present_key
    assert place.web_secret != other.web_secret
    assert place.authority != other.authority
    assert (len(place.badge_keys.present_key), len(place.web_secret)) == (16, 32)


def test_a_folder_with_a_place_is_refused_and_left_as_it_was(place: SiteFolder) -> None:
    before = {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
    with pytest.raises(Refused, match="folder_has_place"):
        sites.create(place.folder, SiteSettings(id="other"), "127.0.0.1")
    assert {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("lost", ["poincon.toml", "books.sqlite3"])
def test_what_is_left_of_a_place_is_not_written_over(place: SiteFolder, lost: str) -> None:
    key = place.badge_keys.present_key
    (place.folder / lost).unlink()
    with pytest.raises(Refused, match="folder_has_place"):
        sites.create(place.folder, SiteSettings(id="here"), "127.0.0.1")
    assert place.badge_keys.present_key == key


def test_a_folder_without_a_place_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no_place"):
        sites.find(tmp_path)


def test_a_lost_secret_is_named(place: SiteFolder) -> None:
    (place.secrets_folder / "badges.key").unlink()
    with pytest.raises(Refused, match=r"secret_unreadable .*badges\.key"):
        _ = place.badge_keys.present_key


def test_on_one_machine_nobody_shows_a_certificate(place: SiteFolder) -> None:
    assert place.client_files(SERVER) is None


def test_on_the_network_the_server_shows_its_own(tmp_path: Path) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(), "192.0.2.10")
    files = place.client_files(SERVER)
    assert files is not None
    assert all(path.is_file() for path in files)


def test_a_place_from_before_lent_readers_has_an_identity_for_them_with_the_new_files_of_its_broker(
    tmp_path: Path,
) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(), "192.0.2.10")
    orders = place.client_files(DESK)
    assert orders is not None
    before = orders.certificate.read_bytes()
    for ending in ("crt", "key"):
        (place.secrets_folder / f"{CARDS}.{ending}").unlink()
    with pytest.raises(Refused, match="broker_files_old"):
        place.client_files(CARDS)
    place.write_broker_files()
    cards = place.client_files(CARDS)
    assert cards is not None
    assert {mode(cards.certificate), mode(cards.key)} == {0o600}
    assert orders.certificate.read_bytes() == before


def test_a_unit_issued_anew_has_its_old_certificate_revoked(place: SiteFolder) -> None:
    first = place.issue_to_unit("front")
    second = place.issue_to_unit("front")
    revoked = (place.secrets_folder / "revoked").read_text().split()
    assert revoked == [f"{serial_of(first.certificate):x}"]
    place.revoke_unit("front")
    place.revoke_unit("front")
    revoked = (place.secrets_folder / "revoked").read_text().split()
    assert set(revoked) == {f"{serial_of(each.certificate):x}" for each in (first, second)}


@pytest.mark.parametrize("umask", [0o000, 0o002, 0o022, 0o077])
def test_mosquitto_reads_its_files_by_its_group_and_writes_none_but_its_data(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        place = sites.create(tmp_path / "place", SiteSettings(id="here"), "broker.test")
        place.issue_to_unit("front")
        place.issue_to_unit("front")
        place.issue_to_display("hall")
    finally:
        os.umask(before)
    assert mode(place.folder) == mode(place.broker_folder) == 0o750
    assert mode(place.broker_folder / "data") == 0o770
    files = {path.name: mode(path) for path in place.broker_folder.iterdir() if path.is_file()}
    names = ("acl", "broker.crt", "broker.key", "ca.crt", "mosquitto.conf", "revoked.crl")
    assert files == dict.fromkeys(names, 0o640)


def test_a_place_can_be_made_in_the_box_of_a_service_which_may_give_no_setgid_bit(tmp_path: Path) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(id="here"), "broker.test")
    assert [path for path in place.folder.rglob("*") if mode(path) & (stat.S_ISUID | stat.S_ISGID)] == []
    assert mode(place.folder / "poincon.toml") == 0o640
    assert {mode(path) for path in place.secrets_folder.rglob("*") if path.is_file()} == {0o600}


@pytest.mark.parametrize("name", ["acl", "broker.crt", "broker.key", "mosquitto.conf", "revoked.crl"])
def test_a_file_of_the_broker_is_whole_when_its_writing_was_cut(
    tmp_path: Path, mocker: MockerFixture, name: str
) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(id="here"), "broker.test")
    path, cut = place.broker_folder / name, os.fsync
    before = path.read_bytes()

    def power_cut(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().name == f".{name}.new":
            raise OSError(5, "the power went")
        cut(descriptor)

    mocker.patch("os.fsync", power_cut)
    with pytest.raises(OSError, match="the power went"):
        place.write_broker_files()
    assert path.read_bytes() == before
    mocker.stopall()
    place.write_broker_files()
    assert sorted(left.name for left in place.broker_folder.glob(".*")) == []


def test_each_display_has_an_identity_of_its_own(tmp_path: Path) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(id="here"), "broker.test")
    assert place.displays == []
    hall = place.issue_to_display("hall")
    place.issue_to_display("kitchen")
    assert place.displays == ["hall", "kitchen"]
    for name, why in (("hall", "display_exists"), *((name, "name_not_allowed") for name in ("", "Hall", "a/b"))):
        with pytest.raises(Refused, match=why):
            place.issue_to_display(name)
    place.revoke_display("hall")
    assert place.displays == ["kitchen"]
    assert "display.hall" not in (place.broker_folder / "acl").read_text()
    revoked = x509.load_pem_x509_crl((place.broker_folder / "revoked.crl").read_bytes())
    assert revoked.get_revoked_certificate_by_serial_number(serial_of(hall.certificate)) is not None
    with pytest.raises(Refused, match="no_such_display"):
        place.revoke_display("hall")


def test_the_identity_that_all_displays_shared_can_be_taken_back(tmp_path: Path) -> None:
    place = sites.create(tmp_path / "place", SiteSettings(id="here"), "broker.test")
    shared = issue_to_client(place.authority, SHARED_DISPLAY)
    write_secret(place.secrets_folder / f"{SHARED_DISPLAY}.crt", shared.certificate)  # as places had it before
    place.write_broker_files()
    assert f"user {SHARED_DISPLAY}" in (place.broker_folder / "acl").read_text()
    assert place.displays == [SHARED_DISPLAY]
    place.revoke_display(SHARED_DISPLAY)
    assert (place.secrets_folder / "revoked").read_text().split() == [f"{serial_of(shared.certificate):x}"]
    assert place.displays == []


@pytest.mark.parametrize("name", ["badges.key", "web.key"])
@pytest.mark.parametrize("left", [b"", b"00ff", b"no hex at all", b"\xff\xfe"])
def test_a_cut_or_rotten_key_asks_for_the_backup(place: SiteFolder, name: str, left: bytes) -> None:
    (place.secrets_folder / name).write_bytes(left)
    with pytest.raises(Refused, match="file_damaged"):
        place.badge_keys.present_key if name == "badges.key" else place.web_secret  # noqa: B018
