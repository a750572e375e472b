"""The page of the demo has every word that it asks for, in the language of its reader."""

import re
from pathlib import Path

from device.core.lights.buzzer import PATTERNS
from server.demo import command, page_words
from server.demo.page_words import RHYTHMS, SAID
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


def test_every_pattern_of_the_buzzer_is_shown_as_it_sounds():
    signs = {"•": lambda on_ms: on_ms < 150, "—": lambda on_ms: 150 <= on_ms < 1000}
    assert set(RHYTHMS) == set(PATTERNS) == {key[7:] for key in SAID if key.startswith("buzzer.")} - {"silent"}
    for pattern, shown in RHYTHMS.items():
        if not shown.endswith("…"):
            tones = [next(sign for sign, is_so in signs.items() if is_so(on_ms)) for on_ms, _ in PATTERNS[pattern]]
            assert shown.split() == tones, pattern
