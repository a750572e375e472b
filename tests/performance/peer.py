"""What stands beside the server in the figures: `python -m tests.performance.peer echo|committer|grouper PORT FILE`.

echo: a paho callback that sends every message back. committer: one that first commits it to SQLite, by itself.
grouper: commits whatever waits together, then tells each sender how many of its messages are kept: what the server
does, without all that it does it for. Each has topics of its own, and runs alone, for its turn.
"""

import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from device.adapters.mqtt_client import without_delay

MAX_GROUP = 500
"""As the server's batches."""
Take = Callable[[mqtt.Client, Any, mqtt.MQTTMessage], None]


def events_topic(kind: str, sender: str) -> str:
    """Where a sender's messages go."""
    return f"peer/{kind}/{sender}/events"


def answer_topic(kind: str, sender: str) -> str:
    """Where it hears that they are kept."""
    return f"peer/{kind}/{sender}/answer"


def main(kind: str, port: int, file: str) -> None:
    """Runs until it is killed."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"peer-{kind}", protocol=mqtt.MQTTv311)
    client.max_inflight_messages_set(65_535)
    client.on_socket_open = without_delay
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_connect = lambda client, *_: client.subscribe(events_topic(kind, "+"), qos=1)
    client.on_message = {"echo": _echo, "committer": _committer, "grouper": _grouper}[kind](client, file)
    client.connect("127.0.0.1", port)
    client.loop_forever()


def _echo(client: mqtt.Client, file: str) -> Take:
    def take(client: mqtt.Client, data: Any, message: mqtt.MQTTMessage) -> None:
        client.publish(_answer_to(message.topic), message.payload, qos=1)

    return take


def _committer(client: mqtt.Client, file: str) -> Take:
    db = bare_books(file)

    def take(client: mqtt.Client, data: Any, message: mqtt.MQTTMessage) -> None:
        commit(db, bytes(message.payload))
        client.publish(_answer_to(message.topic), message.payload, qos=1)

    return take


def _grouper(client: mqtt.Client, file: str) -> Take:
    db, waiting = bare_books(file), SimpleQueue[mqtt.MQTTMessage]()
    kept: Counter[str] = Counter()

    def keep() -> None:
        while True:
            group = _group(waiting)
            commit(db, *(bytes(message.payload) for message in group))
            kept.update(message.topic for message in group)
            for topic in {message.topic for message in group}:
                client.publish(_answer_to(topic), b'{"through":%d}' % kept[topic], qos=1)

    Thread(target=keep, daemon=True).start()
    return lambda client, data, message: waiting.put(message)


def _group(waiting: "SimpleQueue[mqtt.MQTTMessage]") -> list[mqtt.MQTTMessage]:
    group = [waiting.get()]
    try:
        while len(group) < MAX_GROUP:
            group.append(waiting.get_nowait())
    except Empty:
        pass
    return group


def _answer_to(topic: str) -> str:
    return topic.removesuffix("events") + "answer"


def bare_books(file: str) -> sqlite3.Connection:
    """A table and nothing else, as durable as the server's."""
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    return db


def commit(db: sqlite3.Connection, *payloads: bytes) -> None:
    """Messages, durable: all of them, or none."""
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO event (body) VALUES (?)", ((payload,) for payload in payloads))
    db.execute("COMMIT")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
