"""How the page starts, and what it says when a file that it needs is missing, cut short or altered."""

from __future__ import annotations

import pytest
from conftest import serving

READY = "document.documentElement.dataset.state === 'ready'"
SETTLED = "['ready', 'error'].includes(document.documentElement.dataset.state)"
LIMIT = 20_000  # milliseconds, in which the page must know

NUMPY = "pyodide/numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
DIGITNET = "pyodide/digitnet-1.0.0-py3-none-any.whl"
CHECKED = [
    "pyodide/pyodide.mjs",
    "pyodide/pyodide.asm.mjs",
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json",
    NUMPY,
    DIGITNET,
    "data/train-10000-images.gz",
    "data/train-10000-labels.gz",
    "data/test-images.gz",
    "data/test-labels.gz",
]


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
    page.wait_for_function(READY, timeout=LIMIT)
    files = [url for url in asked if url.startswith(server)]
    assert len(files) == len(set(files)), "a file was fetched twice"
    assert not any("50000" in url for url in files)


@pytest.mark.parametrize("fault", [missing, cut_short, altered])
@pytest.mark.parametrize("name", CHECKED)
def test_a_bad_file_is_named_and_retry_works(new_page, site, name, fault):
    faults = {name: fault}
    with serving(site, faults) as address:
        page = new_page(strict=False)
        page.goto(address)
        page.wait_for_function(SETTLED, timeout=LIMIT)
        assert page.evaluate("document.documentElement.dataset.state") == "error"
        assert name in message(page)
        faults.clear()
        page.get_by_role("button", name="Retry").click()
        page.wait_for_function(READY, timeout=LIMIT)
        page.goto("about:blank")
