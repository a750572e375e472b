"""Neighbours that are told: Home Assistant, webhooks, ntfy."""
