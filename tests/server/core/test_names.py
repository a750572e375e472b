"""One person, however the name is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.names import alike, folded, same_name, sort_key


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Béatrice Roanne", "beatrice ROANNE"),
        ("Béatrice Roanne", "Be\u0301atrice  Roanne "),
        ("Jean-François Œuvrard", "jean francois oeuvrard"),
        ("Renée d’Alembert", "Renee d'Alembert"),
        ("Siobhán O'Brien", "siobhan obrien"),
        ("Anne-Marie Müßig", "Annemarie mussig"),
        ("Søren Łukasz", "soren lukasz"),
        ("J. Martin", "J Martin"),
        ("İpek Işık", "ipek isik"),
        ("Ève\u200b Dupont", "EVE DUPONT"),
        ("Ｍａｒｃ", "marc"),
    ],
)
def test_any_spelling_of_a_name_is_the_same_person(name: str, typed: str) -> None:
    assert same_name(name, typed)
    assert same_name(typed, name)


@pytest.mark.parametrize(("one", "other"), [("Léa Roy", "Léo Roy"), ("Jean Martin", "Jeanne Martin"), ("?", "!")])
def test_other_people_are_other_people(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Béatrice Roanne", "ROANNE Béatrice"),
        ("Béatrice Roanne", "Beatrice Roane"),
        ("Béatrice Roanne", "Béatrcie Roanne"),
        ("Béatrice Roanne", "Béatrixe Roanne"),
        ("Béatrice Roanne", "Béatrice Roannes"),
        ("Anna Li", "Anna Lo"),
    ],
)
def test_a_slip_of_the_keys_is_asked_about(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Léa Roy", "Lou Roy"),
        ("Ana", "Ano"),
        ("Ann Li", "Ann Lo"),
        ("Jean Martin", "Paul Martin"),
        ("Béatrice Roanne", "Béatrice Roa"),
        ("Béatrice Roanne", "Béatrice Roane Li"),
    ],
)
def test_nobody_is_asked_about_other_people(one: str, other: str) -> None:
    assert not alike(one, other)


def test_names_are_in_the_order_of_a_french_dictionary() -> None:
    names = ["Zoé", "Étienne", "étienne", "Eric", "Œdipe", "Odile", "Olga", "Noël", "Noel", "De La Tour", "Delacroix"]
    ordered = ["De La Tour", "Delacroix", "Eric", "Étienne", "étienne", "Noel", "Noël", "Odile", "Œdipe", "Olga", "Zoé"]
    assert [folded(name) for name in sorted(names, key=sort_key)] == [folded(name) for name in ordered]
    assert sorted(["Noël", "Noel"], key=sort_key) == ["Noel", "Noël"]


LATIN = st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F) | st.sampled_from(" -'’.")


@given(st.text(LATIN, min_size=1), st.sampled_from(["upper", "lower", "title", "swapcase"]))
def test_whoever_types_a_name_in_any_case_means_the_same_person(name: str, spelt: str) -> None:
    assert same_name(name, getattr(name, spelt)())


@given(st.text(min_size=1))
def test_any_text_is_itself_and_folding_it_again_changes_nothing(name: str) -> None:
    assert same_name(name, f"  {name} ")
    assert folded(folded(name)) == folded(name)
