"""Every text of the demo in French, by its English; a test holds that none is missing.

Non-breaking spaces stand before « : ; ? ! », as French typography has them.
"""

CAST = {
    "Front door": "Porte avant",
    "Back door": "Porte arrière",
    "Desk": "Comptoir",
    "Server": "Serveur",
    "Broker": "Courtier",
    "Open space": "Open space",
    "Meeting room": "Salle de réunion",
    "Workshop": "Atelier",
    "Office for four": "Bureau de 4",
    "Office for three": "Bureau de 3",
    "Call box": "Cabine d'appel",
    "Copied badge": "Badge copié",
    "Unknown card": "Carte inconnue",
    "resident, badge with a key": "résidente, badge à clé",
    "nomad, DESFire badge": "nomade, badge DESFire",
    "a carnet of half-days": "carnet de demi-journées",
    "is in already": "est déjà là",
    "no ticket left, owes 15 €": "plus de ticket, doit 15 €",
    "suspended": "membre suspendu",
    "badge declared lost": "badge déclaré perdu",
    "badge lent until yesterday": "badge prêté jusqu'à hier",
    "Claire's number, no key": "numéro de Claire, sans clé",
    "a card that nobody knows": "personne ne la connaît",
}

STORY = {
    "{who}: welcome": "{who} : bienvenue",
    "{who}: may go out, as always": "{who} : bonne route, on sort toujours",
    "{who}: free passage, come in": "{who} : passage libre, entrez",
    "{who}: in already; let through and reported": "{who} : déjà à l'intérieur ; admis, et signalé",
    "{who}: refused, the badge is not known": "{who} : refus, badge inconnu",
    "{who}: refused, the badge did not prove its key": "{who} : refus, le badge n'a pas prouvé sa clé",
    "{who}: refused, the badge was declared lost": "{who} : refus, badge déclaré perdu",
    "{who}: refused, the member is suspended": "{who} : refus, membre suspendu",
    "{who}: refused, the badge's last day is over": "{who} : refus, le badge n'est plus valable",
    "{who}: refused, no news of the server for too long": (
        "{who} : refus, sans nouvelles du serveur depuis trop longtemps"
    ),
    "{who}: refused outside the hours": "{who} : refus, c'est fermé à cette heure",
    "{who}: refused, no ticket left and too much owed": "{who} : refus, plus de ticket et trop de dettes",
    "{who}: refused, the place is full": "{who} : refus, c'est complet",
    "door forced": "porte forcée",
    "door held open": "porte tenue ouverte",
    "housing opened": "boîtier ouvert",
    "fire: the door is free": "incendie : la porte est libre",
    "badge without its key": "badge sans sa clé",
    "reader lost": "lecteur perdu",
    "strike not driven": "gâche sans commande",
    "disk full or broken": "disque plein ou en panne",
    "ALARM: {alarm}": "ALARME : {alarm}",
    "alarm over: {alarm}": "fin d'alarme : {alarm}",
    "the strike is free: push the door": "la gâche est libre : poussez la porte",
    "the strike is locked again": "la gâche est de nouveau verrouillée",
    "power is back: the unit starts": "le courant revient : l'unité démarre",
    "the power is cut": "le courant est coupé",
    "the network cable is back": "le câble réseau est rebranché",
    "the network cable is pulled: the unit goes on alone": "le câble réseau est débranché : l'unité continue seule",
    "the reader is plugged in again": "le lecteur est rebranché",
    "the reader is unplugged": "le lecteur est débranché",
    "somebody pulls the fire alarm": "quelqu'un déclenche l'alarme incendie",
    "the fire alarm is reset": "l'alarme incendie est réarmée",
    "somebody opens the housing": "quelqu'un ouvre le boîtier",
    "the housing is closed": "le boîtier est refermé",
    "started again": "relancé",
    "killed (kill -9); the doors go on": "tué (kill -9) ; les portes continuent",
    "started again; units look for it with growing pauses, 30 s at most": (
        "relancé ; les unités le cherchent à intervalles croissants, 30 s au plus"
    ),
    "counts {present} in ({change})": "compte {present} présents ({change})",
    "the server does not hear this unit any more": "le serveur n'entend plus cette unité",
    "hears this unit": "de nouveau en ligne",
    "hears this unit again: {waiting} events to hand over": "de nouveau en ligne : {waiting} événements à transmettre",
    "{badge} is held to the reader": "{badge} : badge tenu devant le lecteur",
    "{badge} is held to the reader inside": "{badge} : badge tenu devant le lecteur intérieur",
    "the reader did not take up {badge}": "le lecteur n'a pas lu : {badge}",
    "the reader is dead: no power, or no cable": "le lecteur ne répond pas : sans courant, ou sans câble",
    "somebody pushes: the strike is locked, the door does not move": (
        "quelqu'un pousse : la gâche est verrouillée, rien ne bouge"
    ),
    "the door opens": "la porte s'ouvre",
    "the door opens, and is kept open": "la porte s'ouvre, et on la tient ouverte",
    "the door is forced": "la porte est forcée",
    "the door falls shut": "la porte se referme",
    "{badge} again, so soon: not a second tap": "{badge} encore, aussitôt : ce n'est pas un second passage",
    "one badge at a time: the last one is still there": "un badge à la fois : le précédent est encore là",
    "somebody presses the exit button": "quelqu'un appuie sur le bouton de sortie",
    "the exit button does nothing: no power": "le bouton de sortie reste sans effet : pas de courant",
    "{label}, {people} of {seats}": "{label}, {people} sur {seats}",
    "does not start: {why}": "ne démarre pas : {why}",
    "stopped by itself: {why}": "s'est arrêté tout seul : {why}",
}

PAGE = {
    "The bench": "L'établi",
    "To the doors": "Aller aux portes",
    "{place}, in small: the real program, simulated hardware. Open day and night for the demo.": (
        "{place}, en petit : le vrai programme, du matériel simulé. Ouvert jour et nuit pour la démonstration."
    ),
    "In, says the server": "Présents, selon le serveur",
    "The dashboard": "Le tableau de bord",
    "name": "nom",
    "password": "mot de passe",
    "Badges": "Badges",
    "Or draw the badge onto a reader. Esc puts it down.": "Ou glissez-le sur un lecteur. Échap le repose.",
    "Doors and desk": "Portes et comptoir",
    "Behind it all": "En coulisse",
    (
        "The doors decide alone; the server keeps the books. Kill it, tap, start it again: nothing is lost, "
        "nothing counts twice."
    ): (
        "Les portes décident seules ; le serveur tient les comptes. Tuez-le, badgez, relancez-le : rien ne se "
        "perd, rien ne compte deux fois."
    ),
    "What happened": "Ce qui s'est passé",
    "Nothing yet.": "Rien encore.",
    "Rooms": "Salles",
    "Turn the dial for how many, press it for what for; a long press sets the room free.": (
        "Tourner le bouton : combien. Appuyer : pour quoi faire. Appui long : la salle est libre."
    ),
    "One person less: {unit}": "Une personne de moins : {unit}",
    "One person more: {unit}": "Une personne de plus : {unit}",
    "Press the dial, for the next use: {unit}": "Appuyer sur le bouton, usage suivant : {unit}",
    "Long press, the room is free: {unit}": "Appui long, la salle est libre : {unit}",
    "Free": "Libérer",
    "outside": "dehors",
    "inside": "dedans",
    "Reader: {unit}": "Lecteur : {unit}",
    "Reader inside: {unit}": "Lecteur intérieur : {unit}",
    "Exit button": "Bouton de sortie",
    "Strike": "Gâche",
    "Door": "Porte",
    "Kept by the server": "Gardé par le serveur",
    "Go through": "Passer",
    "Hold open": "Tenir ouverte",
    "Force it": "Forcer",
    "Shut it": "Refermer la porte",
    "What may go wrong": "Ce qui peut arriver",
    "Network": "Réseau",
    "Power": "Courant",
    "Reader": "Lecteur",
    "Fire alarm": "Incendie",
    "Housing": "Boîtier",
}

STATES = {
    "Take a badge, then touch a reader.": "Prenez un badge, puis touchez un lecteur.",
    "{badge}: now touch a reader.": "{badge} : touchez un lecteur.",
    "Take a badge first.": "Prenez d'abord un badge.",
    "hold here": "présenter ici",
    "reading…": "lecture…",
    "The demo does not answer; trying again…": "La démonstration ne répond pas ; nouvel essai…",
    "The demo has ended. Start it again with: make demo": "La démonstration est finie. Pour la relancer : make demo",
    "No badge yet": "Aucun badge encore",
    "free": "libre",
    "locked": "verrouillée",
    "open": "ouverte",
    "closed": "fermée",
    "up to event {nth}": "jusqu'au n° {nth}",
    "nothing yet": "rien encore",
    "● connected": "● en ligne",
    "▲ on its own": "▲ hors ligne",
    "■ without power": "■ sans courant",
    "at ease": "à l'aise",
    "getting full": "bien rempli",
    "full": "complet",
    "{guests} guest among them": "dont {guests} invité",
    "{guests} guests among them": "dont {guests} invités",
    "up to {uncertain} left without a badge": "jusqu'à {uncertain} sortis sans badge",
    "{people} of {seats}": "{people} sur {seats}",
    "the server has said nothing yet": "le serveur n'a encore rien dit",
    "the server is down: the last count known": "serveur arrêté : dernier compte connu",
    "runs": "en marche",
    "killed": "tué",
    "plugged in": "branché",
    "cable pulled": "débranché",
    "on": "branché",
    "cut": "coupé",
    "unplugged": "débranché",
    "pulled": "alerte",
    "at rest": "aucune alerte",
    "opened": "ouvert",
    "shut": "fermé",
    "connected": "en ligne",
    "no power": "sans courant",
    "no broker": "plus de courtier",
    "looking for the broker…": "cherche le courtier…",
    "silent": "silencieux",
    "one short tone": "un bip court",
    "two short tones": "deux bips courts",
    "three short tones": "trois bips courts",
    "short, long, short": "court, long, court",
    "two long tones": "deux bips longs",
    "three long tones": "trois bips longs",
    "long, short, long": "long, court, long",
    "long, short, short": "long, court, court",
    "long, long, short": "long, long, court",
    "short, short, long, short": "court, court, long, court",
    "long, short": "long, court",
    "short, long": "court, long",
    "short, short, long": "court, court, long",
    "a row of short tones": "une suite de bips courts",
    "four long tones": "quatre bips longs",
    "short tones without end": "bips courts, sans fin",
    "very long tones": "bips très longs",
}

TERMINAL = {
    "a place with {people} members and {badges} badges": "un lieu, {people} membres, {badges} badges",
    "the broker: {broker}, port {port}": "le courtier : {broker}, port {port}",
    "port {port} is taken; choose another one with --port": "le port {port} est pris ; en choisir un autre avec --port",
    "{name} ended ({status}): {words}": "{name} s'est arrêté ({status}) : {words}",
    "{name} does not come up: {words}": "{name} ne démarre pas : {words}",
    "\nEnding…": "\nTout s'arrête…",
    """
The place runs on this machine, and is open day and night.

  the bench      {bench}
                 hold a badge to a reader, open a door, pull a cable
  the dashboard  {desk}
                 name {operator}, password {password}

Ctrl-C ends it all and leaves nothing behind.""": """
Le lieu tourne sur cette machine, ouvert jour et nuit.

  l'établi             {bench}
                       tenir un badge devant un lecteur, ouvrir une porte, couper un câble
  le tableau de bord   {desk}
                       nom {operator}, mot de passe {password}

Ctrl-C arrête tout et ne laisse rien derrière.""",
}

FRENCH: dict[str, str] = CAST | STORY | PAGE | STATES | TERMINAL
