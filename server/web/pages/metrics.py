"""`/metrics`: figures for Prometheus, without names."""

from collections import Counter
from collections.abc import Iterator, Mapping

from flask import Blueprint, Response

from server.desk.context import ServerContext
from server.formats.metrics import Family, exposition, single
from server.store.database import Database
from server.store.journal import faults
from server.store.journal.tap_counts import TapKind
from server.store.people import badge_keys
from server.store.units import units
from server.store.units.units import Unit
from server.web.access import open_to_all
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("metrics", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/metrics")
@open_to_all
def metrics() -> Response:
    """All of them."""
    place, db = the_place(), the_books()
    families = [*_place_figures(place, db), *_unit_figures(units.every(db)), *_calendar_figures(place)]
    families += _copy_figures(place)
    return Response(exposition(families), content_type=CONTENT_TYPE)


def _place_figures(place: ServerContext, db: Database) -> Iterator[Family]:
    now = place.occupancy(db)
    yield single("poincon_present", "gauge", "People in, guests included.", now.present)
    yield single("poincon_guests", "gauge", "Guests in.", now.guests)
    yield single("poincon_uncertain", "gauge", "Nameless passages that make the count uncertain.", now.uncertain)
    yield single("poincon_capacity_comfortable", "gauge", "People in comfort.", now.comfortable)
    yield single("poincon_capacity_max", "gauge", "People at most.", now.max)
    yield _taps(place.taps.now(db), place.site_keys().present)
    yield from _badge_figures(place, db)
    yield single("poincon_ingest_lag_seconds", "gauge", "Arrival to commit, last batch.", place.figures.lag_s)
    yield single("poincon_set_aside_total", "counter", "Messages and events set aside.", faults.count(db))
    yield single("poincon_broker_up", "gauge", "Whether the broker is connected.", place.line.is_up)


def _taps(counts: Mapping[TapKind, int], present: int) -> Family:
    """Without a proof the version is ""; one that the site never had is "other", so that no unit makes labels."""
    taps: Counter[tuple[str, str, str, str]] = Counter()
    for (decision, reason, scheme, version), times in counts.items():
        taps[decision, reason, scheme, ("other" if version > present else str(version)) if version else ""] += times
    names = ("decision", "reason", "scheme", "key_version")
    samples = tuple((dict(zip(names, kind, strict=True)), float(times)) for kind, times in taps.items())
    what = "Badges presented since the start, by decision, reason, scheme and the version of the keys that was proved."
    return Family("poincon_taps_total", "counter", what, samples)


def _badge_figures(place: ServerContext, db: Database) -> Iterator[Family]:
    """Of a badge that is known by its number alone, the version is "": it can be copied."""
    keys = place.site_keys()
    held = badge_keys.counts(db, keys.present)
    samples = tuple(
        ({"scheme": scheme, "key_version": "" if version is None else str(version)}, float(number))
        for (scheme, version), number in held.items()
    )
    yield Family("poincon_badges", "gauge", "Badges in use, by scheme and version of their keys.", samples)
    yield single(
        "poincon_badges_copyable", "gauge", "Badges in use without keys: they can be copied.", badge_keys.copyable(db)
    )
    left = 0 if keys.former is None else len(badge_keys.left_on(db, keys.former))
    yield single("poincon_badges_left", "gauge", "Badges in use on the former version of the keys.", left)


def _calendar_figures(place: ServerContext) -> Iterator[Family]:
    reports = place.calendars()
    up = tuple(({"room": report.room}, float(report.fault is None)) for report in reports)
    unread = tuple(({"room": report.room}, float(len(report.troubles))) for report in reports)
    yield Family("poincon_calendar_up", "gauge", "Whether the room's calendar can be read.", up)
    yield Family("poincon_calendar_unread", "gauge", "Entries and lines of it that cannot be read.", unread)


def _copy_figures(place: ServerContext) -> Iterator[Family]:
    """How old the copies are is for whoever asks to reckon; without any backup yet there are no samples."""
    backup = place.copies().backup
    good = backup if backup and backup.good_at else None
    made_s = good.good_at.timestamp() if good and good.good_at else None
    yield _perhaps("poincon_backup_timestamp_seconds", "When the last good backup was made.", made_s)
    yield _perhaps("poincon_backup_bytes", "Size of the last good backup.", good.size if good else None)
    is_up = backup.fault is None if backup else None
    yield _perhaps("poincon_backup_up", "Whether the last backup that was tried is a good one.", is_up)
    yield from _replica_figures(place)


def _replica_figures(place: ServerContext) -> Iterator[Family]:
    now, copies = place.now(), place.copies()
    note = copies.replica if copies.wants_replica else None
    current_at, verified_at = (note.current_at, note.verified_at) if note else (None, None)
    lag_s = max(0.0, (now - current_at).total_seconds()) if current_at else None
    is_up = not copies.is_replica_behind(now) if copies.wants_replica else None
    verified_s = verified_at.timestamp() if verified_at and note and not note.unverified else None
    yield _perhaps("poincon_replica_up", "Whether the copy of the books follows them.", is_up)
    yield _perhaps("poincon_replica_lag_seconds", "Since the copy was last seen to be complete.", lag_s)
    yield _perhaps(
        "poincon_replica_verified_timestamp_seconds", "When a fetched copy was last found whole.", verified_s
    )


def _perhaps(name: str, help: str, value: float | None) -> Family:
    return Family(name, "gauge", help, () if value is None else (({}, float(value)),))


def _unit_figures(known: list[Unit]) -> Iterator[Family]:
    states = [(unit.name, unit.state) for unit in known]
    up = tuple(({"unit": name}, float(state is not None and state.online)) for name, state in states)
    outboxes = tuple(
        ({"unit": name}, float(state.outbox))
        for name, state in states
        if state is not None and state.outbox is not None
    )
    yield Family("poincon_unit_up", "gauge", "Whether the unit is connected.", up)
    yield Family("poincon_unit_outbox", "gauge", "Events of the unit that are not acknowledged.", outboxes)
