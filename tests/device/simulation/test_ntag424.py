"""The virtual NTAG 424 DNA keeps to its data sheet (NT4H2421Gx): files, rights, keys, and what wrong keys cost."""

import pytest

from device.core.badge.aes import short_mac
from device.core.badge.apdu import wrapped
from device.core.badge.errors import AuthenticationDelay, Declined, LrpMode, NotAuthentic, WrongKey
from device.core.badge.session import card_uid, change_file_settings, change_key, key_version
from device.simulation.cards import Ntag424
from tests.device.simulation.speaking import NTAG424_SELECTED, UID, drawn, h, native, proved, said, signed

KEY = bytes(range(16))


@pytest.fixture
def card():
    made = Ntag424.blank(UID, drawn("badge"))
    assert said(made, NTAG424_SELECTED) == "9000"
    return made


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (NTAG424_SELECTED, "9000"),
        ("00A4000C02E110", "9000"),
        ("00A4000002E104", "9000"),
        ("00A4020C02E104", "9000"),
        ("00A40000023F00", "9000"),
        ("00A40000", "9000"),
        ("00A4000002E106", "6A82"),
        ("00A4040007D276000085010200", "6A82"),
        ("00A4040C10A00000039656434103F015400000000B00", "6A82"),
        ("00CA000000", "6D00"),
        ("80CA000000", "6E00"),
        ("9060", "917E"),
        ("90600000020000", "917E"),
    ],
)
def test_iso_commands(card, command, answer):
    assert said(card, command) == answer


def test_nothing_of_the_application_is_told_before_it_is_selected():
    card = Ntag424.blank(UID, drawn("badge"))
    for instruction, data in [(0x71, "0000"), (0x3C, "00"), (0xF5, "02"), (0xAD, "02" + "00" * 6), (0x64, "00")]:
        assert native(card, instruction, data) == "911C"
    assert said(card, "00A4000002E104") == "6A82"
    assert said(card, "00B0000002") == "6986"
    assert said(card, "00B0840002") == "6986"
    assert native(card, 0x60).endswith("91AF")


def test_its_version_comes_in_three_frames(card):
    assert native(card, 0x60) == "0404023000110591AF"
    assert native(card, 0xAF) == "0404020102110591AF"
    assert native(card, 0xAF) == UID.hex().upper() + "CF000000000026" + "9100"
    assert native(card, 0xAF) == "917E"


def test_another_command_ends_the_frames(card):
    native(card, 0x60)
    native(card, 0x64, "00")
    assert native(card, 0xAF) == "917E"


def test_in_a_session_its_version_bears_a_mac(card):
    session = proved(card, 0)
    frames = [card.answer(session._sealed(0x60, b"", b"")), card.answer(wrapped(0xAF)), card.answer(wrapped(0xAF))]
    session.counter += 1
    told = b"".join(frame[:-2] for frame in frames)
    assert told[28:] == short_mac(session.authentication, b"\x00" + session._moment() + told[:28])
    assert native(card, 0x60) == "911E"


def test_the_factory_settings(card):
    assert native(card, 0xF5, "01") == "000000E02000009100"
    assert native(card, 0xF5, "02") == "0000E0EE0001009100"
    assert native(card, 0xF5, "03") == "000330238000009100"
    assert native(card, 0xF5, "04") == "91F0"
    assert native(card, 0xF5) == "917E"
    assert signed(card, proved(card, 3), 0xF5, "02") == "0000E0EE0001009100"


def test_a_telephone_finds_the_file_of_the_address(card):
    said(card, "00A4000002E103")
    assert said(card, "00B000000F") == "001720010000FF0406E104010000009000"
    assert said(card, "00B0830003") == "0017209000"
    assert said(card, "00B0040001") == "6B00"
    assert said(card, "00B000000000") == "6700"


def test_the_blank_file_is_read_and_written_by_everybody(card):
    said(card, "00A4000002E104")
    assert said(card, "00B0000000") == "00" * 256 + "9000"
    assert said(card, "00D6000203414243") == "9000"
    assert said(card, "00B0000005") == "00004142439000"
    assert said(card, "00D600FF024142") == "6700"
    assert said(card, "00D60000") == "6700"
    assert native(card, 0x8D, "02 010000 020000 6162") == "9100"
    assert native(card, 0xAD, "02 000000 060000") == "006162424300" + "9100"
    assert native(card, 0xAD, "02 000000 000000") == "0061624243" + "00" * 251 + "9100"


def test_reading_and_writing_keep_within_the_file(card):
    assert native(card, 0xAD, "02 000000 010100") == "91BE"
    assert native(card, 0xAD, "02 000000 0101") == "917E"
    assert native(card, 0xAD, "02 000000 010000 00") == "917E"
    assert native(card, 0x8D, "02 FF0000 020000 6162") == "91BE"
    assert native(card, 0x8D, "02 000000 030000 6162") == "917E"
    assert native(card, 0x8D, "09 000000 020000 6162") == "91F0"


@pytest.mark.parametrize(("slot", "reads", "writes"), [(None, False, False), (2, True, False), (3, True, True)])
def test_file_3_is_read_by_two_keys_and_written_by_one_encrypted(card, slot, reads, writes):
    session = proved(card, slot) if slot is not None else None
    if session is None:
        assert native(card, 0xAD, "03 000000 020000") == "919D"
        assert native(card, 0x8D, "03 000000 020000 6162") == "919D"
        assert said(card, "00B0850002") == "6982"
        return
    assert said(card, "00B0850002") == "6982"
    session = proved(card, slot)
    if writes:
        session.command(card.answer, 0x8D, h("03 000000 020000"), b"ab")
        assert bytes(card.files[3].content[:2]) == b"ab"
    assert len(session.command(card.answer, 0xAD, h("03 000000 020000"))) == 2
    if not writes:
        with pytest.raises(Declined):
            session.command(card.answer, 0x8D, h("03 000000 020000"), b"ab")


def test_a_file_in_signed_mode_goes_with_macs(card):
    session = proved(card, 0)
    change_file_settings(card.answer, session, 2, h("01 1010"))
    session = proved(card, 1)
    card.answer(session._sealed(0x8D, h("02 000000 020000 6162"), b""))
    session.counter += 1
    assert signed(card, session, 0xAD, "02 000000 020000") == "61629100"
    assert native(card, 0xAD, "02 000000 020000") == "911E"


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ("00", 0x919E),
        ("0400E0", 0x919E),
        ("8000E0", 0x919E),
        ("0000E000", 0x917E),
        ("4000E0", 0x919E),
        ("4000E0 41 FF13 200000 430000 430000", 0x919E),
        ("4000E0 C1 FF13 E10000 430000 430000", 0x919E),
        ("4000E0 C1 FF13 200000 F10000 F10000", 0x919E),
        ("4000E0 C1 FF13 200000 400000 430000", 0x919E),
        ("4000E0 C1 FF13 200000 430000 430000 00", 0x919E),
        ("4000E0 C1 FF13 200000 430000", 0x919E),
    ],
)
def test_settings_that_are_none_are_refused(card, settings, status):
    session = proved(card, 0)
    with pytest.raises(Declined) as refusal:
        change_file_settings(card.answer, session, 2, h(settings))
    assert refusal.value.status == status
    assert card.files[2].settings == h("00E0EE")


def test_settings_are_changed_by_their_key_alone(card):
    assert native(card, 0x5F, "02 0000E0") == "91AE"
    with pytest.raises(Declined):
        change_file_settings(card.answer, proved(card, 1), 2, h("0000E0"))
    change_file_settings(card.answer, proved(card, 0), 2, h("00EEEE"))
    card.power_on()
    said(card, NTAG424_SELECTED)
    assert native(card, 0x5F, "02 00FFEF") == "9100"
    assert native(card, 0x5F, "02 00EEEE") == "91AE"
    with pytest.raises(Declined):
        change_file_settings(card.answer, proved(card, 0), 2, h("00EEEE"))


def test_a_plain_mirror_shows_uid_count_and_mac(card):
    change_file_settings(card.answer, proved(card, 0), 2, h("40 00E0 C1 FFE3 000000 100000 200000 200000"))
    said(card, NTAG424_SELECTED)
    shown = h(native(card, 0xAD, "02 000000 300000"))
    assert (shown[:14], shown[16:22]) == (UID.hex().upper().encode(), b"000001")
    assert shown[32:] != bytes(16)
    change_file_settings(card.answer, proved(card, 0), 2, h("40 00E0 C1 FFFF"))
    said(card, NTAG424_SELECTED)
    assert native(card, 0xAD, "02 000000 300000") == "00" * 48 + "9100"


def test_a_reading_in_pieces_counts_once_and_one_in_a_session_not_at_all(card):
    change_file_settings(card.answer, proved(card, 0), 2, h("40 00E0 C1 FFE3 000000 100000 200000 200000"))
    assert native(card, 0xAD, "02 100000 060000") == "000000000000" + "9100"
    said(card, NTAG424_SELECTED)
    for _ in range(3):
        assert native(card, 0xAD, "02 100000 060000") == b"000001".hex() + "9100"
    said(card, "00A4000002E104")
    assert said(card, "00B0001006") == b"000002".hex() + "9000"
    card.files[2].readings = 0xFFFFFF
    said(card, "00A4000002E104")
    assert said(card, "00B0001006") == "919D"


def test_writing_and_changing_of_keys_need_key_0(card):
    with pytest.raises(Declined):
        change_key(card.answer, proved(card, 1), 2, KEY, 1, bytes(16))
    change_key(card.answer, proved(card, 0), 2, KEY, 1, bytes(16))
    assert (card.keys[2], key_version(card.answer, 2)) == (KEY, None)
    said(card, NTAG424_SELECTED)
    assert (key_version(card.answer, 2), key_version(card.answer, 5)) == (1, None)


@pytest.mark.parametrize("data", [bytes(16), bytes(17), bytes(20), bytes(22)])
def test_a_key_of_another_form_is_refused(card, data):
    session = proved(card, 0)
    with pytest.raises(Declined) as refusal:
        session.command(card.answer, 0xC4, b"\x02", data)
    assert refusal.value.status == 0x917E
    with pytest.raises(WrongKey):
        card_uid(card.answer, session)  # the session is over


def test_a_slot_that_is_none_is_refused(card):
    with pytest.raises(Declined) as refusal:
        change_key(card.answer, proved(card, 0), 5, KEY, 1, bytes(16))
    assert refusal.value.status == 0x9140
    with pytest.raises(Declined):
        proved(card, 5)
    assert native(card, 0x71, "00") == "917E"


def test_a_command_without_a_session_or_with_a_wrong_mac_is_refused(card):
    assert native(card, 0x51, "00" * 8) == "91AE"
    proved(card, 0)
    assert native(card, 0x51, "00" * 8) == "911E"
    assert native(card, 0x51, "00" * 8) == "91AE"


@pytest.mark.parametrize("secret", ["", "00" * 15, "00" * 16])
def test_a_text_that_is_not_encrypted_or_padded_is_refused(card, secret):
    session = proved(card, 0)
    sealed = session._sealed(0xC4, h("02" + secret), b"")
    assert card.answer(sealed) == h("911E")


def test_key_versions_in_a_session_bear_a_mac(card):
    session = proved(card, 0)
    assert signed(card, session, 0x64, "02") == "009100"
    assert signed(card, session, 0x64, "05") == "9140"
    assert native(card, 0x64) == "917E"


def test_the_makers_signature_is_read_in_the_clear_and_in_a_session(card):
    assert native(card, 0x3C, "00") == card.signature.hex().upper() + "9190"
    session = proved(card, 0)
    assert len(card.answer(session._sealed(0x3C, b"\x00", b""))) == 64 + 8 + 2


def test_after_fifty_wrong_proofs_everybody_waits_and_longer_each_time(card):
    for _ in range(50):
        with pytest.raises(WrongKey):
            proved(card, 2, KEY)
    with pytest.raises(AuthenticationDelay):
        proved(card, 2)
    with pytest.raises(WrongKey):
        proved(card, 2, KEY)
    for _ in range(2):
        with pytest.raises(AuthenticationDelay):
            proved(card, 0)
    proved(card, 2)
    assert (card.key_set.failures[2], card.key_set.failures_in_all[2]) == (0, 41)


def test_forty_nine_wrong_proofs_make_nobody_wait(card):
    for _ in range(49):
        with pytest.raises(WrongKey):
            proved(card, 2, KEY)
    proved(card, 2)
    with pytest.raises(WrongKey):
        proved(card, 2, KEY)
    proved(card, 2)


def test_after_a_thousand_wrong_proofs_a_key_is_refused_for_good(card):
    card.key_set.failures_in_all[2] = 999
    with pytest.raises(WrongKey):
        proved(card, 2, KEY)
    with pytest.raises(LrpMode):  # the status is the same: no authentication by AES
        proved(card, 2)
    proved(card, 0)


def test_leaving_the_field_ends_a_session(card):
    session = proved(card, 0)
    card.power_on()
    said(card, NTAG424_SELECTED)
    with pytest.raises(NotAuthentic):
        card_uid(card.answer, session)
