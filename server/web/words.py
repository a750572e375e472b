"""Words of the contract in plain words, in the language of the page."""

from server.i18n.french import euros
from server.rooms.calendars import CalendarFault
from server.store.accounts.ledger import LedgerEntry
from server.web.texts import gettext as _
from server.web.texts import language, ngettext


def reason(code: str) -> str:
    """Why a door opened, or not (rules 2)."""
    return {
        "exit": _("exit"),
        "free_passage": _("free passage"),
        "unknown_credential": _("unknown badge"),
        "not_authentic": _("the badge did not prove its key: perhaps a copy"),
        "revoked": _("badge lost or revoked"),
        "suspended": _("member suspended"),
        "expired": _("badge outside its dates"),
        "stale_list": _("the door has had no news of the server for too long"),
        "outside_hours": _("outside the hours"),
        "no_credit": _("no pass, no ticket, and too much owed"),
        "full": _("the place is full"),
        "already_inside": _("in already"),
        "granted": _("welcome"),
    }.get(code, code)


def alarm(code: str) -> str:
    """What is wrong at a unit."""
    return {
        "forced": _("door forced"),
        "held": _("door held open"),
        "tamper": _("housing opened"),
        "fire": _("fire alarm"),
        "not_authentic": _("badge that did not prove its key"),
        "reader": _("reader unplugged"),
        "strike": _("strike not driven"),
        "disk": _("disk full or broken"),
    }.get(code, code)


def level(code: str) -> str:
    """How full the place is."""
    return {"comfortable": _("comfortable"), "busy": _("busy"), "full": _("full")}[code]


def kind(code: str) -> str:
    """What a unit is at."""
    return {"door": _("door"), "room": _("room"), "desk": _("desk")}[code]


def role(code: str) -> str:
    """What somebody may do."""
    return {"member": _("member"), "concierge": _("concierge"), "admin": _("admin")}[code]


def fault(code: str) -> str:
    """Why something was set aside."""
    return {
        "malformed": _("malformed"),
        "stranger": _("unknown unit"),
        "early": _("date in the future"),
        "old": _("date too old"),
        "failed": _("fault of the server"),
    }[code]


def column(field: str) -> str:
    """What a column of a list of members is taken for."""
    return {
        "": _("— not read —"),
        "name": _("Name"),
        "first_name": _("First name"),
        "email": _("E-mail"),
        "phone": _("Telephone (into the notes)"),
        "role": _("Role"),
        "badge": _("Badge"),
        "notes": _("Notes"),
    }[field]


def calendar_fault(fault: CalendarFault) -> str:
    """Why a room's calendar cannot be read at all."""
    return {
        "absent": _("the file is not there"),
        "scheme": _("no such kind of address is read: https or webcal"),
        "unreachable": _("the address does not answer (%(detail)s)", detail=fault.detail or "?"),
        "refused": _("the address refuses (%(detail)s)", detail=fault.detail),
        "redirect": _("the address sends on to one that is not safe (%(detail)s)", detail=fault.detail),
        "late": _("the answer did not come in whole in time (%(detail)s)", detail=fault.detail),
        "too_big": _("the file is too big"),
        "no_calendar": _("it is no iCal calendar"),
        "too_hard": _("the file is too hard to read"),
    }[fault.why]


def calendar_trouble(why: str) -> str:
    """What of one entry of a calendar cannot be read."""
    return {
        "stray": _("this line is no iCal"),
        "unfinished": _("the entry does not end"),
        "no_start": _("its start is missing or unreadable: it books nothing"),
        "zone": _("unknown time zone: its times are taken for the place's"),
        "rule": _("its repetition is unreadable: its first time alone is booked"),
        "dates": _("its further dates are unreadable"),
        "end": _("its end or duration is unreadable: it books nothing"),
        "too_often": _("it repeats too often for a room"),
        "too_much": _("it repeats too many times to be read"),
        "broken": _("it is unreadable"),
    }.get(why, why)


def tickets(kind: str, number: int) -> str:
    """So many of a kind, such as `2 demi-journées`."""
    return {
        "hour": ngettext("%(num)d hour", "%(num)d hours", number),
        "half_day": ngettext("%(num)d half-day", "%(num)d half-days", number),
        "day": ngettext("%(num)d day", "%(num)d days", number),
        "golden": ngettext("%(num)d golden ticket", "%(num)d golden tickets", number),
        "nomade": ngettext("%(num)d half-day of the pass", "%(num)d half-days of the pass", number),
    }[kind]


def cause(code: str) -> str:
    """What brought an entry about, such as `vente n° 24`."""
    what, _space, number = code.rpartition(" ")
    if code.startswith("event "):
        places = [each.split("/") for each in code.split(" ")[1:]]
        return ", ".join(_("%(unit)s, passage no. %(number)s", unit=each[0], number=each[-1]) for each in places)
    return {
        "": {"clock": _("the clock"), "settings": _("the settings")}.get(code, code),
        "sale": _("sale no. %(number)s", number=number),
        "payment": _("payment no. %(number)s", number=number),
        "gift": _("gift no. %(number)s", number=number),
        "correction": _("correction no. %(number)s", number=number),
        "prolongation": _("prolongation no. %(number)s", number=number),
        "guest": _("guest no. %(number)s", number=number),
        "desk entry": _("desk's note no. %(number)s", number=number),
    }.get(what, code)


def kind_of_ticket(kind: str) -> str:
    """A kind of ticket, in the plural."""
    return {
        "hour": _("hours"),
        "half_day": _("half-days"),
        "day": _("days"),
        "golden": _("golden tickets"),
        "nomade": _("half-days of the pass"),
    }[kind]


def entry(written: LedgerEntry) -> str:
    """One entry of the ledger: what moved, with its sign."""
    if written.what == "cents":
        return f"{'+' if written.amount > 0 else ''}{money(written.amount)}"
    sign = "+" if written.amount > 0 else "−"
    if written.what == "resident":
        return f"{sign} {cover('resident')}"
    return f"{sign}{tickets(written.what, abs(written.amount))}"


def money(cents: int) -> str:
    """`4,50 €`, or `€4.50`."""
    if language() == "fr":
        return euros(cents)
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}€{whole:,}{f'.{rest:02d}' if rest else ''}"


def means(code: str) -> str:
    """How something was paid."""
    return {"cash": _("cash"), "card": _("card"), "transfer": _("transfer"), "other": _("other")}[code]


def payer(code: str) -> str:
    """What a date was paid with."""
    return {
        "resident": _("Resident"),
        "nomade": _("Nomad"),
        "nomade+tickets": _("Nomad and tickets"),
        "tickets": _("tickets"),
        "golden": _("golden ticket"),
        "owed": _("owed"),
        "free": _("free"),
    }[code]


def cover(code: str) -> str:
    """A pass that covers dates."""
    return {"resident": _("Resident"), "nomade": _("Nomad")}[code]


def period(code: str) -> str:
    """A kind of period."""
    return {"day": _("day"), "month": _("month"), "year": _("year")}[code]


def ending(code: str) -> str:
    """What became of a badge."""
    return {"lost": _("lost"), "returned": _("returned"), "revoked": _("revoked")}[code]


def deed(code: str) -> str:
    """What an operator did."""
    return {
        "badge.assign": _("badge attached"),
        "badge.end": _("badge taken away"),
        "count.one_less": _("one person less"),
        "count.one_more": _("one person more"),
        "count.settle": _("count set right"),
        "credit.give": _("tickets given"),
        "credit.prolong": _("tickets prolonged"),
        "credit.take_back": _("gift taken back"),
        "day.correct": _("day corrected"),
        "day.lift": _("correction lifted"),
        "door.mode": _("door set"),
        "door.open": _("door opened"),
        "guest.arrive": _("guest came"),
        "guest.leave": _("guest left"),
        "guest.take_back": _("golden ticket given back"),
        "matter.bring_back": _("matter brought back"),
        "matter.put_away": _("matter seen"),
        "member.add": _("member added"),
        "member.edit": _("details changed"),
        "member.forget": _("member forgotten"),
        "member.import": _("members imported"),
        "member.import_undo": _("import taken back"),
        "member.restore": _("let in again"),
        "member.suspend": _("suspended"),
        "muster.begin": _("muster begun"),
        "muster.end": _("muster ended"),
        "muster.tick": _("muster: tick"),
        "operator.password": _("password changed"),
        "presence.entry": _("noted as in"),
        "presence.exit": _("noted as gone"),
        "presence.lift": _("note undone"),
        "room.set": _("room set"),
        "sale.cancel": _("sale taken back"),
        "sale.pay": _("debt paid"),
        "sale.sell": _("sale"),
    }.get(code, code)
