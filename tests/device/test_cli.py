"""`poincon-unit` as an installer uses it."""

import json

import pytest
from click.testing import CliRunner

from device.cli import main
from tests.mosquitto import free_port

GOOD = """
name = "front"
kind = "door"
[site]
id = "comptoir"
[broker]
port = {port}
password_file = "secret"
[pins]
factory = "mock"
strike = 17
contact = 27
"""


@pytest.fixture
def unit_toml(tmp_path):
    def write(text):
        path = tmp_path / "unit.toml"
        path.write_text(text)
        return str(path)

    return write


def ran(*words):
    return CliRunner().invoke(main, words)


def test_wrong_settings_are_told_all_at_once_with_file_key_and_the_nearest_right_key(unit_toml):
    path = unit_toml(GOOD.format(port='"1883"').replace("strike", "strkie") + "[rules]\nrelase_s = 5\nheld_s = -1\n")
    result = ran("check", "-c", path)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "unit.toml: broker.port: expected int, but it is '1883'",
        'unit.toml: pins.strkie: no such key; did you mean "pins.strike"?',
        'unit.toml: rules.relase_s: no such key; did you mean "rules.release_s"?',
        "unit.toml: rules.held_s: expected float > 0.0, but it is -1",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("strike = 17", ""), "pins.strike: missing; a door needs its strike"),
        (("contact = 27", "contact = 17"), "pins.contact: GPIO 17 is taken by pins.strike"),
        (('kind = "door"', 'kind = "room"'), "room: missing; a room unit needs the room it shows"),
        (
            ("contact = 27", "contact = 27\ndial_a = 5"),
            "pins.dial_a, pins.dial_b, pins.dial_button: a dial has all three",
        ),
        (
            ("[pins]", '[screen]\nbus = "spi"\n[pins]'),
            "pins.screen_dc: missing; a screen on SPI needs its data/command line",
        ),
        (
            ("[pins]", '[[uses]]\nid = "nap"\nlabel = "Sieste"\ncolour = "#112233"\nmovement = "still"\n[pins]'),
            'uses: the use "free" is missing',
        ),
        (('[site]\nid = "comptoir"', ""), "site: missing"),
        (('name = "front"', 'name = "Front Door"'), "name: expected str matching regex"),
        (('kind = "door"', 'kind = "gate"'), "kind: invalid enum value 'gate'"),
        (("[pins]", "[[readers]]\nside='entry'\n[[readers]]\nside='entry'\n[pins]"), "readers: two readers are one"),
        (("[pins]", "[pins"), "cannot be read as TOML"),
    ],
)
def test_a_contradiction_is_told_in_one_line(unit_toml, change, fault):
    result = ran("run", "-c", unit_toml(GOOD.format(port=1883).replace(*change)))
    assert result.exit_code == 2
    assert fault in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_no_settings_at_all_is_one_line(tmp_path):
    result = ran("run", "-c", str(tmp_path / "unit.toml"))
    assert (result.exit_code, result.stderr) == (2, f"{tmp_path / 'unit.toml'}: no such file\n")


def test_wrong_use_is_told_by_the_usage(unit_toml):
    assert ran("simulate").exit_code == 2
    assert ran("tap", "uid:04A1B2C3").exit_code == 2
    assert ran("fly").exit_code == 2


def test_check_tells_each_part_its_fault_and_the_cure_and_masks_secrets(unit_toml, tmp_path):
    (tmp_path / "secret").write_text("hunter2")
    result = ran("check", "-c", unit_toml(GOOD.format(port=free_port())))
    assert result.exit_code == 1
    assert "ok    pins: mock: strike on GPIO 17, contact on GPIO 27" in result.stdout
    assert "WRONG broker: [Errno 111] Connection refused" in result.stdout
    assert "→ check broker.host and port, the network" in result.stdout
    settings = json.loads(next(line for line in result.stdout.splitlines() if "settings:" in line).partition(": ")[2])
    assert settings["broker"]["password_file"] == "••••"
    assert "hunter2" not in result.output


def test_check_tells_what_each_input_reads_now_in_words(unit_toml):
    wired = 'contact = 27\nrex = 22\nfire = 23\nfire_active = "open"\ntamper = 24\n'
    result = ran("check", "-c", unit_toml(GOOD.format(port=free_port()).replace("contact = 27\n", wired)))
    told = [line.removeprefix("ok    ") for line in result.stdout.splitlines() if "input " in line]
    assert told == [
        'input contact: circuit open: the door is open (pins.contact_active = "open")',
        'input rex: circuit open: the button is up (pins.rex_active = "closed")',
        'input fire: circuit open: there is a fire (pins.fire_active = "open")',
        'input tamper: circuit open: the housing is shut (pins.tamper_active = "closed")',
    ]


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_zone_that_is_none_is_told_in_one_line_with_the_cure(unit_toml, command):
    zone = 'id = "comptoir"\ntimezone = "Mars/Base"'
    result = ran(command, "-c", unit_toml(GOOD.format(port=1883).replace('id = "comptoir"', zone)))
    assert result.exit_code == 2
    assert result.stderr == 'unit.toml: site.timezone: no such zone "Mars/Base"; did you mean "Europe/Paris"?\n'


def test_check_of_a_reader_that_is_not_there_names_its_port(unit_toml):
    text = GOOD.format(port=free_port()) + '[[readers]]\nside = "entry"\ndevice = "tty:NONE9:pn532"\n'
    result = ran("check", "-c", unit_toml(text))
    assert "WRONG reader entry" in result.stdout
    assert "tty:NONE9:pn532" in result.stdout


def test_check_of_a_room_tells_its_dial_and_a_screen_that_is_not_there(unit_toml):
    text = (
        GOOD.format(port=free_port())
        .replace('"door"', '"room"\nroom = "atelier"')
        .replace("strike = 17\ncontact = 27", "")
    )
    result = ran("check", "-c", unit_toml(f"{text}dial_a = 5\ndial_b = 6\ndial_button = 13\n[screen]\n"))
    assert "ok    pins: mock: dial_a on GPIO 5, dial_b on GPIO 6, dial_button on GPIO 13" in result.stdout
    assert "WRONG screen: screen: I2C device not found" in result.stdout
    assert "firmware-config/install again, for I²C" in result.stdout


def test_a_badge_that_no_reader_takes_up_is_told(mocker):
    mocker.patch("device.simulation.virtual_badge.WAIT_S", 0.1)
    present = mocker.patch("device.simulation.virtual_badge.VirtualBadge.present", return_value=False)
    result = ran("tap", "--udp", "7900", "uid:04A1B2C3D4E5F6")
    assert present.called
    assert result.exit_code == 1
    assert "no reader took the badge up at UDP port 7900" in result.stderr


@pytest.mark.parametrize("words", [["uid:xyz"], ["ntag424:04A1B2C3D4E5F6", "--key", "zz"]])
def test_a_badge_that_is_none_is_refused(words):
    result = ran("tap", "--udp", "7900", *words)
    assert result.exit_code in (1, 2)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "words", [[], ["uid:04A1B2C3", "--blank"], ["--phone", "--clone", "uid:04A1B2C3"], ["--blank", "--key", "00" * 16]]
)
def test_one_badge_at_a_time_is_held_to_a_reader(words):
    result = ran("tap", "--udp", "7900", *words)
    assert result.exit_code == 2
    assert "please" in result.stderr or "--key goes with CREDENTIAL" in result.stderr


def test_a_badge_in_a_file_is_made_and_taken_up(mocker, tmp_path):
    present = mocker.patch("device.simulation.virtual_badge.VirtualBadge.present", return_value=True)
    file = tmp_path / "badge.json"
    assert ran("tap", "--udp", "7900", "--badge", str(file), "--kind", "desfire", "--hold", "3").exit_code == 0
    present.assert_called_once_with(3)
    assert json.loads(file.read_text())["kind"] == "desfire"
    result = ran("tap", "--udp", "7900", "--badge", str(file), "--kind", "uid")
    assert (result.exit_code, result.stderr) == (1, f"{file}: the badge in it is of the kind desfire, not uid\n")


def test_every_command_says_what_it_is_for():
    told = ran("--help").stdout
    for name in ("run", "check", "simulate", "tap"):
        assert name in told
        assert ran(name, "--help").exit_code == 0
