"""A round of updates: one release, from unit to unit, one at a time. What is kept of it, and who may begin one.

It stands in a file of the place's folder, so that a server that starts anew goes on with it, and so that the command
line and the desk read one and the same. The server alone writes it; who wants a round lays down an order beside it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from device.contract.instant import Instant
from device.contract.messages import ReleaseId, UnitKind
from server.errors import Refusal
from server.site.connection_settings import is_loopback
from server.site.note_file import read_note_file
from server.site.settings import ServerSettings
from server.site.whole_file import write_whole
from server.store.units.units import Unit
from server.updates.release import FOLDER

ROUND, ORDER = ".round.json", ".order.json"
MODE = 0o640

UnitStep = Literal["waiting", "asked", "trying", "done", "current", "away", "old", "went_back", "refused", "silent"]
"""`asked`: it fetches; `trying`: its machine installs and tries it. The rest is how it ended: `current`: it ran this
release already; `away`: it was not connected; `old`: it knows no updates; `silent`: it did not say how it ended."""
UNDER_WAY: tuple[UnitStep, ...] = ("waiting", "asked", "trying")
STOPPING: tuple[UnitStep, ...] = ("went_back", "refused", "silent")
"""After one of these no further unit is asked."""
UPDATED: tuple[UnitStep, ...] = ("done", "current")
FIRST: tuple[UnitKind, ...] = ("room", "desk", "door")
"""What is tried first: a room or a desk keeps nobody out."""


class UnitUpdate(Struct, frozen=True, kw_only=True):
    """One unit of a round; `after` is the newest event in the books when it was asked, `why` a code of the unit's."""

    unit: str
    kind: UnitKind
    step: UnitStep = "waiting"
    order: str = ""
    after: int = 0
    asked_at: Instant | None = None
    sent_at: Instant | None = None
    why: str = ""


class UpdateRound(Struct, frozen=True, kw_only=True):
    """A round; it is over when `ended_at` says when."""

    release: ReleaseId
    operator: str
    began_at: Instant
    units: list[UnitUpdate]
    ended_at: Instant | None = None

    @property
    def has_stopped(self) -> bool:
        """Whether a unit ended it before its time."""
        return any(each.step in STOPPING for each in self.units)

    @property
    def all_updated(self) -> bool:
        """Whether every unit runs the release."""
        return all(each.step in UPDATED for each in self.units)


class RoundOrder(Struct, frozen=True, kw_only=True):
    """What somebody orders: that these units are brought to this release."""

    release: ReleaseId
    operator: str
    units: list[str]


def in_order(known: Iterable[Unit], names: Iterable[str] = ()) -> list[Unit]:
    """The units of those names, or all, in the order in which they are tried; raises `Refusal` for an unknown name."""
    by_name = {unit.name: unit for unit in known}
    for name in names:
        if name not in by_name:
            raise Refusal("no_such_unit", name=name)
    wanted = set(names) or by_name.keys()
    return sorted((by_name[name] for name in wanted), key=lambda unit: (FIRST.index(unit.kind), unit.name))


def see_reachable(settings: ServerSettings) -> None:
    """Raises `Refusal` where units on the network could not fetch anything from this server."""
    if is_loopback(settings.web.host) and not is_loopback(settings.broker.host):
        raise Refusal("units_cannot_fetch", host=settings.web.host)


def lay_down(order: RoundOrder, site: Path) -> None:
    """Orders a round; raises `Refusal` where one is under way, or ordered."""
    under_way = read_round(site)
    if (under_way is not None and under_way.ended_at is None) or (site / FOLDER / ORDER).exists():
        raise Refusal("update_under_way")
    _write(site / FOLDER / ORDER, order)


def take_back(site: Path) -> bool:
    """Takes an order back that the server has not begun with; whether there was one."""
    try:
        (site / FOLDER / ORDER).unlink()
    except FileNotFoundError:
        return False
    return True


def read_order(site: Path) -> RoundOrder | None:
    """The order that waits, if one does."""
    return read_note_file(site / FOLDER / ORDER, RoundOrder)


def read_round(site: Path) -> UpdateRound | None:
    """The last round, over or not; None where there was none, or nothing can be read of it any more."""
    return read_note_file(site / FOLDER / ROUND, UpdateRound)


def write_round(made: UpdateRound, site: Path) -> None:
    """Keeps the round as it stands."""
    _write(site / FOLDER / ROUND, made)


def _write(path: Path, content: Struct) -> None:
    path.parent.mkdir(mode=0o750, exist_ok=True)
    write_whole(path, msgspec.json.encode(content, enc_hook=str), MODE)
