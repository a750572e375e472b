"""Which serial port is opened, and what is said to a chip that a crash left at high speed, in which order."""

import time
from types import SimpleNamespace

import nfc.clf.pn532
import pytest
from nfc.clf.transport import TTY

from device.adapters.readers import pn532

PORTS = ["/dev/ttyUSB0", "/dev/ttyUSB1", "/dev/ttyUSB2"]


class Line:
    """A serial line that only notes what is done on it."""

    def __init__(self, done):
        self._done = done

    def open(self, port, baud):
        self._done.append(f"open {port} at {baud}")

    def write(self, frame):
        self._done.append(f"write {frame.hex()}")

    def read(self, timeout):
        self._done.append("read")

    def close(self):
        self._done.append("close")


@pytest.fixture
def done(monkeypatch):
    """What is done on the line, in its order."""
    done: list[str] = []
    monkeypatch.setattr(pn532, "TTY", lambda port: Line(done))
    monkeypatch.setattr(time, "sleep", lambda pause_s: done.append("pause" if pause_s < 0.01 else "a long pause"))
    return done


@pytest.fixture
def answering(monkeypatch):
    """Whether the chip answers to each try to talk to it."""

    def script(*answers):
        left = list(answers)

        def init(tty):
            if not left.pop(0):
                raise OSError("no answer")
            return SimpleNamespace()

        monkeypatch.setattr(nfc.clf.pn532, "init", init)

    return script


SLOWING_DOWN = [
    "open /dev/ttyUSB0 at 921600",
    "write 00000000000000000000" + "0000ff03fdd410041800",
    "read",
    "read",
    "write 0000ff00ff00",
    "pause",
]
"""The order to slow down, its acknowledgement and its answer, and the acknowledgement of that, after which it holds."""


@pytest.mark.parametrize(
    ("answers", "expected"), [([True], []), ([False, True], SLOWING_DOWN), ([False, False], [*SLOWING_DOWN, "close"])]
)
def test_a_chip_that_does_not_answer_is_slowed_down_and_asked_once_more(done, answering, answers, expected):
    answering(*answers)
    if answers[-1]:
        assert pn532.open_port(PORTS[0])._path == PORTS[0]
    else:
        with pytest.raises(OSError):
            pn532.open_port(PORTS[0])
    assert done == expected


@pytest.mark.parametrize(
    ("found", "with_chip", "tried", "opened"),
    [
        (None, [], [], None),
        (([], "pn532", True), [], [], None),
        ((PORTS[:1], "pn532", False), PORTS[:1], PORTS[:1], PORTS[0]),
        ((PORTS[:1], "pn532", False), [], PORTS[:1], None),
        ((PORTS, "pn532", True), PORTS, PORTS[:1], PORTS[0]),
        ((PORTS, "pn532", True), PORTS[1:], PORTS[:2], PORTS[1]),
        ((PORTS, "pn532", True), PORTS[2:], PORTS, PORTS[2]),
        ((PORTS, "pn532", True), [], PORTS, None),
    ],
)
def test_the_first_port_with_a_chip_is_opened(monkeypatch, found, with_chip, tried, opened):
    asked = []

    def open_port(port):
        asked.append(port)
        if port not in with_chip:
            raise OSError(port)
        return port

    monkeypatch.setattr(TTY, "find", lambda path: found)
    monkeypatch.setattr(pn532, "open_port", open_port)
    if opened is None:
        with pytest.raises(OSError):
            pn532.connect("tty:USB:pn532")
    else:
        assert pn532.connect("tty:USB:pn532") == opened
    assert asked == tried
