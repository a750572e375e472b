"""The page of the updates, and the archive that units fetch."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from device.contract.state import UpdateOutcome
from server.updates import release, rounds
from server.updates.rounds import UnitUpdate, UpdateRound
from tests.releases import id_in, made_release
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

OLD = "0.3.0-00000000"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The release that the server was installed from."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "opt" / "venv"))
    return id_in(made_release(tmp_path / "opt" / "release"))


def site_of(house: WebHouse) -> Path:
    return house.db.path.parent


def test_a_unit_fetches_the_archive_without_a_login(house: WebHouse, tmp_path: Path) -> None:
    packed = release.packed(made_release(tmp_path / "release"), site_of(house))
    answer = house.visitor().get(f"/release/{packed.id}")
    assert (answer.status_code, answer.data) == (200, packed.path.read_bytes())
    assert answer.headers["Content-Length"] == str(packed.path.stat().st_size)


@pytest.mark.parametrize("wanted", ["0.0.0-00000000", "..books.sqlite3", ".round.json", "%2e%2e"])
def test_nothing_else_is_given(house: WebHouse, tmp_path: Path, wanted: str) -> None:
    release.packed(made_release(tmp_path / "release"), site_of(house))
    assert house.visitor().get(f"/release/{wanted}").status_code == 404


def test_an_admin_orders_a_round_of_every_unit(house: WebHouse, desk: Visitor, own: str) -> None:
    house.door()
    house.says("front", updates=True, release=OLD)
    assert f"Ce serveur donne la version {own}" in text_of(desk.page("/updates/"))
    page = text_of(desk.does("/updates/begin", next="/updates/"))
    assert "Les unités sont mises à jour, l'une après l'autre." in page
    assert "Va commencer…" in page
    assert "Mettre à jour les unités" not in page
    order = rounds.read_order(site_of(house))
    assert order is not None
    assert (order.release, order.operator, order.units) == (own, "Marie", ["front"])
    assert "unités mises à jour" in text_of(desk.page("/changes/"))


def test_a_second_order_is_refused_and_not_written_down(house: WebHouse, desk: Visitor, own: str) -> None:
    house.door()
    desk.does("/updates/begin", next="/updates/")
    assert "Une mise à jour est déjà en cours" in text_of(desk.does("/updates/begin", next="/updates/"))
    assert text_of(desk.page("/changes/")).count("unités mises à jour") == 1


def test_without_a_release_or_a_unit_there_is_no_round(house: WebHouse, desk: Visitor) -> None:
    house.door()
    page = text_of(desk.page("/updates/"))
    assert "n'a pas été installé depuis une version publiée" in page
    assert "Mettre à jour les unités" not in page
    assert "n'a pas été installé depuis" in text_of(desk.does("/updates/begin", next="/updates/"))


def test_a_concierge_neither_sees_it_nor_may_do_it(house: WebHouse, own: str) -> None:
    house.operator("Paul", role="concierge")
    paul = house.desk("Paul")
    house.door()
    assert paul.get("/updates/").status_code == 403
    assert paul.post("/updates/begin").status_code == 403
    assert "/updates/" not in paul.page("/")


def test_the_page_says_how_far_each_unit_is_and_why_one_went_back(house: WebHouse, desk: Visitor, own: str) -> None:
    house.door()
    made = UpdateRound(
        release=own,
        operator="Marie",
        began_at=house.now - timedelta(minutes=5),
        units=[
            UnitUpdate(unit="ring", kind="room", step="done"),
            UnitUpdate(unit="back", kind="door", step="went_back", why="alarm reader"),
            UnitUpdate(unit="front", kind="door"),
        ],
    )
    rounds.write_round(made, site_of(house))
    page = text_of(desk.page("/updates/"))
    assert f"En cours, vers {own}" in page
    assert "ring salle ✓ mise à jour" in page
    told = "▲ revenue à la version d'avant : une partie de l'unité ne répond plus sous la nouvelle version"
    assert f"back porte {told} (lecteur débranché)" in page
    assert "front porte attend son tour" in page
    assert "Mettre à jour les unités" not in page
    rounds.write_round(replace(made, ended_at=house.now), site_of(house))
    page = text_of(desk.page("/updates/"))
    assert "les unités suivantes gardent leur version" in page
    assert "front porte garde sa version" in page
    assert "Mettre à jour les unités" in page


def test_who_runs_what_is_shown(house: WebHouse, desk: Visitor, own: str) -> None:
    house.door()
    outcome = UpdateOutcome(order="u-1", release=own, result="done")
    house.says("front", updates=True, release=own, update=outcome)
    assert f"front porte {own} ✓" in text_of(desk.page("/updates/parts/released"))
    assert desk.get("/updates/parts/nothing").status_code == 404


def test_the_page_is_live(house: WebHouse, desk: Visitor) -> None:
    with desk.get("/updates/live") as answer:
        first = next(iter(answer.response))
    assert b'"round"' in bytes(first) and b'"released"' in bytes(first)  # type: ignore[arg-type]
