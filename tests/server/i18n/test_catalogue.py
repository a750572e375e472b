"""Every text for people stands in the catalogue, and nothing else does; one file more is one language more."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from server.i18n.catalogue import FOLDER, catalogue
from server.i18n.po_file import entries

SERVER = Path(FOLDER).parents[1]
KEYWORDS = {"_": None, "gettext": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}

Key = tuple[str | None, str]
"""The context of a text, and its English."""


def of_the_pages() -> Iterator[Key]:
    web = SERVER / "web"
    for path in sorted([*(web / "templates").rglob("*.*"), *web.rglob("*.py")]):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        with path.open("rb") as file:
            for _, text, _, context in extract(method, file, keywords=KEYWORDS, options={"newstyle_gettext": "true"}):
                yield context, text if isinstance(text, str) else text[0]


def read_by_babel() -> Catalog:
    with (FOLDER / "fr.po").open("rb") as file:
        return read_po(file, locale="fr")


def translated() -> set[Key]:
    return {(entry.context, entry.id) for entry in entries((FOLDER / "fr.po").read_text("utf-8")) if all(entry.strings)}


def test_every_text_has_its_french_and_nothing_else_has() -> None:
    texts = set(of_the_pages())
    assert texts - translated() == set()
    assert translated() - texts - {(None, "")} == set()


def test_every_text_fills_in_the_same_fields_in_both_languages() -> None:
    faults = [(message.id, str(error)) for message, errors in read_by_babel().check() for error in errors]
    assert faults == []


def test_a_po_file_is_read_as_babel_reads_it() -> None:
    mine = {(entry.context, entry.id): entry.strings for entry in entries((FOLDER / "fr.po").read_text("utf-8"))}
    of_babel = {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string)
        )
        for message in read_by_babel()
    }
    del mine[None, ""], of_babel[None, ""]
    assert mine == of_babel


def test_french_says_one_for_none_and_english_does_not() -> None:
    one, many = "%(num)d guest among them", "%(num)d guests among them"
    assert [catalogue("fr").ngettext(one, many, number) % {"num": number} for number in (0, 1, 2)] == [
        "dont 0 invité",
        "dont 1 invité",
        "dont 2 invités",
    ]
    assert catalogue("en").ngettext(one, many, 0) == many
