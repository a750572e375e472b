"""What a session is done with: which keys a badge has under which version, and what it may hold."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from device.core.badge.address import ndef_of
from device.core.badge.keys import FACTORY
from device.core.badge.originality import NXP_PUBLIC_KEYS
from server.core.doors.key_diversification import badge_keys
from server.enrolment.badge_work import BadgeOutcome, BadgeWork, work_of
from server.errors import Refusal
from server.site.badge_keys import SiteKeys, write_site_keys
from server.site.folder import SiteFolder
from server.store.people.badge_keys import BadgeKeys

UID = bytes.fromhex("04A1B2C3D4E5F6")
FIRST, SECOND = bytes(range(16)), bytes(range(16, 32))


def no_books(act: Any) -> Any:
    raise AssertionError("nothing is asked of the books")


WORK = BadgeWork(
    site="lieu",
    site_keys=SiteKeys({1: FIRST, 2: SECOND}),
    books=no_books,
    unit="comptoir",
    random=secrets.token_bytes,
    makers=NXP_PUBLIC_KEYS,
)


def known(**what: Any) -> BadgeKeys:
    return BadgeKeys(identity=UID.hex().upper(), scheme="ntag424", **what)


def test_the_keys_of_a_badge_are_those_of_its_version_and_its_enrolment() -> None:
    assert WORK.keys(UID, 0, None) is FACTORY
    assert WORK.keys(UID, 1, 7) == badge_keys(FIRST, UID, 7, "lieu", 1)
    assert WORK.keys(UID, 2, 7) == badge_keys(SECOND, UID, 7, "lieu", 2)
    assert WORK.keys(UID, 2, None) == badge_keys(SECOND, UID, 0, "lieu", 2)
    with pytest.raises(Refusal) as over:
        WORK.keys(UID, 3, 7)
    assert (over.value.code, over.value.facts["version"]) == ("key_version_over", 3)


OLD, NEW = WORK.keys(UID, 1, 7), WORK.keys(UID, 2, 8)
SHOWN = 9
BY_ITSELF = [WORK.keys(UID, 2, SHOWN), WORK.keys(UID, 1, SHOWN)]
"""What the keys of the place come to with the number that the badge shows."""


@pytest.mark.parametrize(
    ("books_say", "held"),
    [
        pytest.param(None, [FACTORY, *BY_ITSELF], id="never seen"),
        pytest.param(known(key_version=0), [FACTORY, *BY_ITSELF], id="made blank"),
        pytest.param(known(key_version=1, enrolment=7), [OLD, *BY_ITSELF], id="ours for certain"),
        pytest.param(known(next_version=2, next_enrolment=8), [FACTORY, NEW, *BY_ITSELF], id="being enrolled"),
        pytest.param(
            known(key_version=0, next_version=2, next_enrolment=8), [FACTORY, NEW, *BY_ITSELF], id="enrolled once more"
        ),
        pytest.param(
            known(key_version=1, enrolment=7, next_version=2, next_enrolment=8),
            [OLD, NEW, *BY_ITSELF],
            id="being re-keyed",
        ),
        pytest.param(known(key_version=1, enrolment=7, next_version=0), [OLD, *BY_ITSELF, FACTORY], id="being wiped"),
        pytest.param(
            known(key_version=1), [WORK.keys(UID, 1, 0), *BY_ITSELF, FACTORY], id="written by tools of their own"
        ),
        pytest.param(known(key_version=3, enrolment=7), BY_ITSELF, id="of a version that is over"),
        pytest.param(
            known(key_version=3, enrolment=7, next_version=2, next_enrolment=8),
            [NEW, *BY_ITSELF],
            id="over, and moved on",
        ),
    ],
)
def test_what_a_badge_may_hold_is_told_by_the_books_first_and_then_by_itself(
    books_say: BadgeKeys | None, held: list[object]
) -> None:
    assert WORK.held(UID, books_say, SHOWN) == held


def test_of_a_badge_nothing_is_said_that_was_not_seen() -> None:
    outcome = BadgeOutcome(what="read", credential="uid:04A1B2C3", product="")
    assert (outcome.is_copyable, outcome.is_under_way) == (False, False)
    assert WORK.may_be_copied


@pytest.mark.parametrize(
    ("url", "address"),
    [("https://lieu.example", ndef_of("https://lieu.example")), ("http://lieu.example:8080", b"")],
)
def test_it_is_made_of_the_settings_and_the_keys_of_the_place(tmp_path: Path, url: str, address: bytes) -> None:
    (tmp_path / "poincon.toml").write_text(
        f'[site]\nid = "lieu"\n[web]\npublic_url = "{url}"\n[badges]\nallow_uid = false\n'
    )
    (tmp_path / "secrets").mkdir()
    write_site_keys(tmp_path / "secrets", WORK.site_keys)
    work = work_of(SiteFolder(tmp_path), "comptoir", no_books)
    assert (work.site, work.unit, work.site_keys, work.makers) == ("lieu", "comptoir", WORK.site_keys, NXP_PUBLIC_KEYS)
    assert (work.address, work.may_be_copied) == (address, False)
