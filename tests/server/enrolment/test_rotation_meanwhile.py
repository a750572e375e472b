"""The keys become others while a badge is awaited, or written: none is left under a version that is over."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from server.accounts.work import Work
from server.enrolment.card_session import Kind
from server.site import key_rotation
from server.site.badge_keys import read_site_keys, write_site_keys
from server.store.people.badge_keys import BadgeKeys
from tests.enrolling_place import EnrolmentPlace, blank, shown
from tests.played_desk import PlayedDesk

T = TypeVar("T")


@pytest.fixture
def secrets(place: EnrolmentPlace, tmp_path: Path) -> Path:
    write_site_keys(tmp_path, place.site_keys)
    key_rotation.note_site_keys(place.db, place.site_keys, place.now)
    return tmp_path


def rotate(place: EnrolmentPlace, secrets: Path, *, and_finish: bool) -> None:
    key_rotation.rotate(place.db, secrets, place.now)
    if and_finish:
        key_rotation.finish(place.db, secrets, place.now, even_with_badges=True)
    place.site_keys = read_site_keys(secrets)


@pytest.mark.parametrize(("act", "and_finish"), [("enrol", False), ("enrol", True), ("rekey", False)])
def test_a_badge_is_given_the_keys_of_when_it_is_held(
    place: EnrolmentPlace, secrets: Path, act: Kind, and_finish: bool
) -> None:
    card = blank("ntag424") if act == "enrol" else place.enrolled()
    desk = PlayedDesk()

    def meanwhile() -> None:
        rotate(place, secrets, and_finish=and_finish)
        desk.hold(shown(card))

    desk.plan.append(meanwhile)
    state, outcome = place.run(act, desk, member=place.ada if act == "enrol" else None)
    assert state.phase == "done", state.refusal
    assert outcome is not None
    assert (outcome.key_version, outcome.present_version) == (2, 2)
    assert place.holds(card)


def test_nothing_is_begun_with_a_version_that_ended_since_the_badge_was_held(
    place: EnrolmentPlace, secrets: Path
) -> None:
    card, former = blank("ntag424"), place.work()
    rotate(place, secrets, and_finish=True)
    place.work = lambda: former  # type: ignore[method-assign]
    assert place.refusal("enrol", shown(card), member=place.ada) == "key_version_over"
    assert (place.known(), [*card.versions]) == (None, [*blank("ntag424").versions])


def test_a_version_that_ends_while_a_badge_is_written_is_told(place: EnrolmentPlace, secrets: Path) -> None:
    work = place.work()
    asked: list[BadgeKeys] = []

    def ending(act: Callable[[Work], T]) -> T:
        done = place.books(act)
        known = place.known()
        if not asked and known is not None and known.next_version:
            asked.append(known)
            rotate(place, secrets, and_finish=True)
        return done

    place.work = lambda: replace(work, books=ending)  # type: ignore[method-assign]
    assert place.refusal("enrol", shown(blank("ntag424")), member=place.ada) == "key_version_over"
    assert asked
    assert place.holding() is None
