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
