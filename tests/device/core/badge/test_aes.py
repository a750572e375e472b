"""Padding: what was put in comes out, and what was never padded is told. A cipher made beforehand is the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.core.badge.aes import BLOCK, decrypt, encrypt, pad, ready_to_decrypt, ready_to_encrypt, unpad


@given(st.binary(max_size=3 * BLOCK))
def test_what_is_padded_fills_whole_blocks_and_comes_out_as_it_was(plain):
    padded = pad(plain)
    assert len(padded) % BLOCK == 0
    assert 0 < len(padded) - len(plain) <= BLOCK
    assert unpad(padded) == plain


@pytest.mark.parametrize(
    "plain", [b"", bytes(BLOCK), b"no mark at all..", b"a mark\x80 and more", b"a mark\x80\x00 and more"]
)
def test_what_is_not_padded_is_told(plain):
    with pytest.raises(ValueError):
        unpad(plain)


@given(
    st.binary(min_size=BLOCK, max_size=BLOCK),
    st.integers(1, 3).flatmap(lambda n: st.binary(min_size=n * BLOCK, max_size=n * BLOCK)),
)
def test_a_cipher_made_beforehand_does_the_same(key, text):
    assert ready_to_encrypt(key)(text) == encrypt(key, text)
    assert ready_to_decrypt(key)(text) == decrypt(key, text)
