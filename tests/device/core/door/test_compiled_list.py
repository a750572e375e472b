"""The access list as a unit holds it: which badge must prove which key."""

import pytest

from device.core.door.compiled_list import NO_LIST, compiled
from tests.device.world import ANNE, KEYED, access_list, grant

KEY = "00112233445566778899AABBCCDDEEFF"


@pytest.fixture
def held():
    return compiled(access_list(grants=[grant(ANNE, 17), grant(KEYED, 43, key=KEY)]))


def test_a_badge_with_a_key_must_prove_it(held):
    assert held.keyring(KEYED.partition(":")[2]) == ("ntag424", bytes.fromhex(KEY))


def test_a_badge_known_by_its_id_alone_proves_nothing(held):
    assert held.keyring(ANNE.partition(":")[2]) is None
    assert held.keyring("00000000") is None


def test_of_two_grants_for_one_badge_the_later_stands():
    held = compiled(access_list(grants=[grant(ANNE, 17), grant(ANNE, 18)]))
    assert held.grants[ANNE].member == 18


def test_before_the_server_spoke_nobody_is_known_and_nothing_is_asked():
    assert (NO_LIST.version, NO_LIST.grants, NO_LIST.free_passage) == (0, {}, ())
    assert (NO_LIST.hard_anti_passback, NO_LIST.capacity.mode) == (False, "warn")
