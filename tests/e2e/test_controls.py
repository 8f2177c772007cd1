"""Training in the browser, on the built site: the controls do what they say, and the numbers are the package's."""

from itertools import islice

import pytest

from digitnet.data.files import load_mnist
from digitnet.dataset import train_validation_test
from digitnet.evaluation import evaluate
from digitnet.recipes import RECIPES
from digitnet.training import train


def test_quick_reaches_95_percent_and_stops_by_itself(trained):
    assert trained.value("test-accuracy") >= 0.95
    assert trained.value("train-accuracy") > trained.value("test-accuracy")
    assert trained.value("epoch") == RECIPES["quick"].settings.epochs
    assert trained.value("step-count") == 157 * trained.value("epoch")
    assert trained.value("samples-per-second") > 0


def test_train_from_done_trains_as_many_epochs_again(warm):
    warm.open("#data-size=100&epochs=3")
    for epochs in (3, 6):
        warm.click("train")
        warm.wait_for("done", also=lambda epochs=epochs: warm.value("epoch") == epochs)


def test_pause_really_pauses_and_resume_goes_on(warm):
    warm.open("#epochs=1000")
    warm.click("train")
    warm.wait_until(lambda: warm.value("step-count") > 20)
    warm.click("train")
    warm.wait_for("paused")
    steps = warm.value("step-count")
    # The worker answers in order: once it has answered a reading, any slice that was under way has been shown.
    warm.clear_and_draw_a_one()
    assert warm.value("step-count") == steps
    assert warm.state() == "paused"
    warm.click("train")
    warm.wait_for("training")
    warm.wait_until(lambda: warm.value("step-count") > steps)


def test_step_is_one_batch_and_reset_starts_over(warm):
    warm.open("#batch-size=64")
    for step in (1, 2, 3):
        warm.click("step")
        warm.wait_until(lambda step=step: warm.value("step-count") == step)
        assert warm.state() == "paused"
    first_loss = warm.value("train-loss")
    warm.click("reset")
    warm.wait_for("ready")
    warm.wait_until(lambda: warm.value("step-count") == 0)
    for step in (1, 2, 3):
        warm.click("step")
        warm.wait_until(lambda step=step: warm.value("step-count") == step)
    assert warm.value("train-loss") == first_loss, "the same seed, the same run"


def test_a_new_learning_rate_keeps_the_weights(warm):
    warm.open("#data-size=1000&epochs=5")
    warm.click("train")
    warm.wait_for("done")
    steps, before = warm.value("step-count"), warm.probabilities()
    warm.set("learning-rate", "0.0001")
    warm.set("l2", "0.001")
    warm.set("batch-size", "32")
    warm.set("optimizer", "momentum")
    warm.click("step")
    warm.wait_until(lambda: warm.value("step-count") == steps + 1)
    assert warm.probabilities() == pytest.approx(before, abs=0.05), "a tiny step from where it was"
    assert max(before) > 0.5


def test_a_new_architecture_is_a_new_network_and_says_so(warm):
    warm.open()
    warm.click("step")
    warm.wait_for("paused")
    warm.set("layers", "32,16")
    warm.wait_for("ready")
    assert warm.value("step-count") == 0
    assert "new network" in warm.text("message").lower()


OUT_OF_RANGE = [
    ("learning-rate", "-1"),
    ("layers", "12,x"),
    ("layers", "many"),
    ("batch-size", "0"),
    ("epochs", "0"),
    ("l2", "99"),
    ("l2", "-2"),
    ("seed", "-3"),
]


def test_settings_out_of_range_are_refused_with_the_reason(warm):
    warm.open()
    warm.click("step")
    warm.wait_until(lambda: warm.value("step-count") == 1)
    for name, value in OUT_OF_RANGE:
        before, said = warm.control(name).input_value(), warm.text("message")
        warm.set(name, value)
        warm.wait_until(lambda name=name, before=before: warm.control(name).input_value() == before)
        warm.wait_until(lambda said=said: warm.text("message") not in ("", said))
        assert warm.control(name).get_attribute("aria-invalid") == "true"
        assert warm.value("step-count") == 1
        assert warm.state() == "paused"


@pytest.mark.slow
def test_every_recipe_can_be_chosen_and_trains(warm):
    warm.open()
    for name, recipe in reversed(RECIPES.items()):  # the page starts with the first
        warm.set("recipe", name)
        settings = recipe.page_settings().to_dict()
        warm.wait_until(lambda: not warm.control("train").is_disabled())
        for control in ("data_size", "layers", "optimizer", "batch_size", "epochs"):
            shown = str(settings[control] if settings[control] is not None else "")
            element = warm.control(control.replace("_", "-"))
            warm.wait_until(lambda element=element, shown=shown: element.input_value() == shown)
        for step in (1, 2, 3):
            warm.click("step")
            warm.wait_until(lambda step=step: warm.value("step-count") == step)
        assert warm.value("train-loss") > 0


# The losses shown after each of so many presses of Step, pressed in the page: a hundred from outside take long.
LOSSES = """async steps => {
  const control = name => document.querySelector(`[data-testid="${name}"]`);
  const losses = [];
  const late = performance.now() + 60_000;
  for (let step = 1; step <= steps; step++) {
    control("step").click();
    while (control("step-count").dataset.value !== String(step)) {
      if (performance.now() > late) throw new Error(`waited for step ${step}`);
      await new Promise(requestAnimationFrame);
    }
    losses.push(Number(control("train-loss").dataset.value));
  }
  return losses;
}"""


@pytest.mark.slow
def test_the_losses_are_those_of_a_native_run(warm, mnist):
    recipe = RECIPES["quick"]
    settings = recipe.settings.changed({"seed": 3, "layers": "32"})
    data, validation, _ = train_validation_test(*load_mnist(mnist), settings.data_size, settings.seed)
    native = [p.loss for p in islice(train(settings.model(), data, settings.config(), validation), 100)]
    warm.open("#recipe=quick&seed=3&layers=32")
    shown = warm.page.evaluate(LOSSES, len(native))
    assert shown == pytest.approx(native, abs=1e-3)
    warm.open("#recipe=quick&seed=3&layers=32")
    assert warm.page.evaluate(LOSSES, len(native)) == shown, "the same seed is the same run, bit for bit"


def test_the_accuracy_is_that_of_a_native_run(warm, mnist):
    settings = RECIPES["quick"].settings.changed({"seed": 3, "layers": "32", "epochs": 2})
    data, validation, test = train_validation_test(*load_mnist(mnist), settings.data_size, settings.seed)
    model = settings.model()
    for _ in train(model, data, settings.config(), validation):
        pass
    warm.open("#recipe=quick&seed=3&layers=32&epochs=2")
    warm.train()
    assert warm.value("test-accuracy") == pytest.approx(evaluate(model, test).accuracy, abs=0.002)


def test_what_is_being_typed_is_not_overwritten(warm):
    warm.open("#data-size=100&epochs=100000")
    warm.set("batch-size", "32")
    field = warm.control("l2")
    field.focus()
    field.fill("0.00")
    warm.control("optimizer").evaluate("select => { select.value = 'sgd'; select.dispatchEvent(new Event('change')); }")
    warm.wait_until(lambda: "optimizer=sgd" in warm.page.evaluate("location.hash"))
    field.press_sequentially("1")
    field.press("Enter")
    warm.wait_until(lambda: "l2=0.001" in warm.page.evaluate("location.hash"))
    assert field.input_value() == "0.001"


def test_the_batch_shows_what_the_network_saw(warm):
    warm.open("#data-size=1000&affine=1&styles=1&ema=0.9&schedule=warmup_cosine&epochs=2")
    warm.show("Batch")
    batch = warm.control("batch").locator("li")
    assert batch.count() == 0
    warm.click("step")
    warm.wait_until(lambda: batch.count() == 10)
    pictures = """list => list.map(item => [...item.querySelectorAll("canvas")].map(canvas =>
        canvas.getContext("2d").getImageData(0, 0, 28, 28).data.join()))"""
    for pair in batch.evaluate_all(pictures):
        assert len(pair) == 2, "as in the data, and as the network saw it"
        assert pair[0] != pair[1]
    warm.set("affine", "0")
    warm.set("styles", "0")
    warm.set("shift", "0")
    warm.wait_until(lambda: warm.control("shift").input_value() == "0")
    warm.click("step")
    warm.wait_until(lambda: batch.locator("canvas").count() == 10)
    warm.set("styles", "0.5")
    warm.set("affine", "0.5")
    warm.train()
    assert warm.value("test-accuracy") > 0.3
    warm.wait_until(lambda: batch.locator("canvas").count() == 20)
