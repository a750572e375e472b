"""The bench's page, as a browser asks for it, and as somebody else's page would."""

import http.client
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.demo.event_stream import MOST_SUBSCRIBERS, EventStream
from server.demo.inbox import Order, Present, Switch
from server.demo.page import Login, PageServer, make_page, ring_points
from tests.patience import PATIENCE_S

LOGIN = Login("http://127.0.0.1:9/", "camille", "k7mw-x2pd-9hqa-c4tz")


@pytest.fixture
def orders() -> list[Order]:
    return []


@pytest.fixture
def events() -> EventStream:
    return EventStream()


@pytest.fixture
def client(orders: list[Order], events: EventStream) -> FlaskClient:
    return make_page(events, orders.append, LOGIN).test_client()


def test_the_page_has_every_unit_badge_and_the_way_to_the_dashboard(client: FlaskClient):
    page = client.get("/").text
    for text in (
        "Porte avant",
        "Porte arrière",
        "Comptoir",
        "Cabine d&#39;appel",
        "Claire Fontaine",
        "Badge neuf",
        "Téléphone",
        LOGIN.address,
        LOGIN.password,
    ):
        assert text in page


@pytest.mark.parametrize(
    ("asked", "accepts", "language"),
    [
        ("", "", "fr"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "de", "fr"),
        ("?lang=fr", "en", "fr"),
        ("?lang=en", "fr", "en"),
    ],
)
def test_french_comes_first_and_the_browser_or_the_visitor_decides(
    client: FlaskClient, asked: str, accepts: str, language: str
):
    page = client.get(f"/{asked}", headers={"Accept-Language": accepts}).text
    assert f'<html lang="{language}">' in page


def test_nothing_of_the_page_runs_or_loads_from_elsewhere(client: FlaskClient):
    answer = client.get("/")
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text and " onclick=" not in answer.text
    assert answer.text.count("<script") == 2
    assert '<script type="application/json"' in answer.text


def test_an_order_is_handed_on(client: FlaskClient, orders: list[Order]):
    assert (
        client.post("/orders", json={"do": "present", "badge": "leo", "unit": "comptoir", "side": "entry"}).status_code
        == 202
    )
    assert (
        client.post("/orders", json={"do": "switch", "unit": "comptoir", "what": "power", "on": False}).status_code
        == 202
    )
    assert orders == [Present("leo", "comptoir", "entry"), Switch("comptoir", "power", False)]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"do": "dance"},
        {"do": "rex"},
        {"do": "rex", "unit": "cellar"},
        {"do": "rex", "unit": "porte-avant", "more": 1},
        {"do": "present", "badge": "nobody", "unit": "porte-avant", "side": "entry"},
        {"do": "present", "badge": "leo", "unit": "porte-avant", "side": "exit"},
        {"do": "push", "unit": "porte-avant", "how": "gently"},
        {"do": "run", "what": "init", "on": False},
        {"do": "rex", "unit": "comptoir"},
        {"do": "turn", "unit": "porte-avant", "steps": 1},
        {"do": "turn", "unit": "salle-atelier", "steps": 2},
        {"do": "switch", "unit": "salle-atelier", "what": "fire", "on": True},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(client: FlaskClient, orders: list[Order], body: Any):
    assert client.post("/orders", json=body).status_code == 400
    assert orders == []


def test_an_order_of_the_wrong_kind_or_size_is_refused(client: FlaskClient, orders: list[Order]):
    order = json.dumps({"do": "rex", "unit": "porte-avant"})
    assert client.post("/orders", data=order, content_type="text/plain").status_code == 415
    assert client.post("/orders", data=" " * 5_000 + order, content_type="application/json").status_code == 413
    assert orders == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8081", "127.0.0.1.evil.example:80", "192.0.2.1:8081"])
def test_under_another_name_nobody_is_answered(client: FlaskClient, host: str):
    assert client.get("/", headers={"Host": host}).status_code == 403


def test_when_every_seat_is_taken_the_next_is_asked_to_wait(client: FlaskClient, events: EventStream):
    seats = [events.join() for _ in range(MOST_SUBSCRIBERS)]
    answer = client.get("/stream")
    assert (answer.status_code, answer.headers["Retry-After"], len(seats)) == (503, "5", MOST_SUBSCRIBERS)


def test_the_stream_goes_out_as_things_change_and_ends_with_the_demo(events: EventStream):
    server = PageServer(make_page(events, lambda order: None, LOGIN), 0)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    connection.request("GET", "/stream")
    answer = connection.getresponse()
    assert answer.getheader("Content-Type") == "text/event-stream; charset=utf-8"
    assert answer.readline() == b"retry: 1000\n"
    events.show("house", "house", b"{}")
    assert [answer.readline() for _ in range(3)][1:] == [b"event: house\n", b"data: {}\n"]
    events.end()
    assert answer.read().endswith(b"event: over\ndata: {}\n\n")
    server.stop()


def test_the_first_led_is_at_the_top_and_they_go_clockwise():
    assert ring_points(4, radius=10, middle=0) == [(0, -10), (10, 0), (0, 10), (-10, 0)]
