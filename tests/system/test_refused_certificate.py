"""A unit whose certificate the broker does not take: who installs it is told, and so is its log."""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.adapters.link import Link
from device.check import findings
from device.contract.findings import told as said
from device.contract.unit_settings import UnitSettings, read_unit_settings
from server.site.unit_card import unit_settings, write_unit_files
from tests.patience import eventually
from tests.tls_broker import TlsBroker, made_place

pytestmark = [pytest.mark.skipif(shutil.which("mosquitto") is None, reason="needs Mosquitto")]

THIS_MACHINE = "0.0.0.0"
"""Leads here, and is no loopback address: the place speaks TLS."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsBroker]:
    broker = TlsBroker(made_place(tmp_path_factory.mktemp("refused") / "here", THIS_MACHINE))
    yield broker
    broker.stop()


def card(broker: TlsBroker, name: str, folder: Path) -> UnitSettings:
    """The settings of a new unit, its certificate beside them."""
    write_unit_files(broker.site, folder, unit_settings(broker.site.settings, name, "desk"))
    text = (folder / "unit.toml").read_text().replace('factory = "lgpio"', 'factory = "mock"')
    (folder / "unit.toml").write_text(text)
    return read_unit_settings(folder / "unit.toml")


def revoked(broker: TlsBroker, folder: Path) -> UnitSettings:
    settings = card(broker, folder.name, folder)
    broker.site.revoke_unit(folder.name)
    broker.restart()
    return settings


def stranger(broker: TlsBroker, folder: Path) -> UnitSettings:
    """A unit of another place, told of this one's authority."""
    elsewhere = made_place(folder / "elsewhere", THIS_MACHINE)
    settings = card(broker, folder.name, folder / "card")
    identity = elsewhere.issue_to_unit(folder.name)
    (folder / "card" / "unit.crt").write_bytes(identity.certificate)
    (folder / "card" / "unit.key").write_bytes(identity.key)
    return settings


def said_of_the_broker(settings: UnitSettings, folder: Path) -> tuple[bool, str]:
    """Whether `check` finds the broker in order, and what it says of it."""
    found = next(finding for finding in findings(settings, folder) if finding.part == "broker")
    return found.good, said(found)


def test_check_finds_a_broker_that_takes_the_certificate(broker: TlsBroker, tmp_path: Path) -> None:
    good, told = said_of_the_broker(card(broker, "good", tmp_path / "good"), tmp_path)
    assert (good, "answers, TLSv1.3" in told) == (True, True)


@pytest.mark.parametrize("refused", [revoked, stranger])
def test_check_says_that_the_broker_refuses_the_certificate(broker: TlsBroker, tmp_path: Path, refused) -> None:
    folder = tmp_path / f"checked-{refused.__name__}"
    good, told = said_of_the_broker(refused(broker, folder), tmp_path)
    assert not good
    assert "certificate" in told


@pytest.mark.parametrize("refused", [revoked, stranger])
def test_a_link_that_was_never_let_in_says_why(
    broker: TlsBroker, tmp_path: Path, refused, caplog: pytest.LogCaptureFixture
) -> None:
    settings = refused(broker, tmp_path / f"linked-{refused.__name__}")
    link = Link(settings, lambda input: None, time.monotonic)
    with caplog.at_level(logging.WARNING):
        link.start()
        assert eventually(lambda: any("broker unreachable" in line for line in caplog.messages))
        link.stop()
    assert any("alert" in line.lower() or "hung up" in line for line in caplog.messages), caplog.messages
