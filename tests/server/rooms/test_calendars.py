"""The calendars of rooms: from files and addresses, read again when they change, kept when they cannot be read."""

import signal
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from device.contract.instant import Instant
from server.rooms import calendars as module
from server.rooms.calendars import FETCH_S, RoomCalendars
from tests.calendar_address import Address
from tests.live_place import eventually
from tests.server.rooms.test_ical import calendar

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
def made(tmp_path: Path, clock: Clock) -> Callable[..., RoomCalendars]:
    def make(credentials: dict[str, str] | None = None, answer_s: float = 20, **sources: str) -> RoomCalendars:
        return RoomCalendars(
            sources,
            tmp_path,
            "Europe/Paris",
            now=clock.now,
            monotonic_s=clock.monotonic_s,
            credentials=credentials,
            answer_s=answer_s,
        )

    return make


@pytest.fixture
def address() -> Iterator[Address]:
    made = Address(AT_TWO)
    yield made
    made.close()


def faults(calendars: RoomCalendars) -> dict[str, str]:
    """Why calendars cannot be read, by room."""
    return {report.room: report.fault.why for report in calendars.reports() if report.fault}


def hours(calendars: RoomCalendars, room: str = "reunion") -> list[int]:
    """At which hours of UTC the room is booked."""
    return [booking.begins_at.hour for booking in calendars.bookings(room)]


def test_a_file_beside_the_settings_is_read(tmp_path: Path, made: Callable[..., RoomCalendars]) -> None:
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics", atelier="")
    calendars.look()
    assert (hours(calendars), hours(calendars, "atelier"), hours(calendars, "cave")) == ([13], [], [])
    assert faults(calendars) == {}


def test_a_file_that_changes_is_read_again_and_one_that_does_not_is_not_taken_apart_again(
    tmp_path: Path, made: Callable[..., RoomCalendars], mocker: MockerFixture
) -> None:
    file = tmp_path / "room.ics"
    file.write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    taken_apart = mocker.spy(RoomCalendars, "_taken_apart")
    calendars.look()
    calendars.look()
    assert taken_apart.call_count == 1
    file.write_bytes(AT_FOUR)
    calendars.look()
    assert hours(calendars) == [15]


def test_the_next_day_is_read_though_nothing_changed(
    tmp_path: Path, made: Callable[..., RoomCalendars], clock: Clock
) -> None:
    (tmp_path / "room.ics").write_bytes(calendar("DTSTART:20261126T130000Z\nDURATION:PT1H"))
    calendars = made(reunion="room.ics")
    calendars.look()
    assert hours(calendars) == []
    clock.wall = Instant.parse("2026-11-26T06:00:00.000Z")
    calendars.look()
    assert hours(calendars) == [13]


def test_an_address_is_asked_every_five_minutes(
    made: Callable[..., RoomCalendars], address: Address, clock: Clock
) -> None:
    calendars = made(reunion=address.url)
    for clock.now_s in (0, 10, FETCH_S - 1):
        calendars.look()
    assert (hours(calendars), len(address.asked)) == ([13], 1)
    address.answer, clock.now_s = AT_FOUR, FETCH_S
    calendars.look()
    assert (hours(calendars), len(address.asked)) == ([15], 2)


@pytest.mark.parametrize(
    "where",
    ["nowhere.ics", "http://127.0.0.1:1/room.ics", "https://no such host/", "/", "http://[::1", "ftp://x/y", "\0"],
)
def test_a_calendar_that_is_not_there_is_a_fault_of_its_room_alone(
    tmp_path: Path, made: Callable[..., RoomCalendars], where: str
) -> None:
    (tmp_path / "good.ics").write_bytes(AT_TWO)
    calendars = made(reunion=where, atelier="good.ics")
    calendars.look()
    assert list(faults(calendars)) == ["reunion"]
    assert hours(calendars, "atelier") == [13]


def test_what_cannot_be_read_of_a_calendar_is_told_beside_what_can(
    tmp_path: Path, made: Callable[..., RoomCalendars]
) -> None:
    (tmp_path / "room.ics").write_bytes(
        calendar("SUMMARY:Quand\nDURATION:PT1H", "DTSTART:20261123T130000Z\nDURATION:PT1H")
    )
    calendars = made(reunion="room.ics")
    calendars.look()
    assert hours(calendars) == [13]
    [report] = calendars.reports()
    assert (report.where, report.fault, report.troubles) == ("room.ics", None, ((4, "Quand", "no_start"),))


def test_a_failure_is_remembered_until_the_file_changes(
    tmp_path: Path, made: Callable[..., RoomCalendars], mocker: MockerFixture
) -> None:
    file = tmp_path / "room.ics"
    file.write_bytes(b"hello")
    calendars = made(reunion="room.ics")
    taken_apart = mocker.spy(RoomCalendars, "_taken_apart")
    for _ in range(3):
        calendars.look()
        assert faults(calendars) == {"reunion": "no_calendar"}
    assert taken_apart.call_count == 1
    file.write_bytes(AT_TWO)
    calendars.look()
    assert (hours(calendars), faults(calendars)) == ([13], {})


def test_one_calendar_that_drips_for_ever_is_given_up_and_holds_up_no_other_room(
    tmp_path: Path, made: Callable[..., RoomCalendars], address: Address
) -> None:
    address.is_dripping = True
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(answer_s=0.5, reunion=address.url, atelier="room.ics")
    calendars.look()
    assert (faults(calendars), hours(calendars, "atelier")) == ({"reunion": "late"}, [13])


def test_a_slow_calendar_that_is_being_read_leaves_the_others_to_be_read(
    tmp_path: Path, made: Callable[..., RoomCalendars], address: Address
) -> None:
    address.is_dripping = True
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(answer_s=600, reunion=address.url, atelier="room.ics")
    calendars.start()
    assert eventually(lambda: hours(calendars, "atelier") == [13])
    calendars.stop()
    assert calendars.bookings("reunion") == ()


def test_what_cannot_be_had_is_told_and_what_was_known_is_kept(
    made: Callable[..., RoomCalendars], address: Address, clock: Clock
) -> None:
    calendars = made(reunion=address.url)
    calendars.look()
    for nth, (status, answer, fault) in enumerate([(404, b"", "refused"), (200, b"<html>", "no_calendar")], 1):
        address.status, address.answer, clock.now_s = status, answer, nth * FETCH_S
        calendars.look()
        assert (hours(calendars), faults(calendars)) == ([13], {"reunion": fault})
    address.status, address.answer, clock.now_s = 200, AT_FOUR, 3 * FETCH_S
    calendars.look()
    assert (hours(calendars), faults(calendars)) == ([15], {})


def test_the_password_of_a_calendar_is_given_to_its_server_and_shown_nowhere(
    made: Callable[..., RoomCalendars], address: Address, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    secret = {"reunion": "place:s3same"}
    sources = {"reunion": address.url, "atelier": f"http://place:s3same@{address.host}/private-t0ken.ics"}
    address.status = 403
    calendars = made(secret, **sources)
    calendars.start()
    assert eventually(lambda: len(faults(calendars)) == 2 and caplog.text.count("refused 403") == 2)
    calendars.stop()
    expected = f"Basic {b64encode(b'place:s3same').decode()}"
    assert [headers["authorization"] for _, headers in address.asked] == [expected, expected]
    shown = repr(calendars.reports()) + caplog.text
    assert "s3same" not in shown
    assert "t0ken" not in shown
    assert {report.room: report.has_open_password for report in calendars.reports()} == {
        "reunion": False,
        "atelier": True,
    }


def test_a_calendar_without_end_is_not_read_to_its_end(
    tmp_path: Path, made: Callable[..., RoomCalendars], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.look()
    assert faults(calendars) == {"reunion": "too_big"}


def test_a_calendar_too_hard_to_read_is_given_up(
    tmp_path: Path, made: Callable[..., RoomCalendars], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_S", 0.001)
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.look()
    assert faults(calendars) == {"reunion": "too_hard"}


@pytest.mark.parametrize(
    ("status", "stderr", "times"),
    [
        pytest.param(-signal.SIGXCPU, b"", 1, id="it takes too long"),
        pytest.param(1, b"Traceback\nMemoryError\n", 1, id="it takes too much memory"),
        pytest.param(-signal.SIGKILL, b"", 2, id="the machine had no memory left"),
    ],
)
def test_a_file_that_is_too_hard_is_not_tried_again_each_day_unless_it_may_be_the_machine(
    tmp_path: Path,
    made: Callable[..., RoomCalendars],
    clock: Clock,
    mocker: MockerFixture,
    status: int,
    stderr: bytes,
    times: int,
) -> None:
    file = tmp_path / "room.ics"
    file.write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    run = mocker.patch.object(
        module._Programs, "run", return_value=subprocess.CompletedProcess([], status, b"", stderr)
    )
    for clock.wall in (NOON, NOON, Instant.parse("2026-11-24T11:00:00.000Z")):
        calendars.look()
        assert faults(calendars) == {"reunion": "too_hard"}
    assert run.call_count == times
    mocker.stop(run)
    file.write_bytes(AT_FOUR)
    calendars.look()
    assert (hours(calendars), faults(calendars)) == ([15], {})


def test_calendars_are_read_while_the_server_runs_and_end_with_it(
    tmp_path: Path, made: Callable[..., RoomCalendars]
) -> None:
    (tmp_path / "room.ics").write_bytes(AT_TWO)
    calendars = made(reunion="room.ics")
    calendars.start()
    calendars.stop()
    calendars.stop()
    made().start()
