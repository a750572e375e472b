"""What the bench found: figures, each with its floor or peer from the same run, as a table and as JSON."""

import statistics
from collections.abc import Iterable, Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `beside` says what `floor` is of; `met` is None where nothing was aimed at."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    beside: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    beside: str = "",
    most: float | None = None,
    least: float | None = None,
    most_times: float | None = None,
    least_times: float | None = None,
) -> Figure:
    """A figure that aims at so much at most or at least, or at so many times its floor."""
    ratio = value / floor if floor else None
    aim, met = "", None
    if most is not None:
        aim, met = f"≤ {most:g} {unit}", value <= most
    elif least is not None:
        aim, met = f"≥ {least:,g} {unit}", value >= least
    elif most_times is not None and ratio is not None:
        aim, met = f"≤ {most_times:g} ×", ratio <= most_times
    elif least_times is not None and ratio is not None:
        aim, met = f"≥ {least_times:g} ×", ratio >= least_times
    return Figure(name=name, value=value, unit=unit, floor=floor, beside=beside, ratio=ratio, aim=aim, met=met)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are at most, the nearest one that was measured."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def p50(values: Sequence[float]) -> float:
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    return percentile(values, 0.99)


def table(figures: Iterable[Figure]) -> str:
    """The figures as columns of text."""
    heading = ("figure", "ours", "floor or peer", "", "ratio", "aim", "")
    rows = [heading, *(_cells(each) for each in figures)]
    widths = [max(len(row[nth]) for row in rows) for nth in range(len(heading))]
    aligned = ("<", ">", ">", "<", ">", "<", "<")
    return "\n".join(
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, aligned, widths, strict=True)).rstrip()
        for row in rows
    )


def markdown(figures: Iterable[Figure]) -> str:
    """The figures as a table of Markdown, to be pasted into the README."""
    rows = [("", "here", "beside it, from the same run", "", "aim"), ("---",) * 5]
    for each in figures:
        name, ours, floor, beside, ratio, aim, met = _cells(each)
        rows.append(
            (name, ours, f"{beside}: {floor}" if floor else "", ratio, f"{aim}: missed" if met == "MISSED" else aim)
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(found: Figure) -> tuple[str, ...]:
    return (
        found.name,
        f"{_number(found.value)} {found.unit}",
        f"{_number(found.floor)} {found.unit}" if found.floor is not None else "",
        found.beside,
        f"{_number(found.ratio)} ×" if found.ratio is not None else "",
        found.aim,
        {True: "met", False: "MISSED", None: ""}[found.met],
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
