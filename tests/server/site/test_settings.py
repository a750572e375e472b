"""poincon.toml: what stands in the template, and what is said of a wrong one."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from device.contract.errors import SettingsFault
from device.contract.toml_file import parse
from server.core.charge.tariff import Tariff
from server.site.connection_settings import ReplicaSettings
from server.site.settings import ServerSettings, SiteSettings, checked, read_server_settings
from server.site.settings_template import settings_text

RULES_BY_NAME = {
    "half_day_boundary": "13:00",
    "list_max_age_h": 72,
    "max_owed_cents": 1_500,
    "debounce_s": 3,
    "toggle_guard_s": 120,
    "occupancy_max_age_min": 10,
    "release_s": 5,
    "held_s": 30,
    "checkout_after_min": 30,
    "free_min": 10,
    "grace_min": 10,
    "break_even_residents": 12,
}


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "poincon.toml"
    path.write_text(text, "utf-8")
    return path


def faults_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsFault) as caught:
        read_server_settings(written(tmp_path, text))
    return caught.value.faults


def keys_of(table: Any, prefix: str = "") -> set[str]:
    """Every key that a settings table spells, lists of tables by their entries."""
    if isinstance(table, list):
        return {key for entry in table for key in keys_of(entry, prefix) if isinstance(entry, dict)}
    if not isinstance(table, dict):
        return set()
    return {f"{prefix}{key}" for key in table} | {
        inner for key, value in table.items() for inner in keys_of(value, f"{prefix}{key}.")
    }


def test_the_file_that_init_writes_holds_every_setting_with_its_default() -> None:
    template = tomllib.loads(settings_text(SiteSettings(), "127.0.0.1"))
    assert parse(template, ServerSettings, "poincon.toml") == ServerSettings()
    assert keys_of(template) == keys_of(msgspec.to_builtins(ServerSettings()))


def test_every_line_of_the_file_that_init_writes_fits_a_terminal() -> None:
    for line in settings_text(SiteSettings(), "127.0.0.1").splitlines():
        assert len(line) <= 120 or line.startswith(("weekly", "concierge_weekly")), line


def test_the_rules_are_settings_by_their_names_with_the_defaults_of_the_house() -> None:
    rules = msgspec.to_builtins(ServerSettings().rules)
    assert {name: rules[name] for name in RULES_BY_NAME} == RULES_BY_NAME


def test_an_empty_file_is_the_place_as_it_published_itself(tmp_path: Path) -> None:
    settings = read_server_settings(written(tmp_path, ""))
    assert settings == ServerSettings()
    assert (settings.capacity.comfortable, settings.capacity.max) == (25, 35)
    assert {sold.id: sold.price_cents for sold in settings.passes}["carnet-day"] == 15_000


def test_a_broker_on_the_network_gets_tls_and_its_port() -> None:
    template = parse(tomllib.loads(settings_text(SiteSettings(), "192.0.2.10")), ServerSettings, "poincon.toml")
    assert (template.broker.tls, template.broker.port) == (True, 8883)


def test_the_desk_of_a_place_on_the_network_is_reached_from_it() -> None:
    template = tomllib.loads(settings_text(SiteSettings(), "192.0.2.10"))
    assert template["web"]["host"] == "0.0.0.0"


def test_a_place_may_have_quotes_braces_and_accents_in_its_name() -> None:
    name = 'L’« Étage » {2} \\ "Fab"'
    template = tomllib.loads(settings_text(SiteSettings(name=name), "127.0.0.1"))
    assert template["site"]["name"] == name


def test_all_faults_are_told_at_once_each_with_the_nearest_key(tmp_path: Path) -> None:
    assert faults_of(tmp_path, '[rules]\nfree_mins = 5\n[web]\nport = "x"\n[brocker]\n') == [
        'poincon.toml: rules.free_mins: no such key; did you mean "rules.free_min"?',
        "poincon.toml: web.port: expected int, but it is 'x'",
        'poincon.toml: brocker: no such key; did you mean "broker"?',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[site]\ntimezone = "Europe/Sainté"', "site.timezone: no such time zone"),
        ("[capacity]\ncomfortable = 40", "capacity.comfortable: 40 is more than capacity.max, 35"),
        ('[broker]\nhost = "192.0.2.10"', 'broker.tls: must be true for "192.0.2.10"'),
        ('[broker]\nhost = "192.0.2.10"\ntls = true\nembedded = true', "broker.embedded: serves this machine alone"),
        ("[broker]\ntls = true\nembedded = true", "broker.embedded: speaks no TLS"),
        ('[hours]\nweekly = { mon = [["18:00", "08:00"]] }', "hours.weekly.mon: 18:00-08:00 ends before it starts"),
        ('[hours]\nopenings = { 2026-12-05 = [["9:00", "12:00"]] }', "hours.openings"),
        ('[hours]\nclosures = [["2026-12-31", "2026-12-27"]]', "hours.closures: 2026-12-31 to 2026-12-27"),
        ('[hours]\nholidays = "XX"', "hours.holidays: no public holidays are known for 'XX'"),
        ('[rules]\nhalf_day_boundary = "24:00"', "rules.half_day_boundary: 24:00 leaves no afternoon"),
        (
            '[[pass]]\nid = "a"\nname = "A"\nstatus = ""\ncovers = "everything"\nprice_cents = 1\nmonths = 0',
            "pass a: months or days",
        ),
        (
            '[[room]]\nid = "a"\nname = "A"\nseats = 1\n[[room]]\nid = "a"\nname = "B"\nseats = 1',
            'room: the id "a" stands twice',
        ),
        (
            '[[use]]\nid = "focus"\nlabel = "Travail"\ncolour = "#2A9D8F"\nmovement = "breathe"',
            'use: the use "free" is missing',
        ),
        ('[[use]]\nid = "free"\nlabel = "Libre"\ncolour = "#2A9D8F"\nmovement = "wave"', "use[0].movement: invalid"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(tmp_path: Path, text: str, fault: str) -> None:
    (line,) = faults_of(tmp_path, text)
    assert line.startswith(f"poincon.toml: {fault}")


def test_the_books_reckon_with_what_the_settings_say(tmp_path: Path) -> None:
    text = '[rules]\nhour_cents = 400\n[[pass]]\nid = "week"\nname = "Semaine"\nstatus = ""\n'
    settings = read_server_settings(
        written(tmp_path, text + 'covers = "everything"\nprice_cents = 9000\nmonths = 0\ndays = 7')
    )
    assert settings.rules.tariff() == Tariff(hour_cents=400)
    assert ServerSettings().rules.tariff() == Tariff()
    (week,) = settings.pass_kinds().values()
    assert (week.term.days, week.term.months, week.price_cents) == (7, 0, 9000)


def test_closures_and_openings_are_dates_as_toml_or_as_text(tmp_path: Path) -> None:
    text = '[hours]\nclosures = [2026-12-24, "2026-12-26", ["2026-12-28", "2026-12-31"]]\n'
    hours = read_server_settings(
        written(tmp_path, text + 'openings = { 2026-12-05 = [["09:00", "12:00"]] }')
    ).house_hours()
    closed = {day for day in range(20, 32) if hours.is_closed(date(2026, 12, day))}
    assert closed == {24, 25, 26, 28, 29, 30, 31}
    assert [span.texts() for span in hours.spans(date(2026, 12, 5))] == [("09:00", "12:00")]
    assert [span.texts() for span in hours.spans(date(2026, 12, 7))] == [("08:00", "18:00")]


@pytest.mark.parametrize(
    ("url", "is_right"),
    [
        ("", True),
        ("file:///media/stick/poincon", True),
        ("sftp://nas/poincon", True),
        ("s3://bucket/poincon", True),
        ("file://media/stick", False),
        ("/media/stick", False),
        ("http://nas/poincon", False),
    ],
)
def test_a_copy_goes_to_a_folder_or_to_a_store_that_litestream_knows(url: str, is_right: bool) -> None:
    wanted = ServerSettings(replica=ReplicaSettings(url=url))
    if is_right:
        assert checked(wanted, "poincon.toml") == wanted
        return
    with pytest.raises(SettingsFault, match=r"replica\.url"):
        checked(wanted, "poincon.toml")
