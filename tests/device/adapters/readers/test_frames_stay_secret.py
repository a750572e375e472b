"""nfcpy logs every APDU when asked to; here nobody can ask it to."""

import logging

import pytest

from device.simulation.virtual_badge import VirtualBadge

UID = "04A1B2C3D4E5F6"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")


@pytest.mark.parametrize("loggers", [["nfc"], ["nfc", "nfc.clf", "nfc.clf.udp", "nfc.tag", "nfc.tag.tt4"]])
def test_no_setting_of_logging_shows_what_goes_over_the_air(reader_at, port, heard, keyring, hold, caplog, loggers):
    caplog.set_level(0)
    for name in loggers:
        caplog.set_level(1, logger=name)
    keyring[UID] = ("ntag424", KEY)
    reader_at(f"udp:127.0.0.1:{port}")
    hold(VirtualBadge(port, f"ntag424:{UID}", KEY))
    assert heard.next("badge").authentic is True
    told = caplog.text.lower()
    assert "9071000002" not in told
    assert "d2760000850101" not in told
    assert KEY.hex() not in told
    assert not [record for record in caplog.records if record.name.startswith("nfc") and record.levelno < logging.INFO]


def test_a_logger_turned_up_while_the_reader_runs_stays_mute(reader_at, port, heard, keyring, hold, caplog):
    keyring[UID] = ("ntag424", KEY)
    reader_at(f"udp:127.0.0.1:{port}")
    badge = hold(VirtualBadge(port, f"ntag424:{UID}", KEY))
    assert heard.next("badge").authentic is True
    for name in ("nfc.clf", "nfc.clf.udp", "nfc.tag.tt4"):
        caplog.set_level(1, logger=name)
    badge.close()
    heard.next("gone")
    hold(VirtualBadge(port, f"ntag424:{UID}", KEY))
    assert heard.next("badge").authentic is True
    assert not [record for record in caplog.records if record.name.startswith("nfc")]
