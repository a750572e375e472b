"""The table of the refusals holds what the code raises: every code, its facts, and nothing else."""

import re
import string

import pytest

from server.i18n.refusals import AT_THE_DESK, REFUSALS
from tests.refusals import Raised, raised

RAISED = raised()


def facts_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_that_is_raised_has_its_text() -> None:
    assert {f"{each.where}: {each.code}" for each in RAISED if each.code not in REFUSALS} == set()


def test_every_text_is_of_a_code_that_is_raised() -> None:
    assert REFUSALS.keys() - {each.code for each in RAISED} == set()
    assert AT_THE_DESK.keys() - REFUSALS.keys() == set()


@pytest.mark.parametrize("refusal", RAISED, ids=lambda each: f"{each.where} {each.code}")
def test_the_facts_that_are_given_are_those_that_the_texts_say(refusal: Raised) -> None:
    assert refusal.facts == facts_in(REFUSALS[refusal.code]) | facts_in(AT_THE_DESK.get(refusal.code, ""))


def test_two_codes_do_not_say_the_same() -> None:
    assert len(set(REFUSALS.values())) == len(REFUSALS)


def test_a_code_is_written_as_those_of_the_contract_are() -> None:
    assert [code for code in REFUSALS if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)] == []


def test_a_code_is_about_one_field_wherever_it_is_raised() -> None:
    fields: dict[str, set[str | None]] = {}
    for each in RAISED:
        fields.setdefault(each.code, set()).add(each.field)
    assert {code: found for code, found in fields.items() if len(found) > 1} == {}
