"""From arrivals to the books: each event once, whatever comes, in whatever order."""

import json
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from device.contract.channels import EVENTS, STATE
from device.contract.codec import encode
from device.contract.instant import Instant
from device.contract.messages import Access, Alarm, Direction, Passage, RoomSet, Run
from device.contract.state import State
from server.core.presence.presence import Presence, Stay, Step, presence
from server.ingest.ingest import Ingest
from server.ingest.outcome import Outcome
from server.ingest.recount import enter_by_desk
from server.mqtt.inbound import Arrival
from server.store.damage import DamagedDatabase
from server.store.database import Database, make_database
from server.store.journal import faults, journal
from server.store.people import badge_keys, badges, members
from server.store.presence import stays
from server.store.units import access_lists, units
from tests.examples import examples
from tests.orders import work_at
from tests.server.arrivals import EPOCH, MORNING, SITE, after, passed, run_of
from tests.server.conftest import open_house

DAY = date(2026, 11, 23)
ANNES, BRUNOS, NOBODYS = "uid:04A1B2C3", "uid:04A1B2C4", "uid:04FFFFFF"
ANNE, BRUNO = 1, 2
EVENING = Instant.parse("2026-11-23T20:00:00.000Z")


@pytest.fixture
def place(db: Database) -> Database:
    return furnish(db)


def furnish(db: Database) -> Database:
    with db.writing():
        for name, credential in (("Anne", ANNES), ("Bruno", BRUNOS)):
            badges.assign(db, members.add(db, name, now=MORNING).id, credential, now=MORNING)
        for unit in ("front", "back"):
            units.add(db, unit, "door", now=MORNING)
    return db


@pytest.fixture
def ingest(place: Database) -> Ingest:
    return Ingest(place, open_house())


def keep(db: Database, ingest: Ingest, *arrivals: Arrival, now: Instant | None = None) -> Outcome:
    with db.writing():
        return ingest.keep(arrivals, now or arrivals[-1].at)


def tapped(minutes: float, credential: str, *, granted: bool = True) -> Access:
    return Access(
        at=after(minutes),
        clock="synced",
        credential=credential,
        side="entry",
        decision="granted" if granted else "denied",
        reason="granted" if granted else "unknown_credential",
    )


def test_a_door_tells_that_a_badge_proved_what_it_is_being_given(place: Database, ingest: Ingest) -> None:
    identity = "04A1B2C5"
    badges.assign(place, ANNE, f"ntag424:{identity}", now=MORNING)
    badge_keys.begin(place, identity, "ntag424", 2, now=MORNING)
    proofs = [structs.replace(tapped(nth, f"ntag424:{identity}"), key_version=nth) for nth in (1, 2)]
    assert not keep(place, ingest, run_of(proofs[0])).keys_proved
    assert badge_keys.under_way(place)[identity].door_version is None
    assert keep(place, ingest, run_of(proofs[1], first=2)).keys_proved
    assert badge_keys.under_way(place)[identity].door_version == 2
    assert not keep(place, ingest, run_of(proofs[1], first=3)).keys_proved  # once is enough
    keep(place, ingest, run_of(structs.replace(tapped(3, "ntag424:04B1B2C5"), key_version=2), first=4))
    assert [*badge_keys.every(place)] == [identity]


def journalled(db: Database) -> list[tuple[str, int]]:
    return [(line.unit, line.seq) for line in journal.lines(db)]


def inside(db: Database) -> list[int]:
    return stays.members_inside(db, DAY)


def fault_texts(db: Database) -> list[str]:
    return [fault.fault for fault in faults.newest(db)]


def test_a_passage_brings_its_member_in(place: Database, ingest: Ingest) -> None:
    outcome = keep(place, ingest, run_of(tapped(0, ANNES), passed(0.1, ANNES)))
    assert inside(place) == [ANNE]
    assert outcome.heads == {("front", EPOCH): 2}
    assert (outcome.kept, outcome.faults) == (2, 0)


def test_a_repeated_run_changes_nothing_and_is_acknowledged_again(place: Database, ingest: Ingest) -> None:
    run = run_of(passed(0, ANNES), passed(5, ANNES, "exit"))
    keep(place, ingest, run)
    outcome = keep(place, ingest, run, run)
    assert journalled(place) == [("front", 1), ("front", 2)]
    assert (outcome.heads, outcome.kept) == ({("front", EPOCH): 2}, 0)


def test_a_run_that_comes_twice_at_once_to_a_server_that_has_just_begun_is_kept_once(
    place: Database, ingest: Ingest
) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)))
    again = run_of(passed(0, ANNES), passed(5, ANNES, "exit"))
    assert keep(place, Ingest(place, open_house()), again, again).kept == 1
    assert journalled(place) == [("front", 1), ("front", 2)]


def test_of_a_run_that_overlaps_only_the_rest_is_kept(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)))
    outcome = keep(place, ingest, run_of(passed(0, ANNES), passed(5, ANNES, "exit"), passed(9, BRUNOS)))
    assert journalled(place) == [("front", 1), ("front", 2), ("front", 3)]
    assert (outcome.heads, outcome.kept) == ({("front", EPOCH): 3}, 2)
    assert inside(place) == [BRUNO]


def test_of_a_run_after_a_gap_nothing_is_kept_and_the_last_ack_is_repeated(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)))
    outcome = keep(place, ingest, run_of(passed(5, ANNES, "exit"), first=3))
    assert (outcome.heads, outcome.kept) == ({("front", EPOCH): 1}, 0)
    assert inside(place) == [ANNE]


def test_an_epoch_that_does_not_begin_with_one_is_acknowledged_through_zero(place: Database, ingest: Ingest) -> None:
    assert keep(place, ingest, run_of(passed(0, ANNES), first=5)).heads == {("front", EPOCH): 0}


def test_each_epoch_of_a_unit_counts_for_itself(place: Database, ingest: Ingest) -> None:
    outcome = keep(place, ingest, run_of(passed(0, ANNES)), run_of(passed(1, BRUNOS), epoch="0badcafe"))
    assert outcome.heads == {("front", EPOCH): 1, ("front", "0badcafe"): 1}
    assert inside(place) == [ANNE, BRUNO]


def test_what_was_kept_is_known_to_the_next_server(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)))
    assert keep(place, Ingest(place, open_house()), run_of(passed(0, ANNES))).kept == 0


def test_a_batch_that_was_rolled_back_is_kept_the_next_time(place: Database, ingest: Ingest) -> None:
    with pytest.raises(ZeroDivisionError), place.writing():
        ingest.keep([run_of(passed(0, ANNES))], MORNING)
        raise ZeroDivisionError
    ingest.drop_cache()
    assert keep(place, ingest, run_of(passed(0, ANNES))).kept == 1
    assert inside(place) == [ANNE]


def test_an_entry_by_the_desk_counts_at_the_next_passage(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES), passed(10, ANNES, "exit")))
    enter_by_desk(work_at(after(25), place, open_house()), ANNE, "entry", at=after(20))
    ingest.drop_cache()
    keep(place, ingest, run_of(passed(30, ANNES, "exit"), first=3))
    assert stays.known(place, ANNE, DAY) == Presence(
        (Stay(after(0), after(10), False), Stay(after(20), after(30), False)), ()
    )


def test_a_badge_that_nobody_holds_moves_nobody_and_makes_the_count_uncertain(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, NOBODYS, by="free")))
    assert inside(place) == []
    assert journal.count_nameless(place, DAY) == 1


def test_an_anonymous_exit_names_nobody(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES), passed(1, None, "exit", by="rex")))
    assert inside(place) == [ANNE]
    assert journal.count_nameless(place, DAY) == 1


def test_whom_the_desk_let_in_leaves_no_uncertainty(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, None, by="command")))
    assert journal.count_nameless(place, DAY) == 0


def test_what_the_desk_settled_is_certain_again(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, None, "exit", by="rex"), passed(30, None, "exit", by="rex")))
    journal.settle(place, DAY, operator="marie", at=after(15))
    assert journal.count_nameless(place, DAY) == 1
    assert journal.count_nameless(place, DAY, until=after(10)) == 1


def test_a_badge_given_to_somebody_else_leaves_its_past_where_it_was(place: Database, ingest: Ingest) -> None:
    badges.end(place, ANNES, now=after(60), ended_as="returned")
    badges.assign(place, BRUNO, ANNES, now=after(120))
    keep(place, ingest, run_of(passed(30, ANNES), passed(130, ANNES), at=after(200)))
    assert [(visit.member, visit.began_at) for visit in stays.inside(place, DAY)] == [
        (ANNE, after(30)),
        (BRUNO, after(130)),
    ]


def test_a_revoked_badge_still_lets_its_holder_out(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)))
    badges.end(place, ANNES, now=after(10))
    ingest.drop_cache()
    keep(place, ingest, run_of(passed(20, ANNES, "exit"), first=2))
    assert inside(place) == []


def test_an_event_without_a_clock_happened_as_long_ago_as_it_says(place: Database, ingest: Ingest) -> None:
    wild = Instant.parse("1970-01-01T00:00:17.000Z")
    event = Passage(at=wild, clock="unset", age_ms=60_000, credential=ANNES, side="entry", by="badge")
    keep(place, ingest, run_of(event, at=after(5)))
    assert [visit.began_at for visit in stays.inside(place, DAY)] == [after(4)]


def test_events_from_the_future_are_set_aside_and_count_as_kept(place: Database, ingest: Ingest) -> None:
    outcome = keep(place, ingest, run_of(passed(6, ANNES), passed(4.9, BRUNOS), at=MORNING))
    assert (inside(place), outcome.heads) == ([BRUNO], {("front", EPOCH): 2})
    early = faults.newest(place)[0]
    assert (early.kind, early.unit, early.epoch, early.seq) == ("early", "front", EPOCH, 1)
    assert json.loads(early.payload)["credential"] == ANNES


def test_a_month_of_outbox_is_judged_by_its_own_days(place: Database, ingest: Ingest) -> None:
    month = timedelta(days=31)
    keep(place, ingest, run_of(passed(0, ANNES), passed(60, ANNES, "exit"), at=MORNING + month))
    assert stays.known(place, ANNE, DAY).stays == (Stay(MORNING, after(60), False),)


def test_a_late_exit_replaces_the_automatic_check_out(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(0, ANNES)), now=EVENING)
    closing = Instant.parse("2026-11-23T17:00:00.000Z")
    assert stays.known(place, ANNE, DAY).stays == (Stay(MORNING, closing, True),)
    keep(place, ingest, run_of(passed(530, ANNES, "exit"), unit="back", at=EVENING))
    assert stays.known(place, ANNE, DAY).stays == (Stay(MORNING, after(530), False),)


def loose(*events: object, first: int = 1, epoch: str = EPOCH) -> Arrival:
    run = {"epoch": epoch, "first": first, "sent_at": str(MORNING), "events": list(events)}
    return Arrival(EVENTS.topic(SITE, "front"), json.dumps(run).encode(), MORNING)


def test_one_malformed_event_is_set_aside_and_the_others_are_kept(place: Database, ingest: Ingest) -> None:
    good = json.loads(encode(passed(0, ANNES)))
    outcome = keep(place, ingest, loose({"kind": "dance"}, good, 7, good | {"credential": 7}))
    assert (journalled(place), outcome.heads) == ([("front", 2)], {("front", EPOCH): 4})
    assert [(fault.kind, fault.seq, fault.payload) for fault in faults.newest(place)][:2] == [
        ("malformed", 1, b'{"kind": "dance"}'),
        ("malformed", 3, b"7"),
    ]
    assert faults.count(place) == 3


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xff\xfe", b"null", b"[]", b"{", b'{"epoch":"x"}', b"[" * 70_000, b'{"a":' * 9_000, b"\x00" * 70_000],
)
def test_any_bytes_at_all_are_set_aside(place: Database, ingest: Ingest, payload: bytes) -> None:
    outcome = keep(place, ingest, Arrival(EVENTS.topic(SITE, "front"), payload, MORNING))
    assert (outcome.heads, outcome.faults) == ({}, 1)
    assert faults.newest(place)[0].payload == payload[: faults.MAX_PAYLOAD]


def test_a_run_of_too_many_events_is_set_aside_whole(place: Database, ingest: Ingest) -> None:
    good = json.loads(encode(passed(0, ANNES)))
    outcome = keep(place, ingest, loose(*[good] * 201))
    assert (outcome.heads, journalled(place)) == ({}, [])
    assert fault_texts(place) == ["a run of 201 events, 1 to 200 allowed"]


@pytest.mark.parametrize(
    "topic", ["poincon/v1/here/unit/front/events/deeper", "poincon/v1/here/unit/Front/events", "else", ""]
)
def test_a_topic_that_is_not_of_the_contract_is_set_aside(place: Database, ingest: Ingest, topic: str) -> None:
    keep(place, ingest, Arrival(topic, b"{}", MORNING))
    assert [(fault.topic, fault.fault) for fault in faults.newest(place)] == [
        (topic, "a topic that is not of the contract")
    ]


def test_a_unit_that_is_not_in_the_books_is_told_of_and_gets_no_ack(place: Database, ingest: Ingest) -> None:
    stranger = [run_of(passed(minute, ANNES), unit="cellar", at=after(minute)) for minute in range(12)]
    outcome = keep(place, ingest, *stranger)
    assert (outcome.heads, inside(place)) == ({}, [])
    assert [fault.received_at for fault in faults.newest(place)] == [after(0), after(10)]
    assert faults.count(place) == 12


def test_strangers_fill_no_memory(place: Database, ingest: Ingest) -> None:
    def stranger(nth: int) -> Arrival:
        return run_of(passed(0, ANNES), unit=f"cellar-{nth}")

    keep(place, ingest, *map(stranger, range(1_000)))
    assert keep(place, ingest, stranger(0)).faults == 0
    assert keep(place, ingest, stranger(1_000), stranger(0)).faults == 2


def test_a_state_is_kept_and_a_last_will_too(place: Database, ingest: Ingest) -> None:
    will = Arrival(STATE.topic(SITE, "front"), encode(State(online=False)), MORNING)
    assert [arrived.unit for arrived in keep(place, ingest, will).states] == ["front"]
    assert units.find(place, "front").state == State(online=False)


def test_what_the_server_cleared_is_no_fault(place: Database, ingest: Ingest) -> None:
    assert keep(place, ingest, Arrival(STATE.topic(SITE, "front"), b"", MORNING)).faults == 0


def test_a_flood_of_faults_is_counted_whole_and_kept_in_part(
    place: Database, ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "MAX_KEPT", 300)
    for _ in range(20):
        keep(place, ingest, *[Arrival(EVENTS.topic(SITE, "front"), b"garbage", MORNING)] * 50)
    assert faults.count(place) == 1_000
    assert 300 <= len(faults.newest(place)) < 400


def test_a_flood_of_long_faults_fills_no_disk(place: Database, ingest: Ingest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "MAX_KEPT_BYTES", 1_000_000)
    keep(place, ingest, *[Arrival(EVENTS.topic(SITE, "front"), b"x" * 70_000, MORNING)] * 200)
    assert sum(len(fault.payload) for fault in faults.newest(place)) <= 1_000_000


def test_other_events_are_kept_as_they_came(place: Database, ingest: Ingest) -> None:
    alarm = Alarm(at=MORNING, clock="synced", alarm="forced", active=True)
    dial = RoomSet(at=MORNING, clock="synced", room="atelier", use="meeting", people=4)
    keep(place, ingest, run_of(alarm, dial))
    kept = [line.event for line in journal.lines(place)]
    assert kept == [json.loads(encode(alarm)), json.loads(encode(dial))]


def test_what_moved_is_told_to_whoever_shows_it(place: Database, ingest: Ingest) -> None:
    dial = RoomSet(at=MORNING, clock="synced", room="atelier", use="meeting", people=4)
    said = keep(place, ingest, run_of(dial))
    walked = keep(place, ingest, run_of(passed(0, ANNES), unit="back"))
    assert (said.rooms, said.passed_units) == ({"atelier"}, set())
    assert (walked.rooms, walked.passed_units) == (set(), {"back"})


def test_a_dial_of_a_room_that_the_place_does_not_have_is_set_aside(place: Database) -> None:
    ingest = Ingest(place, open_house(), lambda said: f"no room {said.room}" if said.room == "attic" else None)
    dials = [RoomSet(at=MORNING, clock="synced", room=room, use="meeting", people=4) for room in ("attic", "atelier")]
    outcome = keep(place, ingest, run_of(*dials))
    assert (outcome.rooms, outcome.heads, journalled(place)) == ({"atelier"}, {("front", EPOCH): 2}, [("front", 2)])
    assert [(fault.kind, fault.seq, fault.fault) for fault in faults.newest(place)] == [
        ("malformed", 1, "no room attic")
    ]


def test_a_message_that_we_fail_on_is_set_aside_with_its_bytes(place: Database, ingest: Ingest) -> None:
    run = run_of(passed(0, ANNES), passed(1, BRUNOS))
    with place.writing():
        outcome = ingest.give_up(run, KeyError("oops"), MORNING)
    assert outcome.heads == {("front", EPOCH): 2}
    assert [(fault.kind, fault.seq, fault.fault) for fault in faults.newest(place)] == [
        ("failed", 1, "KeyError: 'oops'"),
        ("failed", 2, "KeyError: 'oops'"),
    ]
    assert json.loads(faults.newest(place)[1].payload)["credential"] == BRUNOS
    assert (outcome.kept, outcome.faults) == (0, 2)


@pytest.mark.parametrize(
    "arrival",
    [
        run_of(passed(0, ANNES), passed(1, BRUNOS), unit="cellar"),
        Arrival(STATE.topic(SITE, "front"), encode(State(online=False)), MORNING),
    ],
    ids=["a stranger's run", "a state"],
)
def test_what_is_no_run_of_a_known_unit_is_set_aside_whole_where_we_fail_on_it(
    place: Database, ingest: Ingest, arrival: Arrival
) -> None:
    with place.writing():
        outcome = ingest.give_up(arrival, KeyError("oops"), MORNING)
    assert (outcome.heads, outcome.kept, outcome.faults) == ({}, 0, 1)
    (told,) = faults.newest(place)
    assert (told.kind, told.topic, told.fault, told.payload) == (
        "failed",
        arrival.topic,
        "KeyError: 'oops'",
        arrival.payload,
    )


def test_where_we_fail_on_what_follows_from_a_run_its_events_are_journalled_all_the_same(
    place: Database, ingest: Ingest
) -> None:
    run = run_of(passed(0, ANNES), passed(1, BRUNOS))
    with place.writing():
        outcome = ingest.keep_in_journal(run, KeyError("oops"), MORNING)
    assert (outcome.heads, outcome.kept, outcome.faults) == ({("front", EPOCH): 2}, 2, 1)
    assert (journalled(place), inside(place)) == ([("front", 1), ("front", 2)], [])
    (told,) = faults.newest(place)
    assert (told.kind, told.fault) == ("failed", "kept in the journal alone: KeyError: 'oops'")
    assert told.payload == run.payload


def test_a_granted_tap_of_a_member_is_answered_once(place: Database, ingest: Ingest) -> None:
    run = run_of(tapped(0, ANNES), tapped(0, NOBODYS), tapped(0, BRUNOS, granted=False))
    assert [(tap.member, tap.seq) for tap in keep(place, ingest, run).taps] == [(ANNE, 1)]
    assert keep(place, ingest, run).taps == []


def test_of_old_taps_only_the_newest_of_a_run_is_answered(place: Database, ingest: Ingest) -> None:
    old = run_of(*[tapped(minute, ANNES) for minute in range(9)], at=after(60))
    assert [tap.seq for tap in keep(place, ingest, old).taps] == [9]
    fresh = run_of(*[tapped(minute, ANNES) for minute in range(60, 63)], first=10)
    assert [tap.seq for tap in keep(place, ingest, fresh).taps] == [10, 11, 12]


@pytest.mark.parametrize("age_ms, answered", [(600_000, [1, 2]), (600_001, [2])])
def test_a_tap_is_answered_for_ten_minutes(place: Database, ingest: Ingest, age_ms: int, answered: list[int]) -> None:
    run = run_of(tapped(0, ANNES), tapped(1, ANNES), at=MORNING + timedelta(milliseconds=age_ms))
    assert [tap.seq for tap in keep(place, ingest, run).taps] == answered


Told = tuple[int, str, Direction]
STEPS: st.SearchStrategy[list[Told]] = st.lists(
    st.tuples(st.integers(0, 600), st.sampled_from([ANNES, BRUNOS]), st.sampled_from(["entry", "exit"])), max_size=8
)


@examples(25)
@given(front=STEPS, back=STEPS, chance=st.randoms(use_true_random=False))
def test_any_delay_and_repetition_gives_the_same_presence(
    tmp_path_factory: pytest.TempPathFactory, front: list[Told], back: list[Told], chance: Random
) -> None:
    """Events of each door come in its order, one by one, repeated, whenever; then its whole journal once more."""
    queues = [runs_of("front", sorted(front)), runs_of("back", sorted(back))]
    arrivals: list[Arrival] = []
    while any(queues):
        arrivals += [chance.choice([queue for queue in queues if queue]).pop(0)] * chance.choice([1, 1, 2])
    with make_database(tmp_path_factory.mktemp("books") / "books.sqlite3") as db:
        ingest = Ingest(furnish(db), open_house())
        while arrivals:
            size = chance.randint(1, 4)
            keep(db, ingest, *arrivals[:size])
            del arrivals[:size]
        for member, credential in ((ANNE, ANNES), (BRUNO, BRUNOS)):
            assert stays.known(db, member, DAY) == expected(credential, front, back)


def runs_of(unit: str, told: list[Told]) -> list[Arrival]:
    events = [passed(minute, credential, side) for minute, credential, side in told]
    runs = [run_of(event, first=nth, unit=unit, at=EVENING) for nth, event in enumerate(events, 1)]
    return [*runs, run_of(*events, unit=unit, at=EVENING)] if events else []


def expected(credential: str, front: list[Told], back: list[Told]) -> Presence:
    steps = [
        Step(after(minute), unit, EPOCH, nth, side)
        for unit, told in (("front", sorted(front)), ("back", sorted(back)))
        for nth, (minute, badge, side) in enumerate(told, 1)
        if badge == credential
    ]
    return presence(steps, open_house().evening(DAY), EVENING)


def test_the_journal_of_two_doors_is_told_in_order_of_time(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(10, ANNES)), run_of(passed(5, BRUNOS), unit="back"))
    assert journalled(place) == [("back", 1), ("front", 1)]
    assert [line.unit for line in journal.lines(place, since=after(6))] == ["front"]
    assert [line.unit for line in journal.lines(place, unit="back")] == ["back"]
    assert [line.unit for line in journal.lines(place, limit=1)] == ["front"]
    assert [line.unit for line in journal.after(place, 0)] == ["front", "back"]


def test_a_run_says_by_what_clock_it_was_passed_last(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, run_of(passed(10, ANNES)), run_of(passed(5, None, "exit", by="rex"), unit="back"))
    assert journal.last_passages(place) == {"front": after(10), "back": after(5)}


def test_a_run_may_be_retained_or_written_with_more_than_the_contract_says(place: Database, ingest: Ingest) -> None:
    run = json.loads(encode(Run(epoch=EPOCH, first=1, sent_at=MORNING, events=[passed(0, ANNES)])))
    run["colour"], run["events"][0]["mood"] = "red", {"deep": [1]}
    keep(place, ingest, Arrival(EVENTS.topic(SITE, "front"), json.dumps(run).encode(), MORNING))
    assert [line.event for line in journal.lines(place)] == [json.loads(encode(passed(0, ANNES)))]


@pytest.mark.parametrize("version", [access_lists.LEAP + 8, 10**9, 2**53])
def test_a_state_with_a_list_that_was_never_given_out_is_malformed(
    place: Database, ingest: Ingest, version: int
) -> None:
    with place.writing():
        access_lists.note(place, "front", access_lists.Sent(7, "", MORNING))
    outcome = keep(place, ingest, state(7), state(version))
    assert ([arrived.state.list_version for arrived in outcome.states], outcome.faults) == ([7], 1)
    (fault,) = faults.newest(place)
    assert (fault.kind, fault.unit) == ("malformed", "front")
    assert "was never given out" in fault.fault
    kept = units.find(place, "front").state
    assert kept is not None
    assert kept.list_version == 7


def state(version: int) -> Arrival:
    said = State(
        online=True,
        kind="door",
        version="0.1.0",
        since=MORNING,
        outbox=0,
        list_version=version,
        clock="synced",
        address="192.0.2.17",
        alarms=[],
        disk_free_mb=9_000,
    )
    return Arrival(STATE.topic(SITE, "front"), encode(said), MORNING)


def test_epochs_of_which_nothing_is_kept_leave_nothing(place: Database, ingest: Ingest) -> None:
    runs = [run_of(passed(0, ANNES), first=2, epoch=f"{nth:08x}") for nth in range(3_000)]
    outcome = keep(place, ingest, *runs)
    assert set(outcome.heads.values()) == {0}
    assert place.value("SELECT count(*) FROM heads") == 0
    keep(place, ingest, run_of(passed(0, ANNES), epoch="00000001"))
    assert [tuple(row) for row in place.rows("SELECT epoch, through FROM heads")] == [("00000001", 1)]


def test_epochs_of_malformed_events_alone_fill_neither_the_books_nor_the_memory(
    place: Database, ingest: Ingest
) -> None:
    epochs = [f"{nth:08x}" for nth in range(300)]
    outcome = keep(place, ingest, *(loose({"kind": "dance"}, 7, epoch=epoch) for epoch in epochs))
    assert outcome.heads == {("front", epoch): 2 for epoch in epochs}
    assert place.value("SELECT count(*) FROM heads") == 0
    assert faults.count(place) == 600


@pytest.mark.parametrize("forgets", [False, True], ids=["at once", "after a restart"])
def test_an_epoch_that_begins_with_malformed_events_is_taken_once(
    place: Database, ingest: Ingest, forgets: bool
) -> None:
    good = json.loads(encode(passed(0, ANNES)))

    def send(*arrivals: Arrival) -> dict[tuple[str, str], int]:
        if forgets:
            ingest.drop_cache()
        return keep(place, ingest, *arrivals).heads

    assert send(loose(7), loose(7, 8)) == {("front", EPOCH): 2}  # the second overlaps the first, in one batch
    assert send(loose(7, 8)) == {("front", EPOCH): 2}
    assert send(loose(9, first=4)) == {("front", EPOCH): 2}  # the third is missing
    assert faults.count(place) == 2
    assert send(loose(8, good, 9, first=2)) == {("front", EPOCH): 4}
    assert send(loose(8, good, 9, first=2)) == {("front", EPOCH): 4}
    assert (journalled(place), faults.count(place)) == ([("front", 3)], 3)
    assert [tuple(row) for row in place.rows("SELECT epoch, through FROM heads")] == [(EPOCH, 4)]


def test_of_what_was_set_aside_and_is_kept_no_more_the_unit_is_asked_again(place: Database, ingest: Ingest) -> None:
    keep(place, ingest, loose(7, 8))
    place.execute("DELETE FROM faults")  # others took their place
    ingest.drop_cache()
    assert keep(place, ingest, run_of(passed(0, ANNES), first=3)).heads == {("front", EPOCH): 0}
    again = loose(7, 8, json.loads(encode(passed(0, ANNES))))
    assert keep(place, ingest, again).heads == {("front", EPOCH): 3}
    assert journalled(place) == [("front", 3)]


@pytest.mark.parametrize("through", [1, 2, 4, 99])
def test_a_head_that_the_journal_contradicts_is_damage(place: Database, ingest: Ingest, through: int) -> None:
    keep(place, ingest, run_of(*(passed(nth, ANNES) for nth in range(3))))
    place.execute("UPDATE heads SET through = ?", (through,))
    ingest.drop_cache()
    with pytest.raises(DamagedDatabase):
        keep(place, ingest, run_of(passed(5, ANNES), first=4))


def test_a_head_may_be_ahead_of_the_journal_by_what_was_set_aside(place: Database, ingest: Ingest) -> None:
    old = passed(-60 * 24 * 500, ANNES)
    keep(place, ingest, run_of(passed(0, ANNES)), run_of(old, first=2, at=MORNING))
    ingest.drop_cache()
    assert keep(place, ingest, run_of(passed(1, ANNES), first=3)).heads == {("front", EPOCH): 3}
