"""AES-128 as badges use it: CBC without padding, CMAC, and the short MAC of secure messaging."""

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
ZERO_IV = bytes(BLOCK)

Once = Callable[[bytes], bytes]
"""A cipher for one text of whole blocks, in CBC with an IV of zeros, made ready: that takes longer than its use.

Used again it raises `AlreadyFinalized`: what was made for one badge is never said to another.
"""


def encrypt(key: bytes, plain: bytes, iv: bytes = ZERO_IV) -> bytes:
    """CBC over whole blocks."""
    encryptor = Cipher(AES128(key), CBC(iv)).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def decrypt(key: bytes, secret: bytes, iv: bytes = ZERO_IV) -> bytes:
    """CBC over whole blocks."""
    decryptor = Cipher(AES128(key), CBC(iv)).decryptor()
    return decryptor.update(secret) + decryptor.finalize()


def ready_to_encrypt(key: bytes) -> Once:
    """Encrypts one text, as `encrypt`."""
    return _once(Cipher(AES128(key), CBC(ZERO_IV)).encryptor())


def ready_to_decrypt(key: bytes) -> Once:
    """Decrypts one text, as `decrypt`."""
    return _once(Cipher(AES128(key), CBC(ZERO_IV)).decryptor())


def _once(context: CipherContext) -> Once:
    return lambda text: context.update(text) + context.finalize()


def cmac(key: bytes, message: bytes) -> bytes:
    """The full 16 bytes of NIST SP 800-38B."""
    mac = CMAC(AES128(key))
    mac.update(message)
    return mac.finalize()


def short_mac(key: bytes, message: bytes) -> bytes:
    """The 8 bytes that go over the air: every second byte of the CMAC, from the second on (AN12196, 5.3)."""
    return cmac(key, message)[1::2]


def pad(plain: bytes) -> bytes:
    """Plain text filled up to whole blocks with 80 00 … (ISO/IEC 9797-1, method 2)."""
    return plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)


def unpad(plain: bytes) -> bytes:
    """What `pad` was given; raises ValueError where there is no such padding."""
    text, mark, filling = plain.rpartition(b"\x80")
    if not mark or any(filling):
        raise ValueError("no padding of ISO/IEC 9797-1")
    return text


def rotated(block: bytes) -> bytes:
    """One byte to the left: how both sides show that they could read the other's random number."""
    return block[1:] + block[:1]
