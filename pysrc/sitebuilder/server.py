"""A server for this machine: what a static host does, and nothing more."""

from __future__ import annotations

import contextlib
import functools
import http.server
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve files with the types that browsers insist on, and without a line for each."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        """Let nothing be cached, so that a reload shows the last build."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server for this machine that lets a page's requests wait in line instead of dropping some."""

    request_queue_size = 128

    def __init__(self, port: int, handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> None:
        """Listen on the port, or on any free one if it is 0."""
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of visitors who leave before they have everything."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def serve(folder: Path, port: int) -> None:
    """Serve a folder until Ctrl+C: on this port, or on any free one if it is taken; print the address."""
    handler = functools.partial(Handler, directory=str(folder))
    try:
        server = Server(port, handler)
    except OSError:
        server = Server(0, handler)
    print(f"http://127.0.0.1:{server.server_port}/  (Ctrl+C to stop)", flush=True)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
