"""A server for this machine, or for a room: what a static host does, and nothing more."""

from __future__ import annotations

import contextlib
import functools
import http
import http.server
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOM = """
For the other machines of this local network:  {address}
Anybody in this network can open it while this runs; nobody can change anything here. A firewall may ask
you to allow it.
Over plain http from another machine, browsers keep no copy for use without a network, and Share and the link builder
cannot copy to the clipboard: they show the address instead."""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve files with the types that browsers insist on, and without a line for each."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".webmanifest": "application/manifest+json",
    }

    def end_headers(self) -> None:
        """Let nothing be cached, so that a reload shows the last build."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer with the site's own page where something is missing."""
        page = Path(self.directory) / "404.html"
        if code != http.HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server for this machine that lets a page's requests wait in line instead of dropping some."""

    request_queue_size = 128

    def __init__(
        self, port: int, handler: Callable[..., http.server.BaseHTTPRequestHandler], host: str = "127.0.0.1"
    ) -> None:
        """Listen on the port, or on any free one if it is 0; for other machines with the host 0.0.0.0."""
        super().__init__((host, port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of visitors who leave before they have everything."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def address_of_this_machine() -> str:
    """The address under which other machines of the local network reach this one, or this machine's name.

    No packet is sent: choosing an address for a datagram socket only asks the system for its route.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation (RFC 5737)
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()


def serve(folder: Path, port: int, *, lan: bool = False) -> None:
    """Serve a folder until Ctrl+C: on this port, or on any free one if it is taken; print the address.

    With `lan`, other machines of the local network can open it too.
    """
    handler = functools.partial(Handler, directory=str(folder))
    host = "0.0.0.0" if lan else "127.0.0.1"
    try:
        server = Server(port, handler, host)
    except OSError:
        server = Server(0, handler, host)
    print(f"http://127.0.0.1:{server.server_port}/  (Ctrl+C to stop)", flush=True)
    if lan:
        print(ROOM.format(address=f"http://{address_of_this_machine()}:{server.server_port}/"), flush=True)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
