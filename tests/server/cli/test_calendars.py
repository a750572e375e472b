"""`poincon calendars`: each room's calendar, and what of it cannot be read."""

from tests.server.cli.conftest import CommandLine
from tests.server.rooms.test_ical import calendar

GOOD, BAD = "DTSTART:20261123T130000Z\nDURATION:PT1H", "SUMMARY:Quand\x1b[2J\nDURATION:PT1H"


def test_each_calendar_is_listed_with_what_cannot_be_read_of_it(cli: CommandLine) -> None:
    (cli.folder / "room.ics").write_bytes(calendar(GOOD, BAD))
    cli.set('seats = 12\ncalendar = ""', 'seats = 12\ncalendar = "room.ics"')
    assert cli.json("calendars") == [
        {
            "room": "open-space",
            "where": "room.ics",
            "bookings": 1,
            "fault": None,
            "unread": [{"line": 9, "entry": "Quand[2J", "why": "no_start"}],
            "password_in_settings": False,
        }
    ]
    told = cli.out("calendars")
    assert "open-space, ligne 9, «\u00a0Quand[2J\u00a0»\u00a0: le début manque ou ne se lit pas" in told
    assert "\x1b" not in told


def test_the_password_of_an_address_is_read_from_the_secrets_and_never_shown(cli: CommandLine) -> None:
    cli.set('seats = 12\ncalendar = ""', 'seats = 12\ncalendar = "http://place:s3same@127.0.0.1:1/t0ken.ics"')
    (cli.folder / "secrets" / "calendar-open-space").write_text("autre:s3cret\n")
    assert cli.site.calendar_credentials() == {"open-space": "autre:s3cret"}
    result = cli.run("calendars")
    assert "127.0.0.1" in result.output
    assert "l'adresse ne répond pas" in result.output
    assert "secrets/calendar-open-space" in result.output
    assert not any(secret in result.output for secret in ("s3same", "s3cret", "t0ken"))


def test_a_place_without_calendars_says_so(cli: CommandLine) -> None:
    assert cli.out("calendars") == "aucune salle n'a de calendrier\n"
    assert cli.json("calendars") == []
