"""`poincon demo`: the whole place on one machine, with simulated hardware and a bench to try it at.

The program is the real one in every process; only pins, readers' radio and badges are not there.
"""
