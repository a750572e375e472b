"""What the emulated Pi is made of, as far as it needs no emulator: the ring's bits, console, lines, card."""

import shutil
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.card.apa102 import Apa102, Led
from tests.card.console import Console, Gone
from tests.card.disks import boot_partition, copy_onto, file_on
from tests.card.gpio_lines import GpioLines
from tests.pn532.chip import ACK, Chip

CLOCK, DATA = 6, 7


def frame(leds):
    body = b"".join(bytes((0xE0 | led.brightness, led.blue, led.green, led.red)) for led in leds)
    return bytes(4) + body + b"\xff" * 4


def shift(ring, message):
    for byte in message:
        for bit in range(7, -1, -1):
            ring.edge(DATA, byte >> bit & 1)
            ring.edge(CLOCK, 1)
            ring.edge(CLOCK, 0)


colour = st.integers(0, 255)
pictures = st.lists(
    st.lists(st.builds(Led, colour, colour, colour, st.integers(0, 31)), min_size=3, max_size=3), max_size=4
)


@given(pictures)
def test_what_is_shifted_out_to_a_ring_is_what_it_shows(shown):
    ring = Apa102(3, clock=CLOCK, data=DATA)
    for leds in shown:
        shift(ring, frame(leds))
    assert ring.pictures == [tuple(leds) for leds in shown]


def test_a_ring_that_is_looked_at_in_the_middle_of_a_picture_shows_the_next_one():
    red, green = [Led(255, 0, 0, 5)] * 3, [Led(0, 255, 0, 5)] * 3
    ring = Apa102(3, clock=CLOCK, data=DATA)
    shift(ring, frame(red)[7:])
    shift(ring, frame(green))
    assert ring.pictures == [tuple(green)]


@pytest.fixture
def listening(tmp_path):
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.bind(str(tmp_path / "end.sock"))
        waiting.listen()
        yield waiting


def answering(waiting, answer):
    """A thread that gives each line that comes what `answer` says, until the other end has gone."""

    def serve():
        end, _ = waiting.accept()
        with end, end.makefile("r") as lines:
            for line in lines:
                end.sendall(answer(line.rstrip("\n")))

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_a_command_on_the_console_gives_what_it_said_and_its_status(listening, tmp_path):
    def shell(line):
        mark = line.rpartition("echo ")[2].removesuffix(" $?").replace("''", "")
        return f"two words\r\n{mark} 3\r\n".encode() if "echo" in line else b""

    thread = answering(listening, shell)
    console = Console(tmp_path / "end.sock", tmp_path / "log")
    assert console.run("anything") == ("two words", 3)
    with pytest.raises(AssertionError, match="two words"):
        console.ask("anything")
    console.close()
    thread.join()
    assert "two words" in (tmp_path / "log").read_text()


def test_a_machine_that_ends_in_the_middle_of_a_command_is_gone(listening, tmp_path):
    console = Console(tmp_path / "end.sock", tmp_path / "log")
    end, _ = listening.accept()
    end.sendall(b"half a w")
    end.close()
    with pytest.raises(Gone, match="half a w"):
        console.until("word")
    console.close()


def test_lines_tell_the_guests_edges_in_order_and_the_rings_apart(listening, tmp_path):
    told = b"IRQ raise 0\nIRQ raise 6\nIRQ lower 0\nOK\n"
    thread = answering(listening, lambda line: b"OK\n" if "intercept" in line else told)
    lines = GpioLines(tmp_path / "end.sock", "/chip", frozenset({CLOCK}))
    watched = []
    lines.watch = lambda line, level: watched.append((line, level))
    lines.set(1, 1)
    assert [(edge.line, edge.level) for edge in lines.edges] == [(0, 1), (0, 0)]
    assert watched == [(0, 1), (CLOCK, 1), (0, 0)]
    up_s = lines.wait(0, 1, since_s=0, patience_s=60)
    assert lines.wait(0, 0, since_s=up_s, patience_s=60) >= up_s
    lines.close()
    thread.join()


def test_a_line_that_qemu_does_not_know_is_told(listening, tmp_path):
    thread = answering(listening, lambda line: b"OK\n" if "intercept" in line else b"FAIL Unknown device\n")
    lines = GpioLines(tmp_path / "end.sock", "/chip")
    with pytest.raises(OSError, match="Unknown device"):
        lines.set(99, 1)
    lines.close()
    thread.join()


@pytest.mark.skipif(not shutil.which("mcopy") or not shutil.which("mkfs.vfat"), reason="mtools and dosfstools")
def test_a_boot_partition_has_what_was_in_the_folder_and_what_is_copied_over_it(tmp_path):
    card, more, image = tmp_path / "card", tmp_path / "more", tmp_path / "boot.img"
    (card / "poincon" / "unit").mkdir(parents=True)
    (card / "config.txt").write_text("dtparam=spi=on\n")
    (card / "poincon" / "unit" / "unit.toml").write_text('name = "front"\n')
    boot_partition(image, card)
    more.mkdir()
    (more / "config.txt").write_text("another\n")
    copy_onto(image, more)
    assert file_on(image, "poincon/unit/unit.toml") == 'name = "front"\n'
    assert file_on(image, "config.txt") == "another\n"
    assert file_on(image, "poincon/journal.txt") == ""


@given(st.lists(st.integers(1, 30), max_size=5))
def test_a_chip_answers_the_same_however_its_commands_are_cut_up(cuts):
    chip = Chip()
    firmware_version = bytes.fromhex("0000FF02FED4022A00")
    heard, said, waiting = ACK + firmware_version * 3, b"", b""
    at = 0
    for size in [*cuts, len(heard)]:
        answers, waiting = chip.hear(waiting + heard[at : at + size])
        said, at = said + answers, at + size
    assert said == chip.hear(heard)[0]
    assert said.count(ACK) == 3
    assert waiting == b""


def test_what_goes_onto_a_disk_image_is_told_where_it_fails(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such"):
        copy_onto(tmp_path / "no-such.img", Path(__file__).parent / "steps")
