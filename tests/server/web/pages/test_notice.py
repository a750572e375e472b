"""The notice beside the reader: for whoever stands there, without a login, with nothing from outside."""

import html
import re

import pytest

from server.core.retention.kinds import KEEPING
from server.i18n import labels
from tests.web_house import WebHouse

FIGURES = [("fr", "3 mois, puis sans nom"), ("en", "3 months, then without a name")]


@pytest.mark.parametrize(("language", "figure"), FIGURES)
def test_anybody_reads_it_with_the_figures_of_the_place(house: WebHouse, language: str, figure: str) -> None:
    page = html.unescape(house.visitor(language).page("/notice"))
    assert f'<html lang="{language}">' in page
    assert figure in page
    assert house.place.settings.site.name in page
    assert re.findall(r'(?:src|href)="([^"?]*)', page) == ["/static/notice.css"]


def test_every_kind_that_is_a_members_or_a_guests_stands_in_it(house: WebHouse) -> None:
    page = html.unescape(house.visitor("en").page("/notice"))
    told = [kind for kind, keeping in KEEPING.items() if keeping.whose not in ("", "operator")]
    assert [kind for kind in told if labels.DATA[kind] not in page] == []
    assert [kind for kind in told if labels.PURPOSES[kind] not in page] == []
