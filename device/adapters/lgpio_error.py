"""What lgpio raises, which derives from nothing that one would catch."""

try:
    from lgpio import error as LgpioError  # type: ignore[import-not-found]  # noqa: N812
except ImportError:  # no Pi, no lgpio
    LgpioError = OSError

__all__ = ["LgpioError"]
