"""A badge's whole way by the command line, from blank to blank, where broker, desk and door speak TLS."""

from collections.abc import Iterator

import pytest

from device.simulation.cards import FACTORY_KEYS
from tests.live_place import Program, is_kept
from tests.network_place import NetworkPlace, Tapped, desfire, ntag424
from tests.patience import wait_until


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkPlace]:
    with NetworkPlace(tmp_path_factory.mktemp("network")) as place:
        place.start()
        yield place


def test_from_blank_to_blank_by_commands(place: NetworkPlace) -> None:
    anne, bruno = ntag424(), desfire()
    former = place.key_versions[-1]
    present = former + 1

    assert place.tap(anne) == Tapped("denied", "unknown_credential")

    assert place.carried_out(anne, "enrol", "1") == f"{anne.credential} est le badge de Anne, avec ses propres clés"
    place.carried_out(bruno, "enrol", "2")
    for badge in (anne, bruno):
        place.wait_for_door(badge, key_version=former)
        assert place.tap(badge) == Tapped("granted", "granted", former)

    place.command("key", "rotate")
    assert place.key_versions == [former, present]
    assert place.carried_out(anne, "rekey") == f"{anne.credential} a de nouvelles clés"
    place.wait_for_door(anne, key_version=present)
    assert place.tap(anne) == Tapped("granted", "granted", present)
    assert place.tap(bruno) == Tapped("granted", "granted", former)
    assert place.json("key", "list")["left"] == 1
    place.command("key", "finish", status=1)

    place.carried_out(bruno, "rekey")
    place.command("key", "finish")
    assert place.key_versions == [present]
    place.wait_for_door(bruno, key_version=present)
    assert place.tap(bruno) == Tapped("granted", "granted", present)

    before = place.known(anne)
    place.carried_out(anne, "rekey")
    after = place.known(anne)
    assert before is not None
    assert after is not None
    assert before.enrolment != after.enrolment
    assert place.tap(anne) == Tapped("granted", "granted", present)

    place.command("badge", "revoke", anne.credential, "--as", "lost")
    place.wait_for_door(anne, standing="revoked")
    assert place.tap(anne)[:2] == ("denied", "revoked")

    assert place.carried_out(anne, "wipe") == f"{anne.credential} est vierge, et n'est plus à personne"
    assert list(anne.card.keys) == list(FACTORY_KEYS)
    assert place.carried_out(anne, "read").startswith(f"{anne.credential} est vierge\nà personne")
    place.wait_for_door(anne)
    assert place.tap(anne) == Tapped("denied", "unknown_credential")
    assert place.tap(bruno) == Tapped("granted", "granted", present)
    place.command("verify")


def test_a_door_is_opened_while_an_enrolment_waits_for_its_badge(place: NetworkPlace) -> None:
    """And a second command for a badge says that it waits, and begins when the first is over."""
    others: list[Program] = []
    try:
        others.append(place.begin("enrol", "1", until="présentez un badge"))
        assert place.command("open", "front") == "front est ouverte\n"
        place.wait(is_kept("front", "command_done", '"ok":true'))
        others.append(place.begin("read", until="une autre commande s'occupe d'un badge"))
        assert place.command("open", "front") == "front est ouverte\n"
        assert [program.is_running for program in others] == [True, True]
        assert "présentez un badge" not in others[1].log_text()
        others[0].kill()
        wait_until(lambda: "présentez un badge" in others[1].log_text(), why=others[1].log_text)
    finally:
        for program in others:
            program.kill()
