"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    # server
    ("server/formats/bars.py", "most = max(totals, default=0)", "0 → 1"): "the scale begins at 4 for 0 and 1 alike",
    (
        "server/core/charge/day_charge.py",
        "return sorted(changes, key=lambda change: (change.amount > 0, change.kind, change.of))",
        "> → >=",
    ): "a difference of nothing was left out",
    (
        "server/core/charge/postings.py",
        "for lot, number in sorted(more.items(), key=lambda change: (change[1] > 0, change[0])):",
        "> → >=",
    ): "a lot of which nothing changes is left out",
    (
        "server/core/charge/postings.py",
        'return "debit" if taken > 0 else "reversal"',
        "> → >=",
    ): "an entry of nothing is never written",
    (
        "server/core/presence/hourly_occupancy.py",
        "return [(max(since, start), min(until, end)) for since, until in spans if since < end and until > start]",
        "< → <=",
    ): "a part of no length counts for nothing",
    (
        "server/core/presence/hourly_occupancy.py",
        "return [(max(since, start), min(until, end)) for since, until in spans if since < end and until > start]",
        "> → >=",
    ): "a part of no length counts for nothing",
    (
        "server/core/presence/hourly_occupancy.py",
        "if next_midnight - midnight == 24 * MS_AN_HOUR:",
        "- → +",
    ): "the shorter way is left unused: the longer gives the same",
    (
        "server/core/presence/hourly_occupancy.py",
        "if next_midnight - midnight == 24 * MS_AN_HOUR:",
        "* → +",
    ): "the shorter way is left unused: the longer gives the same",
    (
        "server/core/presence/hourly_occupancy.py",
        "return [calendar.moment(day, hour * 60).epoch_ms for hour in range(25)]",
        "25 → 26",
    ): "no opening of a date goes on past its midnight",
    (
        "server/core/presence/event_time.py",
        "at = received_at - timedelta(milliseconds=event.age_ms or 0)",
        "0 → 1",
    ): "the contract refuses an event that has neither clock nor age",
    (
        "server/core/charge/time_used.py",
        "if union and start <= union[-1][1]:",
        "<= → <",
    ): "spans that only touch count the same, joined or not",
    (
        "server/core/calendar/calendar.py",
        "REMEMBERED_DAYS = 5_000",
        "5000 → 5001",
    ): "what is remembered changes nothing",
    ("server/core/house_rules.py", "REMEMBERED_DAYS = 5_000", "5000 → 5001"): "what is remembered changes nothing",
    (
        "server/core/calendar/calendar.py",
        "if fold and wall.utcoffset() > wall.replace(fold=0).utcoffset():  # type: ignore[operator]",
        "> → >=",
    ): "where both offsets are the same, so are both moments",
    (
        "server/core/calendar/calendar.py",
        "return [span for span in cut if span.start < span.end]",
        "< → <=",
    ): "a span of no length makes no interval",
    ("server/core/names.py", "if len(one) > len(other):", "> → >="): "two names of one length are compared either way",
    (
        "server/core/house_rules.py",
        "if last is not None and last[0] <= at < last[1]:",
        "0 → 1",
    ): "worked out anew, the date is the same",
    (
        "server/core/charge/ways_to_pay.py",
        "most_hours = 2 * tariff.hours_per_half_day",
        "2 → 3",
    ): "who holds more than can be used pays the same",
    (
        "server/core/charge/ways_to_pay.py",
        "return _cheapest(bill, Held(min(held.hour, most_hours), min(held.half_day, 2), min(held.day, 1)), tariff)",
        "2 → 3",
    ): "who holds more than can be used pays the same",
    (
        "server/core/charge/ways_to_pay.py",
        "return _cheapest(bill, Held(min(held.hour, most_hours), min(held.half_day, 2), min(held.day, 1)), tariff)",
        "1 → 2",
    ): "who holds more than can be used pays the same",
    (
        "server/core/charge/ways_to_pay.py",
        "@lru_cache(maxsize=4096)",
        "4096 → 4097",
    ): "what is remembered changes nothing",
}
