"""The second visit needs no network."""

import pytest

COPIED = "caches.keys().then(async names => names.length === 1 && !!(await caches.match('manifest.json')))"


@pytest.fixture
def first_visit(app, site, serve):
    """A page whose server has gone away after one visit."""
    with serve(site) as app.url:
        app.page.clock.install()
        app.open()
        app.page.clock.fast_forward(5_000)  # the page copies itself some seconds after its start
        assert app.attribute("offline") in ("", "yes"), "it is said when it is known"
        app.wait_until(lambda: app.attribute("offline") == "yes", what="the copy of the site")
        assert app.page.evaluate(COPIED)
        app.page.goto("about:blank")
    return app


def test_the_second_visit_works_without_a_network(first_visit):
    first_visit.open("#data-size=100&epochs=2")
    first_visit.click("train")
    first_visit.wait_for("done")
    assert first_visit.value("test-accuracy") > 0.1
    first_visit.wait_until(lambda: first_visit.attribute("offline") == "yes", what="to hear of the copy again")
