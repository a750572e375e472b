"""`poincon serve` over Mosquitto for real, with units that are nothing but the contract."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from socket import AF_UNIX, SOCK_DGRAM, socket

import pytest
from msgspec import structs

from device.contract.access_list import AccessList
from device.contract.channels import ACCESS_LIST, ACK, HOURS, INSIDE, OCCUPANCY, RECEIPT
from device.contract.messages import MAX_RUN, Direction, Occupancy
from device.core.delivery import WINDOW
from server.store.journal import journal
from server.store.people import badge_keys
from tests.contract_client import ContractUnit, now, passage, tap
from tests.live_place import SITE, LivePlace, eventually
from tests.patience import PATIENCE_S, wait_until


@pytest.fixture
def place(tmp_path: Path) -> Iterator[LivePlace]:
    with LivePlace(tmp_path) as made:
        for name in ("front", "back"):
            made.add_unit(name)
        yield made


@pytest.fixture
def front(place: LivePlace) -> Iterator[ContractUnit]:
    place.start_server()
    with ContractUnit(place.broker.port, SITE, "front") as unit:
        yield unit


def test_it_tells_the_service_manager_once_it_is_up_and_while_its_books_are_kept(
    place: LivePlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket(AF_UNIX, SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(PATIENCE_S)
        place.broker.start()  # which speaks to the service manager too
        monkeypatch.setenv("NOTIFY_SOCKET", told.getsockname())
        place.restart_server()
        assert [told.recv(64) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        place.server.stop()


def somebody(place: LivePlace, nth: int = 0) -> tuple[str, int]:
    """A badge and its member."""
    return list(place.people.items())[nth]


def present(number: int) -> Callable[[Occupancy], bool]:
    return lambda told: told.present == number


def test_a_tap_is_answered_its_passage_kept_and_everybody_told(place: LivePlace, front: ContractUnit) -> None:
    badge, member = somebody(place)
    front.deliver(tap(badge), passage(badge))
    assert front.last(RECEIPT).seq == 1
    assert front.last(OCCUPANCY, present(1)).level == "comfortable"
    assert front.last(INSIDE, lambda told: told.members == [member])
    assert [shown["id"] for shown in place.json("present")["members"]] == [member]
    front.deliver(tap(badge, "exit", reason="exit"), passage(badge, "exit"))
    assert front.last(OCCUPANCY, present(0))
    place.command("verify")


def test_what_was_sent_while_the_server_was_dead_is_kept_once(place: LivePlace, front: ContractUnit) -> None:
    badge, _ = somebody(place)
    front.deliver(passage(badge))
    place.server.kill()
    missed = [passage(badge, "exit"), passage(None, "exit", by="rex")]
    front.send(*missed)
    place.server.start()
    assert eventually(lambda: place.server.log_text().count("connected to broker") == 2)
    front.deliver(*missed, first=2)  # connected is not yet subscribed: what comes between reaches nobody
    front.send(*missed, first=2)
    front.deliver(passage(badge))
    with place.db() as db:
        assert [line.seq for line in journal.lines(db)] == [1, 2, 3, 4]


def test_a_broker_that_lost_everything_is_told_everything_again(place: LivePlace, front: ContractUnit) -> None:
    badge, member = somebody(place)
    front.deliver(passage(badge))
    front.last(INSIDE, lambda told: told.members == [member])
    place.broker.kill()
    shutil.rmtree(place.broker.folder / "data")
    (place.broker.folder / "data").mkdir()
    place.broker.start()
    with ContractUnit(place.broker.port, SITE, "back") as back:
        assert back.last(OCCUPANCY, present(1))
        assert back.last(HOURS).open
        assert back.last(INSIDE).members == [member]
        assert back.last(ACCESS_LIST).grants
    front.deliver(passage(badge, "exit"))


def test_a_change_from_the_command_line_takes_effect_by_itself(place: LivePlace, front: ContractUnit) -> None:
    front.last(ACCESS_LIST)
    member = place.json("member", "add", "Zoé")["id"]
    place.command("badge", "assign", str(member), "uid:0A0B0C0D")

    def has_it(told: AccessList) -> bool:
        return any(grant.member == member for grant in told.grants)

    front.last(ACCESS_LIST, has_it)
    place.command("guest", "add", "Léa", "--by", str(member))
    front.last(OCCUPANCY, present(1))
    place.command("member", "suspend", str(member), "--reason", "test")
    front.last(ACCESS_LIST, lambda told: told.grants[-1].standing == "suspended")


def test_a_rotation_of_the_badge_keys_reaches_the_doors_by_itself(place: LivePlace, front: ContractUnit) -> None:
    """Begun, gone through at a door and finished by commands and by a badge, while the server runs."""
    badge, identity = "ntag424:04C1A17E5B6180", "04C1A17E5B6180"
    member = place.json("member", "add", "Zoé")["id"]
    place.command("badge", "assign", str(member), badge)

    def versions(told: AccessList) -> list[int | None]:
        mine = next((grant for grant in told.grants if grant.credential == badge), None)
        return [] if mine is None else [mine.key_version, mine.other_key_version]

    first = front.last(ACCESS_LIST, lambda told: versions(told) == [1, None])
    place.command("key", "rotate")
    with place.db() as db:
        badge_keys.begin(db, identity, "ntag424", 2, now=now())
    both = front.last(ACCESS_LIST, lambda told: versions(told) == [1, 2]).grants[-1]
    assert both.key == first.grants[-1].key != both.other_key
    front.deliver(structs.replace(tap(badge), key_version=2))
    moved = front.last(ACCESS_LIST, lambda told: versions(told) == [2, 1]).grants[-1]
    assert (moved.key, moved.other_key) == (both.other_key, both.key)
    place.command("key", "finish", "--yes")
    front.last(ACCESS_LIST, lambda told: versions(told) == [2, None])


def test_a_unit_that_was_added_while_it_runs_is_heard(place: LivePlace, front: ContractUnit) -> None:
    place.command("unit", "add", "cellar", "--kind", "door")
    with ContractUnit(place.broker.port, SITE, "cellar") as cellar:
        cellar.last(ACCESS_LIST)
        cellar.deliver(passage(somebody(place)[0]))
    place.command("unit", "remove", "cellar")
    with ContractUnit(place.broker.port, SITE, "cellar", epoch="0badcafe") as removed:
        removed.send(passage(somebody(place)[0], "exit"))
        wait_until(lambda: [fault["kind"] for fault in place.json("faults")] == ["stranger"])
        front.deliver(passage(somebody(place)[0], "exit"))  # by now the removed one would have its ack too
        assert removed.through == 0


def test_during_a_months_drain_other_doors_are_answered_at_once(place: LivePlace, front: ContractUnit) -> None:
    """Back hands over a month, as far ahead of its acks as a unit goes; meanwhile somebody taps at the front."""
    badge, _ = somebody(place)
    sides: tuple[Direction, Direction] = ("entry", "exit")
    month = [now() - timedelta(days=30) + timedelta(minutes=nth) for nth in range(12_000)]
    kept_meanwhile = []
    with ContractUnit(place.broker.port, SITE, "back") as back:
        for first in range(0, len(month), MAX_RUN):
            run = month[first : first + MAX_RUN]
            back.send(*(passage(badge, sides[nth % 2], at=at) for nth, at in enumerate(run)))
            while back.sent - back.through > WINDOW:
                front.deliver(tap(badge))
                kept_meanwhile.append(back.through)
        assert back.acknowledged(len(month))
    assert kept_meanwhile[0] < len(month), "the front waited for the month to end"
    place.command("verify")


def test_the_server_starts_without_a_broker_and_says_so(place: LivePlace) -> None:
    place.server.start()
    assert eventually(lambda: "broker unreachable" in place.server.log_text())
    place.broker.start()
    with ContractUnit(place.broker.port, SITE, "front") as unit:
        assert unit.last(OCCUPANCY)
    assert place.server.stop() == 0


def test_an_end_in_the_middle_of_work_is_clean(place: LivePlace, front: ContractUnit) -> None:
    last = [front.send(passage(None, "exit", by="rex")) for _ in range(2_000)][-1]
    assert place.server.stop() == 0
    assert "Traceback" not in place.server.log_text()
    with place.db() as db:
        kept = len(journal.lines(db))
    assert front.through <= kept <= last


def test_acks_go_to_the_unit_alone(place: LivePlace, front: ContractUnit) -> None:
    with ContractUnit(place.broker.port, SITE, "back") as back:
        front.deliver(passage(None, "exit", by="rex"))
        assert back.all(ACK) == []
