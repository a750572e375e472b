"""Under which names the web answers: this machine's, and those that the settings add.

A page of somebody else whose name leads here (DNS rebinding) would be of one origin with the desk, and could read what
it shows. An address in figures cannot be rebound: each is taken. So are the names that a home router or mDNS gives to
this machine, which lead nowhere else.
"""

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from flask import Flask, Response, request

from server.site.connection_settings import is_loopback
from server.site.settings import ServerSettings
from server.web import errors
from server.web.texts import gettext as _

EVERY = "*"
"""In the settings: whatever the name. For a place whose proxy looks at names itself."""

LOCAL_SUFFIXES = ("local", "lan", "home", "home.arpa", "internal")
"""Of names that no public DNS has (RFC 6762, RFC 8375, and what ICANN keeps out of the root)."""
POINCON = "poincon"
"""The name that the server's card has."""

LONGEST = 260
_HOST = re.compile(r"(?P<name>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_NUMBERED = re.compile(r"(.+)-[0-9]{1,3}", re.ASCII)
"""How mDNS calls the second machine of one name."""

_UNKNOWN = "poincon.unknown_host"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Hosts:
    """The names that lead here; `known` are whole names, `machines` are first labels of local ones."""

    def __init__(self, known: Iterable[str], machines: Iterable[str]) -> None:
        self._known = {_plain(name) for name in known}
        self._machines = {_plain(name) for name in machines}

    def __contains__(self, host: str) -> bool:
        found = _HOST.fullmatch(host.lower()) if len(host) <= LONGEST else None
        if found is None:
            return False
        name = _plain(found["name"])
        return EVERY in self._known or name in self._known or _is_address(name) or self._is_local(name)

    def _is_local(self, name: str) -> bool:
        if is_loopback(name):
            return True
        first, _dot, suffix = name.partition(".")
        numbered = _NUMBERED.fullmatch(first)
        return (not suffix or suffix in LOCAL_SUFFIXES) and not self._machines.isdisjoint(
            {first, numbered[1] if numbered else first}
        )


def of_this_machine(settings: ServerSettings) -> Hosts:
    """The names by which a place of these settings is reached."""
    named = [host for host in (settings.web.host, settings.broker.host) if not _is_address(_plain(host))]
    own = socket.gethostname()
    return Hosts([*settings.web.hosts, *named, own], [POINCON, own.partition(".")[0]])


def know(app: Flask, hosts: Hosts) -> None:
    """Has `app` answer under those names only."""
    inner = app.wsgi_app

    def at_the_door(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if host not in hosts:  # whatever it is: nothing further in is to make sense of it
            environ[_UNKNOWN], environ["HTTP_HOST"] = host, "localhost"
        return inner(environ, start_response)

    app.wsgi_app = at_the_door  # type: ignore[method-assign]
    app.before_request(_turn_away)


def _turn_away() -> Response | None:
    if _UNKNOWN not in request.environ:
        return None
    return errors.page(
        400,
        _("That name is not mine"),
        _(
            "The desk does not answer under the name “%(host)s”. Use the server's address, or add "
            "that name to web.hosts in poincon.toml.",
            host=request.environ[_UNKNOWN][:60] or "?",
        ),
    )


def _plain(name: str) -> str:
    return name.lower().rstrip(".").removeprefix("[").removesuffix("]")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
