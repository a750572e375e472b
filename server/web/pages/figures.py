"""Day, month and year in figures: how full, who came, what came in; pictures with tables, and all of it as CSV."""

from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Blueprint, Response, abort, render_template, request

from server.core.presence.hourly_occupancy import by_week_hour
from server.desk import reports
from server.desk.context import ServerContext
from server.formats import csv_cells
from server.formats.bars import chart
from server.formats.heat_map import heat_map
from server.formats.open_data import HEADINGS, OpenDay, open_rows
from server.store.accounts import pass_counts
from server.store.database import Database
from server.store.journal import tap_counts
from server.store.people import badge_keys, directory
from server.web import tables
from server.web.access import open_to_all
from server.web.formats import local, named, weekday_names
from server.web.periods import KINDS, Period, period_of
from server.web.place import the_place
from server.web.reading import the_books
from server.web.tables import Table

pages = Blueprint("figures", __name__)

FIRST_OPEN_YEAR = 2000


@pages.get("/figures/")
def show() -> str:
    """The figures of a day, a month or a year."""
    place, db = the_place(), the_books()
    today = place.house.day_of(place.now())
    period = _period(today)
    about = _Figures(place, db, period)
    capacity = place.settings.capacity
    return render_template(
        "figures.html",
        period=period,
        kinds=KINDS,
        today=today,
        tables={name: table() for name, table in about.tables().items() if name != "sales"},
        heat=heat_map(about.week, capacity.comfortable, capacity.max),
        weekdays=weekday_names(),
        visits=about.visits_chart(),
        residents=pass_counts.residents_on(db, min(today, period.last)),
        break_even=place.settings.rules.break_even_residents,
        total_cents=sum(each.total_cents for each in about.takings),
    )


@pages.get("/figures/<name>.csv")
def as_csv(name: str) -> Response:
    """One table, as a spreadsheet reads it."""
    place = the_place()
    period = _period(place.house.day_of(place.now()))
    table = _Figures(place, the_books(), period).tables().get(name)
    if table is None:
        abort(404)
    shown = table()
    return _csv(csv_cells.written(shown.headings, shown.rows), f"{name}-{period.first}-{period.last}.csv")


@pages.get("/api/open-data/<int:year>.csv")
@open_to_all
def open_data(year: int) -> Response:
    """A year for everybody: no persons, small counts blurred."""
    place, db = the_place(), the_books()
    today = place.house.day_of(place.now())
    if not FIRST_OPEN_YEAR <= year <= today.year:
        abort(404)
    period = period_of("year", date(year, 1, 1))
    most: dict[date, int] = {}
    for each in reports.occupied_hours(db, place.house, period.first, min(period.last, today), place.now()):
        most[each.day] = max(most.get(each.day, 0), each.peak)
    days = [
        OpenDay(each.date, each.members + each.guests, sum(each.half_days.values()), most.get(each.date, 0))
        for each in reports.attendance_days(db, period.first, period.last)
    ]
    answer = _csv(csv_cells.written(HEADINGS, open_rows(days)), f"{place.settings.site.id}-{year}.csv")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


class _Figures:
    """What is known of one period."""

    def __init__(self, place: ServerContext, db: Database, period: Period) -> None:
        self._place, self._db, self._period = place, db, period
        first, last = period.first, min(period.last, place.house.day_of(place.now()))
        now = local(place.now())
        occupied = reports.occupied_hours(db, place.house, first, last, place.now())
        # hours that have not begun would count as empty ones
        self.hours = [each for each in occupied if (each.day, each.hour) <= (now.date(), now.hour)]
        self.week = by_week_hour(self.hours)
        self.days = reports.attendance_days(db, first, last)
        self.sold = reports.sold_between(db, first, last)
        self.takings = reports.takings(self.sold)

    def tables(self) -> dict[str, Callable[[], Table]]:
        """Each table by the name of its file."""
        by_month = self._period.kind == "year"
        return {
            "occupancy": self._occupancy,
            "attendance": partial(tables.attendance, self.days, by_month),
            "half-days": partial(tables.half_days, self.days),
            "takings": partial(tables.takings, self.takings, by_month),
            "rooms": self._rooms,
            "taps": self._taps,
            "badges": self._badges,
            "sales": self._sales,
        }

    def visits_chart(self) -> object:
        """Who came, by date or by month; of one day, how many were in by hour."""
        if self._period.kind == "day":
            marks = (self._place.settings.capacity.comfortable, self._place.settings.capacity.max)
            return chart([f"{each.hour}" for each in self.hours], [(each.peak,) for each in self.hours], marks)
        rows = tables.attendance(self.days, self._period.kind == "year").rows
        labels = [str(row[0])[-2:] for row in rows]
        return chart(labels, [(float(row[1] or 0), float(row[2] or 0)) for row in rows])

    def _occupancy(self) -> Table:
        if self._period.kind == "day":
            return tables.day_hours(self.hours)
        return tables.week_hours(self.week, weekday_names())

    def _rooms(self) -> Table:
        place, period = self._place, self._period
        used = place.rooms.used(self._db, period.first, period.last, place.now())
        names = {room.id: named(room.name) for room in place.settings.rooms}
        return tables.rooms(used, names, {use.id: named(use.label) for use in place.settings.uses})

    def _taps(self) -> Table:
        first, last = self._period.first, self._period.last
        return tables.taps(tap_counts.between(self._db, first, last))

    def _badges(self) -> Table:
        """As they are now, whatever the period: what they held before nobody wrote down."""
        return tables.badges(badge_keys.counts(self._db, self._place.site_keys().present))

    def _sales(self) -> Table:
        names = directory.names(self._db, (each.member for each in self.sold))
        return tables.sales(self.sold, names)


def _period(today: date) -> Period:
    try:
        day = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        day = today
    if not FIRST_OPEN_YEAR <= day.year <= today.year + 1:
        day = today
    return period_of(request.args.get("period", "month"), day)


def _csv(text: str, name: str) -> Response:
    answer = Response(text, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
