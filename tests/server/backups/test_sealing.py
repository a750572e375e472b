"""What is sealed is opened by its own key alone, and only whole."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage.x25519 import Identity

from server.backups.sealing import is_sealed, read_key, sealing, unsealing
from server.errors import Refusal
from tests.examples import examples

KEY = Identity.generate()
FILE = Path("place.tar.age")


def sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    with sealing(target, [KEY.to_public()]) as plain:
        plain.write(content)
    return target.getvalue()


def opened(content: bytes, key: Identity = KEY) -> bytes:
    with unsealing(io.BytesIO(content), key, FILE) as plain:
        return plain.read()


LONG = bytes(range(256)) * 1024
SEALED = sealed(LONG)


def test_what_was_sealed_comes_back() -> None:
    assert [opened(sealed(content)) for content in (b"", b"x", LONG)] == [b"", b"x", LONG]


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Refusal, match="backup_key_wrong"):
        opened(SEALED, Identity.generate())


@examples(60)
@given(st.integers(0, len(SEALED) - 1), st.booleans())
def test_cut_or_altered_anywhere_it_is_refused(at: int, is_cut: bool) -> None:
    spoilt = SEALED[:at] if is_cut else SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]
    with pytest.raises(Refusal, match="backup_"):
        opened(spoilt)


def test_who_stops_reading_in_the_middle_is_told_their_own_error() -> None:
    with pytest.raises(ZeroDivisionError), unsealing(io.BytesIO(SEALED), KEY, FILE) as plain:
        plain.read(10)
        _ = 1 / 0


class FullDisk(io.BytesIO):
    def write(self, _content: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_told_as_such() -> None:
    with pytest.raises(OSError, match="No space left"), sealing(FullDisk(), [KEY.to_public()]) as plain:
        plain.write(LONG)


@pytest.mark.parametrize("form", ["{}", "  {}\n", "# created: 2026\n# public key: age1\n{}\n"])
def test_a_key_is_read_as_people_keep_it(form: str) -> None:
    assert str(read_key(form.format(str(KEY).lower()))) == str(KEY)


@pytest.mark.parametrize("text", ["", "# only a comment", "AGE-SECRET-KEY-1QQ", "une phrase"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="backup_key_unreadable"):
        read_key(text)


def test_a_sealed_file_is_known_by_its_head(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(SEALED)
    (tmp_path / "b.tar.age").write_bytes(b"no")
    assert [is_sealed(tmp_path / name) for name in ("a.tar", "b.tar.age")] == [True, False]
