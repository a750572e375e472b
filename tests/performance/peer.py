"""What stands beside the server in the figures: `python -m tests.performance.peer echo|committer PORT FILE`.

echo: a paho callback that sends every message back. committer: one that first commits it to SQLite, by itself.
"""

import socket
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

EVENTS, ANSWERS = "peer/+/events", "peer/{}/answer"


def main(kind: str, port: int, file: str) -> None:
    """Runs until it is killed."""
    keep = _keeper(file) if kind == "committer" else lambda payload: None
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"peer-{kind}", protocol=mqtt.MQTTv311)
    client.max_inflight_messages_set(65_535)
    client.on_socket_open = lambda client, data, opened: opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    client.on_subscribe = lambda *_: print("ready", flush=True)
    client.on_connect = lambda client, *_: client.subscribe(EVENTS, qos=1)
    client.on_message = _answering(keep)
    client.connect("127.0.0.1", port)
    client.loop_forever()


def _answering(keep: Callable[[bytes], None]) -> Callable[[mqtt.Client, Any, mqtt.MQTTMessage], None]:
    def answer(client: mqtt.Client, data: Any, message: mqtt.MQTTMessage) -> None:
        keep(message.payload)
        client.publish(ANSWERS.format(message.topic.split("/")[1]), message.payload, qos=1)

    return answer


def _keeper(file: str) -> Callable[[bytes], None]:
    books = bare_books(file)
    return lambda payload: commit(books, payload)


def bare_books(file: str) -> sqlite3.Connection:
    """A table and nothing else, as durable as the server's."""
    books = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    books.execute("PRAGMA journal_mode = WAL")
    books.execute("PRAGMA synchronous = FULL")
    books.execute("CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT")
    return books


def commit(books: sqlite3.Connection, payload: bytes) -> None:
    """One message, durable."""
    books.execute("BEGIN IMMEDIATE")
    books.execute("INSERT INTO event (body) VALUES (?)", (payload,))
    books.execute("COMMIT")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
