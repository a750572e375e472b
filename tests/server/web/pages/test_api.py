"""What other programs read: no names, always whole."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from device.contract.codec import decode
from device.contract.instant import Instant
from device.contract.messages import Occupancy, RoomStatus
from server.backups.note import BackupNote
from server.desk.copies import Copies
from server.replica.note import ReplicaNote
from server.store.presence import guests
from tests.snapshots import Snapshots
from tests.web_house import WebHouse

BADGE = "uid:04A1B2C3D4E5F6"


def test_occupancy_is_as_in_the_contract(house: WebHouse) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    answer = house.visitor().get("/api/occupancy")
    assert decode(answer.data, Occupancy).present == 1
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_each_room_has_its_id_and_what_its_dial_said(house: WebHouse) -> None:
    house.door()
    house.dials("atelier", "workshop", 3)
    rooms = {room["id"]: room for room in house.visitor().get("/api/rooms").get_json()}
    assert list(rooms) == ["open-space", "reunion", "atelier", "bureau-4", "bureau-3", "appels"]
    assert (rooms["atelier"]["people"], rooms["atelier"]["label"], rooms["reunion"]["use"]) == (3, "Atelier", "free")
    for room in rooms.values():
        msgspec.convert(room, RoomStatus, strict=False, dec_hook=lambda kind, value: kind.parse(value))


def test_rooms_are_free_after_closing(house: WebHouse) -> None:
    house.door()
    house.dials("atelier", "workshop", 3)
    house.pass_time(hours=9)
    assert {room["people"] for room in house.visitor().get("/api/rooms").get_json()} == {0}


def test_the_stream_begins_with_all_there_is_and_goes_on_with_what_changes(house: WebHouse) -> None:
    house.door()
    house.member("Aline", BADGE)
    stream = house.visitor().get("/api/stream")
    events = iter(stream.iter_encoded())
    first = next(events).decode()
    assert first.count("event: occupancy") == first.count("event: hours") == 1
    assert first.count("event: room") == 6
    house.tap(BADGE)
    last = next(events).decode().strip().split("\n\n")[-1]
    assert last.startswith("event: occupancy\ndata: ")
    assert json.loads(last.split("data: ")[1])["present"] == 1
    stream.close()


def test_the_desks_stream_tells_which_parts_changed(house: WebHouse, desk) -> None:
    house.door()
    stream = desk.get("/live").response
    events = iter(stream)
    digests = json.loads(next(events).decode().split("data: ")[1])
    assert list(digests) == ["matters", "occupancy", "doors", "rooms", "people", "taps"]
    assert all(f'data-part="{name}" data-digest="{digest}"' in desk.page("/") for name, digest in digests.items())
    house.garbage()
    assert b'data: ["matters"]' in next(events)
    stream.close()


def test_the_desks_stream_ends_with_the_login(house: WebHouse, desk) -> None:
    stream = desk.get("/live").response
    events = iter(stream)
    next(events)
    house.now = house.now.parse("2026-11-23T17:00:00Z")
    assert list(events) == []
    stream.close()


def test_no_more_streams_than_there_are_seats_and_some_are_the_desks(house: WebHouse, desk) -> None:
    visitor = house.visitor()
    streams = [visitor.get("/api/stream") for _ in range(12)]
    refused = visitor.get("/api/stream")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    of_desks = [desk.get("/live") for _ in range(8)]
    assert {answer.status_code for answer in of_desks} == {200}
    assert desk.get("/live").status_code == 503
    streams[0].close()
    assert visitor.get("/api/stream").status_code == 200


def test_the_space_is_told_as_the_spaceapi_asks(house: WebHouse) -> None:
    answer = house.visitor().get("/spaceapi.json")
    space = answer.get_json()
    assert {"api_compatibility", "space", "logo", "url", "contact"} <= space.keys()
    assert space["api_compatibility"] == ["15"]
    assert space["state"] == {"open": True, "lastchange": 1795417200}
    assert space["sensors"]["people_now_present"][0]["value"] == 0
    assert "lastchange" not in space["sensors"]["people_now_present"][0]  # nobody ever came
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_count_changed_when_somebody_last_came_or_left(house: WebHouse) -> None:
    def counted() -> tuple[int, Instant]:
        [people] = house.visitor().get("/spaceapi.json").get_json()["sensors"]["people_now_present"]
        return people["value"], Instant.of(datetime.fromtimestamp(people["lastchange"], UTC))

    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    came = house.now
    house.pass_time(minutes=20)
    assert counted() == (1, came)
    guests.arrive(house.db, None, day=house.now.date(), now=house.now)
    arrived = house.now
    house.pass_time(minutes=20)
    assert counted() == (2, arrived)
    house.tap(BADGE, side="exit", reason="exit")
    left = house.now
    house.pass_time(minutes=20)
    assert counted() == (1, left)
    house.pass_time(hours=30)
    assert counted()[0] == 0


def test_metrics_are_read_by_prometheus_and_name_nobody(house: WebHouse, snapshots: Snapshots) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.member("Oumar", "desfire:04A1B2C3D4E5F7")
    visitor = house.visitor()
    visitor.get("/metrics")
    house.tap(BADGE)
    house.tap(BADGE, reason="outside_hours")
    house.garbage()
    snapshots.same("metrics.txt", visitor.get("/metrics").text)


def test_taps_are_counted_by_the_badges_scheme_and_what_it_proved_and_no_unit_makes_labels(house: WebHouse) -> None:
    house.door()
    visitor = house.visitor()
    visitor.get("/metrics")
    keyed = "ntag424:04A1B2C3D4E5F8"
    for reason, version in (
        ("granted", 1),
        ("outside_hours", 1),
        ("not_authentic", None),
        ("granted", 9),
        ("granted", 8),
    ):
        house.tap(keyed, reason=reason, key_version=version)  # type: ignore[arg-type]
    house.tap(BADGE, reason="unknown_credential")
    told = [line for line in visitor.get("/metrics").text.splitlines() if line.startswith("poincon_taps_total")]
    assert told == [
        'poincon_taps_total{decision="denied",reason="not_authentic",scheme="ntag424",key_version=""} 1',
        'poincon_taps_total{decision="denied",reason="outside_hours",scheme="ntag424",key_version="1"} 1',
        'poincon_taps_total{decision="denied",reason="unknown_credential",scheme="uid",key_version=""} 1',
        'poincon_taps_total{decision="granted",reason="granted",scheme="ntag424",key_version="1"} 1',
        'poincon_taps_total{decision="granted",reason="granted",scheme="ntag424",key_version="other"} 2',
    ]


@pytest.mark.parametrize("trouble", ["", "broker", "writer", "disk"])
def test_health_is_told_with_its_reason(house: WebHouse, trouble: str) -> None:
    house.line.is_up = trouble != "broker"
    house.writer.is_alive = trouble != "writer"
    house.stats.disk_fault = "full" if trouble == "disk" else ""
    answer = house.visitor().get("/healthz")
    assert answer.status_code == (503 if trouble else 200)
    reasons = {
        "": [],
        "broker": ["broker: no connection"],
        "writer": ["books: the writer has ended"],
        "disk": ["books: cannot be written: full"],
    }
    assert answer.get_json() == {"ok": not trouble, "reasons": reasons[trouble]}


def test_walls_have_no_names_on_them(house: WebHouse) -> None:
    house.door()
    house.member("Aline", BADGE)
    house.tap(BADGE)
    visitor = house.visitor()
    for path in ("/display", "/display/rooms/atelier", "/display/hours"):
        assert "Aline" not in visitor.page(path)
    assert "1" in visitor.page("/display")
    assert visitor.get("/display/rooms/nowhere").status_code == 404


def test_a_wall_is_dark_when_the_place_is_closed(house: WebHouse) -> None:
    visitor = house.visitor()
    assert 'class="night"' not in visitor.page("/display")
    house.pass_time(hours=10)
    assert 'class="night"' in visitor.page("/display")
    assert "Fermé, ouvre demain à 08:00" in visitor.page("/display")


def test_how_old_the_copies_are_is_told_in_figures(house: WebHouse) -> None:
    earlier = house.now - timedelta(seconds=15)
    backup = BackupNote(tried_at=house.now, good_at=earlier, file="b.tar.age", size=4096, sealed=True)
    copy = ReplicaNote(
        where="file:///media/stick",
        term=1,
        began_at=earlier,
        looked_at=earlier,
        current_at=earlier,
        verified_at=earlier,
    )
    house.copies = Copies(backup, wants_replica=True, replica=copy)
    told = house.visitor().get("/metrics").text
    lines = [line for line in told.splitlines() if line.startswith(("poincon_backup", "poincon_replica"))]
    assert lines == [
        "poincon_backup_timestamp_seconds 1795421630",
        "poincon_backup_bytes 4096",
        "poincon_backup_up 1",
        "poincon_replica_up 1",
        "poincon_replica_lag_seconds 15",
        "poincon_replica_verified_timestamp_seconds 1795421630",
    ]
    house.copies = Copies(backup, wants_replica=True)
    assert "poincon_replica_up 0\n" in house.visitor().get("/metrics").text
