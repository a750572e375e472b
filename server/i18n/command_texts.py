"""Every text of the command line in French, by its English; a test holds that none is missing.

Non-breaking spaces stand before « : ; ? ! » and inside « guillemets », as French typography has them.
"""

from server.i18n.books_texts import FRENCH_BOOKS
from server.i18n.help_texts import HELP

WORDS = {
    "no.": "n°",
    "name": "nom",
    "role": "rôle",
    "e-mail": "courriel",
    "standing": "état",
    "ok": "en règle",
    "inside": "présent",
    "since": "depuis",
    "until": "jusqu'à",
    "badge": "badge",
    "yes": "oui",
    "no": "non",
    "by": "par",
    "golden": "ticket d'or",
    "guest": "invité",
    "a guest": "un invité",
    "password": "mot de passe",
    "to be changed": "à changer",
    "time": "quand",
    "unit": "unité",
    "kind": "genre",
    "room": "salle",
    "door": "porte",
    "desk": "comptoir",
    "connected": "reliée",
    "last heard": "dernières nouvelles",
    "version": "version",
    "outbox": "en attente",
    "alarms": "alarmes",
    "topic": "sujet",
    "message": "message",
    "{name}: {folder} has its certificate for the broker at {host}, port {port}": (
        "{name}\u00a0: {folder} a son certificat pour le courtier, {host}, port {port}"
    ),
    "without broker.tls nobody is asked who they are: no certificate is needed": (
        "sans broker.tls personne ne doit dire qui il est\u00a0: il ne faut pas de certificat"
    ),
    "somebody of that list has been here since; nothing was taken back": (
        "quelqu'un de cette liste est venu ou a été changé depuis\u00a0; rien n'est annulé"
    ),
    "that list is not there any more; nothing was taken back": "cette liste n'est plus là\u00a0; rien n'est annulé",
    "{credential} is a telephone: it shows another number each time and cannot be a badge": (
        "{credential} est un téléphone\u00a0: il montre un autre numéro à chaque fois et ne peut pas servir de badge"
    ),
    "calendar": "calendrier",
    "bookings": "réservations",
    "what cannot be read": "ce qui ne se lit pas",
    "no room has a calendar": "aucune salle n'a de calendrier",
    "{room}: its password belongs into secrets/calendar-{room}": (
        "{room}\u00a0: son mot de passe doit aller dans secrets/calendar-{room}"
    ),
    "{room}, line {line}, “{entry}”: {why}": "{room}, ligne {line}, «\u00a0{entry}\u00a0»\u00a0: {why}",
    "{room}, line {line}: {why}": "{room}, ligne {line}\u00a0: {why}",
    "the file is not there": "le fichier n'est pas là",
    "no such kind of address is read: https or webcal": ("cette sorte d'adresse n'est pas lue\u00a0: https ou webcal"),
    "the address does not answer": "l'adresse ne répond pas",
    "the address refuses": "l'adresse refuse",
    "the address sends on to one that is not safe": "l'adresse renvoie vers une autre qui n'est pas sûre",
    "the answer did not come in whole in time": "la réponse n'est pas arrivée en entier à temps",
    "the file is too big": "le fichier est trop gros",
    "it is no iCal calendar": "ce n'est pas un calendrier iCal",
    "the file is too hard to read": "le fichier est trop compliqué à lire",
    "this line is no iCal": "cette ligne n'est pas de l'iCal",
    "the entry does not end": "l'entrée ne finit pas",
    "its start is missing or unreadable: it books nothing": (
        "le début manque ou ne se lit pas\u00a0: elle ne réserve rien"
    ),
    "unknown time zone: its times are taken for the place's": (
        "fuseau horaire inconnu\u00a0: ses heures sont prises pour celles du lieu"
    ),
    "its repetition is unreadable: its first time alone is booked": (
        "la répétition ne se lit pas\u00a0: seule sa première fois réserve"
    ),
    "its further dates are unreadable": "ses autres dates ne se lisent pas",
    "its end or duration is unreadable: it books nothing": (
        "la fin ou la durée ne se lit pas\u00a0: elle ne réserve rien"
    ),
    "it repeats too often for a room": "elle se répète trop souvent pour une salle",
    "it repeats too many times to be read": "elle se répète trop de fois pour être lue",
    "it is unreadable": "elle ne se lit pas",
    "what is wrong": "ce qui ne va pas",
    "what happened": "ce qui s'est passé",
    "what": "quoi",
    "who": "qui",
    "date": "date",
    "in the books": "dans les livres",
    "recomputed": "recalculé",
    "presence": "présence",
    "never": "jamais",
    "nobody": "personne",
    "member": "membre",
    "concierge": "concierge",
    "admin": "admin",
    "revoked": "révoqué",
    "lost": "perdu",
    "returned": "rendu",
    "malformed": "mal formé",
    "stranger": "unité inconnue",
    "early": "dans le futur",
    "old": "trop ancien",
    "failed": "faute du serveur",
    "boot": "mise sous tension",
    "crash": "plantage",
    "update": "mise à jour",
}

JOURNAL = {
    "granted": "accepté",
    "refused": "refusé",
    "came in": "est entré",
    "went out": "est sorti",
    "somebody": "quelqu'un",
    "somebody forgotten": "quelqu'un d'oublié",
    "{who}: {what}, {how}": "{who} : {what}, {how}",
    "{who}: did not go through": "{who} : n'est pas passé",
    "ALARM: {alarm}": "ALARME : {alarm}",
    "alarm over: {alarm}": "fin d'alarme : {alarm}",
    "room {room}: {use}, {people} in": "salle {room} : {use}, {people} dedans",
    "command carried out": "ordre exécuté",
    "command failed: {error}": "ordre non exécuté : {error}",
    "started, version {version} ({cause})": "démarrage, version {version} ({cause})",
    "goes out": "sort",
    "free passage": "passage libre",
    "unknown badge": "badge inconnu",
    "the badge did not prove its key": "le badge n'a pas prouvé sa clé",
    "badge out of use": "badge hors d'usage",
    "suspended": "suspendu",
    "outside the dates of the badge": "hors des dates du badge",
    "no news of the server for too long": "sans nouvelles du serveur depuis trop longtemps",
    "outside the hours": "hors des horaires",
    "no credit left": "plus de crédit",
    "the place is full": "complet",
    "in already": "déjà entré",
    "welcome": "bienvenue",
    "by badge": "au badge",
    "by the button": "au bouton",
    "let through by the desk": "ouvert par le comptoir",
    "door forced": "porte forcée",
    "door held open": "porte restée ouverte",
    "housing opened": "boîtier ouvert",
    "fire": "incendie",
    "badge without its key": "badge sans sa clé",
    "reader lost": "lecteur perdu",
    "strike not driven": "gâche sans commande",
    "disk full or broken": "disque plein ou en panne",
}

LINES = {
    "member {id}: {name}": "membre n° {id} : {name}",
    "suspended: {reason}": "suspendu : {reason}",
    "{name} is suspended": "{name} est suspendu",
    "{name} is let in again": "{name} peut de nouveau entrer",
    "forget {name} for good?": "oublier {name} pour de bon ?",
    "member {id} is forgotten": "le membre n° {id} est oublié",
    "{credential} is the badge of {name}": "{credential} est le badge de {name}",
    "{credential} opens nothing any more": "{credential} n'ouvre plus rien",
    "no badges": "aucun badge",
    "{name} may log in": "{name} a un accès",
    "{name} may log in with the first password {password}": "{name} a un accès ; premier mot de passe : {password}",
    "{name} may not log in any more": "{name} n'a plus d'accès",
    "nobody may log in; add somebody with poincon operator add": (
        "personne n'a d'accès ; en ajouter un avec poincon operator add"
    ),
    "{name} is in": "{name} est là",
    "{name} is gone": "{name} est parti",
    "no guests": "aucun invité",
    "{present} in, of them {guests} guests": "présents : {present}, dont invités : {guests}",
    " (uncertain: {uncertain})": " (incertains : {uncertain})",
    "EVACUATION LIST · {place}": "LISTE D'ÉVACUATION · {place}",
    "as of {time} · {count}": "au {time} · {count}",
    "since {time}": "depuis {time}",
    "Some left without a badge, up to {count}: whoever is missing may be among them.": (
        "Sorties sans badge, jusqu'à {count} : qui manque à l'appel est peut-être dehors."
    ),
    "nothing happened": "rien ne s'est passé",
    "nothing was set aside": "rien n'a été mis de côté",
    "{ever} were set aside in all; not all of them are kept": "{ever} mis de côté en tout ; tous ne sont pas gardés",
    "unit {name}: {folder} is ready for its card": "unité {name} : {folder} est prêt pour sa carte",
    "unit {name} is removed": "l'unité {name} est retirée",
    "start Mosquitto again to shut it out: systemctl restart mosquitto": (
        "pour couper aussi sa liaison, relancez Mosquitto : systemctl restart mosquitto"
    ),
    "display {name}: {folder} is ready": "écran {name} : {folder} est prêt",
    "display {name} is removed": "l'écran {name} est retiré",
    "no displays": "aucun écran",
    "give a display's NAME, or --home-assistant": "donner le NOM d'un écran, ou --home-assistant",
    "no units": "aucune unité",
    "{name} is open": "{name} est ouverte",
    "{name}: the place is made in {folder}": "{name} : le lieu est fait dans {folder}",
    "next: poincon -C {folder} operator add NAME, then poincon -C {folder} serve": (
        "ensuite : poincon -C {folder} operator add NOM, puis poincon -C {folder} serve"
    ),
    "run it with: mosquitto -c {configuration}": "le lancer avec : mosquitto -c {configuration}",
    "{file}: the place is in it, secrets included; keep it safe": (
        "{file} : le lieu y est, secrets compris ; à garder en sûreté"
    ),
    "{folder}: the place is back": "{folder} : le lieu est de retour",
    "the books agree with the journal": "les livres s'accordent avec le journal",
    "{count} differences between the books and the journal": "écarts entre les livres et le journal : {count}",
}

REFUSALS = {
    "“{value}” is no time such as 2026-11-23 or 2026-11-23T09:00": (
        "« {value} » n'est pas un moment comme 2026-11-23 ou 2026-11-23T09:00"
    ),
    "“{value}” is no date such as 2026-11-23": "« {value} » n'est pas une date comme 2026-11-23",
    "name either --golden or --by": "donner soit --golden, soit --by",
    "somebody else holds the books; nothing was changed, try again in a moment": (
        "les livres sont occupés ; rien n'a été changé, réessayer dans un instant"
    ),
    "{folder}: a server runs here already (process {process}); stop that one first": (
        "{folder} : un serveur y tourne déjà (processus {process}) ; arrêter d'abord celui-là"
    ),
    "{path} is of a newer poincon; install version {version} or newer": (
        "{path} vient d'un poincon plus récent ; installer la version {version} ou une plus récente"
    ),
    "{path} is damaged ({error}); restore the backup (poincon restore)": (
        "{path} est abîmé ({error}) ; restaurer la sauvegarde (poincon restore)"
    ),
    "the books are damaged ({error}); restore the backup (poincon restore)": (
        "les livres sont abîmés ({error}) ; restaurer la sauvegarde (poincon restore)"
    ),
    "the books: {error}; nothing was changed": "les livres : {error} ; rien n'a été changé",
    "the books: {error}; a part of it is done: look before you do it again": (
        "les livres : {error} ; une partie est faite : regarder avant de recommencer"
    ),
    "the books: {error}; it may be done all the same: look before you do it again": (
        "les livres : {error} ; c'est peut-être fait quand même : regarder avant de recommencer"
    ),
    "a fault of the program: {error}; --debug shows where": "une faute du programme : {error} ; --debug montre où",
    "no member has the number {member}": "aucun membre n'a le numéro {member}",
    "a suspension needs its reason": "une suspension demande une raison",
    "a name cannot be empty": "un nom ne peut pas être vide",
    "a name of {length} characters; {most} at most": "un nom de {length} signes ; {most} au plus",
    "a name cannot have control characters": "un nom ne peut pas avoir de caractères de contrôle",
    "“{email}” is not an e-mail address": "« {email} » n'est pas une adresse de courriel",
    "{name} is suspended already: {reason}": "{name} est déjà suspendu : {reason}",
    "{name} is not suspended": "{name} n'est pas suspendu",
    "{name} is still in; check them out first": "{name} est encore là ; noter d'abord sa sortie",
    "“{credential}” is no badge; one is written uid:04A1B2C3D4E5F6": (
        "« {credential} » n'est pas un badge ; cela s'écrit uid:04A1B2C3D4E5F6"
    ),
    "{credential} is the badge of {name} (number {member}); revoke it first": (
        "{credential} est le badge de {name} (n° {member}) ; le révoquer d'abord"
    ),
    "nobody holds {credential}": "personne n'a le badge {credential}",
    "{credential} is known by its number alone and has no key": (
        "{credential} n'est connu que par son numéro et n'a pas de clé"
    ),
    "a password has {shortest} characters at least": "un mot de passe a au moins {shortest} signes",
    "there is no operator {name}": "il n'y a pas d'opérateur {name}",
    "there is an operator {name} already": "il y a déjà un opérateur {name}",
    "a guest called {name} is in already": "un invité du nom de {name} est déjà là",
    "no guest called {name} is in": "aucun invité du nom de {name} n'est là",
    "no such guest is in": "aucun invité de ce genre n'est là",
    "that entry was lifted already": "cette écriture est déjà levée",
    "the desk wrote no such entry": "le comptoir n'a pas écrit cela",
    "a muster is under way already": "un appel est déjà en cours",
    "that muster is over": "cet appel est terminé",
    "there is no such muster": "il n'y a pas d'appel de ce numéro",
    "that person is not on the list": "cette personne n'est pas sur la liste",
    "there is no such change": "il n'y a pas de changement de ce numéro",
    "a room unit, and no other, needs its room": "une unité de salle, et aucune autre, demande sa salle (--room)",
    "there is no room {room}; the settings have {rooms}": "il n'y a pas de salle {room} ; les réglages ont {rooms}",
    "there is no use {use}; the settings have {uses}": "il n'y a pas d'usage {use} ; les réglages ont {uses}",
    "a room holds 0 to {most} people": "une salle contient de 0 à {most} personnes",
    "there is no unit {name}": "il n'y a pas d'unité {name}",
    "“{name}” cannot be a name; use 1 to 32 of a-z, 0-9 and -": (
        "« {name} » ne peut pas être un nom ; de 1 à 32 signes parmi a-z, 0-9 et -"
    ),
    "there is a unit {name} already": "il y a déjà une unité {name}",
    "there is a display {name} already": "il y a déjà un écran {name}",
    "there is no display {name}": "il n'y a pas d'écran {name}",
    "the broker asks nobody who they are (broker.tls = false): a display needs no identity": (
        "le courtier ne demande à personne qui il est (broker.tls = false) : un écran n'a pas besoin d'identité"
    ),
    "{name} is no door": "{name} n'est pas une porte",
    "{unit} did not answer within {seconds} s and may have opened all the same; is it connected (poincon unit list)?": (
        "{unit} n'a pas répondu en {seconds} s ; elle s'est peut-être ouverte quand même."
        " Est-elle reliée (poincon unit list) ?"
    ),
    "{unit} could not open: {error}": "{unit} n'a pas pu ouvrir : {error}",
    "no broker at {where}: {error}; is it running?": "pas de courtier à {where} : {error} ; tourne-t-il ?",
    "the embedded broker serves this machine alone, not {host}": (
        "le courtier intégré ne sert que cette machine, pas {host}"
    ),
    "the embedded broker cannot listen on {host}:{port}: {error}": (
        "le courtier intégré ne peut pas écouter sur {host}:{port} : {error}"
    ),
    "the broker does not let this program in": "le courtier ne laisse pas entrer ce programme",
    "{folder} has a place already; choose another folder": "{folder} a déjà un lieu ; choisir un autre dossier",
    "{folder} has no {file}; make a place with poincon init, or name its folder with -C": (
        "{folder} n'a pas de {file} ; faire un lieu avec poincon init, ou nommer son dossier avec -C"
    ),
    "{folder} has a {file} already; choose another folder with --out": (
        "{folder} a déjà un {file} ; choisir un autre dossier avec --out"
    ),
    "{path}: {error}; without its secrets the place cannot run": (
        "{path} : {error} ; sans ses secrets, le lieu ne peut pas tourner"
    ),
    "{file} exists already; give the name of a new file": "{file} existe déjà ; donner le nom d'un nouveau fichier",
    "{folder} is not empty; restore into an empty folder": "{folder} n'est pas vide ; restaurer dans un dossier vide",
    "{file} is no backup that can be read: {error}": "{file} n'est pas une sauvegarde lisible : {error}",
    "{file} is no backup of a place: it has no {missing}": "{file} n'est pas la sauvegarde d'un lieu : sans {missing}",
    "{file} is damaged: {error}": "{file} est abîmé : {error}",
}

FRENCH = FRENCH_BOOKS | HELP | WORDS | JOURNAL | LINES | REFUSALS
"""French by English."""
