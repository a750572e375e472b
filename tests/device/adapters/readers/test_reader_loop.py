"""How a reader goes about its looks: what it waits for and how long, counted and not lived through."""

import threading

import nfc.clf
import pytest

from device.adapters.readers.nfc_reader import NfcReader


class CountedWaits(threading.Event):
    """The event that ends a reader: it notes each wait instead of waiting, and is set at the last of them."""

    def __init__(self, waits):
        super().__init__()
        self.left, self.waits_s = waits, []

    def wait(self, timeout=None):
        self.waits_s.append(timeout)
        if len(self.waits_s) >= self.left:
            self.set()
        return self.is_set()


class QuickDevice:
    """A device that finds `found`, each look taking the next of so many seconds by a clock moved by hand."""

    def __init__(self, *looks_s):
        self.looks_s, self.found = list(looks_s), None
        self.now_s = -0.3  # from there on 0.3 s are 0.3 s to the last bit, three times

    def sense_tta(self, target):
        self.now_s += self.looks_s.pop(0)
        return self.found

    def mute(self):
        pass

    def close(self):
        pass


class FakeCard:
    """A card that is there or not when it is asked."""

    def __init__(self, *presences):
        self.presences = list(presences)

    def is_present(self):
        return self.presences.pop(0)


def reader_of(waits, connect, told=None, monotonic_s=lambda: 0.0, ready=lambda: None):
    reader = NfcReader(
        "a reader",
        keyring=lambda uid: None,
        on_badge=lambda badge: None,
        on_gone=lambda uid: None,
        on_fault=(told if told is not None else []).append,
        on_ready=ready,
        connect=connect,
        monotonic_s=monotonic_s,
    )
    reader._stopping = CountedWaits(waits)
    return reader


def looks_of(*looks_s):
    """How often the reader was opened for looks that took so long, and the waits between them."""
    device, opened = QuickDevice(*looks_s), []

    def connect(path):
        opened.append(path)
        return device

    reader = reader_of(len(looks_s), connect, monotonic_s=lambda: device.now_s)
    reader._run()
    return len(opened), reader._stopping.waits_s


def test_a_reader_that_is_not_there_is_tried_again_after_growing_pauses_and_told_once():
    told: list[bool] = []

    def connect(path):
        raise OSError(path)

    reader = reader_of(5, connect, told)
    reader._run()
    assert reader._stopping.waits_s == [0, 0.1, 0.2, 0.4, 0.8]
    assert told == [True]


def test_a_reader_says_once_that_it_works_at_its_first_look():
    device, ready = QuickDevice(0.0, 0.0, 0.0), []
    reader = reader_of(3, lambda path: device, monotonic_s=lambda: device.now_s, ready=lambda: ready.append(True))
    reader._run()
    assert ready == [True]


@pytest.mark.parametrize(("look_s", "waits_s"), [(0.0, 0.04), (0.012, 0.028), (0.04, 0.0), (0.05, 0.0)])
def test_looks_begin_40_ms_apart_or_as_soon_as_they_can(look_s, waits_s):
    assert looks_of(look_s, look_s) == (1, pytest.approx([waits_s] * 2))


@pytest.mark.parametrize(
    ("looks_s", "opened"),
    [
        ([0.31] * 2 + [0.0], 1),
        ([0.31] * 3 + [0.0], 2),
        ([0.3] * 3 + [0.0], 1),
        ([0.31, 0.31, 0.01] * 3, 1),
        ([0.31] * 3 + [0.31] * 2 + [0.0], 2),
    ],
)
def test_a_reader_is_opened_anew_after_three_slow_looks_in_a_row(looks_s, opened):
    assert looks_of(*looks_s)[0] == opened


@pytest.mark.parametrize(
    ("presences", "checks"), [([False, False], 2), ([True, False, True, False, False], 5), ([True] * 9, 9)]
)
def test_a_badge_is_gone_when_it_misses_two_checks_in_a_row(presences, checks):
    card = FakeCard(*presences, True)
    reader = reader_of(checks + 1, lambda path: None)
    reader._watch(card)
    assert len(presences) + 1 - len(card.presences) == checks
    assert set(reader._stopping.waits_s) == {0.1}


def test_a_badge_that_lies_there_when_the_reader_is_lent_is_called_anew():
    reader = reader_of(9, lambda path: None)
    reader.lend("c4f10a2b3c4d5e6f")
    reader._watch(FakeCard())
    assert reader._stopping.waits_s == []


def test_a_driver_that_hangs_is_not_waited_for_longer_than_a_second():
    class HangingThread:
        joined_s = None

        def is_alive(self):
            return True

        def join(self, timeout=None):
            self.joined_s = timeout

    reader = reader_of(1, lambda path: None)
    assert reader._thread.daemon, "nor does it keep the process"
    reader._thread = HangingThread()
    reader.stop()
    assert reader._thread.joined_s <= 1
    assert reader._stopping.is_set()


def test_a_card_whose_uid_is_of_no_size_is_not_attended_to():
    """And the reader looks on in its own time."""
    device = QuickDevice(0.0, 0.0)
    found = nfc.clf.RemoteTarget("106A", sens_res=b"\x44\x03", sel_res=b"\x00", sdd_res=b"\x01\x02\x03")
    device.found = found
    reader = reader_of(2, lambda path: device)
    reader._run()
    assert reader._stopping.waits_s == [0.04, 0.04]
