"""The calendars of rooms: from files and addresses, read again when they change, kept when they cannot be read."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pytest_mock import MockerFixture

from device.contract.instant import Instant
from server import calendars as module
from server.calendars import FETCH_S, Calendars
from tests.server.test_ical import calendar

NOON = Instant.parse("2026-11-23T11:00:00.000Z")
AT_TWO = calendar("DTSTART:20261123T130000Z\nDURATION:PT1H")
AT_FOUR = calendar("DTSTART:20261123T150000Z\nDURATION:PT1H")


class Clock:
    """The wall clock and the monotonic one, both turned by hand."""

    def __init__(self) -> None:
        self.wall, self.now_s = NOON, 0.0

    def now(self) -> Instant:
        return self.wall

    def monotonic_s(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Callable[..., Calendars]:
    def make(**sources: str) -> Calendars:
        return Calendars(sources, tmp_path, "Europe/Paris", now=clock.now, monotonic_s=clock.monotonic_s)

    return make


class Address:
    """Somebody's server with a calendar on it, on this machine."""

    def __init__(self) -> None:
        self.answer, self.status, self.asked = AT_TWO, 200, 0
        address = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address.asked += 1
                self.send_response(address.status)
                self.end_headers()
                self.wfile.write(address.answer)

            def log_message(self, *words: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/room.ics"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def address() -> Iterator[Address]:
    made = Address()
    yield made
    made.close()


def hours(calendars: Calendars, room: str = "reunion") -> list[int]:
    """At which hours of UTC the room is booked."""
    return [booking.begins_at.hour for booking in calendars.bookings(room)]


def test_a_file_beside_the_settings_is_read(tmp_path: Path, made: Callable[..., Calendars]) -> None:
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics", atelier="")
    calendars.look()
    assert (hours(calendars), hours(calendars, "atelier"), hours(calendars, "cave")) == ([13], [], [])
    assert calendars.faults == {}


def test_a_file_that_changes_is_read_again_and_one_that_does_not_is_not_taken_apart_again(
    tmp_path: Path, made: Callable[..., Calendars], mocker: MockerFixture
) -> None:
    file = tmp_path / "room.ics"
    file.write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    taken_apart = mocker.spy(module, "_taken_apart")
    calendars.look()
    calendars.look()
    assert taken_apart.call_count == 1
    file.write_bytes(AT_FOUR)
    calendars.look()
    assert hours(calendars) == [15]


def test_the_next_day_is_read_though_nothing_changed(
    tmp_path: Path, made: Callable[..., Calendars], clock: Clock
) -> None:
    (tmp_path / "room.ics").write_bytes(calendar("DTSTART:20261126T130000Z\nDURATION:PT1H"))
    calendars = made(reunion="room.ics")
    calendars.look()
    assert hours(calendars) == []
    clock.wall = Instant.parse("2026-11-26T06:00:00.000Z")
    calendars.look()
    assert hours(calendars) == [13]


def test_an_address_is_asked_every_five_minutes(made: Callable[..., Calendars], address: Address, clock: Clock) -> None:
    calendars = made(reunion=address.url)
    for clock.now_s in (0, 10, FETCH_S - 1):
        calendars.look()
    assert (hours(calendars), address.asked) == ([13], 1)
    address.answer, clock.now_s = AT_FOUR, FETCH_S
    calendars.look()
    assert (hours(calendars), address.asked) == ([15], 2)


@pytest.mark.parametrize(
    ("status", "answer", "fault"),
    [
        (404, b"", "HTTP Error 404"),
        (200, b"<html>who are you?</html>", "ValueError"),
        (200, b"", "no calendar in it"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_known_is_kept(
    made: Callable[..., Calendars], address: Address, clock: Clock, status: int, answer: bytes, fault: str
) -> None:
    calendars = made(reunion=address.url)
    calendars.look()
    address.status, address.answer, clock.now_s = status, answer, FETCH_S
    calendars.look()
    assert hours(calendars) == [13]
    assert fault in calendars.faults["reunion"]
    address.status, address.answer, clock.now_s = 200, AT_FOUR, 2 * FETCH_S
    calendars.look()
    assert (hours(calendars), calendars.faults) == ([15], {})


@pytest.mark.parametrize(
    "where", ["nowhere.ics", "http://127.0.0.1:1/room.ics", "https://no such host/", "/", "http://[::1", "ftp://x/y"]
)
def test_a_calendar_that_is_not_there_is_a_fault_of_its_room_alone(
    tmp_path: Path, made: Callable[..., Calendars], where: str
) -> None:
    (tmp_path / "good.ics").write_bytes(AT_TWO)
    calendars = made(reunion=where, atelier="good.ics")
    calendars.look()
    assert list(calendars.faults) == ["reunion"]
    assert hours(calendars, "atelier") == [13]


def test_a_calendar_without_end_is_not_read_to_its_end(
    tmp_path: Path, made: Callable[..., Calendars], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.look()
    assert calendars.faults == {"reunion": "more than 100 bytes"}


def test_a_calendar_too_hard_to_read_is_given_up(
    tmp_path: Path, made: Callable[..., Calendars], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_S", 0.001)
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.look()
    assert "not read within" in calendars.faults["reunion"]


def test_calendars_are_read_while_the_server_runs_and_end_with_it(
    tmp_path: Path, made: Callable[..., Calendars]
) -> None:
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.start()
    calendars.stop()
    calendars.stop()
    made().start()
