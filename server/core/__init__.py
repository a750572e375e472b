"""The rules of the house as pure functions.

No I/O, no clock, no randomness, no settings file: time and settings come in as arguments.
"""
