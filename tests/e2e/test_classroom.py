"""What a teacher makes and gets: a lesson's link, large type, a report, a clean start."""

import json

import pytest

pytestmark = pytest.mark.slow  # many pages are opened, printed and forgotten

OPENED = "document.querySelector('[data-testid=lesson]').dataset.title"


@pytest.fixture
def builder(warm):
    warm.open("#seed=3&epochs=2")
    warm.page.set_viewport_size({"width": 1366, "height": 768})
    warm.click("lesson-builder")
    warm.wait_until(lambda: warm.page.get_by_label("Title").count() > 0, what="the builder")
    return warm


def test_a_link_made_by_the_builder_opens_as_it_was_previewed(builder, new_app):
    page = builder.page
    form = page.locator("form.builder")
    form.get_by_label("Title").fill("Ümläute & + # %")
    form.get_by_label("Task", exact=True).fill("# Begin\nLook at `W`.\n- one\n- *two*\n\n? Why?\n? And how?")
    form.get_by_role("checkbox", name="optimizer: shown").uncheck()
    form.get_by_role("checkbox", name="mistakes: shown").uncheck()
    form.get_by_role("checkbox", name="learning rate: fixed").check()
    builder.wait_until(lambda: page.get_by_label("Step to add").locator("option").count() > 20, what="the exercises")
    for step in ("exercise:softmax", "exercise:sgd"):
        page.get_by_label("Step to add").select_option(step)
        form.get_by_role("button", name="Add", exact=True).click()
    form.get_by_role("button", name="Move Gradient descent up").click()
    preview = page.locator("#builder .lesson-card .lesson-body").inner_html()
    link = builder.attribute("lesson-link")
    assert builder.text("lesson-link") == link

    opened = new_app()
    opened.page.goto(link)
    opened.wait_for("ready", seconds=30)
    assert opened.attribute_of("lesson", "data-title") == "Ümläute & + # %"
    body = opened.page.locator("[data-testid=lesson] .lesson-body")
    opened.wait_until(lambda: "Softmax" in body.inner_html(), what="the exercises' titles")
    without_addresses = 'html => html.replace(/ href="[^"]*"/g, \'\')'
    assert opened.page.evaluate(without_addresses, body.inner_html()) == page.evaluate(without_addresses, preview)
    assert not opened.control("optimizer").is_visible()
    assert not opened.page.get_by_role("tab", name="Mistakes").is_visible()
    assert opened.control("learning-rate").is_disabled()
    assert opened.control("seed").input_value() == "3"
    assert opened.control("epochs").input_value() == "2"


def test_the_builder_says_that_a_link_keeps_no_secret_and_saves_a_lesson_of_the_site(builder):
    page = builder.page
    assert "keeps no secret" in page.locator("#builder").text_content()
    page.locator("form.builder").get_by_label("Title").fill("Mine")
    page.locator("form.builder").get_by_label("Task", exact=True).fill("one\ntwo")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    lesson = json.loads(download.value.path().read_text())
    assert (lesson["title"], lesson["task"], lesson["seed"]) == ("Mine", ["one", "two"], "3")


def test_hiding_all_but_a_few_is_said_by_what_is_shown(builder):
    page = builder.page
    page.get_by_role("button", name="Hide all").click()
    for part in ("Train", "drawing pad"):
        page.get_by_role("checkbox", name=f"{part}: shown").check()
    assert "&show=train,draw" in builder.attribute("lesson-link")
    assert "hide=" not in builder.attribute("lesson-link")


@pytest.fixture
def reported(warm):
    """A page with a lesson, an answer and a run."""
    warm.open()
    warm.page.evaluate(
        "location.hash = 'seed=0&epochs=2&title=Rates&task=%3F+What+is+a+rate%3F&steps=exercise:softmax,exercise:he'"
    )
    warm.wait_until(lambda: warm.page.evaluate(OPENED) == "Rates", what="the lesson")
    warm.control("lesson").get_by_label("What is a rate?").fill("A length of <b>step</b>.")
    warm.wait_for("ready")
    warm.train()
    warm.click("report")
    warm.control("sheet").wait_for()
    yield warm
    if warm.control("sheet").count():
        warm.click("report-close")


def test_a_report_holds_what_was_done_and_opens_again(reported, new_app):
    sheet = reported.control("sheet")
    text = sheet.inner_text()
    for part in ("Report: Rates", "What is a rate?", "A length of <b>step</b>.", "Runs", "Confusion matrix", "Weights"):
        assert part in text
    assert f"{100 * reported.value('test-accuracy'):.2f} %" in text
    assert not reported.control("train").is_visible()
    sheet.get_by_label("Name").fill("Ada")
    sheet.get_by_label("Remarks").fill("Too short.")
    pictures = sheet.locator("img")
    assert pictures.count() == 2
    assert pictures.evaluate_all("all => all.every(image => image.complete && image.naturalWidth > 0)")
    with reported.page.expect_download() as download:
        reported.click("report-save")
    assert download.value.suggested_filename == "digitnet-ada-rates.json"
    data = download.value.path().read_bytes()

    other = new_app()
    other.open()
    open_it = other.control("report-open")
    open_it.set_input_files({"name": "r.json", "mimeType": "application/json", "buffer": data})
    other.control("sheet").wait_for()
    again = other.control("sheet")
    assert again.get_by_label("Name").input_value() == "Ada"
    assert again.get_by_label("Remarks").input_value() == "Too short."
    assert "A length of <b>step</b>." in again.inner_text()
    assert again.locator("img").count() == 2
    other.page.keyboard.press("Escape")
    assert other.control("train").is_visible()
    assert other.control("sheet").count() == 0
    open_it.set_input_files({"name": "r.json", "mimeType": "application/json", "buffer": data[:200]})
    other.wait_until(lambda: "not a report of this page" in other.text("message"))


def test_a_report_and_the_page_are_printed(reported):
    page = reported.page
    pages = {}
    for name in ("report", "page"):
        pages[name] = page.pdf(format="A4", print_background=True)
        if name == "report":
            page.emulate_media(media="print")
            shown = page.evaluate("[...document.body.children].filter(e => e.checkVisibility()).map(e => e.className)")
            assert shown == ["sheet"]
            assert not reported.control("report-print").is_visible()
            page.emulate_media(media="null")
            reported.click("report-close")
    page.emulate_media(media="print")
    assert not reported.control("train").is_visible()
    assert reported.control("test-accuracy").is_visible()
    assert reported.control("confusion").is_visible()
    page.emulate_media(media="null")
    for data in pages.values():
        assert data.startswith(b"%PDF")
        assert 1 <= data.count(b"/Type /Page\n") <= 8


def test_code_that_was_changed_is_in_the_report(warm):
    warm.open()
    warm.click("code-open")
    warm.wait_until(lambda: warm.control("code-editor").count() > 0, what="the editor")
    warm.control("code-file").select_option("losses.py")
    editor = warm.control("code-editor")
    warm.wait_until(lambda: "def softmax" in editor.evaluate("editor => editor.value"))
    editor.evaluate("editor => { editor.value = '# mine\\n' + editor.value; }")
    stored = "indexedDB.databases().then(all => all.length > 0)"
    warm.wait_until(lambda: warm.page.evaluate(stored))
    try:
        warm.click("report")
        lines = warm.control("sheet").get_by_role("group", name="Changes of losses.py")
        lines.wait_for()
        assert lines.locator("ins").all_text_contents() == ["1+ # mine"]
        warm.click("report-close")
    finally:
        warm.click("code-restore")


def test_a_clean_start_forgets_this_site_and_nothing_else(app):
    app.open("#title=For+all&epochs=1&seed=5")
    app.train()
    app.set("seed", "9")
    app.page.evaluate("""async () => {
      localStorage.setItem('foreign', 'kept');
      await new Promise(done => {
        const request = indexedDB.open('another site');
        request.onupgradeneeded = () => request.result.createObjectStore('store');
        request.onsuccess = () => { request.result.close(); done(); };
      });
    }""")
    app.control("lesson").wait_for()
    app.click("clean-start")
    app.page.get_by_role("button", name="Cancel").click()
    assert app.control("runs").locator("> *").count() > 0
    app.click("clean-start")
    with app.page.expect_event("load"):
        app.click("clean-start-confirm")
    app.wait_for("ready", seconds=30)
    assert app.control("seed").input_value() == "5", "the lesson begins as its link brought it"
    assert app.attribute_of("lesson", "data-title") == "For all"
    assert app.attribute("step-count") == "0"
    app.page.goto("about:blank")
    app.open()
    assert app.control("runs").locator("> *").count() <= 1
    assert "Restored" not in app.text("message")
    assert app.page.evaluate("localStorage.getItem('foreign')") == "kept"
    assert "another site" in app.page.evaluate("indexedDB.databases().then(all => all.map(({ name }) => name))")


# Every text on the board that is smaller than 18 pixels, with its size.
SMALL = """() => [...document.querySelectorAll('.top *, .board *, [data-testid=lesson] *')].filter(element => {
  const isSeen = element.checkVisibility({ visibilityProperty: true }) && !element.closest('.unseen');
  const isText = element.matches('input, select')
    || [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const isThere = element.getBoundingClientRect().width > 0;
  return isSeen && isText && isThere && parseFloat(getComputedStyle(element).fontSize) < 18;
}).map(element => `${element.className || element.tagName}: ${getComputedStyle(element).fontSize}`)"""
BEYOND = """() => [...document.querySelectorAll('.draw, .inside, .learning, .bar')].filter(card => {
  const { bottom, right } = card.getBoundingClientRect();
  return bottom > innerHeight || right > innerWidth;
}).map(card => card.className)"""
CUT = """table => [...table.querySelectorAll('td, th')]
  .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_large_type_is_legible_and_on_one_screen(warm):
    warm.open("#epochs=1")
    warm.page.set_viewport_size({"width": 1920, "height": 1080})
    try:
        warm.page.evaluate("location.hash = location.hash + '&title=For+all&task=Train&large=1'")
        warm.wait_until(lambda: warm.page.locator("html[data-large]").count() == 1, what="large type")
        warm.page.evaluate("scrollTo(0, 0)")
        assert warm.page.evaluate(SMALL) == []
        warm.train()
        for tab in ("Per class", "Mistakes", "Runs", "Confusion"):
            warm.show(tab)
            warm.page.evaluate("scrollTo(0, 0)")
            assert (warm.page.evaluate(SMALL), warm.page.evaluate(BEYOND)) == ([], []), tab
        assert warm.page.evaluate(SIDEWAYS) <= 0
        table = warm.control("confusion")
        assert table.evaluate(CUT) == []
        warm.click("large")
        warm.wait_until(lambda: warm.page.locator("html[data-large]").count() == 0, what="usual type")
    finally:
        warm.page.set_viewport_size({"width": 1280, "height": 720})
