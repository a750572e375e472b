"""The web inside the server's process: waitress on threads of its own."""

import logging
from threading import Thread

from flask import Flask
from waitress.server import create_server

from server.settings import WebSettings

log = logging.getLogger(__name__)

SPARE_THREADS = 16
"""On top of one thread for each open stream: what answers pages."""
CONNECTION_LIMIT = 1_000
IDLE_S = 20
"""A connection on which nothing was asked for so long is closed."""
STOP_TIMEOUT_S = 2.0


class WebServer:
    """Answers HTTP from `start` to `stop`."""

    def __init__(self, app: Flask, settings: WebSettings) -> None:
        # it tells of every live page that was closed, and of every queue of two
        logging.getLogger("waitress").setLevel(logging.ERROR)
        self._server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.streams + SPARE_THREADS,
            connection_limit=CONNECTION_LIMIT,
            channel_timeout=IDLE_S,
            cleanup_interval=5,
            channel_request_lookahead=1,  # lets a stream see that its page is gone
            asyncore_use_poll=True,  # select() knows no more than 1,024 files
            url_scheme="https" if settings.behind_tls else "http",
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
        self._thread = Thread(target=self._server.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()
        log.info("dashboard host=%s port=%d", self._server.effective_host, self.port)

    def stop(self) -> None:
        """Ends; open streams are cut."""
        for channel in list(self._server.active_channels.values()):
            channel.will_close = True
        self._server.close()
        self._thread.join(STOP_TIMEOUT_S)
        self._server.task_dispatcher.shutdown(timeout=1)
