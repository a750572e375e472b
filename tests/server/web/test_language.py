"""French first, English second: the browser decides, a switch overrides."""

import pytest

from tests.web_house import Visitor, WebHouse


@pytest.mark.parametrize(
    "wish, word",
    [("fr", "Connexion"), ("en", "Log in"), ("en-GB,en;q=0.9", "Log in"), ("de", "Connexion"), ("", "Connexion")],
)
def test_the_browser_decides(house: WebHouse, wish: str, word: str) -> None:
    assert f"<h1>{word}</h1>" in house.visitor(wish).page("/login")


def test_the_switch_overrides_the_browser_and_stays_on_the_page(house: WebHouse, desk: Visitor) -> None:
    answer = desk.post("/language", language="en", next="/members/")
    assert answer.location == "/members/"
    assert "<h1>Members</h1>" in desk.page("/members/")
    desk.post("/language", language="xx", next="/")
    assert "<h1>Members</h1>" in desk.page("/members/")


def test_a_wall_speaks_the_language_of_its_address(house: WebHouse) -> None:
    assert "comfortable" in house.visitor("fr").page("/display?lang=en")


def test_a_refusal_is_told_in_the_language_of_the_page(house: WebHouse) -> None:
    house.operator("Marie")
    desk = house.desk("Marie", language="en")
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    assert "Aline is in already" in desk.post(f"/presence/{member}/entry").text


def test_french_says_one_for_none(house: WebHouse, desk: Visitor) -> None:
    assert "présent<br>" in desk.page("/")


def test_how_a_charge_came_about_is_told_in_the_language_of_the_page(house: WebHouse) -> None:
    house.operator("Marie")
    desk = house.desk("Marie", language="en")
    member = house.member("Aline")
    desk.does(f"/presence/{member}/entry")
    page = desk.page(f"/members/{member}/days/{house.now.date()}/")
    assert "Presence: since " in page
    assert "Présence" not in page


def test_rooms_uses_and_passes_are_called_in_the_language_of_the_page(house: WebHouse) -> None:
    house.operator("Marie")
    member = house.member("Aline")
    english, french = house.desk("Marie", language="en"), house.desk("Marie", language="fr")
    assert "Meeting room" in english.page("/")
    assert "Salle de réunion" in french.page("/")
    assert "Voyageur, book of days" in english.page(f"/members/{member}")
    english.does(f"/members/{member}/sell", **{"pass": "ticket-day", "paid_by": "card"})
    assert "Campeur, a day" in english.page(f"/members/{member}")
    assert "Campeur, une journée" in french.page(f"/members/{member}")
    assert "Quiet work" in english.page("/")
    assert "Phone booth" in house.visitor("fr").page("/display?lang=en")
