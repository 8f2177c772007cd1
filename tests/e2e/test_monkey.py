"""Anything in any order: random presses, settings, drawings, files, addresses and tabs, and what must always hold.

MONKEY_SEED and MONKEY_SECONDS choose another walk, or a longer one. A failure says the seed and every step.
"""

import io
import json
import os
import random
import time

import numpy as np
import pytest
from test_page import csv

from digitnet.network import MLP
from digitnet.storage import save

SECONDS = os.environ.get("MONKEY_SECONDS")
SEED = int(os.environ.get("MONKEY_SEED", "0"))

BUTTONS = ("train", "train", "train", "step", "reset", "clear", "undo", "save", "hint-apply", "teach-run", "teach-undo")
VALUES = {
    "recipe": ("quick", "thousand", "ten-hidden"),
    "data-size": ("10", "100", "1000", "10000", "own"),
    "layers": ("", "16", "64,32", "128", "4096,4096", "x", "0"),
    "activation": ("relu", "tanh", "sigmoid", "leaky_relu"),
    "initializer": ("he", "zeros"),
    "optimizer": ("sgd", "momentum", "adam"),
    "learning-rate": ("0.001", "0.1", "100", "0", "-1", ""),
    "schedule": ("constant", "cosine", "warmup_cosine"),
    "batch-size": ("", "1", "64", "5000", "0"),
    "l2": ("0", "0.001", "10"),
    "epochs": ("1", "2", "3", "0"),
    "seed": ("0", "1", "4294967295", "-1", "1.5"),
    "shift": ("0", "2", "9"),
    "affine": ("0", "1"),
    "styles": ("0", "0.5"),
    "ema": ("0", "0.99", "1"),
    "evaluate-every": ("1", "2"),
    "patience": ("0", "1"),
    "kernel": ("simd", "numpy"),
}
ADDRESSES = (
    "#recipe=thousand&epochs=2",
    "#seed=3&layers=8",
    "#data-size=own",
    "#layers=nothing&epochs=-1",
    "#unknown=1",
    "#recipe=ten-hidden&epochs=1&kernel=numpy",
)

# Everything in one look, so that nothing changes between two figures.
LOOK = """() => {
  const one = name => document.querySelector(`[data-testid="${name}"]`);
  const number = text => text ? Number(text) : null;
  const values = name => [...one(name).children].map(child => number(child.dataset.value));
  const cells = [...one("confusion").querySelectorAll("[data-row]")];
  const run = one("runs").firstElementChild;
  return {
    state: document.documentElement.dataset.state,
    message: one("message").textContent,
    accuracy: number(one("test-accuracy").dataset.value),
    steps: number(one("step-count").dataset.value),
    probabilities: values("probabilities"),
    prediction: one("prediction").dataset.value,
    distribution: values("distribution"),
    perClass: values("per-class"),
    confusion: cells.map(({dataset}) => [dataset.row, dataset.column, dataset.value].map(number)),
    run: run && {...run.dataset},
    isTaught: "testAfter" in one("teach-result").dataset, // a run's accuracy is that of its training
  };
}"""


def files():
    rng = np.random.default_rng(0)
    table = csv(rng.integers(0, 256, (60, 784), dtype=np.uint8), np.arange(60) % 10)
    network = io.BytesIO()
    save(MLP((784, 12, 10), rng=0), network)
    return (
        ("load-data", "own.csv", table),
        ("load-data", "wrong.csv", b"1,2,3\n"),
        ("load-data", "cut-images-idx3-ubyte", b"\0\0\x08\x03\0"),
        ("load", "saved.npz", network.getvalue()),
        ("load", "wrong.npz", network.getvalue()[:-30]),
        ("load-image", "wrong.png", b"\x89PNG\r\n\x1a\n"),
    )


class Monkey:
    """Takes random steps, remembers them, and looks after each whether all is well."""

    def __init__(self, app, seed, problems):
        self.app, self.random, self.problems = app, random.Random(seed), problems
        self.steps, self.files = [], files()

    def step(self):
        kinds = (self.press, self.press, self.set, self.set, self.draw, self.bring, self.go, self.turn, self.label)
        self.random.choice(kinds)()

    def note(self, *words):
        self.steps.append(" ".join(map(str, words)))

    def click(self, selector):
        """Press a button where it is, also in a disclosure that is closed; nothing happens while it is disabled."""
        self.app.page.evaluate("selector => document.querySelector(selector)?.click()", selector)

    def press(self):
        name = self.random.choice(BUTTONS)
        self.note("press", name)
        self.click(f'[data-testid="{name}"]')

    def set(self):
        name = self.random.choice(list(VALUES))
        value = self.random.choice(VALUES[name])
        self.note("set", name, repr(value))
        self.app.page.evaluate(
            """([name, value]) => {
              const control = document.querySelector(`[data-testid="${name}"]`);
              if (control.disabled) return;
              const options = [...control.options ?? []].filter(option => !option.disabled);
              if (options.length && !options.some(option => option.value === value)) return;
              control.value = value;
              for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, {bubbles: true}));
            }""",
            [name, value],
        )

    def draw(self):
        points = [(self.random.uniform(-0.5, 0.5), self.random.uniform(-0.5, 0.5)) for _ in range(3)]
        self.note("draw", [tuple(round(x, 2) for x in point) for point in points])
        self.app.draw([points])

    def bring(self):
        name, file, content = self.random.choice(self.files)
        self.note("bring", file)
        self.app.control(name).set_input_files({"name": file, "mimeType": "", "buffer": content})

    def go(self):
        address = self.random.choice(ADDRESSES)
        self.note("go to", address)
        self.app.page.evaluate("address => { location.hash = address; }", address)

    def turn(self):
        tabs = self.app.page.locator("main [role=tab]")
        index = self.random.randrange(tabs.count())
        self.note("turn to tab", index)
        tabs.nth(index).evaluate("tab => tab.click()")

    def label(self):
        digit = self.random.randrange(10)
        self.note("label", digit)
        self.click(f'[data-testid="teach"] [data-digit="{digit}"]')

    def look(self):
        """Raise AssertionError unless all is well by now, or within a few seconds."""
        seen = self.app.page.evaluate(LOOK)
        if seen["state"] == "training":
            self.wait_for_progress(seen)
        deadline = time.monotonic() + 15
        while wrong := self.wrong(seen):
            assert time.monotonic() < deadline, f"{wrong}: {seen}"
            self.app.page.evaluate("new Promise(requestAnimationFrame)")
            seen = self.app.page.evaluate(LOOK)
        assert self.problems == []

    def wait_for_progress(self, before):
        self.app.wait_until(
            lambda: (now := self.app.page.evaluate(LOOK))["state"] != "training" or now["steps"] != before["steps"],
            seconds=20,
            what="a step of training",
        )

    def wrong(self, seen):
        """Return what does not hold, or an empty string; figures agree once it rests."""
        assert seen["state"] in ("ready", "training", "paused", "done"), seen
        inked = [p for p in seen["probabilities"] if p is not None]
        if seen["prediction"] and not abs(sum(inked) - 1) < 1e-3:
            return "probabilities that do not add up to 1"
        if seen["prediction"] and inked[int(seen["prediction"])] < max(inked):
            return "a prediction that is not the most probable digit"
        if seen["state"] == "training":
            return ""
        confusion = np.zeros((10, 10))
        for row, column, count in seen["confusion"]:
            confusion[row, column] = count or 0
        total = confusion.sum()
        if (seen["accuracy"] is None) != (total == 0):
            return "an accuracy without a matrix, or a matrix without an accuracy"
        if total:
            if abs(np.trace(confusion) / total - seen["accuracy"]) > 1e-9:
                return "an accuracy that is not that of the matrix"
            if [count or 0 for count in seen["distribution"]] != confusion.sum(axis=0).tolist():
                return "a distribution that is not that of the matrix"
            rows = confusion[confusion.sum(axis=1) > 0]
            shares = [share for share in seen["perClass"] if share is not None]
            right = np.diag(confusion)[confusion.sum(axis=1) > 0]
            if len(shares) != len(rows) or not np.allclose(shares, right / rows.sum(axis=1)):
                return "shares of the classes that are not those of the matrix"
        if seen["run"]:
            json.loads(seen["run"]["settings"])
            json.loads(seen["run"]["changes"])
            accuracy = seen["run"]["testAccuracy"]
            is_final = seen["state"] == "done" and seen["accuracy"] is not None and not seen["isTaught"]
            if is_final and float(accuracy or -1) != seen["accuracy"]:
                return "a run whose accuracy is not the one shown"
        return ""


@pytest.mark.parametrize(
    ("seed", "seconds"), [(SEED, float(SECONDS or 20)), pytest.param(SEED + 1, 120, marks=pytest.mark.slow)]
)
def test_nothing_that_a_visitor_does_breaks_the_page(new_shared_app, shared_tabs, seed, seconds):
    _, problems = shared_tabs
    app = new_shared_app()
    app.open("#epochs=2")
    monkey = Monkey(app, seed, problems)
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            monkey.step()
            monkey.look()
        assert len(monkey.steps) > seconds / 2
    except BaseException as error:
        steps = "\n".join(monkey.steps)
        pytest.fail(f"seed {seed}: {error}\nThe steps were:\n{steps}")
    finally:
        app.page.context.close()
        problems.clear()
