"""Everybody's devices: few colours, faint screens, large letters, a finger, small and very large screens."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
UNFOLD = "() => { for (const details of document.querySelectorAll('details:not(#details)')) details.open = true; }"
FOLD = "() => { for (const details of document.querySelectorAll('details:not(#fold)')) details.open = false; }"
TABS = ("Confusion", "Per class", "Mistakes", "Correct", "Batch", "Runs")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SHIFTS = """
window.shift = 0;
window.shifted = [];
new PerformanceObserver(list => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    window.shift += value;
    for (const { node, previousRect: from, currentRect: to } of sources)
      window.shifted.push([value, node?.id || node?.className || node?.nodeName, from.y, to.y]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def bring(page, *names):
    """Have helpers in the page, which its policy keeps from being put there as a script."""
    for name in names:
        page.evaluate((HERE / f"{name}.js").read_text())


@pytest.fixture
def in_scheme(trained):
    """What shows the trained page in a colour scheme of the system."""

    def show(scheme, *, forced=False):
        trained.page.emulate_media(color_scheme=scheme, forced_colors="active" if forced else "none")
        trained.page.evaluate(SETTLED)
        bring(trained.page, "colours")
        return trained.page

    yield show
    trained.page.emulate_media(color_scheme="light", forced_colors="none")
    trained.page.evaluate(FOLD)


# --- colours ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_fields_and_bars_stand_out(in_scheme, trained, scheme):
    page = in_scheme(scheme)
    page.evaluate(UNFOLD)
    for tab in TABS:
        trained.show(tab)
        assert page.evaluate("colours.faintTexts()") == [], tab
        fields = "select, textarea, input:not([type=range], [type=checkbox], [type=radio], [type=file])"
        assert page.evaluate("fields => colours.faintEdges(fields)", f"{fields}, .bar-track, .track, .paper") == [], tab
    trained.show("Confusion")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_said_by_colours_is_seen_where_the_system_has_few(in_scheme, trained, scheme):
    page = in_scheme(scheme, forced=True)
    under = "part => colours.pixelsUnder(document.querySelector('.network-canvas'), part)"
    seen = page.locator(".network-stage").evaluate(under)
    assert seen["blue"] > 1000
    assert seen["orange"] > 1000
    for digit in (0, 7):
        assert page.get_by_role("button", name=f"Output {digit}").evaluate(under)["inside"] >= 4.5, digit
    shown = """selector => {
      const element = document.querySelector(selector);
      const painted = colours.parse(getComputedStyle(element).backgroundColor);
      return colours.ratio(painted, colours.ground(element.parentElement));
    }"""
    for selector, least in {".bars .best i": 3, ".fill": 3, "[data-row='1'][data-column='1']": 1.1}.items():
        assert page.evaluate(shown, selector) >= least, selector
    assert page.evaluate("colours.faintTexts()") == []
    assert page.evaluate("colours.faintEdges('.top button, select, input[type=text], .bar-track')") == []


# --- sizes --------------------------------------------------------------------------------------------------------


def with_letters(page, pixels):
    """Let the visitor have chosen another size of letters in the browser's settings."""
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})


def states(app):
    """Walk through what can be opened, and yield the name of each state."""
    page = app.page
    yield "ready"
    page.evaluate(UNFOLD)
    yield "unfolded"
    app.set("epochs", "1")
    app.set("data-size", "1000")
    app.train()
    for tab in TABS:
        app.show(tab)
        yield tab
    page.get_by_role("button", name="Hidden layer 1, place 5", exact=True).click()
    page.get_by_role("button", name="Put it on the pad").first.wait_for()
    yield "a unit"
    page.get_by_role("button", name="Close").click()
    page.locator("[data-digit='3']").click()
    app.control("taught").locator("li").wait_for()
    yield "a labelled drawing"
    app.click("lesson-builder")
    page.locator(".builder").wait_for()
    yield "the builder of lessons"
    app.click("code-open")
    page.locator(".cm-editor").wait_for()
    yield "the code"
    for tab in ("Check", "Slow motion"):
        page.get_by_role("tab", name=tab).click()
        yield tab
    page.get_by_role("tab", name="Edit").click()
    app.control("experiments").get_by_test_id("experiment-run").first.click()
    page.locator(".dock").wait_for()
    yield "an experiment"


@pytest.mark.slow
@pytest.mark.parametrize(("letters", "width"), [(16, 320), (20, 320), (24, 390), (32, 320), (32, 1280)])
def test_large_letters_neither_overlap_nor_lead_off_the_screen(new_app, letters, width):
    app = new_app(viewport={"width": width, "height": 700})
    with_letters(app.page, letters)
    app.open()
    assert app.page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{letters}px"
    bring(app.page, "places")
    for state in states(app):
        app.page.evaluate(SETTLED)
        assert app.page.evaluate("places.sideways()") == [], state
        assert app.page.evaluate("places.overlaps()") == [], state


@pytest.mark.slow
def test_a_finger_hits_what_it_means(new_app):
    app = new_app(**PHONE)
    app.open()
    bring(app.page, "places")
    often = ["train", "step", "reset", "clear", "undo"]
    often = ", ".join([*(f"[data-testid={name}]" for name in often), "[data-digit]", "[role=tab]", ".samples button"])
    for state in states(app):
        assert app.page.evaluate("places.smallTargets(24)") == [], state
        assert app.page.evaluate("often => places.smallTargets(44, often)", often) == [], state


# --- screens ------------------------------------------------------------------------------------------------------


def lower_edge(app, part):
    box = part.bounding_box()
    return box["y"] + box["height"] + app.page.evaluate("scrollY")


@pytest.mark.slow
def test_on_a_phone_drawing_training_and_the_accuracy_are_on_the_first_screen(new_app):
    app = new_app(**PHONE)
    app.open()
    app.page.evaluate("scrollTo(0, 0)")
    rim = app.page.evaluate("innerHeight - (document.querySelector('.next').checkVisibility() ? 48 : 0)")
    near = app.page.locator("#accuracy-near")
    for part in (app.control("draw"), app.control("probabilities"), app.control("train"), near):
        assert lower_edge(app, part) <= rim
    app.train()
    assert near.text_content() == app.text("test-accuracy")
    assert lower_edge(app, near) <= rim
    assert app.control("draw").bounding_box()["width"] >= 280


@pytest.mark.slow
def test_a_unit_that_is_tapped_on_a_phone_is_seen(new_app):
    app = new_app(**PHONE)
    app.open()
    for place in (1, 128):
        app.page.get_by_role("button", name=f"Hidden layer 1, place {place}", exact=True).tap()
        app.page.evaluate(SETTLED)
        title = app.page.locator("#unit-title").bounding_box()
        picture = app.page.locator(".unit-panel canvas[role=img]").first.bounding_box()
        assert title["y"] >= 0
        assert picture["y"] + picture["height"] <= 796
        app.page.get_by_role("button", name="Close").tap()


@pytest.mark.slow
def test_recipes_are_read_on_a_phone_without_scrolling_sideways(new_app):
    app = new_app(**PHONE)
    app.open()
    recipes = app.control("recipes")
    assert recipes.evaluate("element => element.scrollWidth <= element.clientWidth")
    claim = recipes.get_by_role("row").nth(3).get_by_role("cell").nth(1)
    assert claim.is_visible()
    assert claim.evaluate("cell => getComputedStyle(cell, '::before').content").strip('"') == claim.get_attribute(
        "data-head"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(844, 390), (667, 375)])
def test_a_phone_on_its_side_shows_the_whole_pad_and_the_answer(new_app, width, height):
    app = new_app(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    app.open()
    app.page.evaluate("scrollTo(0, 0)")
    for name in ("draw", "prediction"):
        assert lower_edge(app, app.control(name)) <= height
    bring(app.page, "places")
    assert app.page.evaluate("places.sideways()") == []
    assert app.page.evaluate("places.overlaps()") == []


@pytest.mark.slow
def test_a_very_large_screen_is_used(trained):
    trained.page.set_viewport_size({"width": 2560, "height": 1440})
    trained.page.evaluate("scrollTo(0, 0)")
    trained.page.evaluate(SETTLED)
    board = trained.page.locator("#board").bounding_box()
    assert board["width"] >= 2400
    parts = ("draw", "probabilities", "curves", "confusion")
    assert all(lower_edge(trained, trained.control(name)) <= 1440 for name in parts)
    assert lower_edge(trained, trained.page.get_by_role("button", name="Output 9")) <= 1440
    trained.page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.slow
@pytest.mark.parametrize("screen", [PHONE, {"viewport": {"width": 1366, "height": 768}}], ids=["phone", "laptop"])
def test_nothing_jumps_while_it_loads_over_a_slow_line(new_app, screen):
    app = new_app(**screen)
    app.page.add_init_script(SHIFTS)
    session = app.page.context.new_cdp_session(app.page)
    session.send("Network.enable")
    line = {"offline": False, "latency": 100, "downloadThroughput": 100_000, "uploadThroughput": 100_000}
    session.send("Network.emulateNetworkConditions", line)
    app.page.goto(app.url, wait_until="commit")
    app.page.locator(".samples button").first.wait_for(state="attached")  # the page's own script has run
    session.send("Network.emulateNetworkConditions", line | {"downloadThroughput": -1, "latency": 0})
    app.wait_for("ready")
    app.train()
    shift, shifted = app.page.evaluate("[window.shift, window.shifted]")
    assert shift < 0.05, shifted
