"""Wrong? Teach it: drawings are labelled, learned, undone, kept, exported and imported."""

import pytest
from test_drawing import ONE, SEVEN

FIGURES = ["data-own-before", "data-own-after", "data-test-before", "data-test-after"]
CROSSED = [*SEVEN, [(-0.4, 0.1), (0.35, 0.0)]]


@pytest.fixture(scope="module")
def started(shared_app):
    """A network that trains in no time, in a tab that the tests of this module share."""
    app = shared_app(accept_downloads=True)
    app.open("#epochs=2")
    app.train()
    return app


@pytest.fixture
def app(started):
    yield started
    while count(started):
        started.page.locator("[data-testid=taught] button").first.click()
    started.control("rehearse").set_checked(True)


def count(app):
    return app.page.locator("[data-testid=taught] > *").count()


def labels(app):
    return app.control("taught").evaluate("list => [...list.children].map(child => child.dataset.label)")


def label(app, digit):
    before = labels(app)
    app.page.locator(f"[data-testid=teach] [data-digit='{digit}']").click()
    app.wait_until(lambda: labels(app) != before, what="a labelled drawing")


def draw(app, strokes, digit):
    app.clear()
    app.draw(strokes)
    label(app, digit)


def moved(strokes, by):
    return [[(x + by * y, y + by * x) for x, y in stroke] for stroke in strokes]


def learn(app):
    app.click("teach-run")
    app.wait_until(lambda: all(figures(app)), what="figures")
    app.wait_for("done")


def figures(app):
    return [app.attribute_of("teach-result", name) for name in FIGURES]


def test_drawings_are_learned_with_figures_and_undone(app):
    for i in range(3):
        draw(app, moved(CROSSED, 0.1 * i), 7)
        draw(app, moved(ONE, 0.1 * i), 1)
    assert labels(app) == list("717171")
    assert app.control("rehearse").is_checked()
    assert app.control("teach-undo").is_disabled()
    before = app.value("test-accuracy")
    app.click("teach-run")
    assert figures(app) == [None] * 4, "absent from the press until it is finished"
    app.wait_for("training")
    app.wait_for("done")
    assert app.page.evaluate("document.activeElement.dataset.testid") == "teach-run"
    own_before, own_after, test_before, test_after = map(float, figures(app))
    assert own_after >= own_before
    assert own_after > 0.8
    assert test_before == before
    assert test_after == app.value("test-accuracy") > before - 0.02
    assert "held back in turn (6 of 6)" in app.text("teach-result")
    assert "learning your drawings" in app.page.locator("#score-when").text_content()
    app.click("teach-undo")
    app.wait_until(lambda: app.value("test-accuracy") == before)
    assert app.control("teach-undo").is_disabled()
    assert figures(app) == [None] * 4
    assert app.state() == "done"


@pytest.mark.slow
def test_without_rehearsal_it_says_what_was_forgotten(app):
    before = app.value("test-accuracy")
    draw(app, CROSSED, 7)
    draw(app, ONE, 7)
    app.control("rehearse").set_checked(False)
    learn(app)
    assert float(figures(app)[3]) < before - 0.2
    assert "Without rehearsal it forgot how others write" in app.text("teach-result")
    assert "The 2 drawings that it learned" in app.text("teach-result")
    app.click("teach-undo")
    app.wait_until(lambda: app.value("test-accuracy") == before)


@pytest.mark.slow
def test_pause_stops_the_learning_and_leaves_the_network_as_it_was(app):
    before = app.value("test-accuracy")
    draw(app, CROSSED, 7)
    app.click("teach-run")
    app.wait_for("training")
    app.click("train")
    app.wait_for("done")
    assert "as it was before" in app.text("teach-result")
    assert figures(app) == [None] * 4
    assert app.value("test-accuracy") == before


def test_another_digit_changes_the_label_of_the_drawing_on_the_pad(app):
    draw(app, CROSSED, 1)
    label(app, 7)
    assert labels(app) == ["7"]
    app.page.get_by_role("button", name="Delete drawing 1, a 7").click()
    assert labels(app) == []
    assert app.control("teach-run").is_disabled()


def test_a_test_image_and_an_empty_pad_are_not_learned(app):
    app.clear()
    app.page.locator("[data-testid=teach] [data-digit='3']").click()
    app.wait_until(lambda: "The pad is empty" in app.text("message"))
    app.page.get_by_role("button", name="Put a 3 on the pad").click()
    app.page.locator("[data-testid=teach] [data-digit='3']").click()
    app.wait_until(lambda: "one of the test images" in app.text("message"))
    assert count(app) == 0


def test_drawings_are_exported_and_imported_again(app, tmp_path):
    draw(app, CROSSED, 7)
    draw(app, ONE, 1)
    with app.page.expect_download() as download:
        app.click("drawings-export")
    path = tmp_path / "drawings.csv"
    download.value.save_as(path)
    header, *rows = path.read_text().splitlines()
    assert header.split(",")[:2] == ["label", "pixel0"]
    assert [row.split(",")[0] for row in rows] == ["7", "1"]
    app.page.get_by_role("button", name="Delete drawing 1, a 7").click()
    app.control("drawings-import").set_input_files(path)
    app.wait_until(lambda: "drawings added: 1; already here: 1" in app.text("message"))
    assert labels(app) == ["1", "7"]
    path.write_text("label,pixel0\n1,2\n")
    app.control("drawings-import").set_input_files(path)
    app.wait_until(lambda: "has 2 columns" in app.text("message"))
    assert count(app) == 2


@pytest.mark.slow
def test_a_network_that_has_not_learned_is_refused_and_drawings_survive_a_reload(new_app):
    app = new_app()
    app.open()
    draw(app, CROSSED, 7)
    app.click("teach-run")
    app.wait_until(lambda: "train it first" in app.text("message"))
    assert app.state() == "ready"
    app.page.reload()
    app.wait_for("ready", lambda: labels(app) == ["7"])
