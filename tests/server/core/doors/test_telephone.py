"""Telephones at a reader, which show another number at every tap."""

import pytest

from server.core.doors.telephone import is_telephone


@pytest.mark.parametrize(
    ("credential", "is_one"),
    [
        ("uid:08A1B2C3", True),
        ("uid:08000000", True),
        ("uid:04A1B2C3", False),
        ("uid:08A1B2C3D4E5F6", False),  # of seven bytes: a card's own
        ("uid:08A1B2", False),
        ("uid:08a1b2c3", False),
        ("ntag424:08A1B2C3", True),  # whatever it calls itself
        ("desfire:08A1B2C3", True),
        ("", False),
    ],
)
def test_a_number_of_four_bytes_that_begins_with_08_is_a_telephones(credential: str, is_one: bool) -> None:
    assert is_telephone(credential) is is_one
