"""Broken lines that no test can notice, with the reason: by file, the line's text, and what is changed in it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    # server
    ("server/formats/bars.py", "most = max(totals, default=0)", "0 → 1"): "the scale begins at 4 for 0 and 1 alike",
    (
        "server/core/charge/day_charge.py",
        "return sorted(changes, key=lambda change: (change.amount > 0, change.kind, change.of))",
        "> → >=",
    ): "a difference of nothing was left out",
}
