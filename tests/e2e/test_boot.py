"""How the page starts, and what it says when a file that it needs is missing, cut short or altered."""

from __future__ import annotations

import threading

import pytest
from hosting import hosting

READY = "html[data-state=ready]"
SETTLED = ":is(html[data-state=ready], html[data-state=error])"
PLAIN_HTTP = "digitnet.test"  # a name for this machine that browsers trust no more than any other
LIMIT = 20_000  # milliseconds, in which the page must know

NUMPY = "pyodide/numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl.gz"
DIGITNET = "pyodide/digitnet-1.0.0-py3-none-any.whl.gz"
CHECKED = [
    "pyodide/pyodide.mjs",
    "pyodide/pyodide.asm.mjs",
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip.gz",
    "pyodide/pyodide-lock.json",
    NUMPY,
    DIGITNET,
    "data/train-10000-images.gz",
    "data/train-10000-labels.gz",
]
AFTERWARDS = {"data/test-images.gz", "data/test-labels.gz"}


def missing(data):
    return None


def cut_short(data):
    return data[: len(data) // 2]


def altered(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def message(page):
    return page.get_by_test_id("message").text_content()


def test_boots_under_a_sub_path_without_a_complaint(page, server):
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(server)
    page.wait_for_selector(READY, state="attached", timeout=LIMIT)
    files = [url.removeprefix(server) for url in asked if url.startswith((server + "pyodide/", server + "data/"))]
    before = [file for file in files if file not in AFTERWARDS]
    assert sorted(before) == sorted(CHECKED)  # each once, and nothing that is not needed yet
    page.locator("[data-testid=prediction]:not([data-value=''])").wait_for()  # the digit on the pad is read


@pytest.mark.slow
def test_a_system_without_a_language_is_no_error(page, server):
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'language', { get: () => 'C' })")
    assert state_and_message(page, server) == ("ready", "")


def state_and_message(page, address):
    page.goto(address)
    page.wait_for_selector(SETTLED, state="attached", timeout=LIMIT)
    return page.evaluate("document.documentElement.dataset.state"), page.get_by_test_id("message").text_content()


def retry(page):
    page.get_by_role("button", name="Retry").click()
    page.wait_for_selector(READY, state="attached", timeout=3 * LIMIT)


# Every file missing, and one of each kind (code, engine, wheel, shard) spoilt: each case takes a start of the page.
KINDS = ["pyodide/pyodide.mjs", "pyodide/pyodide.asm.wasm", DIGITNET, "data/train-10000-images.gz"]
COMMON = [("pyodide/pyodide.asm.wasm", missing)]
BAD_FILES = [
    *((name, fault) for fault in (missing, altered, cut_short) for name in KINDS),
    *((name, missing) for name in CHECKED if name not in KINDS),
]


def rare(cases, common):
    """Leave all cases but the common ones to those who ask for the slow tests: each starts the page anew."""
    return [case if case in common else pytest.param(*case, marks=pytest.mark.slow) for case in cases]


@pytest.mark.parametrize(("name", "fault"), rare(BAD_FILES, COMMON))
def test_a_bad_file_is_named_and_retry_works(new_page, spoilt_server, name, fault):
    address, faults = spoilt_server
    faults[name] = fault
    page = new_page(strict=False)
    state, message = state_and_message(page, address)
    assert state == "error"
    assert name in message
    if fault is missing and name in KINDS:
        faults.clear()
        retry(page)


def altered_at_the_end(data):  # where there is no code
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.slow
@pytest.mark.parametrize("fault", [pytest.param(cut_short, marks=pytest.mark.slow), altered_at_the_end])
def test_an_engine_damaged_on_its_way_is_fetched_anew(new_page, spoilt_server, fault):
    """A damaged one that compiles may be running when that is found out; one that does not compile never runs."""
    address, faults = spoilt_server
    asked = []

    def at_first(data):
        asked.append(data)
        return fault(data) if len(asked) == 1 else data

    faults["pyodide/pyodide.asm.wasm"] = at_first
    page = new_page(strict=False)
    state, message = state_and_message(page, address)
    if fault is cut_short:
        assert state == "ready"
    else:
        assert state == "error"
        assert "pyodide/pyodide.asm.wasm was damaged" in message
        retry(page)
    assert len(asked) >= 2


NO_PYTHON = "The part of the page that runs Python stopped or did not load."
BAD_PAGE_FILES = [
    ("worker.js", missing, NO_PYTHON),
    ("worker.js", cut_short, NO_PYTHON),
    ("main.js", missing, "A file of the page did not load."),
    ("main.js", cut_short, "A file of the page is damaged"),
    ("style.css", missing, "A file of the page did not load."),
    ("style.css", cut_short, "The page's style sheet did not arrive whole."),
]


@pytest.mark.parametrize(("name", "fault", "sentence"), rare(BAD_PAGE_FILES, BAD_PAGE_FILES[::3]))
def test_a_bad_module_of_the_page_is_an_error_too(new_page, spoilt_server, name, fault, sentence):
    address, faults = spoilt_server
    faults[name] = fault
    page = new_page(strict=False)
    state, message = state_and_message(page, address)
    assert state == "error"
    assert sentence in message
    if fault is missing and name in ("worker.js", "main.js"):
        faults.clear()
        retry(page)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pyodide/pyodide.asm.wasm", "data/train-10000-images.gz"])
def test_a_file_that_stops_arriving_is_named(new_page, spoilt_server, stalled, name):
    address, faults = spoilt_server
    faults[name] = stalled
    state, message = state_and_message(new_page(strict=False), address)
    assert state == "error"
    assert name in message


@pytest.mark.slow
def test_experiments_that_stop_arriving_do_not_hold_up_the_rest(new_page, spoilt_server, stalled):
    address, faults = spoilt_server
    faults["experiments.js"] = stalled
    state, message = state_and_message(new_page(strict=False), address)
    assert state == "ready"
    assert "experiments could not be loaded" in message


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pyodide/pyodide.asm.wasm", DIGITNET, "data/train-10000-images.gz"])
def test_a_silent_line_is_told_after_a_few_seconds_and_retry_loses_nothing(new_page, spoilt_server, stalled, name):
    address, faults = spoilt_server
    faults[name] = stalled
    page = new_page(strict=False)
    page.goto(address + "#layers=40", wait_until="commit")
    page.get_by_test_id("clear").click()
    box = page.get_by_test_id("draw").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 200, steps=3)
    page.mouse.up()
    told = page.get_by_test_id("message").filter(has_text="Nothing has arrived for three seconds")
    told.filter(has_text=name).wait_for(timeout=8_000)
    assert page.evaluate("document.documentElement.dataset.state") == "loading"
    faults.clear()
    retry(page)
    assert "Nothing" not in message(page)
    assert page.get_by_test_id("layers").input_value() == "40"
    page.locator("[data-testid=prediction]:not([data-value=''])").wait_for()


@pytest.mark.slow
def test_a_line_that_goes_on_after_a_silence_needs_no_retry(new_page, spoilt_server):
    address, faults = spoilt_server
    over = threading.Event()
    name = "data/train-10000-images.gz"

    def late(data):
        over.wait(timeout=30)
        return data

    faults[name] = late
    page = new_page(strict=False)
    page.goto(address, wait_until="commit")
    page.get_by_test_id("message").filter(has_text="Nothing has arrived").wait_for(timeout=12_000)
    over.set()
    page.wait_for_selector(READY, state="attached", timeout=LIMIT)
    assert message(page) == ""


WATCH_BAR = """addEventListener("DOMContentLoaded", () => {
  window.shares = [];
  const note = () => {
    if (document.documentElement.dataset.state !== "loading") return;
    shares.push([document.getElementById("stage").textContent, Number(document.getElementById("fill").ariaValueNow)]);
  };
  new MutationObserver(note).observe(document.getElementById("fill"), {attributeFilter: ["aria-valuenow"]});
});"""


def test_the_progress_bar_shows_the_bytes_on_the_line(new_page, site):
    """It grows from nothing to all, whatever is waited for, and its megabytes are those that were transferred."""
    page = new_page()
    page.add_init_script(WATCH_BAR)
    with hosting({"/": site}) as host:
        page.goto(host.address + "/")
        page.wait_for_selector(READY, state="attached", timeout=LIMIT)
    shown = page.evaluate("shares")
    shares = [share for _, share in shown]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    page.close()


HEIGHT = """frames => new Promise(done => {
  const height = () => document.querySelector(".network-canvas").height;
  const before = height();
  const wait = left => requestAnimationFrame(() => left ? wait(left - 1) : done([before, height()]));
  wait(frames);
})"""


def test_without_its_style_sheet_the_page_does_not_grow(new_page, spoilt_server):
    """The height of the network's canvas must not follow from itself."""
    address, faults = spoilt_server
    faults["style.css"] = missing
    page = new_page(strict=False)
    assert state_and_message(page, address)[0] == "error"
    page.wait_for_selector(".network-canvas", state="attached")
    before, after = page.evaluate(HEIGHT, 30)
    assert before == after


@pytest.mark.slow
def test_a_style_sheet_that_stops_arriving_is_an_error_with_retry(new_page, spoilt_server, stalled):
    address, faults = spoilt_server
    faults["style.css"] = stalled
    page = new_page(strict=False)
    page.goto(address, wait_until="commit")
    page.wait_for_selector(SETTLED, state="attached", timeout=LIMIT)
    page.get_by_role("button", name="Retry").wait_for(timeout=LIMIT)
    assert "did not load" in message(page)
    faults.clear()
    retry(page)


@pytest.mark.parametrize(
    "fault", [missing, *(pytest.param(fault, marks=pytest.mark.slow) for fault in (cut_short, altered))]
)
def test_without_the_kernel_numpy_goes_on_and_says_so(new_page, spoilt_server, fault):
    address, faults = spoilt_server
    faults["kernel.wasm"] = fault
    page = new_page(strict=False)
    state, message = state_and_message(page, address)
    assert state == "ready"
    assert page.get_by_test_id("kernel").get_attribute("data-value") == "numpy"
    assert "kernel.wasm" in message


@pytest.mark.slow
def test_a_page_over_plain_http_checks_its_files_in_python(new_page, spoilt_server):
    """On a local network browsers have no `crypto.subtle`; the hashes are Python's work then."""
    address, faults = spoilt_server
    address = address.replace("127.0.0.1", PLAIN_HTTP)
    page = new_page(strict=False)
    faults["kernel.wasm"] = altered
    state, message = state_and_message(page, address)
    assert not page.evaluate("isSecureContext")
    assert state == "ready", "the other files are as they were published, and the kernel can be done without"
    assert "kernel.wasm" in message
    faults["data/train-10000-labels.gz"] = altered
    state, message = state_and_message(page, address)
    assert state == "error"
    assert "data/train-10000-labels.gz" in message
