"""How fast it is, beside others, on this machine: everything in one browser, the ratios within one run.

pytest tests/bench -m bench [--markdown FILE]

Each claim is a test of its own; what it rests on is measured once, in short rounds one after the other, and
printed as a table at the end. Nothing else should run meanwhile.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

import pytest
from memory import KEEP_MEMORY, memory
from playwright.sync_api import Page

pytestmark = pytest.mark.bench

ROUNDS, SECONDS = 5, 2.0  # of training, each
IMAGES, STEPS_PER_EPOCH = 10_000, 157
STROKES = 40
SETTINGS: dict[str, Any] = {
    "recipe": "quick", "data_size": IMAGES, "layers": "128", "activation": "relu", "optimizer": "adam",
    "learning_rate": 0.001, "schedule": "constant", "batch_size": 64, "l2": 0, "epochs": 100_000,
    "evaluate_every": 10,
}  # fmt: skip


def site(**settings: Any) -> str:
    """Return the site's address with settings."""
    return "site/#" + urlencode({name.replace("_", "-"): value for name, value in settings.items()})


# --- training ------------------------------------------------------------------------------------------------------

PAGE, PAGE_NUMPY = "this page", "this page without its kernel"
WARPED = "this page, every image warped"
PRODUCT, NATIVE = "the same package, `a @ b`", "the same package, native NumPy"
TENSORFLOW, CONVNET = "TensorFlow.js 4.22, WASM with SIMD", "ConvNetJS 0.3 (momentum)"
RIVALS = {
    PRODUCT: "plainProduct",
    TENSORFLOW: "tensorflowWasm",
    "TensorFlow.js 4.22, CPU": "tensorflowCpu",
    "TensorFlow.js 4.22, WebGL": "tensorflowWebgl",
    "TensorFlow.js 4.22, WebGPU": "tensorflowWebgpu",
    CONVNET: "convnet",
}


def page_trainer(page: Page) -> Callable[[], float]:
    """Return a function that trains on the page for a while and says how many samples a second it took."""
    page.evaluate("probes.ready")
    return lambda: page.evaluate("probes.stepsPerSecond", SECONDS) * IMAGES / STEPS_PER_EPOCH


def rival_trainer(page: Page, name: str) -> Callable[[], float] | None:
    """Return the same for one of rivals.js, or None where the browser cannot run it."""
    prepare = "async ([name, settings]) => (window.train = await rivals[name](settings)) !== null"
    if not page.evaluate(prepare, [name, SETTINGS]):
        return None
    return lambda: page.evaluate("seconds => train(seconds)", SECONDS)


def native_speed(data: Path) -> float:
    """Train in a Python of its own, with NumPy's own choice of threads."""
    command = [sys.executable, Path(__file__).with_name("numpy_training.py"), data, json.dumps(SETTINGS), str(SECONDS)]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


class Speeds(dict[str, list[float]]):
    """Samples a second of each trainer, one figure a round."""

    def ratio(self, one: str, other: str) -> float:
        """Return how many times as fast one is as the other: the median over the rounds."""
        return median(a / b for a, b in zip(self[one], self[other], strict=True))


@pytest.fixture(scope="module")
def speeds(open_page, host, report) -> Speeds:
    trainers: dict[str, Callable[[], float] | None] = {
        PAGE: page_trainer(open_page(site(**SETTINGS, kernel="simd"))),
        WARPED: page_trainer(open_page(site(**SETTINGS, affine=1, kernel="simd"))),
        PAGE_NUMPY: page_trainer(open_page(site(**SETTINGS, kernel="numpy"))),
        **{name: rival_trainer(open_page("bench/rivals.html"), key) for name, key in RIVALS.items()},
        NATIVE: lambda: native_speed(host.root / "site" / "data"),
    }
    running = {name: trainer for name, trainer in trainers.items() if trainer}
    for trainer in running.values():
        trainer()  # to warm up
    speeds = Speeds({name: [] for name in running})
    for _ in range(ROUNDS):
        for name, trainer in running.items():
            speeds[name].append(trainer())
    open_page.close()
    row = report.table("training, 784-128-10, Adam, batch 64", "samples/s", "this page is")
    for name in trainers:
        if name not in running:
            row(name, "no GPU here", "")
        else:
            ratio = "" if name == PAGE else f"{speeds.ratio(PAGE, name):.2f} ×"
            row(name, f"{median(speeds[name]):,.0f}", ratio)
    return speeds


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        (PAGE, TENSORFLOW, 9),
        (PAGE, CONVNET, 10),
        (PAGE, PRODUCT, 8),
        (PAGE, NATIVE, 0.25),
        (PAGE_NUMPY, TENSORFLOW, 1.3),
        (WARPED, PAGE, 0.5),  # augmentation takes at most as long as the rest of the step
    ],
)
def test_it_trains_so_many_times_as_fast(speeds, one, other, times):
    assert speeds.ratio(one, other) >= times


# --- starting ------------------------------------------------------------------------------------------------------

Start = tuple[float, int, float]  # seconds and bytes from opening to ready, seconds when it is opened again
SETTLED = 5  # seconds, after which the browser has kept what it compiled


@pytest.fixture(scope="module")
def starts(open_page, host, report) -> dict[str, list[Start]]:
    addresses = {"this page, its digits included": site(), "stock Pyodide and NumPy": "bench/stock.html"}
    starts: dict[str, list[Start]] = {name: [] for name in addresses}
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            host.sent.clear()
            page = open_page(address)
            seconds, sent = page.evaluate("probes.ready"), sum(host.sent)
            page.wait_for_timeout(1000 * SETTLED)
            page.reload()
            starts[name].append((seconds, sent, page.evaluate("probes.ready")))
            open_page.close()
    row = report.table("from opening to ready", "seconds", "MB transferred", "second visit, seconds")
    for name, measured in starts.items():
        seconds, sent, again = (median(values) for values in zip(*measured, strict=True))
        row(name, f"{seconds:.2f}", f"{sent / 1e6:.1f}", f"{again:.2f}")
    return starts


def test_it_starts_in_less_than_half_the_time(starts):
    ours, stock = starts.values()
    assert median(a / b for (a, *_), (b, *_) in zip(ours, stock, strict=True)) <= 0.45


def test_it_transfers_at_most_8_5_mb(starts):
    ours, _ = starts.values()
    assert max(sent for _, sent, _ in ours) <= 8.5e6


LINES = (20, 8)  # Mbit a second
LATENCY = 0.04  # seconds
SLOW_ROUNDS = 3


@pytest.fixture(scope="module")
def slow_starts(open_page, host, report) -> dict[int, list[list[float]]]:
    """Seconds from opening to ready over a shared line, of this page and of stock, by the line's Mbit a second."""
    row = report.table(f"from opening to ready over a line with {1000 * LATENCY:.0f} ms", "seconds", "stock, seconds")
    starts: dict[int, list[list[float]]] = {}
    try:
        for megabits in LINES:
            host.line.megabits, host.line.latency = megabits, LATENCY
            starts[megabits] = [[], []]
            for _ in range(SLOW_ROUNDS):
                for measured, address in zip(starts[megabits], (site(), "bench/stock.html"), strict=True):
                    measured.append(open_page(address).evaluate("probes.ready"))
                    open_page.close()
            row(f"{megabits} Mbit/s", *(f"{median(measured):.1f}" for measured in starts[megabits]))
    finally:
        host.line.megabits = 0.0
    return starts


def test_over_a_slow_line_it_starts_in_less_than_three_quarters_of_the_time(slow_starts):
    assert median(a / b for a, b in zip(*slow_starts[20], strict=True)) <= 0.75


# --- learning ------------------------------------------------------------------------------------------------------

GOALS = {
    "quick": (10_000, 0.95, 3),
    "modular": (60_000, 0.98, 60),
    "handwriting": (60_000, 0.989, 180),
}  # recipe: images, accuracy, seconds allowed


@pytest.fixture(scope="module")
def runs(open_page, report) -> dict[str, tuple[float, list[float]]]:
    """Seconds to the goal and long tasks of a whole run of each recipe."""
    row = report.table("from pressing Train", "training images", "seconds")
    runs = {}
    for recipe, (images, accuracy, _) in GOALS.items():
        page = open_page(site(recipe=recipe, data_size=images))
        page.evaluate("probes.ready")
        seconds = page.evaluate("probes.secondsTo", accuracy)
        page.evaluate("probes.isNow('done')")
        runs[recipe] = seconds, page.evaluate("probes.longTasks()")
        open_page.close()
        row(f"to {100 * accuracy:.0f} % of the 10,000 test images, `{recipe}`", f"{images:,}", f"{seconds:.1f}")
    return runs


@pytest.mark.parametrize("recipe", GOALS)
def test_it_learns_in_time(runs, recipe):
    assert runs[recipe][0] <= GOALS[recipe][2]


# --- answering while it trains -------------------------------------------------------------------------------------


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


@pytest.fixture(scope="module")
def answers(open_page, report) -> dict[str, Any]:
    """Seconds from the last movement of each stroke to its answer, and the long tasks meanwhile."""
    # At this rate the weights stand still, so that nothing but the pen changes what the page answers.
    page = open_page(site(**{**SETTINGS, "learning_rate": 1e-12, "evaluate_every": 1}))
    page.evaluate("probes.ready")
    idle = page.evaluate("probes.latencies", STROKES)
    page.get_by_test_id("train").click()
    training = page.evaluate("probes.latencies", STROKES)
    tasks = page.evaluate("probes.longTasks()")
    open_page.close()
    row = report.table("from pen to answer, ms", "median", "95th percentile")
    for name, latencies in (("idle", idle), ("while it trains", training)):
        row(name, f"{1000 * median(latencies):.0f}", f"{1000 * p95(latencies):.0f}")
    return {"idle": idle, "training": training, "long tasks": tasks}


def test_it_answers_the_pen_while_it_trains(answers):
    assert min(answers["idle"] + answers["training"]) > 0, "every stroke has its answer"
    assert p95(answers["training"]) <= 0.033


def test_it_never_stutters(runs, answers, report):
    tasks = {
        "a run of quick": runs["quick"][1],
        "a run of modular": runs["modular"][1],
        "a run of handwriting": runs["handwriting"][1],
        "drawing": answers["long tasks"],
    }
    row = report.table("main-thread tasks over 50 ms while it trains", "count", "longest, ms")
    for name, durations in tasks.items():
        row(name, f"{len(durations)}", f"{max(durations, default=0):.0f}")
    assert not any(tasks.values())


# --- memory --------------------------------------------------------------------------------------------------------


def test_memory_is_flat_over_5000_steps(open_page, report):
    page = open_page(site(**{**SETTINGS, "evaluate_every": 1}))
    page.workers[0].evaluate(KEEP_MEMORY)
    page.evaluate("probes.ready")
    page.evaluate("probes.train", 1000)
    before = memory(page)
    page.evaluate("probes.train", 5000)
    after = memory(page)
    row = report.table("memory, MB", "after 1,000 steps", "after 6,000 steps")
    for name in before:
        row(name, f"{before[name] / 1e6:.1f}", f"{after[name] / 1e6:.1f}")
    assert all(after[name] - before[name] < 1e6 for name in before)
