"""A virtual DESFire in native frames, without the wrapping of ISO/IEC 7816-4: the first command decides for the rest.

That it does is in the manuals of readers (ACS, ACR1281U and AET62, "How to access DESFire tags"), with frames of both
kinds; the values of the authentication are those of published DESFire EV1 traces.
"""

import pytest

from device.core.badge.apdu import DESFIRE_APPLICATION
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.session import card_uid, change_key
from device.simulation.cards import Desfire, DesfireLight, Ntag424
from device.simulation.iso_dep import IsoDep
from tests.device.simulation.speaking import NTAG424_SELECTED, UID, drawn, h, said

RND_B = "C05DDD714FD788A6B7B754F3C4D066E8"
CREATE_HOUSE, SELECT_HOUSE = "CA504F490985", "5A504F49"
WRAPPED_SELECT_HOUSE = "905A000003504F4900"


@pytest.fixture
def card():
    return Desfire.blank(UID, drawn("badge"))


def in_turn(card, *commands):
    """What a card in the field anew answers to these, in hex."""
    card.power_on()
    return [said(card, command) for command in commands]


def test_get_version_goes_in_three_frames_with_the_status_first(card):
    hardware, software, production = in_turn(card, "60", "AF", "AF")
    assert hardware == "AF04010133001605"
    assert software == "AF04010112001605"
    assert production[:16] == "00" + UID.hex().upper()
    assert len(production) == 2 * (1 + 14)


def test_the_same_card_says_the_same_in_both_framings(card):
    commands = [("60", ""), ("AF", ""), ("AF", ""), ("6E", ""), ("CA", "504F490985"), ("6A", ""), ("5A", "504F49")]
    commands += [("64", "00"), ("5A", "010203"), ("5A", "01"), ("3C", "00"), ("AF", "")]
    wrapped = [f"90{name}0000" + (f"{len(data) // 2:02X}{data}" if data else "") + "00" for name, data in commands]
    native = in_turn(card, *(name + data for name, data in commands))
    card.applications.clear()
    card.memory += 192
    assert native == [answer[-2:] + answer[:-4] for answer in in_turn(card, *wrapped)]
    assert native[3:5] == ["00000900", "00"]


def test_a_published_authentication_by_aes():
    """AuthenticateAES of an EV1 with a key of zeros."""
    card = Desfire(UID, [bytes(16)] * 5, lambda size: h(RND_B), ev1=True)
    assert in_turn(
        card,
        SELECT_HOUSE,
        "AA00",
        "AF36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774",
    ) == ["00", "AFB969FDFE56FD91FC9DE6F6F213B8FD1E", "00800DB680BC146BD121D6578F2D2E2059"]


def test_a_wrong_proof_is_refused_in_one_byte(card):
    assert in_turn(card, CREATE_HOUSE, SELECT_HOUSE)[1] == "00"
    assert said(card, "710000").startswith("AF")
    assert said(card, "AF" + "00" * 32) == "AE"
    assert said(card, "AF" + "00" * 32) == "7E"


def test_secure_messaging_is_the_same_in_native_frames(card):
    """The MAC is over the command, not over what wraps it."""
    in_turn(card, CREATE_HOUSE, SELECT_HOUSE)

    def transceive(apdu):
        """Without what wraps it."""
        answer = card.answer(apdu[1:2] + apdu[5:-1])
        return answer[1:] + b"\x91" + answer[:1]

    session = authenticate_ev2(transceive, bytes(16), 0, drawn("desk"))
    assert card_uid(transceive, session) == UID
    change_key(transceive, session, 2, bytes(range(16)), 7, bytes(16))
    assert (card.keys[2], card.versions[2]) == (bytes(range(16)), 7)


def test_whoever_begins_in_native_frames_goes_on_in_them(card):
    assert in_turn(card, "60", "9060000000", WRAPPED_SELECT_HOUSE, NTAG424_SELECTED, "6E") == [
        "AF04010133001605",
        "1C",
        "1C",
        "1C",
        "00000900",
    ]


@pytest.mark.parametrize("first", ["9060000000", NTAG424_SELECTED])
def test_whoever_begins_in_apdus_goes_on_in_them(card, first):
    assert in_turn(card, first, "60", "5A504F49", "906E000000")[1:] == ["917E", "6E00", "0009009100"]


def test_a_card_that_was_deselected_or_left_the_field_may_be_spoken_to_in_the_other_framing(card):
    protocol = IsoDep(card)

    def asked(*frames):
        return [(protocol.feed(h(frame)) or b"").hex().upper() for frame in frames][-1]

    assert asked("E080", "026E") == "0200000900"
    assert asked("03906E000000") == "031C"
    assert asked("C2") == "C2"
    assert asked("E080", "02906E000000") == "020009009100"
    assert asked("036E") == "03917E"
    protocol.power_on()
    assert asked("E080", "026E") == "0200000900"


def test_an_empty_command_is_none_and_chooses_no_native_framing(card):
    assert in_turn(card, "", "906E000000") == ["917E", "0009009100"]
    assert in_turn(card, "6E", "") == ["00000900", "1C"]


@pytest.mark.parametrize("other", [Ntag424, DesfireLight], ids=["NTAG 424 DNA", "DESFire Light"])
def test_an_ntag_and_a_light_take_apdus_alone(other):
    card = other.blank(UID, drawn("badge"))
    assert in_turn(card, "60", "5A" + DESFIRE_APPLICATION.hex(), "9060000000")[:2] == ["917E", "6E00"]
    assert said(card, "9060000000").endswith("91AF")
