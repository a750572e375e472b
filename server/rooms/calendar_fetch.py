"""A calendar fetched from its address: a program of its own, `python -m server.rooms.calendar_fetch SECONDS`.

Its question comes on the standard input, so that no secret stands in the list of processes: `{"address": "https://…",
"credentials": "name:password"}`. Out comes the file; or status 1, and on the standard error `{"why": "…", "detail":
"…"}`, without anything of the address. A server that drips, hangs or never ends is somebody else's: this process ends
by itself when its seconds are over.
"""

import base64
import json
import math
import signal
import sys
import zlib
from gzip import GzipFile
from http.client import HTTPException, HTTPMessage
from importlib.metadata import version
from io import BytesIO
from string import punctuation
from typing import IO, Any, NoReturn
from urllib.error import HTTPError, URLError
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

MOST_BYTES = 16 * 1024 * 1024
GZIP_SIGN = b"\x1f\x8b"
USER_AGENT = f"Poincon/{version('poincon')} (room calendars)"


class Failed(Exception):
    """The calendar was not had; `detail` has nothing of the address in it."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why, self.detail = why, detail


class _Redirects(HTTPRedirectHandler):
    """Goes where it is sent over HTTP, never from HTTPS back to HTTP, and without the password."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """The request to follow it; raises `Failed` for an address of another kind."""
        scheme = urlsplit(newurl).scheme.lower()
        if scheme not in ("http", "https") or (req.type == "https" and scheme == "http"):
            raise Failed("redirect", f"{scheme}:")
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> Any:
        """As the library has it, which refuses other kinds by itself and would name the address."""
        scheme = urlsplit(headers.get("location") or headers.get("uri") or "").scheme.lower()
        if scheme not in ("", "http", "https"):
            raise Failed("redirect", f"{scheme}:")
        return super().http_error_302(req, fp, code, msg, headers)

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def fetched(address: str, credentials: str, timeout_s: float) -> bytes:
    """The file at `address`; raises `Failed`."""
    opener = OpenerDirector()
    handlers = (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor, _Redirects)
    for handler in handlers:
        opener.add_handler(handler())
    try:
        with opener.open(_request(address, credentials), timeout=timeout_s) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
            promised = answer.headers.get("Content-Length", "")
            encoding = answer.headers.get("Content-Encoding", "")
    except HTTPError as error:
        raise Failed("refused", str(error.code)) from None
    except URLError as error:
        raise Failed("unreachable", str(error.reason)) from None
    except OSError as error:
        raise Failed("unreachable", error.strerror or type(error).__name__) from None
    except (HTTPException, ValueError) as error:  # their texts quote the address
        raise Failed("unreachable", type(error).__name__) from None
    if len(data) <= MOST_BYTES and promised.isdecimal() and len(data) < int(promised):
        raise Failed("unreachable", "IncompleteRead")
    return _unpacked(data, encoding.strip().lower())


def _request(address: str, credentials: str) -> Request:
    parts = urlsplit(address.strip())
    # webcal is a made-up name for the same over HTTP; who has one serves it over TLS too.
    scheme = "http" if parts.scheme.lower() == "http" else "https"
    user, at, host = parts.netloc.rpartition("@")
    headers = {"Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    written = (scheme, _as_ascii(host), quote(parts.path, punctuation), quote(parts.query, punctuation), "")
    request = Request(urlunsplit(written), headers=headers)
    known = credentials or (unquote(user) if at else "")
    if known:
        request.add_unredirected_header("Authorization", f"Basic {base64.b64encode(known.encode()).decode()}")
    return request


def _as_ascii(host: str) -> str:
    """The name of a machine as the network has it (RFC 3490); raises `ValueError` for what is none."""
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    return name.encode("idna").decode() + colon + port


def _unpacked(data: bytes, encoding: str) -> bytes:
    """The file itself, from servers too that pack it unasked; raises `Failed` for one that was cut short."""
    try:
        if data.startswith(GZIP_SIGN):
            with GzipFile(fileobj=BytesIO(data)) as members:  # any number of them, one after the other (RFC 1952, 2.2)
                data = members.read(MOST_BYTES + 1)
        elif encoding == "deflate":
            data = _inflated(data)
    except (OSError, EOFError, zlib.error) as error:
        raise Failed("unreachable", str(error)) from None
    if len(data) > MOST_BYTES:
        raise Failed("too_big", str(MOST_BYTES))
    return data


def _inflated(data: bytes) -> bytes:
    """Out of zlib's envelope, or without one, as some servers have always sent what they call deflate."""
    unpacker = zlib.decompressobj()
    try:
        inflated = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        inflated = unpacker.decompress(data, MOST_BYTES + 1)
    if len(inflated) <= MOST_BYTES and not unpacker.eof:
        raise EOFError("IncompleteRead")
    return inflated


def main() -> None:
    """Reads the question, writes the file."""
    seconds = float(sys.argv[1])
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)  # SIGALRM ends it, though whoever asked has gone
    question = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(fetched(question["address"], question["credentials"], math.ceil(seconds)))
    except Failed as failed:
        _end(failed)


def _end(failed: Failed) -> NoReturn:
    json.dump({"why": failed.why, "detail": failed.detail}, sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
