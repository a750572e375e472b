"""A notice of something that needs a hand, in a sentence, without names: it goes through others' hands."""

from server.desk import attention_items as items
from server.desk.attention_items import AttentionItem
from server.i18n import labels
from server.i18n.speech import Speech


def sentence(item: AttentionItem, speech: Speech) -> str | None:
    """What is told of it; None for what can wait until somebody is at the desk."""
    say = speech.say
    match item:
        case items.FireAlarm(unit):
            return say("{unit}: fire alarm, the doors are released", unit=unit)
        case items.ActiveAlarm(unit, alarm):
            return say("{unit}: {alarm}", unit=unit, alarm=say(labels.ALARMS.get(alarm, alarm)))
        case items.RecentAlarm(past):
            return say("{unit}: {alarm}", unit=past.unit, alarm=say(labels.ALARMS.get(past.alarm, past.alarm)))
        case items.UnprovenBadge(badge):
            return say("{unit}: a badge did not prove its key, perhaps a copy", unit=badge.unit)
        case items.UnknownBadge(badge):
            return say("{unit}: an unknown badge was presented", unit=badge.unit)
        case items.TelephoneShown(badge):
            return say("{unit}: a telephone was presented, it cannot be a badge", unit=badge.unit)
        case items.TwoMachines(unit):
            return say("{unit}: two machines have its card, and cut each other off", unit=unit)
        case items.SilentUnit(unit):
            return say("{unit} gives no sign of life", unit=unit)
        case items.BackupOverdue():
            return say("The last nights have left no good backup")
        case items.ReplicaBehind():
            return say("The copy of the books does not follow any more")
        case items.UnsealedBackup():
            return None
        case items.BrokerAway():
            return say("The MQTT broker does not answer any more")
        case items.DamagedBooks():
            return say("The books are damaged: restore the backup")
        case items.UnwritableDisk():
            return say("The server can no longer write")
        case items.MessagesSetAside(count):
            return say("Messages set aside: {count}", count=count)
        case items.UncertainPresence() | items.CrowdedRooms() | items.UnreadCalendar() | items.DoubtfulStep():
            return None
        case items.DebtsOfPresent() | items.AutomaticCheckOuts() | items.ExpiringOfPresent():
            return None
