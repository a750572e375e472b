"""`poincon init`, `broker` and `serve`."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from server.demo.ports import listens
from server.errors import Refusal
from server.site.folder_lock import alone_in
from server.site.settings import SiteSettings
from server.store.database import open_database
from tests.mosquitto import free_port, leave
from tests.patience import PATIENCE_S, wait_until
from tests.server.cli.conftest import CommandLine

WAIT_S = PATIENCE_S


def test_init_makes_a_place_that_can_be_used_at_once(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "deep" / "place")
    made = line.run("init", str(line.folder), "--id", "la-fab", "--name", "La Fab", "--timezone", "Indian/Reunion")
    assert made.exit_code == 0
    assert line.site.settings.site == SiteSettings("la-fab", "La Fab", "Indian/Reunion")
    assert line.json("member", "list") == []


def test_init_refuses_a_folder_that_has_a_place(cli: CommandLine) -> None:
    cli.out("member", "add", "Ada")
    assert "a déjà un lieu" in cli.refusal("init", str(cli.folder))
    assert len(cli.json("member", "list")) == 1


def test_init_refuses_a_name_that_cannot_go_over_the_wire(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "place")
    assert line.run("init", str(line.folder), "--id", "La Fab").exit_code == 2
    assert not line.folder.exists()


def test_init_refuses_a_name_of_two_lines(tmp_path: Path) -> None:
    said = CommandLine(tmp_path / "new").refusal("init", str(tmp_path / "new"), "--name", "Le lieu\nd'ici")
    assert "caractères de contrôle" in said
    assert not (tmp_path / "new").exists()


def test_init_refuses_a_time_zone_that_is_none(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "place")
    assert line.run("init", str(line.folder), "--timezone", "Europe/Sainte").exit_code == 2
    assert not line.folder.exists()


def test_init_asks_for_tls_on_a_network_and_for_nothing_on_one_machine(tmp_path: Path) -> None:
    network, machine = CommandLine(tmp_path / "network"), CommandLine(tmp_path / "machine")
    network.out("init", str(network.folder), "--host", "192.0.2.10")
    machine.out("init", str(machine.folder))
    assert (network.site.settings.broker.tls, network.site.settings.broker.port) == (True, 8883)
    assert (machine.site.settings.broker.tls, machine.site.settings.broker.port) == (False, 1883)
    assert "require_certificate true" in (network.site.broker_folder / "mosquitto.conf").read_text()
    assert "listener 1883 127.0.0.1" in (machine.site.broker_folder / "mosquitto.conf").read_text()


def test_the_brokers_files_follow_the_settings(cli: CommandLine) -> None:
    cli.set("port = 1883", "port = 1899")
    assert "mosquitto.conf" in cli.json("broker", "--user", "root")["configuration"]
    configuration = (cli.site.broker_folder / "mosquitto.conf").read_text()
    assert "listener 1899 127.0.0.1" in configuration
    assert "user root" in configuration


@pytest.fixture
def served(cli: CommandLine) -> Iterator[CommandLine]:
    """A place whose server runs, with its own broker."""
    cli.set("port = 1883", f"port = {free_port()}")
    cli.set("port = 8080", f"port = {free_port()}")
    cli.set("embedded = false", "embedded = true")
    command = [sys.executable, "-c", "from server.cli import main; main()", "-C", str(cli.folder), "serve"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "POINCON_HOME": ""})
    yield cli
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0, log
    assert "Traceback" not in log


class Door:
    """A unit's place at the broker: it hears what the server sends it."""

    def __init__(self, cli: CommandLine, name: str) -> None:
        self.lists: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._seen = 0
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv311)
        self.client.on_message = self._hear
        port = cli.site.settings.broker.port
        wait_until(lambda: listens(port))
        self.client.connect("127.0.0.1", port)
        self.client.subscribe(f"poincon/v1/here/unit/{name}/access-list", qos=1)
        self.client.loop_start()

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        with self._news:
            self.lists.append(json.loads(message.payload))
            self._news.notify_all()

    def granted(self) -> list[str]:
        """Whom the next list lets in; waits for one that nobody has seen yet."""
        wait_until(lambda: len(self.lists) > self._seen, changed=self._news)
        self._seen = len(self.lists)
        return [grant["credential"] for grant in self.lists[-1]["grants"] if grant["standing"] == "ok"]


def test_what_the_command_line_changes_is_at_the_door_soon(served: CommandLine) -> None:
    served.out("unit", "add", "front", "--kind", "door")
    served.out("member", "add", "Ada")
    door = Door(served, "front")
    try:
        assert door.granted() == []
        served.out("badge", "assign", "1", "uid:04A1B2C3D4E5F6")
        assert wait_until(door.granted) == ["uid:04A1B2C3D4E5F6"]
    finally:
        leave(door.client)


def test_a_second_server_on_the_folder_is_refused_with_one_line(served: CommandLine) -> None:
    served.out("unit", "add", "front", "--kind", "door")
    door = Door(served, "front")  # the server is up
    assert "un serveur y tourne déjà (processus" in served.refusal("serve")
    served.out("member", "add", "Ada")  # whoever else uses the folder goes on
    leave(door.client)


def test_a_server_that_was_killed_leaves_the_folder_free(tmp_path: Path) -> None:
    held = "from server.site.folder_lock import alone_in; from pathlib import Path; import sys, time\n"
    held += "with alone_in(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", held, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(Refusal, match=f"server_runs_already .*process: {process.pid}"), alone_in(tmp_path):
        pass
    process.kill()
    process.communicate()
    with alone_in(tmp_path):
        pass


@pytest.mark.parametrize("words", [("member", "add", "Ada"), ("badge", "list"), ("verify",)])
def test_a_folder_of_a_newer_program_is_refused(cli: CommandLine, words: tuple[str, ...]) -> None:
    with open_database(cli.site.database_path) as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('poincon', 'new', '')")
        db.execute("PRAGMA user_version = 9000000")
    assert "installer la version 9.0.0 ou une plus récente" in cli.refusal(*words)
