"""A machine comes to the place: the first page of a new server, the card of a door, and what the door finds."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from device.contract.findings import finding
from server.backups.backup import back_up
from server.backups.sealing import new_key
from server.setup.app import create_setup_app
from server.site import folder as sites
from server.site.connection_settings import WebSettings
from server.site.settings import SiteSettings
from server.web.serving import WebServer
from tests.browser.axe import RULES, faults, load
from tests.browser.conftest import PATIENCE, PHONE, Open
from tests.web_house import MONDAY_MORNING, PASSWORD, WebHouse

pytestmark = pytest.mark.browser


class EmptyServer:
    """A server that has no place yet, at `port`; it ends once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        app = create_setup_app(folder, lambda: MONDAY_MORNING)
        self._web: WebServer | None = WebServer(app, WebSettings(port=0, streams=4), spool=folder)
        self.port = self._web.port
        self._web.start()

    def stop(self) -> None:
        if self._web is not None:
            self._web.stop()
            self._web = None


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[EmptyServer]:
    server = EmptyServer(tmp_path / "place")
    yield server
    server.stop()


@pytest.fixture
def first_page(browser: Browser, empty: EmptyServer) -> Iterator[Page]:
    context = browser.new_context(base_url=f"http://127.0.0.1:{empty.port}", viewport=PHONE, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/")
    yield page
    context.close()


def test_the_first_page_makes_a_place_and_goes_to_its_desk_once_the_key_is_noted(
    first_page: Page, empty: EmptyServer, house: WebHouse
) -> None:
    load(first_page)
    assert faults(first_page, RULES) == []
    first_page.get_by_label("Nom du lieu").fill("La Fab")
    first_page.get_by_label("Votre nom").fill("Marie")
    first_page.locator("#password").fill(PASSWORD)
    first_page.locator("#again").fill("autre chose")
    first_page.get_by_role("button", name="Créer le lieu").click()
    expect(first_page.locator("#again-fault")).to_contain_text("pas pareils")
    first_page.locator("#password").fill(PASSWORD)
    first_page.locator("#again").fill(PASSWORD)
    first_page.get_by_role("button", name="Créer le lieu").click()
    expect(first_page.locator(".secret-key")).to_contain_text("AGE-SECRET-KEY-1")
    load(first_page)
    assert faults(first_page, RULES) == []
    expect(first_page.get_by_role("link", name="Au comptoir")).to_be_hidden()
    empty.stop()
    desk = WebServer(house.app, WebSettings(port=empty.port, streams=20))
    desk.start()
    expect(first_page.get_by_text("Le comptoir répond.")).to_be_visible()
    first_page.get_by_label("Elle est au coffre").click()
    expect(first_page.get_by_role("heading", name="Connexion")).to_be_visible()
    desk.stop()


def test_the_first_page_brings_a_backup_back_and_goes_to_its_desk(
    first_page: Page, empty: EmptyServer, house: WebHouse, tmp_path: Path
) -> None:
    former = sites.create(tmp_path / "former", SiteSettings(id="la-fab", name="La Fab"), "poincon.local")
    key = new_key(former)
    file = tmp_path / "poincon-2026-11-23T023705Z.tar.age"
    back_up(former, file)
    first_page.get_by_role("link", name="Reprendre une sauvegarde").click()
    load(first_page)
    assert faults(first_page, RULES) == []
    first_page.get_by_label("Le fichier de la sauvegarde").set_input_files(file)
    first_page.get_by_role("button", name="Reprendre le lieu").click()
    expect(first_page.locator("#key-fault")).to_contain_text("tapez la clé privée")
    load(first_page)
    assert faults(first_page, RULES) == []
    first_page.get_by_label("Le fichier de la sauvegarde").set_input_files(file)
    first_page.get_by_label("La clé privée des sauvegardes").fill(key)
    first_page.get_by_role("button", name="Reprendre le lieu").click()
    expect(first_page.get_by_role("heading", name="C'est prêt")).to_be_visible()
    load(first_page)
    assert faults(first_page, RULES) == []
    empty.stop()
    desk = WebServer(house.app, WebSettings(port=empty.port, streams=20))
    desk.start()
    expect(first_page.get_by_role("heading", name="Connexion")).to_be_visible()
    desk.stop()


def test_a_doors_card_is_asked_for_and_comes_as_a_zip(opened: Open, tmp_path: Path) -> None:
    page = opened("/units/")
    page.get_by_role("link", name="Ajouter une porte").click()
    page.get_by_label("Nom", exact=True).fill("sud")
    page.locator("#profile").select_option("Raspberry Pi 5")
    page.get_by_role("button", name="Préparer la carte").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Télécharger la carte").click()
    coming.value.save_as(tmp_path / "card.zip")
    with zipfile.ZipFile(tmp_path / "card.zip") as archive:
        assert b"tty:AMA2:pn532" in archive.read("poincon/unit/unit.toml")


def test_the_page_of_a_unit_follows_what_it_finds(house: WebHouse, opened: Open) -> None:
    house.door("front")
    lost, there = (finding("reader_entry", code, device="tty:AMA0:pn532") for code in ("reader_lost", "reader_answers"))
    house.says("front", findings=[lost])
    page = opened("/units/front")
    expect(page.get_by_text("1 élément ne va pas.")).to_be_visible()
    load(page)
    assert faults(page, RULES) == []
    house.says("front", findings=[there])
    expect(page.get_by_text("tty:AMA0:pn532 répond")).to_be_visible()
