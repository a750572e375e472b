"""`poincon badge enrol`, `rekey`, `wipe` and `read`: with a desk at the place's broker, and without one."""

import socket
from collections.abc import Callable, Iterator

import pytest

from device.contract.instant import Instant
from device.contract.state import State
from device.simulation.cards import Blank
from server.enrolment import lent_reader
from server.mqtt.embedded_broker import EmbeddedBroker
from server.store.database import open_database
from server.store.units import units
from tests.enrolling_place import drawn
from tests.mqtt_desk import MqttDesk
from tests.patience import wait_until
from tests.played_desk import Shown
from tests.server.cli.conftest import MONDAY_MORNING, CommandLine
from tests.signed_card import CREDENTIAL, SIGNED_UID, signed_card

CLASSIC = Shown(bytes.fromhex("04A1B2C3"), Blank(), 0x08, b"")

Desks = Callable[[Shown | None], MqttDesk]


@pytest.fixture
def desk(cli: CommandLine) -> Iterator[Desks]:
    """A desk's unit at the place's broker, with a card that is held to it once its reader is lent."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    cli.set("port = 1883", f"port = {port}")
    cli.out("unit", "add", "comptoir", "--kind", "desk")
    cli.out("member", "add", "Ada")
    cli.out("member", "add", "Bo")
    broker = EmbeddedBroker("127.0.0.1", port)
    broker.start()
    desks: list[MqttDesk] = []

    def connected(card: Shown | None) -> MqttDesk:
        desks.append(MqttDesk(port, to_hold=card))
        return desks[-1]

    yield connected
    for each in desks:
        each.leave()
    broker.stop()


def test_a_badge_is_enrolled_read_given_new_keys_and_made_blank(cli: CommandLine, desk: Desks) -> None:
    card = Shown(SIGNED_UID, signed_card(drawn("card")))
    unit = desk(card)
    result = cli.run("badge", "enrol", "1", "--unit", "comptoir")
    assert (result.exit_code, result.stdout) == (0, f"{CREDENTIAL} est le badge de Ada, avec ses propres clés\n")
    assert result.stderr.splitlines() == [
        "présentez un badge au lecteur de comptoir",
        "un badge est là\u00a0: laissez-le en place",
        "1/3 lecture du badge",
        "2/3 écriture de ses clés\u00a0: laissez-le en place",
        "3/3 inscription dans les livres",
    ]
    wait_until(lambda: unit.sent[-1].end == "done")
    assert [(each["credential"], each["member"]) for each in cli.json("badge", "list")] == [(CREDENTIAL, 1)]
    assert cli.out("badge", "read", "--unit", "comptoir").splitlines() == [
        f"{CREDENTIAL} porte des clés du lieu",
        "le badge de Ada (n° 1)",
        "NTAG 424 DNA",
        "clés de la version 1\u00a0; l'actuelle est la 1",
        "authentique",
    ]
    read = cli.json("badge", "read", "--unit", "comptoir")
    assert (read["what"], read["member"], read["key_version"], read["is_genuine"]) == ("read", 1, 1, True)
    assert cli.out("badge", "rekey", "--unit", "comptoir") == f"{CREDENTIAL} a de nouvelles clés\n"
    assert cli.out("badge", "wipe", "--unit", "comptoir") == f"{CREDENTIAL} est vierge, et n'est plus à personne\n"
    assert cli.json("badge", "list") == []
    assert cli.out("badge", "read", "--unit", "comptoir").splitlines()[:2] == [f"{CREDENTIAL} est vierge", "à personne"]


def test_a_card_without_keys_is_given_out_with_uid(cli: CommandLine, desk: Desks) -> None:
    desk(CLASSIC)
    refused = cli.run("badge", "enrol", "1", "--unit", "comptoir")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[-1].endswith(
        "cette carte (MIFARE Classic 1K) n'a pas de clés, et n'importe qui peut la copier\u00a0: "
        "pour la donner quand même, ajoutez --uid"
    )
    told = cli.out("badge", "enrol", "1", "--unit", "comptoir", "--uid")
    assert told == "uid:04A1B2C3 est le badge de Ada\u00a0; il n'a pas de clés et peut être copié\n"
    assert "peut être copié" in cli.out("badge", "read", "--unit", "comptoir")


def test_somebody_elses_badge_is_refused_and_the_ring_is_told(cli: CommandLine, desk: Desks) -> None:
    unit = desk(Shown(SIGNED_UID, signed_card(drawn("card"))))
    cli.out("badge", "enrol", "1", "--unit", "comptoir")
    refused = cli.run("badge", "enrol", "2", "--unit", "comptoir")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "est le badge de Ada (n° 1)" in refused.stderr.replace("\u00a0", " ")
    wait_until(lambda: unit.sent and unit.sent[-1].end == "refused")


def test_a_badge_is_awaited_for_so_long(cli: CommandLine, desk: Desks) -> None:
    unit = desk(None)
    refused = cli.run("badge", "read", "--unit", "comptoir", "--for", "1")
    assert refused.exit_code == 1
    assert "aucun badge n'a été présenté au lecteur en 1 s" in refused.stderr
    assert unit.orders[0].for_s == 1 + lent_reader.MARGIN_S
    wait_until(lambda: unit.sent and unit.sent[-1].end == "refused")


def test_a_unit_that_cannot_lend_says_why(cli: CommandLine, desk: Desks) -> None:
    unit = desk(None)
    unit.refuses = "no reader to lend"
    refused = cli.run("badge", "read", "--unit", "comptoir")
    assert "comptoir ne peut pas prêter son lecteur\u00a0: no reader to lend" in refused.stderr


def test_a_unit_that_does_not_answer_is_not_waited_for_for_ever(
    cli: CommandLine, desk: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lent_reader, "VALID_S", 0.2)
    desk(None).is_silent = True
    assert "est-elle connectée" in cli.run("badge", "read", "--unit", "comptoir").stderr


def test_what_cannot_be_is_said_before_anything_is_lent(cli: CommandLine) -> None:
    cli.set("port = 1883", "port = 9")
    cli.out("unit", "add", "front", "--kind", "door")
    assert "pas d'unité back" in cli.refusal("badge", "read", "--unit", "back")
    with open_database(cli.site.database_path) as db:
        units.note_state(db, "front", state(MONDAY_MORNING), now=MONDAY_MORNING)
    assert "front n'a pas de lecteur à prêter" in cli.refusal("badge", "read", "--unit", "front")
    cli.out("unit", "add", "comptoir", "--kind", "desk")
    assert "pas de courtier à 127.0.0.1:9" in cli.refusal("badge", "read", "--unit", "comptoir")


def test_a_member_who_is_not_there_is_told_before_a_badge_is_awaited(cli: CommandLine, desk: Desks) -> None:
    unit = desk(None)
    assert "aucun membre n'a le numéro 99" in cli.run("badge", "enrol", "99", "--unit", "comptoir").stderr
    assert unit.orders == []


def state(now: Instant) -> State:
    """What a door says of itself."""
    return State(
        online=True,
        kind="door",
        version="0.1.0",
        since=now,
        outbox=0,
        list_version=1,
        clock="synced",
        address="192.0.2.17",
        alarms=[],
        disk_free_mb=9_000,
    )
