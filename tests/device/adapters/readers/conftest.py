"""A reader under test, its callbacks kept in the order in which they came."""

import queue
import socket
import threading

import pytest

from device.adapters.readers import NfcReader

PATIENCE_S = 5.0


class Heard:
    """What a reader told, as (kind, value): `badge`, `gone`, `fault`."""

    def __init__(self):
        self._told = queue.Queue()

    def tell(self, kind):
        return lambda value: self._told.put((kind, value))

    def next(self, kind, within_s=PATIENCE_S):
        """The next thing told, which is to be of this kind."""
        told, value = self.any(within_s)
        assert told == kind, (told, value)
        return value

    def any(self, within_s=PATIENCE_S):
        """The next thing told, whatever it is."""
        return self._told.get(timeout=within_s)

    def nothing(self, within_s):
        with pytest.raises(queue.Empty):
            self._told.get(timeout=within_s)
        return True


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def keyring():
    """Scheme and key by UID, as enrolled; empty to begin with."""
    return {}


@pytest.fixture
def reader_at(heard, keyring):
    """Starts a reader at a device string; all are stopped at the end."""
    readers = []

    def start(device, **kinds):
        reader = NfcReader(
            device,
            keyring=keyring.get,
            on_badge=heard.tell("badge"),
            on_gone=heard.tell("gone"),
            on_fault=heard.tell("fault"),
            **kinds,
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
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finder:
        finder.bind(("127.0.0.1", 0))
        return finder.getsockname()[1]


@pytest.fixture
def hold():
    """Holds a badge to its reader on a thread of its own; all are taken away at the end."""
    held = []

    def begin(badge, hold_s=30.0):
        thread = threading.Thread(target=badge.present, args=(hold_s,))
        held.append((badge, thread))
        thread.start()
        return badge

    yield begin
    for badge, thread in held:
        badge.close()
        thread.join()
