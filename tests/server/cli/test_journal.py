"""`poincon journal` and `poincon faults`."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

import pytest

from device.contract.codec import encode
from device.contract.messages import Access, Alarm, AnyEvent, CommandDone, Passage, RoomSet, Started, Unused
from server.store.database import open_database
from server.store.journal import faults, journal
from server.store.journal.faults import Fault
from server.store.journal.journal import Head, NewEntry
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine

ADA, UNKNOWN = "uid:04A1B2C3D4E5F6", "uid:04FFFFFFFFFFFF"
STAMP: dict[str, Any] = {"at": MONDAY_MORNING, "clock": "synced"}
EVENTS: list[tuple[AnyEvent, int | None, str]] = [
    (
        Access(**STAMP, credential=ADA, side="entry", decision="granted", reason="granted"),
        1,
        "Ada\u00a0: accepté, bienvenue",
    ),
    (Passage(**STAMP, credential=ADA, side="entry", by="badge"), 1, "Ada\u00a0: est entré, au badge"),
    (
        Access(**STAMP, credential=UNKNOWN, side="entry", decision="denied", reason="unknown_credential"),
        None,
        f"{UNKNOWN}\u00a0: refusé, badge inconnu",
    ),
    (
        Access(**STAMP, credential="uid:08A1B2C3", side="entry", decision="denied", reason="unknown_credential"),
        None,
        "uid:08A1B2C3\u00a0: refusé, un téléphone\u00a0: il ne peut pas servir de badge",
    ),
    (Passage(**STAMP, credential=None, side="exit", by="rex"), None, "quelqu'un\u00a0: est sorti, au bouton"),
    (Unused(**STAMP, credential=ADA, side="entry"), 1, "Ada\u00a0: n'est pas passé"),
    (Alarm(**STAMP, alarm="forced", active=True), None, "ALARME\u00a0: porte forcée"),
    (Alarm(**STAMP, alarm="forced", active=False), None, "fin d'alarme\u00a0: porte forcée"),
    (RoomSet(**STAMP, room="atelier", use="focus", people=3), None, "salle atelier\u00a0: focus, 3 dedans"),
    (CommandDone(**STAMP, id="c-1", ok=True, error=None), None, "ordre exécuté"),
    (CommandDone(**STAMP, id="c-2", ok=False, error="disque"), None, "ordre non exécuté\u00a0: disque"),
    (Started(**STAMP, version="0.1.0", cause="crash"), None, "démarrage, version 0.1.0 (plantage)"),
]


@pytest.fixture
def lived(cli: CommandLine) -> CommandLine:
    """A place whose front door reported one event of each kind, a minute apart."""
    cli.out("member", "add", "Ada")
    cli.out("unit", "add", "front", "--kind", "door")
    with open_database(cli.site.database_path) as db, db.writing():
        head = journal.begin(db, Head(id=0, unit="front", epoch="9f2c41aa", through=len(EVENTS), heard_at=cli.now))
        for seq, (event, member, _) in enumerate(EVENTS, 1):
            at = MONDAY_MORNING + timedelta(minutes=seq)
            kind = str(type(event).__struct_config__.tag)
            journal.write(db, [NewEntry(head, seq, at, at.date(), at, kind, member, encode(event))])
    return cli


def test_each_event_is_told_in_a_sentence(lived: CommandLine) -> None:
    lines = lived.out("journal").splitlines()
    assert lines[0].split() == ["quand", "unité", "ce", "qui", "s'est", "passé"]
    assert [line.split("front  ")[1] for line in lines[1:]] == [sentence for _, _, sentence in EVENTS]
    assert lines[1].startswith("2026-11-23 09:15:05  front  Ada")


def test_as_data_each_event_has_its_identity_and_its_own_fields(lived: CommandLine) -> None:
    listed = lived.json("journal")
    assert [event["seq"] for event in listed] == list(range(1, len(EVENTS) + 1))
    assert listed[0] == {
        "unit": "front",
        "epoch": "9f2c41aa",
        "seq": 1,
        "at": "2026-11-23T08:15:05.000Z",
        "received_at": "2026-11-23T08:15:05.000Z",
        "kind": "access",
        "member": 1,
        "clock": "synced",
        "credential": ADA,
        "side": "entry",
        "decision": "granted",
        "reason": "granted",
    }


def test_a_time_a_unit_and_a_number_narrow_it(lived: CommandLine) -> None:
    assert len(lived.json("journal", "--since", "2026-11-23T09:20:05")) == len(EVENTS) - 5
    assert len(lived.json("journal", "--since", "2026-11-24")) == 0
    assert len(lived.json("journal", "--unit", "front")) == len(EVENTS)
    assert lived.json("journal", "--unit", "back") == []
    assert [event["seq"] for event in lived.json("journal", "--limit", "2")] == [len(EVENTS) - 1, len(EVENTS)]


def test_a_forgotten_member_is_somebody(lived: CommandLine) -> None:
    lived.out("member", "forget", "1")
    assert "quelqu'un d'oublié\u00a0: est entré" in lived.out("journal")
    assert "Ada" not in lived.out("journal")


def test_an_export_has_the_door_events_that_name_the_member(lived: CommandLine) -> None:
    assert [event["kind"] for event in lived.json("member", "export", "1")["events"]] == ["access", "passage", "unused"]


def test_an_empty_journal_says_so(cli: CommandLine) -> None:
    assert cli.out("journal") == "rien ne s'est passé\n"
    assert cli.json("journal") == []
    assert cli.out("faults") == "rien n'a été mis de côté\n"
    assert cli.json("faults") == []


def test_what_was_set_aside_is_shown_with_its_bytes(cli: CommandLine) -> None:
    payload = b"\xff\x1b[2J{" + b"x" * 100
    fault = Fault(
        received_at=cli.now, kind="malformed", topic="poincon/v1/here/unit/front/events", fault="JSON", payload=payload
    )
    with open_database(cli.site.database_path) as db, db.writing():
        faults.set_aside(db, [fault])
    (shown,) = cli.json("faults")
    assert (shown["kind"], shown["fault"], shown["unit"]) == ("malformed", "JSON", None)
    assert shown["payload"].startswith("\\xff\x1b[2J{xxx")
    assert b64decode(shown["payload_base64"]) == payload
    told = cli.out("faults")
    assert "mal formé" in told
    assert "\x1b" not in told
    assert "…" in told
