"""Hours of use: memory stays as it is while the page trains and is drawn on.

LONG_RUN_MINUTES chooses how long, 30 for instance; without it a minute has to do.
"""

import math
import os
import time

import pytest
from memory import KEEP_MEMORY, held, memory

MINUTES = float(os.environ.get("LONG_RUN_MINUTES", "1"))
WARM_UP = min(20, 15 * MINUTES)  # seconds until what is kept of curves and drawings is full


@pytest.mark.slow
def test_memory_stays_flat_while_it_trains_and_is_drawn_on(app):
    app.page.goto(app.url + "#epochs=100000&layers=64&evaluate-every=1", wait_until="commit")
    app.wait_until(lambda: app.page.workers, what="the worker")
    app.page.workers[0].evaluate(KEEP_MEMORY)
    app.wait_for("ready", seconds=30)
    app.click("train")
    app.wait_for("training")

    def use(seconds):
        """Draw curves over and over, look at everything, and begin another run now and then."""
        end, rounds = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            turn = 0.7 * rounds
            app.clear()
            app.draw([[(0.4 * math.cos(turn + i / 4), 0.5 * math.sin(2 * turn + i / 3)) for i in range(12)]])
            app.wait_until(lambda: app.attribute("prediction") != "")
            app.show(("Confusion", "Mistakes", "Per class", "Runs")[rounds % 4])
            if rounds % 25 == 24:
                app.click("reset")
                app.wait_for("ready")
                app.click("train")
                app.wait_for("training")
            rounds += 1
        return memory(app.page) | held(app.page)

    before = use(WARM_UP)
    steps = app.value("step-count")
    after = use(60 * MINUTES - WARM_UP)
    print(f"\nafter {WARM_UP:.0f} s: {before}\nafter {MINUTES:g} minutes: {after}")
    assert app.state() == "training"
    assert app.value("step-count") != steps
    assert after["Python (WebAssembly memory)"] == before["Python (WebAssembly memory)"]
    assert after["the page's JavaScript"] - before["the page's JavaScript"] < 2e6
    assert after["listeners"] <= before["listeners"] + 50
