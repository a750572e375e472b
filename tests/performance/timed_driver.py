"""The strike's driver, on a line that tells when it was driven. Run by its path."""

import sys

from device.adapters.strike_driver import monotonic_s, serve


class TimedLine:
    """Tells the monotonic time of each release."""

    def drive(self, released: bool) -> None:
        if released:
            sys.stdout.write(f"driven {monotonic_s()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    serve(0, TimedLine(), monotonic_s)
