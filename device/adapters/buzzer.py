"""The buzzer on a GPIO, playing its rhythms on a thread of gpiozero's."""

from gpiozero import Buzzer
from gpiozero.threads import GPIOThread

from device.core.lights.buzzer import PATTERNS, Pattern


class PatternBuzzer:
    """An active buzzer (it makes its own tone); a new pattern cuts the one that sounds."""

    def __init__(self, pin: int, *, pin_factory: object, active_high: bool = True) -> None:
        self._output = Buzzer(pin, active_high=active_high, initial_value=False, pin_factory=pin_factory)
        self._playing: _Playing | None = None

    def play(self, pattern: str) -> None:
        """Plays the pattern of that name, without waiting for its end; a name that has none is silence."""
        self.silence()
        tones = PATTERNS.get(pattern)
        if tones:
            self._playing = _Playing(self._output, tones)
            self._playing.start()

    def silence(self) -> None:
        """Stops at once."""
        if self._playing is not None:
            self._playing.stop()
        self._playing = None

    def close(self) -> None:
        """Silences it and gives the pin back."""
        self.silence()
        self._output.close()


class _Playing(GPIOThread):  # type: ignore[misc]
    """One pattern on its way. Not `Buzzer.blink`: that knows one rhythm only."""

    def __init__(self, output: Buzzer, tones: Pattern) -> None:
        super().__init__(self._sound, (output, tones), name="buzzer")

    def _sound(self, output: Buzzer, tones: Pattern) -> None:
        try:
            for on_ms, off_ms in tones:
                output.on()
                if self.stopping.wait(on_ms / 1000):
                    return
                output.off()
                if self.stopping.wait(off_ms / 1000):
                    return
        finally:
            output.off()
