"""Any mode under any walk of the clocks, over the real door, its knowledge, its journal and its controller."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.faults.clocks import DEEDS, ClockWalk

WALKS = st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.floats(0, 1)), max_size=30)


@examples(40)
@given(WALKS)
def test_nothing_but_a_mode_a_schedule_fire_or_a_grant_drives_the_strike_and_what_ended_stays_ended(walk):
    with TemporaryDirectory() as folder:
        door = ClockWalk(Path(folder))
        for deed, share in walk:
            door.do(deed, share)
        door.end()
