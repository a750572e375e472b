"""A notice of something that needs a hand, in a French sentence, without names: it goes through others' hands. Pure."""

from collections.abc import Mapping

ALARMS: Mapping[str, str] = {
    "forced": "porte forcée",
    "held": "porte restée ouverte",
    "tamper": "boîtier ouvert",
    "fire": "alarme incendie",
    "reader": "lecteur débranché",
    "strike": "gâche sans commande",
    "disk": "disque plein ou en panne",
}

URGENT = frozenset({"fire", "alarm", "past_alarm", "unproven", "damaged", "disk"})
"""Kinds that somebody should look at now."""


def sentence(kind: str, unit: str, alarm: str, count: int) -> str | None:
    """What is told of that kind of matter; None for what can wait until somebody is at the desk."""
    return {
        "fire": f"{unit} : alarme incendie, les portes sont libérées",
        "alarm": f"{unit} : {ALARMS.get(alarm, alarm)}",
        "past_alarm": f"{unit} : {ALARMS.get(alarm, alarm)}",
        "unproven": f"{unit} : un badge n'a pas prouvé sa clé, copie possible",
        "unknown": f"{unit} : un badge inconnu a été présenté",
        "telephone": f"{unit} : un téléphone a été présenté, il ne peut pas servir de badge",
        "silent": f"{unit} ne donne plus de nouvelles",
        "broker": "Le courtier MQTT ne répond plus",
        "damaged": "Les livres sont abîmés : restaurez la sauvegarde",
        "disk": "Le serveur n'arrive plus à écrire",
        "set_aside": f"Messages mis de côté : {count}",
    }.get(kind)
