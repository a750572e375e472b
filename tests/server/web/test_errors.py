"""What is said of an order that failed is so: what may be said, and when."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from server.accounts.work import Work
from server.errors import NeverBegun, StillGoing
from server.store.accounts import sales
from server.store.damage import CommitFailed, DamagedDatabase
from server.store.database import Database
from tests.server.web.pages.test_desk import text_of
from tests.web_house import Visitor, WebHouse

SALE = {"pass": "carnet-day", "paid_by": "card"}
NOTHING = "Rien n'a été changé."
MAYBE = "Cela peut encore aboutir : regardez si c'est fait avant de recommencer."
DONE = "C'est fait ; seule la page n'a pas pu être montrée. Ne recommencez pas."
RESTORE = "Restaurez la sauvegarde"


def locked() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error


def failing(error: Exception, order: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """A writer's `order` that raises; with `order`, after that has done it."""

    def fails(act: Callable[[Work], Any], operator: str = "") -> Any:
        if order is not None:
            order(act, operator)
        raise error

    return fails


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NeverBegun("the books did not come to it"), NOTHING),
        (StillGoing("the books are at it"), MAYBE),
        (locked(), NOTHING),
        (sqlite3.OperationalError("disk I/O error"), NOTHING),
        (CommitFailed("disk I/O error"), MAYBE),
        (DamagedDatabase("no moment"), f"{NOTHING} {RESTORE}"),
        (TimeoutError("of whatever else"), MAYBE),
    ],
)
def test_of_an_order_that_failed_only_what_is_so_is_said(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    member = house.member("Aline")
    monkeypatch.setattr(house.writer, "order", failing(error))
    answer = desk.post(f"/members/{member}/sell", **SALE)
    assert answer.status_code == 503
    page = text_of(answer.text)
    assert told in page
    assert [said for said in (NOTHING, MAYBE, DONE) if said in page] == [NOTHING if NOTHING in told else MAYBE]


def test_a_sale_that_came_about_all_the_same_is_not_made_twice_by_the_same_form(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, form = house.member("Aline"), {"form_id": "the-same-form"}
    with monkeypatch.context() as patch:
        patch.setattr(house.writer, "order", failing(StillGoing(), house.writer.order))
        assert MAYBE in text_of(desk.post(f"/members/{member}/sell", **SALE, **form).text)
    assert "C'était déjà fait" in text_of(desk.does(f"/members/{member}/sell", **SALE, **form))
    assert len(sales.of_member(house.db, member)) == 1


def test_a_sale_that_is_in_the_books_is_never_said_not_to_be(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = house.member("Aline")

    def broken() -> Database:
        raise locked()

    monkeypatch.setattr("server.web.operator_actions.look_again", broken)
    page = text_of(desk.post(f"/members/{member}/sell", **SALE).text)
    assert DONE in page
    assert NOTHING not in page
    assert len(sales.of_member(house.db, member)) == 1


def test_a_page_that_is_only_looked_at_says_nothing_of_changes(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **more: object) -> object:
        raise DamagedDatabase("no moment")

    monkeypatch.setattr("server.store.people.directory.search", broken)
    answer = desk.get("/members/")
    assert answer.status_code == 503
    page = text_of(answer.text)
    assert "Les livres sont abîmés" in page
    assert RESTORE in page
    assert "changé" not in page


def test_where_the_logins_themselves_cannot_be_read_the_page_is_calm(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **more: object) -> object:
        raise sqlite3.DatabaseError("database disk image is malformed")

    monkeypatch.setattr("server.store.people.sessions.find", broken)
    answer = desk.get("/")
    assert answer.status_code == 503
    assert "Les livres ne répondent pas" in text_of(answer.text)


def test_an_order_to_a_door_that_is_on_its_way_is_never_said_not_to_be(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object, **more: object) -> object:
        raise sqlite3.OperationalError("disk I/O error")

    house.door()
    monkeypatch.setattr("server.store.journal.answers.answer_to", broken)
    page = text_of(desk.post("/doors/front/open").text)
    assert MAYBE in page
    assert [order.kind for _, order in house.line.orders] == ["release"]


def test_a_door_is_not_asked_before_the_books_know_of_it(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.door()
    with monkeypatch.context() as patch:
        patch.setattr(house.writer, "order", failing(StillGoing()))
        answer = desk.post("/doors/front/open")
    assert "▲ Les livres ne répondent pas : front n'a pas reçu l'ordre." in text_of(desk.page(answer.location))
    assert house.line.orders == []


def test_a_mode_that_the_books_could_not_note_is_said_to_hold_at_the_door(
    house: WebHouse, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.door()
    order, asked = house.writer.order, []

    def fails_the_second_time(act: Callable[[Work], Any], operator: str = "") -> Any:
        asked.append(act)
        if len(asked) == 2:
            raise NeverBegun
        return order(act, operator)

    with monkeypatch.context() as patch:
        patch.setattr(house.writer, "order", fails_the_second_time)
        answer = desk.post("/doors/front/mode", mode="free", until="16:00")
    assert answer.status_code == 303
    assert "▲ front l'a fait, mais les livres n'ont pas pu le noter" in text_of(desk.page(answer.location))


def test_health_and_the_desk_say_that_the_backup_is_needed(house: WebHouse, desk: Visitor) -> None:
    house.stats.damage = "database disk image is malformed"
    answer = house.visitor().get("/healthz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reasons"] == ["books: damaged, restore the backup: database disk image is malformed"]
    assert "Les livres sont abîmés : restaurez la sauvegarde" in text_of(desk.page("/"))


def test_health_says_which_unit_is_stuck(house: WebHouse, desk: Visitor) -> None:
    house.stats.stuck["poincon/v1/comptoir/unit/front/events"] = "RuntimeError: a mistake of ours"
    answer = house.visitor().get("/healthz")
    assert answer.status_code == 503
    assert "unit/front/events is stuck" in answer.text
    assert "unit/front/events" in desk.page("/")
