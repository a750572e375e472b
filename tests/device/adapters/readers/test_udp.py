"""The reader without hardware: where it listens, how long it waits, and what it takes for a frame."""

import socket

import nfc.clf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.adapters.readers.card import Card
from device.adapters.readers.frontend import Frontend
from device.adapters.readers.udp import IMPATIENT_FROM_S, PATIENCE_S, Cable, UdpDevice
from tests.examples import examples


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("udp", ("127.0.0.1", 54321)),
        ("udp:", ("127.0.0.1", 54321)),
        ("udp:127.0.0.2", ("127.0.0.2", 54321)),
        ("udp::54399", ("127.0.0.1", 54399)),
        ("udp:127.0.0.2:54399", ("127.0.0.2", 54399)),
        ("udp:localhost:54399", ("127.0.0.1", 54399)),
    ],
)
def test_a_device_string_says_host_and_port_or_leaves_them_out(path, address):
    assert Cable().connect(path).addr == address


def test_a_port_that_services_call_by_a_name_is_a_port_like_others(monkeypatch):
    monkeypatch.setattr(socket, "getnameinfo", lambda *_: ("127.0.0.1", "sgi-cad"))
    assert Cable().connect("udp:127.0.0.1:17004").addr == ("127.0.0.1", 17004)


def test_a_pulled_cable_opens_nothing_and_carries_nothing():
    cable = Cable()
    device = cable.connect("udp:127.0.0.1:54399")
    cable.unplug()
    with pytest.raises(OSError):
        cable.connect("udp:127.0.0.1:54399")
    with pytest.raises(OSError):
        device.sense_tta(nfc.clf.RemoteTarget("106A"))
    cable.plug()
    assert device.sense_tta(nfc.clf.RemoteTarget("106A")) is None


class Scripted(UdpDevice):
    """A device that hears these frames, whatever it sends; then nothing any more."""

    def __init__(self, frames):
        super().__init__("127.0.0.1", 54399)
        self.frames = list(frames)

    def _send_data(self, brty, data, addr):
        pass

    def _recv_data(self, timeout, *brty_list):
        if not self.frames:
            raise nfc.clf.TimeoutError("silence")
        return "106A", bytearray(self.frames.pop(0)), self.addr


@given(st.lists(st.binary(min_size=1, max_size=12), max_size=9))
@examples(200)
@example([b"\x00"])
@example([b"\x00\x0c", b"\x11"])
@example([b"\x44\x03", b"\x88\x04"])
def test_a_card_that_is_selected_wrongly_is_none_or_has_a_uid_of_its_own(frames):
    frontend = Frontend(Scripted(frames))
    target = frontend.sense(nfc.clf.RemoteTarget("106A"))
    sensed = Card.sensed(frontend, target) if target else None
    assert sensed is None or len(sensed.uid) in (8, 14, 20)


@pytest.fixture
def card():
    """The socket of a card that says what the test says."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        yield held


def hearing(card):
    """A device that was told something by the card, still unread."""
    device = Cable().connect(f"udp:127.0.0.1:{card.getsockname()[1]}")
    device._send_data("106A", b"\x26", device.addr)
    _, reader = card.recvfrom(1024)
    return device, reader


@pytest.mark.parametrize("datagram", [b"106A 123", b"106A xy", b"106A", b"one two three", b"\xff 00"])
def test_what_is_no_frame_is_a_broken_one(card, datagram):
    device, reader = hearing(card)
    card.sendto(datagram, reader)
    with pytest.raises(nfc.clf.TransmissionError):
        device._recv_data(PATIENCE_S, "106A")


def test_a_frame_is_heard(card):
    device, reader = hearing(card)
    card.sendto(b"106A 4403", reader)
    assert device._recv_data(PATIENCE_S, "106A")[:2] == ("106A", b"\x44\x03")


@pytest.mark.parametrize(
    ("asked_s", "waits_s"), [(0.03, 0.03), (IMPATIENT_FROM_S - 0.01, 0.49), (IMPATIENT_FROM_S, 0.05), (1.0, 0.05)]
)
def test_no_call_waits_for_a_card_as_if_it_were_across_an_ocean(card, monkeypatch, asked_s, waits_s):
    waits = []
    monkeypatch.setattr(nfc.clf.udp.Device, "_recv_data", lambda self, timeout, *brty: waits.append(timeout))
    hearing(card)[0]._recv_data(asked_s, "106A")
    assert waits == [pytest.approx(waits_s)]


def test_a_late_answer_is_not_taken_for_that_to_the_next_command(card):
    device, reader = hearing(card)
    card.sendto(b"106A 01", reader)
    card.sendto(b"106A 02", reader)
    device._send_data("106A", b"\x26", device.addr)
    card.recvfrom(1024)
    card.sendto(b"106A 03", reader)
    assert device._recv_data(PATIENCE_S, "106A")[1] == b"\x03"
