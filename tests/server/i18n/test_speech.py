"""One language as it is spoken: refusals, amounts."""

import pytest

from server.errors import Cents, NameOfSettings, Refusal
from server.i18n import formats
from server.i18n.speech import Speech

OWED = Refusal("amount_out_of_range", owed=Cents(950))


def test_a_refusal_writes_money_as_its_language_does() -> None:
    assert Speech("en").refusal(OWED).startswith("€9.50 is owed")
    assert Speech("fr").refusal(OWED) == "indiquez un montant entre 0,01 € et 9,50\u202f€"


def test_for_engineers_a_refusal_is_its_code_and_its_facts() -> None:
    assert str(OWED) == "amount_out_of_range (owed: 950)"
    assert str(Refusal("nothing_owed", field="amount")) == "nothing_owed"


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (OWED, "Indiquez un montant entre 0,01 € et 9,50\u202f€."),
        (Refusal("not_a_door", name="porte-avant"), "porte-avant n'est pas une porte."),
        (Refusal("correction_without_reason"), "Indiquez pourquoi la journée est corrigée."),
        (
            Refusal("golden_guest_is_like_invited", other="Zoé", host="A", day="8"),
            "Zoé est déjà venu·e le 8, sur un ticket d'or de A\u00a0: la même personne\u00a0?",
        ),
        (
            Refusal("no_reduced_price", name="nomade", title=NameOfSettings("Nomad")),
            "«\u00a0Nomade\u00a0» n'a pas de tarif réduit.",
        ),
    ],
)
def test_at_the_desk_a_refusal_is_a_sentence(refusal: Refusal, sentence: str) -> None:
    assert Speech("fr").refusal_at_the_desk(refusal, {"Nomad": "Nomade"}.__getitem__) == sentence


@pytest.mark.parametrize(("language", "written"), [("fr", "−1\u202f234,50\u202f€"), ("en", "−€1,234.50")])
def test_money_as_each_language_writes_it(language: str, written: str) -> None:
    assert formats.money(-1_234_50, language) == written
