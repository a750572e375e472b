"""What members are charged, date after date: who pays first, while in, later sales, money, corrections, gold."""

from datetime import date, timedelta

import pytest

from server.core.calendar.in_force import History
from server.core.charge.day_charge import ChargeDifference, Drawn, Taken, differences
from server.core.charge.facts import (
    ChargeCorrection,
    Correction,
    DayFacts,
    GoldenUse,
    MemberFacts,
    Payment,
    Terms,
)
from server.core.charge.holdings import BLANK
from server.core.charge.passes import TICKET_KINDS, Lot, Prolongation
from server.core.charge.settlement import GoldenTaken, settle, settle_from
from server.core.charge.tariff import Tariff
from server.core.charge.ways_to_pay import Bill
from tests.server.core.charge.member_days import (
    CALENDAR,
    MONDAY,
    TARIFF,
    TERMS,
    account,
    came,
    charged,
    local,
    lots,
    nomade,
    resident,
    stay,
)

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
THURSDAY = MONDAY + timedelta(days=3)
FULL_DAY = "9:00-17:00"
MORNING = "9:00-12:00"


def corrected(correction: Correction, *stays: str) -> dict[date, DayFacts]:
    return {MONDAY: DayFacts(tuple(stay(text) for text in stays), correction=correction)}


def test_a_resident_pass_spares_allowance_and_tickets() -> None:
    db = charged(came(FULL_DAY), *lots(day=11), passes=(nomade(20), resident()))
    assert (db.charge.payer, db.charge.took) == ("resident", {})


def test_a_nomades_morning_goes_first() -> None:
    db = charged(came(FULL_DAY), passes=(nomade(1),))
    assert (db.charge.payer, db.charge.drawn, db.owed_cents) == ("nomade", (Drawn(1, 1),), 900)
    assert (db.charge.bill.morning, db.charge.bill.afternoon) == (0, 4)


def test_of_two_nomade_passes_the_one_that_ends_first_goes_first() -> None:
    later, sooner = nomade(20, date(2026, 11, 20), 1), nomade(1, date(2026, 11, 1), 2)
    assert charged(came(FULL_DAY), passes=(later, sooner)).charge.drawn == (Drawn(2, 1), Drawn(1, 1))


def test_a_pass_that_is_over_covers_nothing() -> None:
    assert charged(came(FULL_DAY), passes=(nomade(20, date(2026, 10, 1)),)).charge.payer == "owed"


def test_the_lot_that_expires_first_goes_first_then_the_oldest() -> None:
    expires_late = Lot(1, "half_day", 1, date(2026, 1, 1), date(2026, 12, 31))
    young = Lot(2, "half_day", 1, date(2026, 11, 2), date(2026, 11, 30))
    old = Lot(3, "half_day", 1, date(2026, 11, 1), date(2026, 11, 30))
    facts = MemberFacts(days={**came(MORNING), **came(FULL_DAY, day=TUESDAY)}, lots=(expires_late, young, old))
    days = account(facts, TUESDAY).days
    assert days[MONDAY].charge.taken == (Taken(3, "half_day", 1),)
    assert days[TUESDAY].charge.taken == (Taken(2, "half_day", 1), Taken(1, "half_day", 1))


def test_later_dates_find_what_earlier_ones_left() -> None:
    facts = MemberFacts(days={**came(FULL_DAY, day=TUESDAY), **came(MORNING)}, lots=lots(half_day=2))
    days = account(facts, TUESDAY).days
    assert [(days[day].charge.took, days[day].owed_cents) for day in (MONDAY, TUESDAY)] == [
        ({"half_day": 1}, 0),
        ({"half_day": 1}, 600),
    ]


def test_a_ticket_pays_from_the_day_of_its_sale_to_its_last_valid_day() -> None:
    lot = Lot(1, "day", 11, MONDAY, TUESDAY)
    for day, payer in ((MONDAY, "tickets"), (TUESDAY, "tickets"), (WEDNESDAY, "owed")):
        assert charged(came(FULL_DAY, day=day), lot).charge.payer == payer


def test_each_date_is_charged_by_the_tariff_in_force_on_it() -> None:
    dearer = Tariff(hour_cents=400, half_day_cents=1200, day_cents=2000)
    terms = Terms(TERMS.calendars, History([(date.min, TARIFF), (TUESDAY, dearer)]))
    facts = MemberFacts(days={**came(FULL_DAY), **came(FULL_DAY, day=TUESDAY)})
    days = settle(facts, terms, local("23:00", TUESDAY)).days
    assert [days[day].owed_cents for day in (MONDAY, TUESDAY)] == [1500, 2000]


def test_somebody_invited_on_a_golden_ticket_pays_nothing_that_day() -> None:
    days = {MONDAY: DayFacts((stay(FULL_DAY),), invited=True)}
    db = charged(days, *lots(day=11), passes=(nomade(20),))
    assert (db.charge.payer, db.charge.took, db.owed_cents) == ("golden", {}, 0)


@pytest.mark.parametrize(
    ("now", "took"),
    [
        ("9:00", {"half_day": 1}),
        ("13:10", {"half_day": 1}),
        ("13:10:01", {"half_day": 2}),
    ],
)
def test_an_entry_takes_a_half_day_at_once_and_the_second_after_the_grace(now: str, took: dict[str, int]) -> None:
    assert charged(came("9:00-"), *lots(half_day=11), now=now).charge.took == took


def test_staying_swaps_a_half_day_for_a_day_ticket_that_is_worth_less_than_two() -> None:
    held = lots(half_day=11, day=1)
    assert charged(came("9:00-"), *held, now="12:00").charge.took == {"half_day": 1}
    assert charged(came("9:00-"), *held, now="13:11").charge.took == {"day": 1}


def test_who_leaves_within_ten_minutes_gets_the_ticket_back() -> None:
    assert charged(came("9:00-"), *lots(half_day=11), now="9:05").charge.took == {"half_day": 1}
    assert charged(came("9:00-9:10"), *lots(half_day=11)).charge.took == {}


def test_somebody_on_hour_tickets_takes_one_at_each_begun_hour() -> None:
    numbers = [
        charged(came("9:00-"), *lots(hour=10), now=now).charge.took["hour"]
        for now in ("9:00", "10:00", "10:01", "12:59")
    ]
    assert numbers == [1, 1, 2, 3]


def test_a_sale_covers_what_is_owed_oldest_date_first_and_the_rest_is_held() -> None:
    facts = MemberFacts(
        days={**came(FULL_DAY), **came(FULL_DAY, day=TUESDAY), **came(MORNING, day=WEDNESDAY)},
        lots=lots(THURSDAY, half_day=4),
    )
    db = account(facts, THURSDAY)
    assert [db.days[day].charge.took for day in (MONDAY, TUESDAY, WEDNESDAY)] == [
        {"half_day": 2},
        {"half_day": 2},
        {},
    ]
    assert (db.owed_cents, db.held["half_day"]) == (900, 0)
    assert [db.days[day].settled_on for day in (MONDAY, WEDNESDAY)] == [THURSDAY, None]


def test_a_sale_covers_debts_before_the_date_it_is_made_on() -> None:
    facts = MemberFacts(
        days={**came(MORNING), **came(MORNING, day=TUESDAY)},
        lots=lots(TUESDAY, half_day=1),
    )
    days = account(facts, TUESDAY).days
    assert [days[day].owed_cents for day in (MONDAY, TUESDAY)] == [0, 900]


def test_a_presence_earlier_on_the_day_of_the_sale_is_paid_by_it() -> None:
    assert charged(came(MORNING), *lots(MONDAY, half_day=1)).charge.payer == "tickets"


def test_a_day_ticket_bought_for_a_half_paid_date_gives_the_half_day_back() -> None:
    half_day, day = Lot(1, "half_day", 1, MONDAY, date(2027, 11, 22)), Lot(2, "day", 1, TUESDAY, date(2027, 11, 23))
    before = MemberFacts(days=came(FULL_DAY), lots=(half_day,))
    assert account(before, TUESDAY).owed_cents == 600
    after = account(MemberFacts(days=came(FULL_DAY), lots=(half_day, day)), TUESDAY)
    assert (after.days[MONDAY].charge.took, after.held["half_day"], after.owed_cents) == ({"day": 1}, 1, 0)


def test_what_is_given_back_covers_the_next_debt() -> None:
    half_day, day = Lot(1, "half_day", 1, MONDAY, date(2027, 11, 22)), Lot(2, "day", 1, WEDNESDAY, date(2027, 11, 24))
    facts = MemberFacts(days={**came(FULL_DAY), **came(MORNING, day=TUESDAY)}, lots=(half_day, day))
    db = account(facts, WEDNESDAY)
    assert [db.days[day].charge.took for day in (MONDAY, TUESDAY)] == [{"day": 1}, {"half_day": 1}]


def test_tickets_that_would_lower_no_debt_stay_in_hand() -> None:
    facts = MemberFacts(days=came(MORNING), lots=lots(TUESDAY, golden=1))
    assert account(facts, TUESDAY).days[MONDAY].settled_on is None


def test_tickets_that_cover_nothing_of_a_debt_leave_it_as_it_was() -> None:
    facts = MemberFacts(days=corrected(Correction(charge=ChargeCorrection(owed_cents=900))), lots=lots(TUESDAY, day=1))
    db = account(facts, TUESDAY)
    assert (db.days[MONDAY].settled_on, db.owed_cents, db.held["day"]) == (None, 900, 1)


def test_a_monthly_pass_covers_no_debt_from_before_it() -> None:
    facts = MemberFacts(days=came(FULL_DAY), passes=(resident(TUESDAY),))
    assert account(facts, TUESDAY).owed_cents == 1500


def test_a_sale_that_counts_from_a_past_day_pays_for_the_dates_since() -> None:
    facts = MemberFacts(days=came(MORNING, day=TUESDAY), lots=lots(MONDAY, half_day=11))
    assert account(facts, THURSDAY).days[TUESDAY].charge.payer == "tickets"


def test_a_sale_that_counts_from_a_day_ahead_pays_nothing_yet() -> None:
    facts = MemberFacts(days=came(MORNING), lots=lots(WEDNESDAY, half_day=11))
    assert (account(facts, TUESDAY).owed_cents, account(facts, TUESDAY).held["half_day"]) == (900, 0)
    assert (account(facts, WEDNESDAY).owed_cents, account(facts, WEDNESDAY).held["half_day"]) == (0, 10)


def test_money_pays_what_is_owed_oldest_date_first() -> None:
    facts = MemberFacts(days={**came(FULL_DAY), **came(MORNING, day=TUESDAY)}, payments=(Payment(1, TUESDAY, 2000),))
    days = account(facts, TUESDAY).days
    assert [(days[day].paid_cents, days[day].owed_cents) for day in (MONDAY, TUESDAY)] == [(1500, 0), (500, 400)]


def test_money_beyond_what_is_owed_pays_what_is_owed_next() -> None:
    payment = Payment(1, MONDAY, 1000)
    facts = MemberFacts(days=came(MORNING), payments=(payment,))
    assert account(facts, MONDAY).checkpoint.credit_cents == 100
    later = MemberFacts(days={**came(MORNING), **came("9:00-9:30", day=TUESDAY)}, payments=(payment,))
    assert (account(later, TUESDAY).owed_cents, account(later, TUESDAY).checkpoint.credit_cents) == (200, 0)


def test_money_for_a_date_that_tickets_then_cover_is_credit_again() -> None:
    facts = MemberFacts(days=came(FULL_DAY), lots=lots(TUESDAY, day=1), payments=(Payment(1, MONDAY, 500),))
    db = account(facts, TUESDAY)
    assert (db.days[MONDAY].charge.took, db.days[MONDAY].paid_cents) == ({"day": 1}, 0)
    assert db.checkpoint.credit_cents == 500


def test_a_date_paid_in_money_is_not_charged_again() -> None:
    facts = MemberFacts(days=came(FULL_DAY), lots=lots(TUESDAY, day=1), payments=(Payment(1, MONDAY, 1500),))
    assert account(facts, TUESDAY).held["day"] == 1


def presence(*stays: str) -> Correction:
    return Correction(presence=tuple((one.began_at, one.ended_at or one.began_at) for one in map(stay, stays)))


def test_a_corrected_presence_replaces_the_computed_one_which_is_kept_beside_it() -> None:
    db = charged(corrected(presence(MORNING), FULL_DAY), *lots(half_day=11))
    assert (db.corrected, db.charge.took, db.charge.use.minutes) == ("presence", {"half_day": 1}, 180)
    assert db.computed is not None and db.computed.took == {"half_day": 2}


def test_a_late_event_does_not_overwrite_a_correction() -> None:
    before = charged(corrected(presence(MORNING)), *lots(half_day=11))
    after = charged(corrected(presence(MORNING), FULL_DAY, "17:30-18:00"), *lots(half_day=11))
    assert before.charge == after.charge


def test_a_correction_may_say_that_nobody_was_there() -> None:
    db = charged(corrected(Correction(presence=()), FULL_DAY), *lots(half_day=11))
    assert (db.charge.payer, db.charge.took) == ("free", {})


def test_a_corrected_charge_replaces_the_computed_one() -> None:
    db = charged(corrected(Correction(charge=ChargeCorrection(half_day=1)), FULL_DAY), *lots(half_day=11))
    assert (db.corrected, db.charge.took, db.owed_cents) == ("charge", {"half_day": 1}, 0)
    assert db.charge.use.minutes == 480


def test_a_charge_corrected_to_nothing_costs_nothing() -> None:
    db = charged(corrected(Correction(charge=ChargeCorrection()), FULL_DAY), *lots(half_day=11))
    assert (db.charge.payer, db.charge.took, db.owed_cents) == ("free", {}, 0)


def test_what_a_corrected_charge_takes_and_the_member_lacks_is_owed_until_a_sale() -> None:
    days = corrected(Correction(charge=ChargeCorrection(half_day=2, nomade=1, owed_cents=50)))
    owed = account(MemberFacts(days=days, lots=lots(half_day=1)), TUESDAY)
    assert (owed.days[MONDAY].charge.took, owed.owed_cents) == ({"half_day": 1}, 900 + 900 + 50)
    sold = account(MemberFacts(days=days, lots=(*lots(half_day=1), *lots(TUESDAY, 5, half_day=11))), TUESDAY)
    assert (sold.days[MONDAY].charge.took, sold.owed_cents) == ({"half_day": 2}, 900 + 50)


def test_half_days_that_a_corrected_charge_takes_beyond_the_allowance_are_owed() -> None:
    db = charged(corrected(Correction(charge=ChargeCorrection(nomade=3))), passes=(nomade(2),))
    assert (db.charge.drawn, db.owed_cents, db.charge.bill) == ((Drawn(1, 2),), 900, Bill(0, 0))


def test_a_correction_that_changes_nothing_is_recognised() -> None:
    same_charge = Correction(charge=ChargeCorrection(half_day=1))
    assert charged(corrected(same_charge, MORNING), *lots(half_day=11)).is_as_computed
    assert charged(corrected(presence(MORNING), MORNING), *lots(half_day=11)).is_as_computed
    assert charged(came(MORNING), *lots(half_day=11)).is_as_computed
    assert not charged(corrected(presence("9:00-11:00"), MORNING), *lots(half_day=11)).is_as_computed


@pytest.mark.parametrize("charge", [ChargeCorrection(half_day=2), ChargeCorrection(), ChargeCorrection(owed_cents=900)])
def test_a_correction_that_takes_or_leaves_owed_something_else_is_one(charge: ChargeCorrection) -> None:
    assert not charged(corrected(Correction(charge=charge), MORNING), *lots(half_day=11)).is_as_computed


def test_a_correction_that_draws_on_an_allowance_instead_of_tickets_is_one() -> None:
    half_day = ChargeCorrection(half_day=1)
    drawn = charged(corrected(Correction(charge=half_day), MORNING), *lots(half_day=11), passes=(nomade(20),))
    assert (drawn.is_as_computed, drawn.charge.payer) == (False, "tickets")


def test_a_lifted_correction_gives_the_computed_charge_back() -> None:
    assert charged(came(FULL_DAY), *lots(half_day=11)).charge.took == {"half_day": 2}


def test_a_golden_ticket_is_taken_when_it_is_used_and_pays_nothing_for_its_holder() -> None:
    use = GoldenUse(MONDAY, "Ada")
    db = account(MemberFacts(days=came(MORNING), lots=lots(golden=1), golden_uses=(use, use)), MONDAY)
    assert db.golden == (GoldenTaken(use, 1),)
    assert (db.held["golden"], db.owed_cents) == (0, 900)


def test_a_golden_ticket_that_nobody_holds_is_told() -> None:
    uses = (GoldenUse(MONDAY, "Ada"), GoldenUse(MONDAY, "Grace"))
    db = account(MemberFacts(lots=lots(golden=1), golden_uses=uses), MONDAY)
    assert [taken.lot for taken in db.golden] == [1, None]


def test_what_expired_is_shown_and_not_held() -> None:
    lot = Lot(1, "half_day", 11, date(2026, 3, 3), date(2027, 3, 2))
    facts = MemberFacts(days=came(MORNING), lots=(lot,))
    on_the_last_day, after = account(facts, date(2027, 3, 2)), account(facts, date(2027, 3, 3))
    assert (on_the_last_day.held["half_day"], on_the_last_day.expired) == (10, {})
    assert (after.held["half_day"], after.expired) == (0, {1: 10})


def test_a_late_event_still_takes_from_a_lot_that_was_valid_then() -> None:
    lot = Lot(1, "half_day", 11, date(2026, 3, 3), MONDAY)
    facts = MemberFacts(days=came(MORNING), lots=(lot,))
    assert account(facts, THURSDAY).expired == {1: 10}


def test_a_prolonged_lot_covers_what_came_to_be_owed_after_it_expired() -> None:
    lot = Lot(1, "half_day", 2, date(2026, 3, 3), MONDAY, (Prolongation(WEDNESDAY, date(2026, 12, 31)),))
    facts = MemberFacts(days=came(MORNING, day=TUESDAY), lots=(lot,))
    assert account(facts, TUESDAY).owed_cents == 900
    prolonged = account(facts, WEDNESDAY)
    assert (prolonged.owed_cents, prolonged.held["half_day"], prolonged.expired) == (0, 1, {})


def test_a_prolongation_leaves_what_earlier_dates_took_as_it_was() -> None:
    sooner, later = Lot(1, "half_day", 5, MONDAY, WEDNESDAY), Lot(2, "half_day", 5, MONDAY, THURSDAY)
    prolonged = sooner._replace(prolongations=(Prolongation(TUESDAY, date(2027, 1, 31)),))
    facts = MemberFacts(days={**came(MORNING), **came(MORNING, day=TUESDAY)}, lots=(prolonged, later))
    days = account(facts, TUESDAY).days
    assert [days[day].charge.taken[0].lot for day in (MONDAY, TUESDAY)] == [1, 2]


def test_the_allowance_that_is_left_is_that_of_the_passes_that_hold() -> None:
    facts = MemberFacts(days=came(FULL_DAY), passes=(nomade(20),))
    assert account(facts, MONDAY).nomade_left == 18
    assert account(facts, date(2026, 11, 30)).nomade_left == 18
    assert account(facts, date(2026, 12, 1)).nomade_left is None


def test_what_is_held_is_told_by_kind() -> None:
    assert account(MemberFacts(), MONDAY).held == dict.fromkeys(TICKET_KINDS, 0)
    held = {kind: size for size, kind in enumerate(TICKET_KINDS, start=1)}
    assert account(MemberFacts(lots=lots(**held)), MONDAY).held == held


def test_who_owes_to_the_limit_may_come_with_a_ticket_or_a_pass_only() -> None:
    owing = came(FULL_DAY)
    assert not account(MemberFacts(days=owing), TUESDAY).may_come(TARIFF)
    assert account(MemberFacts(days=came(MORNING)), TUESDAY).may_come(TARIFF)
    assert not account(MemberFacts(days=owing, lots=lots(TUESDAY, golden=1)), TUESDAY).may_come(TARIFF)
    assert account(MemberFacts(days=owing, passes=(nomade(20, TUESDAY),)), TUESDAY).may_come(TARIFF)
    five_more_days = {
        MONDAY + timedelta(days=-nth): DayFacts((stay(FULL_DAY, MONDAY + timedelta(days=-nth)),)) for nth in (3, 4, 5)
    }
    assert account(MemberFacts(days=five_more_days, lots=lots(TUESDAY, hour=60)), TUESDAY).may_come(TARIFF)


def test_who_owes_to_the_limit_what_no_ticket_can_cover_may_come_with_one_all_the_same() -> None:
    owing = corrected(Correction(charge=ChargeCorrection(owed_cents=1500)))
    held = {kind: account(MemberFacts(days=owing, lots=lots(**{kind: 1})), MONDAY) for kind in ("golden", "hour")}
    assert {kind: (db.owed_cents, db.may_come(TARIFF)) for kind, db in held.items()} == {
        "golden": (1500, False),
        "hour": (1500, True),
    }


def test_the_next_carnet_to_use_comes_first() -> None:
    held = (Lot(1, "day", 11, MONDAY, date(2027, 11, 22)), Lot(2, "hour", 1, MONDAY, date(2026, 12, 31)))
    assert [lot.id for lot in account(MemberFacts(lots=held), MONDAY).valid_lots] == [2, 1]


@pytest.mark.parametrize(
    ("through", "settled"), [(MONDAY, MONDAY), (TUESDAY, TUESDAY), (THURSDAY, TUESDAY), (None, TUESDAY)]
)
def test_books_are_settled_through_a_day_and_never_beyond_today(through: date | None, settled: date) -> None:
    books = settle_from(BLANK, MemberFacts(), TERMS, local("12:00", TUESDAY), through)
    assert books.checkpoint.day == settled


def test_a_checkpoint_that_names_an_unknown_lot_is_refused() -> None:
    base = settle_from(BLANK, MemberFacts(lots=lots(half_day=11)), TERMS, local("23:00")).checkpoint
    with pytest.raises(ValueError, match=r"lots \[1\]"):
        settle_from(base, MemberFacts(), TERMS, local("23:00", TUESDAY))


def test_the_differences_bring_the_books_of_a_date_from_one_state_to_another() -> None:
    owed = charged(came(FULL_DAY), *lots(half_day=1))
    paid = charged(came(FULL_DAY), *lots(half_day=1), *lots(MONDAY, 5, day=1))
    assert differences(None, owed) == [ChargeDifference("due", 0, 600), ChargeDifference("half_day", 1, 1)]
    assert differences(owed, paid) == [
        ChargeDifference("due", 0, -600),
        ChargeDifference("half_day", 1, -1),
        ChargeDifference("day", 5, 1),
    ]
    assert differences(paid, paid) == []
    assert differences(owed, owed._replace(paid_cents=500)) == [ChargeDifference("paid", 0, 500)]
    assert differences(paid, None) == [ChargeDifference("day", 5, -1)]


def test_the_calendar_of_the_tests_is_the_places_own() -> None:
    assert CALENDAR.is_open_day(MONDAY)
