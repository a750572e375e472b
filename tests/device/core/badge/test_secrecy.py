"""What goes wrong with a badge is told without a key, a random number or a session key in it."""

import traceback

import pytest

from device.core.badge.candidates import Candidates, DoorKey
from device.core.badge.errors import BadgeError
from device.core.badge.identification import identify
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.reading import Reading, read
from device.core.badge.session import CardSession
from tests.device.core.badge.tapping import (
    BLANKS,
    MAKER,
    PRODUCTS,
    UID,
    drawn,
    enrolled,
    pulled_away,
    wiped,
)

NEW, ROTATED, AGAIN = (Keys([drawn(f"{name} {slot}")(16) for slot in range(5)], 1) for name in "abc")
TOLD_AT_MOST = 4
"""Bytes of a secret in a row that no text may have, whatever way they are written."""


@pytest.fixture
def secrets(monkeypatch):
    """Every key, every random number and every session key of the test."""
    seen = [key for keys in (NEW, ROTATED, AGAIN) for key in keys.slots]

    def noted(random):
        return lambda size: seen.append(random(size)) or seen[-1]

    begin = CardSession.__init__

    def begun(self, slot, encryption, authentication, *more):
        seen.extend((encryption, authentication))
        begin(self, slot, encryption, authentication, *more)

    monkeypatch.setattr(CardSession, "__init__", begun)
    monkeypatch.setattr("tests.device.core.badge.tapping.drawn", lambda seed: noted(drawn(seed)))
    return seen


def faults(kind):
    """What each failing exchange raised."""
    exchanges = [
        lambda card, through: enrolled(card, kind, NEW, [FACTORY], through),
        lambda card, through: enrolled(card, kind, ROTATED, [NEW, FACTORY], through),
        lambda card, through: wiped(card, kind, [NEW], through),
        lambda card, through: read(through, UID, PRODUCTS[kind], [NEW, AGAIN], drawn("desk"), [MAKER]),
        lambda card, through: identify(through, UID, 0x20),
    ]
    for exchange in exchanges:
        for status in ("91AE", "911E", "919D", "9100", ""):
            for at in range(18):
                for prepared in ([], [ROTATED]):
                    card, left = BLANKS[kind](), iter(range(100))
                    for keys in prepared:
                        enrolled(card, kind, keys)

                    def through(apdu, card=card, left=left, at=at, status=status):
                        told = card.answer(apdu)
                        return bytes.fromhex(status) if next(left) == at else told

                    try:
                        exchange(card, through)
                    except BadgeError as fault:
                        yield fault
        card = BLANKS[kind]()
        with pytest.raises(BadgeError) as gone:
            exchange(card, pulled_away(card, 0, arrived=True))
        yield gone.value


@pytest.mark.parametrize("kind", BLANKS)
def test_no_text_of_an_error_has_a_part_of_a_secret(kind, secrets):
    told = {"".join(traceback.format_exception(fault)) for fault in faults(kind)}
    assert len(told) > 20
    assert len(secrets) > 100
    parts = {secret[at : at + TOLD_AT_MOST] for secret in secrets for at in range(len(secret) - TOLD_AT_MOST + 1)}
    written = "\n".join(told)
    spelled = written.lower()
    for part in parts:
        assert part.hex() not in spelled
        assert repr(part)[2:-1] not in written


def test_keys_that_are_printed_show_their_version_alone():
    reading = Reading(PRODUCTS["ntag424"], True, NEW)
    assert (repr(NEW), str(NEW), f"{NEW}") == ("Keys(version=1)",) * 3
    assert "held=Keys(version=1)," in repr(reading)


def test_the_search_finds_what_it_looks_for(secrets):
    assert NEW.slots[1].hex()[:8] in f"key {NEW.slots[1].hex()}"
    assert repr(NEW.slots[1][:4])[2:-1] in f"key {NEW.slots[1]!r}"


def test_what_a_door_lets_a_badge_prove_is_printed_by_its_version():
    assert repr(Candidates("ntag424", (DoorKey(NEW.slots[2], 1),))).count("key=") == 0
    assert repr(DoorKey(NEW.slots[2], 1)) == "DoorKey(version=1)"
