"""What tests of a unit share."""

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory


@pytest.fixture
def factory():
    """Mock pins; gpiozero's default too, for its software SPI bus forgets the factory that it was given."""
    Device.pin_factory = MockFactory()
    yield Device.pin_factory
    Device.pin_factory.close()
    Device.pin_factory = None
