"""A virtual card is put down and taken up again: it holds what it held."""

import hashlib
import json
from itertools import count

import pytest

from device.core.badge.authentication import authenticate_ev2
from device.core.badge.originality import is_original
from device.simulation.cards import Desfire, DesfireLight, Ntag424, card_of
from device.simulation.maker import MAKER, public_key

UID = bytes.fromhex("04A1B2C3D4E5F6")


def drawn(seed):
    numbers = count()
    return lambda size: hashlib.shake_128(f"{seed} {next(numbers)}".encode()).digest(size)


def used_ntag424():
    card = Ntag424.blank(UID, drawn("badge"))
    card.keys[2], card.versions[2] = bytes(range(16)), 7
    card.key_set.delays, card.key_set.failures[1], card.key_set.failures_in_all[1] = 3, 52, 70
    card.files[2].content[:3] = b"abc"
    card.files[2].readings = 9
    card.lrp = True
    return card


def used_desfire():
    card = Desfire.blank(UID, drawn("badge"), "DESFire EV2")
    card.answer(bytes.fromhex("90CA000005504F490B8500"))
    card.keys[4], card.picc_settings = bytes(range(16)), 0x0B
    return card


def used_light():
    card = DesfireLight.blank(UID, drawn("badge"))
    card.keys[4], card.versions[4] = bytes(range(16)), 2
    return card


@pytest.mark.parametrize("card", [used_ntag424(), used_desfire(), used_light()], ids=["ntag424", "desfire", "light"])
def test_a_card_is_made_again_from_its_state(card):
    written = json.dumps(card.state())
    again = card_of(json.loads(written), drawn("again"))
    assert type(again) is type(card)
    assert again.state() == card.state()
    assert again.keys == card.keys


def test_a_card_made_again_and_its_state_share_nothing():
    card = used_ntag424()
    state = card.state()
    again = Ntag424.from_state(state, drawn("again"))
    again.keys[0], again.versions[0], again.files[2].readings = bytes(range(16)), 1, 10
    again.files[2].content[0] = 0
    assert state == card.state() == used_ntag424().state() | {"signature": state["signature"]}


def test_a_session_is_no_part_of_the_state():
    card = Ntag424.blank(UID, drawn("badge"))
    card.answer(bytes.fromhex("00A4040C07D276000085010100"))
    authenticate_ev2(card.answer, bytes(16), 0, drawn("desk"))
    again = card_of(card.state(), drawn("again"))
    assert (card.channel.slot, again.channel.slot) == (0, None)


def test_a_blank_card_is_signed_by_its_maker():
    card = Ntag424.blank(UID, drawn("badge"))
    assert is_original(UID, card.signature, [public_key(MAKER)])
    assert not is_original(UID, card.signature)


@pytest.mark.parametrize("state", [{}, {"kind": "uid"}, {"kind": "ntag424"}, {"kind": "desfire", "uid": "x"}])
def test_what_no_card_said_is_told(state):
    with pytest.raises((KeyError, ValueError)):
        card_of(state, drawn("again"))
