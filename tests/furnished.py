"""A place with a day going on in it, for the pictures and for the browser: the same every time."""

from datetime import timedelta
from itertools import cycle

from server.accounts import sales
from server.store.presence import guests
from server.store.units import units
from tests.web_house import MONDAY_MORNING, WebHouse

NAMES = (
    "Aline Besson",
    "Jürgen Müller",
    "Maïté Etcheverry",
    "Oumar Diallo",
    "Zoé Lê Thị Hương",
    "Anne-Sophie de la Tour du Pin-Verclause",
    "Sacha Kowalczyk",
    "Inès Benali",
    "Théo Garnier",
    "عبد الرحمن المنصوري",
    "Camille Petit",
    "Noé Faure",
    "Agathe Chabert",
    "Rémi Vial",
    "Louise Peyrard",
    "Hugo Bonnet",
    "Nadia Haddad",
    "Paul Montagnier",
    "Élise Chazal",
    "Yann Le Goff",
    "Clara Rousset",
    "Bastien Giraud",
    "Lucie Thévenet",
    "Malik Saïdi",
    "Jeanne Fayolle",
    "Victor Peyron",
    "Sarah Cohen",
    "Adrien Merle",
    "Emma Vercherand",
    "Loïc Defour",
    "Mathilde Ravel",
    "Karim Bouzid",
    "Julie Montmartin",
    "Arthur Bruyère",
    "Lina Ferreira",
    "Simon Épalle",
)
"""36: one more than the place holds."""


PASSES = ("carnet-half-day", "nomade", "carnet-day", "resident", "ticket-hour", "carnet-half-day", "")
"""What each of them holds, one after the other."""


def credential(nth: int) -> str:
    return f"ntag424:04A1B2C3D4{nth:04X}"


def furnish(house: WebHouse, present: int) -> list[int]:
    """Two doors, a desk unit, 36 members; `present` of them are in, and the day has gone as days go."""
    for name in ("porte-avant", "porte-cour"):
        house.door(name)
    units.add(house.db, "comptoir", "desk", now=MONDAY_MORNING - timedelta(days=30))
    house.ingest.drop_cache()
    members = [house.member(name, credential(nth)) for nth, name in enumerate(NAMES)]
    bought = (MONDAY_MORNING - timedelta(days=20)).date()
    for member, sold in zip(members, cycle(PASSES), strict=False):
        if sold:
            sales.sell(house.work("Marie"), member, sold, on=bought, paid_by="card")
    if not present:
        return members
    house.now = MONDAY_MORNING - timedelta(minutes=70)
    for nth in range(present - 2 if present > 30 else present - 1):
        house.tap(credential(nth), unit="porte-avant" if nth % 3 else "porte-cour")
        house.now += timedelta(seconds=97)
    house.now = MONDAY_MORNING
    today = house.house.day_of(house.now)
    guests.arrive(house.db, "Béatrice, de Roanne", day=today, now=house.now, member=members[0], golden=True)
    if present > 30:
        guests.arrive(house.db, None, day=today, now=house.now)
    _a_day_goes_on(house, full=present > 30)
    return members


def _a_day_goes_on(house: WebHouse, *, full: bool) -> None:
    house.tap("uid:04FFA1B2C3D4F1", unit="porte-avant", reason="unknown_credential")
    house.presses_rex("porte-cour")
    if full:
        house.tap(credential(35), unit="porte-avant", reason="full")
        house.alarms("forced", "porte-cour")
        house.tap(credential(2), unit="porte-cour", reason="not_authentic")
        house.says("porte-cour", alarms=["held"], outbox=12)
        house.garbage()
    for room, use, people in (
        ("open-space", "focus", 11 if full else 5),
        ("reunion", "meeting", 9 if full else 4),
        ("atelier", "workshop", 3),
        ("bureau-4", "focus", 4 if full else 1),
        ("appels", "call", 1),
    ):
        house.dials(room, use, people, "porte-avant")
