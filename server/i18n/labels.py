"""The codes of the contract and of the books in plain words: one wording each, for every place that says them. Pure.

In English, as the catalogue knows them; whoever says one asks the catalogue (`_`, `say`, `both`).
"""

Labels = dict[str, str]

REASONS: Labels = {
    "exit": "exit",
    "free_passage": "free passage",
    "unknown_credential": "unknown badge",
    "not_authentic": "the badge did not prove its key: perhaps a copy",
    "revoked": "badge lost or revoked",
    "suspended": "member suspended",
    "expired": "badge outside its dates",
    "stale_list": "the door has had no news of the server for too long",
    "outside_hours": "outside the hours",
    "no_credit": "no pass, no ticket, and too much owed",
    "full": "the place is full",
    "already_inside": "in already",
    "granted": "welcome",
}
"""Why a door opened, or not (rules 2)."""

ALARMS: Labels = {
    "forced": "door forced",
    "held": "door held open",
    "tamper": "housing opened",
    "fire": "fire alarm",
    "not_authentic": "badge that did not prove its key",
    "reader": "reader unplugged",
    "strike": "strike not driven",
    "disk": "disk full or broken",
}
"""What is wrong at a unit."""

PASSED: Labels = {
    "badge": "by badge",
    "rex": "by the button",
    "command": "let through by the desk",
    "free": "free passage",
}
"""What let somebody through a door."""

START_CAUSES: Labels = {"boot": "boot", "crash": "crash", "update": "update"}
"""Why a unit started."""

LEVELS: Labels = {"comfortable": "comfortable", "busy": "busy", "full": "full"}
"""How full the place is."""

UNIT_KINDS: Labels = {"door": "door", "room": "room", "desk": "desk"}
"""What a unit is at."""

READERS: Labels = {
    "both": "one on each side",
    "entry": "outside alone: one leaves by the button",
    "toggle": "one for both ways",
}
"""How a door reads badges."""

ROLES: Labels = {"member": "member", "concierge": "concierge", "admin": "admin"}
"""What somebody may do."""

SET_ASIDE: Labels = {
    "malformed": "malformed",
    "stranger": "unknown unit",
    "early": "date in the future",
    "old": "date too old",
    "failed": "fault of the server",
}
"""Why a message was set aside."""

ENDINGS: Labels = {"lost": "lost", "returned": "returned", "revoked": "revoked"}
"""What became of a badge."""

CALENDAR_FAULTS: Labels = {
    "absent": "the file is not there",
    "scheme": "no such kind of address is read: https or webcal",
    "unreachable": "the address does not answer",
    "refused": "the address refuses",
    "redirect": "the address sends on to one that is not safe",
    "late": "the answer did not come in whole in time",
    "too_big": "the file is too big",
    "no_calendar": "it is no iCal calendar",
    "too_hard": "the file is too hard to read",
}
"""Why a room's calendar cannot be read at all."""

CALENDAR_TROUBLES: Labels = {
    "stray": "this line is no iCal",
    "unfinished": "the entry does not end",
    "cut": "the file breaks off here: what came after it is missing",
    "no_start": "its start is missing or unreadable: it books nothing",
    "zone": "unknown time zone: its times are taken for the place's",
    "rule": "its repetition is unreadable: its first time alone is booked",
    "dates": "some of its further dates are unreadable",
    "exrule": "it leaves out days by a rule (EXRULE) that is not read: they stay booked",
    "end": "its end or duration is unreadable: it books nothing",
    "no_length": "its end is not after its start: it books nothing",
    "too_often": "it repeats too often for a room",
    "too_much": "it repeats too many times to be read",
    "broken": "it is unreadable",
}
"""What of one entry of a calendar cannot be read."""

MEANS: Labels = {"cash": "cash", "card": "card", "transfer": "transfer", "other": "other"}
"""How something was paid."""

PAYERS: Labels = {
    "resident": "Resident",
    "nomade": "Nomad",
    "nomade+tickets": "Nomad and tickets",
    "tickets": "tickets",
    "golden": "golden ticket",
    "owed": "owed",
    "free": "free",
}
"""What a date was paid with."""

HALF_DAYS: Labels = {"morning": "morning", "afternoon": "afternoon"}
"""The halves of a day."""

ENTRY_KINDS: Labels = {
    "sale": "sale",
    "debit": "debit",
    "reversal": "reversal",
    "gift": "gift",
    "correction": "correction",
    "expiry": "expiry",
    "opening": "carried forward",
    "payment": "payment",
}
"""What wrote an entry of the ledger."""

DIFFERENCES: Labels = {
    "presence": "presence",
    "charge": "charge",
    "ledger": "ledger",
    "balance": "balance",
    "expired": "expired tickets",
    "sales": "sales",
}
"""What the books and a recount disagree on."""

AMOUNTS: dict[str, tuple[str, str]] = {
    "hour": ("%(num)d hour", "%(num)d hours"),
    "half_day": ("%(num)d half-day", "%(num)d half-days"),
    "day": ("%(num)d day", "%(num)d days"),
    "golden": ("%(num)d golden ticket", "%(num)d golden tickets"),
    "nomade": ("%(num)d half-day of the pass", "%(num)d half-days of the pass"),
}
"""So many of what an account holds."""

BADGES_COUNTED: dict[str, tuple[str, str]] = {
    "held": ("it held the door key of %(num)d badge", "it held the door keys of %(num)d badges"),
    "left": (
        "%(num)d badge still holds the former one: it opens as before, and is moved on when it comes to the desk",
        "%(num)d badges still hold the former one: they open as before, and are moved on when they come to the desk",
    ),
    "shut_out": ("%(num)d badge opens nothing any more", "%(num)d badges open nothing any more"),
    "copyable": ("%(num)d badge has no key: it can be copied", "%(num)d badges have no key: they can be copied"),
}
"""So many badges of a unit that is removed, of a rotation of their keys, without any."""

KINDS_HELD: Labels = {
    "hour": "hours",
    "half_day": "half-days",
    "day": "days",
    "golden": "golden tickets",
    "nomade": "half-days of the pass",
}
"""What an account holds, in the plural."""

TABLES: Labels = {
    "badges": "badges long given back",
    "changes": "texts in the desk's log",
    "corrections": "corrections",
    "day_books": "charged dates",
    "desk_entries": "entries of the desk",
    "desk_rooms": "words of the desk on rooms",
    "events": "events at doors: their names",
    "expired_lots": "expired tickets",
    "faults": "messages set aside",
    "gifts": "gifts",
    "guests": "guests: their names",
    "held_passes": "passes",
    "ledger": "entries of the ledger",
    "looked_at": "dismissed matters",
    "lots": "lots of tickets",
    "muster_people": "people of evacuations: who they were",
    "musters": "evacuations",
    "operators": "wrong tries at the login",
    "prolongations": "prolongations",
    "remarks": "doubtful passages",
    "sales": "sales and payments",
    "sessions": "logins that are over",
    "settlements": "recounts",
    "stays": "stays: whose they were",
    "used_time": "times used",
}
"""What the purge removes rows of, or names from."""

DATA: Labels = {
    "identity": "Name, e-mail address, notes of the desk",
    "badge": "Number of your badge",
    "door_event": "Taps and passages at the doors: when, which door, entry or exit",
    "presence": "When you came and left",
    "use": "How long you used each day, and what it costs",
    "purchase": "Purchases, payments, tickets and passes",
    "guest": "Guests: name, arrival, departure",
    "invitation": "Golden tickets: whose, and an imprint of the guest's name",
    "muster": "Evacuations and drills: who was ticked off",
    "set_aside": "Messages of the doors that could not be read",
    "change": "What the desk changed on your page",
    "outbox": "The journal of the door itself, until the server has it and a little longer",
    "backup": "Backups of all this, encrypted",
}
"""Kinds of data, as people by the reader are told of them."""

PURPOSES: Labels = {
    "identity": "to know who is a member, and to write to you",
    "badge": "to open the doors to you",
    "door_event": "to let you in, and to know what happened when something did",
    "presence": "to count who is in, for safety, and to count your time",
    "use": "to charge what was used, and to be able to explain it",
    "purchase": "accounts, invoices, what you hold and owe",
    "guest": "to know who is in, for safety",
    "invitation": "a golden ticket is for one acquaintance, once",
    "muster": "to find everybody in a fire",
    "set_aside": "to repair what is broken",
    "change": "to undo a mistake",
    "outbox": "so that nothing is lost when the network or the server fails",
    "backup": "so that nothing is lost when the server fails",
}
"""What each is kept for."""

BASES: Labels = {
    "contract": "your membership",
    "law": "legal obligation (Code de commerce, L123-22)",
    "interest": "legitimate interest: safety, and running the house",
}
"""By which right it is kept (GDPR, article 6)."""

UPDATE_STEPS: Labels = {
    "waiting": "waits for its turn",
    "asked": "fetches the release",
    "trying": "installs and tries it",
    "done": "updated",
    "current": "up to date already",
    "away": "not connected: not updated",
    "old": "too old to be updated from here: make its card again",
    "went_back": "went back to the former version",
    "refused": "refused the release",
    "silent": "does not say how it ended: go and look",
}
"""How far a unit's update is, or how it ended."""

UPDATE_FAULTS: Labels = {
    "alarm": "a part of the unit does not answer under it",
    "archive": "it arrived damaged",
    "did_not_start": "the program does not start under it",
    "disk": "the card cannot be written, or is full",
    "fetch": "it could not be fetched from the server",
    "install": "it cannot be installed there",
    "no_ack": "the server did not acknowledge what the unit told under it",
    "no_archive": "the server has that release no more",
    "no_broker": "no line to the server under it",
    "no_release": "the unit was not installed from a release",
    "no_updater": "the unit takes no updates",
    "no_wheels": "it lacks what it depends on: make it without --no-wheels",
    "not_quiet": "the door never came to rest",
    "older": "it is older than what runs there",
    "reader_awaited": "a reader does not answer under it",
    "read_only": "the unit's system is read-only",
    "settling": "it was not up long enough",
    "signature": "it is not signed by this place",
    "too_big": "it is too large",
    "tries": "the unit was restarted again and again under it",
    "under_way": "another update is under way there",
}
"""Why a unit did not take a release, or gave it up."""
