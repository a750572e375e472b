"""The help of every command and option in French, by its English."""

HELP = {
    "Show this message and exit.": "Montrer ceci et finir.",
    "The door, the tickets and the rooms of a third place.": "La porte, les tickets et les salles d'un tiers-lieu.",
    "Status: 0 done, 1 refused or failed, 2 wrong use.": "Statut : 0 fait, 1 refusé ou échoué, 2 mal employé.",
    "The language; without it that of the locale, else French.": "La langue ; celle du système, sinon le français.",
    "The folder that init made; POINCON_HOME, or this one.": "Le dossier fait par init ; POINCON_HOME, sinon celui-ci.",
    "Show where a failure came from.": "Montrer d'où vient un échec.",
    "One JSON document on the standard output.": "Un document JSON sur la sortie standard.",
    "The newest so many.": "Les tant derniers.",
    # demo
    "The whole place on this machine, with simulated hardware; leaves nothing behind.": (
        "Le lieu entier sur cette machine, avec du matériel simulé ; ne laisse rien derrière."
    ),
    "Stop by itself after so long.": "S'arrêter tout seul au bout de tant.",
    "The dashboard's port, and the next one for the bench; else any that are free.": (
        "Le port du tableau de bord, et le suivant pour l'établi ; sinon n'importe lesquels de libres."
    ),
    # place
    "Makes a place in DIR: its settings, its secrets, empty books.": (
        "Fait un lieu dans DIR : réglages, secrets, livres vides."
    ),
    "Its name on the wire: a-z, 0-9 and -.": "Son nom dans le protocole : a-z, 0-9 et -.",
    "Its name for people.": "Son nom affiché.",
    "Where its clock is.": "Son fuseau horaire.",
    "Where units find the broker; TLS unless it is this machine.": (
        "Où les unités trouvent le courtier ; TLS, sauf sur cette machine même."
    ),
    "Runs the server until SIGTERM: books, doors, dashboard.": (
        "Fait tourner le serveur jusqu'à SIGTERM : livres, portes, tableau de bord."
    ),
    "Writes Mosquitto's files again, by the present settings.": (
        "Récrit les fichiers de Mosquitto selon les réglages présents."
    ),
    "Who Mosquitto runs as when root starts it; else its own user.": (
        "Sous quel nom tourne Mosquitto lancé par root ; sinon le sien."
    ),
    "Writes the whole place into FILE while the server runs: books, settings, secrets.": (
        "Écrit tout le lieu dans FILE pendant que le serveur tourne : livres, réglages, secrets."
    ),
    "Puts the place of FILE into the folder, which must be empty.": (
        "Remet le lieu de FILE dans le dossier, qui doit être vide."
    ),
    "Recomputes who was in from the journal, and compares; status 1 where the books disagree.": (
        "Recalcule les présences depuis le journal et compare ; statut 1 si les livres diffèrent."
    ),
    # people
    "The people of the place.": "Les gens du lieu.",
    "Adds a person.": "Ajoute une personne.",
    "Where to write to them.": "Où lui écrire.",
    "What they may do.": "Ce qu'elle peut faire.",
    "Everybody, by name.": "Tout le monde, par nom.",
    "Only those whose name, address or number has this.": (
        "Seulement ceux dont le nom, l'adresse ou le numéro contient ceci."
    ),
    "One person, with their badges.": "Une personne, avec ses badges.",
    "Refuses somebody at every door.": "Refuse quelqu'un à toutes les portes.",
    "Why; it stays in the books.": "Pourquoi ; la raison reste dans les livres.",
    "Lets somebody in again who was suspended.": "Laisse de nouveau entrer une personne suspendue.",
    "All that is known of somebody, as one JSON document.": "Tout ce qu'on sait de quelqu'un, en un document JSON.",
    "Forgets somebody for good; the books stay balanced.": (
        "Oublie quelqu'un pour de bon ; les comptes restent justes."
    ),
    "Do not ask.": "Ne pas demander.",
    "Badges, and whose they are.": "Les badges, et à qui ils sont.",
    "Gives a badge to a member.": "Donne un badge à un membre.",
    "The last day it opens on, for a badge that is lent.": "Son dernier jour, pour un badge prêté.",
    "Takes a badge out of use: lost, stolen or given back.": "Met un badge hors d'usage : perdu, volé ou rendu.",
    "Why.": "Pourquoi.",
    "The badges in use; with --all the ended ones too.": "Les badges en usage ; avec --all, tous.",
    "Those out of use too.": "Aussi ceux hors d'usage.",
    "The key of a badge for the doors, in hex, to write it with tools of one's own.": (
        "La clé d'un badge pour les portes, en hexadécimal, pour l'écrire avec ses propres outils."
    ),
    "Who may log in to the desk.": "Qui peut ouvrir le tableau de bord.",
    "Adds a login, and prints its first password once.": "Ajoute un accès, et montre une fois son mot de passe.",
    "Read the password from the standard input.": "Lire le mot de passe sur l'entrée standard.",
    "Who may log in.": "Qui a un accès.",
    "Takes a login away.": "Retire un accès.",
    # who is in
    "People who are in without being members.": "Les présents qui ne sont pas membres.",
    "Lets a guest in: on a member's golden ticket, or on somebody's word.": (
        "Fait entrer un invité : sur le ticket d'or d'un membre, ou sur la parole de quelqu'un."
    ),
    "The member who gives a golden ticket.": "Le membre qui donne un ticket d'or.",
    "The member who answers for them.": "Le membre qui en répond.",
    "Not the guest of a like name who came on a golden ticket before.": (
        "Ce n'est pas la personne au nom proche qui est déjà venue sur un ticket d'or."
    ),
    "A guest goes.": "Un invité s'en va.",
    "The guests who are in.": "Les invités présents.",
    "Who is in.": "Qui est là.",
    "At a moment of the past instead of now.": "À un moment passé, au lieu de maintenant.",
    "The evacuation list, to print and tick off; works while the server is down.": (
        "La liste d'évacuation, à imprimer et à cocher ; même serveur arrêté."
    ),
    "What happened at the doors, in order of time.": "Ce qui s'est passé aux portes, dans l'ordre.",
    "From this time on; without it, people see the newest 100 lines.": (
        "À partir de ce moment ; sinon, les 100 dernières lignes."
    ),
    "Of one unit alone.": "D'une seule unité.",
    "For Home Assistant: also what it discovers, and the units' states.": (
        "Pour Home Assistant : aussi ce qu'il découvre, et l'état des unités."
    ),
    "The folder to make; else displays/NAME.": "Le dossier à faire ; sinon displays/NOM.",
    "The calendars of the rooms: what they have booked these days, and what cannot be read.": (
        "Les calendriers des salles : ce qu'ils ont réservé ces jours-ci, et ce qui ne se lit pas."
    ),
    "What was set aside: malformed messages, and events that cannot be believed.": (
        "Ce qui a été mis de côté : messages mal formés, événements invraisemblables."
    ),
    # units
    "The units of the place: doors, rooms, desks.": "Les unités du lieu : portes, salles, comptoirs.",
    "The folder to make; else units/NAME.": "Le dossier à faire ; sinon units/NAME.",
    "Of a door: one each side, outside alone, or one for both ways.": (
        "D'une porte : un de chaque côté, dehors seulement, ou un pour les deux sens."
    ),
    "Adds a unit, and makes what goes on its card.": "Ajoute une unité, et fait ce qui va sur sa carte.",
    "What it is.": "Ce qu'elle est.",
    "Of a room unit: the id of its room.": "D'une salle : l'identifiant de la salle.",
    "The units, and how they are.": "Les unités, et comment elles vont.",
    "Makes a unit's card again: its former certificate is refused from now on.": (
        "Refait la carte d'une unité : son ancien certificat est désormais refusé."
    ),
    "Takes a unit out of the place; what it reported stays.": "Retire une unité du lieu ; ce qu'elle a rapporté reste.",
    "Screens and programs that only listen to the broker: occupancy, hours, rooms.": (
        "Les écrans et programmes qui ne font qu'écouter le courtier : présence, horaires, salles."
    ),
    "Makes an identity for a display, which can be taken back by itself.": (
        "Fait pour un écran une identité à lui, qui peut être reprise seule."
    ),
    "The displays that have an identity.": "Les écrans qui ont une identité.",
    "Takes a display's identity back.": "Reprend l'identité d'un écran.",
    "Opens a door once.": "Ouvre une porte une fois.",
}
"""French by English."""
