"""`python -m device` is `poincon-unit`."""

from device.cli import main

main()
