"""An event of the journal, told in a sentence."""

from collections.abc import Mapping
from typing import Any

from server.cli.texts import say
from server.store.journal.journal import JournalEntry

REASONS = {
    "exit": "goes out",
    "free_passage": "free passage",
    "unknown_credential": "unknown badge",
    "not_authentic": "the badge did not prove its key",
    "revoked": "badge out of use",
    "suspended": "suspended",
    "expired": "outside the dates of the badge",
    "stale_list": "no news of the server for too long",
    "outside_hours": "outside the hours",
    "no_credit": "no credit left",
    "full": "the place is full",
    "already_inside": "in already",
    "granted": "welcome",
}
MEANS = {"badge": "by badge", "rex": "by the button", "command": "let through by the desk", "free": "free passage"}
ALARMS = {
    "forced": "door forced",
    "held": "door held open",
    "tamper": "housing opened",
    "fire": "fire",
    "not_authentic": "badge without its key",
    "reader": "reader lost",
    "strike": "strike not driven",
    "disk": "disk full or broken",
}


def sentence(line: JournalEntry, names: Mapping[int, str]) -> str:
    """What happened, with the member's name where there is one."""
    event = line.event
    match line.kind:
        case "access":
            verdict = say("granted") if event["decision"] == "granted" else say("refused")
            reason = say(REASONS.get(event["reason"], event["reason"]))
            return say("{who}: {what}, {how}", who=_who(line, names), what=verdict, how=reason)
        case "passage":
            side = say("came in") if event["side"] == "entry" else say("went out")
            means = say(MEANS.get(event["by"], event["by"]))
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
            return say("started, version {version} ({cause})", version=event["version"], cause=say(event["cause"]))
    return line.kind


def _alarm(event: Mapping[str, Any]) -> str:
    alarm = say(ALARMS.get(event["alarm"], event["alarm"]))
    return say("ALARM: {alarm}", alarm=alarm) if event["active"] else say("alarm over: {alarm}", alarm=alarm)


def _who(line: JournalEntry, names: Mapping[int, str]) -> str:
    if line.member is not None:
        return names.get(line.member) or say("somebody forgotten")
    return line.event.get("credential") or say("somebody")
