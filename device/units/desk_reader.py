"""The reader of a desk while it is lent: the server speaks to the badge, and ring and buzzer say how far that is."""

import logging
from collections.abc import Callable

from device.contract.lent_reader import CardAnswer
from device.contract.messages import Command, Side
from device.core.badge.loan import (
    AnotherBadge,
    Consequence,
    Happening,
    Lent,
    Loan,
    LoanBegun,
    LoanOver,
    PassOn,
    Say,
    step,
)
from device.core.lights.door_ring import Picture
from device.door_panel import DoorPanel
from device.ports import Moment, Reader

log = logging.getLogger(__name__)

ENDS: dict[str, Picture] = {
    "done": Picture.BADGE_DONE,
    "refused": Picture.BADGE_REFUSED,
    "again": Picture.BADGE_AGAIN,
}
"""How the server says that it ended for the badge. A loan whose time is over ends in silence, as one does that the
server ends so."""


class DeskReader:
    """The reader of `side`; `say` sends what the server is told. Used by the controller's thread alone."""

    def __init__(self, side: Side, reader: Reader, say: Callable[[CardAnswer], None]) -> None:
        self.side = side
        self._reader, self._say = reader, say
        self._loan: Loan | None = None

    @property
    def is_lent(self) -> bool:
        """Whether badges are the server's, and not decided on."""
        return self._loan is not None

    @property
    def picture(self) -> Picture | None:
        """What the ring shows while it is lent."""
        if self._loan is None:
            return None
        if self._loan.is_another:
            return Picture.BADGE_ANOTHER
        return Picture.BADGE_AWAITED if self._loan.held is None else Picture.BADGE_AT_WORK

    def deadline_s(self) -> float | None:
        """When the loan's time is over."""
        return self._loan.until_s if self._loan is not None else None

    def lend(self, command: Command, panel: DoorPanel, moment: Moment) -> None:
        """Carries out a `lend`."""
        if command.session is not None and command.for_s is not None:
            self.take(Lent(command.session, command.for_s), panel, moment)

    def take(self, happening: Happening, panel: DoorPanel, moment: Moment) -> None:
        """One thing that happened to the loan, or while there may be one."""
        self._loan, consequences = step(self._loan, happening, moment.now_s)
        for consequence in consequences:
            self._carry_out(consequence, panel, moment)

    def _carry_out(self, consequence: Consequence, panel: DoorPanel, moment: Moment) -> None:
        match consequence:
            case Say(answer):
                self._say(answer)
            case PassOn():
                self._reader.pass_on(consequence)
            case AnotherBadge():
                panel.sound(Picture.BADGE_ANOTHER, True)
            case LoanBegun(session):
                log.info("reader lent session=%s", session[:4])
                self._reader.lend(session)
                panel.dismiss(moment.now_s)
            case LoanOver(session, how):
                log.info("reader no longer lent session=%s how=%s", session[:4], how)
                if how != "another":
                    self._reader.take_back()
                if how in ENDS:
                    panel.answer(ENDS[how], moment.now_s)
