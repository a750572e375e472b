"""The web for real, through waitress: live pages, a thousand of them, and a clean end."""

import resource
import socket
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection
from threading import enumerate as all_threads

import msgspec
import pytest

from server.web import streams
from server.web.serving import WebServer
from tests.patience import PATIENCE_S, wait_until
from tests.web_house import WebHouse

STREAM = b"GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(autouse=True)
def _many_files() -> None:
    """Both ends of each stream are in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4_096)), hard))


@pytest.fixture
def server(house: WebHouse) -> Iterator[WebServer]:
    server = WebServer(house.app, msgspec.structs.replace(house.settings.web, per_address=1_000))
    server.start()
    yield server
    server.stop()


def get(server: WebServer, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def open_stream(server: WebServer) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
    opened.sendall(STREAM)
    return opened


def status_of(opened: socket.socket) -> int:
    return int(opened.recv(1_024)[9:12])


def test_a_change_reaches_an_open_page_at_once(
    house: WebHouse, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOK_S", 10 * PATIENCE_S)  # what waits for the next look comes too late
    stream = open_stream(server)
    seen = b""
    while b"event: hours" not in seen:
        seen += stream.recv(65_536)
    house.feed.publish("occupancy", b'{"present":17}')
    while b'{"present":17}' not in seen:
        seen += stream.recv(65_536)
    stream.close()
    house.feed.publish("occupancy")  # wakes the thread, which sees that its page is gone


def test_a_thousand_open_streams_are_survived(house: WebHouse, server: WebServer) -> None:
    opened = [open_stream(server) for _ in range(1_000)]
    answers = Counter(map(status_of, opened))
    assert answers == {200: 12, 503: 988}
    assert get(server, "/healthz")[0] == 200
    assert get(server, "/login")[0] == 200
    for stream in opened:
        stream.close()


def test_a_page_that_is_gone_gives_its_seat_back(house: WebHouse, server: WebServer) -> None:
    for stream in [open_stream(server) for _ in range(12)]:
        assert status_of(stream) == 200
        stream.close()

    def is_seated() -> bool:
        with open_stream(server) as stream:
            return status_of(stream) == 200

    wait_until(is_seated)


def test_more_idle_connections_than_there_may_be_keep_nobody_out_for_long(house: WebHouse, server: WebServer) -> None:
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    assert get(server, "/healthz")[0] == 200
    for each in idle:
        each.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff" * 100 + b"\r\n\r\n",
        b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /static/../app.py HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: poincon=forged.forged.forged\r\n\r\n",
    ],
)
def test_nonsense_is_answered_and_nothing_falls_over(house: WebHouse, server: WebServer, sent: bytes) -> None:
    assert int(answer_to(server, sent)[9:12] or b"400") in (303, 400, 404, 413, 414, 431)
    assert get(server, "/healthz")[0] == 200


def answer_to(server: WebServer, sent: bytes) -> bytes:
    """How the answer begins; nothing where the server has hung up, as it may on who talks nonsense for long."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
        try:
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            return client.recv(1_024)
        except TimeoutError:
            raise
        except OSError:
            return b""


def test_no_thread_outlives_the_server(house: WebHouse) -> None:
    before = set(all_threads())
    server = WebServer(house.app, house.settings.web)
    server.start()
    stream = open_stream(server)
    assert status_of(stream) == 200
    server.stop()
    stream.close()
    wait_until(lambda: set(all_threads()) <= before, why=lambda: set(all_threads()) - before)
