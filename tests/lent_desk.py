"""A desk whose reader is lent to a played place: what people hold to it answers the server's sessions, live."""

from threading import Event, RLock

from device.contract.codec import encode
from device.contract.lent_reader import CardFrames
from device.contract.messages import Command
from device.simulation.cards import CardApplication
from server.store.units import units
from tests.patience import PATIENCE_S, wait_until
from tests.played_desk import PlayedDesk, Shown
from tests.web_house import WebHouse

CHANGE_KEY = 0xC4


class LentDesk:
    """The unit `name` of that place, with a reader to lend."""

    def __init__(self, house: WebHouse, name: str = "comptoir") -> None:
        self.name, self._house = name, house
        self.desk = PlayedDesk()
        self._at_it = RLock()
        if name not in units.names(house.db):
            units.add(house.db, name, "desk", now=house.now)
            house.ingest.drop_cache()
        house.says(name, kind="desk", lends=True)
        house.line.readers[name] = self._told

    def hold(self, card: Shown) -> None:
        """Holds a card to the reader once that is lent."""
        wait_until(lambda: self.desk.is_lent)
        with self._at_it:
            self.desk.hold(card)
            self._pass_back()

    def take_away(self) -> None:
        """Takes it away."""
        with self._at_it:
            self.desk.take_away()
            self._pass_back()

    def tear_at(self, exchange: int) -> None:
        """The card that is held next leaves at that exchange with it."""
        self.desk.tears[len(self.desk.heard) + exchange] = "before"

    def _told(self, message: Command | CardFrames) -> None:
        with self._at_it:
            if isinstance(message, CardFrames):
                self.desk.send(message)
            elif message.session is not None:
                self.desk.session = message.session
                self.desk.ask(message, 0)
            self._pass_back()

    def _pass_back(self) -> None:
        while (answer := self.desk.hear(0)) is not None:
            self._house.card_answers.take(self.name, encode(answer))


class HaltedCard:
    """A card that keeps its answer to the first writing of a key until it is told to go on."""

    def __init__(self, card: CardApplication) -> None:
        self._card, self.go_on = card, Event()

    def power_on(self) -> None:
        """It comes into the field."""
        self._card.power_on()

    def answer(self, apdu: bytes) -> bytes:
        """What the card says."""
        if apdu[1] == CHANGE_KEY:
            self.go_on.wait(PATIENCE_S)
        return self._card.answer(apdu)
