"""The virtual badge's side of ISO 14443-3 and -4, frame by frame."""

import pytest

from device.simulation.iso_dep import NTAG424_ATS, IsoDep
from device.simulation.selection import Selection


def h(text):
    return bytes.fromhex(text)


class Echo:
    """A card application that answers with what it was told, times `times`."""

    def __init__(self, times=1):
        self.times = times
        self.powered = 0

    def power_on(self):
        self.powered += 1

    def answer(self, apdu):
        return apdu * self.times


def activated(card, fsd="80", **kinds):
    protocol = IsoDep(card, **kinds)
    assert protocol.feed(h("E0" + fsd)) == NTAG424_ATS
    return protocol


def test_a_badge_of_seven_bytes_is_called_and_selected_in_two_steps():
    badge = Selection(h("04A1B2C3D4E5F6"), 0x20)
    assert badge.feed(h("26")) == h("4403")
    assert badge.feed(h("9320")) == h("8804A1B29F")
    assert badge.feed(h("93708804A1B29F")) == h("24")
    assert not badge.selected
    assert badge.feed(h("9520")) == h("C3D4E5F604")
    assert badge.feed(h("9570C3D4E5F604")) == h("20")
    assert badge.selected


@pytest.mark.parametrize(("uid", "levels"), [("04A1B2C3", 1), ("04A1B2C3D4E5F6", 2), ("04A1B2C3D4E5F6070809", 3)])
def test_the_uid_has_as_many_steps_as_it_needs(uid, levels):
    badge, seen = Selection(h(uid), 0x00), b""
    badge.feed(h("26"))
    for level in (0x93, 0x95, 0x97)[:levels]:
        shown = badge.feed(bytes((level, 0x20)))
        assert shown is not None
        badge.feed(bytes((level, 0x70)) + shown)
        seen += shown[1:4] if shown[0] == 0x88 else shown[:4]
    assert badge.selected
    assert seen == h(uid)


@pytest.mark.parametrize("frame", ["", "B2", "B3", "E080", "0290710000", "9320", "9370AABBCCDD00", "30", "FF"])
def test_nothing_but_a_call_wakes_a_badge(frame):
    badge = Selection(h("04A1B2C3"), 0x20)
    assert badge.feed(h(frame)) is None
    assert not badge.selected


def test_another_badges_uid_does_not_select_this_one():
    badge = Selection(h("04A1B2C3"), 0x20)
    badge.feed(h("26"))
    assert badge.feed(h("937004A1B2C400")) is None
    assert not badge.selected


@pytest.mark.parametrize("frame", ["B2", "02AA", "C2", "F201", "E0", "E08000"])
def test_only_rats_opens_the_protocol(frame):
    protocol = IsoDep(Echo())
    assert protocol.feed(h(frame)) is None
    assert not protocol.active


def test_block_numbers_toggle_with_each_command():
    protocol = activated(Echo())
    assert protocol.feed(h("02AA")) == h("02AA")
    assert protocol.feed(h("03BB")) == h("03BB")
    assert protocol.feed(h("02CC")) == h("02CC")


def test_a_presence_check_is_acknowledged():
    protocol = activated(Echo())
    assert protocol.feed(h("B2")) == h("A3")
    protocol.feed(h("02AA"))
    assert protocol.feed(h("B3")) == h("A2")


def test_a_lost_answer_is_said_again():
    protocol = activated(Echo())
    protocol.feed(h("02AA"))
    assert protocol.feed(h("B2")) == h("02AA")
    assert protocol.feed(h("B2")) == h("02AA")


def test_a_long_command_comes_in_pieces():
    protocol = activated(Echo())
    assert protocol.feed(h("12AA")) == h("A2")
    assert protocol.feed(h("13BB")) == h("A3")
    assert protocol.feed(h("02CC")) == h("02AABBCC")


def test_a_long_answer_goes_in_pieces_of_the_readers_frame_size():
    protocol = activated(Echo(times=10), fsd="00")  # 16 bytes a frame: 13 of data
    assert protocol.feed(h("02AABBCC")) == h("12" + "AABBCC" * 4 + "AA")
    assert protocol.feed(h("A3")) == h("13" + "BBCC" + "AABBCC" * 3 + "AABB")
    assert protocol.feed(h("B3")) == h("13" + "BBCC" + "AABBCC" * 3 + "AABB")
    assert protocol.feed(h("A2")) == h("02" + "CC" + "AABBCC")
    assert protocol.feed(h("A3")) is None


def test_a_badge_asks_for_more_time_and_then_answers_once():
    protocol = activated(Echo(), waits=2)
    assert protocol.feed(h("02AA")) == h("F201")
    assert protocol.feed(h("F201")) == h("F201")
    assert protocol.feed(h("F201")) == h("02AA")
    assert protocol.feed(h("F201")) is None


def test_a_deselected_badge_is_silent_until_called_anew():
    protocol = activated(Echo())
    assert protocol.feed(h("C2")) == h("C2")
    assert not protocol.active
    assert protocol.feed(h("02AA")) is None


def test_a_change_of_bit_rates_is_acknowledged():
    assert activated(Echo()).feed(h("D01100")) == h("D0")


def test_leaving_the_field_makes_the_application_forget():
    card = Echo()
    protocol = activated(card)
    protocol.feed(h("12AA"))
    protocol.power_on()
    assert card.powered == 2
    assert protocol.feed(h("E080")) == NTAG424_ATS
    assert protocol.feed(h("02BB")) == h("02BB")
