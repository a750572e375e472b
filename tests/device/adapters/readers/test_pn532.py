"""nfcpy's real PN532 driver on a PN532 emulated on a pseudo-terminal: taps, pulling it out, crashes."""

import os
from pathlib import Path

import pytest

from device.adapters.readers.frontend import connect
from device.adapters.readers.pn532 import open_port
from device.contract.keys import DOOR_SLOT
from device.simulation.cards import FACTORY_KEYS, Ntag424
from device.simulation.iso_dep import IsoDep
from tests.pn532 import Chip, SerialPort

UID = bytes.fromhex("04A1B2C3D4E5F6")
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")
KEYS = [*FACTORY_KEYS[:DOOR_SLOT], KEY, *FACTORY_KEYS[DOOR_SLOT + 1 :]]


def badge():
    return IsoDep(Ntag424(UID, KEYS, os.urandom))


@pytest.fixture
def serial_port(tmp_path):
    port = SerialPort(tmp_path / "ttyUSB0", Chip())
    port.plug()
    yield port
    port.unplug()


@pytest.fixture
def pn532_reader(reader_at, serial_port):
    return reader_at(str(serial_port.path), connect=open_port)


def test_a_badge_on_a_pn532_proves_its_key_and_is_gone_when_lifted(serial_port, pn532_reader, heard, keyring):
    keyring[UID.hex().upper()] = ("ntag424", KEY)
    serial_port.chip.lay(UID, card=badge())
    assert heard.next("badge")[:3] == ("ntag424", UID.hex().upper(), True)
    serial_port.chip.lift()
    assert heard.next("gone") == UID.hex().upper()


@pytest.mark.parametrize(("uid", "sak"), [(UID, 0x00), (UID[:4], 0x08), (UID[:4], 0x18), (UID[:4], 0x40)])
def test_cards_without_iso_dep_are_known_by_their_uid(serial_port, pn532_reader, heard, uid, sak):
    serial_port.chip.lay(uid, sak)
    assert heard.next("badge")[:3] == ("uid", uid.hex().upper(), None)
    assert heard.nothing()
    serial_port.chip.lift()
    assert heard.next("gone") == uid.hex().upper()


def test_a_reader_pulled_out_is_told_and_taken_up_again(serial_port, pn532_reader, heard):
    serial_port.chip.lay(UID, 0x00)
    heard.next("badge")
    serial_port.unplug()
    assert heard.next("gone") == UID.hex().upper()
    assert heard.next("fault") is True
    serial_port.plug()
    assert heard.next("fault") is False
    assert heard.next("badge")[:2] == ("uid", UID.hex().upper())


def test_a_reader_that_is_not_there_at_the_start_is_a_fault(tmp_path, reader_at, heard):
    reader_at(str(tmp_path / "ttyUSB0"), connect=open_port)
    assert heard.next("fault") is True


def test_a_device_string_of_a_port_that_is_not_there_is_a_fault(reader_at, heard):
    reader_at("tty:USB77:pn532")
    assert heard.next("fault") is True


@pytest.mark.parametrize("device", ["tty:USB77:pn532", "nonsense", "tty:USB77:arygon"])
def test_a_device_string_that_leads_nowhere_is_an_oserror(device):
    with pytest.raises(OSError):
        connect(device)


def test_a_chip_left_at_high_speed_by_a_crash_is_found_again(serial_port, pn532_reader, heard):
    serial_port.chip.lay(UID, 0x00)
    heard.next("badge")
    assert serial_port.chip.baud == 921_600
    pn532_reader.stop()
    assert serial_port.chip.baud == 115_200
    serial_port.chip.baud = serial_port.chip.next_baud = 921_600  # as after kill -9: nobody lowered it
    device = open_port(str(serial_port.path))
    device.close()
    assert serial_port.chip.baud == 115_200


def test_a_chip_that_does_not_answer_is_a_fault_and_not_a_hang(serial_port):
    serial_port.chip.baud = serial_port.chip.next_baud = 9600
    with pytest.raises(OSError):
        open_port(str(serial_port.path))


def test_pulling_it_out_time_and_again_keeps_no_file_open(serial_port, pn532_reader, heard):
    def cycle():
        serial_port.unplug()
        assert heard.next("fault") is True
        serial_port.plug()
        assert heard.next("fault") is False

    cycle()
    before = len(list(Path("/proc/self/fd").iterdir()))
    cycle()
    cycle()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
