"""A reader under test, its callbacks kept in the order in which they came."""

import queue
import threading
import time
from functools import partial
from typing import Any

import pytest

from device.adapters.readers import NfcReader
from device.core.badge.candidates import Candidates, DoorKey
from tests.patience import PATIENCE_S, wait_until
from tests.simulated_unit import free_udp_ports

LOOKS = 12
"""What a reader has to tell, it tells within so many looks at its clock: two polls and what goes with them."""


class Heard:
    """What a reader told, as (kind, value): `badge`, `gone`, `fault`, `loan`."""

    def __init__(self):
        self._told: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.looks = 0

    def monotonic_s(self):
        """The reader's clock, which counts how often it is looked at."""
        self.looks += 1
        return time.monotonic()

    def tell(self, kind):
        return lambda value: self._told.put((kind, value))

    def next(self, kind):
        """The next thing told, which is to be of this kind."""
        told, value = self.any()
        assert told == kind, (told, value)
        return value

    def any(self):
        """The next thing told, whatever it is."""
        return self._told.get(timeout=PATIENCE_S)

    def nothing(self, looks=LOOKS):
        """Whether nothing is told while the reader works on for so many looks at its clock."""
        until = self.looks + looks
        wait_until(lambda: self.looks >= until)
        return self._told.empty()


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def keyring():
    """What is to be proved, by UID: `Candidates`, or scheme and key alone; empty to begin with."""
    return {}


def looked_up(keyring, uid):
    """As a reader asks for it."""
    enrolled = keyring.get(uid)
    if enrolled is None or isinstance(enrolled, Candidates):
        return enrolled
    scheme, key = enrolled
    return Candidates(scheme, (DoorKey(key),))


@pytest.fixture
def reader_at(heard, keyring):
    """Starts a reader at a device string; all are stopped at the end."""
    readers = []

    def start(device, **kinds):
        reader = NfcReader(
            device,
            keyring=partial(looked_up, keyring),
            on_badge=heard.tell("badge"),
            on_gone=heard.tell("gone"),
            on_fault=heard.tell("fault"),
            on_loan=heard.tell("loan"),
            **{"monotonic_s": heard.monotonic_s, **kinds},
        )
        readers.append(reader)
        reader.start()
        return reader

    yield start
    for reader in readers:
        reader.stop()


@pytest.fixture
def port():
    """A UDP port that nobody uses."""
    return free_udp_ports()


@pytest.fixture
def hold():
    """Holds a badge to its reader on a thread of its own; all are taken away at the end."""
    held = []

    def begin(badge):
        thread = threading.Thread(target=badge.present, args=(10 * PATIENCE_S, PATIENCE_S))
        held.append((badge, thread))
        thread.start()
        return badge

    yield begin
    for badge, thread in held:
        badge.close()
        thread.join()
