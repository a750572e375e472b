"""The folder of a place: its settings, price list, rules in force, secrets, certificates, unit cards, backup."""
