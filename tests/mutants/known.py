"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    # device
    (
        "device/journal/deliveries.py",
        "self.disk.outbox.close()",
        "dropped",
    ): "SQLite closes a file that nobody holds any more, and sees that it was moved",
    (
        "device/adapters/readers/pn532.py",
        "ANSWER_MS = 1_000",
        "1000 → 1001",
    ): "a millisecond more is waited for an answer that comes at once",
    (
        "device/core/clock.py",
        "BEGINNING = Instant.of_epoch_ms(0)",
        "0 → 1",
    ): "the floor of every clock is decades later",
    (
        "device/core/lights/light.py",
        "return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4",
        "<= → <",
    ): "no byte stands exactly there",
    (
        "device/core/lights/light.py",
        "return round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))",
        "<= → <",
    ): "both sides give the same byte there",
    (
        "device/core/lights/room_ring.py",
        "at = (2 * mark + 1) * len(colours) // (2 * _MARKS)",
        "+ → -",
    ): "the marks stand in a circle: counted from the one before, they are the same",
    (
        "device/core/lights/room_ring.py",
        "red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))",
        "True → False",
    ): "a colour is three values",
    (
        "device/core/lights/room_use.py",
        "beat_s = time_s if time_s < 0.5 else time_s - 0.5",
        "< → <=",
    ): "between the two rings the light is full either way",
    (
        "device/core/lights/room_use.py",
        "return sin(pi * beat_s / 0.35) ** 2 if beat_s < 0.35 else 0.0",
        "< → <=",
    ): "a ring ends where its sine is nothing",
    (
        "device/core/lights/shapes.py",
        "return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value",
        "< → <=",
    ): "nothing is nothing either way",
    (
        "device/core/lights/shapes.py",
        "return 0.0 if value < 0.0 else 1.0 if value > 1.0 else value",
        "> → >=",
    ): "full is full either way",
    (
        "device/core/lights/shapes.py",
        "return abs((place - centre + 0.5) % 1.0 - 0.5)",
        "+ → -",
    ): "half a turn to the left or to the right leads to the same place",
    (
        "device/core/lights/receipt_ring.py",
        "golden: Layer = (_GOLD, arcs(0.0, half=DOT, level=1.0 if receipt.left.golden else _OUTLINE))",
        "0.0 → 1.0",
    ): "a whole turn further is the same place",
    (
        "device/core/lights/receipt_ring.py",
        "lit = 1 <= index <= count if count >= 0 else (-index) % _PLACES < -count",
        ">= → >",
    ): "of no places none is lit, whichever way they are counted",
    (
        "device/core/lights/receipt_ring.py",
        "lit = 1 <= index <= count if count >= 0 else (-index) % _PLACES < -count",
        "0 → 1",
    ): "of no places none is lit, whichever way they are counted",
    (
        "device/core/lights/receipt_ring.py",
        "at = index if index >= 0 else index + 1",
        ">= → >",
    ): "places are counted from 1 up or from -1 down",
    (
        "device/core/lights/receipt_ring.py",
        "at = index if index >= 0 else index + 1",
        "0 → 1",
    ): "places are counted from 1 up or from -1 down",
    (
        "device/core/lights/receipt_ring.py",
        "return swell(laid_s + _COINS_BREATH_S / 2, _COINS_BREATH_S, low=_BREATH_LOW)",
        "+ → -",
    ): "half a breath before or after is the same moment of it",
    (
        "device/core/delivery.py",
        "went_back: bool = False",
        "False → True",
    ): "nothing is sent before `opened`, which says it anew",
    (
        "device/core/door/compiled_list.py",
        "issued_at=Instant.of_epoch_ms(0),",
        "0 → 1",
    ): "this list has no grant to expire",
    (
        "device/core/door/compiled_list.py",
        'capacity=Capacity(mode="warn", max=1),',
        "1 → 2",
    ): "this list has no grant that a full place could refuse",
    (
        "device/core/door/door.py",
        "through: list[Consequence] = [Passed(*pending.grant) for pending in door.pending "
        "if pending.until_s > moved_s]",
        "> → >=",
    ): "a grant that ends as the leaf begins to move was dropped in that same step",
    (
        "device/core/door/door.py",
        "left = tuple(pending for pending in door.pending if pending.until_s <= moved_s)",
        "<= → <",
    ): "a grant that ends as the leaf begins to move was dropped in that same step",
    (
        "device/core/door/presence.py",
        "_as_of: Instant = field(default_factory=lambda: Instant.of_epoch_ms(0))",
        "0 → 1",
    ): "nobody passed in the first millisecond of 1970",
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
    (
        "server/site/key_words.py",
        "if number >= 256**size or _number(data[-DATA_SIGNS:]) != _whole_check(content) or content[0] < FIRST_VERSION:",
        ">= → >",
    ): "of the one number that is just too great the version would be 0, which is none",
}
