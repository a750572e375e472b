"""What Mosquitto needs for a place: its configuration, its access rules, its certificates.

With TLS, who connects is who their certificate says. Without, everything is on one machine and nobody is asked.
"""

from collections.abc import Iterable
from pathlib import Path

from device.contract.channels import CHANNELS, ROOT
from server.site.certificates import CARDS, DESK, HOME_ASSISTANT, SERVER, Identity, display
from server.site.connection_settings import BrokerSettings
from server.site.whole_file import write_whole

CONFIGURATION, ACCESS_RULES = "mosquitto.conf", "acl"
AUTHORITY, CERTIFICATE, KEY, REVOKED = "ca.crt", "broker.crt", "broker.key", "revoked.crl"
DATA = "data"

FOLDER_MODE, DATA_MODE, FILE_MODE = 0o750, 0o770, 0o640
"""Mosquitto belongs to the group: it reads all of it, and writes into its data alone. Without a setgid bit, which the
box of a service forbids to give (`RestrictSUIDSGID=`)."""

KEPT_ACROSS_RESTARTS = """\
# Retained messages are saved when Mosquitto is told to end, and only then: with autosave_on_changes it would write and
# sync its whole file for every message, 200 a second at the most. A crash that loses them loses nothing: units keep
# their events until the server acknowledges them, and what is retained is said again on every new connection.
persistence true
persistence_location {data}/
autosave_interval 0
"""

FLOW = """\
# Past its default of 1000 queued messages Mosquitto drops them without a word.
max_queued_messages 20000
max_inflight_messages 500
# Without this a reply stalls for 44 ms.
set_tcp_nodelay true
# The longest packet: an access list of 4 MiB, and its envelope. Mosquitto has one limit for everybody, so a unit may
# send as much; a longer packet ends its connection before it is read (message_size_limit reads all of it first).
max_packet_size 4259840
# What waits for a client that does not read: bounded in bytes too. What is dropped, units send again.
max_inflight_bytes 16777216
max_queued_bytes 33554432
# Rather this broker than the whole machine.
memory_limit 402653184
"""

PLAIN = """\
# This machine alone, and nobody is asked who they are.
listener {port} {host}
allow_anonymous true
"""

TLS = """\
listener {port}
# A stranger needs no certificate to open a connection: what is left of Mosquitto's files stays for its own.
max_connections 800
cafile {folder}/ca.crt
certfile {folder}/broker.crt
keyfile {folder}/broker.key
crlfile {folder}/revoked.crl
tls_version tlsv1.2
# Who connects is who their certificate says, and may do what the access rules give to that name.
require_certificate true
use_identity_as_username true
# … nor is it known by any other name: a client id belongs to who has its certificate, and nobody throws another off.
use_username_as_clientid true
allow_anonymous false
acl_file {folder}/acl
"""


def write_broker_files(folder: Path, broker: BrokerSettings, identity: Identity, user: str | None) -> None:
    """Writes Mosquitto's configuration and identity into `folder`, for the owner and the group alone.

    The authority's certificate, the access rules and the list of the revoked lie beside them, written by who keeps the
    authority.
    """
    for made, mode in ((folder, FOLDER_MODE), (folder / DATA, DATA_MODE)):
        made.mkdir(parents=True, exist_ok=True)
        made.chmod(mode)
    write(folder / CONFIGURATION, mosquitto_configuration(folder.absolute(), broker, user).encode())
    write(folder / CERTIFICATE, identity.certificate)
    write(folder / KEY, identity.key)


def mosquitto_configuration(folder: Path, broker: BrokerSettings, user: str | None = None) -> str:
    """The whole `mosquitto.conf` for `broker`, whose files lie in `folder`; `user` is who root makes it run as."""
    listener = TLS if broker.tls else PLAIN
    head = "# Written by « poincon broker »; changes here are lost.\nlog_dest stderr\n"
    return "\n".join(
        [
            head + (f"user {user}\n" if user else ""),
            KEPT_ACROSS_RESTARTS.format(data=folder / DATA),
            FLOW,
            listener.format(port=broker.port, host=broker.host, folder=folder),
        ]
    )


def access_rules(site: str, displays: Iterable[str] = ()) -> str:
    """Mosquitto's access rules, from the table of channels; `%u` is the name in the certificate.

    The patterns hold for everybody, so those who are no units are denied what would be theirs if they were: a display
    that is not among `displays` yet reads what it should, and what it writes is set aside by the server.
    """
    prefix = f"{ROOT}/{site}"
    lines = [
        f"user {SERVER}",
        f"topic readwrite {prefix}/#",
        f"topic write homeassistant/device/{site}/config",
        "",
        "# The command line: it orders, and listens to what became of it.",
        f"user {DESK}",
        f"topic deny {prefix}/unit/{DESK}/#",
        f"topic readwrite {prefix}/unit/+/command",
        f"topic read {prefix}/unit/+/events",
        f"topic read {prefix}/unit/+/state",
        "",
        "# The command line at a lent reader: it borrows that, and speaks to the badge there.",
        f"user {CARDS}",
        f"topic deny {prefix}/unit/{CARDS}/#",
        f"topic write {prefix}/unit/+/command",
        f"topic write {prefix}/unit/+/card",
        f"topic read {prefix}/unit/+/card-answer",
        f"topic read {prefix}/unit/+/events",
        "",
        "# Displays: what everybody may read, and no more.",
        *(line for name in displays for line in _display_rules(name, prefix)),
        "",
        "# A unit: its own topics and no other's.",
        *(
            f"pattern {'write' if channel.sender == 'unit' else 'read'} {channel.topic(site, '%u')}"
            for channel in CHANNELS
            if channel.path.startswith("unit/")
        ),
        f"pattern read {prefix}/place/#",
        f"pattern read {prefix}/room/#",
    ]
    return "\n".join(lines) + "\n"


def _display_rules(name: str, prefix: str) -> list[str]:
    if name != display(HOME_ASSISTANT):
        return [f"user {name}", f"topic deny {prefix}/unit/#"]
    return [
        "# Home Assistant: what it discovers, and what that says; it tells others that it is there.",
        f"user {name}",
        f"topic deny {prefix}/unit/{name}/#",
        f"topic read {prefix}/unit/+/state",
        "topic read homeassistant/#",
        "topic write homeassistant/status",
    ]


def write(path: Path, content: bytes) -> None:
    """Writes one of the broker's files: whole, or as it was."""
    write_whole(path, content, FILE_MODE)
