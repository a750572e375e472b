"""Backups at the desk: one to carry elsewhere, and another key, for admins alone."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from server.backups import sealing
from server.backups.backup import restore
from server.backups.carried import FILE_NAME, carried_at
from server.backups.nightly import back_up_nightly
from server.backups.note import BackupNote, write_note
from server.desk.copies import Copies, read_copies
from server.errors import Refusal
from server.site import folder as sites
from server.site.folder import SiteFolder
from server.site.settings import SiteSettings
from server.store.people import changes
from tests.server.web.pages.test_desk import text_of
from tests.web_house import PASSWORD, Visitor, WebHouse

NEWEST, OLDER, PLAIN = (
    f"poincon-2026-11-{name}" for name in ("23T033000Z.tar.age", "22T033000Z.tar.age", "24T033000Z.tar")
)
BYTES = sealing.HEAD + bytes(range(256)) * 9_000
"""More than is sent at once."""


@pytest.fixture
def nights(house: WebHouse, tmp_path: Path) -> Path:
    """A folder with the backups of three nights, the last of them not sealed."""
    folder = tmp_path / "nights"
    folder.mkdir()
    (folder / OLDER).write_bytes(sealing.HEAD)
    (folder / NEWEST).write_bytes(BYTES)
    (folder / PLAIN).write_bytes(b"secret")
    (folder / "before-2026-11-25T033000Z.tar.age").write_bytes(sealing.HEAD)
    note = BackupNote(tried_at=house.now, good_at=house.now, file=str(folder / NEWEST), size=9, sealed=True)
    house.copies = Copies(note)
    return folder


def site_of(house: WebHouse) -> SiteFolder:
    return SiteFolder(house.db.path.parent)


def key_in(page: str) -> str:
    found = re.search(r"AGE-SECRET-KEY-[0-9A-Z]+", page)
    assert found is not None
    return found[0]


def test_the_newest_sealed_backup_is_downloaded_as_it_is_and_that_is_written_down(
    house: WebHouse, desk: Visitor, nights: Path
) -> None:
    assert "Télécharger la sauvegarde 2 Mo" in text_of(desk.page("/backups/"))
    answer = desk.post("/backups/newest")
    assert (answer.status_code, answer.data) == (200, BYTES)
    assert answer.headers["Content-Disposition"] == f"attachment; filename={NEWEST}"
    assert answer.headers["Content-Length"] == str(len(BYTES))
    assert answer.headers["Cache-Control"] == "no-store"
    [change] = changes.newest(house.db)
    assert (change.change.operator, change.change.what, change.change.subject) == ("Marie", "backup.download", NEWEST)
    assert "sauvegarde téléchargée" in desk.page("/changes/")
    assert carried_at(site_of(house).folder) == house.now


def test_a_download_that_was_cut_is_asked_for_again_from_the_same_page(desk: Visitor, nights: Path) -> None:
    form = desk.page("/backups/").partition('action="/backups/newest"')[2].partition("</form>")[0]
    assert "csrf_token" in form and "form_id" not in form
    assert [desk.post("/backups/newest").status_code for _ in range(2)] == [200, 200]


def test_it_is_not_read_into_memory(desk: Visitor, nights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("read whole"))
    assert desk.post("/backups/newest").data == BYTES


def test_what_is_not_sealed_is_never_given_out(house: WebHouse, desk: Visitor, nights: Path) -> None:
    for name in (NEWEST, OLDER):
        (nights / name).write_bytes(b"only called so")
    assert "Télécharger la sauvegarde" not in desk.page("/backups/")
    assert "Il n'y a pas de sauvegarde chiffrée à télécharger." in text_of(desk.does("/backups/newest"))
    assert changes.newest(house.db) == []


def test_a_stick_that_is_not_there_is_no_fault_of_the_page(house: WebHouse, desk: Visitor, tmp_path: Path) -> None:
    gone = str(tmp_path / "stick" / NEWEST)
    house.copies = Copies(BackupNote(tried_at=house.now, good_at=house.now, file=gone, size=9, sealed=True))
    assert "Télécharger la sauvegarde" not in desk.page("/backups/")


def test_another_key_is_shown_once_and_seals_from_then_on(house: WebHouse, desk: Visitor) -> None:
    former = sealing.new_key(site_of(house))
    public = sealing.public_key(site_of(house))
    assert "Une autre clé des sauvegardes" in text_of(desk.page("/backups/"))
    answer = desk.post("/backups/key", password=PASSWORD)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    key = key_in(answer.text)
    assert key != former
    assert str(sealing.read_key(key).to_public()) == sealing.public_key(site_of(house))
    assert "L'ancienne clé reste au coffre" in text_of(answer.text)
    [change] = changes.newest(house.db)
    assert (change.change.what, change.change.before) == ("backup.key", {"key": public})
    assert "AGE-SECRET" not in desk.page("/backups/") + desk.page("/backups/key") + desk.page("/changes/")


def test_it_says_first_what_another_key_means_for_older_backups(house: WebHouse, desk: Visitor) -> None:
    assert "ancienne clé" not in text_of(desk.page("/backups/key"))
    sealing.new_key(site_of(house))
    assert "Les sauvegardes faites jusqu'ici demandent toujours l'ancienne clé" in text_of(desk.page("/backups/key"))


@pytest.mark.parametrize("typed", ["", "pas le bon"])
def test_who_does_not_know_the_password_gets_no_key(house: WebHouse, desk: Visitor, typed: str) -> None:
    answer = desk.post("/backups/key", password=typed)
    assert answer.status_code == 422
    assert "AGE-SECRET" not in answer.text
    assert sealing.public_key(site_of(house)) is None


def test_a_login_that_was_stolen_cannot_try_passwords_for_long(desk: Visitor) -> None:
    answers = [desk.post("/backups/key", password=f"mot {nth}").status_code for nth in range(7)]
    assert answers[0] == 422 and answers[-1] == 429


def test_a_form_that_is_sent_twice_makes_one_key(house: WebHouse, desk: Visitor) -> None:
    key = key_in(desk.post("/backups/key", password=PASSWORD, form_id="once").text)
    assert desk.post("/backups/key", password=PASSWORD, form_id="once").status_code == 303
    assert str(sealing.read_key(key).to_public()) == sealing.public_key(site_of(house))


def test_a_key_that_the_books_do_not_take_is_never_sealed_with(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealing.new_key(site_of(house))
    before = sealing.public_key(site_of(house))
    monkeypatch.setattr(changes, "write", lambda *args, **more: (_ for _ in ()).throw(TimeoutError()))
    assert desk.post("/backups/key", password=PASSWORD).status_code >= 500
    assert sealing.public_key(site_of(house)) == before


def test_a_concierge_has_neither_backups_nor_key(house: WebHouse, desk: Visitor, nights: Path) -> None:
    house.operator("Paul", role="concierge")
    paul = house.desk("Paul")
    assert [paul.get(path).status_code for path in ("/backups/", "/backups/key")] == [403, 403]
    assert paul.post("/backups/newest").status_code == 403
    assert paul.post("/backups/key", password=PASSWORD).status_code == 403
    assert "/backups/" not in paul.page("/")
    assert "/backups/" in desk.page("/")


def test_backups_that_lie_beside_the_books_are_told_calmly_until_one_is_carried_elsewhere(
    house: WebHouse, tmp_path: Path
) -> None:
    site = sites.create(tmp_path / "place", SiteSettings(id="here"), "127.0.0.1")
    key, nights = sealing.new_key(site), tmp_path / "nights"
    nights.mkdir()
    assert not read_copies(site).beside_books
    back_up_nightly(site, nights, house.now)
    copies = read_copies(site)
    assert copies.beside_books and copies.are_all_here(house.now)
    (site.folder / FILE_NAME).write_bytes(b"{")
    assert read_copies(site).are_all_here(house.now)
    file = next(nights.iterdir())
    with pytest.raises(Refusal):
        restore(file, tmp_path / "again", sealing.make_key().private)
    restore(file, tmp_path / "back", key)
    assert not (tmp_path / "back" / FILE_NAME).exists()


def test_the_desk_tells_of_backups_on_one_disk_once(house: WebHouse, desk: Visitor, nights: Path) -> None:
    backup = house.copies.backup
    house.copies = Copies(backup, beside_books=True)
    page = desk.page("/parts/matters")
    assert "Les sauvegardes ne sont que sur le serveur" in text_of(page)
    assert 'href="/backups/"' in page
    house.operator("Paul", role="concierge")
    assert "Rien ne demande votre aide." in text_of(house.desk("Paul").page("/parts/matters"))
    house.copies = Copies(backup, beside_books=True, wants_replica=True)
    assert "ne sont que sur le serveur" not in text_of(desk.page("/parts/matters"))
    house.copies = Copies(backup, beside_books=True, carried_at=house.now - timedelta(days=29))
    assert "ne sont que sur le serveur" not in text_of(desk.page("/parts/matters"))
    house.copies = Copies(backup, beside_books=True, carried_at=house.now - timedelta(days=31))
    assert "Dernière téléchargée" in text_of(desk.page("/parts/matters"))
    desk.does("/matters/put-away", key="beside_books")
    assert "Rien ne demande votre aide." in text_of(desk.page("/parts/matters"))


@pytest.mark.skipif(not os.path.ismount("/dev/shm"), reason="no other file system to put a backup on")
def test_backups_on_another_disk_are_not_beside_the_books(house: WebHouse, tmp_path: Path) -> None:
    site = sites.create(tmp_path / "place", SiteSettings(id="here"), "127.0.0.1")
    write_note(site.folder, BackupNote(tried_at=house.now, good_at=house.now, file=f"/dev/shm/{NEWEST}", sealed=True))
    assert not read_copies(site).beside_books
