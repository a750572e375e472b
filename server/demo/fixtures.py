"""Who and what is in the demo: its units, its people, and the badges that lie on the bench."""

from typing import Literal

from msgspec import Struct

from device.contract.messages import Role, Side, UnitKind
from server.core.doors.telephone import is_telephone
from server.demo.texts import Saying, both
from server.site.unit_card import Readers

SITE, PLACE = "demo", "Au Comptoir Numérique"
OPERATOR = "camille"
"""Who logs in to the desk."""


class DemoUnit(Struct, frozen=True):
    """One unit, its name on the wire and for people."""

    name: str
    kind: UnitKind
    title: Saying
    readers: Readers = "both"
    room: str | None = None

    @property
    def leds(self) -> int:
        """How many LEDs its ring has."""
        return 24 if self.kind == "room" else 12

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides that have a reader."""
        if self.kind == "room":
            return ()
        if self.kind == "desk" or self.readers == "entry":
            return ("entry",)
        return ("entry", "exit") if self.readers == "both" else ("toggle",)


UNITS = (
    DemoUnit("porte-avant", "door", both("Front door"), readers="entry"),
    DemoUnit("porte-arriere", "door", both("Back door")),
    DemoUnit("comptoir", "desk", both("Desk")),
    DemoUnit("salle-open-space", "room", both("Open space"), room="open-space"),
    DemoUnit("salle-reunion", "room", both("Meeting room"), room="reunion"),
    DemoUnit("salle-atelier", "room", both("Workshop"), room="atelier"),
    DemoUnit("salle-bureau-4", "room", both("Office for four"), room="bureau-4"),
    DemoUnit("salle-bureau-3", "room", both("Office for three"), room="bureau-3"),
    DemoUnit("salle-appels", "room", both("Call box"), room="appels"),
)


class Person(Struct, frozen=True):
    """A member, what they bought, and how many minutes ago they came in (None for who is out).

    An unpaid day is yesterday's, and reaches what may be owed at most.
    """

    name: str
    passes: tuple[str, ...] = ()
    role: Role = "member"
    suspended_for: str | None = None
    came_min: int | None = None
    has_unpaid_day: bool = False


PEOPLE = {
    "claire": Person("Claire Fontaine", ("resident",), "concierge"),
    "leo": Person("Léo Marchand", ("nomade",)),
    "ines": Person("Inès Benali", ("carnet-half-day",)),
    "hugo": Person("Hugo Lefèvre", ("carnet-day",), came_min=95),
    "solene": Person("Solène Rey", has_unpaid_day=True),
    "basile": Person("Basile Roche", ("nomade",), suspended_for="matériel emprunté et non rendu"),
    "odile": Person("Odile Perrin", ("carnet-half-day",)),
    "mai": Person("Maï Nguyen", ("ticket-half-day",)),
    "yannick": Person("Yannick Le Goff", ("resident",), "concierge", came_min=160),
    "noemie": Person("Noémie Girard", ("nomade",), came_min=140),
    "tomasz": Person("Tomasz Kowalski", ("carnet-day",), came_min=121),
    "awa": Person("Awa Diallo", ("ticket-hour", "ticket-hour", "ticket-hour"), came_min=84),
    "elise": Person("Élise Chazelle", ("carnet-half-day",), came_min=62),
    "rachid": Person("Rachid Amrani", ("ticket-half-day",), came_min=47),
    "jeanne": Person("Jeanne d'Ornano", ("resident",), came_min=33),
    "gaetan": Person("Gaëtan Faure", came_min=21),
}
GUESTS = (("Marie-Lou Pichon", "noemie"),)
"""Who is in on somebody's word, and on whose."""

Condition = Literal["good", "lost", "lent", "unknown", "copied", "blank", "telephone"]
"""A badge in use, declared lost, lent until yesterday, that nobody knows, a copy that has no key, one as its maker made
it, or no badge but a telephone.
"""
NAMES = {
    "copied": both("Copied badge"),
    "blank": both("New badge"),
    "telephone": both("Telephone"),
    "unknown": both("Unknown card"),
}


class DemoBadge(Struct, frozen=True):
    """A badge on the bench; `note` says what is special about it. The credential of a telephone is one of many."""

    id: str
    credential: str
    holder: str | None
    note: Saying
    condition: Condition = "good"

    @property
    def label(self) -> Saying:
        """What it is called on the bench."""
        return (
            both("{name}", name=PEOPLE[self.holder].name) if self.is_assigned and self.holder else NAMES[self.condition]
        )

    @property
    def uid(self) -> str:
        """Its number, in hex."""
        return self.credential.partition(":")[2]

    @property
    def has_key(self) -> bool:
        """Whether it proves a key of the place."""
        return self.is_assigned and not self.credential.startswith("uid:")

    def shows(self, credential: str) -> bool:
        """Whether it may have shown this to a reader, which knows it by its number alone where it is not enrolled."""
        if self.condition == "telephone":
            return is_telephone(credential)
        return credential.partition(":")[2] == self.uid

    @property
    def is_assigned(self) -> bool:
        """Whether the books know it."""
        return self.condition in ("good", "lost", "lent")


# The numbers of those with keys are real ones whose maker's signature is published, where the desk may write to them.
BADGES = (
    DemoBadge("claire", "ntag424:0463474AA26A80", "claire", both("resident, badge with a key")),
    DemoBadge("leo", "desfire:042A41CAE45380", "leo", both("nomad, DESFire badge")),
    DemoBadge("ines", "uid:04A2B3C4D5E680", "ines", both("a carnet of half-days")),
    DemoBadge("hugo", "ntag424:04C46C222A6380", "hugo", both("is in already")),
    DemoBadge("solene", "uid:04BE51C7D2E680", "solene", both("no ticket left, owes 15 €")),
    DemoBadge("basile", "uid:0477E31A9C5C80", "basile", both("member suspended")),
    DemoBadge("odile", "ntag424:0439F2605B6180", "odile", both("badge declared lost"), "lost"),
    DemoBadge("mai", "uid:8D52F0A1", "mai", both("badge lent until yesterday"), "lent"),
    DemoBadge("new", "ntag424:047728824D6580", None, both("blank: to be enrolled at the desk"), "blank"),
    DemoBadge("phone", "uid:08000000", None, both("another number each time"), "telephone"),
    DemoBadge("copy", "ntag424:0463474AA26A80", "claire", both("Claire's number, no key"), "copied"),
    DemoBadge("stranger", "uid:B7410E6C", None, both("a card that nobody knows"), "unknown"),
)
