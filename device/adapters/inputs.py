"""Contact, REX, fire and tamper inputs on GPIOs, read by level: an edge only says that it is time to look."""

from collections.abc import Callable

from gpiozero import DigitalInputDevice

from device.inbox import InputLevel, InputName


class LevelInputs:
    """Wired inputs, pulled up and switched to ground. A contact is *open* when its circuit is; the others are active
    when closed."""

    def __init__(self, pins: dict[InputName, int], put: Callable[[InputLevel], None], pin_factory: object) -> None:
        self._put = put
        self._devices = {
            name: DigitalInputDevice(pin, pull_up=True, bounce_time=None, pin_factory=pin_factory)
            for name, pin in pins.items()
        }

    def start(self) -> None:
        """Tells every level as it is now, then every change."""
        for name, device in self._devices.items():
            device.when_activated = device.when_deactivated = lambda name=name: self._tell(name)
            self._tell(name)

    def stop(self) -> None:
        """Gives the pins back."""
        for device in self._devices.values():
            device.close()

    def _tell(self, name: InputName) -> None:
        closed = bool(self._devices[name].value)
        self._put(InputLevel(name, not closed if name == "contact" else closed))
