"""A broker inside the process (amqtt), for one machine: the demo, and places that run no Mosquitto.

It keeps nothing across a restart and knows no passwords, so it listens on this machine alone; units and server publish
what is retained anew whenever they connect.
"""

import asyncio
import logging
import threading

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig
from amqtt.errors import AMQTTError
from amqtt.session import Session

from server.errors import Refusal
from server.site.connection_settings import is_loopback

START_S, STOP_S = 10, 10
"""How long the broker may take to come up and to go down."""
GRACE_S = 0.5
"""How long it tries to go down in good order."""

logger = logging.getLogger(__name__)


class EmbeddedBroker:
    """The broker on a thread of its own, with its own event loop; `start` and `stop` return when it is done."""

    def __init__(self, host: str, port: int) -> None:
        if not is_loopback(host):
            raise Refusal("embedded_broker_not_local", host=host)
        self.host, self.port = host, port
        self._thread: threading.Thread | None = None
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        self._ended = asyncio.Event()
        self._fault: str | None = None

    def start(self) -> None:
        """Listens on return; raises `Refusal` where it cannot, the port being taken for one."""
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)
        self._thread.start()
        came_up = self._up.wait(START_S)
        if not came_up or self._fault is not None:
            raise Refusal(
                "embedded_broker_cannot_listen",
                host=self.host,
                port=self.port,
                error=self._fault or f"{START_S} s",
            )

    def stop(self) -> None:
        """Disconnects everybody and closes the port; a second call, or one without a start, does nothing."""
        if self._thread is None:
            return
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(STOP_S)
        self._thread = None

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except Exception as error:
            logger.exception("the embedded broker stopped")
            self._fault = str(error)
        finally:
            self._loop.close()
            self._up.set()

    async def _serve(self) -> None:
        broker = _QuietBroker(_config(self.host, self.port))
        try:
            await broker.start()
        except AMQTTError as error:
            self._fault = str(error.__cause__ or error)
            return
        self._up.set()
        await self._ended.wait()
        shutdown = asyncio.ensure_future(broker.shutdown())
        await asyncio.wait({shutdown}, timeout=GRACE_S)
        broker.cut_off()
        await _end_tasks()


class _QuietBroker(Broker):  # type: ignore[misc]  # amqtt is not typed for us
    """amqtt 0.12 greets each new client with the retained messages of everybody's subscriptions: not here.

    The loop that does so also dies when somebody subscribes meanwhile. And its shutdown waits for ever on clients that
    go on sending, so that who is still there after a while is cut off.
    """

    def __init__(self, config: BrokerConfig) -> None:
        super().__init__(config)
        self._connections: set[asyncio.StreamWriter] = set()

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Serves one connection until it ends."""
        self._connections.add(writer)
        try:
            await super().stream_connected(reader, writer, listener_name)
        finally:
            self._connections.discard(writer)

    def cut_off(self) -> None:
        """Closes the port and every connection, whatever waits."""
        for server in self._servers.values():
            if server.instance is not None:
                server.instance.close()
        for writer in self._connections:
            writer.transport.abort()

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        subscribers = self.subscriptions.get(subscription[0], [])
        if any(subscriber.client_id == session.client_id for subscriber, _ in subscribers):
            await super()._publish_retained_messages_for_subscription(subscription, session)


def _config(host: str, port: int) -> BrokerConfig:
    address = f"[{host}]" if ":" in host else host
    logging.getLogger("amqtt").setLevel(logging.CRITICAL)  # it logs each disconnection as an error
    logging.getLogger("transitions").setLevel(logging.WARNING)
    return BrokerConfig(
        listeners={"default": ListenerConfig(bind=f"{address}:{port}")},
        plugins={"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    )


async def _end_tasks() -> None:
    """Ends what amqtt leaves running, so that closing the loop complains of nothing."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
