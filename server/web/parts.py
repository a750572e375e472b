"""Parts of a page that are fetched again when they change."""

import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

import msgspec
from flask import Response

from server.publishing.changes import Change, Topic
from server.web.access import login_ends_at
from server.web.place import the_place
from server.web.reading import look_again
from server.web.streams import Event, event, stream

_FORM_KEYS = re.compile(r'name="(form_id|csrf_token)" value="[^"]*"')


def digest(html: str) -> str:
    """What tells a part from itself when something changed; each form has a number of its own, which is no change."""
    return sha256(_FORM_KEYS.sub("", html).encode()).hexdigest()[:12]


def live_parts(changed_by: Mapping[Topic, tuple[str, ...]], rendered: Callable[[], Mapping[str, str]]) -> Response:
    """Which parts changed, until the login is over; at first how each is, so that a page sees what it missed."""
    place, ends_at = the_place(), login_ends_at()

    def first() -> Iterator[Event]:
        look_again()
        yield event("parts", msgspec.json.encode({name: digest(html) for name, html in rendered().items()}))

    def told(ring: Change) -> Iterator[Event]:
        yield event("changed", msgspec.json.encode(changed_by[ring.topic]))

    return stream(place.feed, changed_by, first, told, desk=True, goes_on=lambda: place.now() < ends_at)
