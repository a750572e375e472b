"""What the ring of a door or desk shows while nobody is answered and the unit itself has nothing to say."""

from device.core.lights.door_ring import Picture
from device.unit_context import UnitContext


def idle_picture(station: UnitContext, is_connected: bool) -> Picture:
    """A disk that does not write comes first, then a broker out of reach, then whether the place is open."""
    if "disk" in station.alarms:
        return Picture.FAULT
    if not is_connected:
        return Picture.OFFLINE
    hours = station.knowledge.hours
    return Picture.CLOSED if hours is not None and not hours.open else Picture.IDLE
