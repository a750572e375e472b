"""Commands to virtual cards, in hex, outside sessions and within."""

import hashlib
from itertools import count

from device.core.badge.aes import short_mac
from device.core.badge.apdu import wrapped
from device.core.badge.authentication import authenticate_ev2

UID = bytes.fromhex("04A1B2C3D4E5F6")
NTAG424_SELECTED = "00A4040007D276000085010100"


def h(text):
    return bytes.fromhex(text)


def drawn(seed):
    """Bytes that are the same in each run, and never the same twice in one."""
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


def said(card, command):
    """What the card answers to an APDU, in hex."""
    return card.answer(h(command)).hex().upper()


def native(card, instruction, data=""):
    """What it answers to a native command outside a session, or in the clear within one."""
    return card.answer(wrapped(instruction, h(data))).hex().upper()


def proved(card, slot, key=bytes(16)):
    """A session under the key of `slot` of the selected application."""
    return authenticate_ev2(card.answer, key, slot, drawn("desk"))


def signed(card, session, instruction, data=""):
    """The plain answer to a command that goes with its MAC; the MAC of the answer was looked at."""
    answer = card.answer(session._sealed(instruction, h(data), b""))
    if len(answer) < 10:
        return answer.hex().upper()
    session.counter += 1
    assert answer[-10:-2] == short_mac(session.authentication, b"\x00" + session._moment() + answer[:-10])
    return (answer[:-10] + answer[-2:]).hex().upper()
