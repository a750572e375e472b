"""Where one lands after an action: a page that answers whoever comes, wherever its form was shown."""

import pytest

from server.web.operator_actions import page_of
from tests.web_house import Visitor, WebHouse


@pytest.mark.parametrize(
    "address, page",
    [
        ("/members/5", "/members/5"),
        ("/members/5/pay", "/members/5"),
        ("/members/5/badges/end", "/members/5"),
        ("/members/5/lots/3/prolong", "/members/5"),
        ("/members/5/days/2026-11-23/presence", "/members/5/days/2026-11-23/"),
        ("/members/new", "/members/new"),
        ("/taps/7/attach/new", "/taps/7/attach"),
        ("/guests/new", "/guests/new"),
        ("/guests/leave", "/"),
        ("/sales/3/cancel", "/"),
        ("/presence/settle", "/presence/settle"),
        ("/doors/front/mode", "/"),
        ("/nowhere/at/all", "/"),
        ("", "/"),
    ],
)
def test_each_address_has_the_page_it_is_a_part_of(house: WebHouse, address: str, page: str) -> None:
    with house.app.test_request_context():
        assert page_of(address) == page


def test_every_address_that_a_form_is_sent_to_leads_to_a_page_for_who_merely_comes(
    house: WebHouse, desk: Visitor
) -> None:
    """Reloaded, bookmarked, come back to: whatever the address of a form, there is a page."""
    house.member("Aline")
    house.door("1")
    for rule in house.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) or not rule.endpoint.count("."):
            continue
        with house.app.test_request_context():
            address = rule.build(dict.fromkeys(rule.arguments, 1) | {"day": "2026-11-23"} if rule.arguments else {})
        assert address is not None
        answer = desk.get(address[1])
        assert answer.status_code in (200, 303), address
        assert answer.status_code == 200 or desk.get(answer.location).status_code in (200, 404), address
