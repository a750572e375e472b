"""Any bytes on any topic, at the server and at a unit: set aside or dropped, and everything goes on."""

import json
import random
from collections.abc import Callable
from typing import Any

from paho.mqtt.publish import multiple

from device.contract.channels import CHANNELS
from server.store.journal import faults
from tests.live_place import SITE, LivePlace, Program, is_kept

DOORS = ("front", "back")
TOPICS = [
    *(channel.topic(SITE, name) for channel in CHANNELS for name in (*DOORS, "nobody")),
    f"poincon/v1/{SITE}/unit/back/events/deeper",
    f"poincon/v1/{SITE}/unit/back/state/",
    f"poincon/v1/{SITE}/unit/Ünit ☂/events",
]
NUMBERS = (-1, 0, 1, 2**31, 2**53 + 1, 10**400, 1.5, -0.0, 1e308)
TEXTS = ("", "é", "\x00", "🕳" * 300, "2026-02-30T25:61:61.000Z", "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00.000Z")
GOOD = {
    "epoch": "0badcafe",
    "first": 1,
    "sent_at": "2026-11-23T07:14:05.190Z",
    "events": [
        {"at": "2026-11-23T07:14:05.120Z", "clock": "synced", "kind": "passage", "credential": None, "side": "entry"}
    ],
    "online": True,
    "version": 1,
    "through": 2**52,
    "id": "c-1",
    "kind": "release",
    "expires_at": "2026-11-23T07:14:05.190Z",
    "by": "nobody",
}


def any_bytes_campaign(place: LivePlace, messages: int, seed: int) -> int:
    """Sends so many messages, then sees that doors and server still work; how many were set aside."""
    source = random.Random(seed)
    for name in DOORS:
        place.add_unit(name, has_contact=False, debounce_s=0.1)
    programs = _begun(place)
    before = [program.pid for program in programs]
    multiple([_any_message(source) for _ in range(messages)], port=place.broker.port, client_id="vandal")
    for name, credential in zip(DOORS, place.people, strict=False):
        assert place.units[name].tap(credential) == "granted granted"
        place.wait(is_kept(name, "passage", credential))
    assert [program.pid for program in programs if program.is_running] == before
    for program in programs:
        assert "Traceback" not in program.log_text(), program.log_text()[-3000:]
    place.command("verify")
    with place.db() as db:
        return faults.count(db)


def _begun(place: LivePlace) -> list[Program]:
    place.start_server()
    for name in DOORS:
        place.units[name].start()
        place.wait_for_list(name)
    return [place.server, *place.units.values()]


def _any_message(source: random.Random) -> tuple[str, bytes, int, bool]:
    payload = source.choice(_KINDS)(source)
    return source.choice(TOPICS), payload, 1, source.random() < 0.1


def _noise(source: random.Random) -> bytes:
    return source.randbytes(source.choice((1, 10, 200, 70_000)))


def _nested(source: random.Random) -> bytes:
    return source.choice((b"[", b'{"a":')) * source.choice((10, 5_000))


def _cut_short(source: random.Random) -> bytes:
    whole = json.dumps(GOOD).encode()
    return whole[: source.randrange(len(whole))]


def _flipped(source: random.Random) -> bytes:
    whole = bytearray(json.dumps(GOOD).encode())
    for _ in range(source.randrange(1, 5)):
        whole[source.randrange(len(whole))] = source.randrange(256)
    return bytes(whole)


def _wrong_kinds(source: random.Random) -> bytes:
    table = {key: value if source.random() < 0.7 else _any_value(source) for key, value in GOOD.items()}
    return json.dumps(table).encode()


def _any_value(source: random.Random, depth: int = 0) -> Any:
    if depth < 2 and source.random() < 0.3:
        return [_any_value(source, depth + 1) for _ in range(source.randrange(4))]
    return source.choice((*NUMBERS, *TEXTS, None, True, {}, []))


_KINDS: tuple[Callable[[random.Random], bytes], ...] = (_noise, _nested, _cut_short, _flipped, _wrong_kinds)
