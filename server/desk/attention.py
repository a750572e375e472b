"""All that somebody at the desk should look at, the most pressing first."""

from collections.abc import Iterator
from datetime import date, timedelta

from device.contract.channels import SILENT_AFTER_S
from device.contract.instant import Instant
from server.core.rooms import excess
from server.desk import badge_items
from server.desk import machine_items as machines
from server.desk import people_items as people
from server.desk.attention_items import AttentionItem
from server.desk.context import ServerContext
from server.store import dismissed
from server.store.accounts import standings
from server.store.database import Database
from server.store.journal import attention as journal
from server.store.journal.attention import Unbadged
from server.store.people import directory
from server.store.presence import stays
from server.store.units import units
from server.store.units.units import Unit

SILENT_AFTER = timedelta(seconds=SILENT_AFTER_S)
"""A unit that went away for less is restarting, or its Wi-Fi is."""
LOOK_BACK = timedelta(hours=24)
LOOK_BACK_DAYS = timedelta(days=7)
"""Within these, what nobody has dismissed is still shown."""

EXPIRES_SOON = timedelta(days=14)


def attention(place: ServerContext, db: Database) -> list[AttentionItem]:
    """Everything that is not dismissed, the most pressing first; of the same severity, in the order of `_found`."""
    found = list(_found(place, db))
    gone = dismissed.among(db, [key for item in found for key in item.keys])
    left = [rest for item in found if (rest := item.without(gone)) is not None]
    return sorted(left, key=lambda item: item.severity)


def unverified_exits(db: Database, today: date) -> list[Unbadged]:
    """The check-outs of these days that nobody badged, nor has corrected or found right yet; the newest first."""
    exits = journal.unbadged_exits(db, today - LOOK_BACK_DAYS, today)
    gone = dismissed.among(db, map(people.exit_key, exits))
    return [each for each in exits if people.exit_key(each) not in gone]


def of_server(place: ServerContext) -> Iterator[AttentionItem]:
    """What the server itself cannot do; the books are not asked for it."""
    if place.figures.damage:
        yield machines.DamagedBooks(place.figures.damage)
    elif place.figures.disk_fault:
        yield machines.UnwritableDisk(place.figures.disk_fault)
    for topic, fault in sorted(place.figures.stuck.items()):
        yield machines.UnwritableDisk(f"{topic}: {fault}")
    if not place.line.is_up:
        yield machines.BrokerAway()


def _found(place: ServerContext, db: Database) -> Iterator[AttentionItem]:
    now = place.now()
    today = place.house.day_of(now)
    known = units.every(db)
    yield from _alarms(place, db, known, now)
    yield from of_server(place)
    yield from (machines.TwoMachines(unit, addresses) for unit, addresses in sorted(place.twins().items()))
    yield from (
        machines.SilentUnit(unit.name, unit.heard_at) for unit in known if unit.heard_at and _is_silent(unit, now)
    )
    yield from _copies(place, now)
    yield from badge_items.unknown(db, now - LOOK_BACK, allow_uid=place.settings.badges.allow_uid)
    for badge in journal.telephones(db, now - LOOK_BACK):
        yield people.TelephoneShown(badge, place.house.day_of(badge.at))
    yield from _crowd(place, db)
    yield from _calendars(place)
    yield from _people(db, today)
    yield from badge_items.key_rotation(db, place.site_keys())
    count, newest = journal.faults_after(db, dismissed.newest_number(db, machines.SET_ASIDE_PREFIX))
    if count:
        yield machines.MessagesSetAside(count, newest)


def _alarms(place: ServerContext, db: Database, known: list[Unit], now: Instant) -> Iterator[AttentionItem]:
    """Alarms that are on, badges that may be copies, alarms that are over: each of a unit once."""
    on = {(unit.name, alarm) for unit in known if unit.state and unit.state.online for alarm in unit.state.alarms or ()}
    for unit, alarm in sorted(on):
        yield machines.FireAlarm(unit) if alarm == "fire" else machines.ActiveAlarm(unit, alarm)
    yield from badge_items.unproven(db, known, place.site_keys(), now - LOOK_BACK)
    told: set[tuple[str, str]] = set(on)
    for past in journal.alarms(db, now - LOOK_BACK):
        if (past.unit, past.alarm) not in told:
            told.add((past.unit, past.alarm))
            yield machines.RecentAlarm(past)


def _copies(place: ServerContext, now: Instant) -> Iterator[AttentionItem]:
    copies = place.copies()
    backup = copies.backup
    if copies.is_backup_overdue(now):
        yield machines.BackupOverdue(backup.good_at, backup.fault) if backup else machines.BackupOverdue(None, None)
    elif backup and not backup.sealed:
        yield machines.UnsealedBackup()
    elif copies.are_all_here(now):
        yield machines.BackupsBesideBooks(copies.carried_at)
    if copies.is_replica_behind(now):
        yield machines.ReplicaBehind(copies.replica)


def _is_silent(unit: Unit, now: Instant) -> bool:
    if unit.heard_at is None or (unit.state is not None and unit.state.online):
        return False
    return now - unit.heard_at > SILENT_AFTER


def _crowd(place: ServerContext, db: Database) -> Iterator[AttentionItem]:
    occupancy = place.occupancy(db)
    if occupancy.uncertain:
        yield people.UncertainPresence(occupancy.uncertain)
    in_rooms = [room.people for room in place.rooms.statuses(db, place.now()).values()]
    if excess(in_rooms, occupancy.present):
        yield people.CrowdedRooms(sum(in_rooms), occupancy.present)


def _calendars(place: ServerContext) -> Iterator[AttentionItem]:
    names = {room.id: room.name for room in place.settings.rooms}
    for report in place.calendars():
        if report.fault or report.troubles or report.has_open_password:
            yield machines.UnreadCalendar(names.get(report.room, report.room), report)


def _people(db: Database, today: date) -> Iterator[AttentionItem]:
    """What can be settled with somebody: debts, check-outs to verify, tickets that expire, steps that do not fit."""
    inside = {member: of for member in stays.members_inside(db, today) if (of := standings.of_member(db, member))}
    exits, doubts = unverified_exits(db, today), stays.doubts(db, today)
    names = directory.names(db, [*inside, *(each.member for each in exits), *(each.member for each in doubts)])
    owing = [
        people.Debt(each.member, names.get(each.member, ""), each.owed_cents, today)
        for each in inside.values()
        if each.owed_cents
    ]
    if owing:
        yield people.DebtsOfPresent(tuple(owing))
    if exits:
        yield people.AutomaticCheckOuts(
            tuple(people.AutomaticCheckOut(each, names.get(each.member, "")) for each in exits)
        )
    expiring = [
        people.ExpiringTickets(each.member, names.get(each.member, ""), each.expires)
        for each in inside.values()
        if each.expires and each.expires - today <= EXPIRES_SOON
    ]
    if expiring:
        yield people.ExpiringOfPresent(tuple(expiring))
    for doubt in doubts:
        yield people.DoubtfulStep(doubt, names.get(doubt.member, ""))
