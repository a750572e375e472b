"""The exchanges that NXP published (AN12196) and those of a published DESFire trace, byte for byte."""

from collections.abc import Callable

import pytest

from device.core.badge.aes import cmac, decrypt, encrypt, short_mac
from device.core.badge.authentication import authenticate_ev1, authenticate_ev2
from device.core.badge.errors import Garbled, NotAuthentic, NotOriginal
from device.core.badge.originality import check_original, is_original
from device.core.badge.session import CardSession, card_uid, change_file_settings, change_key, checksum
from device.simulation.blank import SIGNED_BY_NXP

FACTORY_KEY = bytes(16)


def h(text: str) -> bytes:
    return bytes.fromhex(text)


class Trace:
    """A badge that answers as in a published trace, to exactly those commands."""

    def __init__(self, *exchanges: tuple[str, str]) -> None:
        self.left = [(h(command), h(answer)) for command, answer in exchanges]

    def __call__(self, apdu: bytes) -> bytes:
        command, answer = self.left.pop(0)
        assert apdu.hex() == command.hex()
        return answer


def always(value: str) -> Callable[[int], bytes]:
    return lambda size: h(value)


EV2_PART_1 = ("9071000002000000", "A04C124213C186F22399D33AC2A30215 91AF")
EV2_COMMAND_2 = "90AF000020 35C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D 00"
EV2_ANSWER_2 = "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F08120663 9100"
EV2_RANDOM = "13C5DB8A5930439FC3DEF9A4C675360F"


def test_authenticate_ev2_first_of_an12196_table_14():
    badge = Trace(EV2_PART_1, (EV2_COMMAND_2, EV2_ANSWER_2))
    session = authenticate_ev2(badge, FACTORY_KEY, 0, always(EV2_RANDOM))
    assert session.identifier == h("9D00C4DF")
    assert session.encryption == h("1309C877509E5A215007FF0ED19CA564")
    assert session.authentication == h("4C6626F5E72EA694202139295C7A7FC7")
    assert not badge.left


def test_change_file_settings_of_an12196_table_18():
    badge = Trace(
        EV2_PART_1,
        (EV2_COMMAND_2, EV2_ANSWER_2),
        ("905F00001902 61B6D97903566E84C3AE5274467E89EA D799B7C1A0EF7A04 00", "57BFF87B1241E93D 9100"),
    )
    session = authenticate_ev2(badge, FACTORY_KEY, 0, always(EV2_RANDOM))
    session.counter = 1  # one command lies between the two tables
    change_file_settings(badge, session, 2, h("4000E0C1F121200000430000430000"))
    assert not badge.left


CHANGE_KEY_SESSION = (h("4CF3CB41A22583A61E89B158D252FC53"), h("5529860B2FC5FB6154B7F28361D30BF9"), h("7614281A"))
"""The two keys and the transaction identifier."""
NEW_KEY_2 = h("F3847D627727ED3BC9C4CC050489B966")
CHANGE_KEY_2 = (
    "90C400002902 2CF362B7BF4311FF3BE1DAA295E8C68DE09050560D19B9E16C2393AE9CD1FAC7 5D0CE20BCD1D06E6 00",
    "203BB55D1089D587 9100",
)


def test_change_key_of_another_slot_of_an12196_table_25():
    badge = Trace(CHANGE_KEY_2)
    change_key(badge, CardSession(0, *CHANGE_KEY_SESSION, counter=2), 2, NEW_KEY_2, 1, FACTORY_KEY)
    assert checksum(NEW_KEY_2) == h("789DFADC")
    assert not badge.left


def test_change_key_of_its_own_slot_of_an12196_table_26():
    badge = Trace(
        (
            "90C400002900 C0EB4DEEFEDDF0B513A03A95A75491818580503190D4D05053FF75668A01D6FD A6610234BDED6432 00",
            "9100",
        )
    )
    new = h("5004BF991F408672B1EF00F08F9E8647")
    change_key(badge, CardSession(0, *CHANGE_KEY_SESSION, counter=3), 0, new, 1, FACTORY_KEY)
    assert not badge.left


def test_the_counter_runs_on_from_one_change_to_the_next():
    session = CardSession(0, *CHANGE_KEY_SESSION, counter=2)
    change_key(Trace(CHANGE_KEY_2), session, 2, NEW_KEY_2, 1, FACTORY_KEY)
    assert session.counter == 3


@pytest.mark.parametrize("answer", ["203BB55D1089D586 9100", "9100", "203BB55D1089D5 9100"])
def test_an_answer_whose_mac_is_not_right_is_a_failure(answer):
    badge = Trace((CHANGE_KEY_2[0], answer))
    with pytest.raises(NotAuthentic):
        change_key(badge, CardSession(0, *CHANGE_KEY_SESSION, counter=2), 2, NEW_KEY_2, 1, FACTORY_KEY)


def test_get_card_uid_of_an12196_table_28():
    badge = Trace(("9051000008 8E2C155ADDA99BE3 00", "70756055688505B52A5E26E59E329CD6 595F672298EA41B7 9100"))
    session = CardSession(
        0, h("2B4D963C014DC36F24F69A50A394F875"), h("379D32130CE61705DD5FD8C36B95D764"), h("DF055522"), counter=0
    )
    assert card_uid(badge, session) == h("04958CAA5C5E80")


@pytest.mark.parametrize("text", [bytes(16), b"sixteen bytes..." * 2, bytes(15)], ids=["no mark", "text", "no block"])
def test_a_text_that_is_rightly_signed_and_wrongly_padded_is_garbled(text):
    session = CardSession(0, bytes(16), bytes(16), bytes(4))

    def answer(apdu):
        secret = encrypt(session.encryption, text) if len(text) % 16 == 0 else text
        return secret + short_mac(session.authentication, h("00 0100 00000000") + secret) + h("9100")

    with pytest.raises(Garbled):
        card_uid(answer, session)


@pytest.mark.parametrize(("new", "old"), [(16, 15), (15, 16), (24, 16)])
def test_a_key_of_another_length_than_the_old_one_is_never_sent(new, old):
    badge = Trace()
    with pytest.raises(ValueError):
        change_key(badge, CardSession(0, *CHANGE_KEY_SESSION), 2, bytes(new), 1, bytes(old))


EV1_PART_1 = ("90AA0000010000", "B969FDFE56FD91FC9DE6F6F213B8FD1E 91AF")
EV1_COMMAND_2 = "90AF000020 36AAD7DF6E436BA08D18613830A70D5AD43E3D3F4A8D47541EEE623A934E4774 00"
EV1_RANDOM = "F44B26F5686F3A391CD38EBD10772281"


def test_authenticate_aes_of_a_desfire_ev1():
    badge = Trace(EV1_PART_1, (EV1_COMMAND_2, "800DB680BC146BD121D6578F2D2E2059 9100"))
    session_key = authenticate_ev1(badge, FACTORY_KEY, 0, always(EV1_RANDOM))
    assert session_key == h("F44B26F5C05DDD7110772281C4D066E8")


@pytest.mark.parametrize("size", [0, 1, 15, 17, 31, 33, 48])
def test_a_challenge_or_proof_of_any_other_length_is_garbled(size):
    with pytest.raises(Garbled):
        authenticate_ev2(Trace(EV2_PART_1, (EV2_COMMAND_2, "00" * size + "9100")), FACTORY_KEY, 0, always(EV2_RANDOM))
    with pytest.raises(Garbled):
        authenticate_ev2(Trace((EV2_PART_1[0], "00" * size + "91AF")), FACTORY_KEY, 0, always(EV2_RANDOM))
    with pytest.raises(Garbled):
        authenticate_ev1(Trace((EV1_PART_1[0], "00" * size + "91AF")), FACTORY_KEY, 0, always(EV1_RANDOM))


def test_a_proof_that_does_not_hold_our_challenge_is_refused():
    with pytest.raises(NotAuthentic):
        authenticate_ev2(Trace(EV2_PART_1, (EV2_COMMAND_2, "00" * 32 + "9100")), FACTORY_KEY, 0, always(EV2_RANDOM))
    with pytest.raises(NotAuthentic):
        authenticate_ev1(Trace(EV1_PART_1, (EV1_COMMAND_2, "00" * 16 + "9100")), FACTORY_KEY, 0, always(EV1_RANDOM))


UID = h("047728824D6580")
SIGNATURE = (
    "9C7068636A285FEBA1E2406654009DCE6E8A9C9CE318BE0262ED162519B970B32FB802858420D667D12CEBCD32BB4BC8AFE21C753A5A6C26"
)


def test_the_makers_signature_holds_for_its_badge_alone():
    check_original(Trace(("903C0000010000", SIGNATURE + "9190")), UID)
    assert not is_original(UID, h(SIGNATURE[:-2] + "25"))
    assert not is_original(UID[::-1], h(SIGNATURE))
    assert not is_original(UID, h(SIGNATURE)[:-1])


@pytest.mark.parametrize(
    ("uid", "signature"), [(uid, signed) for each in SIGNED_BY_NXP.values() for uid, signed in each.items()]
)
def test_each_published_signature_of_a_badge_that_keys_can_be_given_to_is_known(uid, signature):
    assert is_original(uid, signature)


def test_the_keys_that_sign_badges_of_16_kib_and_light_are_known():
    assert is_original(
        h("044CA092806480"),
        h(
            "9D86DACD3866058B1CF122FF5FC80E997251D99179BC1F996ACF6ED7"
            "D495DA5C39DDE699E2760C08D747EF08487B9897D48957E5AFD755E2"
        ),
    )
    assert is_original(
        h("0439556ACB6480"),
        h(
            "D5BD0978106E1E38B513642335966AB21E9F950DCFCFAB45FF13D0DC"
            "3CA4C2AE7E0D671DF1240937D040DAC4601C5F66ED62C546EE03ED08"
        ),
    )


def test_a_signature_of_a_maker_of_other_things_is_not_original():
    signed_by_the_key_of_ntag_413 = h(
        "B9211E320F321BD1D0E158E10FF15109B389638BAE15D9909D7725BF1250ED236D66F1AF75C94D60330E4E92535F5E6997675281A5687173"
    )
    assert not is_original(h("042468222F5C80"), signed_by_the_key_of_ntag_413)


@pytest.mark.parametrize("status", ["911C", "917E"])
def test_a_badge_that_tells_no_signature_is_not_original(status):
    with pytest.raises(NotOriginal):
        check_original(Trace(("903C0000010000", status)), UID)


def test_a_badge_without_the_makers_signature_is_not_original():
    with pytest.raises(NotOriginal):
        check_original(Trace(("903C0000010000", SIGNATURE[:-2] + "25" + "9190")), UID)


def test_the_subkeys_of_an10922_are_behind_the_cmac():
    # K1 and K2 of AN10922: a CMAC over one whole block is AES(block ^ K1), over a short one AES(padded block ^ K2).
    master = h("00112233445566778899AABBCCDDEEFF")
    assert decrypt(master, cmac(master, bytes(16))) == h("FBC9F75C9413C041DFEE452D3F0706D1")
    k2 = decrypt(master, cmac(master, b""))
    assert bytes((k2[0] ^ 0x80,)) + k2[1:] == h("F793EEB928278083BFDC8A5A7E0E0D25")
