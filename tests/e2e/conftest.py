"""The page as a visitor meets it, driven through the test ids that it promises."""

from __future__ import annotations

import pytest

SECONDS = 1000  # milliseconds


STORED = """key => new Promise(done => {
  const opening = indexedDB.open("digitnet " + location.pathname);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("keyval").objectStore("keyval").get(key);
    asked.onsuccess = () => { opening.result.close(); done(asked.result ?? null); };
  };
})"""


class App:
    """One tab with the page in it. Values come from `data-value`, unrounded."""

    def __init__(self, page, url):
        self.page, self.url = page, url
        self.scrolled = 0

    def open(self, settings=""):
        self.page.goto(self.url + settings)
        self.wait_for("ready", seconds=30)

    def state(self):
        return self.page.evaluate("document.documentElement.dataset.state")

    def wait_for(self, state, also=lambda: True, seconds=60):
        self.wait_until(lambda: self.state() == state and also(), seconds, f"the state {state}")

    def wait_until(self, condition, seconds=60, what="a condition"):
        """Look again at each animation frame until the condition holds."""
        self.page.evaluate(f"window.deadline = performance.now() + {seconds * SECONDS}")
        while not condition():
            late = self.page.evaluate(
                "new Promise(done => requestAnimationFrame(() => done(performance.now() > window.deadline)))"
            )
            if late:
                message = self.control("message").text_content()
                pytest.fail(f"waited {seconds} s for {what}; the state is {self.state()}, the message {message!r}")

    def control(self, name):
        return self.page.get_by_test_id(name)

    def lose_python(self):
        """Have an error end the worker that runs Python."""
        worker = next(worker for worker in self.page.workers if worker.url.endswith("worker.js"))
        worker.evaluate("void setTimeout(() => { throw new Error('lost'); })")

    def click(self, name):
        self.control(name).click()

    def stored(self, key):
        """What this site has stored under a key; None for nothing. The page has opened its storage before."""
        return self.page.evaluate(STORED, key)

    def attribute(self, name):
        return self.control(name).get_attribute("data-value")

    def attribute_of(self, name, attribute):
        return self.control(name).get_attribute(attribute)

    def value(self, name):
        return float(self.attribute(name))

    def text(self, name):
        return self.control(name).text_content().strip()

    def set(self, name, value):
        """Change a form control as a visitor does; what is folded away is unfolded first."""
        control = self.control(name)
        control.evaluate(
            "element => { for (let e = element; (e = e.parentElement?.closest('details')); ) e.open = true; }"
        )
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
            control.press("Enter")

    def train(self):
        """Train to the end."""
        self.click("train")
        self.wait_for("done")

    def show(self, tab):
        self.page.get_by_role("tab", name=tab).click()

    def probabilities(self):
        values = self.control("probabilities").evaluate("list => [...list.children].map(child => child.dataset.value)")
        assert len(values) == 10
        return [float(value) for value in values]

    def _points(self, strokes, share=0.7):
        pad = self.control("draw")
        pad.scroll_into_view_if_needed()
        self.scrolled = self.page.evaluate("scrollY")
        box = pad.bounding_box()
        size, x, y = share * min(box["width"], box["height"]), box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        return [[(x + size * u, y + size * v) for u, v in stroke] for stroke in strokes]

    def draw(self, strokes):
        for stroke in self._points(strokes):
            self.page.mouse.move(*stroke[0])
            self.page.mouse.down()
            for point in stroke[1:]:
                self.page.mouse.move(*point, steps=4)
            self.page.mouse.up()

    def touch(self, strokes):
        """Draw with one finger: real touch events from the browser's own input pipeline."""
        session = self.page.context.new_cdp_session(self.page)

        def send(kind, *points):
            touches = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

        for stroke in self._points(strokes):
            send("touchStart", stroke[0])
            for point in stroke[1:]:
                send("touchMove", point)
            x, y = stroke[-1]
            for rest in range(1, 5):  # it comes to rest, or Chromium takes the next tap for one that ends a fling
                self.page.evaluate("new Promise(requestAnimationFrame)")
                send("touchMove", (x, y + rest / 4))
            send("touchEnd")
        session.detach()

    def clear(self):
        self.click("clear")
        self.wait_until(lambda: self.attribute("prediction") == "")

    def clear_and_draw_a_one(self):
        """Ask the worker something and wait for the answer."""
        self.clear()
        self.draw([[(0, -0.5), (0, 0.5)]])
        self.wait_until(lambda: self.attribute("prediction") != "")


# What earlier tests left on the screen: other runs than the current one, a unit's panel, a message.
TIDY = """() => {
  document.querySelectorAll('[data-testid=runs] > :not(:first-child) [aria-label^="Remove run"]')
    .forEach(button => button.click());
  document.querySelector('.unit-panel:not([hidden]) [aria-label=Close]')?.click();
}"""


class WarmApp(App):
    """A tab that several tests share, one after the other: only the first one waits for Python to start."""

    def open(self, settings=""):
        """Begin as a visitor does who comes with these settings in the address."""
        if self.page.url == "about:blank":
            super().open()
        self.page.set_viewport_size({"width": 1280, "height": 720})
        self._follow("recipe=quick&kernel=simd")  # fills in the other settings, and draws new weights
        if settings:
            self._follow(settings.removeprefix("#"))
        else:
            self.page.evaluate("history.replaceState(null, '', location.pathname)")
        self.wait_for("ready")
        self.page.evaluate(TIDY)
        self.clear()
        self.page.get_by_role("button", name="Put a 7 on the pad").click()
        self.wait_until(lambda: self.attribute("prediction") != "")  # the worker has answered all that came before
        # A visitor who arrives is not told that the network is a new one, but is told of an error.
        self.control("message").evaluate("message => { if (!message.matches('.bad')) message.textContent = ''; }")

    def _follow(self, settings):
        """Give the running page another fragment; the page completes it when it has taken effect."""
        self.page.evaluate("settings => { location.hash = settings; }", settings)
        self.wait_until(lambda: "&patience=" in self.page.evaluate("location.hash"), what=f"{settings} to take effect")

    def rest(self):
        """End a training that a test has left under way."""
        if self.state() == "training":
            self.click("train")
            self.wait_until(lambda: self.state() != "training", what="the end of the training")


@pytest.fixture
def app(page, server):
    return App(page, server)


@pytest.fixture
def new_app(new_page, server):
    """Return a function that gives a tab with a fresh profile, for the site or for one at another address."""
    return lambda url=server, **options: App(new_page(**options), url)


@pytest.fixture(scope="session")
def warm_tab():
    """What holds the tab that tests with `warm` share."""
    return []


@pytest.fixture
def warm(warm_tab, shared_tabs, server, request):
    """A page that has started already, for tests that open it in a usual browser and come to no harm in it.

    A test may change settings, train, draw, bring images and load the page again. One that asks what is there at the
    first visit, or loses the worker, takes an `app` of its own.
    """
    open_page, problems = shared_tabs
    if not warm_tab:
        warm_tab.append(WarmApp(open_page(), server))
    tab, failures = warm_tab[0], request.session.testsfailed
    yield tab
    if request.session.testsfailed > failures:  # nobody knows what state it is in
        warm_tab.clear()
        tab.page.context.close()
    else:
        tab.rest()
    found = problems.copy()
    problems.clear()  # the next test is not to blame
    assert found == []


@pytest.fixture(scope="session")
def shared_app(shared_tabs, server):
    """Return a function that gives a tab that several tests of a module share; it is not opened yet."""
    open_page, _ = shared_tabs
    return lambda **options: App(open_page(**options), server)


@pytest.fixture(scope="session")
def new_shared_app(shared_tabs, server):
    """What opens the page in a tab that several tests share."""
    open_page, _ = shared_tabs
    return lambda: App(open_page(), server)


@pytest.fixture(scope="session")
def trained_once(new_shared_app):
    app = new_shared_app()
    app.open()
    app.train()
    return app


@pytest.fixture
def trained(trained_once, shared_tabs):
    """The page after the quick recipe, for tests that only look: they share it, for each start takes seconds.

    A test leaves the network, its settings and its files alone, but may draw, open another tab of results and hear
    a message.
    """
    _, problems = shared_tabs
    yield trained_once
    state = trained_once.state()  # the answer comes after all that the tab had to report
    found = problems.copy()
    problems.clear()  # the next test is not to blame
    assert (state, found) == ("done", [])


@pytest.fixture(scope="session")
def phone(shared_app):
    """A phone that tests share: 390 pixels wide, with touch."""
    app = shared_app(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    app.open("#epochs=5")
    return app
