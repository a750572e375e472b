"""Runs in the emulated Pi 3: the strike's own driver on GPIO 17 of the real pin controller, and what may befall it.

It says a line before each act; what the pin does is seen from outside.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from math import inf

DRIVER = [sys.executable, "-I", "-S", "/poincon/strike_driver.py", "gpio", "17", "high"]
PULSE_S, WAIT_S = 5.0, 3.0


def started() -> tuple["subprocess.Popen[bytes]", socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(DRIVER, stdin=theirs.fileno())
    theirs.close()
    say(f"driver {ours.recv(64).decode()}")
    return process, ours


def drive(orders: socket.socket, until_s: float) -> None:
    orders.send(f"drive {until_s}".encode())
    orders.recv(64)


def say(text: str) -> None:
    print(f"@ {text}", flush=True)


def main() -> None:
    process, orders = started()
    time.sleep(WAIT_S)
    say("pulse")
    drive(orders, time.clock_gettime(time.CLOCK_BOOTTIME) + PULSE_S)
    say(f"ended {orders.recv(64).decode()}")
    time.sleep(WAIT_S)
    say("unit-dies")
    drive(orders, inf)
    time.sleep(WAIT_S)
    orders.close()
    process.wait()
    time.sleep(WAIT_S)
    process, orders = started()
    say("all-die")
    drive(orders, inf)
    time.sleep(WAIT_S)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(WAIT_S)
    say("secure-strike")
    status = subprocess.run(["/bin/sh", "/poincon/secure-strike", "/poincon/unit.toml"]).returncode
    time.sleep(WAIT_S)
    say(f"end {status}")


main()
