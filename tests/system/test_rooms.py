"""Six room units and a desk through the real broker: each unit a process on virtual hardware, rings read from bits."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from device.contract.messages import RoomStatus
from server.app import Server
from server.site.settings import ROOMS
from tests.live_place import LivePlace, SimulatedUnit, eventually
from tests.patience import wait_until

ROOM_IDS = [room.id for room in ROOMS]
SEATS = {room.id: room.seats for room in ROOMS}


class Desk:
    """The server, kept by this process, so that its desk can be worked without a browser."""

    def __init__(self, place: LivePlace) -> None:
        self.server = Server(place.site)
        self.place = place

    def sets(self, room: str, people: int, use: str) -> None:
        board = self.server.rooms
        self.server.writer.order(
            lambda work: board.set_by_desk(work.db, room, use, people, operator="Marie", now=work.now)
        )

    def sees(self, room: str) -> RoomStatus:
        with self.place.db() as db:
            return self.server.rooms.statuses(db, self.server.now())[room]

    def sees_soon(self, room: str, people: int, use: str) -> bool:
        return eventually(lambda: (self.sees(room).people, self.sees(room).use) == (people, use))


def lit(unit: SimulatedUnit) -> int:
    """How many LEDs of its ring shine brighter than the faint circle, by the last line about it."""
    last = next((told.line for told in reversed(unit.told) if told.line.startswith("ring ")), "ring")
    colours = [bytes.fromhex(word[1:]) for word in last.split()[1:]]
    brightest = max((max(colour) for colour in colours), default=0)
    return sum(max(colour) > brightest / 2 for colour in colours) if brightest else 0


def keeps(unit: SimulatedUnit, people: int) -> bool:
    """Whether the unit has written down what its dial says: to be told, and to be shown after a power cut."""
    with closing(sqlite3.connect(f"file:{unit.outbox}?mode=ro", uri=True)) as outbox:
        told = outbox.execute("SELECT payload FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    kept = unit.folder / "data" / "room.json"
    return told is not None and all(f'"people":{people}' in text for text in (told[0].decode(), kept.read_text()))


def shows(unit: SimulatedUnit, people: int, seats: int) -> bool:
    """Whether the ring comes to show so many of so many: free and empty, it is one dot."""
    return eventually(lambda: lit(unit) == (round(24 * min(1, people / seats)) or 1))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePlace]:
    with LivePlace(tmp_path_factory.mktemp("rooms"), people=1) as made:
        for room in ROOM_IDS:
            made.add_unit(room, "room", room=room)
        made.broker.start()
        yield made


@pytest.fixture(scope="module")
def desk(place: LivePlace) -> Iterator[Desk]:
    made = Desk(place)
    made.server.start()
    for unit in place.units.values():
        unit.start()
    with place.db() as db:
        sql = "SELECT count(*) FROM unit_states WHERE state ->> '$.online'"
        assert eventually(lambda: db.value(sql) == len(ROOMS))
    yield made
    made.server.stop()


def set_free(place: LivePlace, desk: Desk) -> None:
    """Every room is empty and free, and its ring shows it, whatever the last test did."""
    for room in ROOM_IDS:
        desk.sets(room, 0, "free")
    for room in ROOM_IDS:
        assert shows(place.units[room], 0, SEATS[room])


def dialled(place: LivePlace) -> int:
    with place.db() as db:
        return int(db.value("SELECT count(*) FROM events WHERE kind = 'room'"))


def test_each_dial_sets_its_own_room_and_nobody_elses(place: LivePlace, desk: Desk) -> None:
    set_free(place, desk)
    before = dialled(place)
    for nth, room in enumerate(ROOM_IDS, start=1):
        place.units[room].order(f"turn {nth}")
        place.units[room].order("press")
    for nth, room in enumerate(ROOM_IDS, start=1):
        assert desk.sees_soon(room, nth, "focus"), desk.sees(room)
        assert desk.sees(room).set_by == "dial"
        assert shows(place.units[room], nth, SEATS[room])
    assert dialled(place) == before + len(ROOMS)


def test_the_desk_sets_a_room_and_its_ring_alone_follows(place: LivePlace, desk: Desk) -> None:
    set_free(place, desk)
    before = len(place.units["open-space"].told)
    desk.sets("open-space", 9, "meeting")
    place.units["open-space"].wait_for("ring", after=before)
    assert shows(place.units["open-space"], 9, 12)
    assert all(lit(place.units[room]) == 1 for room in ROOM_IDS if room != "open-space")


def test_the_later_of_dial_and_desk_wins(place: LivePlace, desk: Desk) -> None:
    unit = place.units["reunion"]
    desk.sets("reunion", 6, "call")
    assert shows(unit, 6, 8)
    unit.order("turn -2")
    assert desk.sees_soon("reunion", 4, "call")
    unit.order("turn 1")
    assert shows(unit, 5, 8)
    desk.sets("reunion", 8, "meeting")
    assert shows(unit, 8, 8)
    unit.order("turn -1")  # once this is told, so is what the dial said before
    assert desk.sees_soon("reunion", 7, "meeting")


def test_a_dial_turned_while_the_network_is_cut_shows_at_once_and_is_told_later_once(
    place: LivePlace, desk: Desk
) -> None:
    unit = place.units["atelier"]
    desk.sets("atelier", 0, "free")
    assert shows(unit, 0, 6)
    unit.order("network cut")
    unit.order("turn 3")
    assert shows(unit, 3, 6)
    wait_until(lambda: keeps(unit, 3))
    assert desk.sees("atelier").people == 0
    unit.order("network back")
    assert desk.sees_soon("atelier", 3, "free")
    assert shows(unit, 3, 6)


def test_after_a_power_cut_without_the_server_the_ring_shows_what_was_last_set(place: LivePlace, desk: Desk) -> None:
    unit = place.units["bureau-4"]
    desk.sets("bureau-4", 4, "focus")
    assert shows(unit, 4, 4)
    unit.order("network cut")
    unit.order("turn -2")
    assert shows(unit, 2, 4)
    wait_until(lambda: keeps(unit, 2))
    unit.kill()
    place.broker.kill()
    before = len(unit.told)
    unit.start()
    unit.wait_for("ring", after=before)
    assert shows(unit, 2, 4)
    place.broker.start()
    assert desk.sees_soon("bureau-4", 2, "focus")
    assert shows(unit, 2, 4)


def test_what_no_room_is_used_for_is_set_aside_(place: LivePlace, desk: Desk) -> None:
    unit = place.units["appels"]
    with other_uses(unit):
        no_siesta(place, desk, unit)


@contextmanager
def other_uses(unit: SimulatedUnit) -> Iterator[None]:
    """The unit with a use that the server does not know."""
    settings = unit.folder / "unit.toml"
    known = settings.read_text()
    for text in (known.replace('id = "focus"', 'id = "siesta"'), known):
        unit.stop()
        settings.write_text(text)
        before = len(unit.told)
        unit.start()
        unit.wait_for("ring", after=before)
        if text != known:
            yield


def no_siesta(place: LivePlace, desk: Desk, unit: SimulatedUnit) -> None:
    desk.sets("appels", 0, "free")
    assert shows(unit, 0, 2)
    unit.order("press")
    with place.db() as db:
        assert eventually(lambda: db.row("SELECT 1 FROM faults WHERE fault LIKE '%siesta%'") is not None)
    assert desk.sees("appels").use == "free"
