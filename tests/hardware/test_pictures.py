"""The sheets of pictures beside the hardware files show what the rings can show."""

import runpy
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from device.contract.unit_settings import wired
from device.core.lights.door_ring import Picture
from device.core.lights.room_use import DEFAULT_USES
from server.site.unit_card import PINS

HARDWARE = Path(__file__).parents[2] / "hardware"
SVG = "{http://www.w3.org/2000/svg}"


def captions(svg):
    return {text.text for text in ET.fromstring(svg).iter(f"{SVG}text")}


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(HARDWARE / "pictures.py"))


@pytest.mark.parametrize(
    ("file", "rows", "leds"), [("door-ring.svg", "door_rows", 12), ("room-ring.svg", "room_rows", 24)]
)
def test_the_sheets_that_are_kept_have_the_pictures_of_today(script, file, rows, leds):
    assert captions((HARDWARE / file).read_text("utf-8")) == captions(script["drawn"](list(script[rows]()), leds))


def test_the_sheet_for_people_says_what_every_light_means_in_each_language():
    guide = runpy.run_path(str(HARDWARE / "ring_guide.py"))
    texts = tomllib.loads((HARDWARE / "ring-guide.toml").read_text("utf-8"))
    told = [light["picture"] for section in texts["section"] for light in section["light"]]
    assert sorted(told) == sorted(Picture)
    for language in guide["LANGUAGES"]:
        assert (HARDWARE / f"ring-guide.{language}.svg").read_text("utf-8") == guide["sheet"](language)


@pytest.mark.parametrize("kind", ["door", "room", "desk"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_drawing_of_the_wires_is_that_of_the_pins_a_unit_is_given(kind, language):
    header = runpy.run_path(str(HARDWARE / "header.py"))
    assert (HARDWARE / f"header-{kind}.{language}.svg").read_text("utf-8") == header["drawn"](kind, language)
    used = [header["GPIO_OF_PIN"][pin] for pin in header["wires"](kind) if pin in header["GPIO_OF_PIN"]]
    assert len(used) == len(set(used)) == len(wired(PINS[kind])) + len(header["BUSES"][kind])


def test_every_picture_of_the_door_and_every_use_of_a_room_is_drawn():
    drawn = captions((HARDWARE / "door-ring.svg").read_text("utf-8"))
    assert {picture.value.replace("_", " ") for picture in Picture if picture is not Picture.RECEIPT} <= drawn
    rooms = " ".join(captions((HARDWARE / "room-ring.svg").read_text("utf-8")))
    assert all(use.label in rooms for use in DEFAULT_USES[1:])
