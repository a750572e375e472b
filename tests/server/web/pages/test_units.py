"""Units at the desk: one is added, its card downloaded once, made again, removed and brought back."""

import io
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.contract.unit_settings import read_unit_settings
from server.site import certificates
from server.site.badge_keys import SiteKeys, write_site_keys
from server.site.certificates import serial_of
from server.site.connection_settings import BrokerSettings, WebSettings
from server.site.folder import SiteFolder
from server.site.secret_files import write_secret
from server.site.settings import ServerSettings, SiteSettings
from server.store.people import badge_keys, changes
from server.store.units import units
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

DOOR = {"name": "front", "kind": "door", "readers": "both", "profile": "pi5"}
WIFI = {"wifi": "Chez nous", "wifi_password": "un mot de passe"}


@pytest.fixture
def network(tmp_path: Path) -> Iterator[WebHouse]:
    """A place whose broker asks for certificates."""
    authority = certificates.new_authority("comptoir")
    folder = tmp_path / "network"
    write_secret(folder / "secrets" / "authority.crt", authority.certificate)
    write_secret(folder / "secrets" / "authority.key", authority.key)
    write_site_keys(folder / "secrets", SiteKeys({1: bytes(16)}))
    broker = BrokerSettings(host="poincon.local", port=8883, tls=True)
    house = WebHouse(folder, ServerSettings(SiteSettings(id="comptoir"), broker, WebSettings(port=0, streams=20)))
    house.operator("Marie")
    yield house
    house.close()


@pytest.fixture
def admin(network: WebHouse) -> Visitor:
    return network.desk("Marie")


def site_of(house: WebHouse) -> SiteFolder:
    return house.place.cards.site


def revoked(house: WebHouse) -> list[str]:
    path = site_of(house).secrets_folder / "revoked"
    return path.read_text().split() if path.exists() else []


def unpacked(admin: Visitor, folder: Path, name: str = "front") -> Path:
    """The card as it comes, unpacked."""
    answer = admin.post(f"/units/{name}/card")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"poincon-{name}.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(folder)
    return folder


def test_a_door_is_added_and_its_card_is_downloaded_once(network: WebHouse, admin: Visitor, tmp_path: Path) -> None:
    page = admin.does("/units/new", **DOOR, **WIFI)
    assert "Télécharger la carte" in page and page.count("<li>") >= 6
    assert not (site_of(network).secrets_folder / "issued" / "front.crt").exists()
    card = unpacked(admin, tmp_path / "card")
    assert tomllib.loads((card / "poincon" / "card.toml").read_text())["host"] == "poincon-front"
    settings = read_unit_settings(card / "poincon" / "unit" / "unit.toml")
    assert [reader.device for reader in settings.readers] == ["tty:AMA0:pn532", "tty:AMA2:pn532"]
    assert settings.broker.host == "poincon.local"
    assert '"Chez nous":' in (card / "network-config").read_text()
    issued = (site_of(network).secrets_folder / "issued" / "front.crt").read_bytes()
    assert (card / "poincon" / "unit" / "unit.crt").read_bytes() == issued
    assert "a déjà été téléchargée" in admin.does("/units/front/card")
    assert (site_of(network).secrets_folder / "issued" / "front.crt").read_bytes() == issued


def test_what_was_done_is_in_the_log_and_no_password_is(network: WebHouse, admin: Visitor, tmp_path: Path) -> None:
    admin.does("/units/new", **DOOR, **WIFI)
    unpacked(admin, tmp_path / "card")
    kept = changes.newest(network.db, limit=10)
    assert [(each.change.what, each.change.subject) for each in kept] == [("unit.card", "front"), ("unit.add", "front")]
    assert "mot de passe" not in repr(kept)
    assert "unité faite" in admin.page("/changes/")


def test_a_card_that_would_lead_nowhere_says_so(network: WebHouse, admin: Visitor, house: WebHouse) -> None:
    admin.does("/units/new", **DOOR)
    assert "pour cette machine seule" not in admin.page("/units/front/card")
    house.operator("Marie")
    assert "pour cette machine seule" in house.desk("Marie").does("/units/new", **DOOR)


def test_a_room_has_its_room(network: WebHouse, admin: Visitor, tmp_path: Path) -> None:
    admin.does("/units/new", **DOOR | {"name": "ring", "kind": "room", "room": "atelier"})
    card = unpacked(admin, tmp_path / "card", "ring")
    assert read_unit_settings(card / "poincon" / "unit" / "unit.toml").room == "atelier"


def test_a_card_waits_half_an_hour(network: WebHouse, admin: Visitor) -> None:
    admin.does("/units/new", **DOOR)
    network.pass_time(minutes=31)
    assert "Télécharger la carte" not in admin.page("/units/front/card")
    assert "refaites-la" in admin.does("/units/front/card")


def test_a_new_card_shuts_the_former_out_when_it_is_downloaded(
    network: WebHouse, admin: Visitor, tmp_path: Path
) -> None:
    admin.does("/units/new", **DOOR)
    former = unpacked(admin, tmp_path / "one") / "poincon" / "unit" / "unit.crt"
    admin.does("/units/front/card/new", readers="toggle", profile="pi4")
    assert revoked(network) == []
    unpacked(admin, tmp_path / "two")
    assert revoked(network) == [f"{serial_of(former.read_bytes()):x}"]


def test_a_unit_that_was_removed_is_brought_back_with_its_card(
    network: WebHouse, admin: Visitor, tmp_path: Path
) -> None:
    admin.does("/units/new", **DOOR)
    unpacked(admin, tmp_path / "card")
    added_at = units.find(network.db, "front").added_at
    network.pass_time(minutes=1)
    assert "front est retirée" in admin.does("/units/front/remove")
    assert len(revoked(network)) == 1
    assert "front est de retour." in admin.does("/units/front/restore")
    assert (revoked(network), units.find(network.db, "front").added_at) == ([], added_at)


def test_a_unit_that_is_removed_says_whose_door_keys_it_had(network: WebHouse, admin: Visitor) -> None:
    network.member("Aline", "ntag424:04A1B2C3D4E5F6")
    network.member("Oumar", "uid:04A1B2C3D4E5F7")
    network.door("front")
    assert "Elle a la clé de porte de 1 badge : Aline (1)" in text_of(admin.page("/units/front"))
    told = text_of(page := admin.does("/units/front/remove"))
    assert "front est retirée" in told
    assert "Elle avait la clé de porte de 1 badge : Aline (1)." in told
    assert "donnez de nouvelles clés à tous les badges. Nouvelles clés pour tous…" in told
    assert 'href="/badges/keys/"' in page
    assert site_of(network).badge_keys.present == 1


def test_of_a_stolen_unit_a_new_version_of_the_keys_begins_with_its_removal(network: WebHouse, admin: Visitor) -> None:
    network.member("Aline", "ntag424:04A1B2C3D4E5F6")
    network.door("front")
    assert 'name="rotate"' in admin.page("/units/front")
    told = text_of(admin.does("/units/front/remove", rotate="yes"))
    assert "La version 2 des clés des badges est donnée désormais." in told
    keys = site_of(network).badge_keys
    assert (keys.present, keys.former) == (2, 1)
    assert [badge.credential for badge in badge_keys.left_on(network.db, 1)] == ["ntag424:04A1B2C3D4E5F6"]
    network.site_keys = keys
    network.door("back")
    assert 'name="rotate"' not in admin.page("/units/back")  # one goes on already
    admin.does("/units/back/remove", rotate="yes")  # by a form that was open before
    assert "back" not in [unit.name for unit in units.every(network.db)]
    assert (site_of(network).badge_keys.present, site_of(network).badge_keys.former) == (2, 1)


def test_a_unit_that_has_another_card_since_is_not_brought_back_with_the_former(
    network: WebHouse, admin: Visitor, tmp_path: Path
) -> None:
    admin.does("/units/new", **DOOR)
    unpacked(admin, tmp_path / "one")
    admin.does("/units/front/remove")
    admin.does("/units/new", **DOOR)
    unpacked(admin, tmp_path / "two")
    site_of(network).restore_unit("front")
    assert len(revoked(network)) == 1


def test_nobody_but_an_admin_makes_cards(network: WebHouse) -> None:
    network.operator("Léa", role="concierge")
    network.door("front")
    concierge = network.desk("Léa")
    for path in ("/units/new", "/units/front/card", "/units/front/card/new"):
        assert concierge.get(path).status_code == 403
        assert concierge.post(path, **DOOR).status_code == 403
    assert concierge.post("/units/front/remove").status_code == 403
    assert "Refaire sa carte" not in concierge.page("/units/front")
    assert "Ajouter une porte" not in concierge.page("/units/")


def test_the_page_of_a_unit_says_how_it_is(network: WebHouse, admin: Visitor) -> None:
    network.door("front")
    assert "en ligne" in admin.page("/units/front/parts/state")
    assert admin.get("/units/front/parts/other").status_code == 404
    assert admin.get("/units/nobody").status_code == 404
    assert 'href="/units/front"' in admin.page("/units/")
