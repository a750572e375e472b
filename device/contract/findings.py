"""What a unit finds of its parts, in words: the one table of codes, for `poincon-unit check` and for the desk. Pure.

In English, as the catalogue knows them; the facts of a finding fill in its text.
"""

from collections.abc import Callable

from device.contract.state import Finding

PARTS: dict[str, str] = {
    "settings": "settings",
    "disk": "disk",
    "pins": "pins",
    "strike": "strike",
    "strike_rest": "strike after a crash",
    "contact": "input contact",
    "rex": "input rex",
    "fire": "input fire",
    "tamper": "input tamper",
    "ring": "ring",
    "screen": "screen",
    "reader_entry": "reader entry",
    "reader_exit": "reader exit",
    "reader_toggle": "reader toggle",
    "broker": "broker",
    "clock": "clock",
    "time": "time",
    "unit": "unit",
}
"""What a finding is about."""

TOLD: dict[str, str] = {
    "settings_read": "{settings}",
    "unit_runs": "it runs (process {process}) and has the pins and the readers: what follows is what it finds",
    "disk_takes": "{folder} can be written",
    "disk_fails": "{error}",
    "pins_there": "{factory}: {lines}",
    "pins_fail": "{error}",
    "strike_driven": "its driver runs",
    "strike_lost": "its driver does not run",
    "strike_secured": "the kernel secures the strike when the program dies",
    "strike_stays": "the kernel keeps the strike released when the program dies",
    "door_open": 'circuit {circuit}: the door is open (pins.contact_active = "{active}")',
    "door_shut": 'circuit {circuit}: the door is shut (pins.contact_active = "{active}")',
    "button_pressed": 'circuit {circuit}: the button is pressed (pins.rex_active = "{active}")',
    "button_up": 'circuit {circuit}: the button is up (pins.rex_active = "{active}")',
    "fire_on": 'circuit {circuit}: there is a fire (pins.fire_active = "{active}")',
    "fire_off": 'circuit {circuit}: no fire (pins.fire_active = "{active}")',
    "housing_open": 'circuit {circuit}: the housing is open (pins.tamper_active = "{active}")',
    "housing_shut": 'circuit {circuit}: the housing is shut (pins.tamper_active = "{active}")',
    "input_fails": "{error}",
    "ring_shows": "lights up on SPI 0.{chip_select}",
    "ring_fails": "{error}",
    "screen_answers": "SSD1306 on {bus} answers",
    "screen_fails": "{error}",
    "reader_answers": "{device} answers",
    "reader_awaited": "{device} has not answered yet",
    "reader_lost": "{device} does not answer",
    "reader_fails": "{error}",
    "broker_answers": "{where} answers{tls}",
    "broker_connected": "{where}: connected since {since}",
    "broker_back": "{where}: connected since {since}; before that: {error}",
    "broker_awaited": "{where}: not connected yet",
    "broker_lost": "{where}: not connected: {error}",
    "broker_fails": "{error}",
    "broker_refuses": "the broker refuses this unit's certificate: {error}",
    "name_taken": "another machine connects under the name of this unit",
    "clock_synced": "synchronised",
    "clock_kept": "not synchronised now, and kept since it was",
    "clock_unset": "not synchronised",
    "time_now": "{wall}",
}
"""What is found, by its code."""

CURES: dict[str, str] = {
    "disk_fails": "make the folder writable for the unit's user, or free some space; a card that wears out is replaced",
    "pins_fail": (
        "on a Pi: apt install python3-lgpio, and put the user in the group gpio; a unit that runs has them: stop it"
        " first"
    ),
    "strike_lost": "restart the Pi; where that does not help, its log says why (journalctl -u poincon-unit)",
    "strike_stays": "add {line} to {file} and restart the Pi",
    "input_fails": "set pins.{name}_active to the other of open and closed, or look at the wire",
    "ring_fails": "check the ring's cable; on a Pi the file config.txt needs dtparam=spi=on",
    "screen_fails": (
        "check the cable and screen.address; on a Pi run firmware-config/install again, for I²C and the library"
    ),
    "reader_awaited": "wait a moment; then check its cable and its port",
    "reader_lost": "check its cable and its port (readers.device is {device})",
    "reader_fails": "check the cable and the port in readers.device (it is {device})",
    "broker_awaited": "wait a moment; then check broker.host and port, the network, and that the broker runs",
    "broker_lost": "check broker.host and port, the network, and that the broker runs",
    "broker_fails": (
        "check broker.host and port, the network, and that the broker runs; a refused certificate: poincon unit renew"
    ),
    "broker_refuses": "make the unit's card again: its certificate is not, or no longer, one of this place",
    "name_taken": "two machines have the card of this unit: switch one off and make it a card of its own",
    "clock_unset": "let the Pi reach a time server (timedatectl), or fit an RTC",
}
"""What to do, by the code of what is wrong; what is not here is well."""

LONGEST_FACT = 200


def finding(part: str, code: str, **facts: object) -> Finding:
    """What is found of a part; it is good where the table has no cure for it."""
    told = {name: str(fact)[:LONGEST_FACT] for name, fact in facts.items()}
    return Finding(part=part, good=code not in CURES, code=code, facts=told)


def told(found: Finding, translated: Callable[[str], str] = str) -> str:
    """What is found in words; its bare code where this version does not know it."""
    return _filled(found, TOLD, translated) or found.code


def cure(found: Finding, translated: Callable[[str], str] = str) -> str:
    """What to do about it in words, nothing where it is good or this version knows no cure."""
    return "" if found.good else _filled(found, CURES, translated)


def _filled(found: Finding, table: dict[str, str], translated: Callable[[str], str]) -> str:
    template = table.get(found.code)
    if template is None:
        return ""
    try:
        return translated(template).format_map(found.facts)
    except (KeyError, ValueError):  # a fact that another version leaves out
        return ""
