"""Under which names the desk answers: its own, and those that it was told."""

import logging

import msgspec
import pytest

from server.site.connection_settings import BrokerSettings, WebSettings
from server.site.settings import ServerSettings
from server.web.hosts import Hosts, of_this_machine
from tests.web_house import WebHouse

SETTINGS = ServerSettings(
    web=WebSettings(hosts=["Comptoir.example.org"]),
    broker=BrokerSettings(host="salle.example.org", port=8883, tls=True),
)


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> Hosts:
    monkeypatch.setattr("socket.gethostname", lambda: "Accueil.maison.example")
    return of_this_machine(SETTINGS)


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080", "127.8.9.1", "[::1]:8080", "desk.localhost"),
        *("192.168.1.7:8080", "10.0.0.1", "[fe80::1]:8080", "[2001:db8::7]"),
        *("poincon.local", "poincon.local:8080", "POINCON.LOCAL", "poincon-2.local", "poincon", "poincon.lan"),
        *("accueil", "accueil.local:8080", "accueil.lan", "accueil.home", "accueil.home.arpa", "accueil-3.local"),
        *("accueil.maison.example", "comptoir.example.org", "COMPTOIR.example.org:443", "comptoir.example.org."),
        "salle.example.org:8080",
    ],
)
def test_it_answers_to_this_machines_names_and_addresses(hosts: Hosts, host: str) -> None:
    assert host in hosts


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "evil.example", "evil.example:8080", "localhost.evil.example", "evil.local", "poincon.evil.example"),
        *(
            "accueil.com",
            "accueil.evil.local",
            "poincon-evil.local",
            "notlocalhost",
            "comptoir.example.org.evil.example",
        ),
        *("a" * 300, "a." * 150, "localhost:port", "localhost:8080:9", "localhost:123456", "[::1", "::1]", "[evil]"),
        *(
            "local host",
            "localhost\x00",
            "localhost/",
            "user@localhost",
            "localhost#",
            "ｌocalhost",
            "127.0.0.1.evil.ex",
        ),
    ],
)
def test_it_answers_to_no_other(hosts: Hosts, host: str) -> None:
    assert host not in hosts


def test_a_place_may_leave_it_to_its_proxy() -> None:
    every = of_this_machine(msgspec.structs.replace(SETTINGS, web=WebSettings(hosts=["*"])))
    assert "whatever.example" in every
    assert "a" * 300 not in every


@pytest.mark.parametrize("host", ["evil.example", "a" * 300, "é" * 60, "[::1", "a..b", "<script>alert(1)</script>"])
@pytest.mark.parametrize(
    "path", ["/", "/login", "/display", "/api/occupancy", "/static/desk.css", "/nowhere", "/metrics"]
)
def test_under_another_name_there_is_one_calm_page(
    house: WebHouse, caplog: pytest.LogCaptureFixture, host: str, path: str
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = house.app.test_client().get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "Ce nom n&#39;est pas le mien" in answer.text
    assert "<script>alert" not in answer.text
    assert answer.headers["Content-Security-Policy"]
    assert caplog.records == []


def test_without_a_name_nothing_is_told(house: WebHouse) -> None:
    assert house.app.test_client().get("/login", headers={"Host": ""}).status_code == 400


def test_a_page_under_another_name_sees_nothing_of_the_desk(house: WebHouse) -> None:
    house.operator("Marie")
    desk = house.desk("Marie")
    house.member("Aline")
    answer = desk.get("/members/", Host="evil.example")
    assert answer.status_code == 400
    assert "Aline" not in answer.text
    assert desk.post("/presence/one-more", {"Host": "evil.example"}).status_code == 400
