"""iCal files taken apart: where they break off, what stands in the wrong place, and how much work a long one is."""

from functools import partial

import pytest

from server.core.ical.file import taken_apart
from tests.steps import steps

ENTRY = "BEGIN:VEVENT\nUID:{0}\nDTSTART:20261123T130000Z\nEND:VEVENT\n"
WHOLE = f"BEGIN:VCALENDAR\n{ENTRY.format('a')}{ENTRY.format('b')}END:VCALENDAR\n"


def uids(text: str) -> list[str]:
    """The entries that were found, by their identity."""
    return [entry.value("UID") for part in taken_apart(text.encode()).parts for entry in part.entries]


def told(text: str) -> list[tuple[int, str]]:
    """What could not be read: the line and why."""
    return [(trouble.line, trouble.why) for trouble in taken_apart(text.encode()).troubles]


@pytest.mark.parametrize("end", range(WHOLE.index("UID:b") - len("BEGIN:VEVENT\n"), len(WHOLE) - len("\n")))
def test_a_file_cut_anywhere_after_its_first_entry_keeps_it_and_tells_that_it_was_cut(end: int) -> None:
    text = WHOLE[:end]
    assert uids(text) == (["a", "b"] if "UID:b" in text and text.count("END:VEVENT") == 2 else ["a"])
    assert [why for _, why in told(text)][-1] == "cut"


@pytest.mark.parametrize(
    ("text", "found", "troubles"),
    [
        pytest.param(WHOLE, ["a", "b"], [], id="whole"),
        pytest.param(WHOLE.rstrip(), ["a", "b"], [], id="without a last line break"),
        pytest.param(WHOLE + WHOLE, ["a", "b", "a", "b"], [], id="two calendars"),
        pytest.param(
            WHOLE.replace("END:VCALENDAR\n", "") + WHOLE, ["a", "b", "a", "b"], [(10, "cut")], id="one cut, one whole"
        ),
        pytest.param(WHOLE.replace("END:VEVENT\n", "", 1), ["b"], [(2, "unfinished")], id="no end"),
        pytest.param(WHOLE.replace("BEGIN:VEVENT\n", "", 1), ["b"], [(4, "stray")], id="no beginning"),
        *(
            pytest.param(
                WHOLE.replace("BEGIN:VEVENT", f"BEGIN:{name}\nBEGIN:VEVENT", 1), ["a", "b"], [], id=f"{name} before it"
            )
            for name in ("VTODO", "VJOURNAL", "VTIMEZONE", "VFREEBUSY", "X-OTHER")
        ),
        pytest.param(WHOLE.replace("UID:a", "UID:a\nBEGIN:VALARM"), ["a", "b"], [], id="an alarm without end in it"),
        pytest.param(
            WHOLE.replace("UID:a", "UID:a\nEND:VCALENDAR"),
            ["b"],
            [(2, "unfinished"), (6, "stray")],
            id="all ends in it",
        ),
        pytest.param(
            WHOLE.replace("UID:a", "UID:a\nBEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE"),
            ["b"],
            [(2, "unfinished"), (8, "stray")],
            id="a zone in it",
        ),
    ],
)
def test_what_begins_or_ends_in_the_wrong_place_costs_itself_alone(
    text: str, found: list[str], troubles: list[tuple[int, str]]
) -> None:
    assert (uids(text), told(text)) == (found, troubles)


@pytest.mark.parametrize(
    "line",
    [
        "RDATE:{0:08}",
        "EXDATE;X={0}:20261123",
        "RRULE:FREQ=DAILY;COUNT={0}",
        "UID:{0}",
        "SUMMARY:",
        "BEGIN:X{0}\nEND:Y{0}",
        "BEGIN:VEVENT",
        "BEGIN:VTIMEZONE",
        "BEGIN:VCALENDAR",
        "END:VEVENT",
        "no line at all",
        "DTSTART;X= ;Y =:20261123",
        " folded",
    ],
)
def test_ten_times_as_many_lines_in_one_entry_are_ten_times_the_work(line: str) -> None:
    texts = [WHOLE.replace("UID:a", "\n".join(line.format(nth) for nth in range(lines))) for lines in (200, 2000)]
    few, many = (steps(partial(taken_apart, text.encode())) for text in texts)
    assert many < 12 * few


def test_a_million_blanks_between_parameters_are_no_work() -> None:
    text = WHOLE.replace("DTSTART:", f"DTSTART;VALUE{' ' * 1_000_000}=DATE-TIME;X={' ' * 1_000_000}y:", 1)
    [part] = taken_apart(text.encode()).parts
    assert [each.parameters for each in part.entries[0].properties if each.name == "DTSTART"] == [
        ";VALUE=DATE-TIME;X=y"
    ]
