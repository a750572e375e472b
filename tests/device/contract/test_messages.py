import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from device.contract.channels import ACK, CHANNELS, EVENTS, STATE
from device.contract.codec import LooseRun, decode, decode_event, decode_events, encode
from device.contract.errors import Malformed
from device.contract.messages import MAX_RUN, Ack, Run
from device.contract.schema import FOLDER, file_name, schema, text
from device.contract.state import MAY_LACK
from tests.device.contract.golden import AT, EVENT_BYTES, GOLDEN

IDS = [type(message).__name__ for _, message, _ in GOLDEN]


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_a_message_has_these_very_bytes(channel, message, payload):
    assert encode(message) == payload


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_these_bytes_are_that_message(channel, message, payload):
    assert decode(payload, channel.message, channel.limit) == message


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_an_unknown_field_is_ignored(channel, message, payload):
    assert decode(b'{"later":{"x":[1]},' + payload[1:], channel.message) == message


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_each_missing_field_makes_it_malformed(channel, message, payload):
    fields = json.loads(payload)
    optional = {"reservation", "checkout_after_min", "gone", "hold", "ring", *MAY_LACK}
    if type(message).__name__ == "Command":
        optional = {"value", "until"} if message.kind == "release" else {"until"}
    for name in fields.keys() - optional:
        if type(message).__name__ == "State" and not message.online:
            continue
        lacking = json.dumps({key: value for key, value in fields.items() if key != name}).encode()
        with pytest.raises(Malformed):
            decode(lacking, channel.message)


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_each_ill_typed_field_makes_it_malformed(channel, message, payload):
    fields = json.loads(payload)
    for name in fields:
        for wrong in ({"x": 1}, [[1]], "\x00no\x00", 1.5):
            if wrong == fields[name] or (name in ("id", "by", "greeting", "name", "label", "address", "version")):
                continue
            with pytest.raises(Malformed):
                decode(json.dumps(fields | {name: wrong}).encode(), channel.message)


@pytest.mark.parametrize(("channel", "message", "payload"), GOLDEN, ids=IDS)
def test_outsiders_schema_admits_what_is_sent(channel, message, payload):
    jsonschema.validate(json.loads(payload), schema(channel), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.path)
def test_the_schema_beside_the_code_is_that_of_the_code(channel):
    assert (FOLDER / file_name(channel)).read_text("utf-8") == text(channel), "run: make schemas"


def test_no_schema_is_left_over():
    assert {path.name for path in FOLDER.iterdir()} == {file_name(channel) for channel in CHANNELS}


def test_every_channel_has_its_golden_bytes():
    assert {channel.path for channel, _, _ in GOLDEN} == {channel.path for channel in CHANNELS}


@pytest.mark.parametrize(("event", "payload"), EVENT_BYTES, ids=lambda value: type(value).__name__)
def test_an_event_has_these_very_bytes(event, payload):
    assert encode(event) == payload
    assert decode_event(payload) == event


def test_an_unset_clock_demands_the_age():
    payload = EVENT_BYTES[1][1].replace(b'"age_ms":120,', b"")
    with pytest.raises(Malformed, match="age_ms"):
        decode_event(payload)


@pytest.mark.parametrize("credential", ["04A1B2C3", "uid:04a1b2c3", "uid:04A1B2", "rfid:04A1B2C3", "uid:04A1B2C3\\n"])
def test_a_credential_is_scheme_and_upper_case_hex(credential):
    payload = EVENT_BYTES[0][1].replace(b"ntag424:04A1B2C3D4E5F6", credential.encode())
    with pytest.raises(Malformed, match="credential"):
        decode_event(payload)


def test_one_malformed_event_does_not_take_the_others_with_it():
    run = b'{"epoch":"9f2c41aa","first":1,"sent_at":"2026-11-23T07:14:05.120Z","events":[%s,{"kind":"flood"},7,%s]}' % (
        EVENT_BYTES[0][1],
        EVENT_BYTES[3][1],
    )
    found = decode_events(decode(run, LooseRun))
    assert [found[0], found[3]] == [EVENT_BYTES[0][0], EVENT_BYTES[3][0]]
    assert [type(fault) for fault in found[1:3]] == [Malformed, Malformed]


@pytest.mark.parametrize("count", [0, MAX_RUN + 1])
def test_a_run_has_one_to_two_hundred_events(count):
    run = LooseRun(epoch="9f2c41aa", first=1, sent_at=AT, events=[Raw(EVENT_BYTES[0][1])] * count)
    with pytest.raises(Malformed):
        decode_events(run)


def test_a_payload_over_its_limit_is_malformed():
    with pytest.raises(Malformed, match="65537 bytes"):
        decode(b" " * 65_537, Ack, ACK.limit)


def test_a_number_too_large_for_the_books_is_malformed():
    with pytest.raises(Malformed):
        decode(b'{"epoch":"9f2c41aa","through":9007199254740993}', Ack)


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x00", b"\xff\xfe", b"null", b"[]", b"{", b'{"epoch":"9f2c41aa"', b"[" * 100_000, b'{"online":"\\ud800"}'],
)
@pytest.mark.parametrize("kind", [Run, Ack, STATE.message])
def test_rubbish_is_malformed_and_nothing_worse(payload, kind):
    with pytest.raises(Malformed):
        decode(payload, kind, 10**6)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_malformed(payload):
    for channel in (EVENTS, STATE, ACK):
        try:
            decode(payload, channel.message)
        except Malformed:
            continue


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists))
def test_any_json_in_a_run_is_an_event_or_malformed(value):
    payload = json.dumps(value).encode()
    try:
        decode_event(payload)
    except Malformed as fault:
        assert str(fault)
