"""What came of it all, as pictures, tables and CSV."""

from pathlib import Path

import pytest

from server.site.settings import RuleSettings, ServerSettings, SiteSettings
from tests.server.web.pages.test_desk import text_of
from tests.snapshots import Snapshots
from tests.web_house import Visitor, WebHouse

BADGE = "ntag424:04A1B2C3D4E5F6"
NAMES = ("occupancy", "attendance", "half-days", "takings", "rooms", "taps", "badges", "sales")


@pytest.fixture
def busy_house(house: WebHouse) -> WebHouse:
    """A member with a carnet, there from 9:14 to 11:14; a resident; three people in the workshop."""
    house.operator("Marie")
    desk = house.desk()
    house.door()
    member, resident = house.member("Aline", BADGE), house.member("Oumar")
    desk.does(f"/members/{member}/sell", **{"pass": "carnet-half-day", "paid_by": "card"})
    desk.does(f"/members/{resident}/sell", **{"pass": "resident", "paid_by": "transfer"})
    house.dials("atelier", "workshop", 3)
    house.tap(BADGE)
    house.pass_time(hours=2)
    house.tap(BADGE, side="exit", reason="exit")
    return house


@pytest.mark.parametrize("period", ["day", "month", "year", "century"])
def test_each_period_has_its_page(busy_house: WebHouse, period: str) -> None:
    page = text_of(busy_house.desk().page(f"/figures/?period={period}&on=2026-11-23"))
    assert "Recettes : 370 €" in page
    assert "1 / 12" in page
    assert "Résident" in page


@pytest.mark.parametrize("table", NAMES)
def test_every_table_is_had_as_csv(busy_house: WebHouse, snapshots: Snapshots, table: str) -> None:
    snapshots.same(f"{table}.csv", busy_house.desk().page(f"/figures/{table}.csv?period=month&on=2026-11-23"))


def test_there_is_no_other_table(house: WebHouse, desk: Visitor) -> None:
    assert desk.get("/figures/secrets.csv").status_code == 404


def test_an_empty_period_says_so(house: WebHouse, desk: Visitor) -> None:
    assert "Rien sur cette période." in desk.page("/figures/?period=month&on=2020-02-01")
    assert desk.get("/figures/?on=nonsense").status_code == 200


def test_open_data_need_no_login_and_blur_small_counts(busy_house: WebHouse, snapshots: Snapshots) -> None:
    answer = busy_house.visitor().get("/api/open-data/2026.csv")
    snapshots.same("open_data.csv", answer.text)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert busy_house.visitor().get("/api/open-data/2027.csv").status_code == 404


def test_how_many_residents_let_the_place_break_even_is_a_setting(tmp_path: Path) -> None:
    settings = ServerSettings(site=SiteSettings(id="comptoir"), rules=RuleSettings(break_even_residents=5))
    house = WebHouse(tmp_path, settings)
    house.operator("Marie")
    assert "0 / 5" in text_of(house.desk().page("/figures/"))
    house.close()
