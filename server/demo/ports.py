"""Ports of this machine that nobody uses, for the processes of the demo.

They lie below those that the system gives to outgoing connections: a client that keeps trying a closed port of that
range is some day given the very same port as its own, and is then connected to itself (RFC 9293, 3.5).
"""

import random
import socket
from pathlib import Path

LOWEST = 11_000
"""Above the last port that browsers refuse (10080, https://fetch.spec.whatwg.org/#bad-port)."""
EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
EPHEMERAL_LOWEST = 32_768
"""Linux's default, where it cannot be read."""
LOOPBACK = "127.0.0.1"


class Ports:
    """Gives each port away once."""

    def __init__(self, source: random.Random) -> None:
        highest = _ephemeral_lowest() - 2
        self._untried: list[int] = source.sample(range(LOWEST, highest, 2), k=1_000)

    def tcp(self) -> int:
        """A port to listen at on this machine alone."""
        return self._next(socket.SOCK_STREAM, LOOPBACK)

    def readers(self) -> int:
        """The first of two UDP ports that follow each other, for the readers of a simulated unit."""
        return self._next(socket.SOCK_DGRAM, "", width=2)

    def _next(self, kind: socket.SocketKind, host: str, width: int = 1) -> int:
        while True:
            port = self._untried.pop()
            if all(is_free(kind, host, port + offset) for offset in range(width)):
                return port


def is_free(kind: socket.SocketKind, host: str, port: int) -> bool:
    """Whether nobody is bound to it."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server here does
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        return caller.connect_ex((LOOPBACK, port)) == 0


def _ephemeral_lowest() -> int:
    try:
        return max(int(EPHEMERAL.read_text().split()[0]), LOWEST + 3_000)
    except (OSError, ValueError, IndexError):
        return EPHEMERAL_LOWEST
