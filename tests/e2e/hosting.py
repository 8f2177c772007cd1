"""A host as GitHub Pages is one: several sites under one origin, new versions of them, and bad days."""

from __future__ import annotations

import functools
import http
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import build
from sitebuilder.cache import describe
from sitebuilder.policy import with_policy

Answer = tuple[int, str, bytes]  # status, type and body


class Host:
    """What lies where, and what is wrong with it; both may change while it serves."""

    def __init__(self, sites: dict[str, Path]) -> None:
        self.sites = sites  # folders by path, such as "/a/"
        self.fault: Callable[[str], Answer | None] = lambda path: None  # an answer instead of the file at a path
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}  # sent with every file
        self.address = ""


class Handler(build.Handler):
    """Serve the sites of a host; browsers may keep what they got for ten minutes."""

    def __init__(self, host: Host, *args: Any, **options: Any) -> None:
        self.host = host
        super().__init__(*args, **options)

    def do_GET(self) -> None:  # noqa: N802 (the base class calls it so)
        path = self.path.partition("?")[0]
        self.host.asked.append(path)
        site = next((prefix for prefix in self.host.sites if path.startswith(prefix)), None)
        if answer := self.host.fault(path):
            status, kind, body = answer
            self.send_response(status, http.HTTPStatus(status).phrase)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif site is None:
            self.send_error(404)
        else:
            self.directory = str(self.host.sites[site])
            self.path = "/" + path.removeprefix(site)
            super().do_GET()

    def send_header(self, keyword: str, value: str) -> None:
        super().send_header(keyword, "max-age=600" if keyword == "Cache-Control" else value)

    def end_headers(self) -> None:
        for keyword, value in self.host.headers.items():
            self.send_header(keyword, value)
        super().end_headers()


@contextmanager
def hosting(sites: dict[str, Path]) -> Iterator[Host]:
    """Serve while the block runs."""
    host = Host(sites)
    with build.Server(0, functools.partial(Handler, host)) as server:
        host.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()


def next_version(site: Path, folder: Path, number: int) -> Path:
    """Make a copy of a site as a later build would be; its scripts say which version they are of."""
    shutil.copytree(site, folder)
    old = next(folder.glob("page-*"))
    new = old.rename(folder / f"page-{number:012d}")
    for script in ("main.js", "hood.js", "worker.js"):
        file = new / script
        file.write_text(f"globalThis.siteVersion = {number};\n{file.read_text()}")
    index = folder / "index.html"
    text = re.sub(r"<meta http-equiv=[^>]*>\n", "", index.read_text().replace(old.name, new.name))
    index.write_text(with_policy(text))
    (folder / "manifest.json").write_text(json.dumps({"version": f"{number}", "files": describe(folder)}))
    return folder
