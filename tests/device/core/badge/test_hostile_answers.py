"""Whatever a card answers, at whatever step: a `BadgeError` comes of it, or the exchange is done, and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.badge.aes import short_mac
from device.core.badge.errors import BadgeError, NotAuthentic
from device.core.badge.identification import identify
from device.core.badge.keys import FACTORY
from device.core.badge.reading import read
from tests.device.core.badge.tapping import BLANKS, MAKER, NEW, PRODUCTS, UID, drawn, enrolled, holds, wiped

KINDS = pytest.mark.parametrize("kind", BLANKS)
STATUS = st.sampled_from([bytes.fromhex(each) for each in ("9100", "9000", "91AF", "9190", "91AE", "911E", "91A0")])
ANSWERS = st.binary(max_size=300) | st.tuples(st.binary(max_size=64), STATUS).map(b"".join)


def exchanges(kind, through):
    """Each of them, on one card."""
    return [
        lambda: identify(through, UID, 0x20),
        lambda: enrolled(BLANKS[kind](), kind, NEW, [FACTORY], through),
        lambda: wiped(BLANKS[kind](), kind, [NEW], through),
        lambda: read(through, UID, PRODUCTS[kind], [NEW, FACTORY], drawn("desk"), [MAKER]),
    ]


@KINDS
@given(answers=st.lists(ANSWERS, max_size=12))
def test_a_card_that_answers_anything_is_a_badge_error(kind, answers):
    left = iter(answers)
    for exchange in exchanges(kind, lambda apdu: next(left, b"")):
        with suppress(BadgeError):
            exchange()


@KINDS
@given(at=st.integers(0, 25), answer=ANSWERS, nth=st.integers(0, 3))
def test_a_card_that_answers_anything_at_one_step_is_a_badge_error(kind, at, answer, nth):
    card, steps = BLANKS[kind](), iter(range(100))

    def through(apdu):
        told = card.answer(apdu)
        return answer if next(steps) == at else told

    with suppress(BadgeError):
        exchanges(kind, through)[nth]()


@KINDS
@given(at=st.integers(0, 25), bit=st.integers(0, 10_000))
def test_one_bit_turned_over_on_the_way_never_leaves_a_badge_that_is_taken_for_enrolled(kind, at, bit):
    card, steps = BLANKS[kind](), iter(range(100))

    def through(apdu):
        told = card.answer(apdu)
        if next(steps) == at:
            turned = int.from_bytes(told, "big") ^ 1 << bit % (8 * len(told))
            told = turned.to_bytes(len(told), "big")
        return told

    try:
        enrolled(card, kind, NEW, [FACTORY], through)
    except BadgeError:
        card.power_on()
        enrolled(card, kind, NEW, [FACTORY])
    assert holds(card, NEW)


@pytest.mark.parametrize("told", ["", "00", "ff" * 15, "00" * 16, "00" * 17, "04A1B2C3D4E5F7", "04A1B2C3D4E5F600"])
@pytest.mark.parametrize("sealed", [True, False])
def test_a_card_that_knows_the_keys_of_zeros_and_lies_about_its_uid_gets_none(told, sealed):
    card, text = BLANKS["ntag424"](), bytes.fromhex(told)

    def through(apdu):
        if apdu[1] != 0x51:
            return card.answer(apdu)
        if sealed:
            return card.channel.sealed(text)
        session = card.channel._session
        signed = b"\x00" + b"\x01\x00" + session.identifier + text
        return text + short_mac(session.authentication, signed) + b"\x91\x00"

    with pytest.raises(NotAuthentic):
        enrolled(card, "ntag424", NEW, [FACTORY], through)
    assert holds(card, FACTORY)
