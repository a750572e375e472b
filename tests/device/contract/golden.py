"""Each message of the contract as the very bytes that go over the wire, and what they mean."""

from device.contract.access_list import AccessList, Capacity, Grant, Schedule
from device.contract.channels import (
    ACCESS_LIST,
    ACK,
    CARD,
    CARD_ANSWER,
    COMMAND,
    EVENTS,
    HOURS,
    INSIDE,
    OCCUPANCY,
    RECEIPT,
    ROOM,
    STATE,
    Channel,
)
from device.contract.instant import Instant
from device.contract.lent_reader import CardAnswer, CardFrames
from device.contract.messages import (
    Access,
    Ack,
    Alarm,
    AnyEvent,
    Command,
    CommandDone,
    Hours,
    Inside,
    Left,
    Message,
    Occupancy,
    Passage,
    Receipt,
    Reserved,
    RoomSet,
    RoomStatus,
    Run,
    Started,
    Unused,
)
from device.contract.state import Finding, State, UpdateOutcome

AT = Instant.parse("2026-11-23T07:14:05.120Z")
IN_15_MIN, IN_AN_HOUR = Instant.parse("2026-11-23T07:29:05.120Z"), Instant.parse("2026-11-23T08:14:05.120Z")
BADGE = "ntag424:04A1B2C3D4E5F6"

_EVENTS: list[tuple[AnyEvent, bytes]] = [
    (
        Access(at=AT, clock="synced", credential=BADGE, side="toggle", decision="granted", reason="exit"),
        b'{"kind":"access","at":"2026-11-23T07:14:05.120Z","clock":"synced","credential":"ntag424:04A1B2C3D4E5F6",'
        b'"side":"toggle","decision":"granted","reason":"exit"}',
    ),
    (
        Passage(at=AT, clock="unset", age_ms=120, credential=None, side="exit", by="rex"),
        b'{"kind":"passage","at":"2026-11-23T07:14:05.120Z","clock":"unset","age_ms":120,"credential":null,'
        b'"side":"exit","by":"rex"}',
    ),
    (
        Unused(at=AT, clock="holdover", credential=BADGE, side="entry"),
        b'{"kind":"unused","at":"2026-11-23T07:14:05.120Z","clock":"holdover",'
        b'"credential":"ntag424:04A1B2C3D4E5F6","side":"entry"}',
    ),
    (
        Alarm(at=AT, clock="synced", alarm="forced", active=True),
        b'{"kind":"alarm","at":"2026-11-23T07:14:05.120Z","clock":"synced","alarm":"forced","active":true}',
    ),
    (
        RoomSet(at=AT, clock="synced", room="open-space", use="focus", people=5),
        b'{"kind":"room","at":"2026-11-23T07:14:05.120Z","clock":"synced","room":"open-space","use":"focus","people":5}',
    ),
    (
        CommandDone(at=AT, clock="synced", id="c-5b1f", ok=False, error="a desk cannot release"),
        b'{"kind":"command_done","at":"2026-11-23T07:14:05.120Z","clock":"synced","id":"c-5b1f","ok":false,'
        b'"error":"a desk cannot release"}',
    ),
    (
        Started(at=AT, clock="synced", version="0.3.0", cause="crash"),
        b'{"kind":"started","at":"2026-11-23T07:14:05.120Z","clock":"synced","version":"0.3.0","cause":"crash"}',
    ),
    (
        Access(
            at=IN_15_MIN,
            clock="synced",
            credential=BADGE,
            side="entry",
            decision="denied",
            reason="not_authentic",
            list_issued_at=AT,
        ),
        b'{"kind":"access","at":"2026-11-23T07:29:05.120Z","clock":"synced","credential":"ntag424:04A1B2C3D4E5F6",'
        b'"side":"entry","decision":"denied","reason":"not_authentic","list_issued_at":"2026-11-23T07:14:05.120Z"}',
    ),
]
EVENT_BYTES = _EVENTS

GOLDEN: list[tuple[Channel[Message], Message, bytes]] = [
    (
        EVENTS,
        Run(epoch="9f2c41aa", first=1042, sent_at=AT, events=[event for event, _ in _EVENTS]),
        b'{"epoch":"9f2c41aa","first":1042,"sent_at":"2026-11-23T07:14:05.120Z","events":['
        + b",".join(payload for _, payload in _EVENTS)
        + b"]}",
    ),
    (
        STATE,
        State(
            online=True,
            kind="door",
            version="0.3.0",
            since=AT,
            outbox=0,
            list_version=318,
            clock="synced",
            address="192.0.2.17",
            alarms=[],
            disk_free_mb=11800,
        ),
        b'{"online":true,"kind":"door","version":"0.3.0","since":"2026-11-23T07:14:05.120Z","outbox":0,'
        b'"list_version":318,"clock":"synced","address":"192.0.2.17","alarms":[],"disk_free_mb":11800}',
    ),
    (
        STATE,
        State(
            online=True,
            kind="room",
            version="0.4.0",
            since=AT,
            outbox=0,
            list_version=0,
            clock="synced",
            address="192.0.2.18",
            alarms=["reader"],
            disk_free_mb=11800,
            findings=[
                Finding(part="clock", good=True, code="clock_synced"),
                Finding(part="reader_entry", good=False, code="reader_lost", facts={"device": "tty:AMA0:pn532"}),
            ],
        ),
        b'{"online":true,"kind":"room","version":"0.4.0","since":"2026-11-23T07:14:05.120Z","outbox":0,'
        b'"list_version":0,"clock":"synced","address":"192.0.2.18","alarms":["reader"],"disk_free_mb":11800,'
        b'"findings":[{"part":"clock","good":true,"code":"clock_synced"},{"part":"reader_entry","good":false,'
        b'"code":"reader_lost","facts":{"device":"tty:AMA0:pn532"}}]}',
    ),
    (
        STATE,
        State(
            online=True,
            kind="door",
            version="0.4.0",
            since=AT,
            outbox=0,
            list_version=318,
            clock="synced",
            address="192.0.2.17",
            alarms=[],
            disk_free_mb=11800,
            updates=True,
            release="0.4.0-1a2b3c4d",
            update=UpdateOutcome(order="u-1", release="0.4.1-5e6f7a8b", result="went_back", why="alarm reader"),
        ),
        b'{"online":true,"kind":"door","version":"0.4.0","since":"2026-11-23T07:14:05.120Z","outbox":0,'
        b'"list_version":318,"clock":"synced","address":"192.0.2.17","alarms":[],"disk_free_mb":11800,'
        b'"updates":true,"release":"0.4.0-1a2b3c4d","update":{"order":"u-1","release":"0.4.1-5e6f7a8b",'
        b'"result":"went_back","why":"alarm reader"}}',
    ),
    (STATE, State(online=False), b'{"online":false}'),
    (ACK, Ack(epoch="9f2c41aa", through=1043), b'{"epoch":"9f2c41aa","through":1043}'),
    (
        ACCESS_LIST,
        AccessList(
            version=318,
            issued_at=AT,
            hard_anti_passback=False,
            schedules={
                "house": Schedule(
                    weekly={"mon": [("08:00", "18:00")], "sat": []},
                    dates={"2026-12-25": [], "2026-12-05": [("09:00", "12:00")]},
                )
            },
            free_passage=[(AT, Instant.parse("2026-11-23T16:00:00.000Z"))],
            capacity=Capacity(mode="deny", max=35),
            grants=[
                Grant(
                    credential=BADGE,
                    key="00112233445566778899AABBCCDDEEFF",
                    member=17,
                    schedule="house",
                    from_="2026-01-05",
                    until="2026-12-31",
                    standing="ok",
                    role="member",
                )
            ],
        ),
        b'{"version":318,"issued_at":"2026-11-23T07:14:05.120Z","hard_anti_passback":false,"schedules":{"house":'
        b'{"weekly":{"mon":[["08:00","18:00"]],"sat":[]},"dates":{"2026-12-25":[],"2026-12-05":[["09:00","12:00"]]}}},'
        b'"free_passage":[["2026-11-23T07:14:05.120Z","2026-11-23T16:00:00.000Z"]],"capacity":{"mode":"deny","max":35},'
        b'"grants":[{"credential":"ntag424:04A1B2C3D4E5F6","member":17,"schedule":"house","standing":"ok",'
        b'"role":"member","from":"2026-01-05","until":"2026-12-31","key":"00112233445566778899AABBCCDDEEFF"}]}',
    ),
    (
        ACCESS_LIST,
        AccessList(
            version=319,
            issued_at=AT,
            hard_anti_passback=True,
            schedules={},
            free_passage=[],
            capacity=Capacity(mode="warn", max=35),
            grants=[],
            checkout_after_min=45,
        ),
        b'{"version":319,"issued_at":"2026-11-23T07:14:05.120Z","hard_anti_passback":true,"schedules":{},'
        b'"free_passage":[],"capacity":{"mode":"warn","max":35},"grants":[],"checkout_after_min":45}',
    ),
    (INSIDE, Inside(members=[17, 42], as_of=AT), b'{"members":[17,42],"as_of":"2026-11-23T07:14:05.120Z"}'),
    (
        RECEIPT,
        Receipt(
            epoch="9f2c41aa",
            seq=1043,
            paid_by="tickets",
            left=Left(hour=0, half_day=7, day=0, golden=1, nomade=None),
            of=11,
            owed_cents=0,
            expires="2027-03-02",
            greeting="Bonjour",
        ),
        b'{"epoch":"9f2c41aa","seq":1043,"paid_by":"tickets","left":{"hour":0,"half_day":7,"day":0,"golden":1,'
        b'"nomade":null},"of":11,"owed_cents":0,"expires":"2027-03-02","greeting":"Bonjour"}',
    ),
    (
        COMMAND,
        Command(id="c-5b1f", kind="release", expires_at=AT, by="concierge"),
        b'{"id":"c-5b1f","kind":"release","expires_at":"2026-11-23T07:14:05.120Z","by":"concierge"}',
    ),
    (
        COMMAND,
        Command(id="c-5b20", kind="mode", expires_at=AT, by="concierge", value="free", until=AT),
        b'{"id":"c-5b20","kind":"mode","expires_at":"2026-11-23T07:14:05.120Z","by":"concierge","value":"free",'
        b'"until":"2026-11-23T07:14:05.120Z"}',
    ),
    (
        COMMAND,
        Command(id="c-5b21", kind="lend", expires_at=AT, by="Marie", session="c4f10a2b3c4d5e6f", for_s=60),
        b'{"id":"c-5b21","kind":"lend","expires_at":"2026-11-23T07:14:05.120Z","by":"Marie",'
        b'"session":"c4f10a2b3c4d5e6f","for_s":60}',
    ),
    (
        CARD,
        CardFrames(session="c4f10a2b3c4d5e6f", n=1, send=["00A4040C07D276000085010100", "9071000002000000"]),
        b'{"session":"c4f10a2b3c4d5e6f","n":1,"send":["00A4040C07D276000085010100","9071000002000000"]}',
    ),
    (
        CARD,
        CardFrames(session="c4f10a2b3c4d5e6f", n=9, end="done"),
        b'{"session":"c4f10a2b3c4d5e6f","n":9,"end":"done"}',
    ),
    (
        CARD_ANSWER,
        CardAnswer(session="c4f10a2b3c4d5e6f", n=0, uid="04A1B2C3D4E5F6", sak="20", ats="067777710280"),
        b'{"session":"c4f10a2b3c4d5e6f","n":0,"uid":"04A1B2C3D4E5F6","sak":"20","ats":"067777710280"}',
    ),
    (
        CARD,
        CardFrames(session="c4f10a2b3c4d5e6f", n=2, send=["9060000000"], hold=7),
        b'{"session":"c4f10a2b3c4d5e6f","n":2,"send":["9060000000"],"hold":7}',
    ),
    (
        CARD,
        CardFrames(session="c4f10a2b3c4d5e6f", n=3, hold=8, ring="another"),
        b'{"session":"c4f10a2b3c4d5e6f","n":3,"hold":8,"ring":"another"}',
    ),
    (
        CARD,
        CardFrames(session="c4f10a2b3c4d5e6f", n=9, end="refused", ring="silence"),
        b'{"session":"c4f10a2b3c4d5e6f","n":9,"end":"refused","ring":"silence"}',
    ),
    (
        CARD_ANSWER,
        CardAnswer(session="c4f10a2b3c4d5e6f", n=1, got=[], gone=True, hold=7),
        b'{"session":"c4f10a2b3c4d5e6f","n":1,"got":[],"gone":true,"hold":7}',
    ),
    (
        CARD_ANSWER,
        CardAnswer(session="c4f10a2b3c4d5e6f", n=1, got=["9000"], gone=True),
        b'{"session":"c4f10a2b3c4d5e6f","n":1,"got":["9000"],"gone":true}',
    ),
    (
        COMMAND,
        Command(
            id="u-1",
            kind="update",
            expires_at=AT,
            by="Marie",
            release="0.4.1-5e6f7a8b",
            sha256="00" * 32,
            signature=60 * "A" + "==",
            path="/release/0.4.1-5e6f7a8b",
            port=8080,
        ),
        b'{"id":"u-1","kind":"update","expires_at":"2026-11-23T07:14:05.120Z","by":"Marie",'
        b'"release":"0.4.1-5e6f7a8b","sha256":"' + b"00" * 32 + b'","signature":"' + 60 * b"A" + b'==",'
        b'"path":"/release/0.4.1-5e6f7a8b","port":8080}',
    ),
    (
        OCCUPANCY,
        Occupancy(present=17, guests=2, comfortable=25, max=35, level="comfortable", uncertain=0, as_of=AT),
        b'{"present":17,"guests":2,"comfortable":25,"max":35,"level":"comfortable","uncertain":0,'
        b'"as_of":"2026-11-23T07:14:05.120Z"}',
    ),
    (
        HOURS,
        Hours(open=True, until=AT, opens_at=None),
        b'{"open":true,"until":"2026-11-23T07:14:05.120Z","opens_at":null}',
    ),
    (
        ROOM,
        RoomStatus(
            name="Open space",
            seats=12,
            people=5,
            use="focus",
            label="Travail calme",
            colour="#2A9D8F",
            since=AT,
            set_by="dial",
        ),
        b'{"name":"Open space","seats":12,"people":5,"use":"focus","label":"Travail calme","colour":"#2A9D8F",'
        b'"since":"2026-11-23T07:14:05.120Z","set_by":"dial"}',
    ),
    (
        ROOM,
        RoomStatus(
            name="Salle de réunion",
            seats=8,
            people=0,
            use="free",
            label="Libre",
            colour="#8BC34A",
            since=AT,
            set_by="closing",
            reservation=Reserved(from_=AT, until=IN_AN_HOUR, let_go_at=IN_15_MIN),
        ),
        b'{"name":"Salle de r\xc3\xa9union","seats":8,"people":0,"use":"free","label":"Libre","colour":"#8BC34A",'
        b'"since":"2026-11-23T07:14:05.120Z","set_by":"closing","reservation":{"from":"2026-11-23T07:14:05.120Z",'
        b'"until":"2026-11-23T08:14:05.120Z","let_go_at":"2026-11-23T07:29:05.120Z"}}',
    ),
]
