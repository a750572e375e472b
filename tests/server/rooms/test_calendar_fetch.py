"""A calendar fetched from its address: whatever the address is like, and whatever its server answers."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from server.rooms import calendar_fetch
from server.rooms.calendar_fetch import MOST_BYTES, Failed, fetched
from tests.calendar_address import Address

FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
PACKED = gzip.compress(FILE, mtime=0)
ANSWER_S = 20


def raw_deflate(data: bytes) -> bytes:
    """Without zlib's envelope."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.fixture
def address() -> Iterator[Address]:
    made = Address(FILE)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("status", "answer", "headers", "why", "detail"),
    [
        (404, b"", {}, "refused", "404"),
        (403, b"", {}, "refused", "403"),
        (200, FILE, {"Content-Length": "100000"}, "unreachable", "IncompleteRead"),
        (200, b"\x1f\x8bnot gzip", {}, "unreachable", ""),
        (200, PACKED[:-1], {}, "unreachable", ""),
        (200, PACKED[:-8], {}, "unreachable", ""),
        (200, PACKED[:20], {}, "unreachable", ""),
        (200, PACKED[:2], {}, "unreachable", ""),
        (200, PACKED + PACKED[:-1], {}, "unreachable", ""),
        (200, PACKED + PACKED[:5], {}, "unreachable", ""),
        (200, PACKED[:-8] + bytes(8), {}, "unreachable", ""),
        (200, zlib.compress(FILE)[:-1], {"Content-Encoding": "deflate"}, "unreachable", "IncompleteRead"),
        (200, zlib.compress(FILE)[:12], {"Content-Encoding": "deflate"}, "unreachable", ""),
        (200, raw_deflate(FILE)[:-1], {"Content-Encoding": "deflate"}, "unreachable", ""),
        (200, FILE, {"Content-Encoding": "deflate"}, "unreachable", ""),
        (200, b"", {"Content-Encoding": "deflate"}, "unreachable", ""),
        (200, zlib.compress(b"x" * 4 * MOST_BYTES), {"Content-Encoding": "deflate"}, "too_big", ""),
        (200, gzip.compress(b"x" * (MOST_BYTES - 9)) + gzip.compress(b"x" * 10), {}, "too_big", ""),
        (302, b"", {"Location": "ftp://127.0.0.1/x"}, "redirect", "ftp:"),
        (301, b"", {"Location": "FILE:///etc/passwd"}, "redirect", "file:"),
        (307, b"", {"Location": "javascript:alert(1)"}, "redirect", "javascript:"),
        (302, b"", {"Location": "/room.ics"}, "refused", "302"),
        (302, b"", {}, "refused", "302"),
        (200, b"x" * (MOST_BYTES + 1), {}, "too_big", ""),
        (200, gzip.compress(b"x" * 4 * MOST_BYTES, mtime=0), {}, "too_big", ""),
    ],
)
def test_what_is_not_a_whole_answer_is_a_failure_that_says_why(
    address: Address, status: int, answer: bytes, headers: dict[str, str], why: str, detail: str
) -> None:
    address.status, address.answer, address.headers = status, answer, headers
    with pytest.raises(Failed) as failed:
        fetched(address.url, "", ANSWER_S)
    assert failed.value.why == why
    assert detail in failed.value.detail


@pytest.mark.parametrize("where", ["http://127.0.0.1:1/a", "https://no such host/", "http://[::1", "http://u:p@h:x/a"])
def test_an_address_where_nobody_is_is_a_failure_that_does_not_quote_it(where: str) -> None:
    with pytest.raises(Failed) as failed:
        fetched(where, "", ANSWER_S)
    assert failed.value.why == "unreachable"
    assert where.partition("//")[2] not in failed.value.detail


def test_an_address_is_asked_in_the_name_of_this_program(address: Address) -> None:
    fetched(address.url, "", ANSWER_S)
    [(_, headers)] = address.asked
    assert headers["user-agent"].startswith("Poincon/")
    assert "authorization" not in headers


@pytest.mark.parametrize("written", ["HTTP://{}/a?b=c", " http://{}/a?b=c", "Http://{}/a?b=c ", "http://{}/a?b=c#d"])
def test_an_address_is_asked_however_it_is_written(address: Address, written: str) -> None:
    assert fetched(written.format(address.host), "", ANSWER_S) == FILE
    assert [path for path, _ in address.asked] == ["/a?b=c"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/salle été.ics", "/salle%20%C3%A9t%C3%A9.ics"),
        ("/a?nom=Réunion du lundi", "/a?nom=R%C3%A9union%20du%20lundi"),
        ("/d%C3%A9j%C3%A0%20%2F?a=1&b=%26+;", "/d%C3%A9j%C3%A0%20%2F?a=1&b=%26+;"),
        ("/a@b:c,d~e(f)'g!*/[h]$=", "/a@b:c,d~e(f)'g!*/[h]$="),
        ("/\u00a0€\U0001f511", "/%C2%A0%E2%82%AC%F0%9F%94%91"),
        ("/a\tb", "/ab"),
        ("", ""),
    ],
)
def test_an_address_is_asked_whatever_letters_it_has(address: Address, written: str, asked: str) -> None:
    assert fetched(f"http://{address.host}{written}", "", ANSWER_S) == FILE
    assert [path for path, _ in address.asked] == [asked or "/"]


@pytest.mark.parametrize(
    ("host", "asked"),
    [("café.example", "xn--caf-dma.example"), ("Été.example:8443", "xn--t-9fab.example:8443"), ("a.example:80",) * 2],
)
def test_a_machine_is_asked_by_its_name_on_the_network(host: str, asked: str) -> None:
    assert calendar_fetch._request(f"https://é:à@{host}/x", "").host == asked


@pytest.mark.parametrize(
    ("packed", "headers"),
    [
        (gzip.compress(FILE, mtime=0), {"Content-Encoding": "gzip"}),
        (gzip.compress(FILE, mtime=0), {}),
        (gzip.compress(FILE[:9], mtime=0) + gzip.compress(FILE[9:], mtime=0), {}),
        (b"".join(gzip.compress(FILE[nth : nth + 1], mtime=0) for nth in range(len(FILE))), {}),
        (PACKED + bytes(512), {}),
        (FILE, {"Content-Encoding": "gzip"}),
        (PACKED, {"Content-Encoding": "deflate"}),
        (zlib.compress(FILE), {"Content-Encoding": "deflate"}),
        (raw_deflate(FILE), {"Content-Encoding": "deflate"}),
    ],
)
def test_an_answer_that_is_packed_unasked_is_read(address: Address, packed: bytes, headers: dict[str, str]) -> None:
    address.answer, address.headers = packed, headers
    assert fetched(address.url, "", ANSWER_S) == FILE


def test_a_password_is_not_sent_on_to_another_address(address: Address) -> None:
    other = Address(FILE)
    address.status, address.headers = 302, {"Location": other.url}
    assert fetched(address.url, "place:s3same", ANSWER_S) == FILE
    other.close()
    assert "authorization" in address.asked[0][1]
    assert "authorization" not in other.asked[0][1]
