"""The page without a mouse: what the keyboard reaches, in which order, and what it does there."""

from __future__ import annotations

import pytest

# Pairs of neighbours of the board that stand in the document in another order than on the screen.
OUT_OF_ORDER = """() => {
  const cards = [...document.querySelectorAll('.board > .card')];
  const seen = cards.map(card => [card.classList[1], card.getBoundingClientRect()]);
  return seen.slice(1).flatMap(([name, box], i) => {
    const [before, other] = seen[i];
    const isAbove = box.bottom <= other.top, isBelow = box.top >= other.bottom;
    return isAbove || (!isBelow && box.right <= other.left) ? [`${before} before ${name}`] : [];
  });
}"""
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_the_document_is_in_the_order_that_is_seen(warm, width):
    warm.open()
    warm.page.set_viewport_size({"width": width, "height": 844})
    warm.page.evaluate(TWO_FRAMES)
    assert warm.page.evaluate(OUT_OF_ORDER) == []


def test_a_field_keeps_the_focus_when_the_order_changes(warm):
    warm.open()
    warm.page.set_viewport_size({"width": 600, "height": 844})
    warm.page.evaluate(TWO_FRAMES)
    warm.page.get_by_text("Settings", exact=True).click()
    warm.control("layers").focus()
    warm.page.set_viewport_size({"width": 1440, "height": 844})
    warm.page.evaluate(TWO_FRAMES)
    assert warm.page.evaluate("document.activeElement.id") == "layers"


def press(app, *keys):
    for key in keys:
        app.page.keyboard.press(key)


def tab_to(app, name, most=40):
    """Press Tab until an element has the focus."""
    for _ in range(most):
        app.page.keyboard.press("Tab")
        if app.control(name).evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{most} presses of Tab do not lead to {name}")


def test_a_digit_is_drawn_by_keyboard_and_read(trained):
    trained.page.set_viewport_size({"width": 1280, "height": 720})
    trained.clear()
    trained.page.evaluate("document.getElementById('spoken').replaceChildren()")
    trained.control("reset").focus()
    tab_to(trained, "draw")
    pad = trained.page.get_by_role("application", name="Drawing pad")
    hint = trained.page.locator(f"#{pad.get_attribute('aria-describedby')}")
    assert "Space" in hint.text_content()
    trained.wait_until(hint.is_visible)
    press(trained, *["ArrowUp"] * 9, *["ArrowLeft"] * 6)
    assert trained.attribute("prediction") == "", "no ink before the pen is down"
    press(trained, "Space", *["ArrowRight"] * 11, *["ArrowDown", "End", "ArrowDown"] * 6, "Space")
    trained.page.locator("#spoken p", has_text="7. Confidence").last.wait_for(state="attached")  # of the whole drawing
    ink = trained.probabilities()
    assert not hint.is_visible(), "it would cover the answer"
    press(trained, *["ArrowLeft"] * 3)
    trained.page.evaluate(TWO_FRAMES)
    assert trained.probabilities() == ink, "a lifted pen draws nothing"
    press(trained, "Space", *["ArrowLeft"] * 9, "Escape")
    trained.wait_until(lambda: trained.probabilities() != ink)
    press(trained, "Backspace")
    trained.wait_until(lambda: trained.probabilities() == ink)
    press(trained, "Delete")
    trained.wait_until(lambda: trained.attribute("prediction") == "")


def test_two_arrows_held_together_draw_diagonally_and_the_point_is_seen(trained):
    trained.clear()
    pad = trained.control("draw")
    pad.focus()
    press(trained, *["Home"] * 28)  # into the upper left corner
    count = """pad => pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data
      .reduce((sum, value, i) => sum + (i % 4 === 3 && value > 0), 0)"""
    trained.wait_until(lambda: pad.evaluate(count) > 0, what="the point")
    press(trained, "Space")
    trained.page.keyboard.down("ArrowDown")
    for _ in range(14):
        trained.page.keyboard.down("ArrowRight")  # as a key repeats that is held
    trained.page.keyboard.up("ArrowRight")
    trained.page.keyboard.up("ArrowDown")
    press(trained, "Space")
    trained.wait_until(lambda: trained.attribute("prediction") != "")
    trained.control("clear").focus()
    trained.page.evaluate(TWO_FRAMES)
    corners = pad.evaluate(
        """pad => {
             const { width: side } = pad, context = pad.getContext('2d');
             const inked = (x, y) => context.getImageData(x * side, y * side, side / 4, side / 4)
               .data.some((value, i) => i % 4 === 3 && value > 0);
             return [inked(0.3, 0.3), inked(0, 0.35)];
           }"""
    )
    assert corners == [True, False]
    trained.click("clear")


def test_the_arrow_keys_walk_through_the_matrix_which_says_what_it_counts(trained):
    trained.show("Confusion")
    matrix = trained.page.get_by_role("grid", name="Confusion matrix")
    assert matrix.locator("td[tabindex='0']").count() == 1
    matrix.locator("td[tabindex='0']").focus()
    press(trained, "Home", *["ArrowUp"] * 9, *["ArrowDown"] * 4, *["ArrowRight"] * 9)
    cell = trained.page.locator(":focus")
    count = int(cell.get_attribute("data-value"))
    assert (cell.get_attribute("data-row"), cell.get_attribute("data-column")) == ("4", "9")
    assert matrix.get_by_role("gridcell", name=f"4 read as 9: {count}", exact=True).count() == 1
    assert trained.page.locator(":focus").get_attribute("data-column") == "9"
    assert matrix.locator("td[tabindex='0']").count() == 1
    press(trained, "Home")
    assert trained.page.locator(":focus").get_attribute("data-column") == "0"


def test_the_reason_for_a_refusal_belongs_to_its_field(warm):
    warm.open()
    warm.set("l2", "99")
    field = warm.control("l2")
    warm.wait_until(lambda: field.get_attribute("aria-invalid") == "true")
    reason = warm.page.locator(f"#{field.get_attribute('aria-errormessage')}")
    assert "L2" in reason.text_content()
    described = field.get_attribute("aria-describedby").split()
    assert described == [reason.get_attribute("id"), "l2-hint"]
    field.press_sequentially("1")
    assert field.get_attribute("aria-invalid") is None
    assert field.get_attribute("aria-errormessage") is None
    assert field.get_attribute("aria-describedby") == "l2-hint"
    field.fill("0")


def test_escape_closes_what_was_opened_and_the_focus_goes_back(warm):
    warm.open()
    page = warm.page
    focused = page.locator(":focus")
    more = page.get_by_text("More", exact=True)
    more.press("Enter")
    seed = warm.control("seed")
    seed.focus()
    hint = page.locator("#seed-hint")
    warm.wait_until(hint.is_visible)
    press(warm, "Escape")
    warm.wait_until(lambda: not hint.is_visible(), what="the hint to go first")
    assert seed.is_visible()
    press(warm, "Escape")
    assert not seed.is_visible()
    assert focused.text_content() == "More"
    unit = page.get_by_role("button", name="Output 3")
    unit.press("Enter")
    panel = page.locator(".unit-panel")
    warm.wait_until(panel.is_visible)
    warm.control("train").focus()
    press(warm, "Escape")
    assert not panel.is_visible()
    assert focused.get_attribute("aria-label") == "Output 3"
    page.get_by_text("Why this answer").press("Enter")
    press(warm, "Escape")
    assert warm.control("why").get_attribute("open") is None
    warm.control("lesson-builder").press("Enter")
    title = page.get_by_label("Title", exact=True)
    warm.wait_until(lambda: title.evaluate("field => field === document.activeElement"), what="the builder")
    press(warm, "Escape")
    assert not title.is_visible()
    assert focused.get_attribute("data-testid") == "lesson-builder"


def test_a_mistake_keeps_the_focus_while_the_network_trains_on(warm):
    warm.open("#epochs=100&data-size=1000")
    warm.show("Mistakes")
    warm.click("train")
    mistakes = warm.control("mistakes").locator("button")
    warm.wait_until(lambda: mistakes.count() > 5, what="mistakes")
    mistakes.nth(2).focus()
    tested = warm.value("test-accuracy")
    warm.wait_until(lambda: warm.value("test-accuracy") != tested and mistakes.count() > 5, what="other mistakes")
    warm.wait_until(lambda: mistakes.nth(2).evaluate("button => button === document.activeElement"), what="the focus")
    warm.show("Confusion")
