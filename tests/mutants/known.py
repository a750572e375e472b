"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    # device
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
