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
