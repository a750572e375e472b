"""What the desk told each door to be: free or locked until a moment, or as usual."""

from typing import NamedTuple, get_args

from device.contract.instant import Instant
from device.contract.messages import DoorMode
from server.store.database import Database
from server.store.stored_values import stored_instant

MODES: tuple[DoorMode, ...] = get_args(DoorMode)


class ModeInForce(NamedTuple):
    """The mode of one door, other than the usual one; `until` is None where it has no end."""

    unit: str
    mode: DoorMode
    until: Instant | None
    operator: str
    set_at: Instant


def tell(db: Database, unit: str, mode: DoorMode, *, until: Instant | None, operator: str, now: Instant) -> None:
    """Keeps what the door was told last."""
    db.execute(
        "INSERT INTO door_modes (unit, mode, until, operator, set_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET mode = excluded.mode, until = excluded.until,"
        " operator = excluded.operator, set_at = excluded.set_at",
        (unit, mode, str(until) if until else None, operator, str(now)),
    )


def in_force(db: Database, now: Instant) -> dict[str, ModeInForce]:
    """By unit, the modes that are not over."""
    sql = "SELECT * FROM door_modes WHERE mode <> 'normal' AND (until IS NULL OR until > ?)"
    return {
        row["unit"]: ModeInForce(
            row["unit"],
            row["mode"],
            None if row["until"] is None else stored_instant(row["until"]),
            row["operator"],
            stored_instant(row["set_at"]),
        )
        for row in db.rows(sql, (str(now),))
    }
