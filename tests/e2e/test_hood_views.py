"""Checks, slow motion and the run as a script: what they show is what the code that runs really does."""

import re
import subprocess
import sys

import numpy as np
import pytest
from test_hood_code import Hood

from digitnet.data.files import load_mnist
from digitnet.dataset import train_validation_test
from digitnet.network import MLP
from digitnet.training import TrainConfig, Training
from digitnet.workshop.lesson import Lesson, original
from digitnet.workshop.trace import record_step

DB = "db = dz.sum(axis=0)"
CHECKS = "list => [...list.children].map(check => ({...check.dataset, text: check.textContent}))"


@pytest.fixture
def hood(warm):
    return Hood(warm)


def checks_of(app):
    return {check["name"]: check for check in app.control("checks").evaluate(CHECKS)}


def check(app):
    """Press the button; return the outcomes when they are there."""
    app.click("check")
    app.wait_until(lambda: app.control("checks").locator("> *").count() > 0, seconds=10, what="the checks")
    return checks_of(app)


def test_the_checks_find_a_wrong_gradient_while_it_trains(hood):
    app = hood.app
    hood.open("#epochs=1000&schedule=constant&data-size=1000")
    app.show("Check")
    assert app.attribute("gradient-error") == ""
    app.click("train")
    app.wait_until(lambda: app.value("step-count") > 20)
    outcome = check(app)
    assert app.state() == "training", "it goes on training"
    assert {name: c["state"] for name, c in outcome.items()} == dict.fromkeys(outcome, "pass")
    assert len(outcome) >= 7
    assert app.value("gradient-error") < 1e-6

    app.show("Edit")
    hood.replace("network.py", DB, "db = dz.sum(axis=0) + dz.sum(axis=0)")
    assert app.attribute("gradient-error") == "", "other code is typed"
    hood.apply()
    app.show("Check")
    assert app.control("checks").locator("> *").count() == 0, "those of other code are gone"
    outcome = check(app)
    assert outcome["gradients"]["state"] == "fail"
    assert outcome["gradients"]["text"].startswith("failed")
    assert re.search(r"db\d is 2 times", outcome["gradients"]["text"]), outcome["gradients"]["text"]
    assert app.value("gradient-error") == pytest.approx(1 / 3, abs=1e-3)  # |2g - g| / (2g + g)
    table = app.page.locator(".checks-panel tbody tr")
    errors = {row.split("\t")[0]: row.split("\t") for row in table.all_inner_texts()}
    assert set(errors) == {f"d{kind}{layer}" for kind in "Wb" for layer in (1, 2, 3)}
    assert float(errors["db2"][4]) == pytest.approx(1 / 3, abs=1e-3)

    app.page.get_by_label("after every Apply").check()
    app.show("Edit")
    app.click("code-restore")
    app.wait_until(lambda: app.attribute("gradient-error") != "", seconds=10, what="the checks to run by themselves")
    assert app.value("gradient-error") < 1e-6
    assert app.state() == "training"


SETTINGS = (
    "#data-size=1000&layers=32&optimizer=sgd&learning-rate=0.1&batch-size=16&shift=0&styles=0&l2=0.01&seed=5"
    "&schedule=constant"
)


def native_training(mnist):
    train, _, _ = train_validation_test(*load_mnist(mnist), 1000, 5)
    model = MLP((784, 32, 10), "relu", "he", np.random.default_rng(5))
    config = TrainConfig(batch_size=16, optimizer="sgd", lr=0.1, l2=0.01, seed=5, epochs=12)
    return Training(model, train, config)


def place(app):
    return app.control("trace-line").evaluate("line => ({...line.dataset})")


# Goes on by the button or the arrow key in turn, and says what is shown of each line, up to one with a text in it.
WALK = """async text => {
  const at = name => document.querySelector(`[data-testid="${name}"]`);
  const look = () => ({
    ...at("trace-line").dataset, code: document.querySelector(".trace-code .lit").textContent,
    values: [...at("trace-values").children].map(({ dataset: { name, shape, changed } }) => [name, shape, changed]),
  });
  const seen = [];
  for (;;) {
    seen.push(look());
    const { index, count, code } = seen.at(-1);
    if (Number(index) + 1 === Number(count) || (seen.length > 1 && code.includes(text))) return seen;
    if (index % 2) at("trace-next").click();
    else at("trace-next").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    const late = performance.now() + 10_000;
    while (at("trace-line").dataset.index === index) {
      if (performance.now() > late) throw new Error(`line ${index} stays`);
      await new Promise(requestAnimationFrame);
    }
  }
}"""


def walk(app, text):
    """Go on from line to line until the code has this text in it; return the lines that were shown."""
    return app.page.evaluate(WALK, text)


def record(app):
    app.click("trace")
    app.wait_until(lambda: place(app)["index"] == "0", seconds=10, what="the recording")
    return int(place(app)["count"])


def table_of(app, name):
    """The first numbers of an array that the line touched, from its table."""
    value = app.control("trace-values").locator(f'> [data-name="{name}"]')
    value.locator("summary").click()
    value.locator("tbody td").first.wait_for()
    rows = value.locator("tbody tr").all()
    return np.array([[number(cell) for cell in row.locator("td").all_text_contents()] for row in rows])


def number(text):
    return float(text.replace("−", "-"))


@pytest.mark.slow
def test_a_step_in_slow_motion_is_the_step_that_a_recomputation_takes(hood, mnist):
    app = hood.app
    hood.open(SETTINGS)
    app.show("Slow motion")
    assert set(place(app).values()) - {"trace-line"} == {""}
    app.control("trace").locator("xpath=following-sibling::select").select_option("batch")
    count = record(app)
    expected = record_step(Lesson(), native_training(mnist))
    assert count == len(expected)

    work = native_training(mnist)
    rows = work.rng.permutation(1000)[:16]
    X, Y = work.data.images[rows] / np.float32(255), work.targets[rows]
    W1, b1, W2, b2 = (p.astype(np.float64) for p in work.model.params)
    a1 = np.maximum(X @ W1 + b1, 0)
    z2 = a1 @ W2 + b2
    p = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    dW2 = a1.T @ ((p - Y) / 16)
    shown, seen = [], []
    while not app.control("trace-next").is_disabled():
        shown += walk(app, "ops.matmul")[1 if shown else 0 :]
        code = shown[-1]["code"]
        if "z = ops.matmul" in code:
            seen.append("z")
            if seen.count("z") == 2:
                np.testing.assert_allclose(table_of(app, "z"), z2[:12, :8], rtol=2e-3, atol=1e-4)
                assert app.page.locator(".trace-equation").text_content().startswith("z⁽ˡ⁾ = a⁽ˡ⁻¹⁾ W⁽ˡ⁾")
                explained(app, a1, W2, z2)
        if "dW = ops.matmul" in code and "dW" not in seen:
            seen.append("dW")
            np.testing.assert_allclose(table_of(app, "dW"), dW2[:12, :8], rtol=2e-3, atol=1e-4)
    for index, (line, here) in enumerate(zip(expected, shown, strict=True)):
        assert (here["file"], here["line"]) == (line.file, str(line.line))
        assert (here["index"], here["count"]) == (str(index), str(count))
        assert here["code"] == original(line.file).splitlines()[line.line - 1]
        assert here["values"] == [
            [v.name, "x".join(map(str, v.array.shape)), str(v.changed).lower()] for v in line.values
        ]
    assert seen == ["z", "z", "dW"]
    assert app.control("trace-next").is_disabled()
    app.click("trace-back")
    app.wait_until(lambda: place(app)["index"] == str(count - 2))
    assert app.value("step-count") == 0, "the run itself has not moved"

    app.show("Edit")
    hood.replace("network.py", DB, "db = dz.sum(axis=0)  # mine")
    hood.apply()
    assert place(app)["index"] == "", "a recording of other code is gone"
    app.show("Slow motion")
    record(app)
    app.control("trace-next").press("ArrowRight")
    app.wait_until(lambda: place(app)["index"] == "1")
    walk(app, "db")
    assert "# mine" in app.page.locator(".trace-code .lit").text_content()
    assert app.page.locator(".trace-equation").text_content() == "", "an edited line has no equation"


def explained(app, a1, W2, z2):
    """The entry z[1, 3] is shown as the sum of its products."""
    z = app.control("trace-values").locator('> [data-name="z"]')
    z.get_by_role("spinbutton", name="Row").fill("1")
    z.get_by_role("spinbutton", name="Column").fill("3")
    z.get_by_role("button", name="Where does it come from?").click()
    terms = app.page.locator(".trace-terms")
    terms.locator("tbody tr").first.wait_for()
    products = a1[1] * W2[:, 3]
    largest = number(terms.locator("tbody tr").first.locator("td").last.text_content())
    assert largest == pytest.approx(products[np.abs(products).argmax()], rel=1e-2, abs=1e-3)
    text = terms.text_content()
    assert "z[1, 3]" in text
    assert f"32 products, {np.count_nonzero(products)} of them not 0" in text
    total = number(re.search(r"Their sum: (\S+?)[.;]? ", text).group(1))
    assert total == pytest.approx(z2[1, 3], rel=1e-2, abs=1e-3)
    assert "+ 0 (b[3])" in text, "the bias, which is 0 before the first step"


STEPS = """async count => {
  const at = name => document.querySelector(`[data-testid="${name}"]`);
  const losses = {};
  for (let i = 1; i <= count; i++) {
    at("step").click();
    while (at("step-count").dataset.value !== String(i)) await new Promise(requestAnimationFrame);
    losses[i] = Number(at("train-loss").dataset.value);
  }
  return losses;
}"""


@pytest.mark.slow
def test_the_run_as_a_script_repeats_it(warm, mnist, tmp_path):
    warm.open("#epochs=2&layers=32&learning-rate=0.01&seed=3")
    losses = warm.page.evaluate(STEPS, 60)
    warm.wait_for("paused")
    warm.set("learning-rate", "0.003")
    warm.wait_until(lambda: warm.control("runs").locator("> *").first.get_attribute("data-changes") != "[]")
    losses |= warm.page.evaluate(STEPS.replace("i = 1", "i = 61"), 100)
    warm.wait_for("paused")
    warm.train()
    files = {}
    for name in ("script", "notebook"):
        with warm.page.expect_download() as download:
            warm.control(name).evaluate("button => button.click()")
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    assert [file.name for file in files.values()] == ["digitnet-run.py", "digitnet-run.ipynb"]
    assert '"nbformat": 4' in files["notebook"].read_text()
    done = subprocess.run(
        [sys.executable, "-I", files["script"], mnist], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    printed = {step: float(loss) for step, loss in re.findall(r"step (\d+)  loss ([\d.]+)", done.stdout)}
    assert {step: printed[step] for step in losses} == pytest.approx(losses, abs=1e-3)
    assert len(losses) == 100
    share = float(re.findall(r"([\d.]+) %", done.stdout)[-1]) / 100
    assert share == pytest.approx(warm.value("test-accuracy"), abs=0.002)
