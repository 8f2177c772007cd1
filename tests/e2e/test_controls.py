"""Training in the browser, on the built site: the controls do what they say, and the numbers are the package's."""

from itertools import islice

import pytest

from digitnet.data.files import load_mnist
from digitnet.dataset import train_validation_test
from digitnet.recipes import RECIPES
from digitnet.training import train


def test_quick_reaches_95_percent_and_stops_by_itself(app):
    app.open()
    assert app.value("step-count") == 0
    app.click("train")
    app.wait_for("training")
    app.wait_for("done")
    assert app.value("test-accuracy") >= 0.95
    assert app.value("train-accuracy") > app.value("test-accuracy")
    assert app.value("epoch") == RECIPES["quick"].settings.epochs
    assert app.value("step-count") == 157 * app.value("epoch")
    assert app.value("samples-per-second") > 0


def test_train_from_done_trains_as_many_epochs_again(app):
    app.open("#data-size=100&epochs=3")
    for epochs in (3, 6):
        app.click("train")
        app.wait_for("done", also=lambda epochs=epochs: app.value("epoch") == epochs)


def test_pause_really_pauses_and_resume_goes_on(app):
    app.open("#epochs=1000")
    app.click("train")
    app.wait_until(lambda: app.value("step-count") > 20)
    app.click("train")
    app.wait_for("paused")
    steps = app.value("step-count")
    # The worker answers in order: once it has answered a reading, any slice that was under way has been shown.
    app.clear_and_draw_a_one()
    assert app.value("step-count") == steps
    assert app.state() == "paused"
    app.click("train")
    app.wait_for("training")
    app.wait_until(lambda: app.value("step-count") > steps)


def test_step_is_one_batch_and_reset_starts_over(app):
    app.open("#batch-size=64")
    for step in (1, 2, 3):
        app.click("step")
        app.wait_until(lambda step=step: app.value("step-count") == step)
        assert app.state() == "paused"
    first_loss = app.value("train-loss")
    app.click("reset")
    app.wait_for("ready")
    app.wait_until(lambda: app.value("step-count") == 0)
    for step in (1, 2, 3):
        app.click("step")
        app.wait_until(lambda step=step: app.value("step-count") == step)
    assert app.value("train-loss") == first_loss, "the same seed, the same run"


def test_a_new_learning_rate_keeps_the_weights(app):
    app.open("#data-size=1000&epochs=5")
    app.click("train")
    app.wait_for("done")
    steps, before = app.value("step-count"), app.probabilities()
    app.set("learning-rate", "0.0001")
    app.set("l2", "0.001")
    app.set("batch-size", "32")
    app.set("optimizer", "momentum")
    app.click("step")
    app.wait_until(lambda: app.value("step-count") == steps + 1)
    assert app.probabilities() == pytest.approx(before, abs=0.05), "a tiny step from where it was"
    assert max(before) > 0.5


def test_a_new_architecture_is_a_new_network_and_says_so(app):
    app.open()
    app.click("step")
    app.wait_for("paused")
    app.set("layers", "32,16")
    app.wait_for("ready")
    assert app.value("step-count") == 0
    assert "new network" in app.text("message").lower()


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


def test_settings_out_of_range_are_refused_with_the_reason(app):
    app.open()
    app.click("step")
    app.wait_until(lambda: app.value("step-count") == 1)
    for name, value in OUT_OF_RANGE:
        before, said = app.control(name).input_value(), app.text("message")
        app.set(name, value)
        app.wait_until(lambda name=name, before=before: app.control(name).input_value() == before)
        app.wait_until(lambda said=said: app.text("message") not in ("", said))
        assert app.control(name).get_attribute("aria-invalid") == "true"
        assert app.value("step-count") == 1
        assert app.state() == "paused"


def test_every_recipe_can_be_chosen_and_trains(app):
    app.open()
    for name, recipe in reversed(RECIPES.items()):  # the page starts with the first
        app.set("recipe", name)
        settings = recipe.page_settings().to_dict()
        app.wait_until(lambda: not app.control("train").is_disabled())
        for control in ("data_size", "layers", "optimizer", "batch_size", "epochs"):
            shown = str(settings[control] if settings[control] is not None else "")
            element = app.control(control.replace("_", "-"))
            app.wait_until(lambda element=element, shown=shown: element.input_value() == shown)
        for step in (1, 2, 3):
            app.click("step")
            app.wait_until(lambda step=step: app.value("step-count") == step)
        assert app.value("train-loss") > 0


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


def test_the_losses_are_those_of_a_native_run(app, mnist):
    recipe = RECIPES["quick"]
    settings = recipe.settings.changed({"seed": 3, "layers": "32"})
    data, validation, _ = train_validation_test(*load_mnist(mnist), settings.data_size, settings.seed)
    native = [p.loss for p in islice(train(settings.model(), data, settings.config(), validation), 100)]
    app.open("#recipe=quick&seed=3&layers=32")
    shown = app.page.evaluate(LOSSES, len(native))
    assert shown == pytest.approx(native, abs=1e-3)


def test_what_is_being_typed_is_not_overwritten(app):
    app.open("#data-size=100&epochs=100000")
    app.set("batch-size", "32")
    field = app.control("l2")
    field.focus()
    field.fill("0.00")
    app.control("optimizer").evaluate("select => { select.value = 'sgd'; select.dispatchEvent(new Event('change')); }")
    app.wait_until(lambda: "optimizer=sgd" in app.page.evaluate("location.hash"))
    field.press_sequentially("1")
    field.press("Enter")
    app.wait_until(lambda: "l2=0.001" in app.page.evaluate("location.hash"))
    assert field.input_value() == "0.001"
