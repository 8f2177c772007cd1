"""The stages from the drawing to the network's input: shown when asked for, and left out when switched off."""

import pytest
from drawings import LETTERS

SMALL_L = [[(-0.15, -0.2), (-0.15, 0.25), (0.05, 0.25)]]  # small, and left of the middle
INK_IN_ROWS_AND_COLUMNS = """
canvas => {
  const { width, height } = canvas, { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  const rows = new Set(), columns = new Set();
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3]) { rows.add(Math.floor(i / width)); columns.add(i % width); }
  }
  return [rows.size, columns.size];
}
"""


@pytest.fixture(scope="module")
def small(shared_app):
    """A network that has taken one step, in a tab of its own."""
    app = shared_app()
    app.open("#data-size=100")
    app.click("step")
    app.wait_for("paused")
    return app


@pytest.fixture
def drawn(small):
    """That page with a small L on the pad, and the stages open and all switched on."""
    small.control("stages").evaluate("details => { details.open = true; }")
    for name in ("fit", "centre"):
        small.control(name).check()
    small.clear()
    small.draw(SMALL_L)
    small.wait_until(lambda: sizes(small)[3:] == [(28, 28)] and extent(small) == 20)
    return small


def pictures(app):
    return app.control("stages").locator("canvas")


def sizes(app):
    return [tuple(size) for size in pictures(app).evaluate_all("list => list.map(c => [c.height, c.width])")]


def extent(app, picture=None):
    """The longest side of the ink on the network's input, or on another picture."""
    return max((picture or app.page.locator("#seen")).evaluate(INK_IN_ROWS_AND_COLUMNS))


def probabilities_after(app, change):
    before = app.probabilities()
    change()
    app.wait_until(lambda: app.probabilities() != before)
    return app.probabilities()


def test_each_stage_is_shown(drawn):
    captions = drawn.control("stages").locator("figcaption").all_text_contents()
    assert captions == ["drawing", "its bounding box", "fitted to 20×20", "centred in 28×28"]
    whole, crop, box, digit = sizes(drawn)
    assert whole == (140, 140)
    assert 40 < crop[0] < 100
    assert crop[1] < crop[0]
    assert (box, digit) == ((20, 20), (28, 28))
    assert extent(drawn, pictures(drawn).nth(2)) == 20


def test_a_stage_that_is_switched_off_changes_what_the_network_reads_until_reset(drawn):
    fitted = drawn.probabilities()
    probabilities_after(drawn, drawn.control("fit").uncheck)
    assert extent(drawn) < 14
    assert drawn.page.locator("#seen-caption").text_content() == "not fitted"
    drawn.wait_until(lambda: sizes(drawn)[2] == (28, 28))
    probabilities_after(drawn, drawn.control("centre").uncheck)
    assert drawn.page.locator("#seen-caption").text_content() == "the pad as it is"
    probabilities_after(drawn, lambda: (drawn.control("fit").check(), drawn.control("centre").check()))
    drawn.wait_until(lambda: drawn.probabilities() == fitted)

    drawn.control("fit").uncheck()
    drawn.control("centre").uncheck()
    drawn.wait_until(lambda: extent(drawn) < 14)
    drawn.click("reset")
    drawn.wait_for("ready", lambda: extent(drawn) == 20)
    assert drawn.control("fit").is_checked()
    assert drawn.control("centre").is_checked()
    assert drawn.page.locator("#seen-caption").text_content() == "28×28 input"


def test_an_image_of_the_data_set_is_read_as_it_is(drawn):
    drawn.control("fit").uncheck()
    drawn.page.get_by_role("button", name="Put a 1 on the pad").click()
    drawn.wait_until(lambda: "read as it is" in drawn.text("stages"))
    assert drawn.page.locator("#seen-caption").text_content() == "28×28 input"
    assert extent(drawn) == 20


def test_closed_it_asks_for_nothing_and_opened_it_shows_what_is_on_the_pad(drawn):
    drawn.control("stages").evaluate("details => { details.open = false; }")
    drawn.clear()
    drawn.draw(LETTERS["H"])
    drawn.wait_until(lambda: drawn.attribute("prediction") != "")
    drawn.control("stages").locator("summary").click()
    drawn.wait_until(lambda: sizes(drawn)[1][0] > 90)
