"""The notice beside the reader: one page of plain HTML, in which nothing that a place is called can do anything."""

import xml.etree.ElementTree as ET

from server.formats.notice_page import DataNotice, NoticeRow, page

NOTICE = DataNotice(
    language="fr",
    title="Ce que ce lieu sait de vous",
    place="L'atelier <b>& Cie</b>",
    lead="Aucune image.",
    headings=("Quoi", "Pourquoi", "Combien de temps", "Base légale"),
    rows=[NoticeRow("passages", "la porte", "3 mois", "intérêt légitime")],
    sections=[("Vos droits", ["Demandez.", "Corrigez."])],
    foot="RGPD, articles 6 et 13.",
)


def test_every_part_of_it_is_there_and_only_text() -> None:
    shown = page(NOTICE, "<style>p{}</style>")
    body = ET.fromstring(shown[shown.index("<body") : shown.index("</html>")])
    assert [each.text for each in body.iter("h1")] == [NOTICE.title]
    assert [each.text for each in body.iter("td")] == ["la porte", "3 mois", "intérêt légitime"]
    assert [each.text for each in body.iter("th")] == [*NOTICE.headings, "passages"]
    assert [each.text for each in body.iter("p")] == [NOTICE.place, NOTICE.lead, "Demandez.", "Corrigez.", NOTICE.foot]
    assert "<b>" not in shown
    assert '<html lang="fr">' in shown
