"""What Mosquitto needs for a place: its configuration, its access rules, its certificates.

With TLS, who connects is who their certificate says. Without, everything is on one machine and nobody is asked.
"""

from pathlib import Path

from device.contract.channels import CHANNELS, ROOT
from server.certificates import DESK, DISPLAY, HOME_ASSISTANT, SERVER, Identity
from server.settings import BrokerSettings

CONFIGURATION, ACCESS_RULES = "mosquitto.conf", "acl"
AUTHORITY, CERTIFICATE, KEY, REVOKED = "ca.crt", "broker.crt", "broker.key", "revoked.crl"
DATA = "data"

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
# The longest message: an access list of 4 MiB, and its envelope.
message_size_limit 4259840
"""

PLAIN = """\
# This machine alone, and nobody is asked who they are.
listener {port} {host}
allow_anonymous true
"""

TLS = """\
listener {port}
cafile {folder}/ca.crt
certfile {folder}/broker.crt
keyfile {folder}/broker.key
crlfile {folder}/revoked.crl
tls_version tlsv1.2
# Who connects is who their certificate says, and may do what the access rules give to that name.
require_certificate true
use_identity_as_username true
allow_anonymous false
acl_file {folder}/acl
"""


def write_broker_files(folder: Path, site: str, broker: BrokerSettings, identity: Identity, user: str | None) -> None:
    """Writes Mosquitto's files into `folder`; the broker's key is for the owner and the group alone.

    The authority's certificate and the list of the revoked lie beside them, written by who keeps the authority.
    """
    data = folder / DATA
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o2770)  # Mosquitto writes here, and belongs to the group
    write(folder / CONFIGURATION, mosquitto_configuration(folder.absolute(), broker, user).encode())
    write_access_rules(folder, site)
    write(folder / CERTIFICATE, identity.certificate)
    write(folder / KEY, identity.key, mode=0o640)


def write_access_rules(folder: Path, site: str) -> None:
    """Writes them alone; Mosquitto takes them up when it is told to read its files again."""
    write(folder / ACCESS_RULES, access_rules(site).encode(), mode=0o640)


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


def access_rules(site: str) -> str:
    """Mosquitto's access rules, from the table of channels; `%u` is the name in the certificate."""
    prefix = f"{ROOT}/{site}"
    lines = [
        f"user {SERVER}",
        f"topic readwrite {prefix}/#",
        f"topic write homeassistant/device/{site}/config",
        "",
        "# The command line, for poincon open: it orders, and listens to what became of it.",
        f"user {DESK}",
        f"topic readwrite {prefix}/unit/+/command",
        f"topic read {prefix}/unit/+/events",
        f"topic read {prefix}/unit/+/state",
        "",
        f"user {DISPLAY}",
        f"topic read {prefix}/place/#",
        f"topic read {prefix}/room/#",
        "",
        "# Home Assistant: what it discovers, and what that says; it tells others that it is there.",
        f"user {HOME_ASSISTANT}",
        "topic read homeassistant/#",
        "topic write homeassistant/status",
        f"topic read {prefix}/place/#",
        f"topic read {prefix}/room/#",
        f"topic read {prefix}/unit/+/state",
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


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Writes one of the broker's files, never readable by more than `mode` says."""
    path.touch(mode=mode)
    path.chmod(mode)
    path.write_bytes(content)
