"""Which columns of a list hold the name, and headings whose letters were lost."""

import pytest

from server.formats.member_list import LineFault, read_members


@pytest.mark.parametrize(
    ("headings", "cells", "name"),
    [
        ("Name,Given Name,Family Name", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Name,Given Name,Additional Name,Family Name,E-mail 1 - Value", "Zoé Le Roy,Zoé,,Le Roy,", "Zoé Le Roy"),
        ("Nom complet,Nom,Prénom", "Camille Arnaud,Arnaud,Camille", "Camille Arnaud"),
        ("Prénom,Nom,Nom complet", "Camille,Arnaud,Camille Arnaud", "Camille Arnaud"),
        ("Prénom Nom,Prénom", "Camille Arnaud,Camille", "Camille Arnaud"),
        ("Nom et prénom,Prénom", "Arnaud Camille,Camille", "Arnaud Camille"),
        ("Display Name,First Name,Last Name", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Nom,Prénom,Nom de famille", "Camille Arnaud,Camille,Arnaud", "Camille Arnaud"),
        ("Nom complet,Nom,Prénom", ",Arnaud,Camille", "Camille Arnaud"),
        ("Nom,Prénom", "Arnaud,Camille", "Camille Arnaud"),
        ("Name,First name", "Arnaud,Camille", "Camille Arnaud"),
        ("Nom,Prénom,Adhérent", "Arnaud,Camille,oui", "Camille Arnaud"),
        ("Nom,Nom d'usage,Prénom", "Arnaud,Martin,Camille", "Camille Arnaud"),
    ],
)
def test_a_full_name_wins_over_its_parts(headings: str, cells: str, name: str) -> None:
    assert [row.name for row in read_members([headings.split(","), cells.split(",")]).rows] == [name]


def lost(heading: str) -> list[str]:
    """How a heading looks after its accents were lost, or read in a code page that it is not in."""
    marks = [
        heading.encode("ascii", "replace").decode(),
        heading.encode("ascii", "replace").decode().replace("?", "\ufffd"),
    ]
    for saved, read_as in (("utf-8", "cp1252"), ("cp850", "cp1252"), ("cp850", "mac-roman"), ("mac-roman", "cp850")):
        marks.append(heading.encode(saved).decode(read_as, "replace"))
    return marks


@pytest.mark.parametrize(
    "heading", ["Prénom", "PRÉNOM", "Téléphone", "Numéro de téléphone", "Rôle", "Mél", "Prénom nom"]
)
def test_a_heading_whose_letters_were_lost_is_refused_and_never_dropped(heading: str) -> None:
    for broken in lost(heading):
        table = [["Nom", broken], ["Dupré", "x"]]
        found = read_members(table)
        assert found.faults == [LineFault(1, "heading", broken)] or not found.ignored, broken
        assert read_members(table, ["name", "notes"]).faults == []


@pytest.mark.parametrize(
    "heading", ["Formule", "Né(e) le", "Âge", "Où ?", "Membre ?", "Société", "Adhérent·e", "電話番号", "?", "Clé"]
)
def test_a_heading_that_is_not_known_is_no_broken_one(heading: str) -> None:
    assert read_members([["Nom", heading], ["Dupré", "x"]]).faults == []
