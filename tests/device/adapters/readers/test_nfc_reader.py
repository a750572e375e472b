"""Virtual badges held to a reader: nfcpy's real stack on one end, UDP in between."""

import os
import threading

import pytest

from device.adapters.readers import Cable
from device.adapters.readers.nfc_reader import pauses
from device.contract.keys import DOOR_SLOT, TRAVEL_SLOT
from device.core.badge.candidates import Candidates, DoorKey
from device.simulation.cards import FACTORY_KEYS, Blank, Desfire, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from tests.patience import PATIENCE_S, wait_until

UID = "04A1B2C3D4E5F6"
NTAG = f"ntag424:{UID}"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
KEYS = [*FACTORY_KEYS[:DOOR_SLOT], KEY, *FACTORY_KEYS[DOOR_SLOT + 1 :]]


@pytest.fixture
def cable():
    return Cable()


@pytest.fixture
def reader(reader_at, port, cable):
    return reader_at(f"udp:127.0.0.1:{port}", connect=cable.connect)


@pytest.mark.parametrize("scheme", ["ntag424", "desfire"])
def test_a_badge_enrolled_with_a_key_proves_it(reader, port, heard, keyring, hold, scheme):
    keyring[UID] = (scheme, KEY)
    badge = hold(VirtualBadge(port, f"{scheme}:{UID}", KEY))
    told = heard.next("badge")
    assert told[:3] == (scheme, UID, True)
    assert told.credential == f"{scheme}:{UID}"
    assert heard.nothing()
    badge.close()
    assert heard.next("gone") == UID


def test_the_older_desfire_proves_its_key_too(reader, port, heard, keyring, hold):
    keyring[UID] = ("desfire", KEY)
    old = IsoDep(Desfire(bytes.fromhex(UID), KEYS, os.urandom, ev1=True))
    hold(VirtualBadge(port, f"desfire:{UID}", protocol=old))
    assert heard.next("badge")[:3] == ("desfire", UID, True)


def test_a_badge_that_was_moved_on_tells_which_of_two_keys_it_proved(reader, port, heard, keyring, hold):
    former = bytes(16)
    keyring[UID] = Candidates("ntag424", (DoorKey(former, 1), DoorKey(KEY, 2)))
    hold(VirtualBadge(port, NTAG, KEY))
    told = heard.next("badge")
    assert (told[:3], told.key_version) == (("ntag424", UID, True), 2)


def test_a_badge_that_holds_neither_of_two_keys_is_not_authentic(reader, port, heard, keyring, hold):
    keyring[UID] = Candidates("ntag424", (DoorKey(bytes(16), 1), DoorKey(bytes(range(16)), 2)))
    hold(VirtualBadge(port, NTAG, KEY))
    told = heard.next("badge")
    assert (told[:3], told.key_version) == (("ntag424", UID, False), None)


def test_a_door_whose_list_lacks_the_new_version_refuses_a_badge_that_was_moved_on(reader, port, heard, keyring, hold):
    keyring[UID] = Candidates("ntag424", (DoorKey(bytes(16), 1),))
    hold(VirtualBadge(port, NTAG, KEY))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)


def test_a_badge_whose_keys_are_over_is_not_authentic_whatever_it_holds(reader, port, heard, keyring, hold):
    keyring[UID] = Candidates("ntag424", ())
    badge = hold(VirtualBadge(port, NTAG, KEY))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID


def test_a_badge_of_the_house_is_not_let_in_by_its_key_of_another_slot(reader, port, heard, keyring, hold):
    keyring[UID] = Candidates("ntag424", (DoorKey(KEY, 1),), TRAVEL_SLOT)
    hold(VirtualBadge(port, NTAG, KEY))  # holds it in the slot of doors
    assert heard.next("badge")[:3] == ("ntag424", UID, False)


@pytest.mark.parametrize(
    "clone",
    [
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}"), id="a writable sticker"),
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}", sak=0x08), id="a writable Classic"),
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}", protocol=IsoDep(Blank())), id="a smart card"),
        pytest.param(lambda port: VirtualBadge(port, NTAG, bytes(16)), id="another key"),
        pytest.param(lambda port: VirtualBadge(port, f"desfire:{UID}", KEY), id="the key on another kind"),
    ],
)
def test_a_clone_of_the_uid_is_not_authentic(reader, port, heard, keyring, hold, clone):
    keyring[UID] = ("ntag424", KEY)
    badge = hold(clone(port))
    assert heard.next("badge")[:3] == ("ntag424", UID, False)
    badge.close()
    assert heard.next("gone") == UID


@pytest.mark.parametrize(
    "badge",
    [
        pytest.param(lambda port: VirtualBadge(port, "uid:04A1B2C3"), id="4 bytes"),
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}"), id="7 bytes"),
        pytest.param(lambda port: VirtualBadge(port, "uid:04A1B2C3D4E5F6070809"), id="10 bytes"),
        pytest.param(lambda port: VirtualBadge(port, "uid:04A1B2C3", sak=0x08), id="Classic"),
        pytest.param(lambda port: VirtualBadge(port, f"uid:{UID}", protocol=IsoDep(Blank())), id="smart card"),
        pytest.param(lambda port: VirtualBadge(port, NTAG, KEY), id="a keyed badge that nobody enrolled"),
    ],
)
def test_a_badge_that_was_not_enrolled_with_a_key_is_known_by_its_uid(reader, port, heard, hold, badge):
    held = hold(badge(port))
    told = heard.next("badge")
    assert (told.scheme, told.authentic) == ("uid", None)
    assert heard.nothing()
    held.close()
    assert heard.next("gone") == told.uid


def test_tap_after_tap_on_one_reader(reader, port, heard, keyring, hold):
    uids = [f"04A1B2C3D4E5{number:02X}" for number in range(4)]
    for uid in uids:
        keyring[uid] = ("ntag424", KEY)
    for uid in uids:
        badge = hold(VirtualBadge(port, f"ntag424:{uid}", KEY))
        assert heard.next("badge")[:3] == ("ntag424", uid, True)
        badge.close()
        assert heard.next("gone") == uid


def test_a_badge_pulled_away_in_mid_exchange_is_no_tap(reader, port, heard, keyring, hold):
    keyring[UID] = ("ntag424", KEY)
    badges: list[VirtualBadge] = []

    class Pulled(Ntag424):
        def answer(self, apdu):
            if apdu[1] == 0xAF:
                badges[0].close()
            return super().answer(apdu)

    badges.append(VirtualBadge(port, NTAG, protocol=IsoDep(Pulled(bytes.fromhex(UID), KEYS, os.urandom))))
    assert badges[0].present(wait_s=PATIENCE_S)
    assert heard.nothing()
    hold(VirtualBadge(port, NTAG, KEY))
    assert heard.next("badge").authentic is True


def test_a_badge_that_makes_everybody_wait_is_asked_again(reader, port, heard, keyring, hold):
    keyring[UID] = ("ntag424", KEY)
    hold(VirtualBadge(port, NTAG, protocol=IsoDep(Ntag424(bytes.fromhex(UID), KEYS, os.urandom, delays=5))))
    assert heard.next("badge")[:3] == ("ntag424", UID, True)


def test_a_badge_that_needs_a_little_more_time_has_it(reader, port, heard, keyring, hold):
    keyring[UID] = ("ntag424", KEY)
    slow = IsoDep(Ntag424(bytes.fromhex(UID), KEYS, os.urandom), waits=3)
    hold(VirtualBadge(port, NTAG, protocol=slow))
    assert heard.next("badge").authentic is True


def test_a_pulled_reader_is_told_and_comes_back(reader, port, heard, cable, hold):
    hold(VirtualBadge(port, f"uid:{UID}"))
    heard.next("badge")
    cable.unplug()
    assert heard.next("gone") == UID
    assert heard.next("fault") is True
    cable.plug()
    assert heard.next("fault") is False
    assert heard.next("badge").uid == UID


class LooseCable(Cable):
    """A cable with one short break in it, when it is shaken."""

    shaken = False

    def check(self):
        broken, self.shaken = self.shaken, False
        if broken:
            raise OSError("a loose contact")
        super().check()


def test_a_single_fault_of_a_reader_is_got_over_and_not_told(reader_at, port, heard, hold):
    cable = LooseCable()
    reader_at(f"udp:127.0.0.1:{port}", connect=cable.connect)
    hold(VirtualBadge(port, f"uid:{UID}"))
    heard.next("badge")
    cable.shaken = True
    assert heard.next("gone") == UID
    assert heard.next("badge").uid == UID
    assert not cable.shaken


def test_a_reader_that_grows_slow_is_opened_anew(reader_at, port, heard, cable):
    clock, opened = iter(range(10**9)), []

    def connect(path):
        opened.append(path)
        return cable.connect(path)

    reader_at(f"udp:127.0.0.1:{port}", connect=connect, monotonic_s=lambda: next(clock) * 0.6)
    wait_until(lambda: len(opened) > 1)
    assert heard.nothing(looks=0)


def test_tries_to_open_a_lost_reader_are_two_seconds_apart_at_most():
    tries = pauses()
    assert [next(tries) for _ in range(8)] == [0, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_a_reader_stops_with_a_badge_on_it_or_without(reader, port, heard, hold):
    hold(VirtualBadge(port, f"uid:{UID}"))
    heard.next("badge")
    reader.stop()
    reader.stop()
    wait_until(lambda: not any(thread.name.startswith("reader ") for thread in threading.enumerate()))


def test_a_tap_says_when_it_was_sensed(reader, port, heard, keyring, hold):
    keyring[UID] = ("ntag424", KEY)
    began_s = heard.monotonic_s()
    hold(VirtualBadge(port, NTAG, KEY))
    told = heard.next("badge")
    assert began_s < told.sensed_s < heard.monotonic_s()
