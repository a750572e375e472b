"""The French of sales, accounts, corrections and figures, by its English."""

HELP = {
    # sales
    "Sells a pass or tickets to somebody.": "Vend un pass ou des tickets à quelqu'un.",
    "From which day it counts, today by default.": "À partir de quel jour cela compte ; aujourd'hui par défaut.",
    "At the price for who renders services; with --reason.": ("Au prix de qui rend des services ; avec --reason."),
    "Why the price is reduced.": "Pourquoi le prix est réduit.",
    "How it is paid: cash, card, transfer or other.": (
        "Comment c'est payé : cash (espèces), card (carte), transfer (virement) ou other (autre)."
    ),
    "Takes money for what somebody owes.": "Encaisse ce que quelqu'un doit.",
    "Takes a sale or a payment back, under a number of its own.": (
        "Annule une vente ou un règlement, sous un numéro à elle."
    ),
    "Gives tickets for services rendered.": "Donne des tickets pour services rendus.",
    "Lets a lot of tickets be used until DATE.": "Prolonge un lot de tickets jusqu'à DATE.",
    # accounts
    "What somebody holds and owes, date by date.": "Ce que quelqu'un a et doit, date par date.",
    "As it was at that moment, by all that is known now.": "Tel qu'il était à ce moment, d'après tout ce qu'on sait.",
    "How the charge of that date came about.": "D'où vient le décompte de cette date.",
    "The entries behind somebody's account.": "Les écritures derrière un compte.",
    "Corrects what was computed for a date: who was there when, or what it costs.": (
        "Corrige ce qui a été calculé pour une date : la présence, ou ce qu'elle coûte."
    ),
    "When they were there: 09:00-12:00,14:00-16:00, or none.": (
        "La présence : 09:00-12:00,14:00-16:00, ou none (aucune)."
    ),
    "What it costs: half_day=1, hour=2,owed_cents=300, or none.": (
        "Ce qu'elle coûte : half_day=1, hour=2,owed_cents=300, ou none (rien)."
    ),
    "Take the correction back: as computed again.": "Lever la correction : de nouveau comme calculé.",
    "Why; a correction needs one.": "Pourquoi ; une correction en a besoin.",
    # reports
    "Figures of the place.": "Les chiffres du lieu.",
    "The first date.": "La première date.",
    "The last date, included.": "La dernière date, comprise.",
    "As a table for spreadsheets.": "En tableau pour les tableurs.",
    "Who came: members, guests, hours, half-days by who paid.": (
        "Qui est venu : membres, invités, heures, demi-journées par payeur."
    ),
    "What was sold and paid, by number, with its tax and how it was paid.": (
        "Ce qui a été vendu et réglé, par numéro, avec la TVA et le moyen de paiement."
    ),
    "How full the place was, by weekday and hour: on average, and at most.": (
        "Le remplissage du lieu, par jour de semaine et heure : en moyenne, et au plus."
    ),
}

WORDS = {
    "hour": "heure",
    "half_day": "demi-journée",
    "day": "journée",
    "nomade": "nomade",
    "resident": "résident",
    "tickets": "tickets",
    "nomade+tickets": "nomade+tickets",
    "free": "gratuit",
    "cents": "euros",
    "sale": "vente",
    "debit": "débit",
    "reversal": "contre-passation",
    "gift": "don",
    "correction": "correction",
    "expiry": "expiration",
    "payment": "règlement",
    "amount": "montant",
    "lot": "lot",
    "cause": "cause",
    "minutes": "minutes",
    "paid by": "payé par",
    "taken": "pris",
    "owed": "dû",
    "automatic": "automatique",
    "corrected": "corrigé",
    "correction lifted": "correction levée",
    "members": "membres",
    "guests": "invités",
    "hours": "heures",
    "number": "numéro",
    "title": "libellé",
    "net": "HT",
    "VAT": "TVA",
    "VAT %": "TVA %",
    "price": "TTC",
    "reason": "raison",
    "total": "total",
    "cash": "espèces",
    "card": "carte",
    "transfer": "virement",
    "other": "autre",
    "weekday": "jour",
    "hour of day": "heure",
    "average": "moyenne",
    "most": "maximum",
    "days": "jours",
    "mon": "lundi",
    "tue": "mardi",
    "wed": "mercredi",
    "thu": "jeudi",
    "fri": "vendredi",
    "sat": "samedi",
    "sun": "dimanche",
    "charge": "décompte",
    "ledger": "grand livre",
    "balance": "solde",
    "sales": "ventes",
    "nothing": "rien",
    "no entries": "aucune écriture",
    "no visits": "aucune visite",
}

LINES = {
    "sale {number}: {title} for {name}, from {day}, {price}": (
        "vente n° {number} : {title} pour {name}, à partir du {day}, {price}"
    ),
    "payment {number}: {price} by {name}": "règlement n° {number} : {price} de {name}",
    "{number} takes {before} back: {price}": "le n° {number} annule le n° {before} : {price}",
    "gift {number}: {size} {kind} for {name}": "don n° {number} : {size} {kind} pour {name}",
    "lot {number} is valid until {day}": "le lot n° {number} est valable jusqu'au {day}",
    "sale {number} counts from {first}, while {cover} pays until {last} already: some dates are paid twice. For it"
    " to follow: cancel {number}, then sell with --on {after}": (
        "la vente {number} compte à partir du {first}, alors que {cover} court jusqu'au {last} : des dates sont payées"
        " deux fois. Pour qu'elle suive : cancel {number}, puis sell avec --on {after}"
    ),
    "held: {tickets}": "détenu : {tickets}",
    "left of the allowance: {number} half-days": "reste de l'allocation : {number} demi-journées",
    "owed: {amount}": "dû : {amount}",
    "lot {number}: {left} left of {size}, valid until {day}": (
        "lot n° {number} : {left} sur {size}, valable jusqu'au {day}"
    ),
    "lot {number}: {left} left of {size}, EXPIRED on {day}": ("lot n° {number} : {left} sur {size}, EXPIRÉ le {day}"),
    "Entries:": "Écritures :",
    "{day} is corrected": "le {day} est corrigé",
    "{day} is as computed again": "le {day} est de nouveau comme calculé",
}

REFUSALS = {
    "give either --presence, --charge or --lift": "donner soit --presence, soit --charge, soit --lift",
    "give either --csv or --json": "donner soit --csv, soit --json",
    "--from comes after --to": "--from vient après --to",
    "“{value}” is no amount such as 6 or 4,50": "« {value} » n'est pas un montant comme 6 ou 4,50",
    "“{value}” is no charge such as half_day=1 or hour=2": (
        "« {value} » n'est pas un décompte comme half_day=1 ou hour=2"
    ),
    "“{value}” is no presence such as 09:00-12:00,14:00-16:00": (
        "« {value} » n'est pas une présence comme 09:00-12:00,14:00-16:00"
    ),
    "no pass {name!r} is sold: did you mean {near!r}?": "aucun pass {name!r} n'est vendu : peut-être {near!r} ?",
    "no pass {name!r} is sold: {sold}": "aucun pass {name!r} n'est vendu : {sold}",
    "a sale cannot count from {day}: more than a year ahead": (
        "une vente ne peut pas compter à partir du {day} : dans plus d'un an"
    ),
    "a sale cannot count from {day}: before the place was": (
        "une vente ne peut pas compter à partir du {day} : avant le lieu lui-même"
    ),
    "{name} has no reduced price": "{name} n'a pas de prix réduit",
    "the reduced price needs its reason": "le prix réduit demande une raison (--reason)",
    "nothing is owed": "rien n'est dû",
    "{owed} is owed: more than that, or less than nothing, cannot be paid": (
        "{owed} sont dus : on ne peut régler ni plus, ni rien"
    ),
    "there is no sale number {number}": "il n'y a pas de vente n° {number}",
    "sale {number} was taken back already": "la vente n° {number} est déjà annulée",
    "taking a sale back needs its reason": "annuler une vente demande une raison",
    "a gift needs its reason": "un don demande une raison",
    "from 1 to {most} tickets can be given, not {size}": "on peut donner de 1 à {most} tickets, pas {size}",
    "there is no gift number {number}": "il n'y a pas de don n° {number}",
    "gift {number} was taken back already": "le don n° {number} est déjà repris",
    "taking a gift back needs its reason": "reprendre un don demande une raison",
    "there is no lot number {number}": "il n'y a pas de lot n° {number}",
    "lot {number} was taken back": "le lot n° {number} a été annulé",
    "lot {number} is valid until {day} already": "le lot n° {number} est déjà valable jusqu'au {day}",
    "a prolongation needs its reason": "une prolongation demande une raison",
    "tickets cannot be prolonged until {day}: more than five years ahead": (
        "on ne peut pas prolonger des tickets jusqu'au {day} : dans plus de cinq ans"
    ),
    "a correction needs its reason": "une correction demande une raison (--reason)",
    "a correction says who was there when, or what it costs": "une correction dit la présence, ou ce que cela coûte",
    "{day} is yet to come": "le {day} est encore à venir",
    "{day} is computed just so already; nothing is corrected": ("le {day} est déjà calculé ainsi ; rien n'est corrigé"),
    "{day} is not corrected": "le {day} n'est pas corrigé",
    "nothing is known of {day}": "on ne sait rien du {day}",
    "a golden ticket pays for an acquaintance, not for its holder": (
        "un ticket d'or paie pour une connaissance, pas pour qui le détient"
    ),
    "{other} came on a golden ticket of {host} on {day}: the same person?": (
        "{other} est déjà venu·e le {day}, sur un ticket d'or de {host} : la même personne ?"
    ),
    "{question} If not, say so with --another": "{question} Sinon, le dire par --another",
    "no golden ticket was used for that guest": "aucun ticket d'or n'a servi pour cet invité",
    "{name} was invited on a golden ticket before; that is once per person": (
        "{name} a déjà été invité avec un ticket d'or ; c'est une fois par personne"
    ),
    "{name} has no golden ticket": "{name} n'a pas de ticket d'or",
}

FRENCH_BOOKS = HELP | WORDS | LINES | REFUSALS
"""French by English, of the books."""
