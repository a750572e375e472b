"""Connections of the web, bounded: how many, how many from one address, how long each may take, how much it may send.

waitress bounds their number alone, and stops accepting when it is reached: a thousand clients that send a byte now and
then would shut everybody out. Here each has so long to say what it wants; and where there are too many, those make room
that have let the server wait longest. What is being answered, live pages too, is left alone.
"""

import logging
from collections import Counter
from collections.abc import Callable
from copy import copy
from io import BytesIO
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from server.web.body_on_disk import AnnouncedBody, BodyOnDisk

log = logging.getLogger(__name__)

CONNECTIONS = 850
"""With the books' own files below 1,024, past which neither systemd's limit nor paho's select() goes."""
HEADER_S, BODY_S, UPLOAD_S = 10.0, 20.0, 120.0
"""How long a request may take from its first byte: its header, all of a small one, all of one that brings a file."""
SLOWEST = 256 * 1024
"""Bytes a second: a large upload may take as long as this makes it, and so may a large download."""
IDLE_S = 20.0
"""How long a connection on which nothing is asked for is kept."""
BEHIND_S = 60.0
"""How long an answer may wait for a client that does not read it."""
LOOK_S = 1.0
"""How often it is looked at who has taken too long."""
DISCARD_FACTOR = 16
"""An upload that is too long is read, and discarded, up to so many times its limit: a browser shows the answer only
then."""

Allowed = Callable[[dict[str, Any]], int]
"""How many bytes the request with that WSGI environment may send; asked for those that announce more than a little."""


def group_of(address: str) -> str:
    """What counts as one address: an IPv6 host has as many as it likes within its /64."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return found.exploded[:19]
    return str(found.ipv4_mapped or found) if isinstance(found, IPv6Address) else str(found)


class _Thrown(AnnouncedBody):
    """Takes a body and keeps nothing of it."""

    def getfile(self) -> BytesIO:
        """Nothing to read."""
        return BytesIO()

    getbuf = getfile


class _Request(HTTPRequestParser):  # type: ignore[misc]  # waitress is not typed
    """A request being read; what it announces is looked at before any of it is taken."""

    body_rcv: Any
    is_upload = False
    adj: Any
    path = ""  # waitress asks for it, to tell of who left; a request that could not be read has none

    def __init__(self, adj: Any, channel: "Connection") -> None:
        super().__init__(adj)
        self._channel = channel

    def parse_header(self, header_plus: bytes) -> None:
        """Also finds out how much may follow; what comes in pieces announces nothing, and is a small one."""
        super().parse_header(header_plus)
        if self.content_length < self.adj.max_request_body_size:
            return
        environ = self._channel.task_class(self._channel, self).get_environment()
        allowed = self._channel.server.allowed(environ)
        if allowed < self.adj.max_request_body_size:
            return
        self.is_upload = True
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = DISCARD_FACTOR * allowed
        if allowed < self.content_length < self.adj.max_request_body_size:
            self.body_rcv = _Thrown(self.content_length)  # the application refuses it by its announced length
        elif (folder := self._channel.server.spool) is not None and self.content_length >= self.adj.inbuf_overflow:
            self.body_rcv = BodyOnDisk(self.content_length, folder)


class Connection(HTTPChannel):  # type: ignore[misc]
    """One client; `overdue` says whether it has taken too long."""

    request: Any
    """What is being received; None between requests."""

    def __init__(self, server: "BoundedListener", sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        self.group = group_of(str(addr[0]))
        self.quiet_since_s = self._asked_since_s = server.monotonic_s()
        self._behind_since_s: float | None = None
        self._behind_by = 0
        self._timed: _Request | None = None
        super().__init__(server, sock, addr, adj, map)

    def parser_class(self, adj: Any) -> _Request:
        """A new request on this connection."""
        return _Request(adj, self)

    def received(self, data: bytes) -> bool:
        """What came, on the server's thread."""
        more = bool(super().received(data))
        if self.request is not self._timed:
            self._timed, self._asked_since_s = self.request, self.server.monotonic_s()
        return more

    def service(self) -> None:
        """Answers a request, on a thread of the pool."""
        super().service()
        self.quiet_since_s = self.server.monotonic_s()

    def handle_close(self) -> None:
        """The client left, or is sent away; what it had sent of a body is gone at once."""
        super().handle_close()
        if self.request is not None:
            self.request.close()
            self.request = None

    @property
    def is_waited_for(self) -> bool:
        """Whether nothing is being answered: it is the client's turn."""
        return not self.requests and not self.total_outbufs_len

    @property
    def waiting_since_s(self) -> float:
        """Since when it is the client's turn."""
        return self._asked_since_s if self.request is not None else self.quiet_since_s

    def is_overdue(self, now_s: float) -> bool:
        """Whether the client has taken longer than it may, to ask or to read what it was answered."""
        if self.is_waited_for:
            self._behind_since_s = None
            return now_s - self.waiting_since_s > self._patience_s()
        if not self.total_outbufs_len:
            self._behind_since_s = None
        elif self._behind_since_s is None:
            self._behind_since_s, self._behind_by = now_s, self.total_outbufs_len
        patience_s = max(BEHIND_S, self._behind_by / SLOWEST)
        return self._behind_since_s is not None and now_s - self._behind_since_s > patience_s

    def _patience_s(self) -> float:
        request = self.request
        if request is None:
            return IDLE_S
        if not request.headers_finished:
            return HEADER_S
        return max(UPLOAD_S, request.content_length / SLOWEST) if request.is_upload else BODY_S


class BoundedListener(TcpWSGIServer):  # type: ignore[misc]
    """Accepts connections at one address; several share a map, and with it the bounds.

    What is too large for the memory lies in the folder `spool` while it comes; None where nothing so large is taken.
    """

    channel_class = Connection

    def __init__(
        self, app: Any, allowed: Allowed, monotonic_s: Callable[[], float], spool: Path | None = None, **waitress: Any
    ) -> None:
        self.allowed, self.monotonic_s, self.spool = allowed, monotonic_s, spool
        super().__init__(app, **waitress)

    def maintenance(self, now: float) -> None:
        """Nothing: waitress waits for a stuck client to read before it closes its connection."""


class Bounds:
    """Holds all connections of `map` to their bounds; `look` is called between two rounds of the server's loop.

    `per_address` is how many one address may have; a proxy on this machine, at `proxy`, has one for everybody.
    """

    def __init__(
        self, map: dict[int, Any], per_address: int, monotonic_s: Callable[[], float], proxy: str | None = None
    ) -> None:
        self._map, self._per_address, self._monotonic_s, self._proxy = map, per_address, monotonic_s, proxy
        self._looked_at_s = monotonic_s()
        self._newest: Connection | None = None
        self._turned_away = 0

    @property
    def connections(self) -> list[Connection]:
        """All there are, the oldest first."""
        return [each for each in list(self._map.values()) if isinstance(each, Connection)]

    def look(self) -> None:
        """Turns away who is one too many; now and then also who is overdue."""
        connections = self.connections
        if connections and connections[-1] is not self._newest:
            self._newest = connections[-1]
            self._make_room(connections)
        now_s = self._monotonic_s()
        if now_s - self._looked_at_s >= LOOK_S:
            self._looked_at_s = now_s
            for each in connections:
                if each.is_overdue(now_s):
                    each.handle_close()
            self._tell()

    def _make_room(self, connections: list[Connection]) -> None:
        held = Counter(each.group for each in connections)
        for newest in reversed(connections):  # one listener accepts one in a round; there may be two
            if newest.group == self._proxy or held[newest.group] <= self._per_address:
                break
            held[newest.group] -= 1
            self._turn_away(newest)
        waited_for = [each for each in connections if each.is_waited_for and each.connected]
        waited_for.sort(key=lambda each: (-held[each.group], each.waiting_since_s))
        for each in waited_for[: max(0, held.total() - CONNECTIONS)]:
            self._turn_away(each)

    def _turn_away(self, connection: Connection) -> None:
        self._turned_away += 1
        connection.handle_close()

    def _tell(self) -> None:
        if self._turned_away:
            log.warning("connections turned away count=%d", self._turned_away)
            self._turned_away = 0
