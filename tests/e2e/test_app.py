"""The page as an app, on paper, without JavaScript, and what stands at an address that is none of its own."""

import pytest


def test_a_wrong_address_of_any_depth_leads_back(new_page, server):
    page = new_page(strict=False)  # what is missing is written to the console
    for path in ("nothing", "no/such/page.html", "pyodide/or/this/"):
        assert page.goto(server + path).status == 404
        link = page.get_by_role("link", name="Go to digitnet")
        link.wait_for()
        assert link.evaluate("link => link.href") == server


@pytest.mark.slow
def test_it_can_be_installed(app):
    app.open()
    session = app.page.context.new_cdp_session(app.page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["url"] == f"{app.url}digitnet.webmanifest"
    assert manifest["errors"] == []
    problems = {error["errorId"] for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert problems <= {"in-incognito"}  # as every tab of these tests is


@pytest.mark.slow
def test_the_browsers_bar_goes_with_the_page(warm):
    warm.open()
    tint = (
        "[...document.querySelectorAll('meta[name=theme-color]')].map(meta => meta.content.match(/\\d+/g).slice(0, 3))"
    )
    ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
    before = warm.page.evaluate(ground)
    for again in (False, True):  # there, and back for whoever comes next
        warm.page.locator("#theme").click()
        assert warm.page.evaluate(tint) == [warm.page.evaluate(ground)] * 2
        assert (warm.page.evaluate(ground) == before) is again


def test_without_javascript_it_says_what_it_needs(new_page, server):
    page = new_page(java_script_enabled=False)
    page.goto(server)
    notice = page.locator("noscript p")
    assert notice.is_visible()
    assert "needs JavaScript" in notice.text_content()


@pytest.mark.slow
def test_the_page_on_paper_is_a_hand_out(trained):
    """What was set, drawn and reached is there; what only a screen can do is not."""
    trained.page.emulate_media(media="print")
    trained.page.set_viewport_size({"width": 690, "height": 1020})  # A4, where the settings are folded on a screen
    try:
        for name in ("draw", "probabilities", "test-accuracy", "curves", "confusion", "optimizer"):
            assert trained.control(name).is_visible(), name
        for name in ("train", "reset", "samples", "clear", "teach-run", "lesson-builder", "teach"):
            assert not trained.control(name).first.is_visible(), name
        assert trained.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        trained.page.emulate_media(media="screen")
        trained.page.set_viewport_size({"width": 1280, "height": 720})
