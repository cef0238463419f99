"""Serve a folder of finished pages to this machine alone."""

from __future__ import annotations

import errno
import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'"
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


class PortTaken(Exception):
    """Nothing can be served on the port that was asked for."""


class Pages(SimpleHTTPRequestHandler):
    """Give files, never a listing of a folder, and only to those who ask for this machine by its own name."""

    server_version = "Fordel"
    sys_version = ""
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".html": "text/html; charset=utf-8"}  # noqa: RUF012

    def send_head(self) -> Any:
        """Refuse other host names: a page elsewhere could make a browser ask for ours by a name of its own."""
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name not in (HOST, "localhost"):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, f"Ask for http://{HOST}")
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:  # noqa: ARG002 - the name in the standard library
        """Refuse: a folder without index.html shows nothing."""
        self.send_error(HTTPStatus.NOT_FOUND, "No such page")

    def end_headers(self) -> None:
        """Add the headers that keep a page to itself."""
        for name, value in {**HEADERS, "Content-Security-Policy": POLICY}.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing of requests that went well or ill: the browser does."""


class Server(ThreadingHTTPServer):
    """A server that takes it calmly when a browser goes away before it has got its page."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what went wrong, unless the reader left."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def open_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Take the port; nothing is served until ``serve_forever``.

    Args:
        folder: with the pages; it may come into being later.
        port: 0 for any that is free.

    Raises:
        PortTaken: another program has it, or it may not be used.
    """
    try:
        return Server((HOST, port), lambda *ask: Pages(*ask, directory=str(folder)))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "another program has it" if taken else (error.strerror or str(error))
        raise PortTaken(
            f"Port {port} on {HOST} cannot be used: {why}.\n"
            f"  Try: --port {port + 1 if taken and port < 65535 else 8765}, or --no-serve"
        ) from error
