"""What the tests do not see: one line broken at a time, and the tests that mirror it run. `python -m tests.mutants`."""
