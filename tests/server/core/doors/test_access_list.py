"""What a door is told: whom to let in, when, and by which key."""

from datetime import date, time
from typing import Literal

from device.contract.access_list import Capacity, Grant
from device.contract.instant import Instant
from device.contract.messages import Role, Standing
from server.core.calendar.calendar import Calendar
from server.core.calendar.opening_hours import HouseHours, Span
from server.core.doors.access_list import DoorRules, Holder, access_list, free_passage, without_slots

TODAY = date(2026, 12, 21)
CALENDAR = Calendar(HouseHours())
RULES = DoorRules(
    hard_anti_passback=True,
    capacity=Capacity(mode="warn", max=35),
    concierge_weekly={"mon": (Span(420, 1320),)},
    free_passage_weekly={},
    checkout_after_min=45,
)


KEPT = (2, 3)
"""The versions of the site's key that are not over."""


def held(
    credential: str,
    member: int,
    *,
    role: Role = "member",
    standing: Standing = "ok",
    last_day: date | None = None,
    versions: tuple[int, ...] = (),
    slot: Literal[2, 4] = 2,
) -> Holder:
    return Holder(credential, member, role, standing, date(2026, 11, 23), last_day, versions, slot)


def grants(*holders: Holder) -> list[Grant]:
    def key_of(credential: str, version: int, slot: int) -> str | None:
        return f"key {version} of {credential} in slot {slot}" if version in KEPT else None

    return access_list(holders, RULES, CALENDAR, TODAY, key_of).grants


def no_key(credential: str, version: int, slot: int) -> None:
    """Of a place without badges that have one."""


def test_a_badge_with_a_key_takes_its_key_along_and_one_without_does_not() -> None:
    keyed, plain = grants(held("ntag424:04A1B2C3", 1, versions=(2,)), held("uid:04A1B2C4", 2))
    assert keys_of(keyed) == ("key 2 of ntag424:04A1B2C3 in slot 2", 2, None, None)
    assert keys_of(plain) == (None, None, None, None)


def keys_of(grant: Grant) -> tuple[str | None, int | None, str | None, int | None]:
    return grant.key, grant.key_version, grant.other_key, grant.other_key_version


def test_a_badge_whose_keys_are_being_changed_takes_both_along_the_likelier_first() -> None:
    known, moved = grants(held("desfire:04A1B2C3", 1, versions=(2, 3)), held("desfire:04A1B2C4", 1, versions=(3, 2)))
    key = "key {} of desfire:{} in slot 2"
    assert keys_of(known) == (key.format(2, "04A1B2C3"), 2, key.format(3, "04A1B2C3"), 3)
    assert keys_of(moved) == (key.format(3, "04A1B2C4"), 3, key.format(2, "04A1B2C4"), 2)


def test_a_badge_whose_version_is_over_keeps_its_grant_and_no_key() -> None:
    over, half = grants(held("ntag424:04A1B2C3", 1, versions=(1,)), held("ntag424:04A1B2C4", 1, versions=(1, 2)))
    assert keys_of(over) == (None, None, None, None)
    assert keys_of(half) == ("key 2 of ntag424:04A1B2C4 in slot 2", 2, None, None)


def test_a_visitors_badge_has_the_key_of_its_slot_and_goes_to_no_unit_that_knows_none() -> None:
    home, visitor = held("ntag424:04A1B2C3", 1, versions=(2,)), held("ntag424:04A1B2C4", 2, versions=(2,), slot=4)
    told = access_list([home, visitor], RULES, CALENDAR, TODAY, lambda *wanted: str(wanted))
    assert [grant.slot for grant in told.grants] == [2, 4]
    assert told.grants[1].key == str(("ntag424:04A1B2C4", 2, 4))
    assert [grant.credential for grant in without_slots(told).grants] == ["ntag424:04A1B2C3"]


def test_a_list_without_visitors_is_the_same_for_every_unit() -> None:
    told = access_list([held("ntag424:04A1B2C3", 1, versions=(2,))], RULES, CALENDAR, TODAY, no_key)
    assert without_slots(told) is told


def test_a_badge_with_a_key_is_never_granted_on_its_id_alone() -> None:
    both = grants(held("uid:04A1B2C3", 1), held("desfire:04A1B2C3", 1))
    assert [grant.credential for grant in both] == ["desfire:04A1B2C3"]


def test_without_badges_known_by_their_number_those_have_no_grant() -> None:
    holders = [held("uid:04A1B2C3", 1), held("ntag424:04A1B2C4", 2, versions=(2,))]
    strict = RULES._replace(allow_uid=False)
    told = access_list(holders, strict, CALENDAR, TODAY, no_key).grants
    assert [grant.credential for grant in told] == ["ntag424:04A1B2C4"]


def test_a_telephone_has_no_grant_even_where_somebody_once_wrote_it_down() -> None:
    told = grants(held("uid:08A1B2C3", 1), held("uid:08A1B2C3D4E5F6", 2))
    assert [grant.credential for grant in told] == ["uid:08A1B2C3D4E5F6"]


def test_a_refused_badge_stays_in_the_list_with_its_reason() -> None:
    told = grants(
        held("uid:04A1B2C3", 1, standing="revoked"),
        held("uid:04A1B2C4", 2, standing="suspended"),
        held("uid:04A1B2C5", 3, standing="no_credit"),
    )
    assert [grant.standing for grant in told] == ["revoked", "suspended", "no_credit"]


def test_concierges_have_a_schedule_of_their_own() -> None:
    told = access_list([held("uid:04A1B2C3", 1, role="concierge")], RULES, CALENDAR, TODAY, key_of=no_key)
    assert (told.grants[0].schedule, told.grants[0].role) == ("concierge", "concierge")
    assert told.schedules["concierge"].weekly["mon"] == [("07:00", "22:00")]
    assert told.schedules["concierge"].weekly["tue"] == []


def test_a_lent_badge_says_its_last_day() -> None:
    lent, kept = grants(held("uid:04A1B2C3", 1, last_day=date(2026, 12, 24)), held("uid:04A1B2C4", 1))
    assert (lent.from_, lent.until) == ("2026-11-23", "2026-12-24")
    assert (kept.from_, kept.until) == ("2026-11-23", "9999-12-31")


def test_the_house_schedule_tells_of_the_coming_holidays() -> None:
    house = access_list([], RULES, CALENDAR, TODAY, key_of=no_key).schedules["house"]
    assert house.weekly["mon"] == [("08:00", "18:00")]
    assert house.dates == {"2026-12-25": [], "2027-01-01": []}


def test_a_list_tells_of_the_coming_thirty_one_dates() -> None:
    last, beyond = date(2027, 1, 20), date(2027, 1, 21)
    calendar = Calendar(HouseHours(holidays="", openings={last: (), beyond: ()}))
    told = access_list([], RULES, calendar, TODAY, key_of=no_key)
    assert told.schedules["house"].dates == {"2027-01-20": []}


def test_version_and_time_are_left_to_whoever_sends_the_list() -> None:
    told = access_list([], RULES, CALENDAR, TODAY, key_of=no_key)
    assert (told.version, told.issued_at) == (0, Instant.of_epoch_ms(0))


def test_what_is_the_same_for_every_door_is_told() -> None:
    told = access_list([], RULES, CALENDAR, TODAY, key_of=no_key)
    assert (told.hard_anti_passback, told.capacity) == (True, Capacity(mode="warn", max=35))
    assert told.checkout_after_min == 45


def test_free_passage_is_on_open_days_alone() -> None:
    fridays = free_passage({"fri": (Span.parse("09:00", "12:00"),)}, CALENDAR, TODAY)
    assert fridays[0] == (Instant.parse("2027-01-08T08:00:00.000Z"), Instant.parse("2027-01-08T11:00:00.000Z"))
    assert len(fridays) == 2  # Christmas and New Year's Day are Fridays


def test_free_passage_ends_when_daylight_saving_has_shown_its_end_a_second_time() -> None:
    sunday, night = date(2026, 10, 25), (Span.parse("01:00", "02:30"),)
    calendar = Calendar(HouseHours(openings={sunday: night}))
    assert free_passage({"sun": night}, calendar, sunday) == [
        (Instant.parse("2026-10-24T23:00:00.000Z"), Instant.parse("2026-10-25T01:30:00.000Z"))
    ]


def test_a_half_day_boundary_changes_nothing_at_the_door() -> None:
    noon = Calendar(HouseHours(half_day_boundary=time(12, 0)))
    assert access_list([], RULES, noon, TODAY, no_key) == access_list([], RULES, CALENDAR, TODAY, no_key)
