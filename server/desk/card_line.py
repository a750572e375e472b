"""The running server's way to a lent reader: over its one link, past the books; the order to lend like any order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from device.contract.channels import CARD
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import Command
from server.accounts.work import Work
from server.desk.context import Orders, ServerContext
from server.desk.door_link import DeskDoorLink
from server.errors import NeverBegun, Refusal, Undecided
from server.mqtt.card_answers import Answers, CardAnswers, next_answer
from server.store.database import read_database
from server.store.journal.answers import CommandAnswer

T = TypeVar("T")


class DeskBooks:
    """The books for the sessions of one operator: their orders go to the writer, as those of the pages do."""

    def __init__(self, orders: Orders, operator: str) -> None:
        self._orders, self._operator = orders, operator

    def __call__(self, act: Callable[[Work], T], /) -> T:
        """What `act` gave back, once it is durable; raises `Refusal` where the books do not answer.

        It may have come about then. Who holds the badge again finds it so, and what was done is not done twice.
        """
        try:
            return self._orders.order(act, self._operator)
        except (NeverBegun, Undecided):
            raise Refusal("books_silent") from None


class DeskCardLine:
    """A line to the reader of one unit for one session; `answers` are that session's."""

    def __init__(self, place: ServerContext, unit: str, session: str, answers: Answers) -> None:
        self.unit, self.session = unit, session
        self._line, self._answers = place.line, answers
        self._orders = DeskDoorLink(place, unit, lambda: read_database(place.database_path), lambda: None)

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        """Sends an order; its answer as soon as the writer has kept it, or None where none is kept in time."""
        return self._orders.ask(order, timeout_s)

    def send(self, frames: CardFrames) -> None:
        """Sends frames, or the end; dropped while there is no connection."""
        self._line.publish(CARD, self.unit, frames)

    def hear(self, timeout_s: float) -> CardAnswer | None:
        """The next answer of the session, in their order; None where none comes in time."""
        return next_answer(self._answers, timeout_s)


@contextmanager
def card_line(place: ServerContext, heard: CardAnswers, unit: str, session: str) -> Iterator[DeskCardLine]:
    """The line for a session while the block lasts; `heard` is where the link hands over what it hears."""
    with heard.of(unit, session) as answers:
        yield DeskCardLine(place, unit, session, answers)
