"""`poincon.toml` as `poincon init` writes it: every setting, its default, and a comment in the operators' language."""

import json

from server.core.charge.passes import TICKET_KINDS
from server.site.connection_settings import is_loopback
from server.site.settings import SiteSettings

PLAIN_PORT, TLS_PORT = 1883, 8883
"""The ports that IANA gives to MQTT without and with TLS."""


def settings_text(site: SiteSettings, broker_host: str) -> str:
    """The text of a new `poincon.toml`: for this machine alone, or for a network, with TLS and the desk open to it."""
    plain = is_loopback(broker_host)
    return TEMPLATE.format(
        site_id=json.dumps(site.id),
        site_name=json.dumps(site.name, ensure_ascii=False),
        timezone=json.dumps(site.timezone),
        ticket_kinds=", ".join(TICKET_KINDS),
        broker_host=json.dumps(broker_host),
        broker_port=PLAIN_PORT if plain else TLS_PORT,
        tls="false" if plain else "true",
        web_host=json.dumps("127.0.0.1" if plain else "0.0.0.0"),
    )


TEMPLATE = """\
# Les réglages de Poinçon, avec leurs valeurs d'origine.
# Une clé inconnue est refusée. Après un changement : redémarrer « poincon serve ».
# Les montants sont en centimes d'euro, TVA comprise. Les secrets ne sont pas ici, mais dans « secrets/ ».

[site]
# Le nom du lieu dans le protocole : a-z, 0-9, « - », 32 signes au plus. Ne plus le changer : les badges en dépendent.
id = {site_id}
# Le nom affiché.
name = {site_name}
# L'heure du lieu, pour tous les horaires.
timezone = {timezone}
# À qui s'adresser pour ses données, sur l'affiche (« poincon notice ») : une adresse, un numéro ; "" : à l'accueil.
contact = ""

[broker]
# Le courtier MQTT, où se retrouvent les portes et le serveur : son adresse, vue des unes et de l'autre.
host = {broker_host}
# 1883 sans TLS, 8883 avec.
port = {broker_port}
# Chiffré, avec un certificat par porte ; obligatoire, sauf sur cette machine même.
tls = {tls}
embedded = false             # true : le serveur le fait tourner lui-même (sur cette machine seulement)
keepalive_s = 15             # silence au bout duquel une liaison est tenue pour coupée

[web]                        # le tableau de bord
host = {web_host:<22} # "0.0.0.0" : visible de tout le réseau local ; "127.0.0.1" : de cette machine seule
port = 8080
streams = 200                # pages affichées en direct en même temps, au plus
behind_tls = false           # true : un serveur HTTPS est placé devant
hosts = []                   # les noms qui mènent ici, outre celui de cette machine : ["comptoir.example.org"]
per_address = 64             # connexions ouvertes depuis une même adresse, au plus
public_url = ""              # l'adresse du lieu vue de partout, "https://comptoir.example.org" ; "" : aucune

[capacity]                   # combien de personnes
comfortable = 25             # à l'aise
max = 35                     # au plus
mode = "deny"                # complet : "deny" refuse à la porte, "warn" laisse entrer et prévient

[rules]
# La journée
half_day_boundary = "13:00"  # où se rejoignent les deux demi-journées
checkout_after_min = 30      # sortie automatique, tant de minutes après la fermeture
free_min = 10                # rien n'est compté jusqu'à tant de minutes dans la journée
grace_min = 10               # une demi-journée compte au-delà de tant de minutes
# La porte (à recopier dans le « unit.toml » des unités déjà faites)
release_s = 5                # durée d'ouverture de la gâche
held_s = 30                  # porte tenue ouverte : alarme au bout de tant de secondes
debounce_s = 3               # le même badge, revu aussitôt, n'est pas un second passage
toggle_guard_s = 120         # porte à un seul lecteur : pas de sortie si tôt après l'entrée
anti_passback = "soft"       # badge déjà entré : "soft" admet et signale, "hard" refuse
list_max_age_h = 72          # sans nouvelles du serveur depuis tant d'heures, seuls entrent les concierges
occupancy_max_age_min = 10   # un compte plus vieux ne fait plus refuser pour « complet »
max_owed_cents = 1500        # dette à partir de laquelle la porte refuse
# Les prix
hour_cents = 300             # l'heure commencée
half_day_cents = 900         # la demi-journée, au plus
day_cents = 1500             # la journée, au plus
hours_per_half_day = 3       # tickets d'une heure qui valent une demi-journée
hours_per_day = 5            # … et une journée
vat_percent = 20             # TVA comprise dans les prix
break_even_residents = 12    # résidents à partir desquels le lieu s'équilibre
# La mémoire
names_kept_months = 3        # qui est passé, et quand ; ensuite, chaque nuit, les noms partent, les comptes restent
books_kept_years = 10        # ventes et comptes, par années entières ; ensuite ils partent, les soldes sont reportés

[hours]                      # « mon » à « sun » ; un jour absent est fermé ; "24:00" est minuit
weekly = {{ mon = [["08:00", "18:00"]], tue = [["08:00", "18:00"]], wed = [["08:00", "18:00"]], \
thu = [["08:00", "18:00"]], fri = [["08:00", "18:00"]] }}
holidays = "FR"              # jours fériés : "FR", "FR-57" pour la Moselle, "" pour aucun
closures = []                # fermetures : ["2026-12-24", ["2026-12-27", "2026-12-31"]] (premier et dernier jour)
openings = {{}}                # ouvertures d'exception : {{ 2026-12-05 = [["09:00", "12:00"]] }} ; elles l'emportent
# Quand le badge des concierges ouvre :
concierge_weekly = {{ mon = [["07:00", "22:00"]], tue = [["07:00", "22:00"]], wed = [["07:00", "22:00"]], \
thu = [["07:00", "22:00"]], fri = [["07:00", "22:00"]], sat = [["07:00", "22:00"]], sun = [["07:00", "22:00"]] }}
free_passage_weekly = {{}}     # portes en passage libre : {{ mon = [["14:00", "17:00"]] }}

[badges]
allow_uid = true             # false : un badge sans clé, qui peut être copié, n'est plus donné et n'ouvre plus

[notices]                    # ce qui demande quelqu'un, envoyé aussi au loin, sans aucun nom
webhook = ""                 # une adresse https:// ; signé avec secrets/notices.key
ntfy = ""                    # un sujet ntfy : "https://ntfy.sh/un-nom-difficile-a-deviner"

[replica]                    # une copie continue des livres, dont une autre machine fait un serveur (poincon takeover)
# Un dossier qui existe (clé USB, NAS) : "file:///media/copie/poincon" ; ou sftp://, webdavs://, s3://… "" : nulle part.
# Ce que le stockage demande pour ouvrir (password, access-key-id…) va dans secrets/replica.toml.
url = ""

# Avec broker.tls, « poincon display add --home-assistant » fait le certificat qu'il lui faut.
[home_assistant]
discovery = false            # true : Home Assistant découvre le lieu par le courtier MQTT

# Les salles. « calendar » : fichier ou adresse d'un agenda iCal, "" pour aucun. S'il demande un nom et un mot de passe,
# ils vont dans secrets/calendar-SALLE, sur une ligne « nom:mot de passe », pas dans l'adresse.
[[room]]
id = "open-space"
name = "Open space"
seats = 12
calendar = ""

[[room]]
id = "reunion"
name = "Salle de réunion"
seats = 8
calendar = ""

[[room]]
id = "atelier"
name = "Atelier"
seats = 6
calendar = ""

[[room]]
id = "bureau-4"
name = "Bureau de 4"
seats = 4
calendar = ""

[[room]]
id = "bureau-3"
name = "Bureau de 3"
seats = 3
calendar = ""

[[room]]
id = "appels"
name = "Cabine d'appel"
seats = 2
calendar = ""

# Ce qu'on fait dans une salle. « movement », pour qui ne voit pas les couleurs : still, breathe (respirer), turn (un
# tour de table), knock (deux sonneries), tinker (des mains au travail) ou build (construire). « free » doit y être.
[[use]]
id = "free"
label = "Libre"
colour = "#8BC34A"
movement = "still"

[[use]]
id = "focus"
label = "Travail calme"
colour = "#2A9D8F"
movement = "breathe"

[[use]]
id = "meeting"
label = "Réunion"
colour = "#3D6BFF"
movement = "turn"

[[use]]
id = "call"
label = "Appel"
colour = "#E5391F"
movement = "knock"

[[use]]
id = "workshop"
label = "Atelier"
colour = "#FFA000"
movement = "tinker"

[[use]]
id = "training"
label = "Formation"
colour = "#A04CE0"
movement = "build"

# Ce qui se vend. « covers » : "everything" (tout), "half_time" (mi-temps) ou "tickets" (ce que dit « holds » :
# {ticket_kinds}). Valable « months » mois, et « days » jours de plus si cette clé est là.
# « reduced_cents » : le prix de qui rend des services ; sans cette clé, pas de réduction.
[[pass]]
id = "resident"
name = "Résident"
status = "permanent"
covers = "everything"
months = 1
holds = {{}}
price_cents = 28000
reduced_cents = 19000

[[pass]]
id = "nomade"
name = "Nomade"
status = "régulier"
covers = "half_time"
months = 1
holds = {{ golden = 1 }}
price_cents = 15000
reduced_cents = 9000

[[pass]]
id = "carnet-day"
name = "Voyageur, carnet de journées"
status = "habitué"
covers = "tickets"
months = 12
holds = {{ day = 11, golden = 1 }}
price_cents = 15000

[[pass]]
id = "carnet-half-day"
name = "Voyageur, carnet de demi-journées"
status = "habitué"
covers = "tickets"
months = 12
holds = {{ half_day = 11, golden = 1 }}
price_cents = 9000

[[pass]]
id = "ticket-hour"
name = "Campeur, une heure"
status = "occasionnel"
covers = "tickets"
months = 12
holds = {{ hour = 1 }}
price_cents = 300

[[pass]]
id = "ticket-half-day"
name = "Campeur, une demi-journée"
status = "occasionnel"
covers = "tickets"
months = 12
holds = {{ half_day = 1 }}
price_cents = 900

[[pass]]
id = "ticket-day"
name = "Campeur, une journée"
status = "occasionnel"
covers = "tickets"
months = 12
holds = {{ day = 1 }}
price_cents = 1500

# Les noms ci-dessus en d'autres langues, pour qui lit le comptoir dans la sienne ; les autres restent tels quels.
[names.en]
"Salle de réunion" = "Meeting room"
"Atelier" = "Workshop"
"Bureau de 4" = "Office for 4"
"Bureau de 3" = "Office for 3"
"Cabine d'appel" = "Phone booth"
"Libre" = "Free"
"Travail calme" = "Quiet work"
"Réunion" = "Meeting"
"Appel" = "Call"
"Formation" = "Training"
"Résident" = "Resident"
"Nomade" = "Nomad"
"Voyageur, carnet de journées" = "Voyageur, book of days"
"Voyageur, carnet de demi-journées" = "Voyageur, book of half-days"
"Campeur, une heure" = "Campeur, an hour"
"Campeur, une demi-journée" = "Campeur, a half-day"
"Campeur, une journée" = "Campeur, a day"
"""
