"""The browser's storage is shared with other sites, can be garbled, full or refused, and may never answer."""

import pytest
from hosting import hosting
from test_page import STORED, says

pytestmark = pytest.mark.slow  # each kind of trouble takes a start of the page

FOREIGN = """new Promise(done => {
  const opening = indexedDB.open("keyval-store");
  opening.onupgradeneeded = () => opening.result.createObjectStore("keyval");
  opening.onsuccess = () => {
    const writing = opening.result.transaction("keyval", "readwrite");
    for (const key of ["network", "runs", "code", "exercises"]) writing.objectStore("keyval").put("another's", key);
    writing.oncomplete = () => { opening.result.close(); localStorage.setItem("digitnet-theme", "x"); done(); };
  };
})"""
FOREIGN_NOW = """new Promise(done => {
  const theme = localStorage.getItem("digitnet-theme");
  const opening = indexedDB.open("keyval-store");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("keyval").objectStore("keyval").getAll();
    asked.onsuccess = () => { opening.result.close(); done([...asked.result, theme]); };
  };
})"""


def test_two_sites_under_one_origin_and_another_application_keep_apart(new_app, site):
    with hosting({"/a/": site, "/b/": site}) as host:
        app = new_app(host.address + "/a/")
        app.page.route("**/blank", lambda route: route.fulfill(body="", content_type="text/html"))
        app.page.goto(host.address + "/blank")
        app.page.evaluate(FOREIGN)
        app.open("#layers=16&epochs=1&data-size=1000")
        app.train()
        app.wait_until(lambda: app.page.evaluate(STORED), what="a stored network")
        dark = app.page.evaluate("document.documentElement.dataset.theme")
        app.page.get_by_role("button", name="Switch between light and dark").click()
        theme = app.page.evaluate("document.documentElement.dataset.theme")
        assert theme != dark

        app.page.goto("about:blank")
        app.url = host.address + "/b/"
        app.open()
        assert app.value("step-count") == 0
        assert app.control("layers").input_value() != "16"
        assert app.page.evaluate("document.documentElement.dataset.theme") is None
        app.set("layers", "20")
        app.wait_until(lambda: app.control("layers").input_value() == "20")

        app.page.goto("about:blank")
        app.url = host.address + "/a/"
        app.open()
        says(app, "Restored")
        assert app.control("layers").input_value() == "16"
        assert app.page.evaluate("document.documentElement.dataset.theme") == theme
        assert app.page.evaluate(FOREIGN_NOW) == ["another's"] * 4 + ["x"]


SILENT = "IDBFactory.prototype.open = () => ({ addEventListener() {} });"
REFUSED = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
FULL = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("fault", [SILENT, *(pytest.param(fault, marks=pytest.mark.slow) for fault in (REFUSED, FULL))])
def test_without_a_storage_that_works_everything_else_does(app, fault):
    app.page.add_init_script(fault)
    app.page.goto(app.url)
    app.wait_for("ready", seconds=20)
    if fault is SILENT:
        says(app, "storage does not answer")
    app.set("data-size", "1000")
    app.set("epochs", "1")
    app.train()
    assert app.value("test-accuracy") > 0.5


GARBLED = """new Promise(done => {
  const name = "digitnet " + new URL(".", location).pathname;
  const opening = indexedDB.open(name);
  opening.onsuccess = () => {
    const writing = opening.result.transaction("keyval", "readwrite");
    const store = writing.objectStore("keyval");
    const junk = ENTRY;
    for (const key of ["runs", "code", "exercises", "networks-aside"]) store.put(junk, key);
    const asked = store.get("network");
    asked.onsuccess = () => store.put({...asked.result, run: junk}, "network");
    writing.oncomplete = () => { opening.result.close(); localStorage.setItem(name + " theme", "junk"); done(); };
  };
})"""
JUNK = [
    "{version: 1, runs: [null, 3, {}], edits: {'network.py': null}, marks: 'abc', attempts: [7], active: 'x'}",
    "{version: 1, runs: {length: 9}, edits: 'abc', marks: null, attempts: null, active: {id: {}}}",
    "new ArrayBuffer(9)",
]


@pytest.mark.parametrize("junk", [JUNK[0], *(pytest.param(junk, marks=pytest.mark.slow) for junk in JUNK[1:])])
def test_garbled_entries_take_nothing_else_with_them(app, junk):
    app.open("#layers=16&epochs=1&data-size=1000")
    app.train()
    app.wait_until(lambda: app.page.evaluate(STORED), what="a stored network")
    shown = app.text("test-accuracy")
    app.page.route("**/blank", lambda route: route.fulfill(body="", content_type="text/html"))
    app.page.goto(app.url + "blank")
    app.page.evaluate(GARBLED.replace("ENTRY", junk))
    app.page.goto(app.url)
    app.wait_for("ready", seconds=20)
    says(app, "Restored")
    assert app.text("test-accuracy") == shown
    app.click("code-open")
    app.wait_until(lambda: app.control("exercise").count() == 1, what="the exercises")
    first = app.control("exercise").locator("option").nth(1).get_attribute("value")
    app.control("exercise").select_option(first)
    app.wait_until(lambda: app.attribute("exercise-state") == "open")
