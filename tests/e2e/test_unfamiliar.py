"""What the page says of a drawing that is no digit, and of ink that cannot be read as one."""

import pytest
from drawings import HEART
from test_drawing import ONE, SEVEN


@pytest.fixture(scope="module")
def small(shared_app):
    """A network that trains in no time, in a tab of its own."""
    app = shared_app()
    app.open("#epochs=1")
    return app


def draw(app, strokes, **options):
    app.clear()
    app.draw(strokes, **options)
    app.wait_until(lambda: app.attribute("prediction") != "")


def sentence(app):
    return app.page.locator(".verdict").text_content()


def test_a_heart_is_unlike_the_training_images_and_a_seven_is_not(trained):
    draw(trained, HEART)
    trained.wait_until(lambda: trained.value("unfamiliar") > 0.97)
    assert "training images have a closer match" in trained.text("unfamiliar")
    assert trained.control("unfamiliar").is_visible()
    draw(trained, SEVEN)
    trained.wait_until(lambda: trained.attribute("unfamiliar") and trained.value("unfamiliar") < 0.9)
    assert trained.text("unfamiliar") == ""
    assert "Confidence" in sentence(trained)


@pytest.mark.slow
@pytest.mark.parametrize("width", [1366, 1024, 390])
def test_the_sentence_fits_beside_the_bars(trained, width):
    trained.page.set_viewport_size({"width": width, "height": 844})
    draw(trained, HEART)
    trained.wait_until(lambda: trained.text("unfamiliar") != "")
    said, below = trained.control("unfamiliar").bounding_box(), trained.control("stages").bounding_box()
    assert said["y"] + said["height"] <= below["y"]
    assert said["x"] + said["width"] <= trained.control("probabilities").bounding_box()["x"]
    trained.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.slow
def test_the_empty_pad_is_not_unlike_anything(trained):
    draw(trained, HEART)
    trained.clear()
    trained.wait_until(lambda: trained.attribute("unfamiliar") == "")
    assert trained.text("unfamiliar") == ""


def test_a_sample_of_the_test_set_is_familiar(trained):
    trained.clear()
    trained.page.get_by_role("button", name="Put a 3 on the pad").click()
    trained.wait_until(lambda: trained.attribute("unfamiliar") != "")
    assert trained.value("unfamiliar") < 0.97


@pytest.mark.slow
def test_unlike_what_only_once_it_has_learned_something(small):
    small.clear()
    small.draw(HEART)
    small.wait_until(lambda: small.attribute("prediction") != "")
    assert small.attribute("unfamiliar") == ""
    small.click("step")
    small.wait_for("paused", lambda: small.attribute("unfamiliar") != "")
    assert small.value("unfamiliar") > 0.97
    small.click("reset")
    small.wait_for("ready", lambda: small.attribute("unfamiliar") == "")


@pytest.mark.parametrize(
    ("strokes", "words"),
    [
        ([[(x - 0.3, y) for x, y in ONE[0]], [(x + 0.3, y) for x, y in SEVEN[0]]], "More than one digit"),
        ([[(0, -0.5), (0, 0.8)]], "edge of the pad"),
        ([[(0, 0), (0.01, 0)]], "Only a dot"),
    ],
)
def test_what_is_wrong_with_the_ink_is_said_at_the_answer(trained, strokes, words):
    draw(trained, strokes)
    trained.wait_until(lambda: words in sentence(trained), what=words)
    trained.clear()
    trained.wait_until(lambda: sentence(trained) == "Draw, or choose a sample.")
