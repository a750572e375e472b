"""The switch of the pages' language, and the refusals of the books in it."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from server.errors import Refusal
from server.i18n.catalogue import languages
from server.i18n.command_texts import FRENCH
from server.web.access import open_to_all
from server.web.addresses import local_path
from server.web.place import the_place
from server.web.texts import COOKIE, language

COOKIE_AGE_S = 400 * 86_400

REFUSALS = {
    "{name} is in already": "{name} est déjà noté présent : rien n'a été changé.",
    "{name} is not in": "{name} n'est pas noté présent : rien n'a été changé.",
    "{name} is no door": "{name} n'est pas une porte.",
    "a golden ticket is somebody's: choose whose": "Un ticket d'or vient de quelqu'un : choisissez de qui.",
    "a muster is under way already": "Un appel est déjà en cours.",
    "that person is not on the list": "Cette personne n'est pas sur la liste.",
    "that muster is over": "Cet appel est terminé.",
    "there is no such muster": "Cet appel n'existe pas.",
    "there is no such change": "Ce changement n'existe pas.",
    "it was changed again since; nothing is undone": "Cela a été changé depuis : rien n'est annulé.",
    "that tap names no badge": "Ce passage ne nomme aucun badge.",
    "{credential} is somebody else's badge meanwhile": "{credential} est entre-temps le badge de quelqu'un d'autre.",
    "“{amount}” is no amount such as 6 or 4.50": "« {amount} » n'est pas un montant comme 6 ou 4,50.",
    "say how it is paid": "Choisissez le règlement : rien n'a été enregistré.",
    "“{day}” is no date": "« {day} » n'est pas une date.",
    "{owed} is owed: more than that, or less than nothing, cannot be paid": (
        "Indiquez un montant entre 0,01 € et {owed}."
    ),
    "{credential} is the badge of {name} (number {member}); revoke it first": (
        "Ce badge est à {name} : retirez-le-lui d'abord."
    ),
    "nothing is owed": "Rien n'est dû.",
    "a gift needs its reason": "Indiquez pourquoi ces tickets sont donnés.",
    "a correction needs its reason": "Indiquez pourquoi la journée est corrigée.",
    "{day} is computed just so already; nothing is corrected": "C'est déjà ce qui est calculé : rien n'est corrigé.",
    "taking a sale back needs its reason": "Indiquez pourquoi la vente est annulée.",
    "a prolongation needs its reason": "Indiquez pourquoi ces tickets sont prolongés.",
    "a prolongation needs its last day": "Une prolongation demande son dernier jour.",
}
"""What only the desk refuses, in French."""

pages = Blueprint("language", __name__)


def told(refusal: Refusal) -> str:
    """Why the books refused, in the language of this page."""
    template = refusal.template
    if language() == "fr":
        template = REFUSALS.get(template) or FRENCH.get(template, template)
    return template.format(**refusal.fields)


@pages.post("/language")
@open_to_all
def choose() -> Response:
    """The switch at the foot of every page."""
    wish = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next", "")), 303)
    if wish in languages():
        tls = the_place().settings.web.behind_tls
        answer.set_cookie(COOKIE, wish, max_age=COOKIE_AGE_S, httponly=True, samesite="Lax", secure=tls)
    return answer
