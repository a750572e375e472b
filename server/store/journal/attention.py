"""What of the journal may need a hand: badges nobody knows, copies, alarms, check-outs that nobody badged."""

from datetime import date
from typing import NamedTuple

from device.contract.instant import Instant
from server.core.doors.telephone import is_telephone
from server.store.database import Database
from server.store.stored_values import stored_date, stored_instant


class StrangeBadge(NamedTuple):
    """A badge that a door refused: the newest time it did, and how often; `event` is that tap's number."""

    event: int
    credential: str
    unit: str
    at: Instant
    times: int


class UnprovenTaps(NamedTuple):
    """What a door refused of one badge by one list, or by lists that it did not tell of."""

    badge: StrangeBadge
    list_issued_at: Instant | None


class PastAlarm(NamedTuple):
    """An alarm that began; `event` is its number."""

    event: int
    alarm: str
    unit: str
    at: Instant


class Unbadged(NamedTuple):
    """A stay that ended by itself."""

    member: int
    day: date
    began_at: Instant
    ended_at: Instant


def unknown_badges(db: Database, since: Instant) -> list[StrangeBadge]:
    """Badges that doors did not know since then, and nobody holds now; the newest first. Telephones are none."""
    return [
        badge
        for badge in _refused(db, "unknown_credential", since)
        if not is_telephone(badge.credential) and not _is_held(db, badge.credential)
    ]


def refused_as_unknown(db: Database, since: Instant) -> list[StrangeBadge]:
    """Badges that doors did not know since then, whoever holds them; the newest first."""
    return _refused(db, "unknown_credential", since)


def telephones(db: Database, since: Instant) -> list[StrangeBadge]:
    """Telephones that were held to doors since then, one word for each door: each tap shows another number."""
    found: dict[str, StrangeBadge] = {}
    for tap in _refused(db, "unknown_credential", since):
        if is_telephone(tap.credential):
            newest = found.setdefault(tap.unit, tap._replace(times=0))
            found[tap.unit] = newest._replace(times=newest.times + tap.times)
    return list(found.values())


def unproven_taps(db: Database, since: Instant) -> list[UnprovenTaps]:
    """Badges that did not prove their key: perhaps copies; the newest first, by badge, door and list."""
    sql = """
        SELECT max(events.id), body ->> '$.credential' AS credential, unit, max(at) AS newest, count(*),
            body ->> '$.list_issued_at' AS issued
        FROM events JOIN heads ON heads.id = head
        WHERE at >= ? AND kind = 'access' AND body ->> '$.reason' = 'not_authentic' AND credential IS NOT NULL
        GROUP BY credential, unit, issued ORDER BY newest DESC
    """
    return [
        UnprovenTaps(
            StrangeBadge(row[0], row[1], row[2], stored_instant(row[3]), row[4]), row[5] and stored_instant(row[5])
        )
        for row in db.rows(sql, (str(since),))
    ]


def alarms(db: Database, since: Instant) -> list[PastAlarm]:
    """Alarms that began since then, the newest first, but those of badges, which are told apart."""
    sql = """
        SELECT events.id, body ->> '$.alarm', unit, at FROM events JOIN heads ON heads.id = head
        WHERE at >= ? AND kind = 'alarm' AND body ->> '$.active' AND body ->> '$.alarm' <> 'not_authentic'
        ORDER BY at DESC, events.id DESC
    """
    return [PastAlarm(row[0], row[1], row[2], stored_instant(row[3])) for row in db.rows(sql, (str(since),))]


def unbadged_exits(db: Database, first: date, last: date) -> list[Unbadged]:
    """The stays from `first` to `last` that ended by themselves, on dates that nobody has corrected; newest first."""
    sql = """
        SELECT member, day, began_at, ended_at FROM stays WHERE day BETWEEN ? AND ? AND automatic = 1
        AND NOT coalesce((
            SELECT coalesce(presence, charge) IS NOT NULL FROM corrections AS word
            WHERE word.member = stays.member AND word.day = stays.day ORDER BY word.id DESC LIMIT 1
        ), 0)
        ORDER BY day DESC, began_at, member
    """
    rows = db.rows(sql, (first.isoformat(), last.isoformat()))
    return [Unbadged(row[0], stored_date(row[1]), stored_instant(row[2]), stored_instant(row[3])) for row in rows]


def credential_of(db: Database, event: int) -> str | None:
    """The badge of that tap; None where there is no such tap, or its person was forgotten."""
    found = db.value("SELECT body ->> '$.credential' FROM events WHERE id = ? AND kind = 'access'", (event,))
    return None if found is None else str(found)


def faults_after(db: Database, fault: int) -> tuple[int, int]:
    """How many messages are kept that were set aside after that one, and the number of the newest."""
    row = db.row("SELECT count(*), coalesce(max(id), 0) FROM faults WHERE id > ?", (fault,))
    return (0, 0) if row is None else (row[0], row[1])


def _refused(db: Database, reason: str, since: Instant) -> list[StrangeBadge]:
    sql = """
        SELECT max(events.id), body ->> '$.credential' AS credential, unit, max(at) AS newest, count(*)
        FROM events JOIN heads ON heads.id = head
        WHERE at >= ? AND kind = 'access' AND body ->> '$.reason' = ? AND credential IS NOT NULL
        GROUP BY credential ORDER BY newest DESC
    """
    rows = db.rows(sql, (str(since), reason))
    return [StrangeBadge(row[0], row[1], row[2], stored_instant(row[3]), row[4]) for row in rows]


def _is_held(db: Database, credential: str) -> bool:
    """Under whatever scheme: a door that does not know a badge yet names it by its ID alone."""
    sql = "SELECT 1 FROM badges WHERE substr(credential, instr(credential, ':') + 1) = ? AND ended_at IS NULL"
    return db.row(sql, (credential.partition(":")[2],)) is not None
