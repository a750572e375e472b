"""Notices of what needs a hand, by a signed webhook and by ntfy. Off by default; no names, no badges in them.

A webhook gets JSON with `X-Poincon-Timestamp` and `X-Poincon-Signature: sha256=…`, the HMAC of the timestamp, a dot
and the body under the key in `secrets/notices.key`: whoever knows it can tell our notices, and old ones, from others.
"""

import hashlib
import hmac
import logging
import sqlite3
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import NamedTuple

import msgspec

from device.contract.errors import Refused
from device.contract.instant import Instant
from server.desk import machine_items as machines
from server.desk import people_items as people
from server.desk.attention import attention, of_server
from server.desk.attention_items import AttentionItem
from server.desk.context import ServerContext
from server.desk.item import Severity
from server.i18n.speech import PLACE
from server.integrations.notice_text import sentence
from server.store.database import Database

log = logging.getLogger(__name__)

LOOK_S = 5.0
TIMEOUT_S = 10.0
TRIES, PAUSE_S = 4, 2.0
"""A notice that cannot be sent is tried again after 2, 4 and 8 seconds, then given up."""


class Notice(NamedTuple):
    """One thing to be told; `key` tells it from every other."""

    key: str
    kind: str
    severity: Severity
    unit: str
    at: Instant
    text: str


class Letter(NamedTuple):
    """A POST on its way."""

    address: str
    body: bytes
    headers: dict[str, str]


Post = Callable[[Letter], None]
"""Sends a letter; raises `OSError` where it cannot."""


def post(letter: Letter) -> None:
    """Sends it over HTTP; `urllib.error.URLError` is an `OSError`."""
    request = urllib.request.Request(letter.address, letter.body, letter.headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        answer.read(1)


class Notifier:
    """Looks at what needs a hand, and tells what is new since the last look. What was there at the start is known."""

    def __init__(
        self,
        place: ServerContext,
        opened: Callable[[], Database],
        key: bytes,
        *,
        post: Post = post,
        stopping: Event | None = None,
    ) -> None:
        self._place, self._opened, self._key, self._post = place, opened, key, post
        self._stopping = stopping or Event()
        self._known: set[str] | None = None
        self._thread = Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; what was being sent is given up."""
        self._stopping.set()
        self._thread.join(TIMEOUT_S)

    def look(self) -> list[Notice]:
        """What is new since the last look."""
        found = {notice.key: notice for notice in notices(self._items(), self._place.now())}
        before, self._known = self._known, set(found)
        return [] if before is None else [notice for key, notice in found.items() if key not in before]

    def tell(self, notice: Notice) -> None:
        """Sends it wherever the settings say."""
        for letter in letters(self._place, notice, self._key):
            self._send(letter)

    def _send(self, letter: Letter) -> None:
        for nth in range(TRIES):
            try:
                self._post(letter)
                return
            except OSError as error:
                log.warning("a notice was not taken address=%s error=%s", letter.address, error)
            if self._stopping.wait(PAUSE_S * 2**nth):
                return

    def _items(self) -> list[AttentionItem]:
        try:
            with self._opened() as db:
                return attention(self._place, db)
        except (sqlite3.DatabaseError, Refused) as error:  # that the books cannot be read must be told all the same
            log.error("the books cannot be looked at error=%s", error)
            return list(of_server(self._place))

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            try:
                for notice in self.look():
                    self.tell(notice)
            except Exception:  # the thread goes on: the next look may do
                log.exception("no look at what needs a hand")


def notices(found: Iterable[AttentionItem], now: Instant) -> Iterable[Notice]:
    """What of these is told to people who are not at the desk; what has no moment of its own is told as of now."""
    for item in found:
        text = sentence(item, PLACE)
        if text is not None:
            unit, at = _origin(item)
            yield Notice(_key(item), item.kind, item.severity, unit, at or now, text)


def _origin(item: AttentionItem) -> tuple[str, Instant | None]:
    """The unit that it comes from, and when it was; neither of what the server itself found."""
    match item:
        case machines.FireAlarm(unit) | machines.ActiveAlarm(unit):
            return unit, None
        case machines.RecentAlarm(past):
            return past.unit, past.at
        case machines.SilentUnit(unit, heard_at):
            return unit, heard_at
        case (
            people.UnprovenBadge(badge)
            | people.DoorBehind(badge)
            | people.UnknownBadge(badge)
            | people.TelephoneShown(badge)
        ):
            return badge.unit, badge.at
    return "", None


def _key(item: AttentionItem) -> str:
    """What tells it from every other notice."""
    match item:
        case machines.ActiveAlarm(unit, alarm):
            return f"alarm:{unit}:{alarm}"
        case machines.FireAlarm(unit) | machines.SilentUnit(unit):
            return f"{item.kind}:{unit}"
        case people.UnknownBadge(badge):  # dismissed by its newest tap, it is one badge however often it is shown
            return f"unknown:{badge.unit}:{badge.credential}"
    return " ".join(item.keys) or item.kind


def letters(place: ServerContext, notice: Notice, key: bytes) -> Iterable[Letter]:
    """The notice as each of the places that the settings name takes it."""
    settings = place.settings
    if settings.notices.webhook:
        content = {"site": settings.site.id, "kind": notice.kind, "unit": notice.unit, "at": str(notice.at)}
        body = msgspec.json.encode(content | {"text": notice.text})
        yield Letter(settings.notices.webhook, body, _signed(body, key, place.now()))
    if settings.notices.ntfy:
        headers = {
            "Title": _header(settings.site.name),
            "Priority": "urgent" if notice.severity <= Severity.URGENT else "default",
            "Content-Type": "text/plain; charset=utf-8",
        }
        yield Letter(settings.notices.ntfy, notice.text.encode(), headers)


def _header(text: str) -> str:
    """A header's text: as it is in ASCII, else as RFC 2047 writes UTF-8, on one line; ntfy reads it since 2.4."""
    if text.isascii() and text.isprintable():
        return text
    return f"=?UTF-8?B?{b64encode(text.encode()).decode()}?="


def _signed(body: bytes, key: bytes, now: Instant) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    signature = hmac.new(key, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Poincon-Timestamp": timestamp,
        "X-Poincon-Signature": f"sha256={signature}",
    }
