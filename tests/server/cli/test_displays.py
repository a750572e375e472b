"""`poincon display`: an identity for each screen, given and taken back."""

import stat

import pytest

from server.site.display_card import AUTHORITY, CERTIFICATE, KEY
from tests.server.cli.conftest import CommandLine


@pytest.fixture
def network(cli: CommandLine) -> CommandLine:
    """A place whose broker asks for certificates."""
    cli.set("tls = false", "tls = true")
    return cli


def test_a_display_gets_a_folder_with_an_identity_of_its_own(network: CommandLine) -> None:
    assert "hall" in network.out("display", "add", "hall")
    folder = network.folder / "displays" / "hall"
    assert sorted(path.name for path in folder.iterdir()) == sorted((AUTHORITY, CERTIFICATE, KEY))
    assert stat.S_IMODE((folder / KEY).stat().st_mode) == 0o600
    assert network.json("display", "list") == [{"name": "hall"}]
    assert "déjà" in network.refusal("display", "add", "hall")
    assert "déjà" in network.refusal("display", "add", "hall", "--out", str(network.folder / "elsewhere"))


def test_a_display_is_listed_until_it_is_removed(network: CommandLine) -> None:
    out = network.folder / "elsewhere"
    assert network.json("display", "add", "hall", "--out", str(out)) == {"name": "hall", "folder": str(out)}
    assert "hall" in network.out("display", "list")
    removed = network.run("display", "remove", "hall")
    assert "retiré" in removed.stdout
    assert "systemctl restart mosquitto" in removed.stderr
    assert "aucun écran" in network.out("display", "list")
    assert "pas d'écran hall" in network.refusal("display", "remove", "hall")


def test_where_the_broker_asks_nobody_there_is_no_identity_to_make(cli: CommandLine) -> None:
    assert "broker.tls" in cli.refusal("display", "add", "hall")


def test_home_assistant_is_a_display_with_rules_of_its_own(network: CommandLine) -> None:
    network.out("display", "add", "--home-assistant")
    assert network.json("display", "list") == [{"name": "home-assistant"}]
    rules = (network.folder / "broker" / "acl").read_text()
    assert "user display.home-assistant\n" in rules
    assert "topic read homeassistant/#" in rules


def test_a_display_has_a_name_or_is_home_assistant(network: CommandLine) -> None:
    for words in ((), ("hall", "--home-assistant")):
        assert network.run("display", "add", *words).exit_code == 2
    assert network.json("display", "list") == []
