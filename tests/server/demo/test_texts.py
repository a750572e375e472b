"""The page of the demo has every word that it asks for, in the language of its reader."""

import re
from pathlib import Path

import pytest

from device.core.lights.buzzer import PATTERNS
from server.demo import command, page_words
from server.demo.rhythms import SIGNS_SHOWN
from server.demo.texts import both

FOLDER = Path(command.__file__).parent
SCRIPT = (FOLDER / "static" / "bench.js").read_text("utf-8")
TEMPLATES = "\n".join(path.read_text("utf-8") for path in (FOLDER / "templates").iterdir())


def test_a_text_within_a_text_is_in_the_same_language():
    within = both("ALARM: {alarm}", alarm=both("door forced"))
    assert (within["fr"], within["en"]) == ("ALARME\xa0: porte forcée", "ALARM: door forced")


def test_the_script_finds_every_word_it_asks_for():
    asked = set(re.findall(r"words\.([a-z]+)\b", SCRIPT)) | set(re.findall(r'words\["([a-z.]+)"\]', SCRIPT + TEMPLATES))
    asked |= set(re.findall(r'"((?:strike|leaf|wire|kept|answer|buzzer|server)\.[a-z]+)"', SCRIPT))
    assert asked - set(page_words.page_words("fr")) == set()


@pytest.mark.parametrize(
    ("picture", "signs", "words"),
    [
        ("granted", "•", "un bip court"),
        ("already_inside", "• — •", "court, long, court"),
        ("stale_list", "• • — •", "court, court, long, court"),
        ("not_authentic", "— — —", "trois bips longs"),
        ("held", "— — — —", "quatre bips longs"),
        ("identify", "• • • •…", "une suite de bips courts"),
        ("forced", "• • • •…", "bips courts, sans fin"),
        ("fire", "—— ——…", "bips très longs, sans fin"),
    ],
)
def test_a_pattern_of_the_buzzer_is_shown_as_it_sounds(picture: str, signs: str, words: str) -> None:
    shown = page_words.page_words("fr")
    assert (shown[f"rhythm.{picture}"], shown[f"buzzer.{picture}"]) == (signs, words)


def test_every_pattern_of_the_buzzer_is_shown_and_no_two_answers_alike() -> None:
    shown = page_words.page_words("fr")
    assert {f"{prefix}.{picture}" for prefix in ("rhythm", "buzzer") for picture in PATTERNS} <= shown.keys()
    answers = [shown[f"buzzer.{picture}"] for picture, pattern in PATTERNS.items() if len(pattern) <= SIGNS_SHOWN]
    assert len(set(answers)) == len(answers)
