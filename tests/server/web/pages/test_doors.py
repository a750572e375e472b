"""Orders to doors, and what the doors answer."""

import pytest

from device.contract.instant import Instant
from server.mqtt import door_command
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse


def test_a_door_is_opened_once_and_says_so(house: WebHouse, desk: Visitor) -> None:
    house.door()
    assert "✓ front est ouverte." in text_of(desk.does("/doors/front/open"))
    [(unit, order)] = house.line.orders
    assert (unit, order.kind, order.by) == ("front", "release", "Marie")
    assert (order.expires_at - house.now).total_seconds() == 10


def test_a_door_that_cannot_says_why(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.line.failing = "the strike is not there"
    assert "▲ front n'a pas pu : the strike is not there" in text_of(desk.does("/doors/front/open"))


def test_a_door_that_does_not_answer_is_told(house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_command, "VALID_S", 0.01)
    house.door()
    house.line.is_deaf = True
    assert "▲ front n'a pas répondu en" in text_of(desk.does("/doors/front/open"))


def test_without_a_broker_the_desk_says_so_and_sends_nothing(house: WebHouse, desk: Visitor) -> None:
    house.door()
    house.line.is_up = False
    page = text_of(desk.does("/doors/front/open"))
    assert "▲ Le courtier MQTT ne répond pas : front n'a pas reçu l'ordre" in page
    assert "Liaison avec les portes coupée" in page
    assert house.line.orders == []


def test_free_passage_until_an_hour_is_shown_and_can_be_undone(house: WebHouse, desk: Visitor) -> None:
    house.door()
    page = text_of(desk.does("/doors/front/mode", mode="free", until="16:00"))
    assert "front : passage libre jusqu'à 16:00. Annuler" in page
    assert house.line.orders[0][1].until == Instant.parse("2026-11-23T15:00:00Z")
    assert "passage libre jusqu'à 16:00 Comme d'habitude" in page
    assert "Comme d'habitude" not in text_of(desk.does("/doors/front/mode", mode="normal"))


def test_free_passage_is_over_when_its_hour_has_come(house: WebHouse, desk: Visitor) -> None:
    house.door()
    desk.does("/doors/front/mode", mode="free", until="16:00")
    house.pass_time(hours=7)
    assert "Comme d'habitude" not in text_of(desk.page("/"))


@pytest.mark.parametrize("until", ["", "09:14", "08:00", "24:00", "x", "16:00:00"])
def test_an_hour_that_is_past_or_none_is_not_taken(house: WebHouse, desk: Visitor, until: str) -> None:
    house.door()
    assert "Donnez une heure plus tard aujourd'hui" in text_of(desk.does("/doors/front/mode", mode="free", until=until))
    assert house.line.orders == []


def test_a_desk_unit_is_no_door(house: WebHouse, desk: Visitor) -> None:
    assert desk.post("/doors/nowhere/open").status_code == 409
