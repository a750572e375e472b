"""A file is written in the clear, in pieces that a badge writes whole or not at all."""

from device.core.badge.session import CardSession, write_plain_file


def test_a_file_is_written_in_pieces_of_128_bytes_from_its_beginning():
    session, sent = CardSession(0, bytes(16), bytes(16), bytes(4)), []
    content = bytes(range(1, 251)) + b"end"
    write_plain_file(lambda apdu: sent.append(apdu) or b"\x91\x00", session, 2, content)
    assert sent == [
        bytes.fromhex("908D000087 02 000000 800000") + content[:128] + b"\0",
        bytes.fromhex("908D000084 02 800000 7D0000") + content[128:] + b"\0",
    ]
    assert session.counter == 2


def test_of_nothing_nothing_is_written():
    session, sent = CardSession(0, bytes(16), bytes(16), bytes(4)), []
    write_plain_file(lambda apdu: sent.append(apdu) or b"\x91\x00", session, 2, b"")
    assert (sent, session.counter) == ([], 0)
