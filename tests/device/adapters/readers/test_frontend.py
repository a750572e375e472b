"""The deadline over all that a card may be given time for, and which driver opens which reader."""

import logging

import nfc.clf
import nfc.clf.device
import pytest

from device.adapters.readers import pn532
from device.adapters.readers.frontend import LONGEST_ANSWER_S, Frontend, Overdue, connect, silence_frames
from device.adapters.readers.udp import UdpDevice


class Patient:
    """A device whose card answers each frame after so many seconds of a clock moved by hand, or never."""

    def __init__(self, answers_after_s):
        self.answers_after_s, self.now_s, self.waits_s = answers_after_s, 100.0, []

    def send_cmd_recv_rsp(self, target, data, timeout):
        self.waits_s.append(timeout)
        if self.answers_after_s is None or self.answers_after_s > timeout:
            self.now_s += timeout
            raise nfc.clf.TimeoutError("silence")
        self.now_s += self.answers_after_s
        return bytearray(b"\x90\x00")

    def mute(self):
        pass


def frontend_of(device, allowed_s=1.0):
    frontend = Frontend(device, lambda: device.now_s)
    frontend.target = nfc.clf.RemoteTarget("106A")
    frontend.allow(allowed_s)
    return frontend


@pytest.mark.parametrize(
    ("asked_s", "allowed_s", "waits_s"), [(0.03, 1.0, 0.03), (4.95, 1.0, LONGEST_ANSWER_S), (4.95, 0.1, 0.1)]
)
def test_a_frame_is_waited_for_as_long_as_was_asked_and_as_is_left_and_never_very_long(asked_s, allowed_s, waits_s):
    device = Patient(0.0)
    assert frontend_of(device, allowed_s).exchange(b"\xe0", asked_s) == b"\x90\x00"
    assert device.waits_s == [pytest.approx(waits_s)]
    assert LONGEST_ANSWER_S < 1


def test_a_card_that_goes_on_answering_is_overdue_when_its_time_is_over():
    device = Patient(0.25)
    frontend = frontend_of(device)
    for _ in range(4):
        frontend.exchange(b"\xf2", 4.95)
    with pytest.raises(Overdue):
        frontend.exchange(b"\xf2", 4.95)
    assert len(device.waits_s) == 4


def test_a_card_that_was_silent_to_the_end_of_its_time_is_silent_and_not_overdue():
    frontend = frontend_of(Patient(None), allowed_s=LONGEST_ANSWER_S)
    for _ in range(2):
        with pytest.raises(nfc.clf.TimeoutError):
            frontend.exchange(b"\xe0", 4.95)


def test_who_has_not_been_asked_anything_was_not_silent():
    device = Patient(None)
    frontend = frontend_of(device, allowed_s=0.1)
    with pytest.raises(nfc.clf.TimeoutError):
        frontend.exchange(b"\xe0", 4.95)
    frontend.allow(0.0)
    with pytest.raises(Overdue):
        frontend.exchange(b"\xe0", 4.95)


def test_before_it_is_allowed_any_time_a_card_has_none():
    frontend = Frontend(Patient(0.0), lambda: 0.5)
    frontend.target = nfc.clf.RemoteTarget("106A")
    with pytest.raises(Overdue):
        frontend.exchange(b"\xe0", 0.03)


@pytest.mark.parametrize("path", ["udp:127.0.0.1:54399", "udp"])
def test_a_reader_without_hardware_is_opened_by_its_own_driver(path):
    assert isinstance(connect(path), UdpDevice)


@pytest.mark.parametrize(("path", "by"), [("tty:AMA0:pn532", "pn532"), ("usb:072f:2200", "nfcpy")])
def test_a_pn532_on_a_serial_port_is_opened_here_and_all_others_by_nfcpy(path, by, monkeypatch):
    asked = []
    monkeypatch.setattr(pn532, "connect", lambda path: asked.append(("pn532", path)) or object())
    monkeypatch.setattr(nfc.clf.device, "connect", lambda path: asked.append(("nfcpy", path)) or object())
    connect(path)
    assert asked == [(by, path)]


def test_a_reader_that_nfcpy_does_not_find_is_not_there(monkeypatch):
    monkeypatch.setattr(nfc.clf.device, "connect", lambda path: None)
    with pytest.raises(OSError, match="usb:072f:2200"):
        connect("usb:072f:2200")


@pytest.fixture
def loggers():
    """Loggers of nfcpy and one that only sounds like it, all turned up; as they were afterwards."""
    names = {name: logging.getLogger(name) for name in ("nfc", "nfc.clf.udp", "nfc.tag.tt4", "nfcx")}
    before = {name: (logger.level, list(logger.filters)) for name, logger in names.items()}
    for logger in names.values():
        logger.setLevel(1)
        logger.filters.clear()
    yield names
    for name, (level, filters) in before.items():
        names[name].setLevel(level)
        names[name].filters[:] = filters


def hears(logger, level):
    return logger.isEnabledFor(level) and bool(logger.filter(logger.makeRecord("", level, "", 0, "frame", (), None)))


def test_nfcpy_tells_no_frames_and_of_cards_next_to_nothing(loggers):
    silence_frames()
    silence_frames()
    heard = {name: [hears(logger, level) for level in (10, 20, 40, 50)] for name, logger in loggers.items()}
    assert heard == {
        "nfc": [False, True, True, True],
        "nfc.clf.udp": [False, True, True, True],
        "nfc.tag.tt4": [False, False, False, True],
        "nfcx": [True] * 4,
    }
    assert [len(logger.filters) for logger in loggers.values()] == [1, 1, 1, 0]


def test_a_logger_that_is_turned_up_afterwards_tells_no_frames(loggers):
    silence_frames()
    for logger in loggers.values():
        logger.setLevel(1)
    assert [hears(logger, 10) for logger in loggers.values()] == [False, False, False, True]
