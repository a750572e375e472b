"""Figures as tables: what stands beside each picture, and what a spreadsheet gets, are the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from server.core.presence.hourly_occupancy import HourOccupied, WeekHour
from server.desk.reports import AttendanceDay, Takings
from server.formats.csv_cells import Cell, Figure
from server.i18n import labels
from server.rooms.board import RoomDay
from server.store.accounts.sales import MEANS, Sale
from server.store.journal.tap_counts import TapKind
from server.web import words
from server.web.formats import named
from server.web.texts import gettext as _
from server.web.texts import pgettext

Kind = Literal["text", "day", "month", "clock", "count", "hours", "mean", "money"]

ADDED: tuple[Kind, ...] = ("count", "hours", "money")
"""What a last row can add up."""


SCHEMES = {"uid": "UID", "ntag424": "NTAG 424 DNA", "desfire": "DESFire"}
"""The names of the kinds of badges, which are the same in every language."""


class Table(NamedTuple):
    """Headings, and rows whose first cell names them; `kinds` is how a page writes each column.

    `adds`: the columns that can be added up have their sum in a last row. A spreadsheet adds by itself, and gets none.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    kinds: Sequence[Kind] = ()
    adds: bool = False

    @property
    def sums(self) -> list[Cell]:
        """The last row, as the others; empty where there is none."""
        if not self.adds or len(self.rows) < 2:
            return []
        columns = zip(self.kinds, zip(*self.rows, strict=True), strict=True)
        return [sum(float(cell or 0) for cell in cells) if kind in ADDED else None for kind, cells in columns]


def attendance(days: list[AttendanceDay], by_month: bool) -> Table:
    """Visits and hours by date or by month."""
    sums: dict[str, Counter[str]] = {}
    for each in days:
        key = each.date.isoformat()[: 7 if by_month else 10]
        sums.setdefault(key, Counter()).update(members=each.members, guests=each.guests, minutes=each.minutes)
    headings = [_("date"), _("visits of members"), _("guests"), _("hours")]
    rows: list[list[Cell]] = [
        [key, of["members"], of["guests"], Figure(of["minutes"] / 60)] for key, of in sums.items()
    ]
    return Table(headings, rows, ("month" if by_month else "day", "count", "count", "hours"), adds=True)


def half_days(days: list[AttendanceDay]) -> Table:
    """Half-days used by who paid for them."""
    sums: Counter[str] = Counter()
    for each in days:
        sums.update(each.half_days)
    rows: list[list[Cell]] = [[words.payer(payer), sums[payer]] for payer in labels.PAYERS]
    return Table([pgettext("of half-days", "paid by"), _("half-days")], rows, ("text", "count"), adds=True)


def takings(days: list[Takings], by_month: bool) -> Table:
    """Money by date or month and means, in euros."""
    sums: dict[str, Counter[str]] = {}
    for each in days:
        key = each.date.isoformat()[: 7 if by_month else 10]
        of = sums.setdefault(key, Counter())
        of.update(total=each.total_cents, vat=each.vat_cents)
        for means, cents in each.by_means.items():
            of[means] += cents
    headings = [_("date"), *(words.means(means) for means in MEANS), _("total"), _("VAT therein")]
    columns = (*MEANS, "total", "vat")
    rows: list[list[Cell]] = [[key, *(Figure(of[column] / 100) for column in columns)] for key, of in sums.items()]
    kinds: list[Kind] = ["month" if by_month else "day"]
    kinds += ["money" for _column in columns]
    return Table(headings, rows, kinds, adds=True)


def week_hours(week: list[WeekHour], weekdays: Sequence[str]) -> Table:
    """How full, by weekday and hour."""
    headings = [_("day"), _("hour"), _("average"), _("maximum"), _("number of days")]
    rows: list[list[Cell]] = [
        [weekdays[each.weekday], f"{each.hour:02d}:00", Figure(each.mean), each.peak, each.days] for each in week
    ]
    return Table(headings, rows, ("text", "clock", "mean", "count", "count"))


def day_hours(hours: list[HourOccupied]) -> Table:
    """How full, hour by hour."""
    headings = [_("date"), _("hour"), _("average"), _("maximum")]
    rows: list[list[Cell]] = [
        [each.day.isoformat(), f"{each.hour:02d}:00", Figure(each.mean), each.peak] for each in hours
    ]
    return Table(headings, rows, ("day", "clock", "mean", "count"))


def rooms(used: list[RoomDay], names: dict[str, str], labels: dict[str, str]) -> Table:
    """Hours of each room by use."""
    minutes: dict[str, Counter[str]] = {room: Counter() for room in names}
    for each in used:
        for use, lasted in each.minutes.items():
            minutes.setdefault(each.room, Counter())[use] += round(lasted)
    headings = [_("room"), *labels.values()]
    rows: list[list[Cell]] = [
        [names.get(room, room), *(Figure(of[use] / 60) for use in labels)] for room, of in minutes.items()
    ]
    kinds: list[Kind] = ["text"]
    kinds += ["hours" for _label in labels]
    return Table(headings, rows, kinds, adds=True)


def taps(counts: Mapping[TapKind, int]) -> Table:
    """Badges presented, by what doors answered and why, which kind of badge it was and what it proved."""
    rows: list[list[Cell]] = [
        [
            words.reason(tap.reason),
            _("refused") if tap.decision == "denied" else _("granted"),
            SCHEMES.get(tap.scheme, ""),
            str(tap.key_version or ""),
            times,
        ]
        for tap, times in counts.items()
    ]
    headings = [_("why"), _("answer"), _("badge"), _("key"), _("times")]
    return Table(headings, rows, ("text", "text", "text", "text", "count"))


def badges(counts: Mapping[tuple[str, int | None], int]) -> Table:
    """Badges in use, by kind and version of their keys."""
    rows: list[list[Cell]] = [
        [SCHEMES[scheme], _("can be copied") if version is None else str(version or _("blank")), number]
        for (scheme, version), number in counts.items()
    ]
    return Table([_("badge"), _("version of its keys"), _("badges")], rows, ("text", "text", "count"))


def sales(sold: list[Sale], names: dict[int, str]) -> Table:
    """What was sold and paid, by number."""
    headings = [
        *(_("no."), _("date"), _("member"), _("name"), _("sold"), _("net"), _("VAT rate"), _("VAT")),
        *(_("price"), pgettext("of money", "paid by"), _("by"), _("reason")),
    ]
    return Table(headings, [_sale(each, names) for each in sold])


def _sale(sale: Sale, names: dict[int, str]) -> list[Cell]:
    day: date = sale.day
    return [
        sale.number,
        day.isoformat(),
        sale.member,
        names.get(sale.member, ""),
        named(sale.title),
        Figure(sale.net_cents / 100),
        Figure(sale.vat_bp / 100),
        Figure(sale.vat_cents / 100),
        Figure(sale.price_cents / 100),
        words.means(sale.paid_by),
        sale.operator,
        sale.reason,
    ]
