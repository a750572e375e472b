"""The wire to a lent reader: each frame reaches the badge once, whatever the wire does; nobody waits for the silent."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from device.contract.codec import decode, encode
from device.contract.instant import Instant
from device.contract.lent_reader import LONGEST_LOAN_S, CardAnswer, CardFrames
from device.core.badge.errors import BadgeGone, Garbled
from server.enrolment.lent_reader import REPEAT_S, SILENT_S, HeldBadge, LentReader, new_session
from server.errors import Refusal
from tests.played_desk import SESSION, Message, PlayedDesk, Shown

MORNING = Instant.parse("2026-11-23T08:14:05.000Z")
UID, OTHER_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("04FFFFFFFFFFFF")


class Echo:
    """Answers with what it was told, and how many frames it has heard since it is in the field."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    def power_on(self) -> None:
        self.heard.clear()

    def answer(self, apdu: bytes) -> bytes:
        self.heard.append(apdu)
        return apdu + bytes((len(self.heard),)) + b"\x91\x00"


class Unnumbered(PlayedDesk):
    """A desk of before holdings were numbered."""

    def hear(self, timeout_s: float) -> CardAnswer | None:
        """The next answer, without what it was not told then."""
        answer = super().hear(timeout_s)
        return None if answer is None else replace(answer, hold=None)


def lent(desk: PlayedDesk, for_s: float = 60) -> LentReader:
    reader = LentReader(desk, desk.monotonic_s)
    reader.lend(for_s, by="Marie", now=MORNING)
    return reader


def held(desk: PlayedDesk, card: Shown | None = None) -> tuple[LentReader, Shown]:
    reader, card = lent(desk), card or Shown(UID, Echo())
    desk.hold(card)
    assert reader.awaited_badge(desk.now_s + 60, lambda: False) == HeldBadge(card.uid, card.sak, card.ats)
    return reader, card


def test_a_badge_is_spoken_to_frame_by_frame_under_numbers_that_go_up() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    assert [reader.transceive(bytes((n,))) for n in (7, 8)] == [b"\x07\x01\x91\x00", b"\x08\x02\x91\x00"]
    reader.end("done")
    assert [(frames.n, frames.send, frames.end) for frames in desk.sent] == [
        (1, ["07"], None),
        (2, ["08"], None),
        (3, None, "done"),
    ]
    desk.hear(0)
    assert desk.ended == ["done"]


def test_the_reader_is_lent_for_a_little_longer_than_a_badge_is_awaited() -> None:
    desk = PlayedDesk()
    lent(desk, 60)
    (order,) = desk.orders
    assert (order.kind, order.session, order.for_s, order.by) == ("lend", SESSION, 80, "Marie")
    assert (order.expires_at - MORNING).total_seconds() == 10
    lent(desk, 10_000)
    assert desk.orders[-1].for_s == LONGEST_LOAN_S


def test_a_desk_that_does_not_answer_and_one_that_cannot_are_told_apart() -> None:
    desk = PlayedDesk()
    desk.is_silent = True
    with pytest.raises(Refusal, match="reader_not_lent"):
        lent(desk)
    desk = PlayedDesk()
    desk.refuses = "no reader"
    with pytest.raises(Refusal, match=r"unit_cannot_lend.*no reader"):
        lent(desk)


def test_a_reader_that_was_not_lent_is_not_given_back() -> None:
    desk = PlayedDesk()
    LentReader(desk, desk.monotonic_s).end("refused")
    assert desk.sent == []


def test_a_reader_is_given_back_once() -> None:
    desk = PlayedDesk()
    reader = lent(desk)
    reader.end("refused")
    reader.end("done")
    assert [frames.end for frames in desk.sent] == ["refused"]


def test_each_loan_has_a_name_of_its_own_in_the_contracts_form() -> None:
    one, other = new_session(), new_session()
    assert one != other
    assert decode(encode(CardFrames(session=one, n=1, end="done")), CardFrames).session == one


def test_a_badge_is_awaited_until_the_time_is_over_or_somebody_gives_up() -> None:
    desk = PlayedDesk()
    reader = lent(desk)
    assert reader.awaited_badge(desk.now_s + 30, lambda: False) is None
    assert desk.now_s == 130
    asked = iter([False, False, True])
    assert reader.awaited_badge(desk.now_s + 30, lambda: next(asked)) is None
    assert desk.now_s == 131


def test_who_gave_up_is_given_no_badge_though_one_is_there() -> None:
    desk = PlayedDesk()
    reader = lent(desk)
    desk.hold(Shown(UID, Echo()))
    asked = iter([False, True])
    assert reader.awaited_badge(desk.now_s + 30, lambda: next(asked)) is None
    assert reader.awaited_badge(desk.now_s + 30, lambda: next(asked, False)) is not None


@pytest.mark.parametrize("kind", [CardFrames, CardAnswer], ids=["frames", "answer"])
def test_what_is_lost_is_said_again_and_the_badge_hears_it_once(kind: type[Message]) -> None:
    desk = PlayedDesk()
    reader, card = held(desk)
    losses = iter([[], [], [0.0]])
    desk.mischief = lambda message: next(losses, [0.0]) if isinstance(message, kind) else [0.0]
    began_s = desk.now_s
    assert reader.transceive(b"\x07") == b"\x07\x01\x91\x00"
    assert desk.now_s == began_s + 2 * REPEAT_S
    assert {frames.n for frames in desk.sent} == {1}
    assert isinstance(card.application, Echo)
    assert card.application.heard == [b"\x07"]


def test_what_comes_twice_counts_once() -> None:
    desk = PlayedDesk()
    reader, card = held(desk)
    desk.mischief = lambda message: [0.0, 0.0]
    assert [reader.transceive(bytes((n,)))[1] for n in range(5)] == [1, 2, 3, 4, 5]
    assert isinstance(card.application, Echo)
    assert len(card.application.heard) == 5


def test_an_answer_that_is_late_is_no_answer_to_the_next_frame() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    delays = iter([[3.0], [0.0, 2.5]])
    desk.mischief = lambda message: next(delays, [0.0]) if isinstance(message, CardAnswer) else [0.0]
    assert [reader.transceive(bytes((n,))) for n in (7, 8, 9)] == [
        b"\x07\x01\x91\x00",
        b"\x08\x02\x91\x00",
        b"\x09\x03\x91\x00",
    ]


def test_who_falls_silent_is_waited_for_so_long_and_no_longer() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    desk.dies()
    began_s = desk.now_s
    with pytest.raises(Refusal, match="reader_fell_silent"):
        reader.transceive(b"\x07")
    assert desk.now_s == began_s + SILENT_S
    assert len(desk.sent) == SILENT_S / REPEAT_S


@pytest.mark.parametrize("how", ["before", "after"])
def test_a_badge_that_is_pulled_away_is_gone_and_numbers_go_on_when_it_is_back(how: str) -> None:
    desk = PlayedDesk()
    reader, card = held(desk)
    reader.transceive(b"\x07")
    desk.tears = {1: how}  # type: ignore[dict-item]
    with pytest.raises(BadgeGone):
        reader.transceive(b"\x08")
    desk.plan.append(lambda: desk.hold(card))
    assert reader.awaited_badge(desk.now_s + 60, lambda: False) is not None
    assert reader.transceive(b"\x09") == b"\x09\x01\x91\x00"
    assert [frames.n for frames in desk.sent] == [1, 2, 3]


def test_a_badge_that_left_between_two_frames_is_gone_before_another_hears_what_was_meant_for_it() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    reader.transceive(b"\x07")
    other = Shown(OTHER_UID, Echo())
    desk.take_away()
    desk.hold(other)
    with pytest.raises(BadgeGone):
        reader.transceive(b"\x08")
    assert isinstance(other.application, Echo)
    assert other.application.heard == []
    assert reader.awaited_badge(desk.now_s + 60, lambda: False) == HeldBadge(other.uid, other.sak, other.ats)
    assert reader.transceive(b"\x09") == b"\x09\x01\x91\x00"


def test_what_is_meant_for_a_badge_reaches_no_other_though_nobody_heard_yet_that_it_left() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    reader.transceive(b"\x07")
    other = Shown(OTHER_UID, Echo())
    desk.mischief = lambda message: [1.0] if isinstance(message, CardAnswer) else [0.0]
    desk.take_away()
    desk.hold(other)
    with pytest.raises(BadgeGone):
        reader.transceive(b"\x08")
    assert desk.sent[-1].send == ["08"]
    assert isinstance(other.application, Echo)
    assert other.application.heard == []
    assert reader.awaited_badge(desk.now_s + 60, lambda: False) == HeldBadge(other.uid, other.sak, other.ats)
    assert reader.transceive(b"\x09") == b"\x09\x01\x91\x00"


def test_a_badge_that_is_told_once_more_was_not_held_anew() -> None:
    """After a line that broke the desk says again what it said last."""
    desk = PlayedDesk()
    reader, _ = held(desk)
    desk.reconnects()
    assert reader.transceive(b"\x07") == b"\x07\x01\x91\x00"


def test_with_a_desk_that_numbers_no_holdings_it_goes_as_before() -> None:
    desk = Unnumbered()
    reader, card = held(desk)
    assert reader.transceive(b"\x07") == b"\x07\x01\x91\x00"
    assert desk.sent[-1].hold is None
    desk.take_away()
    with pytest.raises(BadgeGone):
        reader.transceive(b"\x08")
    desk.hold(card)
    assert reader.awaited_badge(desk.now_s + 60, lambda: False) is not None
    desk.plan.append(desk.take_away)
    assert reader.leave_awaited(desk.now_s + 60, lambda: False)
    assert [frames.ring for frames in desk.sent] == [None], "it would not understand it"


def test_the_desk_is_told_of_another_badge_until_it_says_that_it_heard() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    began_s = desk.now_s
    losses = iter([[], [0.0], [], [0.0], [0.0]])
    told_at: list[float] = []

    def mischief(message: Message) -> list[float]:
        if isinstance(message, CardFrames):
            told_at.append(desk.now_s - began_s)
        return next(losses, [0.0])

    desk.mischief = mischief
    assert not reader.leave_awaited(began_s + 30.2, lambda: False)
    assert desk.now_s == began_s + 30.2
    assert told_at == [0, REPEAT_S, 2 * REPEAT_S]
    assert [(frames.n, frames.ring, frames.hold) for frames in desk.sent] == [(1, "another", 1)] * 3
    assert desk.heard == []


def test_it_is_not_waited_for_that_another_badge_leaves_once_somebody_gave_up() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    began_s = desk.now_s
    asked = iter([False, False, True])
    assert not reader.leave_awaited(desk.now_s + 30, lambda: next(asked))
    assert desk.now_s <= began_s + 1


def test_another_badge_that_gave_way_to_a_third_has_left() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    third = Shown(OTHER_UID, Echo())
    desk.plan.append(lambda: desk.hold(third))
    assert reader.leave_awaited(desk.now_s + 30, lambda: False)
    assert reader.awaited_badge(desk.now_s + 30, lambda: False) == HeldBadge(third.uid, third.sak, third.ats)


def test_a_badge_that_left_at_once_is_gone() -> None:
    desk = PlayedDesk()
    reader = lent(desk)
    desk.hold(Shown(UID, Echo()))
    desk.take_away()
    assert reader.awaited_badge(desk.now_s + 1, lambda: False) is not None  # it is told that it left only then
    with pytest.raises(BadgeGone):
        reader.transceive(b"\x07")
    assert (desk.heard, desk.sent) == ([], [])


def test_nothing_is_said_to_a_badge_that_was_not_there_yet() -> None:
    desk = PlayedDesk()
    with pytest.raises(BadgeGone):
        lent(desk).transceive(b"\x07")
    assert desk.sent == []


def test_a_badge_without_an_answer_to_select_has_none() -> None:
    desk = PlayedDesk()
    held(desk, Shown(bytes.fromhex("04A1B2C3"), Echo(), 0x08, b""))


def test_more_answers_than_frames_are_no_answer() -> None:
    desk = PlayedDesk()
    reader, _ = held(desk)
    desk.mischief = lambda message: []
    desk._inbox.append(CardAnswer(session=SESSION, n=1, got=["9100", "9100"]))
    desk.hear = lambda timeout_s: desk._inbox.popleft() if timeout_s and desk._inbox else None  # type: ignore[method-assign]
    with pytest.raises(Garbled):
        reader.transceive(b"\x07")


@given(st.integers(0, 2**32))
def test_whatever_the_wire_does_no_frame_is_heard_twice_and_no_answer_is_another_frames(seed: int) -> None:
    chance = random.Random(seed)
    desk = PlayedDesk(lambda message: [chance.uniform(0, 5) for _ in range(chance.choice((0, 1, 1, 1, 1, 2)))])
    card = Shown(UID, Echo())
    reader = LentReader(desk, desk.monotonic_s)
    reader.lend(500, by="Marie", now=MORNING)
    for nth in range(20):
        if chance.random() < 0.2:
            desk.take_away()
        desk.plan.append(lambda: desk.hold(card))
        try:
            reader.awaited_badge(desk.now_s + 10, lambda: False)
            apdu = bytes((nth, chance.randrange(256)))
            assert reader.transceive(apdu)[:2] == apdu
        except BadgeGone:
            continue
        except Refusal:
            assert desk.now_s >= 100 + SILENT_S
    assert len(set(desk.heard)) == len(desk.heard)
