"""The dial's rotary encoder and its push button on three GPIOs."""

from collections.abc import Callable
from typing import Any

from gpiozero import Button, RotaryEncoder

from device.inbox import Pressed, Turned

HOLD_S = 2.0
"""The long press."""
SETTLED_S = 0.03
"""A contact bounces for 5 ms, a worn one for 20; a finger presses for 50 at the least, and rests longer."""


class EncoderDial:
    """Puts each detent and each press on the unit's queue.

    A detent counts when the encoder went through all its four states in one direction (gpiozero's own state machine):
    a bounce goes to and fro between two of them, a half step turns back, and neither is a turn. Swap `a` and `b` where
    right is left. The button is told when it is let go, or once held long enough, then not again; what goes
    on before it was up for a while is still the same press.
    """

    def __init__(
        self,
        a: int,
        b: int,
        button: int,
        put: Callable[[Turned | Pressed], None],
        pin_factory: Any,
        *,
        hold_s: float = HOLD_S,
    ) -> None:
        self._put = put
        self._factory = pin_factory
        self._encoder = RotaryEncoder(a, b, max_steps=0, pin_factory=pin_factory)
        self._button = Button(button, pull_up=True, hold_time=hold_s, pin_factory=pin_factory)
        self._down_ticks = pin_factory.ticks()
        self._up_ticks: Any = None  # before the first press it was up for long
        self._told = True

    def start(self) -> None:
        """Begins to tell."""
        self._encoder.when_rotated_clockwise = lambda: self._put(Turned(1))
        self._encoder.when_rotated_counter_clockwise = lambda: self._put(Turned(-1))
        self._button.when_pressed = self._pressed
        self._button.when_held = self._long_pressed
        self._button.when_released = self._released

    def stop(self) -> None:
        """Gives the pins back."""
        self._encoder.close()
        self._button.close()

    def _pressed(self) -> None:
        if self._up_ticks is None or self._since_s(self._up_ticks) >= SETTLED_S:
            self._down_ticks = self._factory.ticks()
            self._told = False

    def _long_pressed(self) -> None:
        self._told = True
        self._put(Pressed(long=True))

    def _released(self) -> None:
        self._up_ticks = self._factory.ticks()
        held_s = self._since_s(self._down_ticks)
        if not self._told and held_s >= SETTLED_S:
            self._told = True
            # a busy machine may see it let go before it tells that it is held
            self._put(Pressed(long=held_s >= self._button.hold_time))

    def _since_s(self, ticks: Any) -> float:
        return float(self._factory.ticks_diff(self._factory.ticks(), ticks))
