"""Lessons: an address says what is shown, hidden, fixed and asked for."""

import pytest
from test_hood_code import Hood

pytestmark = pytest.mark.slow  # each link is a page of its own

LESSON = "[data-testid=lesson]"


def follow(warm, fragment):
    """Come to the running page with another address; wait until it has taken effect."""
    warm.page.evaluate("fragment => { location.hash = fragment; }", "seed=0&" + fragment)
    warm.wait_until(lambda: "&patience=" in warm.page.evaluate("location.hash"), what=f"{fragment} to take effect")


def is_visible(warm, *names):
    return {name: warm.control(name).is_visible() for name in names}


def test_a_link_shows_its_title_task_and_steps_and_opens_them(warm):
    warm.open()
    follow(
        warm, "title=How+it%20learns&task=%23+Look%0ATrain+*twice*.%0A?+What+rises?&steps=exercise:softmax,exercise:he"
    )
    lesson = warm.control("lesson")
    assert lesson.get_attribute("data-title") == "How it learns"
    assert lesson.get_by_role("heading", name="Look").is_visible()
    assert lesson.locator("em").text_content() == "twice"
    steps = lesson.get_by_role("list", name="Steps").get_by_role("link")
    warm.wait_until(lambda: "Softmax" in steps.first.text_content(), what="the exercises' titles")
    assert steps.count() == 2
    lesson.get_by_label("What rises?").fill("the accuracy")
    steps.first.click()
    warm.wait_until(lambda: warm.page.locator("#exercise-select").count() > 0, what="the hood")
    warm.wait_until(lambda: warm.control("exercise").input_value() == "softmax", what="the exercise")
    assert "title=How%20it%20learns" in warm.page.url
    assert lesson.get_by_label("What rises?").input_value() == "the accuracy", "a step keeps the answers"
    follow(warm, "")
    assert lesson.get_attribute("data-title") == ""
    assert not lesson.is_visible()


def test_a_hostile_link_brings_no_element_and_runs_nothing(warm):
    warm.open()
    evil = "%3Cimg+src=x+onerror=%22window.evil=1%22%3E%0A[a](javascript:window.evil=1)%0A?+%3Cb%3Eq"
    follow(
        warm,
        f"title=%3Cimg+src=x+onerror=window.evil=1%3E&task={evil}&steps=experiment:x%22%3E%3Cb%3E&hide=a]%7B%7D*%7Bdisplay:none%7D,runs",
    )
    lesson = warm.control("lesson")
    assert lesson.locator("img, b, script, [onerror]").count() == 0
    assert lesson.locator("a").count() == 0
    assert "<img" in lesson.get_attribute("data-title")
    assert "does not have: a]{}*{display:none}" in warm.text("message")
    assert warm.control("train").is_visible()
    assert warm.page.evaluate("window.evil") is None


def test_hide_takes_controls_with_their_labels_and_tabs_with_their_panels(warm):
    warm.open()
    warm.show("Mistakes")
    follow(warm, "hide=optimizer,mistakes,undo,code-open")
    seen = is_visible(warm, "optimizer", "mistakes", "undo", "code-open", "learning-rate", "confusion")
    assert [name for name, shown in seen.items() if shown] == ["learning-rate", "confusion"]
    assert not warm.page.locator("label[for=optimizer]").is_visible()
    assert not warm.page.get_by_role("tab", name="Mistakes").is_visible()
    follow(warm, "")
    assert is_visible(warm, "optimizer", "undo", "code-open") == {"optimizer": True, "undo": True, "code-open": True}
    assert warm.page.get_by_role("tab", name="Mistakes").is_visible()


def test_show_leaves_only_what_it_names(warm):
    warm.open()
    follow(warm, "show=train,draw,prediction,curves")
    seen = is_visible(
        warm, "train", "draw", "prediction", "curves", "step", "recipe", "network", "confusion", "recipes"
    )
    assert [name for name, shown in seen.items() if shown] == ["train", "draw", "prediction", "curves"]
    assert not warm.page.locator("#mathematics").is_visible()
    assert not warm.page.get_by_role("heading", name="Network").is_visible()
    warm.train()
    assert warm.value("test-accuracy") > 0.9


def test_fixed_controls_cannot_be_changed_whatever_the_page_does(warm):
    warm.open()
    follow(warm, "fix=learning-rate,recipe,step,draw&epochs=1")
    assert warm.control("learning-rate").is_disabled()
    assert warm.control("recipe").is_disabled()
    assert warm.control("optimizer").is_enabled()
    warm.train()  # the page enables its controls again as its state changes
    assert warm.control("step").is_disabled()
    assert warm.control("learning-rate").is_disabled()
    assert warm.control("draw").evaluate("pad => pad.inert")
    follow(warm, "")
    assert warm.control("learning-rate").is_enabled()
    assert warm.control("step").is_enabled()


def test_unknown_keys_parts_and_lessons_are_named(warm):
    warm.open()
    follow(warm, "colour=red&hide=spoon&lesson=no-such")
    message = warm.text("message")
    assert "colour" in message
    assert "hides what the page does not have: spoon" in message
    assert "no lesson called “no-such”" in message


@pytest.mark.parametrize(
    ("name", "title"),
    [("how-it-learns", "How it learns"), ("why-it-fails", "Why it fails"), ("write-it-yourself", "Write it yourself")],
)
def test_a_lesson_of_the_site(warm, name, title):
    warm.open()
    follow(warm, f"lesson={name}&epochs=3")
    assert warm.attribute_of("lesson", "data-title") == title
    assert warm.control("epochs").input_value() == "3", "the address stands above the lesson's file"
    assert warm.text("message") == "" or "new network" in warm.text("message").lower()
    assert warm.page.locator(f"{LESSON} textarea").count() > 4


def test_a_page_opened_by_a_lesson_link(new_app):
    app = new_app()
    app.open("#title=First&task=Draw&hide=optimizer&seed=7&large=1")
    assert app.attribute_of("lesson", "data-title") == "First"
    assert not app.control("optimizer").is_visible()
    assert app.control("seed").input_value() == "7"
    assert app.page.locator("html").get_attribute("data-large") == ""


@pytest.mark.parametrize(
    ("embed", "seen", "unseen"),
    [
        ("draw", ["draw", "prediction", "probabilities"], ["train", "confusion", "network", "lesson"]),
        ("curves", ["curves"], ["draw", "train", "confusion", "test-accuracy"]),
        ("draw&show=train", ["draw", "prediction", "train"], ["step", "recipe", "confusion"]),
    ],
)
def test_embed_shows_one_part(warm, embed, seen, unseen):
    warm.open()
    warm.page.set_viewport_size({"width": 480, "height": 640})
    follow(warm, f"embed={embed}&title=T")
    shown = is_visible(warm, *seen, *unseen)
    assert [name for name, is_shown in shown.items() if is_shown] == seen
    overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert warm.page.evaluate(overflow) <= 0


def test_a_link_to_an_exercise_shows_it_whatever_is_open_under_the_hood(warm):
    Hood(warm).open()
    warm.show("Slow motion")
    follow(warm, "exercise=relu-derivative")
    warm.wait_until(lambda: warm.control("exercise").is_visible(), seconds=10, what="the exercise")


def test_embed_shows_one_exercise(warm):
    warm.open()
    follow(warm, "embed=exercise&exercise=softmax")
    warm.wait_until(lambda: warm.control("exercise").is_visible(), what="the exercise")
    assert warm.control("code-editor").is_visible()
    assert not warm.control("train").is_visible()
