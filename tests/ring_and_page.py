"""What ring, buzzer and page say at each step with a badge at a desk's reader: one table, which both sides keep."""

from typing import NamedTuple

from device.core.lights.door_ring import Picture
from server.enrolment.card_session import CardSessionState, Kind

BADGE, ANOTHER = "04A1B2C3D4E5F6", "04FFFFFFFFFFFF"
MEMBER, UNIT = "Ada", "comptoir"


class Said(NamedTuple):
    """`rhythm` is sounded once, as it begins: `.` short, `-` long; `picture` is None where the ring is as always."""

    picture: Picture | None
    rhythm: str
    french: str
    english: str


def code_of(state: CardSessionState) -> str:
    """By what the table knows that state: what is said of it, and of a refusal whether it may go well another time."""
    if state.phase == "refused" and state.refusal is not None and state.refusal.is_passing:
        return "refused_begun" if state.is_begun else "refused_for_now"
    return state.says


SAID: dict[str, Said] = {
    "held": Said(
        Picture.BADGE_AT_WORK,
        "",
        "Un badge est posé. Laissez-le en place.",
        "There is a badge. Leave it where it is.",
    ),
    "look": Said(
        Picture.BADGE_AT_WORK,
        "",
        "Vérification du badge… Laissez-le en place.",
        "The badge is being checked… Leave it where it is.",
    ),
    "write": Said(
        Picture.BADGE_AT_WORK,
        "",
        "Écriture de ses clés… Laissez-le en place.",
        "Its keys are being written… Leave it where it is.",
    ),
    "wipe": Said(
        Picture.BADGE_AT_WORK,
        "",
        "Effacement de ses clés… Laissez-le en place.",
        "Its keys are being removed… Leave it where it is.",
    ),
    "note": Said(
        Picture.BADGE_AT_WORK,
        "",
        "Inscription dans les livres…",
        "It is being written down…",
    ),
    "left": Said(
        Picture.BADGE_AWAITED,
        "",
        "Le badge a été retiré trop tôt. Remettez le même badge, …D4E5F6 : il sera terminé.",
        "The badge was taken away too soon. Hold the same badge to the reader again, …D4E5F6: it is finished.",
    ),
    "another": Said(
        Picture.BADGE_ANOTHER,
        "-.-.",
        "Un autre badge est posé : …FFFFFF. Rien n'y a été écrit. Retirez-le, et remettez le premier, …D4E5F6.",
        "This is another badge: …FFFFFF. Nothing was written to it."
        " Take it away, and hold the first one again, …D4E5F6.",
    ),
    "refused": Said(
        Picture.BADGE_REFUSED,
        "-..-",
        "Cette carte appartient à quelqu'un d'autre : elle porte des clés qui ne sont pas celles du lieu."
        " À rendre à son propriétaire ; prenez un badge vierge.",
        "This card belongs to somebody else: it holds keys that are not of this place."
        " Give it back to whom it belongs, and take a blank badge.",
    ),
    "refused_for_now": Said(
        Picture.BADGE_AGAIN,
        ".-..",
        "Cette carte fait attendre tout le monde après trop de mauvaises clés : réessayez dans un instant.",
        "This card makes everybody wait after too many wrong keys: try it again in a moment.",
    ),
    "refused_begun": Said(
        Picture.BADGE_AGAIN,
        ".-..",
        "Cette carte fait attendre tout le monde après trop de mauvaises clés : réessayez dans un instant."
        " Le badge …D4E5F6 est inachevé : recommencez avec lui, il sera terminé.",
        "This card makes everybody wait after too many wrong keys: try it again in a moment."
        " The badge …D4E5F6 is half done: begin again with it, and it is finished.",
    ),
    "over": Said(
        None,
        "",
        "Aucun badge n'a été posé à temps. Rien n'a été changé.",
        "No badge was held to the reader in time. Nothing was changed.",
    ),
    "over_begun": Said(
        Picture.BADGE_AGAIN,
        ".-..",
        "Le temps est écoulé. Le badge …D4E5F6 est inachevé : recommencez avec lui, il sera terminé.",
        "The time is over. The badge …D4E5F6 is half done: begin again with it, and it is finished.",
    ),
    "cancelled": Said(
        None,
        "",
        "Annulé. Rien n'a été écrit sur un badge.",
        "Given up. Nothing was written to a badge.",
    ),
    "cancelled_begun": Said(
        Picture.BADGE_AGAIN,
        ".-..",
        "Annulé. Le badge …D4E5F6 est inachevé : recommencez avec lui, il sera terminé.",
        "Given up. The badge …D4E5F6 is half done: begin again with it, and it is finished.",
    ),
}
"""By the code of the state; what it says of a badge that is awaited or done depends on what is wanted of it."""

AWAITED: dict[Kind, Said] = {
    "enrol": Said(
        Picture.BADGE_AWAITED,
        "",
        "Posez un badge vierge sur le lecteur « comptoir »."
        " Laissez-le en place jusqu'à « C'est fait » : une seconde ou deux.",
        "Hold a blank badge to the reader “comptoir”. Leave it there until it says that it is done: a second or two.",
    ),
    "rekey": Said(
        Picture.BADGE_AWAITED,
        "",
        "Posez le badge sur le lecteur « comptoir »."
        " Il reste à son membre. Laissez-le en place jusqu'à « C'est fait ».",
        "Hold the badge to the reader “comptoir”. It stays whose it is. Leave it there until it says that it is done.",
    ),
    "wipe": Said(
        Picture.BADGE_AWAITED,
        "",
        "Posez le badge à rendre vierge sur le lecteur « comptoir ». Le premier que vous y posez sera rendu vierge.",
        "Hold the badge that is to be blank to the reader “comptoir”. The first one that you hold there is made blank.",
    ),
    "read": Said(
        Picture.BADGE_AWAITED,
        "",
        "Posez le badge sur le lecteur « comptoir ». Rien n'y est modifié.",
        "Hold the badge to the reader “comptoir”. Nothing of it is changed.",
    ),
}
DONE: dict[Kind, Said] = {
    "enrol": Said(
        Picture.BADGE_DONE,
        "....",
        "C'est fait : ce badge est à Ada. Il ouvrira les portes d'ici une minute.",
        "Done: this is the badge of Ada. It opens the doors within a minute.",
    ),
    "rekey": Said(
        Picture.BADGE_DONE,
        "....",
        "C'est fait : le badge a ses nouvelles clés. Il reste à Ada.",
        "Done: the badge has new keys. It is the badge of Ada, as before.",
    ),
    "wipe": Said(
        Picture.BADGE_DONE,
        "....",
        "C'est fait : le badge est vierge. Il était à Ada ; il n'ouvre plus rien.",
        "Done: the badge is blank. It was the badge of Ada, and opens nothing any more.",
    ),
    "read": Said(
        Picture.BADGE_DONE,
        "....",
        "Ce badge porte les clés du lieu. Il est à Ada.",
        "This badge holds keys of this place. It is the badge of Ada.",
    ),
}


def said_of(state: CardSessionState) -> Said:
    """The row of the table for that state."""
    by_kind = {"waiting": AWAITED, "done": DONE}.get(state.phase)
    return SAID[code_of(state)] if by_kind is None else by_kind[state.kind]
