"""The bench as a web page: a small application of its own, for this machine alone.

Nothing of it asks who is there; so that no other page of a visitor's browser can work the bench, it answers under this
machine's own names only, and takes orders as JSON only, which a foreign page may not send (Fetch standard, 3.2).
"""

import logging
import socket
from collections.abc import Callable, Iterator
from math import cos, pi, sin
from threading import Thread
from typing import Any, cast

import msgspec
import waitress
from flask import Flask, Response, abort, render_template, request
from waitress.server import BaseWSGIServer

from device.contract.messages import UnitKind
from server.demo.event_stream import MOST_SUBSCRIBERS, EventStream, Frame, Subscriber
from server.demo.fixtures import BADGES, PLACE, UNITS, DemoUnit
from server.demo.inbox import Order, Present, PressDial, Switch, Turn
from server.demo.page_words import page_words
from server.demo.ports import LOOPBACK
from server.demo.texts import both
from server.demo.views import Switchable
from server.i18n.catalogue import languages
from server.i18n.formats import own_name

OWN_NAMES = ("127.0.0.1", "localhost")
SILENCE_S = 15.0
"""After so long a comment goes out, by which a page that went away is noticed."""
MOST_BYTES = 4096
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_ORDERS = msgspec.json.Decoder(cast(Any, Order))


class Login(msgspec.Struct, frozen=True):
    """Where the dashboard is, and how to get in."""

    address: str
    name: str
    password: str


def make_page(events: EventStream, put: Callable[[Order], None], login: Login) -> Flask:
    """The application; `put` takes an order, which is carried out a little later."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.before_request
    def _at_home() -> None:
        if request.host.partition(":")[0] not in OWN_NAMES:
            abort(403)

    @app.after_request
    def _strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-cache")
        return response

    @app.get("/")
    def bench() -> str:
        language = _language()
        return render_template(
            "bench.html",
            language=language,
            languages=languages(),
            own_name=own_name,
            say=lambda text, **fields: both(text, **fields)[language],
            units=[unit for unit in UNITS if unit.kind != "room"],
            rooms=[unit for unit in UNITS if unit.kind == "room"],
            switches=switches,
            badges=BADGES,
            place=PLACE,
            login=login,
            words=page_words(language),
            ring_points=ring_points,
        )

    @app.get("/stream")
    def stream() -> Response:
        subscriber = events.join(_last_line())
        if subscriber is None:
            return Response("too many pages are open\n", 503, {"Retry-After": "5"})
        return Response(
            _frames(events, subscriber), mimetype="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    @app.post("/orders")
    def orders() -> tuple[str, int]:
        if request.mimetype != "application/json":
            abort(415)
        try:
            order = _ORDERS.decode(request.get_data())
        except msgspec.MsgspecError as fault:
            return f"{fault}\n", 400
        if not _makes_sense(order):
            return "there is no such thing on the bench\n", 400
        put(order)
        return "", 202

    return app


class PageServer:
    """Serves the page at an address of this machine; raises `OSError` where the port is taken."""

    def __init__(self, app: Flask, port: int) -> None:
        self._socket = socket.create_server((LOOPBACK, port))
        self.port = int(self._socket.getsockname()[1])
        self._server: BaseWSGIServer = waitress.create_server(
            app, sockets=[self._socket], threads=MOST_SUBSCRIBERS + 6, ident=None, clear_untrusted_proxy_headers=True
        )
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._thread = Thread(target=self._server.run, name="page", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ends; the streams must have ended before."""
        self._server.task_dispatcher.shutdown(timeout=1)
        self._server.trigger.pull_trigger(self._close)
        if self._thread.is_alive():
            self._thread.join(timeout=1)
        self._socket.close()

    def _close(self) -> None:
        """On the server's own thread, which would stumble over a socket that another one closes."""
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        self._server.close()


def ring_points(leds: int, radius: float = 42.0, middle: float = 60.0) -> list[tuple[float, float]]:
    """Where the LEDs of a ring are drawn: the first at the top, then clockwise."""
    turns = [nth / leds * 2 * pi for nth in range(leds)]
    return [(round(middle + radius * sin(turn), 2), round(middle - radius * cos(turn), 2)) for turn in turns]


def _frames(events: EventStream, subscriber: Subscriber) -> Iterator[Frame]:
    try:
        yield b"retry: 1000\n\n"
        while not subscriber.is_over:
            frames = subscriber.wait(SILENCE_S)
            yield b"".join(frames) or b": still here\n\n"
        yield b"event: over\ndata: {}\n\n"
    finally:
        events.leave(subscriber)


def _last_line() -> int:
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _language() -> str:
    asked = request.args.get("lang") or request.accept_languages.best_match(languages())
    return asked if asked in languages() else languages()[0]


def _makes_sense(order: Order) -> bool:
    """Whether what the order names is there."""
    name = getattr(order, "unit", None)
    if name is None:
        return True
    unit = next((unit for unit in UNITS if unit.name == name), None)
    if unit is None:
        return False
    match order:
        case Present(badge, _, side):
            return side in unit.sides and any(each.id == badge for each in BADGES)
        case Switch(_, what):
            return what in switches(unit)
        case Turn() | PressDial():
            return unit.kind == "room"
    return unit.kind == "door"


def switches(unit: DemoUnit) -> tuple[Switchable, ...]:
    """What may go wrong at a unit."""
    everywhere: tuple[Switchable, ...] = ("network", "power")
    more: dict[UnitKind, tuple[Switchable, ...]] = {
        "door": ("reader", "fire", "tamper"),
        "desk": ("reader",),
        "room": (),
    }
    return everywhere + more[unit.kind]
