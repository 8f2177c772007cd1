import numpy as np
import pytest

from digitnet import augmentation, evaluation, training
from digitnet.dataset import Dataset
from digitnet.evaluation import evaluate
from digitnet.losses import one_hot
from digitnet.network import MLP
from digitnet.optimizers import SGD
from digitnet.training import DivergedError, TrainConfig, Training, train


def digits(n, seed=0):
    """Random pictures with random labels: nothing to learn but by heart."""
    rng = np.random.default_rng(seed)
    return Dataset(rng.integers(0, 256, (n, 784), dtype=np.uint8), rng.integers(0, 10, n))


def run(n=50, sizes=(784, 12, 10), seed=0, **settings):
    model = MLP(sizes, rng=seed)
    return model, list(train(model, digits(n), TrainConfig(seed=seed, **settings)))


def test_overfits_ten_samples():
    model, steps = run(10, sizes=(784, 64, 10), epochs=100, batch_size=10, lr=0.002)
    assert steps[-1].loss < 0.01
    assert steps[-1].train_accuracy == 1
    assert evaluate(model, digits(10)).accuracy == 1


@pytest.mark.parametrize(
    ("batch_size", "sizes"), [(None, [50]), (64, [50]), (50, [50]), (16, [16, 16, 16, 2]), (1, [1] * 50)]
)
def test_every_sample_once_an_epoch_and_the_short_last_batch_kept(batch_size, sizes, monkeypatch):
    seen = []
    original = Training._gradient
    monkeypatch.setattr(
        Training, "_gradient", lambda self, rows, change: seen.append(rows) or original(self, rows, change)
    )
    _, steps = run(epochs=2, batch_size=batch_size)
    assert [p.batch_size for p in steps] == sizes * 2
    assert [p.epoch_end for p in steps] == ([False] * (len(sizes) - 1) + [True]) * 2
    assert [p.epoch for p in steps] == [0] * len(sizes) + [1] * len(sizes)
    assert [p.step for p in steps] == list(range(1, 2 * len(sizes) + 1))
    first, second = np.split(np.concatenate(seen), 2)
    assert sorted(first) == sorted(second) == list(range(50))
    assert list(first) != list(second), "samples are shuffled anew each epoch"
    assert list(first) != sorted(first)


def test_one_step_is_one_gradient_step():
    data, model = digits(8), MLP((784, 6, 10), rng=1, dtype=np.float64)
    expected = MLP((784, 6, 10), rng=1, dtype=np.float64)
    loss, grads = expected.loss_and_grads(data.images / 255, one_hot(data.labels, 10, np.float64), l2=0.1)
    SGD(0.5).step(expected.params, grads)
    (progress,) = train(model, data, TrainConfig(1, 8, "sgd", lr=0.5, l2=0.1))
    assert progress.loss == pytest.approx(loss)
    for p, q in zip(model.params, expected.params, strict=True):
        np.testing.assert_allclose(p, q, atol=1e-12)


def test_a_long_step_in_chunks_is_the_same_step(monkeypatch):
    whole, steps = run(50, epochs=3, batch_size=None, optimizer="sgd", lr=0.5, l2=0.01)
    monkeypatch.setattr(training, "CHUNK", 7)
    chunked, chunked_steps = run(50, epochs=3, batch_size=None, optimizer="sgd", lr=0.5, l2=0.01)
    assert len(chunked_steps) == len(steps) == 3
    assert chunked_steps[-1].loss == pytest.approx(steps[-1].loss, rel=1e-5)
    for p, q in zip(chunked.params, whole.params, strict=True):
        np.testing.assert_allclose(p, q, atol=1e-5)
    work = Training(MLP((784, 10)), digits(50), TrainConfig(1, None)).run()
    assert [item is None for item in work] == [True] * 8 + [False], "the host can breathe between chunks"


def test_epoch_figures_are_means_over_its_samples():
    _, steps = run(50, epochs=1, batch_size=16)
    for i, p in enumerate(steps):
        so_far = steps[: i + 1]
        assert p.samples == sum(s.batch_size for s in so_far)
        assert p.loss == pytest.approx(sum(s.batch_loss * s.batch_size for s in so_far) / p.samples)
        assert p.train_accuracy == pytest.approx(sum(s.batch_correct for s in so_far) / p.samples)


def test_equal_seeds_equal_runs():
    settings = {"epochs": 2, "batch_size": 16}
    (a, steps_a), (b, steps_b), (c, _) = run(**settings), run(**settings), run(**settings, seed=1)
    assert steps_a == steps_b
    assert all((p == q).all() for p, q in zip(a.params, b.params, strict=True))
    assert not (a.params[0] == c.params[0]).all()


def test_nothing_happens_until_asked():
    model = MLP((784, 10), rng=0)
    before = model.params[0].copy()
    iterator = train(model, digits(20), TrainConfig(epochs=1, batch_size=5))
    assert (model.params[0] == before).all()
    next(iterator)
    assert not (model.params[0] == before).all()


def test_validation_at_the_end_of_an_epoch():
    model, valid = MLP((784, 10), rng=0), digits(30, seed=9)
    steps = list(train(model, digits(20), TrainConfig(epochs=2, batch_size=10), valid))
    assert [p.val_accuracy is None for p in steps] == [True, False] * 2
    assert steps[-1].val_accuracy == evaluate(model, valid).accuracy


def test_running_again_trains_as_many_epochs_more():
    work = Training(MLP((784, 10), rng=0), digits(20), TrainConfig(epochs=3, batch_size=10))
    assert len(list(work.run())) == 6
    assert len(list(work.run())) == 6
    assert (work.epoch, work.step) == (6, 12)


def test_settings_are_read_at_every_step():
    work = Training(MLP((784, 10), rng=0), digits(20), TrainConfig(epochs=1, batch_size=4, optimizer="momentum"))
    steps = work.run()
    next(steps)
    momentum = work.optimizer
    work.config = TrainConfig(epochs=1, batch_size=10, optimizer="momentum", lr=0.25)
    progress = next(steps)
    assert progress.batch_size == 10
    assert progress.samples == 14, "the place in the epoch stays"
    assert progress.lr == work.optimizer.lr == 0.25
    assert work.optimizer is momentum, "its state stays"
    work.config = TrainConfig(epochs=1, batch_size=10, optimizer="adam", lr=0.25)
    assert next(steps).batch_size == 6
    assert work.optimizer.t == 1, "a new optimizer starts with fresh state"
    assert next(steps, None) is None


def test_cosine_falls_from_the_rate_to_zero_and_can_be_scaled():
    work = Training(MLP((784, 10)), digits(20), TrainConfig(epochs=2, batch_size=5, lr=1, schedule="cosine"))
    steps = work.run()
    rates = [next(steps).lr for _ in range(4)]
    np.testing.assert_allclose(rates, [(1 + np.cos(np.pi * i / 8)) / 2 for i in range(4)])
    work.config = TrainConfig(epochs=2, batch_size=5, lr=10, schedule="cosine")
    assert next(steps).lr == pytest.approx(5)


def test_warm_up_rises_to_the_rate_and_then_falls_as_a_cosine():
    config = {"epochs": 10, "batch_size": 5, "lr": 2, "optimizer": "sgd", "schedule": "warmup_cosine"}
    work = Training(MLP((784, 10)), digits(20), TrainConfig(**config))  # 40 steps, two of them to warm up
    rates = [progress.lr for progress in work.run()]
    falling = [1 + np.cos(np.pi * i / 38) for i in range(38)]
    np.testing.assert_allclose(rates, [1, 2, *falling])
    work = Training(MLP((784, 10)), digits(20), TrainConfig(**config | {"epochs": 1, "batch_size": None}))
    assert [progress.lr for progress in work.run() if progress] == [2], "a single step is a whole one"


def test_each_image_is_warped_in_its_own_way_anew_each_epoch():
    data = Dataset(np.tile(np.pad(np.full((14, 8), 255, np.uint8), ((7, 7), (10, 10))).ravel(), (6, 1)), np.arange(6))
    work = Training(MLP((784, 10), rng=0), data, TrainConfig(epochs=2, batch_size=None, affine=1))
    seen = [work.seen for progress in work.run()]
    assert seen[0].shape == (6, 784)
    assert len({image.tobytes() for image in np.concatenate(seen)}) == 12
    assert len(np.unique(data.images, axis=0)) == 1, "the data stays as it is"
    work.config = TrainConfig(epochs=1, batch_size=None)
    next(work.run())
    assert (work.seen == data.images).all(), "it can be switched off in mid-run"


def test_styles_are_drawn_before_the_first_step_and_again_when_their_share_changes():
    data = Dataset(digits(60).images, np.full(60, 7))
    work = Training(MLP((784, 10), rng=0), data, TrainConfig(epochs=1, batch_size=20, styles=0.5))
    steps = work.run()
    assert next(steps) is None, "the host can breathe"
    assert next(steps).step == 1
    changed = (work.images != data.images).any(axis=1)
    assert changed.sum() == 30
    work.config = TrainConfig(epochs=1, batch_size=20, styles=0)
    assert next(steps).step == 2
    assert (work.images == data.images).all()


def test_the_average_of_the_weights_is_tested_and_used_and_training_goes_on_without_it():
    settings = {"epochs": 3, "batch_size": 5, "lr": 0.01}
    data, test = digits(50), digits(40, seed=8)
    plain, averaged = MLP((784, 10), rng=0), MLP((784, 10), rng=0)
    list(train(plain, data, TrainConfig(**settings), test))
    work = Training(averaged, data, TrainConfig(**settings, ema=0.9), test)
    weights = [averaged.params[0].copy()]
    weights += [averaged.params[0].copy() for progress in work.run() if progress]
    np.testing.assert_array_equal(averaged.params[0], plain.params[0])
    expected = weights[1]  # it begins after the first step, with shares 2/11 and so on up to 0.9
    for update, step in enumerate(range(9, 31, 8), 1):
        decay = min(0.9, (1 + update) / (10 + update))
        expected = decay * expected + (1 - decay) * weights[step]
    np.testing.assert_allclose(work.result.params[0], expected, rtol=1e-5, atol=1e-7)
    assert work.evaluation.accuracy == evaluate(work.result, test).accuracy
    assert work.evaluation.loss != evaluate(averaged, test).loss


def test_without_an_average_the_network_itself_is_used():
    work = Training(MLP((784, 10), rng=0), digits(20), TrainConfig(epochs=1, batch_size=10, ema=0.9))
    steps = work.run()
    assert work.result is work.model
    next(steps)
    assert work.result is not work.model
    work.config = TrainConfig(epochs=1, batch_size=10)
    next(steps)
    assert work.result is work.model


def test_a_batch_is_shifted_as_a_whole(monkeypatch):
    moves = []
    monkeypatch.setattr(augmentation, "shifted", lambda images, down, right: moves.append((down, right)) or images)
    run(30, epochs=20, batch_size=3, shift=1)
    everywhere = {(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)} - {(0, 0)}
    assert set(moves) == everywhere
    moves.clear()
    monkeypatch.setattr(training, "CHUNK", 10)
    run(30, epochs=20, batch_size=None, shift=4)
    assert len(moves) % 3 == 0
    for step in range(0, len(moves), 3):
        assert len(set(moves[step : step + 3])) == 1, "a full batch is one batch, though it is done in chunks"
    moves.clear()
    run(30, batch_size=3, epochs=1)
    assert not moves


def test_fewer_epochs_end_it_between_two_steps():
    work = Training(MLP((784, 10), rng=0), digits(20), TrainConfig(epochs=9, batch_size=5))
    steps = work.run()
    for _ in range(4 * 2 + 1):  # one step into the third epoch
        next(steps)
    work.config = TrainConfig(epochs=2, batch_size=5)
    assert list(steps) == []
    assert (work.epoch, work.step) == (2, 9)


def test_an_interrupted_run_goes_on_to_where_it_was_going():
    work = Training(MLP((784, 10), rng=0), digits(20), TrainConfig(epochs=3, batch_size=10))
    steps = work.run()
    for _ in range(3):
        next(steps)
    steps.close()
    assert len(list(work.run(first=0))) == 3, "the rest of the second epoch, and the third"
    assert work.epoch == 3


def test_early_stopping_waits_for_so_many_looks_without_a_lower_loss(monkeypatch):
    losses = iter([3.0, 2.0, 2.5, 1.5, 1.5, 1.6, 0.1])

    def look(model, data):
        yield
        return evaluation.Evaluation(next(losses), 0.5, np.zeros((1, 10)))

    monkeypatch.setattr(training, "evaluating", look)
    config = TrainConfig(epochs=20, batch_size=None, patience=2)
    assert len(list(train(MLP((784, 10), rng=0), digits(20), config, digits(5)))) == 6


def test_the_validation_data_is_looked_at_every_so_many_epochs_and_at_the_end():
    config = TrainConfig(epochs=5, batch_size=None, evaluate_every=2)
    steps = list(train(MLP((784, 10), rng=0), digits(20), config, digits(5)))
    assert [p.val_accuracy is None for p in steps] == [True, False, True, False, False]


def test_divergence_stops_and_says_what_to_lower():
    model = MLP((784, 30, 30, 10), "linear", rng=0)  # units that cannot fall silent
    with pytest.raises(DivergedError, match=r"Lower the learning rate \(100 now\)"):
        list(train(model, digits(50), TrainConfig(epochs=50, batch_size=10, optimizer="sgd", lr=100)))


def test_evaluation_in_chunks(monkeypatch):
    model, data = MLP((784, 10), rng=0), digits(33)
    whole = evaluate(model, data)
    monkeypatch.setattr(evaluation, "CHUNK", 10)
    chunked = evaluate(model, data)
    assert chunked.accuracy == whole.accuracy == np.mean(model.predict(data.images / 255) == data.labels)
    assert chunked.loss == pytest.approx(whole.loss)
    np.testing.assert_allclose(chunked.probabilities, model.predict_proba(data.images / 255), atol=1e-6)


def test_data_without_labels_or_images_is_refused():
    model = MLP((784, 10))
    for data in (
        Dataset(np.zeros((3, 784), np.uint8)),
        Dataset(np.zeros((0, 784), np.uint8), np.zeros(0, int)),
    ):
        with pytest.raises(ValueError, match="at least one image, with labels"):
            train(model, data, TrainConfig())
        with pytest.raises(ValueError, match="at least one image, with labels"):
            evaluate(model, data)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "Epochs must be a whole number from 1 to 100,000; got 0"),
        ({"epochs": 2.5}, "whole number"),
        ({"batch_size": 0}, "batch size must be a whole number"),
        ({"batch_size": True}, "batch size must be a whole number"),
        ({"lr": 0}, "learning rate must be a number above 0"),
        ({"lr": float("nan")}, "learning rate must be a number above 0"),
        ({"l2": -1}, "L2 must be a number from 0 to 10"),
        ({"affine": 3}, "affine strength must be a number from 0 to 2; got 3"),
        ({"styles": "many"}, "share of styles must be a number from 0 to 1; got 'many'"),
        ({"ema": 1}, "decay of the average must be a number from 0 to 0.9999; got 1"),
        ({"shift": 5}, "shift must be a whole number from 0 to 4"),
        ({"evaluate_every": True}, "Epochs between tests must be a whole number"),
        ({"patience": -1}, "patience must be a whole number"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"optimizer": "adagrad"}, "no optimizer called 'adagrad'; choose one of sgd, momentum, adam"),
        ({"schedule": "linear"}, "no schedule called 'linear'"),
    ],
)
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        TrainConfig(**settings)
