"""The badge keys on paper: typed back as they were, and no slip goes unnoticed."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.errors import Refused
from server.errors import Refusal
from server.site import key_words
from server.site.badge_keys import SiteKeys
from server.site.key_words import GROUP_SIGNS, GROUPS, LETTERS, read_words, words_of

KEY = bytes(range(16))
ANY_KEY = st.binary(min_size=16, max_size=16)


@given(version=st.integers(1, 255), key=ANY_KEY)
def test_what_is_typed_back_is_the_key(version: int, key: bytes) -> None:
    words = words_of(version, key)
    assert [len(group) for group in words.split()] == [GROUP_SIGNS] * GROUPS
    assert read_words(words) == SiteKeys({version: key})


def test_nobody_takes_a_sign_for_another() -> None:
    assert len(set(LETTERS)) == 32
    assert not set(LETTERS) & set("0O1I")


def test_case_spaces_lines_and_dashes_say_nothing() -> None:
    words = words_of(1, KEY)
    assert read_words(f"\n {words.lower().replace(' ', '-')}\n") == SiteKeys({1: KEY})
    assert read_words(words.replace(" ", "")) == SiteKeys({1: KEY})


def test_two_versions_are_two_rows() -> None:
    other = KEY[::-1]
    assert read_words(f"{words_of(1, KEY)}\n{words_of(2, other)}\n") == SiteKeys({1: KEY, 2: other})


@given(key=ANY_KEY, place=st.integers(0, GROUPS * GROUP_SIGNS - 1), sign=st.sampled_from(LETTERS + "0O1I*"))
def test_a_mistyped_sign_is_found_and_its_group_named(key: bytes, place: int, sign: str) -> None:
    signs = list(words_of(7, key).replace(" ", ""))
    if signs[place] == sign:
        return
    signs[place] = sign
    with pytest.raises(Refusal) as refused:
        read_words("".join(signs))
    assert refused.value.code == "key_group_mistyped"
    assert refused.value.facts["number"] == place // GROUP_SIGNS + 1


@given(key=ANY_KEY, place=st.integers(0, GROUPS * GROUP_SIGNS - 2))
def test_two_signs_that_changed_places_are_found(key: bytes, place: int) -> None:
    signs = list(words_of(7, key).replace(" ", ""))
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    if "".join(signs) == words_of(7, key).replace(" ", ""):
        return
    with pytest.raises(Refused, match="key_"):
        read_words("".join(signs))


@given(key=ANY_KEY, one=st.integers(0, GROUPS - 1), other=st.integers(0, GROUPS - 1))
def test_groups_that_changed_places_are_found(key: bytes, one: int, other: int) -> None:
    if one == other:
        return
    groups = words_of(7, key).split()
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(Refused, match="key_group_mistyped"):
        read_words(" ".join(groups))


@pytest.mark.parametrize("typed", ["", "  \n - "])
def test_nothing_is_no_key(typed: str) -> None:
    with pytest.raises(Refused, match="no_key_words"):
        read_words(typed)


@pytest.mark.parametrize("left", [1, GROUP_SIGNS, GROUPS * GROUP_SIGNS - 1])
def test_a_row_that_ends_early_is_named(left: int) -> None:
    row = words_of(1, KEY).replace(" ", "")
    with pytest.raises(Refused, match=rf"key_group_mistyped .*{left // GROUP_SIGNS + 1}"):
        read_words(row + row[:left])


def test_groups_of_two_keys_do_not_belong_together() -> None:
    ours, theirs = words_of(1, KEY).split(), words_of(1, KEY[::-1]).split()
    with pytest.raises(Refused, match="key_words_do_not_fit"):
        read_words(" ".join([*ours[:4], *theirs[4:]]))


@pytest.mark.parametrize("above", [1, 2, 15])
def test_a_number_that_is_too_great_for_a_key_is_none(above: int) -> None:
    content = bytes((1,)) + KEY
    row = key_words._row(above << 8 * len(content) | int.from_bytes(content, "big"), key_words._whole_check(content))
    with pytest.raises(Refused, match="key_words_do_not_fit"):
        read_words(row)


@pytest.mark.parametrize("wrong", list(combinations(range(GROUP_SIGNS), 2)))
def test_signs_that_there_are_not_do_not_make_up_for_each_other(wrong: tuple[int, int]) -> None:
    signs = list(words_of(1, KEY).replace(" ", ""))
    signs[:GROUP_SIGNS] = ["0" if place in wrong else "A" for place in range(GROUP_SIGNS)]
    any_other = next(place for place in range(GROUP_SIGNS) if place not in wrong)
    for sign in LETTERS:
        signs[any_other] = sign
        with pytest.raises(Refused, match="key_group_mistyped"):
            read_words("".join(signs))


def test_a_key_stays_the_same_words_from_one_release_to_the_next() -> None:
    assert words_of(1, KEY) == "AAJAE AEBAQ GBAFL A2DSK SCJLQ BNGAH 4DSRG B7D93"
