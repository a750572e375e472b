"""What an installer asks of a unit before leaving: each part tried for real, with its fault and the cure."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
from gpiozero import DigitalInputDevice, GPIOZeroError

from device.adapters.clock import SystemClock
from device.adapters.inputs import WiredInput, is_active
from device.adapters.lgpio_library import or_lgpio_error
from device.adapters.readers.frontend import connect
from device.contract.unit_settings import Circuit, PinSettings, ScreenSettings, UnitBrokerSettings, UnitSettings, wired
from device.errors import HardwareFault
from device.hardware import pin_factory
from device.inbox import InputName

MASKED = ("password_file", "key")
BOOT_CONFIG = (Path("/boot/firmware/config.txt"), Path("/boot/config.txt"))
STRICT_GPIO = "dtparam=strict_gpiod"
IF_PINS_FAIL = (
    "on a Pi: apt install python3-lgpio, and put the user in the group gpio; a unit that runs has them: stop it first"
)
BROKER_WAIT_S = 5
JUDGEMENT_S = 1.0
READS: dict[InputName, tuple[str, str]] = {
    "contact": ("the door is open", "the door is shut"),
    "rex": ("the button is pressed", "the button is up"),
    "fire": ("there is a fire", "no fire"),
    "tamper": ("the housing is open", "the housing is shut"),
}
"""What each input says when it is active, and when it is not."""


class Finding(NamedTuple):
    """One thing that was looked at; `cure` says what to do where it is wrong."""

    part: str
    good: bool
    told: str
    cure: str = ""


def findings(settings: UnitSettings, folder: Path) -> Iterator[Finding]:
    """Looks at each part in turn; the strike is not released by it."""
    yield Finding("settings", True, described(settings))
    yield _disk(folder / settings.data)
    yield from _pins(settings.pins)
    yield from _inputs(settings.pins)
    if settings.screen is not None:
        yield _tried(
            "screen",
            "check the cable and screen.address; on a Pi run firmware-config/install again, for I²C and the library",
            partial(_screen, settings.screen, settings.pins),
        )
    for reader in settings.readers:
        yield _tried(
            f"reader {reader.side}",
            f"check the cable and the port in readers.device (it is {reader.device!r})",
            partial(_reader, reader.device),
        )
    yield _tried(
        "broker",
        "check broker.host and port, the network, and that the broker runs; a refused certificate: poincon unit renew",
        lambda: _broker(settings.broker),
    )
    yield _clock()


def described(settings: UnitSettings) -> str:
    """The settings on one line, secrets masked."""
    table = msgspec.to_builtins(settings, enc_hook=str)
    for name in MASKED:
        if table["broker"].get(name):
            table["broker"][name] = "••••"
    return msgspec.json.encode(table).decode()


def _tried(part: str, cure: str, trial: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, trial())
    except OSError as error:
        return Finding(part, False, str(error) or type(error).__name__, cure)


def _disk(data: Path) -> Finding:
    def trial() -> str:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / "probe"
        probe.write_bytes(b"poincon")
        probe.unlink()
        return f"{data} can be written"

    return _tried("disk", "make the folder writable for the unit's user, or free some space", trial)


def _pins(pins: PinSettings) -> Iterator[Finding]:
    yield _tried("pins", IF_PINS_FAIL, lambda: _gpio(pins))
    config = next((path for path in BOOT_CONFIG if path.exists()), None)
    if config is not None and STRICT_GPIO not in config.read_text("utf-8", "replace"):
        yield Finding(
            "strike after a crash",
            False,
            "the kernel keeps the strike released when the program dies",
            f"add {STRICT_GPIO} to {config} and restart the Pi",
        )


def _gpio(pins: PinSettings) -> str:
    factory = pin_factory(pins.factory)
    with closing(factory):
        there = wired(pins)
        for number in there.values():
            factory.pin(number)
        return f"{pins.factory}: " + ", ".join(f"{name} on GPIO {number}" for name, number in there.items())


def _inputs(pins: PinSettings) -> Iterator[Finding]:
    """What each input reads now, in words: an input wired the other way round says the opposite of what one sees."""
    for name, (yes, no) in READS.items():
        if getattr(pins, name) is not None:
            wired_input = WiredInput(getattr(pins, name), getattr(pins, f"{name}_active"))
            cure = f"if that is not so, set pins.{name}_active to the other of open and closed, or look at the wire"
            yield _tried(f"input {name}", cure, partial(_read, name, wired_input, pins.factory, yes, no))


def _read(name: str, wired_input: WiredInput, factory: str, yes: str, no: str) -> str:
    try:
        with (
            closing(pin_factory(factory)) as pins,
            closing(DigitalInputDevice(wired_input.pin, pull_up=True, pin_factory=pins)) as device,
        ):
            circuit: Circuit = "closed" if device.value else "open"
    except or_lgpio_error(GPIOZeroError) as error:
        raise HardwareFault(f"{name}: {error}") from error
    says = yes if is_active(wired_input, circuit) else no
    return f'circuit {circuit}: {says} (pins.{name}_active = "{wired_input.active}")'


def _screen(screen: ScreenSettings, pins: PinSettings) -> str:
    try:
        from device.adapters.screen import opener
    except ImportError as error:
        raise HardwareFault(str(error)) from error
    with closing(pin_factory(pins.factory)) as factory:
        opener(screen, pins, factory)()
    return f"SSD1306 on {screen.bus} answers"


def _reader(device: str) -> str:
    with closing(connect(device)) as opened:
        return str(opened)


def _broker(broker: UnitBrokerSettings) -> str:
    """Reaches the broker without logging in: a second client of this unit's name would cut the first one off."""
    with socket.create_connection((broker.host, broker.port), BROKER_WAIT_S) as plain:
        if not broker.tls:
            return f"{broker.host}:{broker.port} answers"
        context = ssl.create_default_context(cafile=broker.ca)
        if broker.certificate:
            context.load_cert_chain(broker.certificate, broker.key)
        with context.wrap_socket(plain, server_hostname=broker.host) as secure:
            _await_judgement(secure)
            return f"{broker.host}:{broker.port} answers, {secure.version()}"


def _await_judgement(secure: ssl.SSLSocket) -> None:
    """With TLS 1.3 a broker tells only after the handshake that it refuses the certificate; otherwise it is silent."""
    secure.settimeout(JUDGEMENT_S)
    try:
        if not secure.recv(1):
            raise ConnectionAbortedError("the broker hung up on this unit's certificate")
    except TimeoutError:
        return  # it waits for a login: the certificate is good
    except ssl.SSLError as error:
        raise PermissionError(f"the broker refuses this unit's certificate: {error.reason or error}") from error


def _clock() -> Finding:
    reading = SystemClock().read()
    if reading.confirmed:
        return Finding("clock", True, f"{reading.wall}, synchronised")
    cure = "let the Pi reach a time server (timedatectl), or fit an RTC"
    return Finding("clock", reading.kept, f"{reading.wall}, not synchronised now", cure)
