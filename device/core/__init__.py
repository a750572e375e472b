"""The pure part of a unit: decisions, states and pictures.

What may not enter: files, sockets, threads, pins, settings files, randomness, and any clock. Time is always passed in.
"""
