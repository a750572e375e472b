"""What of `poincon.toml` says where things are reached: broker, web, notices, the copy of the books."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Annotated

from msgspec import Meta, Struct, field

from device.contract.wording import Wording

STORES = ("sftp://", "webdav://", "webdavs://", "s3://", "gs://", "abs://", "oss://")
"""Stores over the network that Litestream copies to."""

Port = Annotated[int, Meta(ge=1, le=65_535)]
Host = Annotated[str, Meta(min_length=1, max_length=253)]


class BrokerSettings(Struct, frozen=True):
    """Where units and server meet; without `tls` only on this machine."""

    host: Host = "127.0.0.1"
    port: Port = 1883
    embedded: bool = False
    tls: bool = False
    keepalive_s: Annotated[int, Meta(ge=2, le=600)] = 15

    @property
    def is_loopback(self) -> bool:
        """Whether the broker can only be reached from this machine."""
        return is_loopback(self.host)


class WebSettings(Struct, frozen=True):
    """Where the dashboard listens; `streams` is how many live pages may be open at once.

    `hosts` are names by which it is reached, beside this machine's own; `per_address` is how many connections one
    address may have.
    `behind_tls` says that a proxy in front speaks HTTPS, so that cookies are for HTTPS alone.
    `public_url` is the address by which members reach the place from anywhere, "" for none; where it is https, badges
    get an address of their own below it.
    """

    host: Host = "127.0.0.1"
    port: Port = 8080
    streams: Annotated[int, Meta(ge=1, le=800)] = 200
    behind_tls: bool = False
    hosts: list[Host] = field(default_factory=list)
    per_address: Annotated[int, Meta(ge=4, le=1_000)] = 64
    public_url: Annotated[str, Meta(max_length=150, pattern="^[!-~]*$")] = ""


class NoticeSettings(Struct, frozen=True):
    """Where notices of what needs a hand go, "" for nowhere: a webhook, and a topic of an ntfy server."""

    webhook: Annotated[str, Meta(max_length=2_000)] = ""
    ntfy: Annotated[str, Meta(max_length=2_000)] = ""


class ReplicaSettings(Struct, frozen=True):
    """Where the books are copied to all the time, "" for nowhere: a folder that exists, or a store over the network."""

    url: Annotated[str, Meta(max_length=2_000)] = ""


class HomeAssistantSettings(Struct, frozen=True):
    """Whether Home Assistant is told over MQTT what there is."""

    discovery: bool = False


def is_path(url: str) -> bool:
    """Whether an address names a folder of this machine."""
    return url.startswith("file:///")


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine itself, and nothing else can reach it there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def broker_faults(broker: BrokerSettings) -> Iterator[str]:
    """What of the broker's keys contradicts the others."""
    if not broker.tls and not broker.is_loopback:
        yield Wording(
            'broker.tls: must be true for "{host}"; without it anybody on the network could open the doors',
            host=broker.host,
        )
    if broker.embedded and not broker.is_loopback:
        yield Wording(
            'broker.embedded: serves this machine alone, not "{host}"; use Mosquitto (poincon broker)', host=broker.host
        )
    elif broker.embedded and broker.tls:
        yield Wording("broker.embedded: speaks no TLS; use Mosquitto (poincon broker), or set broker.tls = false")


def address_faults(web: WebSettings, notices: NoticeSettings, replica: ReplicaSettings) -> Iterator[str]:
    """Which addresses are none."""
    if web.public_url and not web.public_url.startswith(("https://", "http://")):
        yield Wording('web.public_url: "{address}" is no address that begins with https://', address=web.public_url)
    for name, address in (("webhook", notices.webhook), ("ntfy", notices.ntfy)):
        if address and not address.startswith(("https://", "http://")):
            yield Wording(
                'notices.{name}: "{address}" is no address that begins with https://', name=name, address=address
            )
    if replica.url and not is_path(replica.url) and not replica.url.startswith(STORES):
        yield Wording('replica.url: "{address}" is none; one is file:///media/stick/poincon', address=replica.url)
