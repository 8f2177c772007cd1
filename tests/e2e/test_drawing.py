"""Drawing on the pad: by mouse and by touch, while idle and while training."""

import pytest

# Strokes in a box from -0.5 to 0.5, y down, each as someone would draw it.
ONE = [[(0, -0.5), (0, -0.2), (0, 0.1), (0, 0.5)]]
SEVEN = [[(-0.3, -0.45), (0, -0.46), (0.3, -0.45), (0.15, -0.1), (0, 0.2), (-0.1, 0.5)]]
ZERO = [
    [(0, -0.5), (-0.2, -0.4), (-0.32, -0.15), (-0.32, 0.15), (-0.2, 0.4), (0, 0.5),
     (0.2, 0.4), (0.32, 0.15), (0.32, -0.15), (0.2, -0.4), (0, -0.5)]
]  # fmt: skip
DIGITS = {0: ZERO, 1: ONE, 7: SEVEN}


def test_drawn_with_the_mouse_and_read(trained):
    for digit, strokes in DIGITS.items():
        trained.clear()
        trained.draw(strokes)
        trained.wait_until(lambda digit=digit: trained.attribute("prediction") == str(digit))
        probabilities = trained.probabilities()
        assert probabilities.index(max(probabilities)) == digit
        assert sum(probabilities) == pytest.approx(1, abs=1e-4)


def test_drawn_with_a_finger_and_read(phone):
    phone.train()
    for digit, strokes in DIGITS.items():
        phone.click("clear")
        phone.touch(strokes)
        phone.wait_until(lambda digit=digit: phone.attribute("prediction") == str(digit))
    assert phone.page.evaluate("scrollY") == phone.scrolled, "drawing does not scroll the page"


def test_read_while_it_trains(warm):
    warm.open("#epochs=1000")
    warm.click("train")
    warm.wait_until(lambda: warm.attribute("test-accuracy") and warm.value("test-accuracy") > 0.9)
    for digit, strokes in DIGITS.items():
        warm.click("clear")
        warm.draw(strokes)
        warm.wait_until(lambda digit=digit: warm.attribute("prediction") == str(digit))
        assert warm.state() == "training"


def test_undo_takes_a_stroke_back_and_clear_all(trained):
    trained.clear()
    assert trained.probabilities() == [0] * 10
    trained.page.evaluate("document.getElementById('spoken').replaceChildren()")
    trained.draw(ONE)
    trained.page.locator("#spoken p").wait_for(state="attached")  # the whole stroke has been read
    one = trained.probabilities()
    trained.draw([[(-0.4, 0), (0.4, 0)]])
    trained.wait_until(lambda: trained.probabilities() != one)
    trained.click("undo")
    trained.wait_until(lambda: trained.probabilities() == one)
    trained.click("undo")
    trained.wait_until(lambda: trained.attribute("prediction") == "")


def test_untrained_it_is_unsure(warm):
    warm.open()
    warm.wait_until(lambda: warm.attribute("prediction") != "")
    assert max(warm.probabilities()) < 0.5
