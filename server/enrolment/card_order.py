"""What somebody wants of a badge at a desk: which kind of session, for whom, at a unit that can lend its reader."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from device.core.badge.apdu import Transceive
from server.accounts.work import Work
from server.enrolment.badge_report import report
from server.enrolment.badge_work import BadgeOutcome, BadgeWork
from server.enrolment.card_session import Kind
from server.enrolment.enrolment import enrol
from server.enrolment.lent_reader import HeldBadge
from server.enrolment.rekeying import rekey
from server.enrolment.session_run import Act, Begin
from server.enrolment.wiping import wipe
from server.errors import Refusal
from server.store.people import members
from server.store.units import units


class CardOrder(NamedTuple):
    """`member` is whose the badge is to be, of an enrolment alone; `as_copyable`: also a card that has no keys."""

    kind: Kind
    member: int | None = None
    as_copyable: bool = False


def act_of(means: Callable[[], BadgeWork], order: CardOrder) -> Act[BadgeOutcome]:
    """What is done with the badge that is held; raises `Refusal` for an enrolment for nobody that is known.

    `means` is asked each time a badge is held: since the session began, the keys of the place may have become others.
    """
    if order.kind == "enrol":
        means().books(lambda books: members.find(books.db, order.member or 0))

    def act(badge: HeldBadge, transceive: Transceive, begin: Begin) -> BadgeOutcome:
        return _deed_of(means(), order)(badge, transceive, begin)

    return act


def _deed_of(work: BadgeWork, order: CardOrder) -> Act[BadgeOutcome]:
    if order.kind == "enrol":
        return partial(enrol, work, order.member or 0, as_copyable=order.as_copyable)
    if order.kind == "rekey":
        return partial(rekey, work)
    if order.kind == "wipe":
        return partial(wipe, work)
    return partial(report, work)


def must_lend(books: Work, unit: str, *, is_live: bool) -> None:
    """Raises `Refusal` where there is no such unit, or it says that it has no reader to lend.

    Where the books are not `is_live` they may be behind: whether the unit is there shows when it is asked.
    """
    state = units.find(books.db, unit).state
    if state is None:
        return
    if is_live and not state.online:
        raise Refusal("unit_not_connected", unit=unit)
    if state.online and not state.lends:
        raise Refusal("unit_has_no_reader", unit=unit)
