"""What an operator sees at a glance."""

import html
import re

from tests.furnished import furnish
from tests.page_text import page_text
from tests.snapshots import Snapshots
from tests.web_house import Visitor, WebHouse

ALINE, BADGE = "Aline Besson", "uid:04A1B2C3D4E5F6"
STRANGE = "uid:04FFFFFFFFFFF1"


def text_of(page: str) -> str:
    """What a reader reads, every space a plain one."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_an_empty_place_says_that_nothing_needs_a_hand(house: WebHouse, desk: Visitor) -> None:
    page = text_of(desk.page("/"))
    assert "0 présent " in page
    assert "Rien ne demande votre aide." in page
    assert "Personne pour l'instant." in page


def test_a_full_house_with_much_that_needs_a_hand(house: WebHouse, desk: Visitor, snapshots: Snapshots) -> None:
    furnish(house, 36)
    snapshots.same("desk.txt", page_text(desk.page("/")))


def test_who_badges_in_is_there_with_the_time_and_the_reason(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member(ALINE, BADGE)
    house.tap(BADGE)
    page = text_of(desk.page("/"))
    assert "1 présent " in page
    assert f"{ALINE} doit 3 € 09:14 Sortie" in page
    assert f"{ALINE} bienvenue · front" in page


def test_a_refusal_says_why_in_plain_words(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.member(ALINE, BADGE)
    house.tap(BADGE, reason="outside_hours")
    assert "✕ refusé hors des horaires · front" in text_of(desk.page("/"))


def test_every_part_can_be_fetched_alone(house: WebHouse, desk: Visitor) -> None:
    house.door()
    for name in ("matters", "occupancy", "people", "rooms", "taps", "doors"):
        assert desk.get(f"/parts/{name}").status_code == 200
    assert desk.get("/parts/secrets").status_code == 404
