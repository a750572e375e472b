"""The account of a date, as a member reads it."""

from datetime import date, datetime, timedelta

import pytest

from server.accounts.explanation import explain
from server.accounts.explanation_text import lines as lines_of
from server.core.charge.facts import ChargeCorrection, Correction, DayFacts, MemberFacts, Payment
from server.core.charge.ways_to_pay import Held
from server.i18n.speech import Speech
from tests.server.core.charge.member_days import (
    MONDAY,
    TERMS,
    account,
    came,
    local,
    lots,
    nomade,
    resident,
    stay,
)
from tests.snapshots import Snapshots

TUESDAY = MONDAY + timedelta(days=1)
FULL_DAY = "9:00-17:00"


FRENCH = Speech("fr")


def told(facts: MemberFacts, as_of: date = MONDAY, clock: str = "23:00", speech: Speech = FRENCH) -> list[str]:
    """The account of Monday, line by line, with plain spaces."""
    db = account(facts, as_of, clock)
    explanation = explain(db.days[MONDAY], facts.days[MONDAY], db.lots, db.passes, TERMS)
    return [line.replace("\u202f", " ").replace("\u00a0", " ") for line in lines_of(explanation, speech)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_date_paid_by_the_cheapest_of_several_ways(snapshots: Snapshots, language: str) -> None:
    lines = told(MemberFacts(days=came(FULL_DAY), lots=lots(half_day=11, day=1)), speech=Speech(language))
    snapshots.same(f"cheapest_way.{language}.txt", "\n".join(lines) + "\n")


def test_a_date_that_is_owed_and_partly_paid() -> None:
    facts = MemberFacts(days=came(FULL_DAY), payments=(Payment(1, MONDAY, 450),))
    assert told(facts)[3:] == [
        "Détenu ce jour-là : aucun ticket.",
        "Non couvert : 15 €.",
        "Réglé : 4,50 €.",
        "Reste dû : 10,50 €.",
    ]


def test_a_debt_that_a_later_sale_covered() -> None:
    lines = told(MemberFacts(days=came(FULL_DAY), lots=lots(TUESDAY, day=1)), TUESDAY)
    assert lines[3] == "Détenu au moment de l'achat : 1 journée."
    assert lines[-2:] == [
        "Pris : 1 journée (lot 1, valable jusqu'au mardi 23 novembre 2027).",
        "Dette couverte le mardi 24 novembre 2026, par ce qui a été acheté ou donné alors.",
    ]


def test_who_forgot_to_badge_out_reads_when_they_were_last_seen() -> None:
    assert told(MemberFacts(days=came("9:00-auto", seen=("11:20",)), lots=lots(half_day=11)))[1:3] == [
        "Présence : 9 h 00 – 18 h 00 (sortie automatique).",
        "Sortie non badgée : vu à 11 h 20 pour la dernière fois, compté jusqu'à la fin de cette demi-journée.",
    ]


def test_who_is_still_in_reads_that_it_may_grow() -> None:
    lines = told(MemberFacts(days=came("9:00-"), lots=lots(half_day=11)), clock="9:05")
    assert lines[1].startswith("Présence : depuis 9 h 00.")
    assert lines[2].startswith("Encore là : compté comme pour une sortie maintenant, ou juste après 10 minutes")


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (MemberFacts(days=came(FULL_DAY), passes=(resident(),)), "Pass Résident : tout est couvert."),
        (MemberFacts(days=came("9:00-9:10")), "Au plus 10 minutes en tout : rien n'est compté."),
        (
            MemberFacts(days={MONDAY: DayFacts((stay(FULL_DAY),), invited=True)}),
            "Invitation par un ticket d'or : rien n'est compté.",
        ),
        (
            MemberFacts(days=came(FULL_DAY), passes=(nomade(20),)),
            "Pass Nomade : 2 demi-journées de l'allocation (valable jusqu'au lundi 30 novembre 2026).",
        ),
    ],
)
def test_what_costs_no_ticket_says_why(facts: MemberFacts, line: str) -> None:
    assert told(facts)[-1] == line


def test_a_corrected_presence_stands_beside_the_computed_one() -> None:
    correction = Correction(presence=((local("9:00"), local("12:00")),))
    lines = told(MemberFacts(days={MONDAY: DayFacts((stay(FULL_DAY),), correction=correction)}, lots=lots(half_day=4)))
    assert lines[1:3] == [
        "Présence : 9 h 00 – 17 h 00.",
        "Présence corrigée par un opérateur : 9 h 00 – 12 h 00.",
    ]
    assert lines[-1] == "Sans la correction : 2 demi-journées."


def test_a_presence_corrected_away_is_none() -> None:
    correction = Correction(presence=())
    lines = told(MemberFacts(days={MONDAY: DayFacts((stay(FULL_DAY),), correction=correction)}, passes=(nomade(1),)))
    assert "Présence corrigée par un opérateur : aucune." in lines
    assert lines[-1] == "Sans la correction : 1 demi-journée du pass Nomade et 9 € dus."


def test_a_corrected_charge_stands_beside_the_computed_one() -> None:
    correction = Correction(charge=ChargeCorrection(owed_cents=100))
    lines = told(MemberFacts(days={MONDAY: DayFacts((stay("9:00-9:05"),), correction=correction)}))
    assert lines[3:] == [
        "Décompte corrigé par un opérateur.",
        "Non couvert : 1 €.",
        "Reste dû : 1 €.",
        "Sans la correction : rien à payer.",
    ]


def test_the_data_has_the_way_that_was_taken_first() -> None:
    facts = MemberFacts(days=came("9:00-11:30"), lots=lots(hour=4, half_day=1))
    db = account(facts, MONDAY)
    explanation = explain(db.days[MONDAY], facts.days[MONDAY], db.lots, db.passes, TERMS)
    assert [(way.tickets, way.owed_cents) for way in explanation.weighed][:2] == [
        (Held(half_day=1), 0),
        (Held(hour=3), 0),
    ]
    assert explanation.taken[0].last_day == MONDAY + timedelta(days=364)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_corrected_date_that_tickets_pay_in_part(snapshots: Snapshots, language: str) -> None:
    correction = Correction(presence=((local("9:00"), local("17:00")),))
    facts = MemberFacts(days={MONDAY: DayFacts((stay("8:00-17:00"),), correction=correction)}, lots=lots(half_day=1))
    snapshots.same(f"corrected_date.{language}.txt", "\n".join(told(facts, speech=Speech(language))) + "\n")


def test_dates_times_money_and_tickets_are_written_in_french() -> None:
    assert FRENCH.full_date(date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert FRENCH.clock(datetime(2026, 12, 1, 9, 5)) == "9 h 05"
    durations = [FRENCH.duration(minutes * 60_000) for minutes in (0, 59, 60, 188)]
    assert durations == ["0 min", "59 min", "1 h 00", "3 h 08"]
    assert [FRENCH.money(cents).replace("\u202f", " ") for cents in (600, 450, -600, 123_456_00)] == [
        "6 €",
        "4,50 €",
        "−6 €",
        "123 456 €",
    ]
    tickets = [FRENCH.amount("hour", 1), FRENCH.amount("golden", 2), FRENCH.amount("day", 0)]
    assert tickets == ["1 heure", "2 tickets d'or", "0 journée"]
    parts: tuple[list[str], ...] = ([], ["a"], ["a", "b"], ["a", "b", "c"])
    assert [FRENCH.listed(each) for each in parts] == ["", "a", "a et b", "a, b et c"]
