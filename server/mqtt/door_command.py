"""An order to a door: made, sent, its answer awaited and put into words, in one way whoever gives it.

How the answer is heard differs, and is the business of a `DoorLink`: the running server finds it in the books, the
command line hears it at the broker (decision 16).
"""

import secrets
from datetime import timedelta
from typing import Literal, Protocol

from device.contract.instant import Instant
from device.contract.messages import Command, DoorMode
from server.errors import Refusal
from server.store.journal.answers import CommandAnswer

VALID_S = 10.0
"""How long an order may be carried out, and so how long its answer is awaited: a door must not open long after that."""


class DoorLink(Protocol):
    """A way to one door."""

    @property
    def unit(self) -> str:
        """The door's unit."""

    def ask(self, order: Command, timeout_s: float) -> CommandAnswer | None:
        """Sends `order`; its answer, or None where none came in time. Raises `Refusal` where it cannot be sent."""


def command_door(
    link: DoorLink,
    kind: Literal["release", "mode"],
    *,
    by: str,
    now: Instant,
    value: DoorMode | None = None,
    until: Instant | None = None,
) -> None:
    """Has the door carry out the order; raises `Refusal` where it cannot be asked, does not answer or cannot."""
    order = Command(
        id=f"c-{secrets.token_hex(8)}",
        kind=kind,
        expires_at=now + timedelta(seconds=VALID_S),
        by=by,
        value=value,
        until=until,
    )
    answer = link.ask(order, VALID_S)
    if answer is None:
        raise Refusal("door_did_not_answer", unit=link.unit, seconds=f"{VALID_S:.0f}")
    if not answer.ok:
        raise Refusal("door_could_not", unit=link.unit, error=answer.error or "?")
