"""How pages write times, dates and words of the code; taught to the templates as filters."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from babel.numbers import format_currency, format_decimal
from flask import Flask, request

from server.formats.camembert import slice_path
from server.i18n.catalogue import languages
from server.i18n.formats import own_name
from server.web import words
from server.web.access import operator
from server.web.place import the_place
from server.web.texts import gettext, language, ngettext


def teach(app: Flask) -> None:
    """Gives the templates of `app` what stands below."""
    filters = (
        clock,
        second,
        weekday,
        day,
        term,
        long_day,
        month,
        moment,
        ago,
        cell,
        opening,
        credential,
        mean,
        named,
        own_name,
    )
    app.jinja_env.filters.update({filter.__name__: filter for filter in filters})
    app.jinja_env.globals.update(words=words, languages=languages(), slice_path=slice_path)
    app.context_processor(_frame)


def local(at: datetime) -> datetime:
    """The moment on the wall of the place."""
    return at.astimezone(ZoneInfo(the_place().settings.site.timezone))


def clock(at: datetime) -> str:
    """`09:05`."""
    return local(at).strftime("%H:%M")


def second(at: datetime) -> str:
    """`09:05:12`."""
    return local(at).strftime("%H:%M:%S")


def weekday(at: date) -> str:
    """`lun. 23`."""
    return str(format_date(at, "EEE d", locale=language()))


def named(name: str) -> str:
    """The name of a room, a use or a pass in this language."""
    return the_place().settings.name_in(language(), name)


def mean(number: float) -> str:
    """One decimal below ten, none from there on; a dot for nobody at all."""
    if number < 0.05:
        return "·"
    rounded, pattern = (f"{number:.1f}", "0.0") if number < 9.95 else (f"{number:.0f}", "0")
    return str(format_decimal(Decimal(rounded), pattern, locale=language()))


def day_cell(at: date) -> str:
    """`jeu. 1 oct.`, of a year that the page names."""
    return str(format_date(at, "EEE d MMM", locale=language()))


def cell(value: str | int | float | None, kind: str) -> str:
    """One cell of a table of figures, as people of this language write it; a dot for no money and no time at all."""
    match kind:
        case "day":
            return day_cell(date.fromisoformat(str(value)))
        case "month":
            return str(format_date(date.fromisoformat(f"{value}-01"), "MMMM", locale=language()))
        case "count" if value is not None:
            return str(format_decimal(round(float(value)), locale=language()))
        case "hours" | "mean" if value is not None:
            return str(format_decimal(float(value), "#,##0.0", locale=language())) if value else "·"
        case "money" if value is not None:
            return str(format_currency(float(value), "EUR", locale=language())) if value else "·"
    return "" if value is None else str(value)


def weekday_names() -> list[str]:
    """The days of the week, Monday first."""
    return [str(format_date(date(2024, 1, nth), "EEEE", locale=language())) for nth in range(1, 8)]


def month(at: date) -> str:
    """`novembre 2026`."""
    return str(format_date(at, "MMMM y", locale=language()))


def day(at: date) -> str:
    """`23 nov. 2026`; a moment by its date at the place."""
    return str(format_date(_date_of(at), "medium", locale=language()))


def term(dates: tuple[date, date]) -> str:
    """`23 nov. – 22 déc. 2026`."""
    return str(format_interval(*dates, "yMMMd", locale=language()))


def long_day(at: date) -> str:
    """`lundi 23 novembre 2026`."""
    return str(format_date(_date_of(at), "full", locale=language()))


def moment(at: datetime) -> str:
    """The clock alone today, the date before it on other days."""
    place = the_place()
    if local(at).date() == local(place.now()).date():
        return clock(at)
    return gettext("%(day)s at %(time)s", day=day(at), time=clock(at))


def ago(at: datetime, now: datetime | None = None) -> str:
    """How long it is since then: `il y a 20 s`, `il y a 3 min`, `il y a 2 h`, `il y a 3 jours`."""
    seconds = max(1, round(((now or the_place().now()) - at).total_seconds()))
    if seconds < 60:
        return gettext("%(number)s s ago", number=seconds)
    if seconds < 3_600:
        return gettext("%(number)s min ago", number=seconds // 60)
    if seconds < 86_400:
        return gettext("%(number)s h ago", number=seconds // 3_600)
    return ngettext("%(num)d day ago", "%(num)d days ago", seconds // 86_400)


def opening(at: datetime) -> str:
    """When the place opens next, such as `demain à 08:00`."""
    days = (local(at).date() - local(the_place().now()).date()).days
    if days == 0:
        return gettext("at %(time)s", time=clock(at))
    if days == 1:
        return gettext("tomorrow at %(time)s", time=clock(at))
    name = format_date(local(at).date(), "EEEE d MMMM", locale=language())
    return gettext("%(day)s at %(time)s", day=name, time=clock(at))


def credential(written: str) -> str:
    """A badge as one tells it from another: its kind and the end of its number."""
    scheme, _, identity = written.partition(":")
    kind = {"uid": "UID", "ntag424": "NTAG 424", "desfire": "DESFire"}.get(scheme, scheme)
    return f"{kind} …{identity[-6:]}"


def _date_of(at: date) -> date:
    return local(at).date() if isinstance(at, datetime) else at


def _frame() -> dict[str, object]:
    place = the_place()
    return {
        "site": place.settings.site,
        "operator": operator(),
        "language": language(),
        "endpoint": request.endpoint or "",
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
    }
