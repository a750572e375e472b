"""Runs a command that must not outlive whoever started it: `die_with_parent.py PARENT COMMAND …`.

The kernel kills the command when the *thread* that started it ends, however it ends. A script of its own, since doing
this between fork and exec of a process with threads may deadlock.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>. It is lost when a process changes its user, so nothing here may do that."""


def main(parent: int, command: list[str]) -> None:
    """Becomes `command`."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("whoever started this ended before it began")
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
