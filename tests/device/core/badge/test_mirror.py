"""The address that a badge shows: composed, mirrored by the badge, and read back. Published values are AN12196's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.badge.address import mirroring_settings, ndef_of
from device.core.badge.aes import encrypt
from device.core.badge.mirror import Mirrored, decrypted, is_signed, mirror_mac
from tests.device.core.badge.tapping import ADDRESS, AGAIN, BLANKS, NEW, UID, enrolled, wiped


def h(text):
    return bytes.fromhex(text)


ZEROS = bytes(16)


def test_the_encrypted_mirror_of_an12196():
    mirrored = decrypted(h("EF963FF7828658A599F3041510671E88"), ZEROS)
    assert mirrored == Mirrored(h("04DE5F1EACC040"), 61)
    assert is_signed(mirrored, h("94EED9EE65337086"), ZEROS)


def test_the_plain_mirror_of_an12196():
    assert mirror_mac(Mirrored(h("041E3C8A2D6B80"), 6), ZEROS) == h("4B00064004B0B3D3")


@pytest.mark.parametrize(
    ("mirrored", "mac", "key"),
    [
        (Mirrored(h("04DE5F1EACC041"), 61), "94EED9EE65337086", ZEROS),
        (Mirrored(h("04DE5F1EACC040"), 62), "94EED9EE65337086", ZEROS),
        (Mirrored(h("04DE5F1EACC040"), 61), "94EED9EE65337087", ZEROS),
        (Mirrored(h("04DE5F1EACC040"), 61), "94EED9EE653370", ZEROS),
        (Mirrored(h("04DE5F1EACC040"), 61), "", ZEROS),
        (Mirrored(h("04DE5F1EACC040"), 61), "94EED9EE65337086", bytes(15) + b"\1"),
    ],
)
def test_another_badge_reading_mac_or_key_is_not_signed(mirrored, mac, key):
    assert not is_signed(mirrored, h(mac), key)


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_text_of_another_length_is_nothing(size):
    assert decrypted(bytes(size), ZEROS) is None


@pytest.mark.parametrize("tag", [0x00, 0x47, 0x87, 0xC4, 0xCA])
def test_a_text_without_uid_and_count_is_nothing(tag):
    assert decrypted(encrypt(ZEROS, bytes((tag,)) + UID + bytes(8)), ZEROS) is None


def test_under_another_key_it_is_nothing():
    assert decrypted(h("EF963FF7828658A599F3041510671E88"), b"\1" * 16) is None


def test_the_content_of_the_file_is_one_record_with_the_address():
    assert h("0049 D1 01 45 55 04") + b"lieu.example/b?p=" + b"0" * 32 + b"&c=" + b"0" * 16 == ADDRESS
    assert ndef_of("https://lieu.example/") == ADDRESS
    assert ndef_of("https://lieu.example:8443/porte")[7:].startswith(b"lieu.example:8443/porte/b?p=00")


@pytest.mark.parametrize(
    "url", ["http://lieu.example", "lieu.example", "", "https://café.example", "https://" + "a" * 194]
)
def test_an_address_that_a_badge_cannot_show_is_refused(url):
    with pytest.raises(ValueError):
        ndef_of(url)


def test_the_longest_address_fills_the_file():
    assert len(ndef_of("https://" + "a" * 193)) == 256


def test_the_settings_name_the_places_of_the_noughts():
    settings = mirroring_settings(ADDRESS)
    assert settings[:6] == h("40 00E0 C1 FF13")
    picc_at, mac_input_at, mac_at = (int.from_bytes(settings[at : at + 3], "little") for at in (6, 9, 12))
    assert ADDRESS[picc_at - 2 : picc_at + 32] == b"p=" + b"0" * 32
    assert ADDRESS[mac_at - 2 :] == b"c=" + b"0" * 16
    assert (mac_input_at, len(settings)) == (mac_at, 15)


@pytest.mark.parametrize(
    "content", [b"", ADDRESS[:-1], ADDRESS + b"0", ADDRESS.replace(b"&c=", b"?c="), b"0" * 256 + ADDRESS]
)
def test_another_content_has_no_such_places(content):
    with pytest.raises(ValueError):
        mirroring_settings(content)


def shown(card):
    """The address as a telephone reads it: by name, file, and in two pieces."""
    card.power_on()
    assert card.answer(h("00A4040007D276000085010100")) == h("9000")
    assert card.answer(h("00A4000C02E104")) == h("9000")
    length = int.from_bytes(card.answer(h("00B0000002"))[:2], "big")
    return b"".join(
        card.answer(h(f"00B0{at:04X}{min(48, 2 + length - at):02X}"))[:-2] for at in range(0, 2 + length, 48)
    )


def parameters(card):
    address = shown(card).decode("ascii", "replace")
    assert "lieu.example/b?p=" in address
    picc, mac = address.split("?p=")[1].split("&c=")
    return h(picc), h(mac)


def test_a_badge_shows_an_address_that_is_its_own_and_another_each_time():
    card = enrolled(BLANKS["ntag424"](), "ntag424")
    for reading in (1, 2, 3):
        picc, mac = parameters(card)
        mirrored = decrypted(picc, NEW.slots[1])
        assert mirrored == Mirrored(UID, reading)
        assert is_signed(mirrored, mac, NEW.slots[3])
        assert not is_signed(mirrored, mac, AGAIN.slots[3])


def test_after_another_enrolment_an_address_of_before_is_not_signed():
    card = enrolled(BLANKS["ntag424"](), "ntag424")
    picc, mac = parameters(card)
    mirrored = decrypted(picc, NEW.slots[1])
    enrolled(card, "ntag424", AGAIN, [NEW])
    again = decrypted(parameters(card)[0], AGAIN.slots[1])
    assert mirrored == again == Mirrored(UID, 1)
    assert not is_signed(mirrored, mac, AGAIN.slots[3])


def test_a_wiped_badge_shows_nothing():
    card = wiped(enrolled(BLANKS["ntag424"](), "ntag424"), "ntag424")
    assert shown(card) == h("0000")


@given(
    uid=st.binary(min_size=7, max_size=7), readings=st.integers(0, 0xFFFFFF), key=st.binary(min_size=16, max_size=16)
)
def test_what_a_badge_mirrors_is_read_back(uid, readings, key):
    plain = b"\xc7" + uid + readings.to_bytes(3, "little") + bytes(5)
    mirrored = decrypted(encrypt(key, plain), key)
    assert mirrored is not None
    assert mirrored == Mirrored(uid, readings)
    assert is_signed(mirrored, mirror_mac(mirrored, key), key)
