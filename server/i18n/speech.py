"""One language as it is spoken: its texts with their fields filled in, and its dates and amounts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from server.core.calendar.opening_hours import MS_A_MINUTE
from server.errors import Cents, NameOfSettings, Refusal
from server.i18n import formats, labels
from server.i18n.catalogue import OF_THE_PLACE, catalogue
from server.i18n.refusals import AT_THE_DESK, REFUSALS


@dataclass(frozen=True, slots=True)
class Speech:
    """What is said in `language`."""

    language: str

    def say(self, template: str, **fields: object) -> str:
        """`template`, its fields filled in."""
        return catalogue(self.language).gettext(template).format(**fields)

    def refusal(self, refused: Refusal) -> str:
        """Why an order was refused, to stand after the program's name."""
        return self._filled(catalogue(self.language).gettext(REFUSALS[refused.code]), refused, str)

    def refusal_at_the_desk(self, refused: Refusal, named: Callable[[str], str]) -> str:
        """Why an order was refused, as a sentence of its own, in the words of the desk where that has some.

        `named` says a name of the settings in this language.
        """
        english = AT_THE_DESK.get(refused.code, REFUSALS[refused.code])
        template = catalogue(self.language).pgettext("desk", english)
        if template[:1].isalpha():  # a fact, such as a name, stays as it is
            template = template[0].upper() + template[1:]
        return self._filled(template, refused, named) + ("" if template.endswith((".", "?", "!", "…")) else ".")

    def amount(self, kind: str, number: int) -> str:
        """So many tickets of a kind: `1 journée`, `2 demi-journées`."""
        return catalogue(self.language).ngettext(*labels.AMOUNTS[kind], number) % {"num": number}

    def money(self, cents: int) -> str:
        """`4,50 €`."""
        return formats.money(cents, self.language)

    def full_date(self, day: date) -> str:
        """`mardi 1er décembre 2026`."""
        return formats.full_date(day, self.language)

    def listed(self, parts: Sequence[str]) -> str:
        """`a, b et c`."""
        return formats.listed(parts, self.language)

    def clock(self, at: datetime) -> str:
        """`9 h 05`, of a local time."""
        return self.say("{hour}:{minute:02d}", hour=at.hour, minute=at.minute)

    def duration(self, milliseconds: int) -> str:
        """`3 h 08`, begun minutes left out."""
        hours, minutes = divmod(milliseconds // MS_A_MINUTE, 60)
        if not hours:
            return self.say("{minutes} min", minutes=minutes)
        return self.say("{hours} h {minutes:02d}", hours=hours, minutes=minutes)

    def _filled(self, template: str, refused: Refusal, named: Callable[[str], str]) -> str:
        return template.format(**{name: self._said(fact, named) for name, fact in refused.facts.items()})

    def _said(self, fact: object, named: Callable[[str], str]) -> object:
        match fact:
            case Cents():
                return self.money(fact)
            case NameOfSettings():
                return named(fact)
        return fact


PLACE = Speech(OF_THE_PLACE)
"""What goes to everybody at once, such as a notice or what stands in the books, is in the language of the place."""
