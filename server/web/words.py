"""Words of the contract in plain words, in the language of the page."""

from server.backups.note import BackupFault
from server.core.charge.passes import PAYING_KINDS
from server.core.doors.telephone import is_telephone
from server.i18n import formats, labels
from server.i18n.refusals import REFUSALS
from server.rooms.calendars import CalendarFault
from server.store.accounts.ledger import LedgerEntry
from server.store.accounts.standings import Balance
from server.web.texts import gettext as _
from server.web.texts import language, ngettext


def reason(code: str, credential: str | None = None) -> str:
    """Why a door opened, or not (rules 2); of a telephone that it is one."""
    if code == "unknown_credential" and is_telephone(credential or ""):
        return _("a telephone: it cannot be a badge")
    return _(labels.REASONS.get(code, code))


def alarm(code: str) -> str:
    """What is wrong at a unit."""
    return _(labels.ALARMS.get(code, code))


def level(code: str) -> str:
    """How full the place is."""
    return _(labels.LEVELS[code])


def kind(code: str) -> str:
    """What a unit is at."""
    return _(labels.UNIT_KINDS[code])


def readers(code: str) -> str:
    """How a door reads badges."""
    return _(labels.READERS[code])


def role(code: str) -> str:
    """What somebody may do."""
    return _(labels.ROLES[code])


def fault(code: str) -> str:
    """Why something was set aside."""
    return _(labels.SET_ASIDE[code])


def column(field: str) -> str:
    """What a column of a list of members is taken for."""
    return {
        "": _("— not read —"),
        "full_name": _("First name and name"),
        "name": _("Name"),
        "first_name": _("First name"),
        "email": _("E-mail"),
        "phone": _("Telephone (into the notes)"),
        "role": _("Role"),
        "badge": _("Badge"),
        "badge_keys": _("Keys of the badge (compared only)"),
        "notes": _("Notes"),
    }[field]


def backup_fault(fault: BackupFault) -> str:
    """Why there is no backup of the last night."""
    if fault.code not in REFUSALS:
        return fault.facts.get("error", fault.code)
    return _(REFUSALS[fault.code]).format(**fault.facts)


def calendar_fault(fault: CalendarFault) -> str:
    """Why a room's calendar cannot be read at all."""
    told = _(labels.CALENDAR_FAULTS[fault.why])
    return f"{told} ({fault.detail})" if fault.detail else told


def calendar_trouble(why: str) -> str:
    """What of one entry of a calendar cannot be read."""
    return _(labels.CALENDAR_TROUBLES.get(why, why))


def tickets(kind: str, number: int) -> str:
    """So many of a kind, such as `2 demi-journées`."""
    return ngettext(*labels.AMOUNTS[kind], number)


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
    return _(labels.KINDS_HELD[kind])


def tickets_held(standing: Balance) -> list[str]:
    """The tickets that pay for the member's dates, what covers most first."""
    numbers = [(kind, getattr(standing, kind)) for kind in reversed(PAYING_KINDS)]
    return [tickets(kind, number) for kind, number in numbers if number]


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
    return formats.money(cents, language())


def means(code: str) -> str:
    """How something was paid."""
    return _(labels.MEANS[code])


def payer(code: str) -> str:
    """What a date was paid with."""
    return _(labels.PAYERS[code])


def cover(code: str) -> str:
    """A pass that covers dates."""
    return _(labels.PAYERS[code])


def update_step(code: str, why: str = "") -> str:
    """How far a unit's update is, or how it ended, and why."""
    step = _(labels.UPDATE_STEPS[code])
    return _("%(what)s: %(told)s", what=step, told=update_fault(why)) if why else step


def update_fault(why: str) -> str:
    """Why a unit did not take a release, or gave it up."""
    code, _gap, about = why.partition(" ")
    named = alarm(about) if code == "alarm" else about
    text = _(labels.UPDATE_FAULTS.get(code, code))
    return f"{text} ({named})" if named else text


def period(code: str) -> str:
    """A kind of period."""
    return {"day": _("day"), "month": _("month"), "year": _("year")}[code]


def ending(code: str) -> str:
    """What became of a badge."""
    return _(labels.ENDINGS[code])


def badge_keys(code: str) -> str:
    """How a badge's keys stand, where there is something to say of them: a `Standing` of the badges' page."""
    return {
        "copyable": _("can be copied"),
        "former": _("former keys"),
        "over": _("keys that are over: it opens nothing"),
        "under_way": _("half done: give it new keys"),
        "blank": _("blank: it opens nothing"),
    }[code]


def badges_with(code: str, number: int) -> str:
    """How many badges stand so."""
    return {
        "copyable": ngettext("%(num)d can be copied", "%(num)d can be copied", number),
        "former": ngettext("%(num)d with former keys", "%(num)d with former keys", number),
        "over": ngettext("%(num)d with keys that are over", "%(num)d with keys that are over", number),
        "under_way": ngettext("%(num)d half done", "%(num)d half done", number),
        "blank": ngettext("%(num)d blank", "%(num)d blank", number),
    }[code]


def deed(code: str) -> str:
    """What an operator did."""
    return {
        "backup.download": _("backup downloaded"),
        "backup.key": _("another backup key made"),
        "badge.assign": _("badge attached"),
        "badge.end": _("badge taken away"),
        "badge.enrol": _("badge enrolled"),
        "badge.rekey": _("badge given new keys"),
        "badge.wipe": _("badge made blank"),
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
        "keys.finish": _("former badge keys ended"),
        "keys.rotate": _("new badge keys begun"),
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
        "unit.add": _("unit added"),
        "unit.card": _("card of a unit made"),
        "unit.remove": _("unit removed"),
        "unit.restore": _("unit brought back"),
        "units.update": _("units updated"),
    }.get(code, code)
