"""The web's connections under people who mean ill: slow ones, many, large ones; on a clock that the test moves."""

import resource
import socket
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path

import msgspec
import pytest

from server.site.connection_settings import WebSettings
from server.web.access import open_to_all
from server.web.bodies import LARGEST, SMALL
from server.web.connections import (
    BEHIND_S,
    BODY_S,
    CONNECTIONS,
    HEADER_S,
    IDLE_S,
    LOOK_S,
    SLOWEST,
    UPLOAD_S,
    group_of,
)
from server.web.serving import WebServer
from tests.patience import PATIENCE_S, eventually, wait_until
from tests.web_house import WebHouse

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
STREAM = b"GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"
FORM = b"POST /login HTTP/1.1\r\nHost: localhost\r\n%s\r\n\r\n"
CUT_OFF = b""


class Served:
    """A web on a clock of its own, and clients from whatever address of this machine."""

    def __init__(self, house: WebHouse, per_address: int) -> None:
        self.house, self.now_s = house, 0.0
        settings = msgspec.structs.replace(house.settings.web, per_address=per_address)
        self.web = WebServer(house.app, settings, monotonic_s=lambda: self.now_s)
        self._clients: list[socket.socket] = []
        self.web.start()

    def client(self, sends: bytes = b"", source: str = "127.0.0.2") -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.web.port), PATIENCE_S, (source, 0))
        self._clients.append(opened)
        opened.sendall(sends)
        return opened

    def upload(self, length: int, cookie: str, path: str = "/members/import") -> socket.socket:
        """The header of a form that says how long it is."""
        return self.client(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Cookie: poincon={cookie}\r\nContent-Length: {length}\r\n\r\n".encode()
        )

    def close(self) -> None:
        for each in self._clients:
            each.close()
        self.web.stop()


@pytest.fixture
def served(house: WebHouse) -> Iterator[Served]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4_096)), hard))
    made = Served(house, per_address=60)
    yield made
    made.close()


def answer(client: socket.socket) -> bytes:
    """The first of what comes: an answer's beginning, or nothing where the connection was ended."""
    try:
        return client.recv(65_536)
    except ConnectionError:
        return CUT_OFF


def status(client: socket.socket) -> int:
    return int(answer(client)[9:12] or b"0")


def ends(client: socket.socket, meanwhile: Callable[[], None] = lambda: None) -> bool:
    """Whether the connection is ended from the other side."""
    client.settimeout(0.05)

    def has_ended() -> bool:
        meanwhile()
        try:
            return client.recv(65_536) == CUT_OFF
        except TimeoutError:
            return False
        except ConnectionError:
            return True

    return eventually(has_ended)


@pytest.mark.parametrize(
    ("sent", "rest", "patience_s"),
    [
        (b"", HEALTH, IDLE_S),
        (HEALTH[:20], HEALTH[20:], HEADER_S),
        (FORM % b"Content-Length: 9" + b"name=", b"abcd", BODY_S),
        (FORM % b"Transfer-Encoding: chunked" + b"5\r\nname=\r\n", b"0\r\n\r\n", BODY_S),
    ],
)
def test_a_client_has_so_long_to_say_what_it_wants(served: Served, sent: bytes, rest: bytes, patience_s: float) -> None:
    in_time, late = served.client(sent), served.client(sent)
    assert status(served.client(HEALTH)) == 200  # both are there
    served.now_s += patience_s - 0.1
    assert status(served.client(HEALTH)) == 200
    in_time.sendall(rest)
    assert status(in_time) in (200, 400)
    served.now_s += LOOK_S + 0.2
    assert ends(late)


def test_a_byte_now_and_then_does_not_help(served: Served) -> None:
    client = served.client(b"GET / HTTP/1.1\r\n")
    assert status(served.client(HEALTH)) == 200

    def drip() -> None:
        client.sendall(b"X")
        served.now_s += 1

    assert ends(client, drip)
    assert served.now_s >= HEADER_S


def test_a_page_that_lives_is_left_alone_while_it_is_read(served: Served) -> None:
    stream = served.client(STREAM)
    assert status(stream) == 200
    for _ in range(3):
        served.now_s += 1_000
        silent = served.client()
        assert status(served.client(HEALTH)) == 200
        served.now_s += IDLE_S + 1
        assert ends(silent)  # so it was looked at who is overdue
    served.house.feed.publish("occupancy", b'{"present":17}')
    seen = b""
    while b'{"present":17}' not in seen:
        seen += answer(stream)


def test_who_does_not_read_what_they_asked_for_is_cut_off(served: Served) -> None:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.connect(("127.0.0.1", served.web.port))
    deaf.sendall(STREAM)
    assert status(served.client(HEALTH)) == 200
    stuck = next(each for each in served.web.connections if each.addr[1] == deaf.getsockname()[1])

    def is_given_up() -> bool:
        served.house.feed.publish("occupancy", b'{"present":%s}' % (b"1" * 100_000))
        served.now_s += BEHIND_S / 10
        return not stuck.connected

    wait_until(is_given_up)
    deaf.close()


def test_a_long_answer_may_take_as_long_as_a_slow_network_makes_it(house: WebHouse) -> None:
    length = 2 * SLOWEST * int(BEHIND_S)
    house.app.add_url_rule("/long", "long", open_to_all(lambda: bytes(length)))
    served = Served(house, per_address=60)
    slow = served.client(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert status(slow) == 200
    [known] = [each for each in served.web.connections if each.addr[1] == slow.getsockname()[1]]
    wait_until(lambda: known.total_outbufs_len > length / 2)
    assert not known.is_overdue(served.now_s)
    assert not known.is_overdue(served.now_s + BEHIND_S * 1.5)
    assert known.is_overdue(served.now_s + BEHIND_S * 2.5)
    served.close()


def test_an_address_has_so_many_connections_and_another_is_not_hurt(served: Served) -> None:
    many = [served.client(source="127.0.0.9") for _ in range(60)]
    assert ends(served.client(source="127.0.0.9"))
    assert status(served.client(HEALTH, source="127.0.0.10")) == 200
    many[0].sendall(HEALTH)
    assert status(many[0]) == 200


def test_a_thousand_slow_clients_keep_nobody_out(served: Served) -> None:
    streams = [served.client(STREAM) for _ in range(10)]
    assert [status(stream) for stream in streams] == [200] * 10
    early = served.client(HEALTH[:20], "127.0.8.8")  # of all that are waited for, the one that waits longest
    sources = (f"127.0.{net}.{host}" for net, host in product(range(1, 5), range(1, 7)))
    slow = [served.client(b"GET /", source) for source in sources for _ in range(50)]
    slow += [served.client(b"GET /", "127.0.0.2") for _ in range(50)]  # as many as those have, beside the live pages
    assert len(slow) > CONNECTIONS
    for _ in range(20):
        assert status(served.client(HEALTH, "127.0.9.9")) == 200
    assert len(served.web.connections) <= CONNECTIONS
    early.sendall(HEALTH[20:])
    assert status(early) == 200
    served.house.feed.publish("occupancy", b'{"present":17}')
    for stream in streams:
        seen = b""
        while b'{"present":17}' not in seen:
            more = answer(stream)
            assert more != CUT_OFF
            seen += more


@pytest.mark.parametrize("length", [SMALL + 1, LARGEST, 10**9, 10**15])
@pytest.mark.parametrize("path", ["/login", "/members/import", "/nowhere", "/presence/one-more"])
def test_a_stranger_is_refused_by_what_they_announce(served: Served, path: str, length: int) -> None:
    assert status(served.upload(length, "", path)) == 413  # before any of it is sent


def test_nonsense_for_a_name_is_no_way_around(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    big = b"POST /members/import HTTP/1.1\r\nHost: %s\r\nContent-Length: 1000000\r\n\r\n"
    for host in (b"a" * 300, b"[::1", b"..", b"\xff"):
        assert status(served.client(big % host)) == 413
    assert caplog.records == []


def test_a_proxy_with_https_speaks_for_everybody_and_is_believed_who_asks(tls_house: WebHouse) -> None:
    tls_house.operator("Marie")
    served = Served(tls_house, per_address=4)
    proxied = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.%d\r\n\r\n"
    through = [served.client(proxied % number, source="127.0.0.1") for number in range(20)]
    assert [status(each) for each in through] == [200] * 20
    direct = [served.client(source="127.0.0.2") for _ in range(4)]
    assert ends(served.client(source="127.0.0.2"))
    assert len(direct) == 4
    served.close()


def test_a_forged_login_sends_no_file(served: Served) -> None:
    assert status(served.upload(SMALL + 1, "eyJ0aWNrZXQiOiJ4In0.aaaaaa.bbbbbbbbbbb")) == 413


def test_who_may_not_see_a_page_sends_it_no_file(served: Served) -> None:
    served.house.operator("Nina", role="concierge")
    assert status(served.upload(SMALL + 1, served.house.desk("Nina").cookie)) == 413


def test_nobody_sends_more_than_a_form_where_no_file_is_asked_for(served: Served) -> None:
    served.house.operator("Marie")
    assert status(served.upload(SMALL + 1, served.house.desk("Marie").cookie, "/presence/one-more")) == 413


@pytest.mark.parametrize(
    ("length", "told"), [(SMALL + 1, b"422"), (LARGEST, b"422"), (LARGEST + 1, b"413"), (4 * LARGEST, b"413")]
)
def test_a_list_of_members_is_taken_from_who_may_send_it(served: Served, length: int, told: bytes) -> None:
    served.house.operator("Marie")
    visitor = served.house.desk("Marie")
    visitor.get("/members/import")
    field = f"csrf_token={visitor.token}&text=".encode()
    client = served.upload(length, visitor.cookie)
    client.sendall(field + b"x" * (length - len(field)))
    page = b""
    while b"</html>" not in page:
        more = answer(client)
        assert more != CUT_OFF
        page += more
    assert page[9:12] == told
    assert (b"Trop gros" in page) == (told == b"413")


def test_a_file_that_comes_slowly_has_longer(served: Served) -> None:
    served.house.operator("Marie")
    client = served.upload(LARGEST, served.house.desk("Marie").cookie)
    client.sendall(b"x")
    assert status(served.client(HEALTH)) == 200
    served.now_s += UPLOAD_S - 1
    silent = served.client(b"GET /")
    assert status(served.client(HEALTH)) == 200
    served.now_s += 2
    assert ends(client)
    assert status(served.client(HEALTH)) == 200
    served.now_s += HEADER_S
    assert ends(silent)


def test_what_comes_in_pieces_is_bounded_as_well(served: Served) -> None:
    served.house.operator("Marie")
    cookie = served.house.desk("Marie").cookie
    client = served.client(
        f"POST /members/import HTTP/1.1\r\nHost: localhost\r\nCookie: poincon={cookie}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n".encode()
    )
    for _ in islice(range(10**6), 2 * SMALL // 1_024):
        try:
            client.sendall(b"400\r\n" + b"x" * 1_024 + b"\r\n")
        except ConnectionError:
            break
    assert answer(client)[9:12] in (b"413", b"")


def test_the_application_itself_reads_no_more_than_that(house: WebHouse) -> None:
    visitor = house.visitor()
    assert visitor.post("/login", name="x" * SMALL).status_code == 413
    house.operator("Marie")
    assert house.desk("Marie").post("/members/import", text="x" * 1_000_000).status_code == 422


def test_the_figures_are_those_that_are_told() -> None:
    told = " ".join((Path(__file__).parents[3] / "SECURITY.md").read_text().split())
    assert f"{HEADER_S:.0f} s for its header and {BODY_S:.0f} s in all, an answer {BEHIND_S:.0f} s to be read" in told
    assert f"an address has {WebSettings().per_address} connections" in told
    assert f"of more than {CONNECTIONS}, those" in told
    assert f"{SMALL // 1024} KiB; more is refused" in told


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::", "2001:0db8:0001:0002"),
        ("fe80::1%eth0", "fe80:0000:0000:0000"),
        ("a name", "a name"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(address: str, group: str) -> None:
    assert group_of(address) == group


def test_a_name_with_two_addresses_is_listened_to_at_both(house: WebHouse) -> None:
    web = WebServer(house.app, msgspec.structs.replace(house.settings.web, host="localhost"))
    web.start()
    with socket.create_connection(("127.0.0.1", web.port), PATIENCE_S) as client:
        client.sendall(HEALTH)
        assert status(client) == 200
    web.stop()
