"""What is seen where: the main loop on one screen, nothing that jumps, numbers that fit."""

from __future__ import annotations

import gzip
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from writers import to_idx

# Notes every element that the browser moves up or down, after a click as well, and buttons and forms that move aside.
WATCH = """
window.moved = [];
new PerformanceObserver(list => {
  for (const { sources } of list.getEntries())
    for (const { node, previousRect: from, currentRect: to } of sources) {
      const isControl = node?.matches?.("button, form, label, dl.meters");
      const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
      if (dy > 1 || (isControl && dx > 1)) window.moved.push([node?.id || node?.className || node?.nodeName, dx, dy]);
    }
}).observe({ type: "layout-shift", buffered: true });
"""
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
CUT = (
    "table => [...table.querySelectorAll('td, th')].filter(c => c.scrollWidth > c.clientWidth).map(c => c.textContent)"
)


@pytest.fixture(scope="module")
def looked(shared_app):
    """A page whose layout was watched since it opened, through training, tabs and a unit's panel."""
    app = shared_app(viewport={"width": 1366, "height": 768})
    app.page.add_init_script(WATCH)
    app.open("#epochs=10&batch-size=200")
    app.train()
    for tab in ("Per class", "Mistakes", "Runs", "Confusion"):
        app.show(tab)
        app.page.evaluate(SETTLED)
    app.page.get_by_role("button", name="Output 3").click()
    app.page.get_by_role("button", name="Put it on the pad").first.wait_for()
    app.page.get_by_role("button", name="Close").click()
    app.page.evaluate(SETTLED)
    app.moved = app.page.evaluate("window.moved")
    return app


def lower_edges(app, width, height):
    app.page.set_viewport_size({"width": width, "height": height})
    app.page.evaluate("scrollTo(0, 0)")
    app.page.evaluate(SETTLED)
    parts = {name: app.control(name) for name in ("draw", "prediction", "probabilities")}
    parts["outputs"] = app.page.get_by_role("button", name="Output 9")
    return {name: (box := part.bounding_box())["y"] + box["height"] for name, part in parts.items()}


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1440, 900)])
def test_answer_bars_and_outputs_are_seen_while_one_draws(looked, width, height):
    edges = lower_edges(looked, width, height)
    assert {name: edge for name, edge in edges.items() if edge > height} == {}
    box = looked.control("draw").bounding_box()
    assert min(box["width"], box["height"]) >= 280


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (390, 844)])
def test_the_answer_is_seen_while_one_draws_on_a_smaller_screen(looked, width, height):
    edges = lower_edges(looked, width, height)
    assert {name: edge for name, edge in edges.items() if edge > height and name != "outputs"} == {}


def test_nothing_moves_while_it_starts_and_trains_and_is_looked_into(looked):
    assert looked.moved == []


def test_a_long_message_moves_nothing(looked):
    looked.page.set_viewport_size({"width": 1366, "height": 768})
    looked.page.evaluate(SETTLED)
    places = "() => [...document.querySelectorAll('.card')].map(card => card.getBoundingClientRect().y)"
    before = looked.page.evaluate(places)
    looked.page.evaluate("document.getElementById('message').textContent = 'Nothing is wrong with this. '.repeat(20)")
    after = looked.page.evaluate(places)
    looked.page.evaluate("document.getElementById('message').textContent = ''")
    assert after == before


def test_pictures_of_weights_say_what_their_colours_mean(looked):
    network = looked.page.locator("#network")
    scale = network.locator(".network-top .colour-scale span")
    low, high = (text.split()[1] for text in scale.all_text_contents())
    assert float(high) > 0
    assert low == f"−{high}"
    assert "ink here raises its sum" in network.text_content()
    assert "Lines: weight × activation" in network.text_content()


def test_a_unit_names_its_numbers_for_what_they_are_and_they_add_up(looked):
    def numbers(name):
        looked.page.get_by_role("button", name=name, exact=True).click()
        panel = looked.page.locator(".unit-panel")
        panel.get_by_role("button", name="Put it on the pad").first.wait_for()
        figures = dict(
            zip(panel.locator("dt").all_text_contents(), panel.locator("dd").all_text_contents(), strict=True)
        )
        heading = panel.get_by_text("Test images with the highest").text_content()
        panel.get_by_role("button", name="Close").click()
        return {name: float(text.replace("−", "-").removesuffix(" %")) for name, text in figures.items()}, heading

    output, heading = numbers("Output 3")
    assert list(output) == ["sum of weight × input", "+ bias", "= score (logit)", "probability (softmax)"]
    assert round(output["sum of weight × input"] + output["+ bias"], 3) == output["= score (logit)"]
    assert output["probability (softmax)"] == pytest.approx(100 * looked.probabilities()[3], abs=0.06)
    assert "highest score" in heading
    hidden, heading = numbers("Hidden layer 1, place 5")
    assert list(hidden) == ["sum of weight × input", "+ bias", "= z", "activation f(z)"]
    assert hidden["activation f(z)"] == max(hidden["= z"], 0)
    assert "highest activation" in heading


@pytest.mark.parametrize("width", [1366, 1024, 390])
def test_numbers_fit_into_the_confusion_matrix(looked, width):
    looked.page.set_viewport_size({"width": width, "height": 800})
    looked.show("Confusion")
    looked.page.evaluate(SETTLED)
    table = looked.control("confusion")
    assert "1,1" in table.locator("[data-row='1'][data-column='1']").text_content()
    assert table.evaluate(CUT) == []


@pytest.mark.slow
def test_five_digit_counts_of_own_data_fit(warm):
    """Nearly all images are of one class, so that more than 10,000 are counted in one cell."""
    images = np.zeros((64_000, 28, 28), np.uint8)
    labels = np.arange(64_000, dtype=np.uint8) % 10
    labels[10:] = 3
    warm.page.set_viewport_size({"width": 1366, "height": 768})
    warm.open()
    warm.control("load-data").evaluate(
        "input => { for (const d of document.querySelectorAll('details')) d.open = true; }"
    )
    files = [("images-idx3-ubyte.gz", to_idx(images)), ("labels-idx1-ubyte.gz", to_idx(labels))]
    warm.control("load-data").set_input_files(
        [{"name": name, "mimeType": "application/gzip", "buffer": gzip.compress(data)} for name, data in files]
    )
    warm.wait_until(lambda: "64,000" in warm.text("message") or "53,3" in warm.text("message"))
    warm.set("batch-size", "")
    warm.set("epochs", "1")
    warm.train()
    table = warm.control("confusion")
    assert max(len(text) for text in table.locator("td[data-row]").all_text_contents()) == len("10,000")
    assert table.evaluate(CUT) == []


def test_the_matrix_is_kept_as_a_large_picture_with_titles(looked):
    looked.show("Confusion")
    with looked.page.expect_download() as download:
        looked.page.locator(".downloads button", has_text="SVG").click()
    root = ElementTree.parse(download.value.path()).getroot()
    texts = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"actual", "predicted", "recall %", "precision %"} <= texts
    with looked.page.expect_download() as download:
        looked.page.locator(".downloads button", has_text="PNG").click()
    width, _ = struct.unpack(">II", download.value.path().read_bytes()[16:24])
    assert width >= 1200


@pytest.mark.slow
def test_a_network_that_diverged_says_why_it_predicts_nothing(warm):
    warm.open("#optimizer=momentum&activation=linear&learning-rate=90&data-size=1000")
    warm.click("train")
    warm.wait_for("paused")
    sure = warm.page.locator("#sure")
    warm.wait_until(lambda: "not finite" in sure.text_content())
    assert warm.attribute("prediction") == ""
    warm.clear()
    warm.wait_until(lambda: sure.text_content() == "Draw, or choose a sample.")
