"""Words of the contract in plain words, in the language of the page."""

from server.i18n.catalogue import gettext as _
from server.i18n.catalogue import language
from server.i18n.french import euros
from server.rooms.calendars import CalendarFault
from server.store.accounts.ledger import LedgerEntry


def reason(code: str) -> str:
    """Why a door opened, or not (rules 2)."""
    return {
        "exit": _("sortie"),
        "free_passage": _("passage libre"),
        "unknown_credential": _("badge inconnu"),
        "not_authentic": _("le badge n'a pas prouvé sa clé : copie possible"),
        "revoked": _("badge perdu ou révoqué"),
        "suspended": _("membre suspendu"),
        "expired": _("badge hors de ses dates"),
        "stale_list": _("la porte est sans nouvelles du serveur depuis trop longtemps"),
        "outside_hours": _("hors des horaires"),
        "no_credit": _("ni pass, ni ticket, et la dette est au plafond"),
        "full": _("c'est complet"),
        "already_inside": _("déjà à l'intérieur"),
        "granted": _("bienvenue"),
    }.get(code, code)


def alarm(code: str) -> str:
    """What is wrong at a unit."""
    return {
        "forced": _("porte forcée"),
        "held": _("porte restée ouverte"),
        "tamper": _("boîtier ouvert"),
        "fire": _("alarme incendie"),
        "not_authentic": _("badge qui n'a pas prouvé sa clé"),
        "reader": _("lecteur débranché"),
        "strike": _("gâche sans commande"),
        "disk": _("disque plein ou en panne"),
    }.get(code, code)


def level(code: str) -> str:
    """How full the place is."""
    return {"comfortable": _("à l'aise"), "busy": _("animé"), "full": _("complet")}[code]


def kind(code: str) -> str:
    """What a unit is at."""
    return {"door": _("porte"), "room": _("salle"), "desk": _("comptoir")}[code]


def role(code: str) -> str:
    """What somebody may do."""
    return {"member": _("membre"), "concierge": _("concierge"), "admin": _("admin")}[code]


def fault(code: str) -> str:
    """Why something was set aside."""
    return {
        "malformed": _("mal formé"),
        "stranger": _("unité inconnue"),
        "early": _("date dans le futur"),
        "old": _("date trop ancienne"),
        "failed": _("faute du serveur"),
    }[code]


def column(field: str) -> str:
    """What a column of a list of members is taken for."""
    return {
        "": _("— n'est pas lue —"),
        "name": _("Nom"),
        "first_name": _("Prénom"),
        "email": _("Courriel"),
        "phone": _("Téléphone (dans les remarques)"),
        "role": _("Rôle"),
        "badge": _("Badge"),
        "notes": _("Remarques"),
    }[field]


def calendar_fault(fault: CalendarFault) -> str:
    """Why a room's calendar cannot be read at all."""
    return {
        "absent": _("le fichier n'est pas là"),
        "scheme": _("cette sorte d'adresse n'est pas lue : https ou webcal"),
        "unreachable": _("l'adresse ne répond pas (%(detail)s)", detail=fault.detail or "?"),
        "refused": _("l'adresse refuse (%(detail)s)", detail=fault.detail),
        "redirect": _("l'adresse renvoie vers une autre qui n'est pas sûre (%(detail)s)", detail=fault.detail),
        "late": _("la réponse n'est pas arrivée en entier à temps (%(detail)s)", detail=fault.detail),
        "too_big": _("le fichier est trop gros"),
        "no_calendar": _("ce n'est pas un calendrier iCal"),
        "too_hard": _("le fichier est trop compliqué à lire"),
    }[fault.why]


def calendar_trouble(why: str) -> str:
    """What of one entry of a calendar cannot be read."""
    return {
        "stray": _("cette ligne n'est pas de l'iCal"),
        "unfinished": _("l'entrée ne finit pas"),
        "no_start": _("le début manque ou ne se lit pas : elle ne réserve rien"),
        "zone": _("fuseau horaire inconnu : ses heures sont prises pour celles du lieu"),
        "rule": _("la répétition ne se lit pas : seule sa première fois réserve"),
        "dates": _("ses autres dates ne se lisent pas"),
        "end": _("la fin ou la durée ne se lit pas : elle ne réserve rien"),
        "too_often": _("elle se répète trop souvent pour une salle"),
        "too_much": _("elle se répète trop de fois pour être lue"),
        "broken": _("elle ne se lit pas"),
    }.get(why, why)


def tickets(kind: str, number: int) -> str:
    """So many of a kind, such as `2 demi-journées`."""
    one, many = {
        "hour": (_("%(num)d heure"), _("%(num)d heures")),
        "half_day": (_("%(num)d demi-journée"), _("%(num)d demi-journées")),
        "day": (_("%(num)d journée"), _("%(num)d journées")),
        "golden": (_("%(num)d ticket d'or"), _("%(num)d tickets d'or")),
        "nomade": (_("%(num)d demi-journée du pass"), _("%(num)d demi-journées du pass")),
    }[kind]
    few = abs(number) < 2 if language() == "fr" else abs(number) == 1
    return (one if few else many) % {"num": number}


def cause(code: str) -> str:
    """What brought an entry about, such as `vente n° 24`."""
    what, _space, number = code.rpartition(" ")
    if code.startswith("event "):
        places = [each.split("/") for each in code.split(" ")[1:]]
        return ", ".join(_("%(unit)s, passage n° %(number)s", unit=each[0], number=each[-1]) for each in places)
    return {
        "": {"clock": _("l'heure"), "settings": _("les réglages")}.get(code, code),
        "sale": _("vente n° %(number)s", number=number),
        "payment": _("encaissement n° %(number)s", number=number),
        "gift": _("don n° %(number)s", number=number),
        "correction": _("correction n° %(number)s", number=number),
        "prolongation": _("prolongation n° %(number)s", number=number),
        "guest": _("invité n° %(number)s", number=number),
        "desk entry": _("note du comptoir n° %(number)s", number=number),
    }.get(what, code)


def kind_of_ticket(kind: str) -> str:
    """A kind of ticket, in the plural."""
    return {
        "hour": _("heures"),
        "half_day": _("demi-journées"),
        "day": _("journées"),
        "golden": _("tickets d'or"),
        "nomade": _("demi-journées du pass"),
    }[kind]


def entry(written: LedgerEntry) -> str:
    """One entry of the ledger: what moved, with its sign."""
    if written.what == "cents":
        return f"{'+' if written.amount > 0 else ''}{money(written.amount)}"
    sign = "+" if written.amount > 0 else "−"
    if written.what == "resident":
        return f"{sign} {cover('resident')}"
    return f"{sign}{tickets(written.what, abs(written.amount))}"


def money(cents: int) -> str:
    """`4,50 €`, or `€4.50`."""
    if language() == "fr":
        return euros(cents)
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}€{whole:,}{f'.{rest:02d}' if rest else ''}"


def means(code: str) -> str:
    """How something was paid."""
    return {"cash": _("espèces"), "card": _("carte"), "transfer": _("virement"), "other": _("autre")}[code]


def payer(code: str) -> str:
    """What a date was paid with."""
    return {
        "resident": _("Résident"),
        "nomade": _("Nomade"),
        "nomade+tickets": _("Nomade et tickets"),
        "tickets": _("tickets"),
        "golden": _("ticket d'or"),
        "owed": _("dû"),
        "free": _("gratuit"),
    }[code]


def cover(code: str) -> str:
    """A pass that covers dates."""
    return {"resident": _("Résident"), "nomade": _("Nomade")}[code]


def period(code: str) -> str:
    """A kind of period."""
    return {"day": _("jour"), "month": _("mois"), "year": _("année")}[code]


def ending(code: str) -> str:
    """What became of a badge."""
    return {"lost": _("perdu"), "returned": _("rendu"), "revoked": _("révoqué")}[code]


def deed(code: str) -> str:
    """What an operator did."""
    return {
        "badge.assign": _("badge attaché"),
        "badge.end": _("badge retiré"),
        "count.one_less": _("une personne de moins"),
        "count.one_more": _("une personne de plus"),
        "count.settle": _("compte remis au juste"),
        "credit.give": _("tickets donnés"),
        "credit.prolong": _("tickets prolongés"),
        "credit.take_back": _("don repris"),
        "day.correct": _("journée corrigée"),
        "day.lift": _("correction levée"),
        "door.mode": _("porte réglée"),
        "door.open": _("porte ouverte"),
        "guest.arrive": _("invité arrivé"),
        "guest.leave": _("invité parti"),
        "guest.take_back": _("ticket d'or rendu"),
        "matter.bring_back": _("point remis au comptoir"),
        "matter.put_away": _("point vu"),
        "member.add": _("membre ajouté"),
        "member.edit": _("fiche changée"),
        "member.forget": _("membre oublié"),
        "member.import": _("membres importés"),
        "member.import_undo": _("importation annulée"),
        "member.restore": _("de nouveau admis"),
        "member.suspend": _("suspendu"),
        "muster.begin": _("appel commencé"),
        "muster.end": _("appel terminé"),
        "muster.tick": _("appel : coche"),
        "operator.password": _("mot de passe changé"),
        "presence.entry": _("arrivée notée"),
        "presence.exit": _("sortie notée"),
        "presence.lift": _("note annulée"),
        "room.set": _("salle réglée"),
        "sale.cancel": _("vente reprise"),
        "sale.pay": _("dette encaissée"),
        "sale.sell": _("vente"),
    }.get(code, code)
