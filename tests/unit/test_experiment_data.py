"""The experiments as they are declared: what the page would only find out by running them."""

import json
import re
from pathlib import Path

import pytest

from digitnet.page import diagnosis
from digitnet.recipes import RECIPES
from digitnet.settings import DECLARATIONS, Settings

WEB = Path(__file__).parents[2] / "web"
DATA = json.loads((WEB / "lessons" / "experiments.json").read_text("utf-8"))
BASE, EXPERIMENTS = DATA["base"], DATA["experiments"]
MEASURES = {"units", "favourites", "pad", "shifted", "taught", "rehearsed"}
OPERATORS = {"<", ">", "=", "not", "between"}
DIAGNOSES = set(re.findall(r'Finding\(\s*"([a-z0-9-]+)"', Path(diagnosis.__file__).read_text("utf-8")))

each = pytest.mark.parametrize("experiment", [pytest.param(one, id=one["id"]) for one in EXPERIMENTS])


def test_there_are_at_least_fourteen_and_each_has_a_name_of_its_own():
    names = [experiment["id"] for experiment in EXPERIMENTS]
    assert len(names) >= 14
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)


def test_they_begin_with_every_setting_so_that_no_run_depends_on_what_was_set_before():
    assert BASE.keys() == DECLARATIONS.keys() | {"recipe"}
    assert BASE["recipe"] in RECIPES


@each
def test_its_settings_can_be_set(experiment):
    base = {name: value for name, value in BASE.items() if name != "recipe"}
    for run in experiment["runs"]:
        Settings().changed(base | run["settings"])
        assert run.get("kernel", "simd") in ("simd", "numpy")
        assert set(run.get("measure", [])) <= MEASURES


@each
def test_its_question_has_answers_and_one_of_them_is_right(experiment):
    assert 2 <= len(experiment["answers"]) <= 4
    assert 0 <= experiment["right"] < len(experiment["answers"])


@each
def test_its_texts_speak_of_its_own_runs(experiment):
    runs = {run["name"] for run in experiment["runs"]}
    combined = experiment.get("figures", {})
    terms = [term for claim in experiment["claims"] for term in (claim["if"][0], *claim["if"][2:])]
    terms += [term for combination in combined.values() for term in combination[1:]]
    terms += re.findall(r"\{([\w.]+)\}", " ".join([*experiment["saw"], experiment["why"]]))
    for term in terms:
        assert not isinstance(term, str) or term in combined or term.partition(".")[0] in runs, term
    assert {claim["if"][1] for claim in experiment["claims"]} <= OPERATORS
    assert {mark["run"] for mark in experiment["marks"]} <= runs
    assert experiment["claims"]
    assert len(experiment["saw"]) == 2


@each
def test_the_diagnoses_that_it_follows_exist(experiment):
    assert set(experiment.get("for", [])) <= DIAGNOSES


def test_each_word_is_explained_once_in_one_sentence():
    words = json.loads((WEB / "article" / "glossary.json").read_text("utf-8"))
    forms = [form.lower() for word in words for form in word["forms"]]
    assert len(set(forms)) == len(forms)
    for word in words:
        assert word["means"].endswith(".")
        assert word["means"].count(". ") == 0
