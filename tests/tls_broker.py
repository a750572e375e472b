"""Mosquitto as a place with TLS has it, and clients under certificates, which keep what is delivered to them."""

import getpass
import shutil
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from server.site import folder as sites
from server.site.certificates import Identity
from server.site.folder import SiteFolder
from server.site.settings import SiteSettings
from tests.mosquitto import free_port, leave
from tests.patience import PATIENCE_S, eventually

HERE = "poincon/v1/here"


def made_place(folder: Path, host: str = "broker.test") -> SiteFolder:
    """A place with TLS, whose Mosquitto runs as whoever runs the tests."""
    sites.create(folder, SiteSettings(id="here"), host)
    toml = folder / "poincon.toml"
    toml.write_text(toml.read_text().replace("port = 8883", f"port = {free_port()}"))
    site = sites.find(folder)
    site.write_broker_files(user=getpass.getuser())
    return site


class TlsBroker:
    """The broker of `site`."""

    def __init__(self, site: SiteFolder) -> None:
        self.site, self.port = site, site.settings.broker.port
        self.start()

    def start(self) -> None:
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.log = self.site.broker_folder / "log"
        with self.log.open("ab") as log:
            configuration = str(self.site.broker_folder / "mosquitto.conf")
            self._process = subprocess.Popen([program, "-c", configuration], stdout=log, stderr=log)
        assert eventually(lambda: self._listens() or self._process.poll() is not None)
        assert self._process.poll() is None, self.log.read_text()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def restart(self) -> None:
        """As `systemctl restart mosquitto`."""
        self.stop()
        self.start()

    @property
    def resident_bytes(self) -> int:
        """How much memory it has."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * 4096

    def identity(self, name: str) -> Identity:
        """Of the server and the command line."""
        files = self.site.client_files(name)
        assert files is not None
        return Identity(files.certificate.read_bytes(), files.key.read_bytes())

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class TlsClient:
    """A client under one certificate, by the id it likes."""

    def __init__(self, broker: TlsBroker, identity: Identity, client_id: str = "", again: bool = False) -> None:
        self.received: list[tuple[str, bytes]] = []
        self.lost = 0
        self._connected = threading.Event()
        self._suback, self._subscribed = threading.Semaphore(0), 0
        self.paho = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv311, reconnect_on_failure=again
        )
        context = ssl.create_default_context(cafile=str(broker.site.broker_folder / "ca.crt"))
        both = broker.site.folder / f"{id(self)}.pem"
        both.write_bytes(identity.certificate + identity.key)
        context.load_cert_chain(both)
        both.unlink()
        self.paho.tls_set_context(context)
        self.paho.on_connect = lambda *_: self._connected.set()
        self.paho.on_disconnect = self._count
        self.paho.on_subscribe = lambda *_: self._suback.release()
        self.paho.on_message = lambda _c, _d, message: self.received.append((message.topic, bytes(message.payload)))
        try:
            self.paho.connect("localhost", broker.port)
        except OSError:
            self.lost += 1
        else:
            self.paho.loop_start()

    @property
    def is_let_in(self) -> bool:
        eventually(lambda: self._connected.is_set() or self.lost > 0)
        return self._connected.is_set()

    def subscribe(self, *topics: str) -> "TlsClient":
        assert self.is_let_in
        self.paho.subscribe([(topic, 1) for topic in topics])
        assert self._suback.acquire(timeout=PATIENCE_S)
        return self

    def publish(self, topic: str, payload: bytes = b"{}", retain: bool = False) -> None:
        """Returns when the broker has it."""
        assert self.is_let_in
        self.paho.publish(topic, payload, 1, retain).wait_for_publish(PATIENCE_S)

    def hears(self, topic: str, payload: bytes | None = None) -> bool:
        return eventually(lambda: any(t == topic and payload in (None, p) for t, p in list(self.received)))

    def is_cut_off(self) -> bool:
        return eventually(lambda: self.lost > 0)

    def close(self) -> None:
        leave(self.paho)

    def _count(self, *_: object) -> None:
        self.lost += 1
