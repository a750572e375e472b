"""The words of the pages: French is what the code says, `translations/*.po` has the other languages.

The catalogues are read as they are written, so there is no build step to forget.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

import flask_babel  # type: ignore[import-untyped]
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from server.i18n.typography import typeset

LANGUAGES = ("fr", "en")
CATALOGUES = Path(__file__).with_name("translations")


class French(NullTranslations):
    """The words as the code says them, with French spaces; none is one: « 0 présent »."""

    def ugettext(self, message: str) -> str:
        """`message` itself."""
        return typeset(message)

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """`msgid1` for a number below two."""
        return typeset(msgid1 if abs(n) < 2 else msgid2)


class PoDomain(flask_babel.Domain):  # type: ignore[misc]
    """Translations straight from the .po files."""

    def get_translations(self) -> NullTranslations:
        """Those of this request's language."""
        return catalogue(language())


@cache
def catalogue(language: str) -> NullTranslations:
    """All the words of one language; none for French, which the code speaks by itself."""
    path = CATALOGUES / f"{language}.po"
    if not path.is_file():
        return French()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """The language of this page."""
    return str(flask_babel.get_locale() or LANGUAGES[0])


def gettext(text: str, **fields: object) -> str:
    """`text` in the language of this page, `%(name)s` filled in."""
    return str(flask_babel.gettext(text, **fields))


def ngettext(one: str, many: str, number: int, **fields: object) -> str:
    """`one` or `many`, `%(num)d` being the number; in French, none is one."""
    return str(flask_babel.ngettext(one, many, number, **fields))
