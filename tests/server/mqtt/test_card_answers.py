"""What lent readers answer reaches the session that it is of, past the books, and nothing else does."""

import logging

import pytest

from device.contract.codec import encode
from device.contract.lent_reader import CardAnswer
from server.mqtt import card_answers
from server.mqtt.card_answers import CardAnswers, next_answer

ONE, OTHER = "0123456789abcdef", "fedcba9876543210"


def answer(session: str = ONE, n: int = 1, got: str = "9000") -> CardAnswer:
    return CardAnswer(session=session, n=n, got=[got])


def test_each_session_hears_its_own_answers_in_their_order() -> None:
    answers = CardAnswers()
    with answers.of("comptoir", ONE) as of_one, answers.of("comptoir", OTHER) as of_other:
        for said in (answer(ONE, 1), answer(OTHER, 1), answer(ONE, 2)):
            answers.take("comptoir", encode(said))
        assert [next_answer(of_one, 0), next_answer(of_one, 0), next_answer(of_one, 0)] == [
            answer(ONE, 1),
            answer(ONE, 2),
            None,
        ]
        assert next_answer(of_other, 1) == answer(OTHER, 1)


def test_what_another_unit_says_in_its_name_is_not_heard() -> None:
    answers = CardAnswers()
    with answers.of("comptoir", ONE) as of_one:
        answers.take("front", encode(answer()))
        assert next_answer(of_one, 0) is None


def test_what_is_no_answer_is_dropped_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    answers = CardAnswers()
    with caplog.at_level(logging.DEBUG), answers.of("comptoir", ONE) as of_one:
        for nonsense in (b"", b"\xff", b"{}", b'{"session":"' + ONE.encode() + b'","n":1,"got":["90"', bytes(100_000)):
            answers.take("comptoir", nonsense)
        assert next_answer(of_one, 0.0) is None
    assert caplog.text == ""


def test_after_a_session_nobody_hears_it() -> None:
    answers = CardAnswers()
    with answers.of("comptoir", ONE) as of_one:
        pass
    answers.take("comptoir", encode(answer()))
    assert of_one.empty()


def test_a_desk_that_says_more_than_anybody_can_hear_fills_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_answers, "MOST_WAITING", 3)
    answers = CardAnswers()
    with answers.of("comptoir", ONE) as of_one:
        for n in range(1, 10):
            answers.take("comptoir", encode(answer(n=n)))
        assert [of_one.get_nowait().n for _ in range(3)] == [1, 2, 3]
        assert of_one.empty()
