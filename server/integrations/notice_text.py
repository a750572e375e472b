"""A notice of something that needs a hand, in a sentence, without names: it goes through others' hands."""

from server.i18n import labels
from server.i18n.speech import Speech

URGENT = frozenset({"fire", "alarm", "past_alarm", "unproven", "damaged", "disk"})
"""Kinds that somebody should look at now."""


def sentence(kind: str, unit: str, alarm: str, count: int, speech: Speech) -> str | None:
    """What is told of that kind of matter; None for what can wait until somebody is at the desk."""
    say = speech.say
    match kind:
        case "fire":
            return say("{unit}: fire alarm, the doors are released", unit=unit)
        case "alarm" | "past_alarm":
            return say("{unit}: {alarm}", unit=unit, alarm=say(labels.ALARMS.get(alarm, alarm)))
        case "unproven":
            return say("{unit}: a badge did not prove its key, perhaps a copy", unit=unit)
        case "unknown":
            return say("{unit}: an unknown badge was presented", unit=unit)
        case "telephone":
            return say("{unit}: a telephone was presented, it cannot be a badge", unit=unit)
        case "silent":
            return say("{unit} gives no sign of life", unit=unit)
        case "broker":
            return say("The MQTT broker does not answer any more")
        case "damaged":
            return say("The books are damaged: restore the backup")
        case "disk":
            return say("The server can no longer write")
        case "set_aside":
            return say("Messages set aside: {count}", count=count)
    return None
