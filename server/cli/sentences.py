"""An event of the journal, told in a sentence."""

from collections.abc import Mapping
from typing import Any

from server.cli.texts import say
from server.core.doors.telephone import is_telephone
from server.i18n import labels
from server.store.journal.journal import JournalEntry


def sentence(line: JournalEntry, names: Mapping[int, str]) -> str:
    """What happened, with the member's name where there is one."""
    event = line.event
    match line.kind:
        case "access":
            verdict = say("granted") if event["decision"] == "granted" else say("refused")
            reason = _reason(event)
            return say("{who}: {what}, {how}", who=_who(line, names), what=verdict, how=reason)
        case "passage":
            side = say("came in") if event["side"] == "entry" else say("went out")
            means = say(labels.PASSED.get(event["by"], event["by"]))
            return say("{who}: {what}, {how}", who=_who(line, names), what=side, how=means)
        case "unused":
            return say("{who}: did not go through", who=_who(line, names))
        case "alarm":
            return _alarm(event)
        case "room":
            return say("room {room}: {use}, {people} in", room=event["room"], use=event["use"], people=event["people"])
        case "command_done":
            return say("command carried out") if event["ok"] else say("command failed: {error}", error=event["error"])
        case "started":
            return say(
                "started, version {version} ({cause})",
                version=event["version"],
                cause=say(labels.START_CAUSES.get(event["cause"], event["cause"])),
            )
    return line.kind


def _reason(event: Mapping[str, Any]) -> str:
    if event["reason"] == "unknown_credential" and is_telephone(event.get("credential") or ""):
        return say("a telephone: it cannot be a badge")
    return say(labels.REASONS.get(event["reason"], event["reason"]))


def _alarm(event: Mapping[str, Any]) -> str:
    alarm = say(labels.ALARMS.get(event["alarm"], event["alarm"]))
    return say("ALARM: {alarm}", alarm=alarm) if event["active"] else say("alarm over: {alarm}", alarm=alarm)


def _who(line: JournalEntry, names: Mapping[int, str]) -> str:
    if line.member is not None:
        return names.get(line.member) or say("somebody forgotten")
    return line.event.get("credential") or say("somebody")
