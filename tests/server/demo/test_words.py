"""French first, English second: whatever the demo says has both, and the page has every word that it asks for."""

import ast
import re
import string
from pathlib import Path

from device.core.lights.buzzer import PATTERNS
from server.demo import command, page_words, story
from server.demo.french import FRENCH
from server.demo.page_words import RHYTHMS, SAID
from server.demo.words import both

FOLDER = Path(command.__file__).parent
SCRIPT = (FOLDER / "static" / "bench.js").read_text("utf-8")
TEMPLATES = "\n".join(path.read_text("utf-8") for path in (FOLDER / "templates").iterdir())


def spoken() -> set[str]:
    """Every English text of the code and the templates."""
    texts = {*story.REASONS.values(), *story.ALARMS.values(), *story.SWITCHED.values(), *story.RUN.values()}
    texts |= {*SAID.values(), *re.findall(r'say\("([^"]+)"', TEMPLATES)}
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "both":
                texts |= {leaf.value for leaf in ast.walk(node.args[0]) if is_text(leaf)}
    return {text for text in texts if re.search("[a-zA-Z]", re.sub(r"{\w+}", "", text))}


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_has_its_french():
    assert sorted(spoken() - set(FRENCH)) == ["power"]  # the name of a switch, not a text


def test_both_languages_say_the_same_things():
    assert [english for english, french in FRENCH.items() if fields(english) != fields(french)] == []


def test_french_has_its_own_typography():
    assert [french for french in FRENCH.values() if re.search(" [;:?!»]", french)] == []


def test_a_text_within_a_text_is_in_the_same_language():
    within = both("ALARM: {alarm}", alarm=both("door forced"))
    assert (within.fr, within.en) == ("ALARME\xa0: porte forcée", "ALARM: door forced")


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
