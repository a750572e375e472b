"""The unit's side of a lent reader, as a state machine: which frames go to which badge, and what the server is told.

`step` takes the loan, what happened and the monotonic time, and gives the loan as it then is, None once it is over, and
what follows. Messages may come in any order, again and again, or not at all: a number is carried out once, and what was
answered to it is answered again. Nothing of a loan outlives the unit, so that a new one begins afresh.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from device.contract.lent_reader import REFUSED_UNLESS, CardAnswer, CardFrames, End


class Lent(NamedTuple):
    """The server borrows the reader for so long; with the session of the present loan, for so long from now."""

    session: str
    for_s: float


class BadgeHeld(NamedTuple):
    """A badge is held to the reader while it is lent for `session`; `ats` is empty where it has no ISO 14443-4.

    `hold` numbers this holding of it: what is meant for this badge goes to no other.
    """

    session: str
    hold: int
    uid: str
    sak: int
    ats: bytes


class BadgeAnswered(NamedTuple):
    """What the badge answered to the frames of `n`, up to the first that it refused; `gone`: it did not answer all."""

    hold: int
    n: int
    got: tuple[bytes, ...]
    gone: bool


class BadgeLeft(NamedTuple):
    """The badge of that holding is gone."""

    hold: int


class Reconnected(NamedTuple):
    """The line to the server is a new one: what was said last may be lost."""


class Ticked(NamedTuple):
    """Time has passed."""


ReaderWord = BadgeHeld | BadgeAnswered | BadgeLeft
"""What the reader says of a loan."""
Happening = Lent | CardFrames | ReaderWord | Reconnected | Ticked


class PassOn(NamedTuple):
    """Frames to the badge of that holding, in their order, up to the first that it refuses."""

    hold: int
    n: int
    frames: tuple[bytes, ...]


class Say(NamedTuple):
    """A message to the server."""

    answer: CardAnswer


class AnotherBadge(NamedTuple):
    """The badge that is held is another than the one that was begun: nothing is done with it."""


class LoanBegun(NamedTuple):
    """The reader is lent from now on."""

    session: str


class LoanOver(NamedTuple):
    """The loan is over: its time is, another took its place, or as the server said it ended for the badge.

    `silence`: the server ended it, and no badge is concerned.
    """

    session: str
    how: Literal["time", "another", "silence"] | End


Consequence = PassOn | Say | AnotherBadge | LoanBegun | LoanOver


@dataclass(frozen=True)
class Loan:
    """A loan of the reader. `n` is the number of the frames that were taken last, 0 before there were any.

    `answer` is what was answered to them, None while the badge works on them; `said` what the server was told last.
    `is_another`: the badge that is held is not the one that was begun, as the server says.
    """

    session: str
    until_s: float
    held: BadgeHeld | None = None
    n: int = 0
    answer: CardAnswer | None = None
    said: CardAnswer | None = None
    is_another: bool = False

    @property
    def is_at_work(self) -> bool:
        """Whether the badge works on frames: their answer will say how things stand."""
        return self.n > 0 and self.answer is None


Stepped = tuple[Loan | None, list[Consequence]]
GoneOn = tuple[Loan, list[Consequence]]


def is_refused(answer: bytes) -> bool:
    """Whether the status at the end of a badge's answer says that it did not take the frame."""
    return answer[-2:].hex().upper() not in REFUSED_UNLESS


def step(loan: Loan | None, happening: Happening, now_s: float) -> Stepped:
    """The loan after `happening` at monotonic `now_s`, and what follows, in its order."""
    ended: list[Consequence] = []
    if loan is not None and now_s >= loan.until_s:
        ended = [LoanOver(loan.session, "time")]
        loan = None
    if isinstance(happening, Lent):
        loan, more = _lent(loan, happening, now_s)
    elif loan is None:
        more = []
    else:
        loan, more = _happened(loan, happening)
    return loan, [*ended, *more]


def _lent(loan: Loan | None, lent: Lent, now_s: float) -> Stepped:
    until_s = now_s + lent.for_s
    if loan is None:
        return Loan(lent.session, until_s), [LoanBegun(lent.session)]
    if loan.session == lent.session:
        return replace(loan, until_s=until_s), []
    return Loan(lent.session, until_s), [LoanOver(loan.session, "another"), LoanBegun(lent.session)]


def _happened(loan: Loan, happening: CardFrames | ReaderWord | Reconnected | Ticked) -> Stepped:
    match happening:
        case CardFrames() if happening.session == loan.session:
            return _sent(loan, happening)
        case BadgeHeld() if happening.session == loan.session:
            return _held(loan, happening)
        case BadgeAnswered() if loan.held is not None and happening.hold == loan.held.hold:
            return _answered(loan, happening)
        case BadgeLeft(hold) if loan.held is not None and hold == loan.held.hold:
            return _left(loan, loan.held)
        case Reconnected() if loan.said is not None and not loan.is_at_work:
            return loan, [Say(loan.said)]
        case _:
            return loan, []


def _sent(loan: Loan, message: CardFrames) -> Stepped:
    if message.n < loan.n:
        return loan, []
    if message.end is not None:
        return None, [LoanOver(loan.session, "silence" if message.ring == "silence" else message.end)]
    if message.n == loan.n:
        return (loan, []) if loan.answer is None else _said(loan, loan.answer)
    loan, held = replace(loan, n=message.n, answer=None), loan.held
    if held is None or message.hold not in (None, held.hold):
        return _not_there(loan, message.hold)
    if message.send is None:
        loan, said = _told(replace(loan, is_another=True), ())
        return loan, [AnotherBadge(), *said]
    frames = tuple(bytes.fromhex(frame) for frame in message.send)
    return replace(loan, is_another=False), [PassOn(held.hold, message.n, frames)]


def _not_there(loan: Loan, hold: int | None) -> GoneOn:
    """Frames whose badge is not there any more: the last word stays what was said of the one that is."""
    last_said = loan.said
    loan, said = _told(loan, (), gone=True, hold=hold)
    return (loan if loan.held is None else replace(loan, said=last_said)), said


def _held(loan: Loan, badge: BadgeHeld) -> GoneOn:
    left: list[Consequence] = []
    if loan.held is not None:
        loan, left = _left(loan, loan.held)
    loan, there = _said(replace(loan, held=badge), _there(loan, badge))
    return loan, [*left, *there]


def _answered(loan: Loan, answered: BadgeAnswered) -> GoneOn:
    if answered.n != loan.n or loan.answer is not None:
        return loan, []
    if not answered.gone:
        return _told(loan, answered.got)
    return _told(replace(loan, held=None), answered.got, gone=True, hold=answered.hold)


def _left(loan: Loan, badge: BadgeHeld) -> GoneOn:
    loan = replace(loan, held=None, is_another=False)
    if loan.is_at_work:
        return _told(loan, (), gone=True, hold=badge.hold)
    if loan.n == 0:
        return _said(loan, _there(loan, badge, gone=True))
    return _said(loan, CardAnswer(session=loan.session, n=loan.n, got=[], gone=True, hold=badge.hold))


def _there(loan: Loan, badge: BadgeHeld, gone: bool = False) -> CardAnswer:
    uid, sak, ats = badge.uid, f"{badge.sak:02X}", badge.ats.hex().upper()
    return CardAnswer(session=loan.session, n=0, uid=uid, sak=sak, ats=ats, gone=gone, hold=badge.hold)


def _told(loan: Loan, got: tuple[bytes, ...], *, gone: bool = False, hold: int | None = None) -> GoneOn:
    """The answer to the frames of `loan.n`, which stays what it is."""
    told = [each.hex().upper() for each in got]
    answer = CardAnswer(session=loan.session, n=loan.n, got=told, gone=gone, hold=hold)
    return _said(replace(loan, answer=answer), answer)


def _said(loan: Loan, answer: CardAnswer) -> GoneOn:
    return replace(loan, said=answer), [Say(answer)]
