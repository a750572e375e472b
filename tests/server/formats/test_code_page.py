"""Files of spreadsheets in whatever code page they were saved."""

import re

import pytest

from server.formats.code_page import frenchness
from server.formats.csv_cells import decoded

NAMES = """
    Élodie Dupré, FRANÇOISE ÉPALLE, Zoë Lê, Noël Besançon, Jérôme Lefèvre, Hélène Gaëtan, Jürgen Müller, Íñigo Núñez
    Søren Ångström, Özgür Çelik, Aït-Yahia, Benoît Château, Saint-Étienne, JÉRÉMY ARÈNE, João Conceição, Émile Zola
    Renée d’Alembert, Clémence D’Hôtel, Léa Brûlé, Anaïs Ménard, Ève, Óscar Peña, MÜLLER, élodie, Sœur Inès, ANDRÉ ÇA
"""
PAGES = ("utf-8", "utf-16", "cp1252", "mac-roman", "cp850")


def can_write(page: str, text: str) -> bool:
    return text.encode(page, "replace").decode(page) == text


@pytest.mark.parametrize("page", PAGES)
def test_accents_are_read_in_whatever_code_page_they_were_saved(page: str) -> None:
    for name in re.split(r",|\n", NAMES):
        text = f"Prénom;Nom;Téléphone\nPaul;{name};06\n"
        if can_write(page, text):
            assert decoded(text.encode(page)) == text


def test_what_no_program_writes_speaks_against_a_code_page() -> None:
    assert decoded("Émile".encode("cp850")) == "Émile"  # 0x90 is no character of cp1252
    assert frenchness("Pr\ufffdnom") < frenchness("Pr‚nom") < frenchness("Prenom") < frenchness("Prénom")


WORTH = {
    "a letter that French has often, within a word": ("bé", 6),
    "the same at the start of a word": ("é", 3),
    "a capital at the start": ("É", 3),
    "a capital among capitals": ("BÉB", 3),
    "a capital after a small letter": ("bÉ", -3),
    "a small letter among capitals": ("BéB", 0),
    "a small letter before a capital, at the start": ("éB", 0),
    "a small letter at the end of capitals": ("ABé", 0),
    "after one capital alone": ("Bé", 6),
    "after two capitals, within a word": ("ABéc", 6),
    "after a small letter, before a capital": ("béB", 6),
    "a letter that French does not have": ("bø", 1),
    "an apostrophe between letters": ("d’A", 1),
    "an apostrophe elsewhere": ("d’ ", -4),
    "a sign of French beside a word": ("« a", 1),
    "a sign of French within a word": ("a«b", -4),
    "a sign that French does not have": ("a ¿", -4),
    "a space that does not break": ("a \u00a0", 1),
    "a byte that is none": ("a\ufffdb", -10),
    "a control character": ("a\x81", -10),
    "several": ("bé É", 9),
    "nothing but ASCII": ("Prenom", 0),
}


@pytest.mark.parametrize(("text", "worth"), WORTH.values(), ids=WORTH.keys())
def test_each_letter_and_sign_speaks_for_or_against_by_where_it_stands(text: str, worth: int) -> None:
    assert frenchness(text) == worth
