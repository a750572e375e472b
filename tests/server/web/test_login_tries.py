"""Guessing at the login: slow however it is done, and no hindrance for who belongs there."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from heapq import heappop, heappush
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.contract.instant import Instant
from server.people.passwords import hashed
from server.store.people import operators
from server.web import known_browser, login_tries
from server.web.login_throttle import FREE_TRIES, LONGEST_WAIT_S
from server.web.login_tries import CHECKED_AT_ONCE, FORGOTTEN_AFTER_S, LoginTries, TooSoon, Who, Wrong
from server.web.login_turns import LONGEST_LINE_S, LoginTurns
from server.web.pages import login
from tests.examples import examples
from tests.web_house import MONDAY_MORNING as NOW
from tests.web_house import PASSWORD, Visitor, WebHouse

STRANGER, HOME = "192.0.2.66", "192.0.2.1"


def after(seconds: float) -> Instant:
    return NOW + timedelta(seconds=seconds)


def tried(tries: LoginTries, who: Who, at_s: float = 0.0, *, right: bool = False, kept: Wrong | None = None) -> int:
    """How long the try has to wait: 0 where it was looked at."""
    try:
        with tries.trying(who, after(at_s), kept) as one:
            one.is_right = right
    except TooSoon as soon:
        return soon.wait_s
    return 0


def looked_at_in_the_end(tries: LoginTries, who: Who, at_s: float, *, right: bool = False) -> float:
    """When a try was looked at of somebody who comes again as they are told."""
    while wait_s := tried(tries, who, at_s, right=right):
        at_s += wait_s
    return at_s


def attacked(name: str = "marie", addresses: int = 4) -> LoginTries:
    """After many have guessed at a name for a while."""
    tries = LoginTries()
    for number in range(addresses):
        for _ in range(FREE_TRIES + 1):
            tried(tries, Who(name, f"198.51.100.{number}"))
    return tries


def test_an_address_is_slowed_whatever_names_it_tries() -> None:
    tries = LoginTries()
    assert [tried(tries, Who(f"name {number}", STRANGER)) for number in range(6)] == [0] * 5 + [2]


def test_a_name_is_slowed_for_all_strangers() -> None:
    tries = attacked()
    assert 0 < tried(tries, Who("marie", STRANGER)) <= 4  # an address that is new waits its turn
    assert tried(tries, Who("paul", STRANGER)) == 0
    assert tried(tries, Who("marie", STRANGER), 4) == 0
    assert tried(tries, Who("marie", STRANGER), 4) == LONGEST_WAIT_S


def test_of_two_hundred_guesses_each_from_its_own_address_five_are_looked_at_at_once() -> None:
    tries, waits = LoginTries(), []
    for number in range(200):
        waits.append(tried(tries, Who("marie", f"198.51.100.{number}")))
    assert waits.count(0) == FREE_TRIES
    assert waits == sorted(waits)
    assert waits[FREE_TRIES] == 1 and waits[-1] <= LONGEST_LINE_S


def test_an_address_waits_longer_for_its_own_mistakes_alone() -> None:
    tries, now_s, waits = attacked(addresses=40), 100.0, []
    for _ in range(6):
        now_s = looked_at_in_the_end(tries, Who("marie", STRANGER), now_s)
        for number in range(40):  # what others do meanwhile is all the same
            tried(tries, Who("marie", f"203.0.113.{number}"), now_s + 1)
        waits.append(tried(tries, Who("marie", STRANGER), now_s))
    assert waits == [60, 120, 240, 480, 960, 960]


def test_who_was_here_before_is_not_kept_out_by_guesses_from_elsewhere() -> None:
    tries = LoginTries()
    tried(tries, Who("marie", HOME), right=True)
    for number in range(40):
        tried(tries, Who("marie", f"198.51.100.{number}"))
    assert tried(tries, Who("marie", HOME), right=True) == 0  # from the same address
    assert tried(tries, Who("marie", STRANGER, "her tablet"), right=True) == 0  # from the same browser
    wait_s = tried(tries, Who("marie", "203.0.113.9"), right=True)  # and from elsewhere in turn
    assert 0 < wait_s <= LONGEST_LINE_S
    assert tried(tries, Who("marie", "203.0.113.9"), wait_s, right=True) == 0


def test_a_browser_that_is_known_is_slowed_as_well() -> None:
    tries = LoginTries()
    assert [tried(tries, Who("marie", f"198.51.100.{n}", "stolen")) for n in range(6)] == [0] * 5 + [2]


def test_wrong_tries_at_one_name_do_not_slow_another_on_the_same_tablet() -> None:
    tries = LoginTries()
    assert [tried(tries, Who("marie", HOME, "tablet")) for _ in range(6)] == [0] * 5 + [2]
    assert tried(tries, Who("paul", HOME, "tablet"), right=True) == 0


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_tries, "REMEMBERED", 10)
    tries = LoginTries()
    for number in range(50):
        tried(tries, Who(f"name {number}", f"198.51.100.{number}"), right=number % 2 == 0)
    assert len(tries._wrong) <= 10
    assert len(tries._came_from) <= 10


def test_many_tries_at_once_are_looked_at_one_by_one() -> None:
    tries, looked_at = LoginTries(), 0
    with ExitStack() as open_tries:
        for number in range(150):
            try:
                open_tries.enter_context(tries.trying(Who(f"name {number}", STRANGER), NOW))
                looked_at += 1
            except TooSoon:
                continue
    assert looked_at == 1


def test_strangers_leave_room_for_who_was_here_before() -> None:
    tries = LoginTries()
    with ExitStack() as open_tries:
        for number in range(CHECKED_AT_ONCE):
            open_tries.enter_context(tries.trying(Who("marie", f"198.51.100.{number}"), NOW))
        assert tried(tries, Who("marie", STRANGER)) > 0
        assert tried(tries, Who("marie", HOME, "her tablet"), right=True) == 0
    assert tried(tries, Who("marie", STRANGER)) == 0


def test_who_has_a_login_does_not_guess_at_anothers_between_two_of_their_own() -> None:
    tries, guesses = LoginTries(), 0
    for number in range(40):
        guesses += tried(tries, Who(f"name {number}", STRANGER)) == 0
        tried(tries, Who("paul", STRANGER), right=True)
    assert guesses == FREE_TRIES


def test_a_try_that_could_not_be_looked_at_is_not_counted() -> None:
    tries = LoginTries()
    for _ in range(20):
        with pytest.raises(OSError, match="the books"), tries.trying(Who("marie", HOME), NOW):
            raise OSError("the books")
    assert tried(tries, Who("marie", HOME)) == 0


def test_an_address_is_forgiven_after_an_hour() -> None:
    tries = attacked()
    assert tried(tries, Who("marie", STRANGER), 20) == 0
    assert tried(tries, Who("marie", STRANGER), 21) > 0
    assert tried(tries, Who("marie", STRANGER), FORGOTTEN_AFTER_S + 21) == 0


def test_a_new_start_forgets_nothing_that_is_in_the_books() -> None:
    tries = LoginTries()
    kept = Wrong(30, NOW)
    assert tried(tries, Who("marie", STRANGER), kept=kept) == 0
    assert tried(tries, Who("marie", STRANGER), kept=kept) == LONGEST_WAIT_S


@examples(60)
@given(
    guesses=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(["marie", "paul", "x"]), st.floats(0, 5)), max_size=120
    )
)
def test_however_it_is_done_an_address_guesses_no_faster_than_its_pace(guesses: list[tuple[int, str, float]]) -> None:
    tries, now_s = LoginTries(), 0.0
    looked_at: dict[int, list[float]] = {0: [], 1: [], 2: []}
    tried(tries, Who("marie", HOME), right=True)
    for address, name, gap_s in guesses:
        now_s += gap_s
        if tried(tries, Who(name, f"198.51.100.{address}"), now_s) == 0:
            looked_at[address].append(now_s)
        assert tried(tries, Who("marie", HOME), now_s, right=True) == 0
    for times in looked_at.values():
        for count, (earlier, later) in enumerate(zip(times[FREE_TRIES - 1 :], times[FREE_TRIES:], strict=False), 1):
            assert later - earlier >= min(2.0**count, LONGEST_WAIT_S) - 1e-3


WAYS = st.lists(st.tuples(st.floats(0, 3), st.integers(0, 150), st.booleans()), max_size=250)
"""Guesses at one name: after how long, from which address, and whether it comes again when it is told."""


def guessed(tries: LoginTries, ways: list[tuple[float, int, bool]], until_s: float) -> list[float]:
    """When guesses at a name were looked at."""
    now_s, times = 0.0, list[float]()
    coming: list[tuple[float, int, bool]] = []
    for gap_s, address, comes_again in ways:
        now_s += gap_s
        heappush(coming, (now_s, address, comes_again))
    while coming and coming[0][0] <= until_s:
        at_s, address, comes_again = heappop(coming)
        wait_s = tried(tries, Who("marie", f"198.51.100.{address}"), at_s)
        if not wait_s:
            times.append(at_s)
        elif comes_again:
            heappush(coming, (at_s + wait_s, address, True))
    return times


@examples(60)
@given(addresses=st.integers(1, 400), within_s=st.integers(0, 30))
def test_however_many_addresses_guess_at_a_name_it_is_tried_at_its_pace(addresses: int, within_s: int) -> None:
    """Each comes when it is told. Up to half the longest wait the turns are half a second apart at least."""
    times = guessed(LoginTries(), [(0.0, number, True) for number in range(addresses)], within_s)
    assert len(times) <= FREE_TRIES + 2 * within_s + 1


@examples(60)
@given(ways=WAYS, comes_s=st.floats(0, 300), late_s=st.floats(0, 30))
def test_whatever_strangers_do_who_types_the_right_password_is_in_within_a_minute(
    ways: list[tuple[float, int, bool]], comes_s: float, late_s: float
) -> None:
    """From a browser and an address that nobody knows; and who reads slowly has not lost their turn."""
    tries = LoginTries()
    guessed(tries, ways, comes_s)
    wait_s = tried(tries, Who("marie", STRANGER), comes_s, right=True)
    assert wait_s <= LONGEST_LINE_S
    if wait_s:
        guessed(tries, [(comes_s, 151 + number, False) for number in range(100)], comes_s + wait_s)
        assert tried(tries, Who("marie", STRANGER), comes_s + wait_s + late_s, right=True) == 0


def test_a_turn_that_was_missed_is_given_again_and_a_clock_set_back_keeps_nobody_out() -> None:
    turns = LoginTurns()
    assert [turns.wait_s("marie", f"198.51.100.{number}", NOW) for number in range(4)] == [0, 1, 2, 3]
    assert turns.wait_s("marie", "198.51.100.3", after(2 * LONGEST_LINE_S)) == 0
    assert turns.wait_s("marie", "198.51.100.3", after(-3_600)) <= 2


def guess(visitor: Visitor, password: str, address: str, name: str = "Marie") -> int:
    return visitor.post("/login", None, address, name=name, password=password).status_code


def test_a_hundred_and_fifty_guesses_at_once_gain_nothing(house: WebHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    house.operator("Marie")
    all_are_in, looked_at = Event(), []

    def is_right(password: str, password_hash: str) -> bool:
        looked_at.append(password)
        all_are_in.wait(30)
        return False

    monkeypatch.setattr(login, "is_right", is_right)
    visitors = [house.visitor() for _ in range(150)]
    for visitor in visitors:
        visitor.get("/login")
    with ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(guess, visitor, PASSWORD, STRANGER) for visitor in visitors]
        for answer in answers[20:]:
            answer.result(30)
        all_are_in.set()
        codes = [answer.result(30) for answer in answers]
    assert len(looked_at) <= FREE_TRIES
    assert codes.count(429) >= 150 - FREE_TRIES
    assert 303 not in codes


def test_the_right_person_gets_in_while_a_stranger_guesses(house: WebHouse) -> None:
    house.operator("Marie")
    tablet, elsewhere, guesser = house.desk("Marie"), house.visitor(), house.visitor()
    tablet.post("/logout")
    tablet.get("/login")
    for number in range(40):
        guess(guesser, "wrong", f"198.51.100.{number % 7}")
    assert guess(guesser, PASSWORD, "198.51.100.1") == 429
    assert guess(tablet, PASSWORD, "203.0.113.5") == 303  # the browser is known
    assert guess(elsewhere, PASSWORD, "127.0.0.1") == 303  # the address is
    assert guess(guesser, PASSWORD, "198.51.100.1") == 429  # and the guesser is not forgiven for that


def test_a_browser_is_known_by_what_we_signed_alone(house: WebHouse) -> None:
    house.operator("Marie")
    told = house.visitor().log_in("Marie").headers.getlist("Set-Cookie")
    (cookie,) = (each for each in told if each.startswith("poincon-browser="))
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/login"))
    assert "marie" not in cookie and PASSWORD not in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    for forged in (value[:-2] + "xx", "x" + value, "", "a.b.c"):
        thief = house.visitor()
        thief.set_cookie("poincon-browser", forged)
        assert [guess(thief, "wrong", STRANGER) for _ in range(6)].count(401) <= FREE_TRIES


def test_a_browser_is_forgotten_in_time_and_knows_so_many_names(
    house: WebHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_browser, "NAMES", 2)
    visitor = house.visitor()
    for name in ("Anne", "Marie", "Paul"):
        house.operator(name)
        visitor.log_in(name)
        visitor.post("/logout")
        visitor.get("/login")
    for number in range(60):
        for name in ("Anne", "Marie"):
            guess(house.visitor(), "wrong", f"198.51.100.{number}", name)
    assert [guess(visitor, "wrong", STRANGER, "Marie") for _ in range(3)] == [401] * 3
    assert guess(visitor, "wrong", STRANGER, "Anne") == 429
    monkeypatch.setattr(known_browser, "AGE_S", -1)
    assert guess(visitor, "wrong", STRANGER, "Marie") == 429


def test_a_browser_known_for_one_name_is_a_stranger_to_another(house: WebHouse) -> None:
    house.operator("Marie")
    house.operator("Paul")
    for number in range(60):
        guess(house.visitor(), "wrong", f"198.51.100.{number}", "Paul")
    tablet = house.desk("Marie")
    tablet.post("/logout")
    tablet.get("/login")
    assert guess(tablet, "wrong", STRANGER, "Paul") == 429
    house.pass_time(seconds=LONGEST_LINE_S)
    assert guess(tablet, "wrong", STRANGER, "Paul") == 401
    assert guess(tablet, "wrong", STRANGER, "Paul") == 429
    assert guess(tablet, PASSWORD, STRANGER, "Marie") == 303


def test_an_unlocked_desk_is_no_place_to_guess_its_password(house: WebHouse, desk: Visitor) -> None:
    new = "une autre phrase, plus longue"
    codes = [desk.post("/password", old=f"wrong {n}", new=new, again=new).status_code for n in range(7)]
    assert codes == [422] * 5 + [429] * 2
    house.pass_time(seconds=3)
    assert desk.post("/password", old=PASSWORD, new=new, again=new).status_code == 303


@pytest.mark.parametrize("typed", ["marie", "MARIE", "Marie", "mArIe", " marie "])
def test_a_name_is_known_however_the_telephone_writes_it(house: WebHouse, typed: str) -> None:
    house.operator("Marie")
    assert house.visitor().log_in(typed).status_code == 303
    assert 'autocapitalize="none"' in house.visitor().page("/login")


def test_of_two_who_differ_by_capitals_each_is_themselves(house: WebHouse) -> None:
    house.operator("Marie")
    operators_password = "tout autre chose, et long"
    operators.add(house.db, "marie", hashed(operators_password), role="concierge", must_change=False, now=house.now)
    assert house.visitor().log_in("Marie").status_code == 303
    assert house.visitor().log_in("marie", operators_password).status_code == 303
    assert house.visitor().log_in("MARIE").status_code == 401


@pytest.mark.parametrize("how", ["log in", "log out"])
def test_nothing_of_a_session_outlives_who_it_belongs_to(house: WebHouse, how: str) -> None:
    house.operator("Marie")
    visitor = house.visitor() if how == "log in" else house.desk("Marie")
    visitor.plant("somebody else", "was here")
    before = visitor.token
    if how == "log in":
        assert visitor.log_in("Marie").status_code == 303
    else:
        visitor.post("/logout")
    assert "somebody else" not in visitor.session
    assert not before or visitor.post("/language", csrf_token=before).status_code == 400
