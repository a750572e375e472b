"""`poincon calendars`: the calendars of the rooms, read now, whether the server runs or not."""

from time import monotonic

import click

from server.cli.arguments import json_option
from server.cli.cli_context import CliContext, pass_surroundings
from server.cli.output import document, plain, table
from server.cli.texts import say
from server.i18n import labels
from server.rooms.calendars import CalendarReport, RoomCalendars


@click.command(help="The calendars of the rooms: what they have booked these days, and what cannot be read.")
@json_option
@pass_surroundings
def calendars(around: CliContext, as_json: bool) -> None:
    """Each is read anew; an address is shown by its machine alone."""
    site = around.site
    settings = site.settings
    reader = RoomCalendars(
        {room.id: room.calendar for room in settings.rooms},
        site.folder,
        settings.site.timezone,
        now=around.now,
        monotonic_s=monotonic,
        credentials=site.calendar_credentials(),
    )
    reader.look()
    reports = reader.reports()
    if as_json:
        document([_row(report) for report in reports])
        return
    headings = (say("room"), say("calendar"), say("bookings"), say("what cannot be read"))
    rows = [(each.room, each.where, each.bookings, _summary(each)) for each in reports]
    table(headings, rows, empty=say("no room has a calendar"))
    for report in reports:
        for trouble in report.troubles:
            where = {"room": report.room, "line": trouble.line, "why": say(labels.CALENDAR_TROUBLES[trouble.why])}
            if trouble.entry:
                click.echo(say("{room}, line {line}, “{entry}”: {why}", entry=plain(trouble.entry), **where))
            else:
                click.echo(say("{room}, line {line}: {why}", **where))
        if report.has_open_password:
            click.echo(say("{room}: its password belongs into secrets/calendar-{room}", room=report.room), err=True)


def _summary(report: CalendarReport) -> str:
    if report.fault is not None:
        detail = f" ({report.fault.detail})" if report.fault.detail else ""
        return say(labels.CALENDAR_FAULTS[report.fault.why]) + detail
    return str(len(report.troubles) or "")


def _row(report: CalendarReport) -> dict[str, object]:
    fault = report.fault
    return {
        "room": report.room,
        "where": report.where,
        "bookings": report.bookings,
        "fault": fault and {"why": fault.why, "detail": fault.detail},
        "unread": [{"line": each.line, "entry": each.entry, "why": each.why} for each in report.troubles],
        "password_in_settings": report.has_open_password,
    }
