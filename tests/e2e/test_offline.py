"""The next visit needs no network, and never runs a mixture of two versions of the site."""

import json

import pytest
from hosting import hosting, next_version
from test_page import says

pytestmark = pytest.mark.slow  # copies are made, broken and mended

VERSIONS = "[globalThis.siteVersion ?? 1]"
# What is wrong with the copies of this site; "absent" where there is none that counts.
WRONG = """async () => {
  const site = new URL(".", location).href, found = [];
  const names = (await caches.keys()).filter(name => name.startsWith(`digitnet ${site} `));
  for (const name of names) {
    const cache = await caches.open(name);
    const manifest = await (await cache.match(site + "manifest.json"))?.json();
    if (!manifest) return ["absent"];
    for (const [path, {sha256}] of Object.entries(manifest.files)) {
      if (/50000|[.]map$|^sw[.]js$/.test(path)) continue;
      const response = await cache.match(site + path);
      const content = await (response ?? new Response()).arrayBuffer();
      const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
      if (Array.from(hash, byte => byte.toString(16).padStart(2, "0")).join("") !== sha256) found.push(path);
    }
  }
  return names.length === 1 ? found : names;
}"""


def down(path):
    return 500, "text/plain", b"The server is down."


def portal(path):
    return 200, "text/html", b"<!doctype html><title>Log in to this network</title>"


def wait_for_copy(app):
    app.wait_until(lambda: app.attribute("offline") == "yes", what="the copy of the site")


def versions(app):
    """Which versions of the page and of the worker run."""
    app.wait_for("ready", seconds=30)
    workers = [worker.evaluate(VERSIONS) for worker in app.page.workers if worker.url.endswith("worker.js")]
    return [app.page.evaluate(VERSIONS), *workers]


def visit(app):
    """Come again, from elsewhere."""
    app.page.goto("about:blank")
    app.page.goto(app.url)
    return versions(app)


@pytest.fixture
def host(site):
    with hosting({"/a/": site}) as host:
        yield host


@pytest.fixture
def app(new_app, host):
    return new_app(host.address + "/a/", strict=False)


def test_a_deploy_between_visit_and_copy_makes_no_mixture_and_no_bad_answer_wins(app, host, site, tmp_path):
    app.open()
    host.sites["/a/"] = next_version(site, tmp_path / "new", 2)  # the copy is made seconds later
    assert app.attribute("offline") in ("", "yes"), "it is said when it is known"
    wait_for_copy(app)
    assert app.page.evaluate(WRONG) == []
    for fault in (down, portal):
        host.fault = fault
        assert visit(app) == [[2], [2]]
    app.page.context.set_offline(True)
    assert visit(app) == [[2], [2]]
    app.open("#data-size=100&epochs=2")
    app.train()
    assert app.value("test-accuracy") > 0.1


@pytest.mark.slow
def test_a_new_version_is_seen_at_once_and_a_broken_one_never_replaces_the_copy(app, host, site, tmp_path):
    app.open()
    wait_for_copy(app)
    host.sites["/a/"] = next_version(site, tmp_path / "new", 2)
    host.fault = lambda path: down(path) if path.endswith("lesson.json") else None
    app.page.reload()
    assert versions(app) == [[2], [2]]
    wait_for_copy(app)  # the older one
    assert "/a/page-000000000002/lesson.json" in host.asked
    host.fault = down
    assert visit(app) == [[1], [1]]
    host.fault = lambda path: None
    app.page.reload()
    assert versions(app) == [[2], [2]]
    wait_for_copy(app)
    app.wait_until(lambda: app.page.evaluate(WRONG) == [], what="one whole copy")
    host.fault = down
    assert visit(app) == [[2], [2]]


SPOIL = """async () => {
  const [name] = (await caches.keys()).filter(name => name.startsWith("digitnet "));
  const cache = await caches.open(name), keys = await cache.keys();
  const find = end => keys.find(({url}) => url.endsWith(end));
  await cache.delete(find("numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl.gz"));
  await cache.put(find("worker.js"), new Response("altered", {headers: {"content-type": "text/javascript"}}));
  if (BROKEN_OFF) await cache.delete(find("manifest.json"));
}"""


@pytest.mark.slow
@pytest.mark.parametrize("broken_off", [True, False])
def test_a_copy_that_is_broken_off_altered_or_evicted_in_part_is_repaired(app, broken_off):
    app.open()
    wait_for_copy(app)
    app.page.evaluate(SPOIL.replace("BROKEN_OFF", json.dumps(broken_off)))
    assert app.page.evaluate(WRONG) != []
    app.page.goto("about:blank")
    app.page.goto(app.url, wait_until="commit")
    app.wait_until(lambda: app.page.evaluate(WRONG) == [], what="the repaired copy")


@pytest.mark.slow
def test_an_old_tab_goes_on_and_takes_nothing_of_a_newer_version(app, host, site, tmp_path):
    app.open("#data-size=1000&epochs=1")
    host.sites["/a/"] = next_version(site, tmp_path / "new", 2)
    second = app.page.context.new_page()
    second.goto(app.url)
    second.reload()  # the browser may have kept the old page, and all of it
    second.wait_for_selector("html[data-state=ready]", state="attached")
    assert second.evaluate(VERSIONS) == [2]
    wait_for_copy(app)
    app.train()
    app.click("code-open")
    says(app, "has been updated", "Reload")
    app.lose_python()
    app.wait_for("error")
    with app.page.expect_navigation():
        app.page.get_by_role("button", name="Retry").click()
    assert versions(app) == [[2], [2]]
    says(app, "Restored")


@pytest.mark.slow
def test_all_training_images_are_there_without_a_network_once_they_were_asked_for(app, host):
    app.open("#data-size=60000")
    app.wait_until(lambda: "60,000" in app.text("offline"), what="the copy with all training images")
    host.fault = down
    app.page.goto("about:blank")
    app.open("#data-size=60000&epochs=1&layers=")
    app.click("step")
    app.wait_for("paused")
    assert app.control("data-size").input_value() == "60000"


@pytest.mark.slow
def test_copies_of_two_sites_and_other_caches_are_left_alone(app, host, site):
    host.sites["/b/"] = site
    app.page.route("**/blank", lambda route: route.fulfill(body="", content_type="text/html"))
    app.page.goto(host.address + "/blank")
    app.page.evaluate("caches.open('digitnet').then(cache => cache.put('/x', new Response('theirs')))")
    for path in ("/a/", "/b/"):
        app.url = host.address + path
        app.page.goto("about:blank")
        app.open()
        wait_for_copy(app)
        assert app.page.evaluate(WRONG) == []
    names = app.page.evaluate("caches.keys()")
    assert len(names) == 3
    assert "digitnet" in names
    host.fault = down
    for path in ("/a/", "/b/"):
        app.url = host.address + path
        assert visit(app) == [[1], [1]]
