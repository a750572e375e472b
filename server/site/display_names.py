"""What rooms, uses and passes are called, and the place's own names in English."""

from typing import Annotated

from msgspec import Meta

DisplayName = Annotated[str, Meta(min_length=1, max_length=200)]

ENGLISH_NAMES = {
    "Salle de réunion": "Meeting room",
    "Atelier": "Workshop",
    "Bureau de 4": "Office for 4",
    "Bureau de 3": "Office for 3",
    "Cabine d'appel": "Phone booth",
    "Libre": "Free",
    "Travail calme": "Quiet work",
    "Réunion": "Meeting",
    "Appel": "Call",
    "Formation": "Training",
    "Résident": "Resident",
    "Nomade": "Nomad",
    "Voyageur, carnet de journées": "Voyageur, book of days",
    "Voyageur, carnet de demi-journées": "Voyageur, book of half-days",
    "Campeur, une heure": "Campeur, an hour",
    "Campeur, une demi-journée": "Campeur, a half-day",
    "Campeur, une journée": "Campeur, a day",
}
"""What the place's own names are in English; an "Open space" is called so in both languages."""
