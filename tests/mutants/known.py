"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    # device
    (
        "device/journal/shelves.py",
        "self.disk.outbox.close()",
        "dropped",
    ): "SQLite closes a file that nobody holds any more, and sees that it was moved",
    (
        "device/adapters/readers/pn532.py",
        "tty.read(timeout=50)",
        "50 → 51",
    ): "a millisecond more is waited for an answer that comes at once",
    (
        "device/core/badge/authentication.py",
        "mixed = bytes(a ^ b for a, b in zip(rnd_a[2:8], rnd_b[:6], strict=True))",
        "True → False",
    ): "both are six bytes of sixteen",
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
        "device/core/door/access_list.py",
        "issued_at=Instant.of_epoch_ms(0),",
        "0 → 1",
    ): "this list has no grant to expire",
    (
        "device/core/door/access_list.py",
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
}
