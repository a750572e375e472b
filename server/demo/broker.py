"""The broker of the demo: Mosquitto where it is installed, as in production; else amqtt inside this process."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from server.demo.process import Process
from server.site.mosquitto import CONFIGURATION

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin")
"""Where Debian puts Mosquitto; an ordinary user's PATH has neither."""


class Runner(Protocol):
    """Something that runs until it is killed or asked to end."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""

    @property
    def last_words(self) -> str:
        """The last line of its log."""

    def kill(self) -> None:
        """Ends it at once, with no farewell; returns when it is gone."""

    def ask_to_end(self) -> None:
        """Tells it to end; returns at once."""

    def see_out(self) -> None:
        """Returns when it has ended."""


def mosquitto() -> str | None:
    """The program, where it is installed."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *SYSTEM_FOLDERS))
    return shutil.which("mosquitto", path=path)


def mosquitto_user() -> str | None:
    """Who Mosquitto must be told to stay, so that it does not change its user and outlive the demo by that."""
    return "root" if os.geteuid() == 0 else None


def begin_broker(folder: Path, port: int, log_file: Path, ended: Callable[[int], None]) -> Runner:
    """A broker that begins to listen; `folder` has Mosquitto's files. Raises `Refused` where amqtt cannot listen."""
    program = mosquitto()
    if program is None:
        return InsideBroker(port)
    return Process([program, "-c", str(folder / CONFIGURATION)], log_file, lambda line: None, ended)


class InsideBroker:
    """amqtt on a thread of this process: it knows no difference between being killed and being told to end."""

    last_words = ""

    def __init__(self, port: int) -> None:
        from server.mqtt.embedded_broker import EmbeddedBroker  # slow to import, and not needed beside Mosquitto

        self._broker = EmbeddedBroker("127.0.0.1", port)
        self._broker.start()
        self.is_running = True

    def kill(self) -> None:
        """Disconnects everybody and closes the port."""
        self.see_out()

    def ask_to_end(self) -> None:
        """It is ended when it is seen out."""

    def see_out(self) -> None:
        """Disconnects everybody and closes the port."""
        self._broker.stop()
        self.is_running = False
