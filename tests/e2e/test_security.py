"""What the page's policy allows is enough for all that it does, and names are data wherever they come from."""

import re
from urllib.parse import quote

import pytest
from hosting import hosting
from test_page import upload

from sitebuilder.policy import policy

MARKUP = '"><img src=x onerror=window.hacked=1><script>window.hacked=1</script>'


def policy_in(site):
    return re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', (site / "index.html").read_text())[1]


def test_the_policy_forbids_what_is_not_needed(site):
    """No inline script but those whose hashes are named, no eval but WebAssembly's, no foreign host."""
    found = policy_in(site)
    assert "'unsafe-inline'" not in found
    assert not re.search(r"(?<!wasm-)unsafe-eval|unsafe-hashes|https?:|\*", found)
    assert found.startswith("default-src 'none'; ")
    assert policy((site / "licenses.html").read_text()) in (site / "licenses.html").read_text()


@pytest.mark.slow
def test_everything_works_under_the_policy_as_a_header_too(new_page, new_app, site):
    """The worker is bound by a header only. What the browser refuses is an error in the console and fails the test."""
    with hosting({"/a/": site}) as host:
        host.headers["Content-Security-Policy"] = policy_in(site)
        app = new_app(host.address + "/a/")
        app.open("#data-size=1000&epochs=1")
        app.train()
        app.click("code-open")
        app.wait_until(lambda: app.control("code-file").count() == 1, what="the editor")
        editor = app.control("code-editor")
        app.wait_until(lambda: editor.locator(".cm-content").count() == 1, what="the text")
        shown = editor.locator(".cm-scroller").evaluate("box => [getComputedStyle(box).display, box.scrollWidth > 0]")
        assert shown == ["flex", True], "the editor has its own styles"
        assert editor.locator(".cm-content").evaluate("box => getComputedStyle(box).whiteSpace").startswith("pre")
        app.page.keyboard.press("Control+f")
        app.click("code-diff")
        app.show("Slow motion")
        app.click("trace")
        app.wait_until(
            lambda: app.control("trace-line").get_attribute("data-count") not in ("", None), what="the trace"
        )
        host.headers.clear()  # that page has a style of its own, and a policy for it
        app.page.goto(host.address + "/a/licenses.html")
        assert app.page.locator("body").evaluate("body => getComputedStyle(body).maxWidth") == "800px"


@pytest.mark.slow
def test_a_host_that_refuses_scripts_in_the_page_has_a_page_that_works(new_app, site):
    with hosting({"/a/": site}) as host:
        host.headers["Content-Security-Policy"] = re.sub(r" 'sha256-[^']*'", "", policy_in(site))
        app = new_app(host.address + "/a/", strict=False)
        app.open("#data-size=1000&epochs=1")
        app.train()


@pytest.mark.slow
def test_what_stands_in_files_addresses_and_names_is_never_markup(app):
    """A hostile text in each place that the page shows: none becomes an element or runs."""
    quoted = quote(MARKUP)
    app.open(f"#title={quoted}&task={quoted}&x{quoted}={quoted}&epochs=1&data-size=1000")
    name = MARKUP.replace("/", "")
    rows = "\n".join(f"{i % 10}," + ",".join(["200"] * 784) for i in range(40))
    upload(app, "load-data", (f"{name}.csv", rows.encode()))
    app.wait_until(lambda: app.control("data-size").input_value() == "own")
    names = app.page.get_by_label("Names of the ten classes", exact=False)
    names.evaluate("element => { element.closest('details').open = true; }")
    names.fill(",".join(["<img src=x>", *"bcdefghij"]))
    names.press("Enter")
    app.wait_until(lambda: app.control("probabilities").locator("b").first.text_content() == "<img src=x>")
    app.train()
    app.show("Runs")
    run = app.page.get_by_label("Name of run").first
    run.fill(MARKUP)
    run.press("Enter")
    upload(app, "load-data", (f"{name}.csv", b"no images"))
    app.wait_until(lambda: "<script>" in app.text("message"), what="a message with the file's name")
    assert app.page.evaluate("window.hacked") is None
    assert app.page.locator("img[src=x], [onerror], main script:not([src])").count() <= 1, "the page's own"
