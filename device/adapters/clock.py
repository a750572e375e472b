"""The clocks of the machine: the wall clock, one that never jumps, and what the kernel knows of their agreement."""

import ctypes
import time
from pathlib import Path

from device.contract.instant import Instant
from device.core.clock import Reading

STA_UNSYNC = 0x0040
"""adjtimex(2): the clock is not synchronised."""
SYNCED_SINCE_BOOT = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd touches it at its first synchronisation."""
RTC = Path("/sys/class/rtc/rtc0/since_epoch")
"""The time of the battery's clock, seconds since 1970."""
RTC_AGREES_S = 120


class _Timex(ctypes.Structure):
    """`struct timex` of adjtimex(2), as far as `status`; the rest is room for the kernel to write in."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


class SystemClock:
    """The Pi's own clocks.

    A Pi 5 has an RTC with or without its battery. One that kept its time gave it to the kernel, and agrees with the
    wall clock; one without a battery begins in 1970 at each power cut.

    It is read at each tap, so no file is looked at then: what the kernel confirms later, it says itself.
    """

    def __init__(self, rtc: Path = RTC) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._kept = _agrees(rtc) or SYNCED_SINCE_BOOT.exists()

    def monotonic_s(self) -> float:
        """Seconds since boot, suspension included."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def read(self) -> Reading:
        """One look at the wall clock and the kernel's word for it."""
        confirmed = self._confirmed()
        self._kept = self._kept or confirmed
        return Reading(Instant.nearest(time.time_ns() // 1_000_000), self.monotonic_s(), confirmed, self._kept)

    def _confirmed(self) -> bool:
        timex = _Timex()
        if self._libc.adjtimex(ctypes.byref(timex)) < 0:
            return False
        return not timex.status & STA_UNSYNC


def _agrees(rtc: Path) -> bool:
    try:
        return abs(int(rtc.read_text("ascii")) - time.time()) < RTC_AGREES_S
    except (OSError, ValueError):
        return False


def boot_id() -> str:
    """What tells this start of the machine from every other (`random/boot_id` of proc(5))."""
    return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
