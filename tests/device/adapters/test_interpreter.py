"""Python is set for taps while a unit runs, and as it was afterwards."""

import gc
import sys

import pytest

from device.adapters.interpreter import SWITCH_S, answering_at_once


def test_threads_take_turns_quickly_and_what_was_loaded_is_left_alone_while_it_lasts() -> None:
    before_s, frozen = sys.getswitchinterval(), gc.get_freeze_count()
    with pytest.raises(ZeroDivisionError), answering_at_once():
        assert sys.getswitchinterval() == pytest.approx(SWITCH_S)
        assert gc.get_freeze_count() > frozen
        assert gc.isenabled()
        _ = 1 / 0
    assert sys.getswitchinterval() == pytest.approx(before_s)
    assert gc.get_freeze_count() == 0
