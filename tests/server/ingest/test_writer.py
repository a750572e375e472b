"""The one writer: durable before acknowledged, one message's fault no other's, orders and time in their turn."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest

from device.contract.channels import ACCESS_LIST, ACK, EVENTS, OCCUPANCY, RECEIPT
from device.contract.errors import Refused
from device.contract.instant import Instant
from device.contract.messages import Access, Ack
from server.accounts import sales
from server.accounts.work import Work
from server.core.house_rules import HouseRules
from server.errors import NeverBegun, StillGoing
from server.mqtt.inbound import Arrival
from server.store import dismissed
from server.store.database import Database, open_database
from server.store.journal import faults, journal
from server.store.people import badges, members
from server.store.presence import guests, musters, stays
from tests.orders import work_at
from tests.server.arrivals import EPOCH, MORNING, SITE, after, passed, run_of
from tests.server.office import ANNES, Office

DAY = MORNING.date()
KEYED = "ntag424:04A1B2C3D4E5F6"


@pytest.fixture
def office(db: Database, house: HouseRules) -> Iterator[Office]:
    made = Office(db, house)
    made.keeper.start()
    yield made
    made.keeper.stop()
    made.own.close()


def test_an_event_is_durable_before_it_is_acknowledged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_when_told: list[int] = []
    publish = office.line.publish

    def look(channel: object, name: str, message: object) -> None:
        if channel is ACK:
            with open_database(office.db.path) as other:
                kept_when_told.append(len(journal.lines(other)))
        publish(channel, name, message)  # type: ignore[arg-type]

    monkeypatch.setattr(office.line, "publish", look)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
    assert kept_when_told == [1]


def test_everything_that_waits_is_kept_at_once_and_acknowledged_once(db: Database, house: HouseRules) -> None:
    office = Office(db, house)
    for nth in range(1, 101):
        office.keeper.arrived(run_of(passed(nth, None, by="free"), first=nth, at=MORNING + timedelta(hours=2)))
    office.keeper.start()
    office.wait(lambda: bool(office.acks()))
    office.keeper.stop()
    office.own.close()
    assert office.acks() == [100]
    assert office.line.all(ACK, "front") == [Ack(epoch=EPOCH, through=100)]
    assert office.keeper.stats.transactions == 1


def test_back_on_the_line_it_repeats_its_acks_so_that_units_send_again_what_it_missed(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
    office.keeper.connected()
    office.wait(lambda: office.acks() == [1, 1])


def test_a_granted_tap_is_answered(office: Office) -> None:
    tap = Access(at=MORNING, clock="synced", credential=ANNES, side="entry", decision="granted", reason="granted")
    office.keeper.arrived(run_of(tap))
    office.wait(lambda: bool(office.line.all(RECEIPT, "front")))
    assert (office.line.last(RECEIPT, "front").epoch, office.line.last(RECEIPT, "front").seq) == (EPOCH, 1)


def test_a_message_that_we_fail_on_takes_no_other_with_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = office.ingest.keep

    def stumble(arrivals: Iterable[Arrival], now: Instant) -> object:
        arrivals = list(arrivals)
        done = keep(arrivals, now)
        if any(b"front" in arrival.topic.encode() for arrival in arrivals):
            raise RuntimeError("a mistake of ours")
        return done

    monkeypatch.setattr(office.ingest, "keep", stumble)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.keeper.arrived(run_of(passed(1, ANNES), unit="back"))
    office.wait(lambda: bool(office.acks("front") and office.acks("back")))
    assert [(line.unit, line.seq) for line in journal.lines(office.db)] == [("front", 1), ("back", 1)]
    (told,) = faults.newest(office.db)
    assert (told.kind, told.fault) == ("failed", "kept in the journal alone: RuntimeError: a mistake of ours")
    assert office.keeper.is_alive


def test_what_was_kept_in_the_journal_alone_is_reckoned_with_the_next_passage(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(passed: object, now: Instant) -> object:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(office.ingest._presence, "note", broken)
        office.keeper.arrived(run_of(passed(0, ANNES)))
        office.wait(lambda: office.acks() == [1])
    assert stays.members_inside(office.db, DAY) == []
    office.keeper.arrived(run_of(passed(60, ANNES, "exit"), first=2))
    office.wait(lambda: office.acks() == [1, 2])
    (stay,) = stays.known(office.db, 1, DAY).stays
    assert (stay.began_at, stay.ended_at) == (MORNING, after(60))


def test_a_message_that_cannot_even_be_set_aside_is_not_acknowledged_and_is_told_of(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> object:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patch:
        for way in ("keep", "keep_in_journal", "give_up"):
            patch.setattr(office.ingest, way, broken)
        office.keeper.arrived(run_of(passed(0, ANNES)))
        office.wait(lambda: bool(office.keeper.stats.stuck))
    assert office.keeper.stats.stuck == {EVENTS.topic(SITE, "front"): "RuntimeError: a mistake of ours"}
    office.keeper.arrived(run_of(passed(1, ANNES), unit="back"))
    office.wait(lambda: office.acks("back") == [1])
    assert office.acks("front") == []
    office.keeper.arrived(run_of(passed(0, ANNES)))  # as the unit does after 10 s
    office.wait(lambda: office.acks("front") == [1])
    assert not office.keeper.stats.stuck


def test_on_a_full_disk_nothing_is_acknowledged_until_it_has_room(office: Office) -> None:
    office.own.execute("PRAGMA max_page_count = 1")
    big = Arrival(EVENTS.topic(SITE, "front"), b"x" * 60_000, MORNING)
    for _ in range(20):
        office.keeper.arrived(big)
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: "full" in office.keeper.stats.disk_fault)
    assert office.acks() == []
    office.own.execute("PRAGMA max_page_count = 1000000")
    office.wait(lambda: office.keeper.stats.failures > 0)
    office.keeper.arrived(run_of(passed(0, ANNES)))  # as the unit does after 10 s
    office.wait(lambda: office.acks() == [1])
    assert office.keeper.stats.disk_fault == ""


def test_the_watchdog_hears_of_steps_that_were_taken_and_of_a_full_disk_but_not_of_steps_that_fail(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.wait(lambda: office.alive > 2)
    failures = office.keeper.stats.failures

    def fail(*arguments: object) -> object:
        raise error

    error: Exception = RuntimeError("a mistake of ours")
    monkeypatch.setattr(office.keeper, "_step", fail)
    office.wait(lambda: office.keeper.stats.failures > failures + 1)
    before, failures = office.alive, office.keeper.stats.failures
    office.wait(lambda: office.keeper.stats.failures > failures + 1)
    assert office.alive == before
    error = sqlite3.OperationalError("database or disk is full")
    office.wait(lambda: office.alive > before)


def test_past_what_can_wait_messages_are_dropped_and_counted(
    db: Database, house: HouseRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.ingest.writer_inbox.MAX_WAITING", 10)
    office = Office(db, house)
    for _ in range(25):
        office.keeper.arrived(run_of(passed(0, ANNES)))
    assert office.keeper.stats.dropped == 15
    office.own.close()


def test_an_order_is_carried_out_and_answered(office: Office) -> None:
    bruno = office.keeper.order(lambda work: members.add(work.db, "Bruno", now=work.now))
    assert members.find(office.db, bruno.id).name == "Bruno"


def test_a_refused_order_leaves_nothing_and_says_why(office: Office) -> None:
    def half(work: Work) -> None:
        members.add(work.db, "Bruno", now=work.now)
        members.find(work.db, 99)

    with pytest.raises(Refused, match=r"no_such_member .*99"):
        office.keeper.order(half)
    assert [member.name for member in members.every(office.db)] == ["Anne"]
    assert office.keeper.is_alive


def test_an_order_that_nobody_waits_for_any_more_is_never_carried_out(db: Database, house: HouseRules) -> None:
    office = Office(db, house, answer_within_s=0.01)
    with pytest.raises(NeverBegun):
        office.keeper.order(lambda work: members.add(work.db, "Bruno", now=work.now))
    office.keeper.start()
    office.keeper.stop()  # what waits is done before the end
    office.own.close()
    assert [member.name for member in members.every(db)] == ["Anne"]


def test_an_order_that_runs_already_may_come_about_and_nobody_is_told_otherwise(
    db: Database, house: HouseRules
) -> None:
    office, going_on = Office(db, house, answer_within_s=0.05), Event()

    def slowly(work: Work) -> None:
        members.add(work.db, "Bruno", now=work.now)
        assert going_on.wait(60)

    office.keeper.start()
    while True:
        try:
            office.keeper.order(slowly)
        except NeverBegun:  # the machine is busy: nothing was done, so it may be asked again
            continue
        except StillGoing:
            break
    going_on.set()
    office.keeper.stop()
    office.own.close()
    assert [member.name for member in members.every(db)] == ["Anne", "Bruno"]


def test_what_a_failed_order_looked_up_is_forgotten_with_it(office: Office) -> None:
    def half(work: Work) -> None:
        sales.sell(work, 1, "carnet-half-day")
        assert work.account(1).held["half_day"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        office.keeper.order(half)
    assert office.keeper.order(lambda work: work.account(1).held["half_day"]) == 0


def test_an_order_knows_what_another_process_has_sold_since(office: Office, house: HouseRules) -> None:
    tap = Access(at=MORNING, clock="synced", credential=ANNES, side="entry", decision="granted", reason="granted")
    office.keeper.arrived(run_of(tap))
    office.wait(lambda: bool(office.line.all(RECEIPT, "front")))  # her account is remembered since
    sales.sell(work_at(MORNING, office.db, house), 1, "ticket-day")
    assert office.keeper.order(lambda work: work.account(1).held["day"]) == 1


HARMLESS = {
    "a muster": lambda work: musters.begin(work.db, ["m1"], drill=True, operator="marie", now=work.now),
    "a dismissed notice": lambda work: dismissed.dismiss(work.db, ["exit-1"], operator="marie", now=work.now),
    "another name": lambda work: members.edit(work.db, 1, name="Anna"),
    "a guest": lambda work: guests.arrive(work.db, "Léa", day=work.today, now=work.now),
    "a sale to who may come in already": lambda work: sales.sell(work, 1, "ticket-day"),
}

TOLD_TO_DOORS = {
    "a lost badge": lambda work: badges.end(work.db, KEYED, now=work.now, ended_as="lost"),
    "a new badge": lambda work: badges.assign(work.db, 1, "ntag424:04A1B2C3D4E5F7", now=work.now),
    "a member made concierge": lambda work: members.edit(work.db, 1, role="concierge"),
    "a suspension": lambda work: members.suspend(work.db, 1, "dispute", now=work.now),
    "a forgotten member": lambda work: members.forget(work.db, 2, now=work.now),
}


@pytest.fixture
def keyed_office(db: Database, house: HouseRules) -> Iterator[Office]:
    """One whose stopwatch stands still; Anne has a badge with a key too, so that each compiled list asks for it."""
    made = Office(db, house)
    badges.assign(db, 1, KEYED, now=MORNING)
    badges.assign(db, members.add(db, "Bruno", now=MORNING).id, "ntag424:04A1B2C3D4E5F8", now=MORNING)
    made.hold_time()
    made.keeper.start()
    made.pass_time()
    made.keys.asked = 0
    yield made
    made.keeper.stop()
    made.own.close()


@pytest.mark.parametrize("act", HARMLESS.values(), ids=HARMLESS.keys())
def test_an_order_that_changes_nobodys_right_to_come_in_has_no_list_compiled(
    keyed_office: Office, act: Callable[[Work], object]
) -> None:
    keyed_office.keeper.order(act)
    keyed_office.pass_time()
    assert keyed_office.keys.asked == 0


@pytest.mark.parametrize("act", TOLD_TO_DOORS.values(), ids=TOLD_TO_DOORS.keys())
def test_an_order_that_changes_who_may_come_in_is_told_to_the_doors(
    keyed_office: Office, act: Callable[[Work], object]
) -> None:
    before = len(keyed_office.line.all(ACCESS_LIST, "front"))
    keyed_office.keeper.order(act)
    keyed_office.pass_time()
    assert len(keyed_office.line.all(ACCESS_LIST, "front")) == before + 1


def test_a_change_of_a_badge_that_was_taken_back_has_no_list_compiled(keyed_office: Office) -> None:
    def half(work: Work) -> None:
        badges.end(work.db, KEYED, now=work.now, ended_as="lost")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keyed_office.keeper.order(half)
    keyed_office.pass_time()
    assert keyed_office.keys.asked == 0


def test_a_sale_that_lifts_a_block_is_told_to_the_doors(keyed_office: Office) -> None:
    friday = -3 * 24 * 60.0
    keyed_office.keeper.arrived(run_of(passed(friday, KEYED), passed(friday + 540, KEYED, "exit")))
    keyed_office.wait(lambda: keyed_office.acks() == [2])
    keyed_office.pass_time()
    assert _standings(keyed_office) == {1: "no_credit", 2: "ok"}
    keyed_office.keeper.order(lambda work: sales.sell(work, 1, "ticket-day"))
    keyed_office.pass_time()
    assert _standings(keyed_office) == {1: "ok", 2: "ok"}


def _standings(office: Office) -> dict[int, str]:
    return {grant.member: grant.standing for grant in office.line.last(ACCESS_LIST, "front").grants}


def test_many_desks_order_at_once(office: Office) -> None:
    def add(nth: int) -> None:
        office.keeper.order(lambda work: members.add(work.db, f"M{nth}", now=work.now))

    with ThreadPoolExecutor(8) as desks:
        list(desks.map(add, range(40)))
    assert len(members.every(office.db)) == 41


def test_what_another_process_wrote_is_told_by_itself(office: Office) -> None:
    office.wait(lambda: bool(office.line.all(OCCUPANCY)))
    guests.arrive(office.db, "Léa", day=DAY, now=MORNING)
    office.wait(lambda: office.line.last(OCCUPANCY).guests == 1)


def test_a_badge_assigned_by_another_process_counts_at_once(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, "uid:04A1B2C4")))
    office.wait(lambda: office.acks() == [1])
    bruno = members.add(office.db, "Bruno", now=MORNING).id
    badges.assign(office.db, bruno, "uid:04A1B2C4", now=MORNING)
    office.keeper.arrived(run_of(passed(1, "uid:04A1B2C4"), first=2))
    office.wait(lambda: office.acks() == [1, 2])
    assert stays.members_inside(office.db, DAY) == [bruno]


def test_at_closing_everybody_is_checked_out(office: Office) -> None:
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.line.all(OCCUPANCY) != [] and office.line.last(OCCUPANCY).present == 1)
    office.now = after(9.5 * 60)
    office.wait(lambda: office.line.last(OCCUPANCY).present == 0)


def test_what_had_arrived_is_kept_before_the_end(db: Database, house: HouseRules) -> None:
    office = Office(db, house)
    office.keeper.start()
    for nth in range(1, 1_001):
        office.keeper.arrived(run_of(passed(0, None, by="free"), first=nth))
    office.keeper.stop()
    office.own.close()
    assert len(journal.lines(db)) == 1_000


def test_another_process_that_writes_for_long_stops_nobody(office: Office) -> None:
    office.own.execute("PRAGMA busy_timeout = 1")
    with office.db.writing():
        office.keeper.arrived(run_of(passed(0, ANNES)))
        office.wait(lambda: office.keeper.stats.disk_fault == "database is locked")
        assert office.acks() == []
    office.keeper.arrived(run_of(passed(0, ANNES)))  # as the unit does after 10 s
    office.wait(lambda: office.acks() == [1])
    assert not office.keeper.stats.disk_fault


def test_a_broken_database_is_said_so_and_tried_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(arrivals: object, now: Instant) -> object:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(office.ingest, "keep", broken)
        office.keeper.arrived(run_of(passed(0, ANNES)))
        office.wait(lambda: office.keeper.stats.disk_fault == "disk I/O error")
    office.keeper.arrived(run_of(passed(0, ANNES)))
    office.wait(lambda: office.acks() == [1])
