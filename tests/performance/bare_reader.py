"""What stands beside a door in the figures: `python -m tests.performance.bare_reader UDP [FRAME…]`.

nfcpy alone: it activates the badge that is held to it, says those frames to it (hex) and tells how many milliseconds
they took. No key, no list, no other thread. Without frames: a value put on a queue, for a thread that drives a pin.
"""

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

import nfc.clf
import nfc.tag
from gpiozero.pins.mock import MockFactory

from device.adapters.readers.udp import Cable

PAUSE_S = 0.1
"""From one badge to the next: as behind a door's, all is to be roused first."""
PIN = 5


def main(port: int, frames: Sequence[bytes]) -> None:
    """Runs until it is killed."""
    frontend: Any = nfc.ContactlessFrontend()
    frontend.device = Cable().connect(f"udp:127.0.0.1:{port}")
    handed_over = _handing_over()
    print("ready", flush=True)
    while True:
        target = frontend.sense(nfc.clf.RemoteTarget("106A"))
        if target is None:
            continue
        if not frames:
            handed_over(time.perf_counter())
        elif (tag := nfc.tag.activate(frontend, target)) is not None:
            with suppress(nfc.tag.TagCommandError):  # taken away before it had answered all: it counts nowhere
                _tell(_exchanged_ms(tag, frames))
        time.sleep(PAUSE_S)


def _exchanged_ms(tag: Any, frames: Sequence[bytes]) -> float:
    began_s = time.perf_counter()
    for frame in frames:
        tag.transceive(frame)
    return (time.perf_counter() - began_s) * 1000


def _handing_over() -> Callable[[float], None]:
    queue: SimpleQueue[float] = SimpleQueue()
    pin: Any = MockFactory().pin(PIN)
    pin.function = "output"

    def drive() -> None:
        while True:
            put_s = queue.get()
            pin.state = not pin.state
            _tell((time.perf_counter() - put_s) * 1000)

    Thread(target=drive, daemon=True).start()
    return queue.put


def _tell(millis: float) -> None:
    print("took", millis, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), [bytes.fromhex(frame) for frame in sys.argv[2:]])
