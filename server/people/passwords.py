"""Passwords of operators: argon2 hashes with the library's present parameters, and first passwords to read aloud."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 10
"""Characters that a password of one's own must have (NIST SP 800-63B asks for 8 at least)."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is taken for something else when read aloud or copied by hand."""
GROUPS, GROUP_LENGTH = 4, 4
"""Four groups of four: 79 bits."""

_HASHER = PasswordHasher()


def first_password() -> str:
    """A password to be changed at the first login, such as `k7mw-x2pd-9hqa-c4tz`."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def hashed(password: str) -> str:
    """The argon2 hash of `password`, to be kept."""
    return _HASHER.hash(password)


def is_right(password: str, password_hash: str) -> bool:
    """Whether `password` is the one that was hashed; takes some 50 ms either way."""
    try:
        return _HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False
