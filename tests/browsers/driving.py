"""Other browsers than Chromium, driven by W3C's WebDriver.

WebKit's driver speaks it over HTTP. Firefox understands the same commands on a socket of its own, Marionette, which
geckodriver would only translate to; that program is in no package, and Playwright drives its own Firefox alone.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id, fixed by the standard
START = 30  # seconds a browser has to start
ANSWER = 120  # seconds it has to answer

INSTALL = {
    "firefox": "apt-get install -y --no-install-recommends firefox-esr",
    "webkit": "apt-get install -y --no-install-recommends webkit2gtk-driver xvfb",
}
FIREFOX = ("firefox-esr", "firefox")
MINI_BROWSERS = "*/webkit2gtk-4.*/MiniBrowser"  # in /usr/lib; the package of the driver brings its library along

# Marionette's name of each command, its path under a WebDriver session, and the HTTP method.
COMMANDS = {
    "navigate": ("WebDriver:Navigate", "url", "POST"),
    "run": ("WebDriver:ExecuteAsyncScript", "execute/async", "POST"),
    "find": ("WebDriver:FindElement", "element", "POST"),
    "type": ("WebDriver:ElementSendKeys", "element/{id}/value", "POST"),
    "click": ("WebDriver:ElementClick", "element/{id}/click", "POST"),
    "act": ("WebDriver:PerformActions", "actions", "POST"),
    "timeouts": ("WebDriver:SetTimeouts", "timeouts", "POST"),
    "size": ("WebDriver:SetWindowRect", "window/rect", "POST"),
    "picture": ("WebDriver:TakeScreenshot", "screenshot", "GET"),
}


class DriverError(Exception):
    """A browser has refused a command."""


class Marionette:
    """Firefox's own socket: each message is its length, a colon and JSON."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER)
        self.stream = self.socket.makefile("rb")
        self.count = 0
        self._receive()  # its greeting
        self._ask("WebDriver:NewSession", {})

    def _receive(self) -> Any:
        length = b""
        while (character := self.stream.read(1)) != b":":
            if not character:
                raise DriverError("Firefox has gone.")
            length += character
        return json.loads(self.stream.read(int(length)))

    def _ask(self, name: str, parameters: dict[str, Any]) -> Any:
        self.count += 1
        message = json.dumps([0, self.count, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise DriverError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def send(self, command: str, **parameters: Any) -> Any:
        return self._ask(COMMANDS[command][0], parameters)

    def close(self) -> None:
        self._ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self.stream.close()
        self.socket.close()


class Http:
    """A WebDriver that is a server."""

    def __init__(self, address: str, capabilities: dict[str, Any]) -> None:
        self.address = f"{address}/session"
        session = self._ask("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
        self.address += f"/{session['sessionId']}"

    def _ask(self, method: str, path: str, parameters: dict[str, Any] | None = None) -> Any:
        body = None if parameters is None else json.dumps(parameters).encode()
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=ANSWER) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                value = json.load(error)["value"]
            raise DriverError(f"{path}: {value['error']}: {value['message']}") from None

    def send(self, command: str, **parameters: Any) -> Any:
        _, path, method = COMMANDS[command]
        body = None if method == "GET" else parameters
        return self._ask(method, "/" + path.format(id=parameters.get("id")), body)

    def close(self) -> None:
        self._ask("DELETE", "")


class Tab:
    """A browser's one tab."""

    def __init__(self, driver: Marionette | Http) -> None:
        self.driver = driver
        driver.send("timeouts", script=ANSWER * 1000, pageLoad=ANSWER * 1000)
        driver.send("size", width=1280, height=900)

    def goto(self, address: str) -> None:
        self.driver.send("navigate", url=address)

    def evaluate(self, expression: str, *arguments: Any) -> Any:
        """The value of an expression, or of the promise that it is; `arguments` holds the arguments."""
        script = f"""
            const done = arguments[arguments.length - 1];
            const failed = (error) => done([false, String(error)]);
            (async () => ({expression}))().then((value) => done([true, value ?? null]), failed);
        """
        is_well, value = self.driver.send("run", script=script, args=list(arguments))
        if not is_well:
            raise DriverError(f"{expression}: {value}")
        return value

    def find(self, selector: str) -> str:
        return self.driver.send("find", using="css selector", value=selector)[ELEMENT]

    def click(self, selector: str) -> None:
        self.driver.send("click", id=self.find(selector))

    def type(self, selector: str, text: str) -> None:
        """Type into a field; into one that takes files, the path of a file."""
        self.driver.send("type", id=self.find(selector), text=text)

    def draw(self, points: list[tuple[float, float]]) -> None:
        """Draw one stroke with the mouse through points of the window."""
        moves = [{"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y)} for x, y in points]
        down, up = ({"type": f"pointer{way}", "button": 0} for way in ("Down", "Up"))
        actions = [moves[0], down, *moves[1:], up]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.driver.send("act", actions=[mouse])

    def screenshot(self) -> bytes:
        return base64.b64decode(self.driver.send("picture"))


def wait_for(condition: Any, what: str) -> Any:
    """Ask until the answer is true."""
    late = time.monotonic() + START
    while not (answer := condition()):
        if time.monotonic() > late:
            raise DriverError(f"{what} did not start within {START} s")
        time.sleep(0.05)
    return answer


@contextmanager
def process(*command: str, environment: dict[str, str] | None = None, **options: Any) -> Iterator[subprocess.Popen]:
    """Run a program while the block runs."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=os.environ | (environment or {}), **(quiet | options)) as running:
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def firefox(program: str, folder: Path) -> Iterator[Tab]:
    preferences = {
        "marionette.port": 0,
        "browser.download.folderList": 2,  # downloads go to the folder below, unasked
        "browser.download.dir": str(folder),
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.update.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (folder / "user.js").write_text("\n".join(lines))
    command = (program, "--headless", "--marionette", "--no-remote", "--profile", str(folder))
    with process(*command, environment={"HOME": str(folder)}):
        file = folder / "MarionetteActivePort"
        driver = Marionette(int(wait_for(lambda: file.exists() and file.read_text(), "Firefox")))
        yield Tab(driver)
        driver.close()


@contextmanager
def webkit(program: str, folder: Path) -> Iterator[Tab]:
    with ExitStack() as stack:
        reading, writing = os.pipe()
        display = ("Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
        stack.enter_context(process(*display, pass_fds=[writing]))
        os.close(writing)
        with open(reading) as numbers:
            number = numbers.readline().strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        own = {"DISPLAY": f":{number}", "HOME": str(folder), "XDG_DATA_HOME": str(folder), "GDK_BACKEND": "x11"}
        stack.enter_context(process(program, f"--port={port}", environment=own))

        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_for(answers, "WebKit's driver")
        options = {"binary": str(next(Path("/usr/lib").glob(MINI_BROWSERS))), "args": ["--automation"]}
        driver = Http(f"http://127.0.0.1:{port}", {"webkitgtk:browserOptions": options})
        yield Tab(driver)
        driver.close()


def found(name: str) -> str | None:
    """The path of the program that starts or drives a browser; None where it is not installed."""
    if name == "firefox":
        return next(filter(None, map(shutil.which, FIREFOX)), None)
    return shutil.which("WebKitWebDriver") if shutil.which("Xvfb") else None


STARTS = {"firefox": firefox, "webkit": webkit}
