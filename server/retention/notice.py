"""The notice beside the reader: what is kept of whom, why, for how long, by which right, made from the one table."""

from server.core.retention.kinds import KEEPING, DataKind
from server.core.retention.periods import BACKUP_MONTHS, MONTH_DAYS, OUTBOX_HOURS, YEAR_MONTHS, Period
from server.core.retention.table import columns
from server.formats.notice_page import DataNotice, NoticeRow
from server.i18n import labels
from server.i18n.speech import Speech
from server.site.settings import ServerSettings

ELSEWHERE: tuple[DataKind, ...] = ("outbox", "backup")
"""Kinds that stand in no table of the books."""


def notice(settings: ServerSettings, speech: Speech) -> DataNotice:
    """The notice of that place, in that language."""
    say, site = speech.say, settings.site
    asked = site.contact or say("the desk")
    return DataNotice(
        language=speech.language,
        title=say("What this place knows of you"),
        place=site.name,
        lead=say(
            "This reader reads the number of your badge: no picture, no fingerprint. "
            "Nobody is followed from room to room: rooms know how many, never who."
        ),
        headings=(say("What"), say("What for"), say("For how long"), say("By which right")),
        rows=[_row(kind, settings, speech) for kind in _told()],
        sections=[
            (say("Who answers for it"), [say("{place}. Questions: {contact}.", place=site.name, contact=asked)]),
            (say("Where it is"), [say("On the machines of the place. It is neither sold nor given away.")]),
            (
                say("Your rights"),
                [
                    say(
                        "Ask {contact} for all that is known of you, in one file; have it corrected; be forgotten: "
                        "your name and your badge go, the accounts keep a number; object, or have it put on hold.",
                        contact=asked,
                    ),
                    say(
                        "The door decides alone, by your pass, the hours and how full it is; somebody at the desk can "
                        "always look at it again."
                    ),
                    say("You can complain to the CNIL: www.cnil.fr."),
                ],
            ),
        ],
        foot=say("Regulation (EU) 2016/679 (GDPR), articles 6 and 13."),
    )


def period_told(period: Period, settings: ServerSettings, speech: Speech) -> str:
    """How long that is, in this place."""
    say, rules = speech.say, settings.rules
    match period:
        case "names":
            return say("{months} months, then without a name", months=rules.names_kept_months)
        case "books":
            return say("{years} years, whole years", years=rules.books_kept_years)
        case "year":
            return say("as long as it is yours, then {months} months", months=YEAR_MONTHS)
        case "month":
            return say("{days} days", days=MONTH_DAYS)
        case "day":
            return say("{hours} hours at most", hours=OUTBOX_HOURS)
        case "membership":
            return say(
                "as long as you are a member; forgotten {years} years after your last visit",
                years=rules.books_kept_years,
            )
        case "backups":
            return say("{months} months at most", months=BACKUP_MONTHS)
        case "login":
            return say("until the login ends")
        case "place":
            return say("nobody is named")


def _told() -> list[DataKind]:
    """The kinds that are anybody's but the operators', in their order."""
    kept = {line.kind for line in columns()} | {*ELSEWHERE}
    return [kind for kind, keeping in KEEPING.items() if kind in kept and keeping.whose not in ("", "operator")]


def _row(kind: DataKind, settings: ServerSettings, speech: Speech) -> NoticeRow:
    keeping = KEEPING[kind]
    return NoticeRow(
        speech.say(labels.DATA[kind]),
        speech.say(labels.PURPOSES[kind]),
        period_told(keeping.period, settings, speech),
        speech.say(labels.BASES[keeping.basis]),
    )
