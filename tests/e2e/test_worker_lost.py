"""The worker that runs Python is killed: nothing that was learned goes with it, the page says so, and Retry goes on."""

import io

import pytest
from memory import held
from test_page import download, says

from digitnet.storage import load_with_meta

# Browsers end a worker from outside when memory is short. Some say so to the page, some don't.
KEEP_WORKER = """
  const RealWorker = Worker;
  window.workersMade = 0;
  window.Worker = class extends RealWorker {
    constructor(...options) {
      super(...options);
      window.lastWorker = this;
      window.workersMade += 1;
    }
  };
"""
KILL_SILENTLY = "lastWorker.terminate()"
KILL = KILL_SILENTLY + "; lastWorker.dispatchEvent(new ErrorEvent('error', {message: 'out of memory'}))"

DRAWN = (
    """pad => pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data.filter(value => value > 0).length"""
)


@pytest.fixture
def lost(new_app):
    """A page whose worker can be killed."""
    app = new_app(strict=False)
    app.page.add_init_script(KEEP_WORKER)
    return app


def retry(app):
    app.page.get_by_role("button", name="Retry").click()
    app.wait_for("ready", seconds=30)


def stored_run(app):
    """The figures of the run whose network is stored; None while nothing is."""
    network = app.stored("network")
    return network and network["run"] and network["run"]["last"]


@pytest.mark.slow
def test_killed_in_mid_training_it_has_kept_what_was_learned(lost):
    lost.open("#epochs=500&layers=40")
    lost.clear_and_draw_a_one()
    ink = lost.control("draw").evaluate(DRAWN)
    lost.click("train")
    lost.wait_until(lambda: lost.value("epoch") >= 8, what="eight epochs")
    lost.page.evaluate(KILL)
    lost.wait_for("error")
    says(lost, "stopped", "Retry goes on from the network as it was last saved")
    steps, speed = lost.value("step-count"), lost.value("samples-per-second")
    saved = stored_run(lost)
    assert (steps - saved["step"]) * 64 / speed < 3, "seconds of training"

    retry(lost)
    says(lost, "as it was last saved")
    assert lost.value("test-accuracy") == pytest.approx(saved["test_accuracy"], abs=0.02)
    assert lost.control("layers").input_value() == "40"
    assert lost.control("draw").evaluate(DRAWN) == ink
    lost.click("train")
    lost.wait_until(lambda: lost.value("step-count") > 0)
    assert lost.control("runs").locator("> *").count() == 1, "the run goes on"


SAVE_AND_KILL = f"""() => {{
  // The first sign of life comes while it tests the network, whose accuracy goes into the file.
  lastWorker.addEventListener("message", ({{data}}) => {{ if (data === null) {{ {KILL} }} }});
  document.querySelector("[data-testid=save]").click();
}}"""


@pytest.mark.slow
def test_killed_in_mid_save_it_downloads_nothing_and_saves_after_retry(lost):
    lost.open("#epochs=1&layers=1500&data-size=1000")
    lost.train()
    lost.click("step")
    lost.wait_for("paused")
    lost.wait_until(lambda: (stored_run(lost) or {}).get("step") == lost.value("step-count"), what="a stored network")
    downloads = []
    lost.page.on("download", lambda download: downloads.append(download))
    lost.page.evaluate(SAVE_AND_KILL)
    lost.wait_for("error")
    says(lost, "stopped", "as it was last saved")
    retry(lost)
    assert downloads == []
    accuracy = lost.value("test-accuracy")
    assert accuracy > 0.5
    content, _ = download(lost, lambda: lost.control("save").evaluate("button => button.click()"))
    _, meta = load_with_meta(io.BytesIO(content))
    assert meta["test_accuracy"] == pytest.approx(accuracy)


@pytest.mark.slow
@pytest.mark.parametrize("kill", [KILL, KILL_SILENTLY])
def test_killed_while_loading_it_says_so(lost, kill):
    lost.page.goto(lost.url + "#layers=40", wait_until="commit")
    lost.wait_until(lambda: " of " in (lost.page.locator("#stage").text_content() or ""), what="the first bytes")
    lost.page.evaluate(kill)
    lost.wait_for("error", seconds=20)
    says(lost, "stopped", "retry")
    retry(lost)
    assert lost.control("layers").input_value() == "40"


@pytest.mark.slow
def test_twenty_retries_leave_nothing_behind(lost):
    lost.open("#epochs=2&data-size=1000&layers=20")
    lost.train()
    lost.wait_until(lambda: stored_run(lost), what="a stored network")

    def lose_and_retry(times):
        for _ in range(times):
            lost.page.evaluate(KILL)
            lost.wait_for("error")
            retry(lost)
            lost.wait_until(lambda: lost.page.get_by_role("button", name="Put a 7 on the pad").is_enabled())

    lose_and_retry(3)
    before = held(lost.page)
    lose_and_retry(20)
    # Two: the worker may have let go of the two callbacks that it was given at its start, or not yet. The browser may
    # take a moment to end a worker.
    lost.wait_until(lambda: held(lost.page)["listeners"] <= before["listeners"] + 2, what="as few listeners as before")
    after = held(lost.page)
    assert len(lost.page.workers) == 1
    assert lost.page.evaluate("workersMade") == 24
    assert after["nodes"] <= before["nodes"] + 20
    assert after["bytes"] <= before["bytes"] + 1e6  # the browser notes times and compiles
