"""The page's object, driven natively on a small data set of its own making."""

import gzip
import io
import json

import numpy as np
import pytest
from writers import to_csv, to_idx

from digitnet import MLP, dataset, save
from digitnet.dataset import Dataset
from digitnet.page.session import Session
from digitnet.recipes import Recipe
from digitnet.training import TrainConfig, train

N = 60  # images in "train" here; the page has 10,000
RNG = np.random.default_rng(0)


def blobs(n):
    """Ten easy classes: a bright square whose place is the label, in noise."""
    labels = np.arange(n) % 10
    images = RNG.integers(0, 60, (n, 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 4)
        image[2 + 9 * row : 8 + 9 * row, 1 + 7 * column : 6 + 7 * column] = 250
    return Dataset(images.reshape(n, 784), labels)


def files(data):
    images, labels = data.images.reshape(-1, 28, 28), data.labels.astype(np.uint8)
    return gzip.compress(to_idx(images)), gzip.compress(to_idx(labels))


def csv(data, labels=True):
    return to_csv(data if labels else Dataset(data.images))


TRAIN, TEST = blobs(N), blobs(200)
SMALL = {"data_size": 10, "layers": "12", "batch_size": 4, "epochs": 3, "schedule": "constant"}


@pytest.fixture(autouse=True)
def small_pool(monkeypatch):
    """Let 60 images be all that there are, so that "10,000" is refused and 10 is drawn."""
    monkeypatch.setattr(dataset, "SHIPPED_FIRST", N)


@pytest.fixture
def session(monkeypatch):
    session = Session()
    session.add_data("train", *files(TRAIN))
    session.add_data("test", *files(TEST))
    with monkeypatch.context() as patch:
        patch.setattr(Recipe, "page_settings", lambda recipe: recipe.settings.changed(SMALL))
        session.start()
    return session


def finish(session):
    progress = session.advance(0.001)
    while progress["state"] == "training":
        progress = session.advance(0.01)
    return progress


def weights(session):
    return [param.copy() for param in session.model.params]


def same(a, b):
    return all((p == q).all() for p, q in zip(a, b, strict=True))


def test_everything_is_plain(session):
    session.step()
    json.dumps(session.describe())
    json.dumps(session.evaluation())
    json.dumps(session.cell(1, 1))
    json.dumps(session.examples())
    json.dumps(session.connections())
    json.dumps(session.configure({"learning_rate": 0.1}))


def test_trains_to_done_in_exactly_its_epochs_and_again(session):
    assert session.progress()["state"] == "ready"
    done = finish(session)
    assert (done["state"], done["epoch"], done["step"], done["samples"]) == ("done", 3, 9, 30)
    assert done["fraction"] == 1
    assert done["tested_at"] == 3
    again = finish(session)
    assert (again["state"], again["epoch"], again["step"], again["epochs_target"]) == ("done", 6, 18, 6)


def test_step_is_one_batch_and_pauses(session):
    before = weights(session)
    progress = session.step()
    assert (progress["state"], progress["step"], progress["samples"]) == ("paused", 1, 4)
    assert not same(before, session.model.params)
    assert [session.step()["samples"] for _ in range(2)] == [8, 10]


def test_pause_keeps_the_place(session):
    session.step()
    assert session.pause()["step"] == 1
    assert finish(session)["step"] == 9


def test_equals_training_without_a_session(session):
    settings = session.settings
    model = settings.model()
    losses = [p.loss for p in train(model, session.run.training.data, settings.config())]
    assert [session.step()["train_loss"] for _ in losses] == losses
    assert same(session.model.params, model.params)


def test_slice_figures_are_those_of_the_last_advance(session):
    first, second = session.step(), session.step()
    assert first["slice_loss"] == first["train_loss"]
    assert (first["slice_loss"] + second["slice_loss"]) / 2 == pytest.approx(second["train_loss"])
    assert session.progress()["slice_loss"] == second["slice_loss"], "asking changes nothing"


def test_evaluates_as_often_as_asked(session):
    session.configure({"evaluate_every": 2, "epochs": 3, "batch_size": None})
    assert [session.step()["tested_at"] for _ in range(3)] == [None, 2, 3]


def test_fewer_epochs_than_were_stepped_through_are_done(session):
    session.configure({"batch_size": None, "epochs": 12})
    for _ in range(3):
        session.step()
    session.configure({"epochs": 2})
    progress = session.advance(5)
    assert (progress["state"], progress["step"], progress["epoch"]) == ("done", 3, 3)
    assert progress["tested_at"] == 3
    assert session.advance(5)["state"] == "done"
    assert session.progress()["epoch"] == 5, "done once, it trains as many again"


def test_a_step_is_always_a_step(session):
    session.configure({"batch_size": None, "epochs": 1})
    assert [(session.step()["state"], session.progress()["step"]) for _ in range(3)] == [
        ("paused", 1), ("paused", 2), ("paused", 3),
    ]  # fmt: skip


@pytest.mark.parametrize("error", [MemoryError(), IndexError("boom"), ZeroDivisionError("division by zero")])
def test_an_error_in_mid_training_keeps_the_network_and_lets_one_go_on(session, monkeypatch, error):
    session.step()
    before = weights(session)
    with monkeypatch.context() as patch:

        def fail(*_):
            raise error

        patch.setattr(MLP, "loss_and_grads", fail)
        progress = session.advance(5)
    assert progress["state"] == "failed"
    assert "step 2" in progress["message"]
    assert ("memory" if isinstance(error, MemoryError) else str(error)) in progress["message"]
    assert type(error).__name__ in progress["traceback"]
    assert same(before, session.model.params)
    progress = session.advance(5)
    assert (progress["state"], progress["message"], progress["traceback"]) == ("done", "", "")
    assert progress["epoch"] == SMALL["epochs"], "to where it was going"


def test_early_stopping_says_why_training_ended(session):
    session.configure({"learning_rate": 100, "optimizer": "sgd", "epochs": 50, "patience": 2})
    progress = session.advance(60)
    assert (progress["state"], progress["epoch"] < 50) == ("done", True)
    assert progress["message"] == (
        f"Stopped early after epoch {progress['epoch']} of 50: the test loss has not improved in 2 tests in a row."
    )
    session.configure({"epochs": 1, "patience": 1})
    progress = session.advance(60)
    assert (progress["state"], progress["message"]) == ("done", ""), "as many as were asked for"


def test_one_image_of_ones_own_is_too_few(session):
    before = session.settings
    session.open_file("one.csv")
    session.feed(csv(blobs(1)))
    session.close_file()
    with pytest.raises(ValueError, match="One image is too few: it takes one to train on and another to test on"):
        session.use_files()
    assert session.settings == before
    assert session.advance(60)["state"] == "done"


def test_rate_optimizer_batch_and_l2_keep_weights_and_place(session):
    session.step()
    before = weights(session)
    for change in ({"learning_rate": 0.5}, {"optimizer": "sgd"}, {"batch_size": 2}, {"l2": 0.1}, {"epochs": 9}):
        result = session.configure(change)
        assert not result["new_network"]
        assert result["progress"]["step"] == 1
    assert same(before, session.model.params)
    assert session.step()["samples"] == 6
    assert isinstance(session.run.training.config, TrainConfig)


@pytest.mark.parametrize(
    "change",
    [{"layers": "5,4"}, {"activation": "tanh"}, {"initializer": "normal"}, {"seed": 1}, {"layers": ""}],
)
def test_architecture_and_seed_start_a_new_network_and_say_so(session, change):
    session.step()
    result = session.configure(change)
    assert result["new_network"]
    assert "new network" in result["notice"]
    assert (result["progress"]["state"], result["progress"]["step"]) == ("ready", 0)
    assert result["settings"].items() >= change.items()


@pytest.mark.parametrize(
    "change",
    [
        {"learning_rate": -1}, {"layers": "a"}, {"data_size": 60000}, {"batch_size": 0}, {"epochs": 1.5},
        {"recipe": "nothing"}, {"recipe": "thousand", "seed": -1}, {"data_size": "own"}, {"optimizer": "adam "},
    ],
)  # fmt: skip
def test_a_refused_setting_changes_nothing(session, change):
    session.step()
    before, settings = weights(session), session.describe()["settings"]
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        session.configure(change)
    assert same(before, session.model.params)
    assert session.describe()["settings"] == settings
    assert session.progress()["step"] == 1


def test_recipe_first_then_the_others_on_top(session):
    result = session.configure({"seed": 3, "recipe": "ten-hidden", "data_size": 10, "epochs": 40})
    assert result["settings"]["layers"] == "10"
    assert result["settings"]["optimizer"] == "sgd"
    assert (result["settings"]["seed"], result["settings"]["epochs"]) == (3, 40)


def test_reset_draws_the_same_weights_again(session):
    before = weights(session)
    finish(session)
    progress = session.reset()
    assert (progress["state"], progress["step"], progress["test_accuracy"]) == ("ready", 0, None)
    assert same(before, session.model.params)


def test_divergence_stops_and_says_what_to_lower(session):
    session.configure(
        {"activation": "linear", "layers": "30,30", "optimizer": "sgd", "learning_rate": 100, "epochs": 99}
    )
    progress = finish(session)
    assert progress["state"] == "diverged"
    assert "Lower the learning rate (100 now)" in progress["message"]
    for param in session.model.params:  # however it broke, what crosses to the page is JSON
        param[:] = np.nan
    session.run.tested = None
    session._deviation[:] = 1
    for answer in (
        session.evaluation(), session.progress(), session.cell(0, 0), session.examples(), session.connections()
    ):  # fmt: skip
        json.dumps(answer, allow_nan=False)
    assert session.predict_pixels(TEST.images[0])["digit"] is None
    assert not session.tiles()["pixels"].any()
    assert session.reset()["message"] == ""


def test_an_empty_pad_has_no_answer_and_a_drawing_has(session):
    empty = session.predict(bytes(100 * 80), 100, 80)
    assert empty["digit"] is None
    assert empty["probabilities"] == [0] * 10
    ink = np.zeros((100, 80), np.uint8)
    ink[20:70, 30:40] = 255
    result = session.predict(ink.tobytes(), 100, 80)
    assert result["digit"] == int(np.argmax(result["probabilities"]))
    assert sum(result["probabilities"]) == pytest.approx(1)
    assert result["seen"].reshape(28, 28).any(axis=1).sum() == 20, "twenty pixels high, as MNIST's are"
    assert [len(a) for a in result["activations"]] == [12]
    expected = session.model.predict_proba(result["seen"][np.newaxis] / 255)[0]
    np.testing.assert_allclose(result["probabilities"], expected, rtol=1e-5)


def test_a_photo_is_turned_into_ink_and_read(session):
    photo = np.full((90, 70), 210, np.uint8)
    photo[20:70, 30:40] = 40
    result = session.predict_photo(photo.tobytes(), 90, 70)
    ink = result["ink"].reshape(90, 70)
    assert ink[30, 35] == 255
    assert not ink[:15].any()
    assert result["digit"] == session.predict(ink, 90, 70)["digit"] is not None


def test_how_unlike_the_training_images_is_said_once_it_has_learned_from_them(session):
    image, corner = TEST.images[0], np.zeros(784, np.uint8)
    corner[-1] = 255
    for new in (session.predict_pixels(image), session.predict_pixels(corner)):
        assert (new["unlikeness"], new["unfamiliar"]) == (None, False)
    session.step()
    known, foreign = session.predict_pixels(image), session.predict_pixels(corner)
    assert known["unlikeness"] < foreign["unlikeness"] == pytest.approx(10 / 11)
    assert not foreign["unfamiliar"], "with ten images it cannot be sure"
    session.load(session.save())
    assert session.predict_pixels(corner)["unlikeness"] == foreign["unlikeness"], "a network that had learned before"
    session.reset()
    assert session.predict_pixels(corner)["unlikeness"] is None


def test_an_empty_pad_is_not_unlike_anything(session):
    session.step()
    assert session.predict(bytes(100 * 80), 100, 80)["unlikeness"] is None


def test_what_is_wrong_with_the_ink_is_said(session):
    ink = np.zeros((100, 100), np.uint8)
    ink[20:70, 30:40] = 255
    assert session.predict(ink, 100, 100)["trouble"] == ""
    ink[20:70, 60:70] = 255
    assert "More than one digit" in session.predict(ink, 100, 100)["trouble"]


def test_stages_of_the_preprocessing_are_shown_and_can_be_left_out(session):
    ink = np.zeros((100, 100), np.uint8)
    ink[20:60, 30:40] = 200
    stages = session.stages(ink, 100, 100)
    assert (stages["height"], stages["width"], stages["side"]) == (40, 10, 20)
    assert set(stages["crop"].tolist()) == {200}
    assert stages["box"].reshape(20, 20).any(axis=1).all()
    whole = session.stages(ink, 100, 100, fit=False)
    assert whole["side"] == 28
    as_drawn = session.predict(ink, 100, 100, fit=False, centre=False)["seen"]
    np.testing.assert_array_equal(as_drawn, whole["box"])
    assert session.predict(ink, 100, 100)["seen"].reshape(28, 28).any(axis=1).sum() == 20


def test_an_image_of_another_size_is_refused(session):
    with pytest.raises(ValueError, match=r"784 pixels, not 25"):
        session.predict_pixels(bytes(25))


def test_prediction_in_the_middle_of_training_disturbs_nothing(session):
    undisturbed = [session.step()["train_loss"] for _ in range(5)]
    session.reset()
    disturbed = []
    for _ in range(5):
        session.predict_pixels(TEST.images[3])
        session.evaluation("train")
        session.tiles()
        disturbed.append(session.step()["train_loss"])
    assert disturbed == undisturbed


def test_evaluation_agrees_with_itself_and_the_test_figure(session):
    session.configure({"epochs": 20, "learning_rate": 0.01})
    accuracy = finish(session)["test_accuracy"]
    result = session.evaluation()
    confusion = np.array(result["confusion"])
    assert confusion.sum() == result["count"] == 200
    assert np.trace(confusion) / 200 == pytest.approx(accuracy) == pytest.approx(result["accuracy"])
    assert confusion.sum(axis=0).tolist() == result["distribution"]
    assert confusion.sum(axis=1).tolist() == result["truth"] == [20] * 10
    assert result["mistake_count"] == 200 - np.trace(confusion) == len(result["mistakes"])
    confidences = [m["confidence"] for m in result["mistakes"]]
    assert confidences == sorted(confidences, reverse=True)
    for mistake in result["mistakes"]:
        assert TEST.labels[mistake["index"]] == mistake["label"]
        assert session.predict_pixels(TEST.images[mistake["index"]])["digit"] == mistake["predicted"]
    assert all(e["label"] == e["predicted"] for e in session.examples())
    for row, column in np.argwhere(confusion):
        cell = session.cell(int(row), int(column))
        assert cell["count"] == confusion[row, column]
        assert all(TEST.labels[i] == row for i in cell["indices"])


def test_samples_are_one_of_each_digit(session):
    samples = session.samples()
    assert samples["digits"] == list(range(10)) == [int(TEST.labels[i]) for i in samples["indices"]]
    pixels = session.images("test", samples["indices"][:2])
    np.testing.assert_array_equal(pixels, TEST.images[samples["indices"][:2]].ravel())


def test_tiles_show_what_weights_do(session):
    tiles = session.tiles(start=4, limit=5)
    assert (tiles["count"], tiles["start"], tiles["total"], tiles["pixels"].dtype) == (5, 4, 12, np.int8)
    W, _ = session.model.layer(0)
    deviation = (session.run.training.data.images / 255).std(axis=0)
    effect = (W[:, 4:9].T * deviation).ravel()
    shown = tiles["pixels"].astype(float)
    inside = np.abs(shown) < 127
    np.testing.assert_allclose(shown[inside] / 127 * tiles["scale"], effect[inside], atol=tiles["scale"] / 127)
    assert (np.abs(effect[~inside]) >= tiles["scale"] * 126 / 127).all()
    session.model.params[0][:] = 0
    assert not session.tiles()["pixels"].any()
    assert session.tiles()["scale"] == 0


def test_a_unit_in_detail(session):
    session.predict_pixels(TEST.images[7])
    x, (W, b) = TEST.images[7] / 255, session.model.layer(0)
    unit = session.unit(0, 3)
    np.testing.assert_allclose(unit["product"], x * W[:, 3], rtol=1e-5, atol=1e-6)
    assert unit["preactivation"] == pytest.approx(float(x @ W[:, 3] + b[3]), abs=1e-4)
    assert unit["activation"] == pytest.approx(max(unit["preactivation"], 0), abs=1e-5)
    answers = np.maximum(TEST.images / 255 @ W[:, 3] + b[3], 0)
    np.testing.assert_allclose(unit["exciting"]["activations"], np.sort(answers)[::-1][:20], rtol=1e-4)
    assert len(session.unit(1, 9)["weights"]) == 12
    assert session.unit(0, 3, 0)["exciting"] == {"indices": [], "labels": [], "activations": []}
    with pytest.raises(ValueError, match="no unit 12: they go from 0 to 11"):
        session.unit(0, 12)


def test_strongest_connections_of_the_digit_on_the_pad(session):
    assert session.connections()["layers"] == []
    session.predict_pixels(TEST.images[7])
    a, (W, _) = session.model.forward(TEST.images[7:8] / np.float32(255))[1][0], session.model.layer(1)
    (layer,) = session.connections(count=5)["layers"]
    effect = a[:, None] * W
    assert layer["strength"] == pytest.approx(sorted(effect.ravel().tolist(), key=abs)[::-1][:5])
    for source, target, strength in zip(layer["from"], layer["to"], layer["strength"], strict=True):
        assert effect[source, target] == pytest.approx(strength)


def test_source_is_the_code_that_runs(session):
    found = session.source(["network.MLP.loss_and_grads", "activations.relu", "optimizers.Adam"])
    backward = found["network.MLP.loss_and_grads"]
    assert backward["file"] == "network.py"
    assert backward["text"].startswith("def loss_and_grads(")
    assert "dW = ops.matmul(a.T, dz)" in backward["text"]
    assert found["activations.relu"]["text"].count("\n") < 6


def test_saved_and_loaded_it_is_the_same_network(session):
    session.configure({"learning_rate": 0.02, "activation": "tanh", "seed": 5})
    accuracy = finish(session)["test_accuracy"]
    raw = session.save()
    with np.load(io.BytesIO(raw)) as saved:  # anyone can, with NumPy alone
        A1 = np.tanh(TEST.images / 255 @ saved["W1"] + saved["b1"])
        guessed = (A1 @ saved["W2"] + saved["b2"]).argmax(axis=1)
        meta = json.loads(str(saved["meta"]))
    assert np.mean(guessed == TEST.labels) == pytest.approx(accuracy) == pytest.approx(meta["test_accuracy"])
    before, settings = weights(session), session.describe()["settings"]
    session.configure({"recipe": "thousand", "data_size": 10})
    result = session.load(raw)
    assert result["progress"]["state"] == "ready"
    assert result["progress"]["test_accuracy"] == accuracy
    assert result["settings"] == settings
    assert same(before, session.model.params)


def test_saved_in_the_middle_of_an_epoch_it_is_tested_first(session):
    finish(session)
    session.step()
    tested_at = session.progress()["tested_at"]
    session.save(False)
    assert session.progress()["tested_at"] == tested_at, "the page keeps the network while it trains, for little"
    raw = session.save()
    accuracy = session.progress()["test_accuracy"]
    assert np.mean(session.model.predict(TEST.images / 255) == TEST.labels) == pytest.approx(accuracy)
    assert session.load(raw)["progress"]["test_accuracy"] == accuracy


def test_a_refused_file_changes_nothing(session):
    session.step()
    before = weights(session)
    for raw in (b"", b"PK\x03\x04 nothing", session.save()[:-200]):
        with pytest.raises(ValueError, match=r"\w+ .*\."):
            session.load(raw)
    assert same(before, session.model.params)
    assert session.progress()["step"] == 1


@pytest.mark.parametrize(("optimizer", "is_equal"), [("sgd", True), ("momentum", False), ("adam", False)])
def test_a_saved_network_goes_on_from_its_weights_and_says_that_the_optimizer_starts_afresh(
    session, optimizer, is_equal
):
    session.configure({"optimizer": optimizer, "batch_size": None, "epochs": 9, "shift": 0, "affine": 0})
    for _ in range(3):
        session.step()
    saved = session.save()
    session.step()
    went_on = weights(session)
    loaded = session.load(saved)
    assert "the optimizer’s state is not saved and starts afresh" in loaded["notice"]
    session.step()
    differences = [np.abs(a - b).max() for a, b in zip(went_on, session.model.params, strict=True)]
    assert (max(differences) < 1e-6) == is_equal  # the images are summed in another order


def test_a_network_for_other_images_is_refused(session):
    file = io.BytesIO()
    save(MLP((4, 3)), file)
    with pytest.raises(ValueError, match="4 inputs and 3 outputs"):
        session.load(file.getvalue())


def test_own_csv_trains_and_predicts(session):
    own = blobs(30)
    session.open_file("train.csv")
    session.feed(csv(own))
    session.close_file()
    session.open_file("test.csv", False)
    session.feed(csv(own, labels=False))
    session.close_file()
    result = session.use_files()
    assert result["new_network"]
    assert result["settings"]["data_size"] == "own"
    assert result["own_data"] == {"train": 25, "test": 5, "unlabelled": 30}
    assert (len(session.run.training.data), len(session.run.test)) == (25, 5)
    session.configure({"epochs": 60, "learning_rate": 0.01})
    finish(session)
    rows = session.submission().decode().splitlines()
    assert rows[0] == "ImageId,Label"
    guessed = session.model.predict(own.images / 255)
    assert rows[1:] == [f"{i + 1},{digit}" for i, digit in enumerate(guessed)]


def test_a_refused_own_file_keeps_what_was(session):
    session.step()
    before = weights(session)
    session.open_file("bad.csv")
    session.feed(b"label,pixel0\n1,2\n")
    with pytest.raises(ValueError, match=r"bad\.csv: "):
        session.close_file()
    with pytest.raises(ValueError, match="no images"):
        session.use_files()
    with pytest.raises(ValueError, match=r"Load a test\.csv first"):
        session.submission()
    assert same(before, session.model.params)


def test_class_names(session):
    names = ["shirt", "trouser", "pullover", "dress", "coat", "sandal", "top", "sneaker", "bag", "boot"]
    assert session.set_class_names(names) == names
    assert session.describe()["class_names"] == names
    with pytest.raises(ValueError, match="Give 10 names"):
        session.set_class_names(["one"])


def test_names_are_stripped_and_hold_nothing_that_cannot_be_printed(session):
    names = [" shirt ", "trou\x00ser", "pull\nover", "dress", "coat", "sandal", "top", "sneaker", "bag", "boot\x7f"]
    expected = ["shirt", "trouser", "pullover", "dress", "coat", "sandal", "top", "sneaker", "bag", "boot"]
    assert session.set_class_names(names) == expected
    for bad in (["x" * 21, *names[1:]], ["\x00", *names[1:]], names[:9]):
        with pytest.raises(ValueError, match="Give 10 names of 1 to 20 characters"):
            session.set_class_names(bad)
    file = io.BytesIO()
    save(MLP((784, 10), rng=0), file, class_names=names)
    assert session.load(file.getvalue())["class_names"] == expected
    file = io.BytesIO()
    save(MLP((784, 10), rng=0), file, class_names=["a" * 500] * 10)
    assert session.load(file.getvalue())["class_names"] == expected, "what cannot be a name changes nothing"


def own(session, data):
    session.open_file("train.csv")
    session.feed(csv(data))
    session.close_file()
    return session.use_files()


def test_own_images_are_counted_as_they_are_used(session):
    result = own(session, blobs(30))
    assert "25 images of your own to train on, 5 to test" in result["notice"]
    assert result["own_data"] == {"train": 25, "test": 5, "unlabelled": 0}
    assert (result["progress"]["training_images"], result["progress"]["test_images"]) == (25, 5)
    assert session.describe()["own_data"] == result["own_data"]


def test_names_belong_to_the_images_that_they_name(session):
    names = ["shirt", "trouser", "pullover", "dress", "coat", "sandal", "top", "sneaker", "bag", "boot"]
    own(session, blobs(30))
    session.set_class_names(names)
    assert session.configure({"data_size": 10})["class_names"] == [str(k) for k in range(10)]
    assert session.configure({"data_size": "own"})["class_names"] == names


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.images("test", [0, 200]), "no image 200: they go from 0 to 199"),
        (lambda s: s.images("test", [-1]), "no image -1"),
        (lambda s: s.unit(7, 0), "no layer 7: they go from 0 to 1"),
        (lambda s: s.unit(-1, 0), "no layer -1"),
        (lambda s: s.cell(10, 0), "no row 10"),
        (lambda s: s.cell(0, -1), "no column -1"),
        (lambda s: s.predict(bytes(10), 3, 4), "3 × 4 pixels cannot be made of 10 bytes"),
        (lambda s: s.predict(b"", 0, 0), "0 × 0 pixels"),
        (lambda s: s.predict_photo(bytes(10), -2, -5), "cannot be made of 10 bytes"),
        (lambda s: s.source(["network.MLP.sideways"]), "no code called 'network.MLP.sideways'"),
        (lambda s: s.source(["nothing"]), "no code called 'nothing'"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(session, call, message):
    with pytest.raises(ValueError, match=message):
        call(session)


def test_a_unit_is_looked_at_with_the_weights_as_they_are_now(session):
    session.predict_pixels(TEST.images[7])
    before = session.unit(0, 3)
    finish(session)
    x, (W, b) = TEST.images[7] / 255, session.model.layer(0)
    unit = session.unit(0, 3)
    assert unit["preactivation"] == pytest.approx(float(x @ W[:, 3] + b[3]), abs=1e-4)
    assert unit["activation"] == pytest.approx(max(unit["preactivation"], 0), abs=1e-5)
    assert unit["preactivation"] != before["preactivation"]
    np.testing.assert_allclose(unit["product"], x * W[:, 3], rtol=1e-5, atol=1e-6)
    session.model.params[0][:] = np.nan
    diverged = session.unit(0, 3)
    assert (diverged["preactivation"], diverged["activation"], diverged["exciting"]["activations"][0]) == (None,) * 3


def test_after_saving_every_view_shows_the_same_network(session):
    finish(session)
    for _ in range(5):
        session.step()
    session.save()
    progress, found = session.progress(), session.evaluation()
    assert progress["tested_at"] == progress["position"]
    assert found["accuracy"] == progress["test_accuracy"]
    assert np.trace(np.array(found["confusion"])) / found["count"] == pytest.approx(progress["test_accuracy"])


def test_a_network_comes_back_without_the_images_that_it_was_trained_on(session):
    finish(session)
    raw = session.save()
    meta = json.loads(str(np.load(io.BytesIO(raw))["meta"]))
    for size, words in ((60_000, "Of the 60,000 images"), ("own", "images of your own: load them again")):
        file = io.BytesIO()
        settings = meta["settings"] | {"data_size": size}
        save(MLP.from_params(session.model.params), file, recipe="quick", seed=0, settings=settings)
        result = session.load(file.getvalue())
        assert words in result["notice"]
        assert result["settings"]["data_size"] == 10
        assert result["settings"]["learning_rate"] == settings["learning_rate"]
