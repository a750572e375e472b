"""A newer card copied onto a server that has its place: an update, and how it ended on the card."""

from pathlib import Path

import pytest

from tests.firmware.boot_card import Card
from tests.firmware.fake_machine import FakeMachine, seal


@pytest.fixture
def server(tmp_path: Path) -> Card:
    """One that has its place, and onto whose card that of a newer release was copied; its updater is played."""
    machine = FakeMachine(tmp_path / "machine")
    card = Card(machine, "server", "poincon")
    assert card.start().returncode == 0
    (machine.root / "var/lib/poincon/poincon.toml").write_text("[web]\nport = 8080\n")
    (card.release / "VERSION").write_text("0.3.0\n")
    return card


def updater(card: Card, text: str) -> str:
    """Puts a stand-in of `update-server` into the card's release; gives the release's id."""
    path = card.release / "firmware-config/update/update-server"
    path.write_text(f'#!/bin/sh\necho "update-server $*" >>"$CALLS"\n{text}')
    return seal(card.release)


def test_a_newer_card_of_a_server_with_a_place_is_an_update_with_its_way_back(server: Card) -> None:
    newer = updater(server, "")
    assert server.start().returncode == 0
    calls = server.machine.calls
    assert f"update-server {server.release}" in calls
    assert "systemctl daemon-reload" in calls, "the services of the newer one are put in place"
    assert f"La mise à jour a réussi : {newer} tourne." in server.journal
    assert server.start().returncode == 0
    assert server.machine.calls == [], "done"


def test_a_server_that_went_back_says_so_on_its_card_and_does_not_try_again(server: Card) -> None:
    former = (server.machine.root / "opt/poincon/current").readlink().name
    newer = updater(server, "echo 'update-server: it does not answer' >&2\nexit 3\n")
    assert server.start().returncode == 2
    assert (server.machine.root / "opt/poincon/current").readlink().name == former, "nothing is installed over it"
    assert (
        f"{newer} n'a pas tenu (update-server: it does not answer). Le serveur est revenu à {former}" in server.journal
    )
    assert server.start().returncode == 0
    assert not any(call.startswith("update-server") for call in server.machine.calls)


def test_an_update_that_did_not_begin_is_told_and_tried_at_the_next_start(server: Card) -> None:
    updater(server, "echo 'update-server: no backup, so no update' >&2\nexit 1\n")
    for _ in range(2):
        assert server.start().returncode == 2
        assert any(call.startswith("update-server") for call in server.machine.calls)
    assert "nouvel essai au prochain démarrage" in server.journal
