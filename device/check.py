"""What an installer asks of a unit before leaving: each part tried for real, with its fault and the cure.

Beside a unit that runs, which has the pins and the readers, it is asked what it finds instead.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from gpiozero import DigitalInputDevice, GPIOZeroError

from device.adapters.clock import SystemClock
from device.adapters.findings_file import RUNTIME_DIRECTORY, read_findings
from device.adapters.lgpio_library import or_lgpio_error
from device.adapters.readers.frontend import connect
from device.contract.findings import finding
from device.contract.state import Finding
from device.contract.unit_settings import Circuit, PinSettings, ScreenSettings, UnitBrokerSettings, UnitSettings, wired
from device.errors import HardwareFault
from device.hardware import pin_factory
from device.inbox import InputName
from device.parts import READS, reads, strike_at_rest

MASKED = ("password_file", "key")
BROKER_WAIT_S = 5
JUDGEMENT_S = 1.0


def findings(settings: UnitSettings, folder: Path, runtime: Path = RUNTIME_DIRECTORY) -> Iterator[Finding]:
    """Looks at each part in turn; the strike is not released by it. What a running unit finds lies in `runtime`."""
    # whole, whatever its length: it goes over no wire
    yield Finding(part="settings", good=True, code="settings_read", facts={"settings": described(settings)})
    running = read_findings(settings.name, runtime)
    if running is not None:
        yield finding("unit", "unit_runs", process=running.process)
        yield from running.findings
        return
    yield _disk(folder / settings.data)
    yield _tried("pins", "pins_fail", lambda: _gpio(settings.pins))
    if settings.pins.strike is not None:
        yield from strike_at_rest()
    yield from _inputs(settings.pins)
    if settings.screen is not None:
        yield _tried("screen", "screen_fails", partial(_screen, settings.screen, settings.pins))
    for reader in settings.readers:
        part = f"reader_{reader.side}"
        yield _tried(part, "reader_fails", partial(_reader, part, reader.device), device=repr(reader.device))
    yield _broker(settings.broker)
    yield from _clock()


def described(settings: UnitSettings) -> str:
    """The settings on one line, secrets masked."""
    table = msgspec.to_builtins(settings, enc_hook=str)
    for name in MASKED:
        if table["broker"].get(name):
            table["broker"][name] = "••••"
    return msgspec.json.encode(table).decode()


def _tried(part: str, failing: str, trial: Callable[[], Finding], **facts: Any) -> Finding:
    """What `trial` finds; the code `failing` where it raises."""
    try:
        return trial()
    except OSError as error:
        return finding(part, failing, error=str(error) or type(error).__name__, **facts)


def _disk(data: Path) -> Finding:
    def trial() -> Finding:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / "probe"
        probe.write_bytes(b"poincon")
        probe.unlink()
        return finding("disk", "disk_takes", folder=data)

    return _tried("disk", "disk_fails", trial)


def _gpio(pins: PinSettings) -> Finding:
    factory = pin_factory(pins.factory)
    with closing(factory):
        there = wired(pins)
        for number in there.values():
            factory.pin(number)
        lines = ", ".join(f"{name} on GPIO {number}" for name, number in there.items())
        return finding("pins", "pins_there", factory=pins.factory, lines=lines)


def _inputs(pins: PinSettings) -> Iterator[Finding]:
    """What each input reads now, in words."""
    for name in READS:
        if getattr(pins, name) is not None:
            yield _tried(name, "input_fails", partial(_read, name, pins), name=name)


def _read(name: InputName, pins: PinSettings) -> Finding:
    try:
        with (
            closing(pin_factory(pins.factory)) as factory,
            closing(DigitalInputDevice(getattr(pins, name), pull_up=True, pin_factory=factory)) as device,
        ):
            circuit: Circuit = "closed" if device.value else "open"
    except or_lgpio_error(GPIOZeroError) as error:
        raise HardwareFault(f"{name}: {error}") from error
    return reads(name, circuit, getattr(pins, f"{name}_active"))


def _screen(screen: ScreenSettings, pins: PinSettings) -> Finding:
    try:
        from device.adapters.screen import opener
    except ImportError as error:
        raise HardwareFault(str(error)) from error
    with closing(pin_factory(pins.factory)) as factory:
        opener(screen, pins, factory)()
    return finding("screen", "screen_answers", bus=screen.bus)


def _reader(part: str, device: str) -> Finding:
    with closing(connect(device)) as opened:
        return finding(part, "reader_answers", device=opened)


def _broker(broker: UnitBrokerSettings) -> Finding:
    """Reaches the broker without logging in: a second client of this unit's name would cut the first one off."""
    try:
        return _reached(broker)
    except (ConnectionAbortedError, PermissionError) as error:
        return finding("broker", "broker_refuses", error=error)
    except OSError as error:
        return finding("broker", "broker_fails", error=str(error) or type(error).__name__)


def _reached(broker: UnitBrokerSettings) -> Finding:
    where = f"{broker.host}:{broker.port}"
    with socket.create_connection((broker.host, broker.port), BROKER_WAIT_S) as plain:
        if not broker.tls:
            return finding("broker", "broker_answers", where=where, tls="")
        context = ssl.create_default_context(cafile=broker.ca)
        if broker.certificate:
            context.load_cert_chain(broker.certificate, broker.key)
        with context.wrap_socket(plain, server_hostname=broker.host) as secure:
            _await_judgement(secure)
            return finding("broker", "broker_answers", where=where, tls=f", {secure.version()}")


def _await_judgement(secure: ssl.SSLSocket) -> None:
    """With TLS 1.3 a broker tells only after the handshake that it refuses the certificate; otherwise it is silent."""
    secure.settimeout(JUDGEMENT_S)
    try:
        if not secure.recv(1):
            raise ConnectionAbortedError("it hung up")
    except TimeoutError:
        return  # it waits for a login: the certificate is good
    except ssl.SSLError as error:
        raise PermissionError(error.reason or str(error)) from error


def _clock() -> Iterator[Finding]:
    reading = SystemClock().read()
    code = "clock_synced" if reading.confirmed else "clock_kept" if reading.kept else "clock_unset"
    yield finding("clock", code)
    yield finding("time", "time_now", wall=reading.wall)
