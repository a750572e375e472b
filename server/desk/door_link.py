"""The desk's way to a door: the order goes over the server's line, its answer is found in the books."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from device.contract.channels import COMMAND
from device.contract.messages import Command
from server.desk.context import ServerContext
from server.errors import Refusal
from server.store.database import Database
from server.store.journal import answers
from server.store.journal.answers import CommandAnswer


class DeskDoorLink:
    """A link to one door; `view` lends the books as they are now, `sending` is called right before the order leaves."""

    def __init__(
        self,
        place: ServerContext,
        unit: str,
        view: Callable[[], AbstractContextManager[Database]],
        sending: Callable[[], None],
    ) -> None:
        self.unit = unit
        self._place, self._view, self._sending = place, view, sending

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        """Sends `order`; its answer as soon as the writer has kept it, or None where none is kept in time."""
        place = self._place
        if not place.line.is_up:
            raise Refusal("door_not_asked", unit=self.unit)
        subscription = place.feed.subscribe("tap")  # before it is sent: the writer publishes whatever it has kept
        try:
            with self._view() as db:
                newest = answers.newest_event(db)
            self._sending()
            place.line.publish(COMMAND, self.unit, order)
            deadline_s = place.monotonic_s() + timeout_s
            while (left_s := deadline_s - place.monotonic_s()) > 0:
                subscription.wait(left_s)
                with self._view() as db:
                    answer = answers.answer_to(db, order.id, after=newest)
                if answer is not None:
                    return answer
        finally:
            place.feed.unsubscribe(subscription)
        return None
