"""What tests share: the built site, a server for it, a browser, and MNIST for native use."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

# Products as small as these gain nothing from several threads, and lose much where other processes want the cores.
# NumPy reads this when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1]))

import build

# How long an example takes depends on the machine; fifty new ones come with each run.
hypothesis.settings.register_profile("digitnet", deadline=None, max_examples=50)
hypothesis.settings.load_profile("digitnet")


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over the tests themselves, thousands of objects that stay to the end."""
    gc.collect()
    gc.freeze()


SUB_PATH = "/any/sub/path/"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
FLAGS = [
    *(["--no-sandbox"] if IS_ROOT else []),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-quic", "--host-resolver-rules=MAP digitnet.test 127.0.0.1"),
]
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# A fault takes a file's bytes and returns what the server sends instead, or None for "not found".
Fault = Callable[[bytes], bytes | None]


class Stalled(bytes):
    """The bytes after which the server falls silent, though it has promised one more."""


class SubPathHandler(build.Handler):
    """Serve a site below SUB_PATH and nowhere else, some files of it spoilt."""

    def __init__(self, faults: dict[str, Fault], *args: Any, **options: Any) -> None:
        self.faults = faults
        super().__init__(*args, **options)

    def do_GET(self) -> None:  # noqa: N802 (the base class calls it so)
        if not self.path.startswith(SUB_PATH):
            return self.send_error(404)
        name = self.path.removeprefix(SUB_PATH).partition("?")[0] or "index.html"
        self.path = "/" + name
        plain = re.sub(r"^page-\w+/", "", name)  # the folder is named after what is in it
        if plain not in self.faults:
            return super().do_GET()
        body = self.faults[plain](Path(self.translate_path(self.path)).read_bytes())
        if body is None:
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(self.path))
        is_stalled = isinstance(body, Stalled)
        self.send_header("Content-Length", str(len(body) + is_stalled))
        self.end_headers()
        self.wfile.write(body)
        if is_stalled:
            self.wfile.flush()
            self.server.over.wait()  # type: ignore[attr-defined]


@contextmanager
def serving(folder: Path, faults: dict[str, Fault] | None = None) -> Iterator[str]:
    """Serve a folder on a free port of this machine while the block runs; yield its address."""
    handler = partial(SubPathHandler, faults if faults is not None else {}, directory=str(folder))
    with build.Server(0, handler) as server:
        server.over = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
        finally:
            server.over.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the site, built if need be."""
    return build.build_site()


@pytest.fixture(scope="session")
def server(site: Path) -> Iterator[str]:
    """The address of the site."""
    with serving(site) as address:
        yield address


@pytest.fixture
def spoilt_server(site: Path) -> Iterator[tuple[str, dict[str, Fault]]]:
    """The address of the site on a server of its own, and what is wrong with which file: nothing yet."""
    faults: dict[str, Fault] = {}
    with serving(site, faults) as address:
        yield address, faults


@pytest.fixture(scope="session")
def serve() -> Callable[[Path], AbstractContextManager[str]]:
    """What serves a folder while a block runs, for a test whose server goes away."""
    return serving


@pytest.fixture
def stalled() -> Fault:
    """The fault of a file that stops arriving in its middle."""
    return lambda data: Stalled(data[: len(data) // 2])


@pytest.fixture(scope="session")
def mnist() -> Path:
    """The folder with MNIST's four files."""
    return build.mnist()


def launch(playwright: Playwright) -> Browser | None:
    """Start Playwright's Chromium, or else the system's; return None where there is neither."""
    try:
        return playwright.chromium.launch(args=FLAGS)
    except Error as error:
        if "Executable doesn't exist" not in error.message:
            raise
    for name in SYSTEM_BROWSERS:
        if path := shutil.which(name):
            return playwright.chromium.launch(executable_path=path, args=FLAGS)
    return None


def install_chromium() -> None:
    """Try to install a Chromium: Playwright's, else Debian's package where root may. Never ask for a password."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}

    def succeeds(*command: str) -> bool:
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode == 0

    playwright = (sys.executable, "-m", "playwright")
    if succeeds(*playwright, "install", "chromium"):
        if IS_ROOT or os.environ.get("CI"):
            succeeds(*playwright, "install-deps", "chromium")
    elif IS_ROOT and shutil.which("apt-get"):
        succeeds("apt-get", "update", "-q")
        succeeds("apt-get", "install", "-y", "-q", "chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium, installed if there is none."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        if browser is None:
            install_chromium()
            browser = launch(playwright)
        if browser is None:
            pytest.fail(
                "No Chromium was found: install one with `playwright install chromium` or your system's packages."
            )
        yield browser
        browser.close()


@contextmanager
def tabs(browser: Browser) -> Iterator[tuple[Callable[..., Page], list[str]]]:
    """Yield a function that opens a tab with a fresh profile, and the list of what went wrong in the tabs so far.

    A tab opened with `strict` (the default) notes there what it writes to the console as an error and whom it asks
    besides this machine. What the page's policy refuses is an error too; `wait_for_function` is, because it evaluates a
    text in the page again and again, where `evaluate` asks the browser to.
    """
    contexts, problems = [], []

    def open_page(*, strict: bool = True, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        if strict:
            own = ("http://127.0.0.1:", "data:", "blob:")
            page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: problems.append(str(error)))
            context.on("request", lambda asked: None if asked.url.startswith(own) else problems.append(asked.url))
        return page

    yield open_page, problems
    for context in contexts:
        context.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a tab with a fresh profile; the test fails over a problem in a strict one."""
    with tabs(browser) as (open_page, problems):
        yield open_page
    assert problems == []


@pytest.fixture(scope="session")
def shared_tabs(browser: Browser) -> Iterator[tuple[Callable[..., Page], list[str]]]:
    """What opens tabs that several tests share, and their problems: each test has to look at those itself."""
    with tabs(browser) as (open_page, problems):
        yield open_page, problems
    assert problems == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A tab that must stay free of console errors and foreign requests."""
    return new_page()
