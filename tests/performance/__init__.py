"""The figures of "Speed and size", each beside its floor or peer from the same run. `python -m tests.performance`."""
