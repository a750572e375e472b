"""What the first page asks for, looked at; and the place made of it, whole or not at all."""

import re
import shutil
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from device.contract.errors import SettingsFault
from device.contract.instant import Instant
from device.contract.toml_file import parse
from server.backups.sealing import new_key
from server.core.names import folded, has_controls
from server.errors import Refusal
from server.people.passwords import SHORTEST, hashed
from server.site import folder as sites
from server.site.backup import SCRATCH
from server.site.connection_settings import BrokerSettings
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME, ServerSettings, SiteSettings, checked
from server.site.whole_file import write_whole
from server.store import database
from server.store.database import open_database
from server.store.people import operators
from server.store.people.members import checked_name

UNFINISHED = ".setup"
"""Stands in the folder from before the first secret until the place is whole, and says what was begun: that has never
been used.
"""
OF_A_NEW_PLACE = ("secrets", *(f"{database.FILE_NAME}{ending}" for ending in ("", "-wal", "-shm")))
LONGEST_ID = 32
LONGEST_PASSWORD = 1_000

FIELDS = ("name", "site_id", "host", "operator", "password", "again")


@dataclass(frozen=True)
class NewPlace:
    """What was typed; the password is left out of its `repr`."""

    site: SiteSettings
    host: str
    operator: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class WrongField(Exception):
    """A field that has to be typed otherwise, and why."""

    field: str
    refusal: Refusal


def proposed_id(name: str) -> str:
    """The name of a place on the wire, from its name for people: a-z, 0-9 and hyphens; empty where nothing is left."""
    words = re.findall(r"[a-z0-9]+", folded(name))
    return "-".join(words)[:LONGEST_ID].strip("-")


def proposed_host() -> str:
    """The name that this machine has in its network by mDNS."""
    return f"{socket.gethostname().partition('.')[0].lower()}.local"


def read_form(form: Mapping[str, str]) -> NewPlace:
    """What was typed; raises `WrongField` for the first field that will not do."""
    name, host = form.get("name", "").strip(), form.get("host", "").strip().lower() or proposed_host()
    operator = _operator(form.get("operator", ""))
    password = form.get("password", "")[:LONGEST_PASSWORD]
    if not name:
        raise WrongField("name", Refusal("name_empty", field="name"))
    if has_controls(name):
        raise WrongField("name", Refusal("name_with_control_characters", field="name"))
    site = _site(name, form.get("site_id", "").strip() or proposed_id(name))
    _check_host(site, host)
    if len(password) < SHORTEST:
        raise WrongField("password", Refusal("password_too_short", shortest=SHORTEST))
    if password != form.get("again", "")[:LONGEST_PASSWORD]:
        raise WrongField("again", Refusal("passwords_differ"))
    return NewPlace(site, host, operator, password)


def make(folder: Path, wanted: NewPlace, now: Instant) -> str:
    """Makes the place in `folder`, its first administrator in it; the private key of its backups, which nobody keeps.

    Raises `Refusal` where there is a place. One that was cut off while it was made is made anew.
    """
    clear_unfinished(folder)
    if has_place(folder):
        raise Refusal("folder_has_place", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    note_begun(folder, OF_A_NEW_PLACE)
    keys: list[str] = []

    def furnish(made: SiteFolder) -> None:
        with open_database(made.database_path) as db:
            operators.add(db, wanted.operator, hashed(wanted.password), role="admin", must_change=False, now=now)
        keys.append(new_key(made))

    sites.create(folder, wanted.site, wanted.host, furnish)
    (folder / UNFINISHED).unlink()
    return keys[0]


def has_place(folder: Path) -> bool:
    """Whether there is a place in `folder`, or what is left of one that lost its settings."""
    place = SiteFolder(folder)
    return any(part.exists() for part in (folder / FILE_NAME, place.secrets_folder, place.database_path))


def is_unfinished(folder: Path) -> bool:
    """Whether a place was begun here and cut off before it was one."""
    return (folder / UNFINISHED).exists() and not (folder / FILE_NAME).exists()


def note_begun(folder: Path, names: Iterable[str]) -> None:
    """Notes in `folder` what is about to be made there, so that it goes where that is cut off."""
    write_whole(folder / UNFINISHED, msgspec.json.encode(list(names)), 0o600)


def clear_unfinished(folder: Path) -> None:
    """Removes what was begun and cut off; nothing else."""
    for left in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not is_unfinished(folder):
        return
    for name in msgspec.json.decode((folder / UNFINISHED).read_bytes() or b"[]", type=list[str]) or OF_A_NEW_PLACE:
        if (folder / name).is_dir():
            shutil.rmtree(folder / name, ignore_errors=True)
        else:
            (folder / name).unlink(missing_ok=True)
    (folder / UNFINISHED).unlink()


def _operator(text: str) -> str:
    try:
        return checked_name(text)
    except Refusal as refusal:
        raise WrongField("operator", refusal) from None


def _site(name: str, site_id: str) -> SiteSettings:
    if not re.fullmatch(r"[a-z0-9-]{1,32}", site_id, re.ASCII):
        raise WrongField("site_id", Refusal("name_not_allowed", field="name", name=site_id))
    try:
        return parse({"id": site_id, "name": name}, SiteSettings, "setup")
    except SettingsFault:
        raise WrongField("name", Refusal("name_too_long_for_place")) from None


def _check_host(site: SiteSettings, host: str) -> None:
    """Whatever the settings would not take, and what is the name of no machine."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.:-]{0,252}", host, re.ASCII):
        raise WrongField("host", Refusal("not_a_host", host=host))
    try:
        checked(ServerSettings(site=site, broker=BrokerSettings(host=host, port=8883, tls=True)), "setup")
    except SettingsFault:
        raise WrongField("host", Refusal("not_a_host", host=host)) from None
