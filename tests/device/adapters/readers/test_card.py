"""One card in the field, asked through nfcpy's real front end by a device that answers as it is told."""

import nfc.clf
import pytest

from device.adapters.readers.card import Card
from device.adapters.readers.frontend import Frontend, Overdue
from device.core.badge.errors import BadgeGone, Garbled

UID = bytes.fromhex("04A1B2C3D4E5F6")
ATS = bytearray.fromhex("067777710280")
ATS_FWI_14 = bytearray.fromhex("067777E10280")
SIGN_OF_LIFE = bytearray.fromhex("A2")


class ScriptedDevice:
    """nfcpy's side of a reader: answers each frame with the next of its answers, or raises it; then silence."""

    def __init__(self, *answers, found=None):
        self.answers, self.found, self.waits_s = list(answers), found, []

    def send_cmd_recv_rsp(self, target, data, timeout):
        self.waits_s.append(timeout)
        answer = self.answers.pop(0) if self.answers else nfc.clf.TimeoutError()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sense_tta(self, target):
        return self.found

    def mute(self):
        pass

    def get_max_send_data_size(self, target):
        return 290

    get_max_recv_data_size = get_max_send_data_size


def target(uid=UID, sak=0x20, **more):
    return nfc.clf.RemoteTarget("106A", sens_res=b"\x44\x03", sel_res=bytes((sak,)), sdd_res=uid, **more)


def card_on(device, which=None, now_s=lambda: 0.0):
    frontend = Frontend(device, now_s)
    frontend.target = which or target()
    frontend.allow(1.0)
    card = Card.sensed(frontend, frontend.target)
    assert card is not None
    return card


@pytest.mark.parametrize(("size", "is_one"), [(0, False), (3, False), (4, True), (5, False), (7, True), (10, True)])
def test_a_uid_has_four_or_seven_or_ten_bytes(size, is_one):
    uid = bytes(range(0xA1, 0xA1 + size))
    card = Card.sensed(Frontend(ScriptedDevice()), target(uid))
    assert (card.uid if card else None) == (uid.hex().upper() if is_one else None)


def test_a_type_1_tag_is_known_by_the_four_bytes_that_it_shows():
    shown = nfc.clf.RemoteTarget("106A", sens_res=b"\x00\x0c", rid_res=bytes.fromhex("1148A1B2C3D4"))
    assert card_on(ScriptedDevice(), shown).uid == "A1B2C3D4"


@pytest.mark.parametrize("sak", [0x00, 0x08, 0x09, 0x18, 0x40, 0x01])
def test_a_card_that_does_not_speak_iso_14443_4_is_not_asked(sak):
    device = ScriptedDevice(ATS)
    with pytest.raises(Garbled, match="does not speak"):
        card_on(device, target(sak=sak)).activate()
    assert device.waits_s == []


def test_a_card_without_a_sak_is_not_asked():
    shown = nfc.clf.RemoteTarget("106A", sens_res=b"\x00\x0c", rid_res=bytes.fromhex("1148A1B2C3D4"))
    with pytest.raises(Garbled, match="does not speak"):
        card_on(ScriptedDevice(ATS), shown).activate()


def test_a_card_that_is_silent_when_it_is_activated_is_gone_and_no_clone():
    with pytest.raises(BadgeGone):
        card_on(ScriptedDevice()).activate()


@pytest.mark.parametrize("ats", ["", "01", "0208", "032871"])
def test_a_card_that_is_activated_wrongly_is_garbled(ats):
    with pytest.raises(Garbled, match="activation"):
        card_on(ScriptedDevice(bytearray.fromhex(ats))).activate()


@pytest.mark.parametrize("sak", [0x20, 0x28, 0x60])
def test_what_an_activated_card_answers_comes_back_without_its_frame(sak):
    card = card_on(ScriptedDevice(ATS, bytearray.fromhex("029000")), target(sak=sak))
    card.activate()
    assert card.transceive(b"\x00\xa4") == bytes.fromhex("9000")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([], BadgeGone),
        ([nfc.clf.TransmissionError()] * 20, BadgeGone),
        ([nfc.clf.BrokenLinkError("RFOFF")], BadgeGone),
        ([nfc.clf.ProtocolError("parity")], Garbled),
        ([Overdue("asked for more time for ever")], Garbled),
        ([bytearray.fromhex("039000")], Garbled),
        ([bytearray.fromhex("F2")], Garbled),
    ],
    ids=["silence", "noise", "no field", "parity", "overdue", "another block", "more time, cut short"],
)
def test_silence_is_a_badge_taken_away_and_nonsense_is_not(answers, error):
    card = card_on(ScriptedDevice(ATS, *answers))
    card.activate()
    with pytest.raises(error) as fault:
        card.transceive(b"\x00\xa4")
    assert type(fault.value) is error


@pytest.mark.parametrize(
    ("answer", "is_present"),
    [(SIGN_OF_LIFE, True), (nfc.clf.TimeoutError(), False), (Overdue(), False)],
    ids=["answers", "silent", "overdue"],
)
def test_an_activated_card_is_asked_for_a_sign_of_life(answer, is_present):
    card = card_on(ScriptedDevice(ATS, answer))
    card.activate()
    assert card.is_present() is is_present


def test_a_presence_check_is_over_soon_however_long_a_card_asks_for():
    device = ScriptedDevice(ATS_FWI_14, SIGN_OF_LIFE)
    card = card_on(device)
    card.activate()
    assert card.is_present()
    assert device.waits_s[-1] <= 0.1


@pytest.mark.parametrize(
    ("found", "is_present"),
    [(target(sak=0x00), True), (target(UID[::-1], sak=0x00), False), (None, False)],
    ids=["the same", "another", "none"],
)
def test_a_card_without_iso_dep_is_called_by_its_uid(found, is_present):
    assert card_on(ScriptedDevice(found=found), target(sak=0x00)).is_present() is is_present


def test_a_card_that_answered_nonsense_is_called_by_its_uid_from_then_on():
    card = card_on(ScriptedDevice(ATS, Overdue(), found=target()))
    card.activate()
    assert [card.is_present(), card.is_present()] == [False, True]
