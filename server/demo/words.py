"""What the demo says to people, in both languages at once: the page is French or English by its reader's choice.

The code has each text in English; `server.demo.french` has each in French, and a test holds that none is missing.
"""

from typing import Literal

from msgspec import Struct

from server.demo.french import FRENCH

Language = Literal["fr", "en"]


class Saying(Struct, frozen=True):
    """One text in both languages."""

    fr: str
    en: str

    def __getitem__(self, language: Language) -> str:
        """The text in one language."""
        return self.fr if language == "fr" else self.en


def both(template: str, **fields: object) -> Saying:
    """`template` in both languages, its fields filled in; a field may itself be a `Saying`."""
    return Saying(
        _filled(FRENCH.get(template, template), fields, "fr"),
        _filled(template, fields, "en"),
    )


def _filled(template: str, fields: dict[str, object], language: Language) -> str:
    spoken = {name: value[language] if isinstance(value, Saying) else value for name, value in fields.items()}
    return template.format(**spoken)
