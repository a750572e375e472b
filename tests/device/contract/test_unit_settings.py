"""Every figure of `unit.toml` has its limits, and what is beyond them is refused by its name."""

import tomllib
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import msgspec
import pytest
from msgspec import Meta

from device.adapters.strike_driver import LONGEST_S
from device.contract.errors import SettingsFault
from device.contract.toml_file import parse
from device.contract.unit_settings import UnitSettings, read_unit_settings

GOOD = """
name = "front"
kind = "door"
[site]
id = "comptoir"
[[readers]]
side = "entry"
[pins]
strike = 17
[ring]
[screen]
"""
LIMITS = {
    "seats": (1, 999),
    "broker.port": (1, 65_535),
    "broker.keepalive_s": (2, 600),
    "broker.resend_after_s": (1, 3_600),
    "pins.contact_settle_ms": (0, 1_000),
    "pins.rex_settle_ms": (0, 1_000),
    "pins.fire_settle_ms": (0, 1_000),
    "pins.tamper_settle_ms": (0, 1_000),
    **{f"pins.{name}": (0, 27) for name in ("strike", "contact", "rex", "fire", "tamper", "buzzer", "screen_dc")},
    **{f"pins.dial_{name}": (0, 27) for name in ("a", "b", "button")},
    "ring.leds": (1, 144),
    "ring.chip_select": (0, 1),
    "ring.brightness": (0.01, 1),
    "ring.limit_ma": (20, 5_000),
    "screen.address": (8, 0x77),
    "rules.release_s": (0.05, 60),
    "rules.held_s": (1, 86_400),
    "rules.debounce_s": (0, 60),
    "rules.toggle_guard_s": (0, 3_600),
    "rules.list_max_age_h": (1, 8_760),
    "rules.occupancy_max_age_min": (1, 1_440),
}


def figures(kind: Any, prefix: str = "") -> Iterator[tuple[str, list[Meta]]]:
    """Every setting that is a number, with what limits it."""
    for field in msgspec.structs.fields(kind):
        name = f"{prefix}{field.encode_name}"
        for part in (field.type, *get_args(field.type)):
            if isinstance(part, type) and issubclass(part, msgspec.Struct) and get_origin(field.type) is not list:
                yield from figures(part, f"{name}.")
            if part in (int, float):
                yield name, [more for more in get_args(field.type) if isinstance(more, Meta)]
            elif get_origin(part) is Annotated and get_args(part)[0] in (int, float):
                yield name, [more for more in get_args(part) if isinstance(more, Meta)]


def settings_with(name: str, value: Any) -> UnitSettings:
    table = tomllib.loads(GOOD)
    *parts, key = name.split(".")
    place = table
    for part in parts:
        place = place.setdefault(part, {})
    place[key] = value
    return parse(table, UnitSettings, "unit.toml")


@pytest.mark.parametrize("name", sorted({name for name, _ in figures(UnitSettings)}))
def test_every_figure_has_its_limits_here(name):
    assert name in LIMITS


@pytest.mark.parametrize(("name", "limits"), LIMITS.items())
def test_a_figure_within_its_limits_passes_and_beyond_them_it_is_refused_by_its_name(name, limits):
    low, high = limits
    settings_with(name, low)
    settings_with(name, high)
    beyond = [-1, high + 1, high * 1000, float("inf"), float("nan")]
    for value in [*beyond, 0] if low > 0 else beyond:
        with pytest.raises(SettingsFault, match=f"^unit.toml: {name}: "):
            settings_with(name, value)


def test_the_longest_release_is_the_longest_that_the_driver_takes():
    assert LIMITS["rules.release_s"][1] == LONGEST_S


@pytest.mark.parametrize(
    ("zone", "near"),
    [("Mars/Base", "Europe/Paris"), ("Europe/Pari", "Europe/Paris"), ("", ""), ("Europe", ""), ("../etc/passwd", "")],
)
def test_a_zone_that_is_none_is_refused_with_a_right_one(tmp_path, zone, near):
    path = tmp_path / "unit.toml"
    path.write_text(GOOD.replace('id = "comptoir"', f'id = "comptoir"\ntimezone = "{zone}"'))
    with pytest.raises(SettingsFault) as refused:
        read_unit_settings(path)
    (fault,) = refused.value.faults
    assert fault.startswith(f'unit.toml: site.timezone: no such zone "{zone}"; did you mean "')
    assert near in fault


@pytest.mark.parametrize("name", ["contact", "rex", "fire", "tamper"])
def test_an_input_is_wired_one_way_or_the_other(name):
    assert settings_with(f"pins.{name}_active", "open") != settings_with(f"pins.{name}_active", "closed")
    with pytest.raises(SettingsFault, match=f"pins.{name}_active: invalid enum value 'high'"):
        settings_with(f"pins.{name}_active", "high")


def test_wired_without_more_ado_inputs_are_as_they_always_were():
    pins = parse(tomllib.loads(GOOD), UnitSettings, "unit.toml").pins
    assert (pins.contact_active, pins.rex_active, pins.fire_active, pins.tamper_active) == (
        "open",
        "closed",
        "closed",
        "closed",
    )
