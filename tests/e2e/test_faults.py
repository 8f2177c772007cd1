"""Trouble that a visitor can get into, and that nothing is lost in it."""

import pytest
from test_page import STORED, csv, says, upload

from digitnet.data.files import load_mnist

WATCH_STATES = """new MutationObserver(() => window.states.push(document.documentElement.dataset.state))
.observe(document.documentElement, {attributeFilter: ["data-state"]}); window.states = [];"""


def missing(_):
    return None


def test_every_sequence_of_step_settings_and_train_ends(warm):
    warm.open("#recipe=quick&batch-size=&data-size=1000")
    for step in (1, 2, 3):
        warm.click("step")
        warm.wait_until(lambda step=step: warm.value("step-count") == step)
    warm.set("epochs", "2")
    warm.click("train")
    warm.wait_for("done")
    warm.set("epochs", "1")
    warm.click("train")
    warm.wait_until(lambda: warm.value("step-count") == 4)
    warm.wait_for("done")
    warm.set("batch-size", "100")
    warm.set("epochs", "50000")
    warm.click("train")
    warm.wait_until(lambda: warm.value("step-count") > 100)
    warm.set("epochs", "1")
    warm.wait_for("done")


def test_a_change_in_mid_run_takes_effect_without_a_pause(warm):
    warm.open("#epochs=1000&data-size=1000&evaluate-every=1000")
    warm.click("train")
    warm.wait_for("training")
    warm.wait_until(lambda: warm.value("step-count") > 0)
    warm.page.evaluate(WATCH_STATES)
    warm.set("learning-rate", "0.0005")
    warm.set("l2", "0.001")
    warm.set("kernel", "numpy")
    warm.wait_until(lambda: warm.attribute("kernel") == "numpy")
    warm.set("l2", "99")
    says(warm, "L2")
    steps = warm.value("step-count")
    warm.wait_until(lambda: warm.value("step-count") > steps)
    assert warm.page.evaluate("window.states") == []
    assert warm.attribute("test-accuracy") == "", "nothing was tested for it"
    assert warm.control("l2").input_value() == "0.001"
    warm.set("layers", "12")
    warm.wait_for("ready")
    assert warm.value("step-count") == 0
    assert warm.control("learning-rate").input_value() == "0.0005"


@pytest.mark.slow
def test_a_network_outlives_the_loss_of_its_images(new_app, spoilt_server):
    address, faults = spoilt_server
    visit = new_app(address, strict=False)
    visit.open("#data-size=60000&epochs=1&layers=16&batch-size=1000")
    visit.train()
    accuracy = visit.value("test-accuracy")
    visit.wait_until(lambda: visit.page.evaluate(STORED), what="a stored network")

    faults["data/train-50000-images.gz"] = missing
    visit.page.goto("about:blank")
    for _ in range(2):  # the second visit finds what the first one left
        visit.open()
        says(visit, "Restored", "50000", "Train")
        assert visit.value("test-accuracy") == accuracy
        assert visit.control("layers").input_value() == "16"
        assert visit.control("data-size").input_value() == "60000"
        visit.click("train")
        visit.wait_until(lambda: "Restored" not in visit.text("message") and "50000" in visit.text("message"))
        assert visit.state() == "ready"

    visit.set("learning-rate", "0.0007")
    faults.clear()
    visit.click("train")
    visit.wait_for("done")
    assert visit.value("step-count") == 60
    assert visit.control("learning-rate").input_value() == "0.0007"
    assert visit.control("data-size").input_value() == "60000"


@pytest.mark.slow
def test_without_the_test_images_one_can_draw_but_not_train(new_app, spoilt_server):
    address, faults = spoilt_server
    faults["data/test-images.gz"] = missing
    visit = new_app(address, strict=False)
    visit.open()
    says(visit, "test-images", "Train fetches them again")
    visit.clear_and_draw_a_one()
    visit.set("layers", "16")
    says(visit, "A new network")
    visit.click("train")
    says(visit, "test-images", "Train fetches them again")
    assert visit.state() == "ready"
    faults.clear()
    visit.set("data-size", "1000")
    visit.set("epochs", "1")
    visit.click("train")
    visit.wait_for("done")
    assert visit.value("test-accuracy") > 0.3
    assert visit.control("samples").locator("> *").count() == 10
    visit.wait_until(lambda: visit.page.evaluate(STORED), what="a stored network")

    faults["data/test-images.gz"] = missing
    visit.page.goto("about:blank")
    visit.open()
    says(visit, "test-images")
    assert visit.control("layers").input_value() == "16"
    assert visit.attribute("test-accuracy") == "", "it cannot be tested yet"
    faults.clear()
    visit.click("step")
    visit.wait_for("paused")
    assert visit.value("test-accuracy") > 0.3


@pytest.mark.slow
def test_an_address_that_needs_missing_images_is_ready_and_says_so(new_app, spoilt_server):
    address, faults = spoilt_server
    faults["data/train-50000-labels.gz"] = missing
    visit = new_app(address, strict=False)
    visit.open("#data-size=60000&seed=4&epochs=1")
    says(visit, "60,000", "50000")
    assert visit.control("seed").input_value() == "4"
    assert visit.control("data-size").input_value() == "60000"
    visit.set("data-size", "1000")
    says(visit, "A new network")
    visit.set("data-size", "60000")
    says(visit, "50000", "Nothing has changed")  # Train goes on with the 1,000
    assert visit.control("data-size").input_value() == "1000"
    visit.page.evaluate("location.hash = 'data-size=60000'")
    says(visit, "50000", "Train fetches them again")
    faults.clear()
    visit.click("step")
    visit.wait_for("paused")
    assert visit.control("data-size").input_value() == "60000"
    assert visit.text("message") == ""


def test_the_pad_keeps_its_picture_when_the_data_changes(warm, mnist):
    images = load_mnist(mnist)[0]
    few = images.labels < 5
    warm.open("#data-size=1000&epochs=1")
    warm.train()
    warm.page.get_by_role("button", name="Put a 8 on the pad").click()
    warm.wait_until(lambda: warm.attribute("prediction") != "")
    upload(warm, "load-data", ("few.csv", csv(images.images[few][:300], images.labels[few][:300])))
    warm.wait_until(lambda: warm.page.get_by_role("button", name="There is no 8 to put on the pad").is_disabled())
    warm.wait_for("ready")
    says(warm, "250", "50")
    assert warm.attribute("prediction") != ""
    names = warm.page.get_by_label("Names of the ten classes", exact=False)
    names.evaluate("element => { element.closest('details').open = true; }")
    names.fill("a,b,c,d,e,f,g,h,i,j")
    names.press("Enter")
    warm.page.get_by_role("button", name="Put a c on the pad").wait_for()
    warm.set("data-size", "1000")
    warm.page.get_by_role("button", name="Put a 8 on the pad").click()  # the names were those of the other images
    assert "bad" not in (warm.control("message").get_attribute("class") or "")


def test_an_address_is_followed_as_far_as_it_can_be(app):
    app.open("#data-size=own&seed=5&layers=20")
    says(app, "images of your own")
    assert app.control("seed").input_value() == "5"
    assert app.control("layers").input_value() == "20"
    assert app.control("data-size").input_value() == "10000"
    assert "data-size=10000" in app.page.evaluate("location.hash")

    app.page.evaluate("location.hash = '#kernel=numpy'")
    app.wait_until(lambda: app.attribute("kernel") == "numpy")
    assert app.control("seed").input_value() == "5"

    app.page.evaluate("location.hash = '#learning-rate=-3&seed=7'")
    says(app, "invalid setting", "learning rate")
    assert app.control("seed").input_value() == "5"
    assert "seed=5" in app.page.evaluate("location.hash")
    assert "kernel=numpy" in app.page.evaluate("location.hash")

    app.page.evaluate("location.hash = '#seeed=3&l2=0.001&title=First+steps'")
    says(app, "seeed")
    assert "title" not in app.text("message")
    assert app.control("l2").input_value() == "0.001"
    assert "title=First%20steps" in app.page.evaluate("location.hash")


@pytest.mark.parametrize(
    ("name", "words"), [("notes.pdf", ["notes.pdf", ".npz"]), ("network.npz", ["digitnet network"])]
)
def test_what_is_dropped_is_known_by_its_name(trained, name, words):
    drop = """name => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["nothing"], name));
      document.body.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
    }"""
    trained.page.evaluate(drop, name)
    says(trained, *words)
    assert trained.state() == "done"


def test_a_page_opened_as_a_file_says_what_to_do(new_page, site):
    page = new_page(strict=False)  # the browser complains of each module
    page.goto((site / "index.html").as_uri())
    message = page.get_by_test_id("message")
    message.filter(has_text="python build.py --serve").wait_for()
    assert page.locator("html").get_attribute("data-state") == "error"


COUNT_SIGNS = """
  window.signs = 0;
  const RealWorker = Worker;
  window.Worker = class extends RealWorker {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({data}) => data === null && window.signs++);
    }
  };
"""


@pytest.mark.slow
def test_a_worker_that_tests_a_large_network_says_that_it_goes_on(app):
    app.page.add_init_script(COUNT_SIGNS)
    app.open("#layers=3000")
    before = app.page.evaluate("window.signs")
    with app.page.expect_download():
        app.control("save").evaluate("button => button.click()")  # it is folded away
    assert app.page.evaluate("window.signs") > before
