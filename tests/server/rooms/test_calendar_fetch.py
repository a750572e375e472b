"""A calendar fetched from its address: whatever the address is like, and whatever its server answers."""

import gzip
import zlib
from collections.abc import Iterator

import pytest

from server.rooms.calendar_fetch import MOST_BYTES, Failed, fetched
from tests.calendar_address import Address

FILE = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
ANSWER_S = 20


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
    ("packed", "headers"),
    [
        (gzip.compress(FILE, mtime=0), {"Content-Encoding": "gzip"}),
        (gzip.compress(FILE, mtime=0), {}),
        (zlib.compress(FILE), {"Content-Encoding": "deflate"}),
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
