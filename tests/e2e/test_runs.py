"""Runs in the page: what they keep, what survives a reload, what is said of a run that went wrong."""

import csv
import io
import json
import struct
import xml.etree.ElementTree as ElementTree

import pytest


def runs(app):
    """The data of each run in the table, newest first."""
    return app.control("runs").evaluate("list => [...list.children].map(run => ({...run.dataset}))")


def settings(run):
    return json.loads(run["settings"])


def changes(run):
    return [(change["key"], change["value"]) for change in json.loads(run["changes"])]


def download(app, button):
    with app.page.expect_download() as waiting:
        app.page.get_by_role("button", name=button).click()
    return waiting.value.path().read_bytes()


def wait_for_hint(app, expected):
    app.wait_until(
        lambda: app.control("hint").get_attribute("data-id") == expected, seconds=10, what=f"the hint {expected!r}"
    )


@pytest.fixture(scope="module")
def compared(new_shared_app):
    """A page with two runs: the second one was changed in mid-run."""
    app = new_shared_app()
    app.open("#data-size=1000&epochs=3&schedule=constant")
    app.train()
    app.set("layers", "32")
    app.wait_for("ready")
    app.train()
    app.set("learning-rate", "0.01")
    app.set("l2", "0.1")
    return app


def test_a_run_keeps_the_settings_that_it_was_trained_with(compared):
    second, first = runs(compared)
    assert (settings(first)["layers"], settings(second)["layers"]) == ("128", "32")
    assert settings(second)["learning_rate"] == 0.004, "changed after its end"
    assert (changes(first), changes(second)) == ([], [])
    assert {run["code"] for run in (first, second)} == {"original"}
    assert float(second["testAccuracy"]) == compared.value("test-accuracy")


def test_a_change_in_mid_run_is_a_change_of_the_run(compared):
    compared.train()
    second = runs(compared)[0]
    assert settings(second)["learning_rate"] == 0.004
    assert changes(second) == [("learning_rate", 0.01), ("l2", 0.1)]
    assert {change["step"] for change in json.loads(second["changes"])} == {48}
    compared.show("Runs")
    assert "rate 0.01 from step 48" in compared.control("runs").locator("li").first.text_content()
    assert "Run 2: hidden 32, test" in compared.page.get_by_role("list", name="Curves").text_content()


def test_the_downloads_name_runs_and_changes(compared):
    compared.show("Runs")
    rows = list(csv.DictReader(io.StringIO(download(compared, "Runs as CSV").decode())))
    found = [(row["run"], row["from_step"], row["learning_rate"]) for row in rows]
    assert found == [("2", "0", "0.004"), ("2", "48", "0.01"), ("1", "0", "0.004")]
    png = download(compared, "Curves as PNG")
    width, _ = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width >= 1200
    svg = ElementTree.fromstring(download(compared, "Curves as SVG"))
    text = " ".join(svg.itertext())
    for words in ("accuracy", "loss", "epochs", "Run 1: hidden 128", "rate 0.01 from step 48"):
        assert words in text


def test_a_run_is_hidden_and_removed(compared):
    compared.show("Runs")
    curves = compared.page.get_by_role("list", name="Curves")
    compared.page.get_by_label("Show run 1 in the charts").uncheck()
    assert "Run 1" not in curves.text_content()
    compared.page.get_by_label("Show run 1 in the charts").check()
    assert "Run 1" in curves.text_content()
    compared.page.get_by_label("Remove run 1").click()
    assert [run["name"] for run in runs(compared)] == ["Run 2"]


@pytest.mark.slow
def test_several_runs_removed_at_once_leave_the_charts_whole(warm):
    """The charts are drawn anew for each; what is drawn late must not miss the curves that are gone."""
    warm.open("#data-size=100&epochs=1")
    for layers in ("16", "24", "32"):
        warm.set("layers", layers)
        warm.wait_for("ready")
        warm.train()
    warm.page.evaluate(
        "document.querySelectorAll('[data-testid=runs] > :not(:first-child) [aria-label^=Remove]')"
        ".forEach(button => button.click())"
    )
    assert len(runs(warm)) == 1
    assert "hidden 24" not in warm.page.get_by_role("list", name="Curves").text_content()


@pytest.mark.slow
def test_runs_survive_a_reload_and_the_current_one_goes_on(warm):
    warm.open("")
    warm.set("data-size", "1000")
    warm.set("epochs", "2")
    warm.wait_for("ready")
    warm.train()
    warm.set("layers", "32")
    warm.wait_for("ready")
    warm.train()
    warm.show("Runs")
    name = warm.page.get_by_label(f"Name of run {runs(warm)[1]['run']}")
    name.fill("wide")
    name.press("Enter")
    before = runs(warm)
    names = [f"Run {before[0]['run']}", "wide"]
    assert [run["name"] for run in before] == names
    warm.wait_until(
        lambda: (
            len(warm.stored("runs")["runs"]) == 2
            and warm.stored("runs")["runs"][1]["name"] == "wide"
            and (warm.stored("network")["run"] or {}).get("last", {}).get("state") == "done"
        ),
        what="stored runs",
    )
    warm.page.reload()
    warm.wait_for("ready")
    warm.wait_until(lambda: len(runs(warm)) == 2, what="the stored runs")
    assert runs(warm) == before
    steps = warm.page.get_by_role("list", name="Curves").text_content()
    assert "wide: hidden 128" in steps
    warm.train()
    assert [run["name"] for run in runs(warm)] == names, "the restored network's run goes on"
    assert "4 epochs" in warm.control("runs").locator("li").first.text_content()


@pytest.mark.slow
def test_a_collapsed_run_is_diagnosed_and_the_remedy_applied(warm):
    warm.open("#initializer=zeros&epochs=1&data-size=1000")
    assert warm.control("hint").get_attribute("data-id") == ""
    warm.train()
    wait_for_hint(warm, "identical-units")
    assert "All 128 units of the hidden layer are identical" in warm.text("hint")
    warm.click("hint-apply")
    warm.wait_for("ready")
    warm.wait_until(lambda: warm.control("initializer").input_value() == "he")
    assert warm.control("hint").get_attribute("data-id") == ""
    warm.wait_until(lambda: "Applied: Use He initialisation" in warm.text("message"))
    warm.set("optimizer", "sgd")
    warm.set("learning-rate", "0.0001")
    warm.train()
    wait_for_hint(warm, "rate-too-low")
    step = warm.value("step-count")
    warm.click("hint-apply")
    warm.wait_until(lambda: warm.control("learning-rate").input_value() == "0.1")
    assert warm.value("step-count") == step, "the weights are kept"
    warm.train()
    warm.set("learning-rate", "90")
    warm.set("activation", "linear")
    warm.set("layers", "64,64")
    warm.wait_for("ready")
    warm.click("train")
    warm.wait_for("paused")
    wait_for_hint(warm, "diverged")
    warm.click("hint-apply")
    warm.wait_for("ready")
    assert warm.control("learning-rate").input_value() == "0.1"


def test_the_score_says_when_it_was_measured(warm):
    warm.open("#epochs=300&data-size=1000&evaluate-every=2")
    when = warm.page.locator("#score-when")
    assert when.text_content() == "not tested yet"
    warm.click("train")
    warm.wait_until(lambda: warm.value("epoch") >= 3)
    warm.click("train")
    warm.wait_for("paused")
    assert warm.attribute("test-loss") != ""
    epoch = int(when.text_content().removeprefix("tested after epoch "))
    assert epoch % 2 == 0
    assert 2 <= epoch <= warm.value("epoch")
