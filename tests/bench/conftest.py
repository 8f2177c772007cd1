"""What the benchmark stands on: one server for the site and its rivals, one browser, and a report."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import build
from sitebuilder import paths
from sitebuilder.cache import digest, made
from sitebuilder.mnist import compressed
from sitebuilder.node import install_packages

HERE = Path(__file__).parent
GZIPPED = {".html", ".css", ".js", ".mjs", ".json", ".wasm", ".svg"}  # as static hosts do
PACKAGE_FILES = (
    "@tensorflow/tfjs/dist/tf.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js",
    "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm",
    "@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js",
    "convnetjs/build/convnet-min.js",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--markdown", metavar="FILE", type=Path, help="write the benchmark's tables to this file too")


class Report:
    """Tables of what was measured."""

    def __init__(self) -> None:
        self.machine = ""
        self.tables: list[list[tuple[str, ...]]] = []

    def table(self, *columns: str) -> Callable[..., None]:
        """Begin a table; return a function that adds a row."""
        table = [columns]
        self.tables.append(table)
        return lambda *cells: table.append(cells)

    def __str__(self) -> str:
        """Return Markdown, its columns aligned so that it can be read as it is."""
        paragraphs = [self.machine]
        for table in self.tables:
            widths = [max(map(len, column)) for column in zip(*table, strict=True)]
            head, *rows = [" | ".join(map(str.ljust, row, widths)) for row in table]
            rule = " | ".join(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
            paragraphs.append("\n".join(f"| {line} |" for line in (head, rule, *rows)))
        return "\n\n".join(paragraphs)


REPORT = pytest.StashKey[Report]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[REPORT] = Report()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash[REPORT]
    if report.tables:
        terminalreporter.section("benchmark")
        terminalreporter.write_line(str(report))
        if path := config.getoption("--markdown", None):
            path.write_text(f"{report}\n")


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest, browser: Browser) -> Report:
    """Where the measurements go."""
    report = request.config.stash[REPORT]
    report.machine = (
        f"{datetime.date.today():%-d %B %Y}, {processor()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Chromium {browser.version}"
    )
    return report


def processor() -> str:
    """Return the processor's name, where the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def rival_packages() -> Path:
    """Return the folder with the other libraries' files, installed by npm as package-lock.json says."""
    sources = [HERE / name for name in ("package.json", "package-lock.json")]

    def install(folder: Path) -> None:
        with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            for source in sources:
                shutil.copy(source, temporary)
            install_packages(Path(temporary), "npm could not install what tests/bench/package-lock.json lists")
            for file in PACKAGE_FILES:
                shutil.copy(Path(temporary, "node_modules", file), folder)

    return made(paths.CACHE / "bench", digest(*sources, PACKAGE_FILES), install)


@cache
def body(file: Path) -> tuple[bytes, bool]:
    """Return what is sent for a file, and whether it is gzipped."""
    content = file.read_bytes()
    return (compressed(content), True) if file.suffix in GZIPPED else (content, False)


class Line:
    """One line that all connections share: so many bits a second, and so long until an answer begins to arrive."""

    CHUNK = 8192  # bytes that go out at a time, those of each connection in turn

    def __init__(self) -> None:
        self.megabits = 0.0  # a second; 0 for as many as this machine can
        self.latency = 0.0  # seconds
        self._lock, self._free = threading.Lock(), 0.0  # when what was sent before is through

    def send(self, content: bytes, write: Callable[[bytes], object]) -> None:
        """Write some bytes at the line's pace."""
        if not self.megabits:
            write(content)
            return
        time.sleep(self.latency)
        for start in range(0, len(content), self.CHUNK):
            chunk = content[start : start + self.CHUNK]
            with self._lock:
                self._free = max(self._free, time.monotonic()) + 8 * len(chunk) / (1e6 * self.megabits)
                through = self._free
            time.sleep(max(0.0, through - time.monotonic()))
            write(chunk)


class StaticHost(SimpleHTTPRequestHandler):
    """Serve as static hosts do: some types gzipped, the rest as they are; count the bytes that go out."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm, wbufsize = True, -1  # else each answer waits for the browser's acknowledgement of its head
    extensions_map = build.Handler.extensions_map

    def __init__(self, sent: list[int], line: Line, *args: Any, **options: Any) -> None:
        self.sent, self.line = sent, line
        super().__init__(*args, **options)

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        if not file.is_file():
            return self.send_error(404)
        content, is_gzipped = body(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "max-age=600")
        if is_gzipped:
            self.send_header("Content-Encoding", "gzip")
        with suppress(ConnectionError):  # a tab may be closed before it has everything
            self.end_headers()
            self.line.send(content, self._write)
            self.sent.append(len(content))

    def _write(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Host:
    """A server with the folders site, stock (Pyodide and NumPy as published), bench and packages."""

    root: Path
    address: str
    sent: list[int]  # bytes of each file
    line: Line


@pytest.fixture(scope="session")
def host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Serve what the benchmark opens."""
    root = tmp_path_factory.mktemp("host")
    shutil.copytree(site, root / "site")  # a copy, so that a build meanwhile changes nothing
    shutil.copytree(build.node_modules() / "pyodide", root / "stock")
    shutil.copy(build.numpy_wheel(build.node_modules()), root / "stock")
    shutil.copytree(rival_packages(), root / "packages")
    (root / "bench").symlink_to(HERE)
    for file in root.rglob("*"):
        if file.is_file():
            body(file)  # compressed now, not while something is measured
    sent: list[int] = []
    line = Line()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHost, sent, line, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield Host(root, f"http://127.0.0.1:{server.server_port}/", sent, line)
        server.shutdown()


class Tabs:
    """The pages that are open: each in a fresh profile, with the probes in it."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    def __call__(self, path: str) -> Page:
        """Open a path of the host."""
        page = self.browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(path=HERE / "probes.js")
        assert page.goto(self.address + path).ok
        return page

    def close(self) -> None:
        """Close all, so that nothing runs beside what is measured next."""
        for context in self.browser.contexts:
            context.close()


@pytest.fixture(scope="module")
def open_page(browser: Browser, host: Host) -> Iterator[Tabs]:
    """Return a function that opens a page of the host; it has a method that closes all."""
    tabs = Tabs(browser, host.address)
    yield tabs
    tabs.close()
