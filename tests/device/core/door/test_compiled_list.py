"""The access list as a unit holds it: which badge must prove which key."""

import pytest

from device.contract.access_list import AccessList
from device.contract.codec import MAX_LIST_BYTES, decode, encode
from device.contract.keys import DOOR_SLOT, TRAVEL_SLOT
from device.core.badge.candidates import Candidates, DoorKey
from device.core.door.compiled_list import NO_LIST, compiled
from tests.device.world import ANNE, KEYED, access_list, grant

KEY = "00112233445566778899AABBCCDDEEFF"


@pytest.fixture
def held():
    return compiled(access_list(grants=[grant(ANNE, 17), grant(KEYED, 43, key=KEY)]))


def test_a_badge_with_a_key_must_prove_it(held):
    assert held.keyring(KEYED.partition(":")[2]) == Candidates("ntag424", (DoorKey(bytes.fromhex(KEY)),), DOOR_SLOT)


def test_a_badge_whose_keys_are_being_changed_may_prove_either():
    other = KEY[::-1]
    told = grant(KEYED, 43, key=KEY, key_version=1, other_key=other, other_key_version=2)
    keyring = compiled(access_list(grants=[told])).keyring(KEYED.partition(":")[2])
    assert keyring == Candidates("ntag424", (DoorKey(bytes.fromhex(KEY), 1), DoorKey(bytes.fromhex(other), 2)))


def test_a_badge_whose_keys_are_over_must_prove_what_it_cannot():
    keyring = compiled(access_list(grants=[grant(KEYED, 43)])).keyring(KEYED.partition(":")[2])
    assert keyring == Candidates("ntag424", ())


def test_a_visitors_badge_proves_the_key_of_its_slot():
    keyring = compiled(access_list(grants=[grant(KEYED, 43, key=KEY, slot=4)])).keyring(KEYED.partition(":")[2])
    assert keyring == Candidates("ntag424", (DoorKey(bytes.fromhex(KEY)),), TRAVEL_SLOT)


def test_a_list_of_a_former_server_tells_no_versions_and_the_slot_of_doors():
    former = encode(access_list(grants=[grant(KEYED, 43, key=KEY)]))
    assert not any(field in former for field in (b"key_version", b"other_key", b"slot"))
    held = compiled(decode(former, AccessList, MAX_LIST_BYTES))
    assert held.keyring(KEYED.partition(":")[2]) == Candidates("ntag424", (DoorKey(bytes.fromhex(KEY)),), DOOR_SLOT)


def test_a_badge_known_by_its_id_alone_proves_nothing(held):
    assert held.keyring(ANNE.partition(":")[2]) is None
    assert held.keyring("00000000") is None


def test_of_two_grants_for_one_badge_the_later_stands():
    held = compiled(access_list(grants=[grant(ANNE, 17), grant(ANNE, 18)]))
    assert held.grants[ANNE].member == 18


def test_before_the_server_spoke_nobody_is_known_and_nothing_is_asked():
    assert (NO_LIST.version, NO_LIST.grants, NO_LIST.free_passage) == (0, {}, ())
    assert (NO_LIST.hard_anti_passback, NO_LIST.capacity.mode) == (False, "warn")
