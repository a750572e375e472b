"""The current that LEDs draw, by what each is told."""

from collections.abc import Sequence

from device.core.lights.light import CHANNEL_MA, FULL, IDLE_MA, Drive


def draw_ma(told: Sequence[Drive]) -> float:
    """The current that LEDs told so draw, all together."""
    lit = sum(strength * (red + green + blue) for strength, red, green, blue in told)
    return len(told) * IDLE_MA + CHANNEL_MA * lit / FULL
