"""The slice of a pie chart, as SVG draws it. Pure."""

from math import cos, pi, sin

RADIUS, CENTRE = 17, 18
"""In a picture of 36 by 36."""


def slice_path(people: int, seats: int) -> str:
    """The path of the part that is taken, clockwise from the top; nothing for nobody, the whole pie from full on."""
    if people <= 0:
        return ""
    top = CENTRE - RADIUS
    if people >= seats:
        bottom = CENTRE + RADIUS
        return f"M{CENTRE} {top}A{RADIUS} {RADIUS} 0 1 1 {CENTRE} {bottom}A{RADIUS} {RADIUS} 0 1 1 {CENTRE} {top}Z"
    angle = 2 * pi * people / seats
    x, y = CENTRE + RADIUS * sin(angle), CENTRE - RADIUS * cos(angle)
    return f"M{CENTRE} {CENTRE}V{top}A{RADIUS} {RADIUS} 0 {int(angle > pi)} 1 {x:.2f} {y:.2f}Z"
