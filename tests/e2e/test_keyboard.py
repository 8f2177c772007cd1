"""The page without a mouse: what the keyboard reaches, in which order, and what it does there."""

from __future__ import annotations

import pytest

# Pairs of neighbours of the board that stand in the document in another order than on the screen.
OUT_OF_ORDER = """() => {
  const seen = [...document.querySelectorAll('.board > .card')].map(card => [card.classList[1], card.getBoundingClientRect()]);
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
