"""Campaigns against the whole: processes killed, power cut, any bytes on any topic. `python -m tests.faults`."""
