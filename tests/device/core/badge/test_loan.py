"""A lent reader's side at the desk: each number is carried out once, whatever is lost, repeated or out of order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.channels import CARD_ANSWER
from device.contract.codec import decode, encode
from device.contract.lent_reader import CardAnswer, CardFrames
from device.core.badge.loan import (
    AnotherBadge,
    BadgeAnswered,
    BadgeHeld,
    BadgeLeft,
    Lent,
    Loan,
    LoanBegun,
    LoanOver,
    PassOn,
    Reconnected,
    Say,
    Ticked,
    is_refused,
    step,
)

OURS, OTHER = "c4f10a2b3c4d5e6f", "0000000000000001"
UID = "04A1B2C3D4E5F6"
ATS = bytes.fromhex("067777710280")
SELECT, VERSION = "00A4040C07D276000085010100", "9060000000"
BADGE = BadgeHeld(OURS, 1, UID, 0x20, ATS)
LENT = Lent(OURS, 60)
OK, MORE = bytes.fromhex("9000"), bytes.fromhex("0491AF")


def sent(n, *frames, session=OURS, hold=None):
    return CardFrames(session=session, n=n, send=list(frames or (SELECT,)), hold=hold)


def another(n, hold=1):
    return CardFrames(session=OURS, n=n, ring="another", hold=hold)


def ended(n, end="done", session=OURS, ring=None):
    return CardFrames(session=session, n=n, end=end, ring=ring)


def there(gone=False, uid=UID, hold=1):
    return Say(CardAnswer(session=OURS, n=0, uid=uid, sak="20", ats="067777710280", gone=gone, hold=hold))


def answer(n, *got, gone=False, hold=None):
    return Say(CardAnswer(session=OURS, n=n, got=list(got), gone=gone, hold=hold))


def passed(n, *frames, hold=1):
    return PassOn(hold, n, tuple(bytes.fromhex(frame) for frame in frames or (SELECT,)))


def last_of(*happenings, now_s=0.0):
    """What follows from the last of these; all happen at the same time."""
    loan: Loan | None = None
    followed: list[Any] = []
    for happening in happenings:
        loan, followed = step(loan, happening, now_s)
    return followed


HELD = (LENT, BADGE)
ONCE = (*HELD, sent(1), BadgeAnswered(1, 1, (OK,), gone=False))
SECOND = (*HELD, BadgeLeft(1), BADGE._replace(hold=2))
TABLE = {
    "nothing is lent": ([sent(1)], []),
    "a badge at a reader that is not lent": ([BADGE], []),
    "lent": ([LENT], [LoanBegun(OURS)]),
    "lent anew": ([LENT, Lent(OTHER, 60)], [LoanOver(OURS, "another"), LoanBegun(OTHER)]),
    "lent for longer": ([*ONCE, LENT], []),
    "a badge is held": ([*HELD], [there()]),
    "a badge of the loan before": ([Lent(OTHER, 60), BADGE], []),
    "a card without ISO 14443-4": (
        [LENT, BadgeHeld(OURS, 1, "04A1B2C3", 0x08, b"")],
        [Say(CardAnswer(session=OURS, n=0, uid="04A1B2C3", sak="08", ats="", hold=1))],
    ),
    "frames": ([*HELD, sent(1, SELECT, VERSION)], [passed(1, SELECT, VERSION)]),
    "frames of another session": ([*HELD, sent(1, session=OTHER)], []),
    "frames, and no badge": ([LENT, sent(1)], [answer(1, gone=True)]),
    "the badge answers": ([*ONCE], [answer(1, "9000")]),
    "the badge answers in part and leaves": (
        [*HELD, sent(1, SELECT, VERSION), BadgeAnswered(1, 1, (OK,), gone=True)],
        [answer(1, "9000", gone=True, hold=1)],
    ),
    "it answers twice": ([*ONCE, BadgeAnswered(1, 1, (MORE,), gone=False)], []),
    "another badge's answer": ([*HELD, sent(1), BadgeAnswered(7, 1, (OK,), gone=False)], []),
    "the answer to what is not asked any more": ([*HELD, sent(1), sent(2), BadgeAnswered(1, 1, (OK,), gone=False)], []),
    "the same number while the badge works": ([*HELD, sent(1), sent(1)], []),
    "the same number again": ([*ONCE, sent(1, VERSION)], [answer(1, "9000")]),
    "an older number": ([*ONCE, sent(3), sent(2)], []),
    "a number left out": ([*ONCE, sent(9)], [passed(9)]),
    "the badge leaves before any frame": ([*HELD, BadgeLeft(1)], [there(gone=True)]),
    "the badge leaves between messages": ([*ONCE, BadgeLeft(1)], [answer(1, gone=True, hold=1)]),
    "the badge leaves over its work": ([*ONCE, sent(2), BadgeLeft(1)], [answer(2, gone=True, hold=1)]),
    "another badge left": ([*HELD, BadgeLeft(7)], []),
    "it left, as was said": ([*HELD, sent(1), BadgeAnswered(1, 1, (), gone=True), BadgeLeft(1)], []),
    "what was answered stays answered when it left": ([*ONCE, BadgeLeft(1), sent(1)], [answer(1, "9000")]),
    "frames after it left": ([*ONCE, BadgeLeft(1), sent(2)], [answer(2, gone=True)]),
    "held again": ([*ONCE, BadgeLeft(1), BADGE._replace(hold=2)], [there(hold=2)]),
    "held again, numbers go on": ([*ONCE, BadgeLeft(1), BADGE._replace(hold=2), sent(2)], [passed(2, hold=2)]),
    "held again, the old number": ([*ONCE, BadgeLeft(1), BADGE._replace(hold=2), sent(1)], [answer(1, "9000")]),
    "another is there and nobody saw the first leave": (
        [*HELD, sent(1), BADGE._replace(hold=2, uid="04B1B2C3D4E5F6")],
        [answer(1, gone=True, hold=1), there(uid="04B1B2C3D4E5F6", hold=2)],
    ),
    "frames for the badge that is there": ([*SECOND, sent(1, hold=2)], [passed(1, hold=2)]),
    "frames for the badge before": ([*SECOND, sent(1, hold=1)], [answer(1, gone=True, hold=1)]),
    "frames for the badge before, again": ([*SECOND, sent(1, hold=1), sent(1, hold=1)], [answer(1, gone=True, hold=1)]),
    "after them, frames for this one": ([*SECOND, sent(1, hold=1), sent(2, hold=2)], [passed(2, hold=2)]),
    "frames for the badge before, and none there": (
        [*HELD, BadgeLeft(1), sent(1, hold=1)],
        [answer(1, gone=True, hold=1)],
    ),
    "another badge than the one begun": ([*SECOND, another(1, hold=2)], [AnotherBadge(), answer(1)]),
    "another badge, told twice": ([*SECOND, another(1, hold=2), another(1, hold=2)], [answer(1)]),
    "another badge, told of the one before": ([*SECOND, another(1)], [answer(1, gone=True, hold=1)]),
    "another badge leaves": ([*HELD, another(1), BadgeLeft(1)], [answer(1, gone=True, hold=1)]),
    "the end in silence": ([*HELD, ended(1, "refused", ring="silence")], [LoanOver(OURS, "silence")]),
    "the end": ([*ONCE, ended(2)], [LoanOver(OURS, "done")]),
    "the end under the last number": ([*ONCE, ended(1, "again")], [LoanOver(OURS, "again")]),
    "an older end": ([*ONCE, sent(3), ended(2, "refused")], []),
    "the end of another session": ([*ONCE, ended(2, session=OTHER)], []),
    "the end, twice": ([*ONCE, ended(2), ended(2)], []),
    "frames after the end": ([*ONCE, ended(2), sent(3)], []),
    "a badge after the end": ([*ONCE, ended(2), BadgeLeft(1), BADGE._replace(hold=2)], []),
    "a new line, nothing said yet": ([LENT, Reconnected()], []),
    "a new line, a badge there": ([*HELD, Reconnected()], [there()]),
    "a new line while the badge works": ([*HELD, sent(1), Reconnected()], []),
    "a new line, answered": ([*ONCE, Reconnected()], [answer(1, "9000")]),
    "a new line, the badge gone": ([*ONCE, BadgeLeft(1), Reconnected()], [answer(1, gone=True, hold=1)]),
    "a new line, frames for the badge before": ([*SECOND, sent(1, hold=1), Reconnected()], [there(hold=2)]),
    "a new line, nothing lent": ([Reconnected()], []),
}


@pytest.mark.parametrize(("happenings", "followed"), TABLE.values(), ids=TABLE)
def test_what_follows_of_the_last_of_these(happenings, followed):
    assert last_of(*happenings) == followed


@pytest.mark.parametrize(
    ("then", "is_another"),
    [([], True), ([another(1)], True), ([sent(2, hold=1)], False), ([sent(2)], False), ([BadgeLeft(1)], False)],
)
def test_another_badge_is_one_until_it_leaves_or_is_spoken_to(then, is_another):
    loan: Loan | None = None
    for happening in (*HELD, another(1), *then):
        loan, _ = step(loan, happening, 0.0)
    assert loan and loan.is_another is is_another


def test_a_loan_ends_with_its_time_and_not_before():
    loan, _ = step(None, LENT, 1000.0)
    assert loan and loan.until_s == 1060.0
    assert step(loan, Ticked(), 1059.9) == (loan, [])
    assert step(loan, Ticked(), 1060.0) == (None, [LoanOver(OURS, "time")])
    assert step(loan, sent(1), 1060.0) == (None, [LoanOver(OURS, "time")])
    assert step(None, Ticked(), 1060.0) == (None, [])


def test_lent_again_in_its_time_it_goes_on_for_longer_and_after_it_anew():
    loan, _ = step(None, LENT, 0.0)
    loan, followed = step(loan, LENT, 50.0)
    assert loan and (loan.until_s, followed) == (110.0, [])
    assert step(loan, LENT, 110.0) == (Loan(OURS, 170.0), [LoanOver(OURS, "time"), LoanBegun(OURS)])


@pytest.mark.parametrize(
    ("status", "refused"),
    [("9000", False), ("9100", False), ("91AF", False), ("9190", True), ("91AE", True), ("6A82", True), ("00", True)],
)
def test_a_frame_is_refused_whose_status_says_so(status, refused):
    assert is_refused(bytes.fromhex("AA" + status)) is refused


sessions = st.sampled_from([OURS, OTHER])
numbers = st.integers(1, 6)
holds = st.integers(1, 4)
replies = st.lists(st.sampled_from([OK, MORE, b"\x91\xae"]), max_size=2).map(tuple)
happenings = st.one_of(
    st.builds(Lent, sessions, st.integers(1, 30)),
    st.builds(lambda n, session: sent(n, session=session), numbers, sessions),
    st.builds(lambda n, hold: sent(n, hold=hold), numbers, holds),
    st.builds(another, numbers, holds),
    st.builds(lambda n, end, session: ended(n, end, session), numbers, st.sampled_from(["done", "again"]), sessions),
    st.builds(lambda session, hold: BADGE._replace(session=session, hold=hold), sessions, holds),
    st.builds(BadgeAnswered, holds, numbers, replies, st.booleans()),
    st.builds(BadgeLeft, holds),
    st.just(Reconnected()),
    st.just(Ticked()),
)


@given(st.lists(st.tuples(happenings, st.integers(0, 9)), max_size=60))
def test_whatever_is_lost_repeated_or_out_of_order_a_number_is_carried_out_once_and_answered_alike(told):
    """In one loan, from its beginning to its end."""
    loan: Loan | None = None
    session: str | None = None
    carried_out: list[int] = []
    answers: dict[int, CardAnswer] = {}
    now_s = 0
    for happening, later_s in told:
        now_s += later_s
        loan, followed = step(loan, happening, now_s)
        for each in followed:
            match each:
                case LoanBegun(begun):
                    assert session is None
                    session, carried_out, answers = begun, [], {}
                case LoanOver(over, _):
                    assert over == session
                    session = None
                case PassOn(hold, n, _):
                    assert session is not None and loan and loan.held and loan.held.hold == hold
                    assert not carried_out or n > carried_out[-1]
                    carried_out.append(n)
                case Say(said):
                    assert decode(encode(said), CARD_ANSWER.message) == said
                    assert said.session == session
                    is_note = said.gone and not said.got
                    assert is_note or said.n == 0 or said == answers.get(said.n, said)
                    answers.setdefault(said.n, said)
        assert (loan.session if loan else None) == session
        assert loan is None or now_s < loan.until_s


@given(st.lists(happenings, max_size=60))
def test_frames_meant_for_a_badge_reach_no_other_and_are_answered_as_gone(told):
    loan: Loan | None = None
    for happening in told:
        before = loan
        loan, followed = step(loan, happening, 0)
        if not isinstance(happening, CardFrames) or before is None or happening.session != before.session:
            continue
        there = None if before.held is None else before.held.hold
        assert all(happening.hold in (None, each.hold) for each in followed if isinstance(each, PassOn))
        assert AnotherBadge() not in followed or (happening.hold == there and loan and loan.is_another)
        if happening.n > before.n and happening.end is None and happening.hold not in (None, there):
            assert followed == [answer(happening.n, gone=True, hold=happening.hold)]
            assert loan and loan.held == before.held


@given(st.lists(happenings, max_size=60))
def test_what_is_another_badge_is_so_until_it_leaves_or_is_spoken_to(told):
    loan: Loan | None = None
    for happening in told:
        before = loan
        loan, followed = step(loan, happening, 0)
        assert loan is None or loan.held is not None or not loan.is_another
        if before and before.is_another and loan and not loan.is_another:
            is_spoken_to = any(isinstance(each, PassOn) for each in followed)
            assert is_spoken_to or loan.held != before.held or loan.session != before.session


@given(st.lists(st.tuples(happenings, st.integers(0, 3)), max_size=30), st.integers(7, 9))
def test_every_message_is_answered_once_the_badge_has_answered_or_left(told, n):
    loan, now_s = None, 0
    for happening, later_s in [*told, (LENT, 0)]:
        now_s += later_s
        loan, _ = step(loan, happening, now_s)
    loan, followed = step(loan, sent(n), now_s)
    hold = None
    if isinstance(followed[-1], PassOn):
        hold = followed[-1].hold
        loan, followed = step(loan, BadgeLeft(hold), now_s)
    assert followed == [answer(n, gone=True, hold=hold)]
