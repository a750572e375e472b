"""What the desk says of a session with a badge: what to do now, how far it is, what to do about a fault."""

from typing import Literal, NamedTuple

from server.enrolment.card_session import STEPS, CardSessionState, Kind
from server.enrolment.desk_sessions import SessionProgress
from server.i18n import card_labels
from server.web.language import told
from server.web.texts import gettext as _

Mood = Literal["await", "busy", "alert", "good", "over"]
"""How the page looks: a hand is needed at the reader, wait, something is wrong, done, over."""

MARKS: dict[Mood, str] = {"await": "◎", "busy": "…", "alert": "▲", "good": "✓", "over": "○"}


class CardNotice(NamedTuple):
    """One sentence that says how it stands, and one that says what to do; the latter may be empty."""

    mood: Mood
    what: str
    do: str = ""

    @property
    def mark(self) -> str:
        """The mood as a sign, for who does not tell colours."""
        return MARKS[self.mood]


class ShownStep(NamedTuple):
    """One step of a session, and whether it is done, begun, or still to come."""

    text: str
    stands: Literal["done", "now", "to_come"]


def short(uid: str) -> str:
    """A badge's number as one tells it from another: its end."""
    return f"…{uid[-6:]}"


def title(kind: Kind, name: str) -> str:
    """What the session is for."""
    return {
        "enrol": _("Give a badge to %(name)s", name=name),
        "rekey": _("New keys for a badge"),
        "wipe": _("Make a badge blank"),
        "read": _("Read a badge"),
    }[kind]


def said(progress: SessionProgress, name: str) -> CardNotice:
    """How the session stands, and what to do now; `name` is whose the badge is to be."""
    state = progress.state
    if state.phase == "done":
        return _done(progress)
    if state.phase == "refused" and state.refusal is not None:
        why = state.refusal.why
        return CardNotice("alert", told(why), advice(why.code) or _half_done(state))
    return _under_way(state, progress.unit) if not state.is_over else _over(state)


def _under_way(state: CardSessionState, unit: str) -> CardNotice:
    match state.says:
        case "held":
            return CardNotice("busy", _("There is a badge."), _("Leave it where it is."))
        case "look":
            return CardNotice("busy", _("The badge is being checked…"), _("Leave it where it is."))
        case "write":
            return CardNotice("busy", _("Its keys are being written…"), _("Leave it where it is."))
        case "wipe":
            return CardNotice("busy", _("Its keys are being removed…"), _("Leave it where it is."))
        case "note":
            return CardNotice("busy", _("It is being written down…"))
        case "left":
            again = _("Hold the same badge to the reader again, %(badge)s: it is finished.", badge=short(state.uid))
            return CardNotice("await", _("The badge was taken away too soon."), again)
        case "another":
            what = _("This is another badge: %(badge)s. Nothing was written to it.", badge=short(state.other))
            return CardNotice(
                "alert", what, _("Take it away, and hold the first one again, %(badge)s.", badge=short(state.uid))
            )
    return CardNotice("await", *_awaited(state.kind, unit))


def _awaited(kind: Kind, unit: str) -> tuple[str, str]:
    match kind:
        case "enrol":
            what = _("Hold a blank badge to the reader “%(unit)s”.", unit=unit)
            return what, _("Leave it there until it says that it is done: a second or two.")
        case "rekey":
            what = _("Hold the badge to the reader “%(unit)s”.", unit=unit)
            return what, _("It stays whose it is. Leave it there until it says that it is done.")
        case "wipe":
            what = _("Hold the badge that is to be blank to the reader “%(unit)s”.", unit=unit)
            return what, _("The first one that you hold there is made blank.")
        case "read":
            return _("Hold the badge to the reader “%(unit)s”.", unit=unit), _("Nothing of it is changed.")


def _half_done(state: CardSessionState) -> str:
    if not state.is_begun:
        return ""
    return _("The badge %(badge)s is half done: begin again with it, and it is finished.", badge=short(state.uid))


def _over(state: CardSessionState) -> CardNotice:
    if state.is_begun:
        what = _("The time is over.") if state.phase == "over" else _("Given up.")
        return CardNotice("alert", what, _half_done(state))
    if state.phase == "over":
        return CardNotice("over", _("No badge was held to the reader in time."), _("Nothing was changed."))
    return CardNotice("over", _("Given up."), _("Nothing was written to a badge."))


def _done(progress: SessionProgress) -> CardNotice:
    outcome = progress.outcome
    name = (outcome.name if outcome else None) or ""
    match outcome.what if outcome else "":
        case "enrolled":
            return CardNotice(
                "good", _("Done: this is the badge of %(name)s.", name=name), _("It opens the doors within a minute.")
            )
        case "given_copyable":
            what = _("Done: this is the badge of %(name)s, and it can be copied.", name=name)
            return CardNotice("good", what, _("It opens the doors within a minute."))
        case "rekeyed":
            whose = _("It is the badge of %(name)s, as before.", name=name) if name else _("It is nobody's, as before.")
            return CardNotice("good", _("Done: the badge has new keys."), whose)
        case "wiped":
            whose = _("It was the badge of %(name)s, and opens nothing any more.", name=name) if name else ""
            return CardNotice("good", _("Done: the badge is blank."), whose)
        case "read_false" | "read_foreign" if name:
            what = _("This badge has the number of one of %(name)s, but not its keys.", name=name)
            return CardNotice("alert", what, _("It may be a copy: keep it, and ask who gave it to you."))
        case "read_false":
            what = _("This badge has the number of one of this place, but not its keys.")
            return CardNotice("alert", what, _("It may be a copy: keep it, and ask who gave it to you."))
        case "read_foreign":
            return CardNotice("alert", _("This badge holds keys of somebody else."), advice("badge_of_strangers"))
        case "read_over":
            return CardNotice("alert", _("The keys of this badge are over: it opens nothing any more."), _whose(name))
        case "read_missing":
            what = _("This badge says that it holds keys newer than those that this place has.")
            then = _("Was a backup restored? Whoever keeps the printed words of the keys brings them back.")
            return CardNotice("alert", what, then)
        case "read_unlisted":
            what = _("This badge holds keys of this place, but the books do not know of them (any more).")
            then = _("Give it new keys: then doors know it again.") if name else _("Give it to its member anew.")
            return CardNotice("alert", what, " ".join(filter(None, (_whose(name) if name else "", then))))
        case "read_under_way":
            return CardNotice(
                "alert", _("This badge is half done."), _("Give it new keys to finish it, or make it blank.")
            )
        case "read_blank":
            return CardNotice("good", _("This badge is blank."), _("It can be given to somebody."))
        case "read_copyable":
            return CardNotice("good", _("This badge has no keys: it can be copied."), _whose(name))
    return CardNotice("good", _("This badge holds keys of this place."), _whose(name))


def _whose(name: str) -> str:
    return _("It is the badge of %(name)s.", name=name) if name else _("It is nobody's.")


def steps(progress: SessionProgress, name: str) -> list[ShownStep]:
    """The steps of the session; with a name of what each does for a person."""
    state = progress.state
    words = {
        "look": _("Check that it is genuine and free") if state.kind == "enrol" else _("Check what it is"),
        "write": _("Write its keys, and have it prove them"),
        "wipe": _("Remove its keys"),
        "note": {
            "enrol": _("Give it to %(name)s", name=name),
            "wipe": _("Write down that it is nobody's any more"),
        }.get(state.kind, _("Write down which keys it has")),
    }
    at, _of = state.place_in_steps
    is_working = state.phase == "working"
    is_without_keys = progress.outcome is not None and progress.outcome.what == "given_copyable"
    return [
        ShownStep(
            words[step],
            "done" if nth < at or state.phase == "done" else "now" if nth == at and is_working else "to_come",
        )
        for nth, step in enumerate(STEPS[state.kind], start=1)
        if not (is_without_keys and step == "write")
    ]


def advice(code: str) -> str:
    """What to do about a badge or a reader that was refused; empty where the refusal says it."""
    return _(card_labels.ADVICE[code]) if code in card_labels.ADVICE else ""
