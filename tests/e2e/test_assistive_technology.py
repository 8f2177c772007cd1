"""What assistive technology meets: the rules of axe-core in every state, and how much is announced."""

from __future__ import annotations

import pytest
from test_experiments import card, start

import build

# Rules that axe-core leaves off, because they are new.
AUDIT = """async () => {
  const enabled = { enabled: true };
  const rules = { 'label-content-name-mismatch': enabled, 'td-has-header': enabled, 'table-fake-caption': enabled };
  const { violations, passes } = await axe.run(document, { resultTypes: ['violations'], preload: false, rules });
  const places = nodes => nodes.slice(0, 3).map(({ target }) => target.join(' '));
  const found = violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${places(nodes)}`);
  return { found, passed: passes.length };
}"""
# Notes what live regions say: what is added to them, and what becomes of a text in them.
LISTEN = """() => {
  const region = node => {
    for (let one = node.nodeType === 1 ? node : node.parentElement; one; one = one.parentElement) {
      if (one.hasAttribute('aria-live')) return one.getAttribute('aria-live') !== 'off';
      if (one.matches('[role=status], [role=alert], [role=log], output')) return true;
    }
    return false;
  };
  window.announced = [];
  new MutationObserver(records => {
    for (const { type, target, addedNodes } of records) {
      const texts = type === 'childList' ? [...addedNodes].map(node => node.textContent) : [target.data];
      const said = texts.join(' ').trim();
      if (said && target.isConnected && region(target)) window.announced.push(said);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def violations(page):
    """What axe-core finds wrong with the page as it is: rules, each with how many and some of the places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate((build.node_modules() / "axe-core/axe.min.js").read_text("utf-8"))
    result = page.evaluate(AUDIT)
    assert result["passed"] > 10, "nothing was looked at"
    return result["found"]


def test_no_violation_after_a_run(warm):
    warm.open("#epochs=1")
    warm.train()
    warm.show("Mistakes")
    assert violations(warm.page) == []
    warm.show("Confusion")


def test_no_violation_among_the_licences(new_page, server):
    page = new_page()
    page.goto(f"{server}licenses.html")
    assert violations(page) == []


class Walk:
    """A tab that goes through states and notes the violations in each."""

    def __init__(self, app):
        self.app, self.page, self.found = app, app.page, {}

    def look(self, state):
        if found := violations(self.page):
            self.found[state] = found

    def through_a_run(self):
        app = self.app
        self.look("ready")
        app.set("epochs", "1000")
        app.click("train")
        app.wait_until(lambda: app.attribute("test-accuracy") not in (None, ""))
        self.look("training")
        app.click("train")
        app.wait_for("paused")
        self.look("paused")
        app.set("epochs", "1")
        app.click("reset")
        app.wait_for("ready")
        app.train()
        for tab in ("Per class", "Mistakes", "Correct", "Batch", "Runs", "Confusion"):
            app.show(tab)
            self.look(tab)

    def through_disclosures(self):
        app = self.app
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        app.draw([[(0, -0.5), (0, 0.5)]])
        app.wait_until(lambda: app.attribute("prediction") != "")
        app.page.locator("[data-testid=teach] [data-digit='1']").click()
        app.wait_until(lambda: app.control("taught").locator("> *").count() == 1)
        self.look("everything open")
        app.set("l2", "99")
        app.wait_until(lambda: app.attribute_of("l2", "aria-invalid") == "true")
        self.look("a refusal")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = one.matches('#fold'); })")
        self.page.get_by_role("button", name="Output 3").click()
        self.page.get_by_role("button", name="Put it on the pad").first.wait_for()
        self.look("a unit")
        self.page.keyboard.press("Escape")
        self.page.locator("#words button").first.click()
        self.look("a word")
        self.page.keyboard.press("Escape")
        app.control("confusion").locator("[data-row='4'][data-column='9']").click()
        self.look("a cell")

    def through_the_hood(self):
        app = self.app
        app.click("code-open")
        app.wait_until(lambda: app.control("code-file").count() == 1, what="the editor")
        app.control("exercise").locator("option[value=softmax]").wait_for(state="attached")
        self.look("code")
        app.control("exercise").select_option("softmax")
        app.wait_until(lambda: app.attribute("exercise-state") == "open")
        app.click("exercise-hint")
        self.look("an exercise")
        app.click("code-diff")
        self.look("code compared")
        app.click("code-diff")
        app.show("Check")
        app.click("check")
        app.wait_until(lambda: app.attribute("gradient-error") != "", what="the checks")
        self.look("checks")
        app.show("Slow motion")
        app.click("trace")
        app.wait_until(lambda: app.attribute_of("trace-line", "data-index") == "0", what="a recorded step")
        self.look("slow motion")

    def through_the_classroom(self):
        app = self.app
        lesson = "title=Look&task=%23+See%0A?+What%3F%0A%60a%60&steps=exercise:he"
        self.page.evaluate("lesson => { location.hash = 'seed=0&epochs=1&' + lesson; }", lesson)
        app.wait_until(lambda: app.attribute_of("lesson", "data-title") == "Look", what="the lesson")
        app.wait_until(lambda: "&patience=" in self.page.evaluate("location.hash"), what="its settings")
        self.look("a lesson")
        app.click("lesson-builder")
        app.wait_until(lambda: app.control("lesson-link").count() == 1, what="the builder")
        self.look("the builder")
        app.click("report")
        app.control("sheet").wait_for()
        self.look("the report")
        app.click("report-close")
        app.click("clean-start")
        self.page.get_by_role("dialog").wait_for()
        self.look("the question before a clean start")
        self.page.keyboard.press("Escape")
        app.click("large")
        app.wait_until(lambda: self.page.locator("html[data-large]").count() == 1, what="large type")
        self.look("large type")
        app.click("large")

    def through_an_experiment(self):
        app = self.app
        card(app, "zeros").locator("summary").click()
        start(app, "zeros")
        app.wait_until(lambda: card(app, "zeros").get_attribute("data-state") == "running")
        self.look("an experiment under way")
        app.wait_until(lambda: card(app, "zeros").get_attribute("data-state") != "running", seconds=120)
        self.look("an experiment")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_no_violation_in_any_state(new_app, width, scheme):
    """Among them states in which the page has not loaded or has failed."""
    app = new_app(viewport={"width": width, "height": 844}, color_scheme=scheme)
    walk = Walk(app)
    app.page.goto(app.url, wait_until="commit")
    app.page.wait_for_selector(".units button", state="attached")
    walk.look("loading")
    app.wait_for("ready")
    walk.through_a_run()
    walk.through_disclosures()
    walk.through_the_hood()
    walk.through_the_classroom()
    walk.through_an_experiment()
    assert walk.found == {}


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_after_a_failure(new_app, spoilt_server, scheme):
    address, faults = spoilt_server
    faults["worker.js"] = lambda _: None
    app = new_app(address, strict=False, color_scheme=scheme)
    app.page.goto(address)
    app.wait_for("error")
    assert violations(app.page) == []


def test_a_run_is_announced_by_its_result_and_little_else(warm):
    warm.open()
    warm.page.evaluate(LISTEN)
    warm.train()
    said = []

    def is_done():
        said[:] = warm.page.evaluate("window.announced")
        return any(sentence.startswith("Done after 12 epochs: ") for sentence in said)

    warm.wait_until(is_done, what="the announcement")
    accuracy = f"{100 * warm.value('test-accuracy'):.1f} % of 10,000 test images correct."
    assert [sentence for sentence in said if sentence.startswith("Done")] == [f"Done after 12 epochs: {accuracy}"]
    assert len(said) <= 3, said
    warm.click("train")
    warm.wait_for("training")
    warm.click("train")
    warm.wait_for("paused")
    warm.wait_until(lambda: warm.page.evaluate("window.announced").pop().startswith("Paused in epoch "))


def test_a_drawing_is_announced_once_when_the_pen_has_been_lifted(trained):
    trained.clear()
    trained.page.evaluate(LISTEN)
    pad = trained.control("draw")
    box = pad.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    trained.page.mouse.move(x, y)
    trained.page.mouse.down()
    trained.page.mouse.move(x, y + box["height"] - 80, steps=20)
    trained.wait_until(lambda: trained.attribute("prediction") == "1")
    drawn = trained.page.evaluate("performance.now()")
    rested = "drawn => performance.now() > drawn + 1000"  # after 800 ms without a pen it is announced
    trained.wait_until(lambda: trained.page.evaluate(rested, drawn), what="a rest with the pen down")
    assert trained.page.evaluate("window.announced") == []
    trained.page.mouse.up()
    trained.wait_until(lambda: trained.page.evaluate("window.announced.length") > 0, what="the answer")
    said = trained.page.evaluate("window.announced")
    assert len(said) == 1
    assert said[0].startswith("1. Confidence ")
