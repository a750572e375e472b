"""Another server takes over from a copy that lacks the last events: no tap is lost, and none is kept twice."""

from collections import Counter
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.device.journal.test_older_state import Books, Door
from tests.examples import examples

STEPS = st.lists(
    st.one_of(st.sampled_from(["exchange", "deaf", "copy", "take over", "restart"]), st.integers(1, 3)), max_size=16
)


class Place(Door):
    """A door, and servers that follow each other."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.copy = Books()

    def take_copy(self) -> None:
        self.copy = deepcopy(self.books)

    def take_over(self) -> None:
        self.journal.connected(False)
        self.is_up = False
        self.books = deepcopy(self.copy)

    def everything(self) -> set[str]:
        self.cut_power()
        held = self.held()
        self.start()
        return held


@examples(200)
@given(STEPS)
def test_whatever_the_copy_lacked_the_units_send_again(steps: list[str | int]) -> None:
    with TemporaryDirectory() as folder:
        place = Place(Path(folder))
        for step in steps:
            match step:
                case "exchange":
                    place.exchange()
                case "deaf":
                    place.exchange(acknowledged=False)
                    place.is_up = False
                    place.journal.connected(False)
                case "copy":
                    place.take_copy()
                case "take over":
                    place.take_over()
                case "restart":
                    place.cut_power()
                    place.start()
                case int(number):
                    place.happen(number)
        place.take_over()
        place.exchange()
        arrived = Counter(at for events in place.books.events.values() for at in events)
        assert set(arrived) == place.everything()
        assert set(arrived.values()) <= {1}
        place.cut_power()


def test_a_door_that_the_copy_never_heard_of_is_heard_without_another_tap(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.happen(3)
    place.exchange()
    place.take_over()
    place.exchange()
    assert len(place.arrived()) == 3
    place.cut_power()
