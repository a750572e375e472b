"""A virtual badge is enrolled over nfcpy's real stack, and then read as any telephone reads it."""

import os
import threading

import nfc
import nfc.clf
import nfc.tag
import pytest

from device.core.badge.address import ndef_of
from device.core.badge.enrolment import enrol
from device.core.badge.identification import identify
from device.core.badge.keys import FACTORY, Keys
from device.core.badge.mirror import Mirrored, decrypted, is_signed
from device.core.badge.reading import read
from device.core.badge.wiping import wipe
from device.simulation.cards import Desfire, Ntag424
from device.simulation.iso_dep import IsoDep
from device.simulation.maker import public_key
from device.simulation.virtual_badge import VirtualBadge
from tests.patience import PATIENCE_S, wait_until
from tests.simulated_unit import free_udp_ports

UID = bytes.fromhex("04A1B2C3D4E5F6")
PATIENT_ATS = bytes.fromhex("067777C10280")
"""1.2 s to answer (FWI 12): the card is a thread of a machine that has other work as well."""
KEYS = Keys([bytes((0x10 + slot,)) * 16 for slot in range(5)], 1)


@pytest.fixture
def lay():
    """Lays a card on a reader of nfcpy's own; the card as nfcpy has it."""
    ends = []

    def begin(scheme, card):
        port = free_udp_ports()
        badge = VirtualBadge(port, f"{scheme}:{UID.hex().upper()}", protocol=IsoDep(card, PATIENT_ATS))
        thread = threading.Thread(target=badge.present, args=(10 * PATIENCE_S, PATIENCE_S))
        thread.start()
        frontend = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
        target = wait_until(lambda: frontend.sense(nfc.clf.RemoteTarget("106A")))
        ends.extend([frontend.close, badge.close, thread.join])
        return nfc.tag.activate(frontend, target)

    yield begin
    for end in ends:
        end()


def test_a_telephone_reads_the_address_of_an_enrolled_badge(lay):
    tag = lay("ntag424", Ntag424.blank(UID, os.urandom))
    through = tag.transceive
    product = identify(through, UID, 0x20)
    address = ndef_of("https://lieu.example")
    enrol(through, UID, product, KEYS, [FACTORY], os.urandom, address=address, makers=[public_key()])
    assert read(through, UID, product, [KEYS], os.urandom, [public_key()])[:3] == (product, True, KEYS)
    (record,) = tag.ndef.records
    assert record.iri.startswith("https://lieu.example/b?p=")
    picc, mac = record.iri.split("?p=")[1].split("&c=")
    mirrored = decrypted(bytes.fromhex(picc), KEYS.slots[1])
    assert mirrored == Mirrored(UID, 1)
    assert is_signed(mirrored, bytes.fromhex(mac), KEYS.slots[3])
    wipe(through, UID, product, [KEYS], os.urandom)
    assert read(through, UID, product, [FACTORY], os.urandom, [public_key()])[:3] == (product, True, FACTORY)


def test_a_desfire_is_enrolled_and_wiped(lay):
    card = Desfire.blank(UID, os.urandom)
    through = lay("desfire", card).transceive
    product = identify(through, UID, 0x20)
    enrol(through, UID, product, KEYS, [FACTORY], os.urandom, makers=[public_key()])
    assert card.keys == list(KEYS.slots)
    wipe(through, UID, product, [KEYS], os.urandom)
    assert card.applications == {}
