"""All texts for people, in each language: the code says them in English, `translations/*.po` has the other languages.

One file more is one language more, everywhere: desk, walls, command line, demo, notices. What a file does not have is
said in English.
"""

from collections.abc import Callable, Mapping
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final

from server.i18n.po_file import PoEntry, entries
from server.i18n.typography import typeset

FOLDER = Path(__file__).with_name("translations")

OF_THE_PLACE: Final = "fr"
"""What is spoken where nobody asks for another language."""
OF_THE_CODE: Final = "en"

SPACING: Mapping[str, Callable[[str], str]] = {"fr": typeset}
"""What a language asks of the spaces between its words and signs."""


class Catalogue:
    """The texts of one language by their English and, where one English text has several meanings, its context."""

    def __init__(
        self, texts: Mapping[tuple[str | None, str], tuple[str, ...]], plural_form: Callable[[int], int]
    ) -> None:
        self._texts = texts
        self._plural_form = plural_form

    def gettext(self, english: str) -> str:
        """`english` in this language."""
        return self._texts.get((None, english), (english,))[0]

    def pgettext(self, context: str, english: str) -> str:
        """`english` in this language, as it is said in `context`; as it is said elsewhere where no entry has that."""
        found = self._texts.get((context, english))
        return found[0] if found else self.gettext(english)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The form of `one` or `many` that goes with `number`, of either sign."""
        forms = self._texts.get((None, one), ())
        form = self._plural_form(abs(number))
        return forms[form] if form < len(forms) else (one if abs(number) == 1 else many)


def languages() -> tuple[str, ...]:
    """All that can be spoken, by their codes: the place's first, the code's second."""
    return _languages(FOLDER)


def catalogue(language: str) -> Catalogue:
    """The texts of one language."""
    return _catalogue(FOLDER, language)


@cache
def _languages(folder: Path) -> tuple[str, ...]:
    written = {path.stem for path in folder.glob("*.po")} | {OF_THE_PLACE, OF_THE_CODE}
    return (OF_THE_PLACE, OF_THE_CODE, *sorted(written - {OF_THE_PLACE, OF_THE_CODE}))


@cache
def _catalogue(folder: Path, language: str) -> Catalogue:
    path = folder / f"{language}.po"
    read = list(entries(path.read_text("utf-8"))) if path.is_file() else []
    spaced = SPACING.get(language, str)
    texts = {
        (each.context, each.id): tuple(map(spaced, each.strings)) for each in read if each.id and any(each.strings)
    }
    return Catalogue(texts, _plural_form(read))


def _plural_form(read: list[PoEntry]) -> Callable[[int], int]:
    """The rule of the file's header, such as `plural=(n > 1)`; English's where it has none."""
    header = next((each.strings[0] for each in read if not each.id), "")
    _before, found, rule = header.partition("plural=(")
    return c2py(rule.partition(");")[0]) if found else c2py("n != 1")
