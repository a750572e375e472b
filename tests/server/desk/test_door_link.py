"""An order of the desk: sent once, its answer heard as soon as it is in the books."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from device.contract.messages import Command, CommandDone
from server.desk.door_link import DeskDoorLink
from server.errors import Refusal
from server.mqtt.door_command import command_door
from server.store.database import read_database
from tests.patience import PATIENCE_S, wait_until
from tests.web_house import WebHouse


@pytest.fixture
def house(tmp_path: Path) -> Iterator[WebHouse]:
    house = WebHouse(tmp_path)
    yield house
    house.close()


def link_of(house: WebHouse, sending: Callable[[], None] = lambda: None) -> DeskDoorLink:
    return DeskDoorLink(house.place, "front", lambda: read_database(house.db.path), sending)


def done(house: WebHouse, order: str, *, ok: bool = True) -> CommandDone:
    return CommandDone(at=house.now, clock="synced", id=order, ok=ok, error=None if ok else "no strike")


def test_an_answer_that_comes_while_it_is_awaited_is_heard_at_once(house: WebHouse) -> None:
    house.door()
    house.line.is_deaf = True
    threads: list[Thread] = []

    def answered_later() -> None:
        def answer() -> None:
            [(unit, order)] = wait_until(lambda: house.line.orders)
            house.hear(unit, done(house, "another", ok=False))
            house.hear(unit, done(house, order.id))

        threads.append(Thread(target=answer))
        threads[0].start()

    command_door(link_of(house, answered_later), "release", by="Marie", now=house.now)
    threads[0].join(PATIENCE_S)
    assert house.feed.subscribers == 0


def test_nothing_is_sent_without_a_line(house: WebHouse) -> None:
    house.door()
    house.line.is_up = False
    sent: list[str] = []
    with pytest.raises(Refusal):
        command_door(link_of(house, lambda: sent.append("order")), "release", by="Marie", now=house.now)
    assert (sent, house.line.orders) == ([], [])


def test_what_was_answered_before_the_order_was_sent_is_no_answer_to_it(house: WebHouse) -> None:
    house.door()
    house.hear("front", done(house, "c-1"))
    house.line.is_deaf = True
    order = Command(id="c-1", kind="release", expires_at=house.now, by="Marie")
    assert link_of(house).ask(order, 0.01) is None
