"""The experiments: each is run in the browser and held to its claim."""

import json
import re
from pathlib import Path

import pytest

EXPERIMENTS = json.loads((Path(__file__).parents[2] / "web/lessons/experiments.json").read_text("utf-8"))["experiments"]
IDS = [experiment["id"] for experiment in EXPERIMENTS]
QUICK = ("zeros", "same-seed")  # seconds each


def card(app, experiment):
    return app.control("experiments").locator(f"> [data-id={experiment}]")


def start(app, experiment):
    card(app, experiment).get_by_test_id("experiment-run").click()


def has_state(app, experiment, *states):
    return card(app, experiment).get_attribute("data-state") in states


def result(app, experiment):
    return card(app, experiment).get_by_test_id("experiment-result").text_content()


def holds_its_claim(app, experiment):
    start(app, experiment["id"])
    app.wait_until(lambda: has_state(app, experiment["id"], "running"), what="the start")
    app.wait_until(lambda: not has_state(app, experiment["id"], "running"), seconds=120, what=experiment["id"])
    text = result(app, experiment["id"])
    assert has_state(app, experiment["id"], "done"), text
    print(f"{experiment['id']}: {text}")
    assert len(re.findall(r"[.?!](?: |$)", text)) >= 3, text
    assert "{" not in text
    assert "no number" not in text
    names = [run["title"] for run in experiment["runs"]]
    runs = app.control("runs").locator("> *").evaluate_all("rows => rows.map(row => row.dataset.name)")
    assert runs[: len(names)] == names[::-1]
    marks = app.control("marks").locator("> *")
    assert marks.count() == len(experiment["marks"])
    assert app.state() == "done"


def experiments(only):
    return [pytest.param(experiment, id=experiment["id"]) for experiment in EXPERIMENTS if only(experiment["id"])]


@pytest.mark.parametrize("experiment", experiments(lambda name: name in QUICK))
def test_a_quick_experiment_holds_its_claim(warm, experiment):
    warm.open()
    holds_its_claim(warm, experiment)


@pytest.mark.slow
@pytest.mark.parametrize("experiment", experiments(lambda name: name not in QUICK))
def test_an_experiment_holds_its_claim(warm, experiment):
    warm.open()
    holds_its_claim(warm, experiment)


def dock(app):
    return app.page.get_by_role("complementary", name="Experiment")


@pytest.mark.slow
def test_what_was_expected_is_compared_with_what_happened(warm):
    warm.open()
    card(warm, "same-seed").locator("summary").click()
    card(warm, "same-seed").get_by_role("button", name="No, chance decides").click()
    start(warm, "same-seed")
    warm.wait_until(lambda: has_state(warm, "same-seed", "running"))
    warm.wait_until(lambda: not has_state(warm, "same-seed", "running"))
    assert result(warm, "same-seed").endswith("You expected: No, chance decides. It turned out: Yes, exactly.")
    card(warm, "same-seed").get_by_role("button", name="No, chance decides").click()  # takes it back


@pytest.mark.slow
def test_pause_ends_an_experiment_and_its_claim_stays_open(app):
    app.open()
    start(app, "overfitting-cured")
    app.wait_for("training")
    app.click("train")
    app.wait_until(lambda: has_state(app, "overfitting-cured", "new"))
    app.wait_for("paused")
    assert "ended" in dock(app).text_content()
    assert result(app, "overfitting-cured") == ""
    app.click("train")  # the run that was paused goes on
    app.wait_for("training")


@pytest.mark.slow
def test_a_visitors_network_is_kept_and_can_be_brought_back(app):
    app.open("#epochs=1&layers=16")
    app.train()
    before = app.value("test-accuracy")
    start(app, "zeros")
    app.wait_until(lambda: has_state(app, "zeros", "done"))
    assert app.value("test-accuracy") != before
    app.page.reload()  # nor does it get lost with the tab
    app.wait_for("ready", seconds=30)
    assert has_state(app, "zeros", "done")
    assert "91." in result(app, "zeros")
    start(app, "zeros")
    app.wait_until(lambda: has_state(app, "zeros", "running"))
    app.wait_until(lambda: has_state(app, "zeros", "done"))
    dock(app).get_by_role("button", name="Back to my network").click()
    app.wait_until(lambda: app.value("test-accuracy") == before)
    app.wait_until(lambda: not dock(app).is_visible())
    assert app.control("layers").input_value() == "16"
    assert "&layers=16&" in app.page.evaluate("location.hash")


def test_the_address_opens_a_card_and_starts_nothing(warm):
    warm.open()
    warm.page.evaluate("location.hash = 'experiment=heart'")
    warm.wait_until(lambda: card(warm, "heart").locator("details").get_attribute("open") is not None)
    assert card(warm, "heart").evaluate("card => card === document.activeElement")
    assert warm.state() == "ready"
    warm.page.evaluate("location.hash = 'experiment=perpetual'")
    warm.wait_until(lambda: "perpetual" in warm.text("message"))


@pytest.mark.slow
def test_there_is_a_next_step_and_after_the_first_training_it_is_an_experiment(app):
    app.open()
    assert "Press Train" in app.text("next")
    app.set("epochs", "1")
    app.train()
    app.wait_until(lambda: "Experiment" in app.text("next"))
    button = app.control("next").get_by_role("button")
    opened = card(app, button.get_attribute("data-id"))
    button.click()
    assert opened.locator("details").get_attribute("open") is not None
    assert app.state() == "done"


@pytest.mark.slow
def test_experiments_that_did_not_arrive_are_loaded_when_asked_for(spoilt_server, new_app):
    address, faults = spoilt_server
    faults["experiments.js"] = lambda _: None
    app = new_app(address, strict=False)
    app.open()
    assert "experiments could not be loaded" in app.text("message")
    faults.clear()  # the end of a run would ask for them as well
    app.page.get_by_role("button", name="Load the experiments").click()
    app.wait_until(lambda: app.control("experiments").locator("> *").count() == len(EXPERIMENTS))


def test_words_explain_themselves_to_the_keyboard(warm):
    warm.open()
    word = warm.page.locator("#words").get_by_role("button", name="overfitting", exact=True)
    note = warm.page.locator("#word-overfitting")
    word.focus()
    word.press("Enter")
    assert note.is_visible()
    assert "by heart" in note.text_content()
    word.press("Escape")
    assert not note.is_visible()


def test_words_explain_themselves_to_a_finger_and_stay_within_the_window(phone):
    for name in ("activation", "weights"):
        phone.page.locator("#words").get_by_role("button", name=name, exact=True).tap()
        box = phone.page.locator(f"#word-{name}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= phone.page.evaluate("document.documentElement.clientWidth")
        assert box["y"] + box["height"] <= 844


@pytest.mark.slow
def test_after_an_experiment_the_next_one_is_about_what_went_wrong_in_it(app):
    app.open()
    start(app, "overfitting")
    app.wait_until(lambda: has_state(app, "overfitting", "done"))
    remedies = {"exact": False, "name": "Four remedies for overfitting"}
    dock(app).get_by_role("button", **remedies).wait_for()
    app.control("next").get_by_role("button", **remedies).wait_for()
