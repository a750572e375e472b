"""The rules of the books once more, as simply as they can be written, to be held against `core/charge/settlement.py`.

Every minute is counted one by one, every ticket is a slip of its own, every way to pay is tried, and nothing is
remembered: it shares no code with what it checks. It knows the reference place only (8:00 to 18:00, boundary 13:00).
"""

from dataclasses import dataclass, field
from itertools import product

from tests.server.core.charge.random_months import BOUNDARY, CLOSES, HOLIDAYS, OPENS, Month, Visit

PRICE = {"hour": 300, "half_day": 900, "day": 1500}


@dataclass
class Slip:
    """One ticket, and the date or guest that has it."""

    lot: int
    kind: str
    first: int
    last: int
    prolonged: list[tuple[int, int]]
    used_by: object = None

    def last_on(self, day: int) -> int:
        return max([self.last] + [until for on, until in self.prolonged if on <= day])

    def valid(self, day: int) -> bool:
        return self.first <= day <= self.last_on(day)


@dataclass
class Sheet:
    """What the naive books say of one date."""

    minutes: float
    used: list[str]
    payer: str = "free"
    hours: dict[str, int] = field(default_factory=dict)
    wanted: dict[str, int] | None = None
    nomade: int = 0
    due: float = 0
    paid: int = 0
    tickets: list[Slip] = field(default_factory=list)

    def took(self) -> dict[str, int]:
        took = {kind: sum(slip.kind == kind for slip in self.tickets) for kind in PRICE}
        took["nomade"] = self.nomade
        return {kind: number for kind, number in took.items() if number}


@dataclass
class NaiveBooks:
    sheets: dict[int, Sheet]
    slips: list[Slip]
    nomade_left: dict[int, int]
    credit: int
    golden_missing: int


def naive_books(month: Month) -> NaiveBooks:
    slips = [
        Slip(number, kind, first, last, prolonged)
        for number, kind, size, first, last, prolonged in month.lots
        for _ in range(size)
    ]
    db = NaiveBooks({}, slips, {number: allowance for number, *_, allowance in month.passes}, 0, 0)
    for day in range(-20, month.today + 1):
        if any(slip.first == day or day in [on for on, _ in slip.prolonged] for slip in slips):
            for earlier in sorted(db.sheets):
                if db.sheets[earlier].due > db.sheets[earlier].paid:
                    _charge_again(db, earlier, day)
        for _ in [use for use in month.golden_uses if use[0] == day]:
            gold = [slip for slip in slips if slip.kind == "golden" and slip.valid(day) and slip.used_by is None]
            if gold:
                _first_to_use(gold, day).used_by = "guest"
            else:
                db.golden_missing += 1
        if day in month.visits:
            db.sheets[day] = _charge(db, month, day, month.visits[day])
        db.credit += sum(cents for _, paid_on, cents in month.payments if paid_on == day)
        for earlier in sorted(db.sheets):
            sheet = db.sheets[earlier]
            while db.credit and sheet.paid < sheet.due:
                sheet.paid += 1
                db.credit -= 1
    return db


def _charge(db: NaiveBooks, month: Month, day: int, visit: Visit) -> Sheet:
    morning, afternoon = _used(month, day, visit)
    used = _half_days(morning, afternoon)
    sheet = Sheet(morning + afternoon, used)
    if visit.corrected_charge is not None:
        sheet.wanted = dict(visit.corrected_charge)
        _draw(db, month, day, sheet, sheet.wanted.pop("nomade", 0))
        sheet.wanted["owed_cents"] = sheet.wanted.get("owed_cents", 0) + 900 * (
            visit.corrected_charge.get("nomade", 0) - sheet.nomade
        )
    elif used:
        if any(cover == "resident" and first <= day <= last for _, cover, first, last, _ in month.passes):
            sheet.payer = "resident"
            return sheet
        if visit.invited:
            sheet.payer = "golden"
            return sheet
        _draw(db, month, day, sheet, len(used))
        begun = {"morning": -(-morning // 60), "afternoon": -(-afternoon // 60)}
        sheet.hours = {half: int(begun[half]) for half in used[sheet.nomade :]}
    _pay(sheet, [slip for slip in db.slips if slip.used_by is None and slip.valid(day)], day)
    return sheet


def _charge_again(db: NaiveBooks, earlier: int, day: int) -> None:
    sheet = db.sheets[earlier]
    own, due = sheet.tickets, sheet.due
    for slip in own:
        slip.used_by = None
    free = [slip for slip in db.slips if slip.used_by is None and slip.first <= day]
    _pay(sheet, [slip for slip in free if slip.valid(earlier) or slip.valid(day) or _in_lot_of(slip, own)], day)
    if sheet.due >= due:
        for slip in sheet.tickets:
            slip.used_by = None
        for slip in own:
            slip.used_by = "date"
        sheet.tickets, sheet.due = own, due
        sheet.payer = _payer(sheet)
    while sheet.paid > sheet.due:
        sheet.paid -= 1
        db.credit += 1


def _in_lot_of(slip: Slip, others: list[Slip]) -> bool:
    return any(slip.lot == other.lot for other in others)


def _draw(db: NaiveBooks, month: Month, day: int, sheet: Sheet, half_days: int) -> None:
    for _ in range(half_days):
        ready = [
            (last, number)
            for number, cover, first, last, _ in month.passes
            if cover == "nomade" and first <= day <= last and db.nomade_left[number] > 0
        ]
        if ready:
            db.nomade_left[min(ready)[1]] -= 1
            sheet.nomade += 1


def _used(month: Month, day: int, visit: Visit) -> tuple[float, float]:
    """Minutes of the morning and of the afternoon that were used."""
    if visit.corrected_stays is not None:
        present = {minute for start, end in visit.corrected_stays for minute in range(start, end)}
    else:
        present = {minute for start, end in visit.stays for minute in range(start, end)}
        if visit.automatic_since is not None:
            since = visit.automatic_since
            seen = max([since] + [minute for minute in visit.seen if since <= minute <= CLOSES])
            present |= set(range(since, BOUNDARY if seen < BOUNDARY else CLOSES))
        if visit.still_in_since is not None:
            present |= set(range(visit.still_in_since, month.now_minute))
    opening = set() if day % 7 >= 5 or day in HOLIDAYS else set(range(OPENS, CLOSES))
    still_in = visit.still_in_since is not None and visit.corrected_stays is None
    minute, more = max(month.now_minute, visit.still_in_since or 0), 0.0
    while still_in and len(present & opening) + more <= 10 and minute < 24 * 60:
        if minute in opening and len(present & opening) == 10:
            more = 0.5
            break
        present.add(minute)
        minute += 1
    used = present & opening
    in_morning = len([at for at in used if at < BOUNDARY]) + (more if minute < BOUNDARY else 0)
    return in_morning, len(used) + more - in_morning


def _half_days(morning: float, afternoon: float) -> list[str]:
    if morning + afternoon <= 10:
        return []
    used = [half for half, minutes in (("morning", morning), ("afternoon", afternoon)) if minutes > 10]
    return used or (["morning"] if morning >= afternoon else ["afternoon"])


def _pay(sheet: Sheet, slips: list[Slip], day: int) -> None:
    """Tries every number of tickets of every kind for every half-day."""
    if sheet.wanted is not None:
        numbers = {kind: min(sheet.wanted.get(kind, 0), _held(slips, kind)) for kind in PRICE}
        missing = sum((sheet.wanted.get(kind, 0) - numbers[kind]) * PRICE[kind] for kind in PRICE)
        best: tuple[float, int, int, dict[str, int]] = (missing + sheet.wanted["owed_cents"], 0, 0, numbers)
    else:
        tries = product(range(2), range(2), range(2), range(4), range(4))
        best = min((_try(sheet, slips, *one) for one in tries), key=lambda found: found[:3])
    sheet.due, sheet.tickets = best[0], []
    for kind, number in best[3].items():
        for _ in range(number):
            slip = _first_to_use([one for one in slips if one.kind == kind and one.used_by is None], day)
            slip.used_by = "date"
            sheet.tickets.append(slip)
    sheet.payer = _payer(sheet)


def _try(
    sheet: Sheet, slips: list[Slip], day: int, half_am: int, half_pm: int, hours_am: int, hours_pm: int
) -> tuple[float, int, int, dict[str, int]]:
    numbers = {"hour": hours_am + hours_pm, "half_day": half_am + half_pm, "day": day}
    value = sum(numbers[kind] * PRICE[kind] for kind in PRICE)
    morning, afternoon = sheet.hours.get("morning", 0), sheet.hours.get("afternoon", 0)
    wasted = hours_am > morning or hours_pm > afternoon or (half_am and not morning) or (half_pm and not afternoon)
    if wasted or any(numbers[kind] > _held(slips, kind) for kind in PRICE) or (day and not morning + afternoon):
        return 10**9, value, 0, numbers
    owed = 0
    for begun, half_day, hours in ((morning, half_am, hours_am), (afternoon, half_pm, hours_pm)):
        if not half_day and hours < 3:
            owed += min(300 * (begun - hours), 900 - 300 * hours)
    if value + owed > 1500:
        owed = max(0, 1500 - value)
    if day or numbers["hour"] >= 5:
        owed = 0
    return owed, value, sum(numbers.values()), numbers


def _held(slips: list[Slip], kind: str) -> int:
    return sum(slip.kind == kind and slip.used_by is None for slip in slips)


def _first_to_use(slips: list[Slip], day: int) -> Slip:
    return min(slips, key=lambda slip: (slip.last_on(day), slip.first, slip.lot))


def _payer(sheet: Sheet) -> str:
    if sheet.tickets:
        return "nomade+tickets" if sheet.nomade else "tickets"
    return "nomade" if sheet.nomade else "owed" if sheet.due else "free"
