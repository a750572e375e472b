"""A virtual badge and nfcpy's stock stack, as any program that uses nfcpy has it."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import nfc
import nfc.clf
import nfc.tag
import pytest

from device.contract.errors import Refused
from device.contract.keys import DOOR_SLOT, MASTER_SLOT
from device.core.badge.apdu import select_ntag424
from device.core.badge.authentication import authenticate_ev2
from device.core.badge.errors import WrongKey
from device.core.badge.originality import is_original
from device.core.badge.session import change_key
from device.simulation.cards import Blank
from device.simulation.choice import Choice, chosen
from device.simulation.iso_dep import IsoDep
from device.simulation.virtual_badge import VirtualBadge
from tests.device.core.badge.tapping import prove
from tests.patience import PATIENCE_S, wait_until
from tests.simulated_unit import free_udp_ports

UID = "04A1B2C3D4E5F6"
NTAG = f"ntag424:{UID}"
KEY = bytes.fromhex("F3847D627727ED3BC9C4CC050489B966")


@pytest.fixture
def port():
    return free_udp_ports()


@pytest.fixture
def held(port):
    """Holds out a badge on a thread; `join` gives what `present` returned."""
    threads = []

    class Held:
        def __init__(self, badge):
            self.badge, self.taken = badge, None
            self.thread = threading.Thread(target=self.run)
            self.thread.start()
            wait_until(lambda: is_bound(port) or not self.thread.is_alive())
            threads.append(self)

        def run(self):
            self.taken = self.badge.present(hold_s=10 * PATIENCE_S, wait_s=10 * PATIENCE_S)

        def join(self):
            self.badge.close()
            self.thread.join(PATIENCE_S)
            assert not self.thread.is_alive()
            return self.taken

    yield Held
    for one in threads:
        one.join()


def is_bound(port):
    """Whether somebody waits for datagrams there; binding it to see would be in the way."""
    return f"0100007F:{port:04X} " in Path("/proc/net/udp").read_text()


def sense(port):
    """nfcpy's own front end and driver; senses until the badge is there."""
    frontend = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
    target = wait_until(lambda: frontend.sense(nfc.clf.RemoteTarget("106A")))
    return frontend, nfc.tag.activate(frontend, target)


def test_nfcpy_takes_a_badge_for_a_type_4_tag_and_has_its_proof(port, held):
    one = held(VirtualBadge(port, NTAG, KEY))
    frontend, tag = sense(port)
    assert (tag.type, tag.identifier.hex().upper()) == ("Type4Tag", UID)
    prove("ntag424", lambda apdu: bytes(tag.transceive(apdu)), [KEY], 2, os.urandom)
    assert tag.is_present
    frontend.close()
    assert one.join() is True


def test_nfcpy_takes_a_uid_alone_for_a_type_2_tag(port, held):
    one = held(VirtualBadge(port, "uid:01020304"))
    frontend, tag = sense(port)
    assert (tag.type, tag.identifier.hex()) == ("Type2Tag", "01020304")
    assert tag.is_present
    frontend.close()
    assert one.join() is True


def test_a_badge_in_a_file_is_written_to_at_one_reader_and_proves_its_key_at_the_next(port, held, tmp_path):
    for tap in ("written", "proved"):
        with chosen(port, Choice(file=tmp_path / "badge.json")) as badge:
            one = held(badge)
            frontend, tag = sense(port)

            def transceive(apdu, tag=tag):
                return bytes(tag.transceive(apdu))

            if tap == "written":
                select_ntag424(transceive)
                session = authenticate_ev2(transceive, bytes(16), MASTER_SLOT, os.urandom)
                change_key(transceive, session, DOOR_SLOT, KEY, 1, bytes(16))
            else:
                prove_door_key(transceive)
            frontend.close()
            assert one.join() is True


def test_a_telephone_shows_another_uid_whenever_the_field_was_off(port, held):
    with chosen(port, Choice(phone=True)) as badge:
        held(badge)
        frontend, _ = sense(port)
        uids = [frontend.sense(nfc.clf.RemoteTarget("106A")).sdd_res for _ in range(3)]
        frontend.close()
    assert len({bytes(uid) for uid in uids}) == 3
    assert {uid[0] for uid in uids} == {0x08}


def test_a_blank_badge_without_a_file_passes_for_genuine(port, held):
    with chosen(port, Choice(blank=True, kind="desfire")) as badge:
        held(badge)
        frontend, tag = sense(port)
        assert tag.transceive(bytes.fromhex("905A00000300000000")) == b"\x91\x00"
        assert is_original(badge._uid, bytes(tag.transceive(bytes.fromhex("903C0000010000"))[:-2]))
        frontend.close()


def test_nfcpy_may_speak_to_a_desfire_in_native_frames(port, held):
    with chosen(port, Choice(blank=True, kind="desfire")) as badge:
        held(badge)
        frontend, tag = sense(port)
        answers = [
            bytes(tag.transceive(bytes.fromhex(frame))) for frame in ("60", "AF", "AF", "CA504F490985", "5A504F49")
        ]
        frontend.close()
    assert [answer[:1].hex().upper() for answer in answers] == ["AF", "AF", "00", "00", "00"]
    assert answers[2][1:8] == badge._uid


def test_a_copy_has_the_uid_and_not_the_key(port, held):
    with chosen(port, Choice(clone=NTAG)) as badge:
        held(badge)
        frontend, tag = sense(port)
        assert tag.identifier.hex().upper() == UID
        with pytest.raises(WrongKey):
            prove_door_key(lambda apdu: bytes(tag.transceive(apdu)))
        frontend.close()


def prove_door_key(transceive):
    select_ntag424(transceive)
    authenticate_ev2(transceive, KEY, DOOR_SLOT, os.urandom)


@pytest.mark.parametrize(
    "which",
    [
        {},
        {"credential": NTAG, "blank": True},
        {"file": Path("badge.json"), "phone": True},
        {"credential": NTAG, "clone": NTAG},
        {"phone": True, "kind": "uid"},
        {"blank": True, "key": "00" * 16},
        {"credential": NTAG, "key": "not hex"},
    ],
)
def test_what_does_not_go_together_is_no_choice(which):
    with pytest.raises(ValueError, match=r"please|goes with"):
        Choice(**which)


def test_a_badge_that_no_reader_looks_at_was_not_taken_up(port):
    assert VirtualBadge(port, NTAG).present(hold_s=10 * PATIENCE_S, wait_s=0.1) is False


def test_a_badge_is_taken_away_at_once_from_another_thread(port, held):
    assert held(VirtualBadge(port, NTAG)).join() is False


def test_a_badge_that_was_taken_away_stays_away(port):
    badge = VirtualBadge(port, NTAG)
    badge.close()
    assert badge.present() is False


def test_two_badges_at_one_reader_at_once_is_an_error_that_says_so(port, held):
    one = held(VirtualBadge(port, NTAG))
    with pytest.raises(Refused, match=f"{port}: another badge"):
        VirtualBadge(port, "uid:01020304").present()
    one.join()
    assert VirtualBadge(port, "uid:01020304").present(wait_s=0.01) is False


def test_badges_of_other_processes_follow_one_another(port):
    script = f"from device.simulation.virtual_badge import VirtualBadge as V; V({port}, '{NTAG}').present(0, 60)"
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", script])
        frontend = nfc.ContactlessFrontend(f"udp:127.0.0.1:{port}")
        while not (target := frontend.sense(nfc.clf.RemoteTarget("106A"))):
            pass
        assert target.sdd_res.hex().upper() == UID
        nfc.tag.activate(frontend, target)
        frontend.close()
        assert process.wait(PATIENCE_S) == 0


def test_noise_on_the_port_neither_takes_up_a_badge_nor_ends_it(port, held):
    one = held(VirtualBadge(port, NTAG))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noise:
        noise.settimeout(0.1)
        for datagram in (
            b"",
            b" ",
            b"106A",
            b"106A zz",
            b"106A b2",
            b"212F 26",
            b"\xff\xfe",
            b"106A \xff",
            b"x" * 3000,
        ):
            noise.sendto(datagram, ("127.0.0.1", port))
        with pytest.raises(TimeoutError):
            noise.recv(100)
    frontend, _ = sense(port)
    frontend.close()
    assert one.join() is True


@pytest.mark.parametrize(
    "credential", ["", "ntag424", UID, "uid:", "uid:04A1", "uid:04a1b2c3", f"mifare:{UID}", f"{NTAG}\n", f"{NTAG}00"]
)
def test_what_is_no_credential_is_refused(port, credential):
    with pytest.raises(Refused, match="is no credential"):
        VirtualBadge(port, credential)


def test_a_key_of_another_size_is_refused(port):
    with pytest.raises(Refused, match="16 bytes"):
        VirtualBadge(port, NTAG, KEY[:15])


def test_an_answer_that_the_reader_waits_for_no_more_is_not_given(port, held):
    """On a busy machine: it would be taken for the answer to what the reader sent since."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reader:
        reader.settimeout(PATIENCE_S)

        def sends(frame):
            reader.sendto(b"106A " + frame, ("127.0.0.1", port))

        class Slow(IsoDep):
            def feed(self, frame):
                sends(b"26")
                return b"\x06"

        held(VirtualBadge(port, "uid:04A1B2C3", protocol=Slow(Blank())))
        for frame, answer in (
            (b"26", b"0403"),
            (b"9320", b"04a1b2c3d4"),
            (b"937004a1b2c3d4", b"20"),
            (b"e080", b"0403"),
        ):
            sends(frame)
            assert reader.recv(100) == b"106A " + answer
