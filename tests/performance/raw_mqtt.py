"""MQTT 3.1.1 by hand on a blocking socket, so that the load costs next to nothing beside what it is put on."""

import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

CONNECT, PUBLISH, SUBSCRIBE = 0x10, 0x30, 0x82
CONNACK_BYTES, SUBACK = 4, 0x90
QOS_1 = 0x02
PATIENCE_S = 60.0


class Publication(NamedTuple):
    """A message that came."""

    topic: bytes
    payload: bytes


def connect_packet(client: str) -> bytes:
    variable = b"\x00\x04MQTT\x04\x02" + struct.pack("!H", 60)
    return _packet(CONNECT, variable + _text(client.encode()))


def publish_packet(topic: str, payload: bytes, message_id: int | None = None) -> bytes:
    """Under QoS 1 where a number is given, else 0."""
    if message_id is None:
        return _packet(PUBLISH, _text(topic.encode()) + payload)
    return _packet(PUBLISH | QOS_1, _text(topic.encode()) + struct.pack("!H", message_id % 65_535 + 1) + payload)


def subscribe_packet(topic: str) -> bytes:
    return _packet(SUBSCRIBE, b"\x00\x01" + _text(topic.encode()) + b"\x00")


class RawClient:
    """One connection, subscribed at QoS 0 to `topics`."""

    def __init__(self, port: int, name: str, topics: Sequence[str]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self.socket.sendall(connect_packet(name))
        answer = self.socket.recv(CONNACK_BYTES)
        if answer != b"\x20\x02\x00\x00":
            raise ConnectionError(f"the broker said {answer.hex()}")
        for topic in topics:
            self.socket.sendall(subscribe_packet(topic))
            while not any(kind == SUBACK for kind, _ in self._received()):
                pass

    def close(self) -> None:
        self.socket.close()

    def send(self, packets: bytes) -> None:
        self.socket.sendall(packets)

    def publications(self) -> list[Publication]:
        """What came with one read, which waits for something to come."""
        return [_publication(kind, body) for kind, body in self._received() if kind & 0xF0 == PUBLISH]

    def wait_for(self, suits: Callable[[Publication], bool]) -> None:
        """Reads until a message comes that suits."""
        while not any(suits(publication) for publication in self.publications()):
            pass

    def _received(self) -> list[tuple[int, bytes]]:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the broker closed the connection")
        self._buffer += data
        return list(self._packets())

    def _packets(self) -> Iterator[tuple[int, bytes]]:
        buffer, start = self._buffer, 0
        while (found := _length(buffer, start + 1)) is not None:
            length, begin = found
            if begin + length > len(buffer):
                break
            yield buffer[start], bytes(buffer[begin : begin + length])
            start = begin + length
        del buffer[:start]


class Flow(NamedTuple):
    """What one client sends, packet by packet, and how to read off a message how many of them are answered."""

    client: RawClient
    packets: list[bytes]
    answered: Callable[[int, Publication], int]


def run_flows(flows: Sequence[Flow], window: int) -> float:
    """Sends it all, each client at most `window` ahead of the answers; the seconds until the last answer."""
    sent, done = [0] * len(flows), [0] * len(flows)
    began_s = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for nth, flow in enumerate(flows):
            selector.register(flow.client.socket, selectors.EVENT_READ, nth)
            sent[nth] = _send_more(flow, 0, window)
        while any(done[nth] < len(flow.packets) for nth, flow in enumerate(flows)):
            ready = selector.select(PATIENCE_S)
            if not ready:
                raise TimeoutError(f"answered: {done}")
            for key, _ in ready:
                nth = key.data
                for publication in flows[nth].client.publications():
                    done[nth] = flows[nth].answered(done[nth], publication)
                sent[nth] = _send_more(flows[nth], sent[nth], done[nth] + window)
    return time.perf_counter() - began_s


def _send_more(flow: Flow, sent: int, until: int) -> int:
    until = min(until, len(flow.packets))
    if until > sent:
        flow.client.send(b"".join(flow.packets[sent:until]))
    return max(sent, until)


def _packet(kind: int, body: bytes) -> bytes:
    length, digits = len(body), bytearray()
    while True:
        length, digit = divmod(length, 128)
        digits.append(digit | (0x80 if length else 0))
        if not length:
            return bytes((kind,)) + bytes(digits) + body


def _length(buffer: bytearray, at: int) -> tuple[int, int] | None:
    """The remaining length that begins `at`, and where what it measures begins; None where it is not all there."""
    length = shift = 0
    for index in range(at, min(at + 4, len(buffer))):
        length |= (buffer[index] & 0x7F) << shift
        if not buffer[index] & 0x80:
            return length, index + 1
        shift += 7
    return None


def _text(text: bytes) -> bytes:
    return struct.pack("!H", len(text)) + text


def _publication(kind: int, body: bytes) -> Publication:
    (length,) = struct.unpack_from("!H", body)
    begin = 2 + length + (2 if kind & QOS_1 else 0)
    return Publication(body[2 : 2 + length], body[begin:])
