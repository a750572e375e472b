"""The folder of one place, as `poincon init` makes it: settings, secrets, books, and what the broker needs.

    poincon.toml        the settings
    books.sqlite3       everything that is kept
    secrets/            0700: the badges' master key, the web's secret, the certificate authority and the server's own;
                        what rooms' calendars ask for
    broker/             Mosquitto's files, written again by `poincon broker`
    units/NAME/         what goes on the card of a unit
    displays/NAME/      what a screen, or another program that only listens, shows to the broker

Secrets are hex or PEM, one file each, 0600; they are never shown. Mosquitto reads its files by their group, and may
write in `broker/data` alone.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from server.core.names import has_controls
from server.errors import Refusal
from server.site import certificates, mosquitto
from server.site.badge_keys import SiteKeys, new_site_keys, read_site_keys, write_site_keys
from server.site.certificates import Identity
from server.site.secret_files import read_key, read_secret, write_secret
from server.site.settings import FILE_NAME, ServerSettings, SiteSettings, read_server_settings
from server.site.settings_template import settings_text
from server.site.whole_file import write_whole
from server.store import database

WEB_SECRET_BYTES = 32

OWN_CLIENTS = (certificates.SERVER, certificates.DESK, certificates.CARDS)

FOR_THE_GROUP = 0o640
SETTINGS_FOLDER = 0o750

_DISPLAY_NAME = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)


class ClientFiles(NamedTuple):
    """What a client shows to a broker that asks for certificates, as files."""

    authority: Path
    certificate: Path
    key: Path


@dataclass(frozen=True)
class SiteFolder:
    """A place's folder that is complete; make one with `create`, find one with `find`."""

    folder: Path

    @cached_property
    def settings(self) -> ServerSettings:
        """The settings as they stood when first asked for; raises `SettingsFault`."""
        return read_server_settings(self.folder / FILE_NAME)

    @property
    def database_path(self) -> Path:
        """The file of the books."""
        return self.folder / database.FILE_NAME

    @property
    def broker_folder(self) -> Path:
        """Where Mosquitto's files lie."""
        return self.folder / "broker"

    @property
    def has_broker_files(self) -> bool:
        """Whether Mosquitto's files were ever written."""
        return (self.broker_folder / "mosquitto.conf").exists()

    @property
    def secrets_folder(self) -> Path:
        """Where the secrets lie."""
        return self.folder / "secrets"

    @property
    def badge_keys(self) -> SiteKeys:
        """The keys of the place that badges' own are derived from, by version, as they stand now."""
        return read_site_keys(self.secrets_folder)

    @property
    def web_secret(self) -> bytes:
        """What the dashboard signs its cookies with."""
        return self._key("web.key")

    @property
    def notices_key(self) -> bytes:
        """What notices by webhook are signed with; made when it is first asked for."""
        path = self.secrets_folder / "notices.key"
        if not path.exists():
            write_secret(path, f"{secrets.token_hex(WEB_SECRET_BYTES)}\n".encode())
        return self._key("notices.key")

    def calendar_credentials(self) -> dict[str, str]:
        """What rooms' calendars ask for, by room: `name:password`, a line in `secrets/calendar-ROOM`."""
        paths = {room.id: self.secrets_folder / f"calendar-{room.id}" for room in self.settings.rooms if room.calendar}
        return {room: path.read_text("utf-8").strip() for room, path in paths.items() if path.exists()}

    @property
    def authority(self) -> Identity:
        """The site's certificate authority."""
        return Identity(self._secret("authority.crt"), self._secret("authority.key"))

    def client_files(self, name: str) -> ClientFiles | None:
        """What one of `OWN_CLIENTS` shows to the broker; None where the broker asks nobody.

        Raises `Refusal` where it has nothing to show: the place was made before there was that client.
        """
        if not self.settings.broker.tls:
            return None
        folder = self.secrets_folder
        files = ClientFiles(folder / "authority.crt", folder / f"{name}.crt", folder / f"{name}.key")
        if not all(file.exists() for file in files):
            raise Refusal("broker_files_old")
        return files

    def issue_to_unit(self, name: str) -> Identity:
        """A certificate for the unit `name`; the one it had before is revoked."""
        self._removed(name).unlink(missing_ok=True)
        return self._issue(name)

    def revoke_unit(self, name: str) -> None:
        """The broker refuses the certificate of the unit `name` as soon as it starts again."""
        issued = self._issued(name)
        if issued.exists():
            write_secret(self._removed(name), issued.read_bytes())
        self._revoke(issued)

    def restore_unit(self, name: str) -> bool:
        """Takes `revoke_unit` back; False where it was never called, or the unit has another certificate since."""
        removed = self._removed(name)
        if not removed.exists():
            return False
        certificate = removed.read_bytes()
        self._keep_revoked({*self._revoked()} - {certificates.serial_of(certificate)})
        write_secret(self._issued(name), certificate)
        removed.unlink()
        self._write_revocations()
        return True

    @property
    def displays(self) -> list[str]:
        """The displays that have an identity, by name; in places made before each had its own also `SHARED_DISPLAY`."""
        prefix = certificates.display("")
        own = [path.stem.removeprefix(prefix) for path in self._issued("").parent.glob(f"{prefix}*.crt")]
        shared = [certificates.SHARED_DISPLAY] if self._display(certificates.SHARED_DISPLAY).exists() else []
        return [*shared, *sorted(own)]

    def issue_to_display(self, name: str) -> Identity:
        """A certificate for the display `name`; raises `Refusal` where it has one, or the name is none."""
        if not _DISPLAY_NAME.fullmatch(name):
            raise Refusal("name_not_allowed", field="name", name=name)
        if name in self.displays:
            raise Refusal("display_exists", name=name)
        identity = self._issue(certificates.display(name))
        self._write_access_rules()
        return identity

    def revoke_display(self, name: str) -> None:
        """The broker refuses the certificate of the display `name` as soon as it starts again."""
        if name not in self.displays:
            raise Refusal("no_such_display", name=name)
        self._revoke(self._display(name))
        self._write_access_rules()

    def write_broker_files(self, user: str | None = None) -> None:
        """Mosquitto's files by the present settings; `user` is who Mosquitto runs as when root starts it.

        With an identity for each of `OWN_CLIENTS` that had none in places made before.
        """
        broker = self.settings.broker
        mosquitto.write_broker_files(
            self.broker_folder,
            broker,
            certificates.issue_to_broker(self.authority, broker.host),
            user,
        )
        mosquitto.write(self.broker_folder / mosquitto.AUTHORITY, self.authority.certificate)
        self._write_access_rules()
        self._write_revocations()
        _issue_to_own_clients(self.secrets_folder, self.authority)

    def _issue(self, name: str) -> Identity:
        self._revoke(self._issued(name))
        identity = certificates.issue_to_client(self.authority, name)
        write_secret(self._issued(name), identity.certificate)
        return identity

    def _revoke(self, issued: Path) -> None:
        if not issued.exists():
            return
        self._keep_revoked({*self._revoked(), certificates.serial_of(issued.read_bytes())})
        issued.unlink()
        self._write_revocations()

    def _keep_revoked(self, serials: set[int]) -> None:
        lines = "".join(f"{serial:x}\n" for serial in sorted(serials))
        write_secret(self.secrets_folder / "revoked", lines.encode())

    def _write_access_rules(self) -> None:
        if self.broker_folder.is_dir():
            names = [certificates.display(name) for name in self.displays]
            rules = mosquitto.access_rules(self.settings.site.id, names)
            mosquitto.write(self.broker_folder / mosquitto.ACCESS_RULES, rules.encode())

    def _write_revocations(self) -> None:
        if self.broker_folder.is_dir():
            crl = certificates.revocation_list(self.authority, self._revoked())
            mosquitto.write(self.broker_folder / mosquitto.REVOKED, crl)

    def _revoked(self) -> list[int]:
        path = self.secrets_folder / "revoked"
        return [int(line, 16) for line in path.read_text().split()] if path.exists() else []

    def _removed(self, name: str) -> Path:
        """The certificate that a unit had when it was removed."""
        return self.secrets_folder / "removed" / f"{name}.crt"

    def _issued(self, name: str) -> Path:
        return self.secrets_folder / "issued" / f"{name}.crt"

    def _display(self, name: str) -> Path:
        shared = name == certificates.SHARED_DISPLAY
        return self.secrets_folder / f"{name}.crt" if shared else self._issued(certificates.display(name))

    def _key(self, name: str) -> bytes:
        return read_key(self.secrets_folder / name, WEB_SECRET_BYTES)

    def _secret(self, name: str) -> bytes:
        return read_secret(self.secrets_folder / name)


def create(
    folder: Path,
    site: SiteSettings,
    broker_host: str,
    furnish: Callable[[SiteFolder], None] = lambda made: None,
) -> SiteFolder:
    """A new place in `folder`; raises `Refusal` where there is one, or its name is not one line.

    The settings come last: they make it complete.

    `furnish` puts into its books and secrets what it must not be complete without.
    """
    if has_controls(site.name):
        raise Refusal("name_with_control_characters", field="name")
    made = SiteFolder(folder)
    # settings that were lost must not cost the secrets too: every badge depends on them
    if any(part.exists() for part in (folder / FILE_NAME, made.secrets_folder, made.database_path)):
        raise Refusal("folder_has_place", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(SETTINGS_FOLDER)
    _make_secrets(made.secrets_folder, site.id)
    database.make_database(made.database_path).close()
    made.database_path.chmod(0o600)  # SQLite gives its -wal and -shm the same mode
    furnish(made)
    write_whole(folder / FILE_NAME, settings_text(site, broker_host).encode(), FOR_THE_GROUP)
    made.write_broker_files()
    return made


def find(folder: Path) -> SiteFolder:
    """The place in `folder`; raises `Refusal` where there is none."""
    if not (folder / FILE_NAME).exists():
        raise Refusal(
            "no_place",
            folder=folder.absolute(),
            file=FILE_NAME,
        )
    return SiteFolder(folder)


def _make_secrets(folder: Path, site: str) -> None:
    authority = certificates.new_authority(site)
    write_site_keys(folder, new_site_keys())
    write_secret(folder / "web.key", f"{secrets.token_hex(WEB_SECRET_BYTES)}\n".encode())
    write_secret(folder / "authority.crt", authority.certificate)
    write_secret(folder / "authority.key", authority.key)
    _issue_to_own_clients(folder, authority)


def _issue_to_own_clients(folder: Path, authority: Identity) -> None:
    """An identity in `folder` for each of `OWN_CLIENTS` that has none."""
    for name in OWN_CLIENTS:
        certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
        if certificate.exists() and key.exists():
            continue
        identity = certificates.issue_to_client(authority, name)
        write_secret(key, identity.key)
        write_secret(certificate, identity.certificate)
