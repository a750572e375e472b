"""Mosquitto for real, with the settings of production, on a free port."""

import os
import random
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import paho.mqtt.client as mqtt

from server.demo.ports import Ports, listens
from server.site.connection_settings import BrokerSettings
from server.site.mosquitto import mosquitto_configuration
from tests.patience import wait_until


def free_port() -> int:
    """A port that nobody listens on now, nor is given to outgoing connections while the broker is down."""
    return Ports(random.Random()).tcp()


def leave(client: mqtt.Client) -> None:
    """Disconnects a client whose thread paho runs, and waits until that has ended."""
    thread = client._thread
    client.disconnect()
    with suppress(AttributeError):  # paho looks at its thread twice, which may end in between
        client.loop_stop()
    if thread is not None:
        thread.join()


class Mosquitto:
    """One broker of its own; what it keeps is in `folder`, across `kill` and `start`.

    With a `port` it is the broker of a place, whose files are in `folder` already.
    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if port is not None:
            return
        (folder / "data").mkdir(parents=True, exist_ok=True)
        user = "root" if os.geteuid() == 0 else None
        text = mosquitto_configuration(folder, BrokerSettings(port=self.port), user)
        (folder / "mosquitto.conf").write_text(text)

    def start(self) -> None:
        """Starts it; returns when it listens."""
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log
            )
        process = self._process
        wait_until(lambda: listens(self.port) or process.poll() is not None, why=self.log_text)
        if process.poll() is not None:
            raise RuntimeError(f"Mosquitto does not come up: {self.log_text()}")

    def log_text(self) -> str:
        """All it wrote."""
        return (self.folder / "log").read_text()

    def stop(self) -> None:
        """Ends it as systemd would."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
