"""What is posted as things happen is what comes out when everything is reckoned again from its sources."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.accounts import corrections, credit, golden_ticket, sales
from server.core.calendar.opening_hours import Span
from server.core.charge.facts import ChargeCorrection
from server.core.charge.passes import TicketKind
from server.errors import Refusal
from server.site.price_list import PassSettings
from server.site.settings import ServerSettings
from server.store.accounts import lots
from tests.examples import examples
from tests.server.core.charge.member_days import MONDAY, local
from tests.server.ledger_place import LedgerPlace, passage

SHORT_LIVED = ServerSettings(
    passes=[
        PassSettings("hour", "Hour", "", "tickets", 300, holds={"hour": 1}, months=0, days=3),
        PassSettings("half-days", "Half-days", "", "tickets", 1_800, holds={"half_day": 2}, months=0, days=5),
        PassSettings("days", "Days", "", "tickets", 3_000, holds={"day": 2, "golden": 1}, months=0, days=9),
        PassSettings("nomade", "Nomade", "", "half_time", 5_000, months=0, days=5),
        PassSettings("resident", "Résident", "", "everything", 9_000, months=0, days=5),
    ]
)
"""What is sold expires within days, so that it does so often, and is prolonged."""

Deed = Callable[[LedgerPlace], object]


def days_pass(days: int, place: LedgerPlace) -> None:
    place.clock("7:30", place.work().today + timedelta(days=days))


def comes(hours: tuple[int, int], days_ago: int, place: LedgerPlace) -> None:
    """Ada went in and out at those hours, and the door tells it now."""
    day = place.work().today - timedelta(days=days_ago)
    entry, leaving = (local(f"{hour}:00", day) for hour in hours)
    place.now = max(place.now, leaving)
    place.keep([passage(place.ada, "entry", entry), passage(place.ada, "exit", leaving)])


def buys(pass_id: str, days_ahead: int, place: LedgerPlace) -> None:
    place.sell(pass_id, on=place.work().today + timedelta(days=days_ahead))


def pays(cents: int | None, place: LedgerPlace) -> None:
    sales.pay(place.work(), place.ada, cents)


def takes_a_sale_back(number: int, place: LedgerPlace) -> None:
    sales.cancel(place.work(), number, reason="typed twice")


def is_given(kind: TicketKind, place: LedgerPlace) -> None:
    credit.give(place.work(), place.ada, kind, 1, reason="the cleaning")


def takes_a_gift_back(number: int, place: LedgerPlace) -> None:
    credit.take_back(place.work(), number, reason="not done")


def prolongs(nth: int, days: int, place: LedgerPlace) -> None:
    """One of the lots that came last is good for longer."""
    held = lots.of_member(place.db, place.ada)
    if held:
        lot, until = held[-min(nth, len(held))].id, place.work().today + timedelta(days=days)
        credit.prolong(place.work(), lot, until, reason="was ill")


def corrects_presence(hours: tuple[int, int], days_ago: int, place: LedgerPlace) -> None:
    day, spans = place.work().today - timedelta(days=days_ago), [Span(60 * hours[0], 60 * hours[1])]
    corrections.correct(place.work(), place.ada, day, reason="was seen", presence=spans)


def corrects_charge(charge: ChargeCorrection, days_ago: int, place: LedgerPlace) -> None:
    day = place.work().today - timedelta(days=days_ago)
    corrections.correct(place.work(), place.ada, day, reason="as agreed", charge=charge)


def lifts(days_ago: int, place: LedgerPlace) -> None:
    corrections.lift(place.work(), place.ada, place.work().today - timedelta(days=days_ago))


def brings(guest: int, place: LedgerPlace) -> None:
    golden_ticket.invite(place.work(), f"Guest {guest}", place.ada)


def deed(does: Callable[..., object], *of: st.SearchStrategy[Any]) -> st.SearchStrategy[Deed]:
    return st.builds(partial, st.just(does), *of)


HOURS = st.sampled_from([(9, 10), (9, 12), (14, 17), (9, 17)])
DAYS_AGO = st.sampled_from([1, 1, 2, 3, 5, 20])
NUMBERS = st.integers(1, 5)
CHARGES = st.builds(ChargeCorrection, half_day=st.integers(0, 2), hour=st.integers(0, 1), nomade=st.integers(0, 1))
AHEAD = st.sampled_from([0, 0, 0, 4, -4])

PROLONGED = deed(prolongs, NUMBERS, st.sampled_from([5, 40]))
OFTEN: list[st.SearchStrategy[Deed]] = [
    deed(days_pass, st.sampled_from([1, 2, 4])),
    deed(comes, HOURS, st.just(0)),
    deed(comes, HOURS, DAYS_AGO),
    deed(buys, st.sampled_from(["hour", "half-days", "days"]), AHEAD),
    PROLONGED,
]
NOW_AND_THEN: list[st.SearchStrategy[Deed]] = [
    deed(buys, st.sampled_from(["nomade", "resident"]), AHEAD),
    deed(corrects_presence, HOURS, DAYS_AGO),
    deed(corrects_charge, CHARGES, DAYS_AGO),
    deed(lifts, DAYS_AGO),
    deed(takes_a_sale_back, NUMBERS),
    deed(is_given, st.sampled_from(["hour", "half_day", "day", "golden"])),
    deed(takes_a_gift_back, NUMBERS),
    deed(pays, st.sampled_from([None, 100])),
    deed(brings, NUMBERS),
]
DEEDS = st.one_of(*OFTEN, *OFTEN, *OFTEN, *NOW_AND_THEN)


@st.composite
def lives(draw: st.DrawFn) -> list[Deed]:
    """Some weeks, and months later some more: what the books know of the former is then the states that they kept."""
    deeds = draw(st.lists(DEEDS, min_size=5, max_size=12))
    for _ in range(2):
        deeds += [partial(days_pass, draw(st.integers(14, 28))), draw(PROLONGED)]
        deeds += draw(st.lists(DEEDS, min_size=4, max_size=12))
    return deeds


def check_as_it_happens(folder: Path, deeds: Iterable[Deed]) -> None:
    """All of it happens, one after the other, but what is refused; the books are right after each."""
    place = LedgerPlace(folder)
    place.settings = SHORT_LIVED
    place.db.execute("PRAGMA synchronous = OFF")
    place.at("7:30", MONDAY)
    for each in deeds:
        with suppress(Refusal):
            each(place)
        place.ingest.drop_cache()
        assert place.verified() == []
    place.db.close()


STORIES: dict[str, list[Deed]] = {
    "a debt gives a ticket back that expired, and is prolonged": [
        partial(comes, (9, 12), 0),
        partial(buys, "hour", 0),
        partial(days_pass, 7),
        partial(days_pass, 28),
        partial(buys, "days", 0),
        partial(prolongs, 3, 30),
        partial(comes, (9, 10), 4),
    ],
    "a ticket that expired is prolonged, and pays what was owed": [
        partial(buys, "hour", 0),
        partial(days_pass, 7),
        partial(comes, (9, 10), 0),
        partial(days_pass, 1),
        partial(comes, (9, 10), 0),
        partial(days_pass, 2),
        partial(prolongs, 1, 30),
        partial(comes, (9, 10), 1),
    ],
}


@pytest.mark.parametrize("deeds", STORIES.values(), ids=STORIES)
def test_a_late_passage_finds_what_was_in_hand_then(deeds: list[Deed], tmp_path: Path) -> None:
    check_as_it_happens(tmp_path, deeds)


@examples(100)
@given(lives())
def test_books_brought_up_deed_by_deed_are_those_reckoned_from_scratch(deeds: list[Deed]) -> None:
    with TemporaryDirectory() as folder:
        check_as_it_happens(Path(folder), deeds)
