"""A notice of something that needs a hand, in a sentence, without names: it goes through others' hands."""

from server.desk import machine_items as machines
from server.desk import people_items as people
from server.desk.attention_items import AttentionItem
from server.i18n import labels
from server.i18n.speech import Speech


def sentence(item: AttentionItem, speech: Speech) -> str | None:
    """What is told of it; None for what can wait until somebody is at the desk."""
    say = speech.say
    match item:
        case machines.FireAlarm(unit):
            return say("{unit}: fire alarm, the doors are released", unit=unit)
        case machines.ActiveAlarm(unit, alarm):
            return say("{unit}: {alarm}", unit=unit, alarm=say(labels.ALARMS.get(alarm, alarm)))
        case machines.RecentAlarm(past):
            return say("{unit}: {alarm}", unit=past.unit, alarm=say(labels.ALARMS.get(past.alarm, past.alarm)))
        case people.UnprovenBadge():
            return _unproven(item, speech)
        case people.DoorBehind(badge):
            return say(
                "{unit}: a badge was refused whose new key this door did not have yet; once it has its newest list,"
                " have the badge held to it again",
                unit=badge.unit,
            )
        case people.UnknownBadge(badge):
            return say("{unit}: an unknown badge was presented", unit=badge.unit)
        case people.CopyableRefused(badge):
            return say("{unit}: a badge without keys was refused", unit=badge.unit)
        case people.TelephoneShown(badge):
            return say("{unit}: a telephone was presented, it cannot be a badge", unit=badge.unit)
        case machines.TwoMachines(unit):
            return say("{unit}: two machines have its card, and cut each other off", unit=unit)
        case machines.SilentUnit(unit):
            return say("{unit} gives no sign of life", unit=unit)
        case machines.BackupOverdue():
            return say("The last nights have left no good backup")
        case machines.ReplicaBehind():
            return say("The copy of the books does not follow any more")
        case machines.UnsealedBackup() | machines.BackupsBesideBooks() | people.KeyRotation():
            return None
        case machines.BrokerAway():
            return say("The MQTT broker does not answer any more")
        case machines.DamagedBooks():
            return say("The books are damaged: restore the backup")
        case machines.UnwritableDisk():
            return say("The server can no longer write")
        case machines.MessagesSetAside(count):
            return say("Messages set aside: {count}", count=count)
        case people.UncertainPresence() | people.CrowdedRooms() | machines.UnreadCalendar() | people.DoubtfulStep():
            return None
        case people.DebtsOfPresent() | people.AutomaticCheckOuts() | people.ExpiringOfPresent():
            return None


def _unproven(item: people.UnprovenBadge, speech: Speech) -> str:
    """Which door, why that may be, and what to do; whose badge it is the desk says alone."""
    say, unit, why = speech.say, item.badge.unit, item.why
    match why:
        case "key_over":
            return say(
                "{unit}: a badge did not prove its key, which is over; give its member another badge,"
                " the desk says whose it is",
                unit=unit,
            )
        case "copy":
            return say(
                "{unit}: a badge did not prove its key, perhaps a copy; it opened nothing,"
                " the desk says whose it is and what to do",
                unit=unit,
            )
