"""Somebody else's web server with a calendar on it, on this machine: refuses, drips, packs, sends on as it is told."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


class Address:
    """Somebody's server with a calendar on it, on this machine; keeps what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.status = answer, 200
        self.headers: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.is_dripping = False
        self.has_ended = Event()
        address = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                address.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(address.status)
                for name, value in address.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if not address.is_dripping:
                    self.wfile.write(address.answer)
                while address.is_dripping and not address.has_ended.wait(0.05):
                    self.wfile.write(b" ")

            def log_message(self, *words: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *words: object) -> None:
                """Who asked has gone: that is meant here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}/room.ics"

    def close(self) -> None:
        self.has_ended.set()
        self._server.shutdown()
        self._server.server_close()
