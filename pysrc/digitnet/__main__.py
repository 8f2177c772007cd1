"""The command line: python -m digitnet train | evaluate | predict | submit."""

import argparse
import csv
import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np

from digitnet.activations import ACTIVATIONS
from digitnet.data.files import load_file, load_mnist, submission_csv
from digitnet.dataset import Dataset, split, train_validation_test
from digitnet.evaluation import evaluate, predict_images
from digitnet.initializers import INITIALIZERS
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.optimizers import OPTIMIZERS
from digitnet.recipes import DEFAULT_RECIPE, RECIPES, Recipe, recipe_named
from digitnet.reports import report
from digitnet.settings import DECLARATIONS, Settings
from digitnet.storage import load, load_with_meta, save
from digitnet.training import SCHEDULES, DivergedError, Training

MNIST_FOLDER = Path(__file__).parents[2] / ".cache" / "mnist"  # where build.py keeps it, in a clone


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 1 after a sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except BrokenPipeError:  # such as `| head`: the reader has had enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for what Python flushes at exit
    except (ValueError, DivergedError, OSError) as error:
        print(f"digitnet: {_sentence(error)}", file=sys.stderr)
        return 1
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m digitnet", description="A neural network written from scratch in NumPy that reads digits."
    )
    commands = parser.add_subparsers(required=True, metavar="train | evaluate | predict | submit")

    command = commands.add_parser("train", help="train a network and say how good it is")
    command.set_defaults(command=_train)
    command.add_argument(
        "--recipe", choices=RECIPES, default=DEFAULT_RECIPE, help="a named set-up (default: %(default)s)"
    )
    command.add_argument("--out", type=Path, metavar="MODEL.npz", help="save the network here")
    _add_data(command)
    group = command.add_argument_group("settings, on top of the recipe's")
    setting = partial(group.add_argument, default=argparse.SUPPRESS)
    setting("--data-size", type=int, metavar="N", help="training images of MNIST: 10 … 60000")
    setting("--layers", metavar="128,64", help='hidden layer sizes, "" for none')
    setting("--activation", choices=ACTIVATIONS)
    setting("--initializer", choices=INITIALIZERS)
    setting("--optimizer", choices=OPTIMIZERS)
    setting("--learning-rate", type=float, metavar="LR")
    setting("--schedule", choices=SCHEDULES)
    setting("--batch-size", type=_batch_size, metavar="N", help='samples a step, "full" for all at once')
    setting("--l2", type=float, metavar="L2")
    setting("--epochs", type=int, metavar="N")
    setting("--seed", type=int, metavar="N")
    setting("--shift", type=int, metavar="N", help="move each batch at random by up to N pixels")
    setting("--evaluate-every", type=int, metavar="N", help="epochs between looks at the test images")

    command = commands.add_parser("evaluate", help="say how good a saved network is")
    command.set_defaults(command=_evaluate)
    command.add_argument("model", type=Path, metavar="MODEL.npz")
    _add_data(command)

    command = commands.add_parser("predict", help="write digit and ten probabilities for every image")
    command.set_defaults(command=_predict)
    command.add_argument("model", type=Path, metavar="MODEL.npz")
    command.add_argument("images", type=Path, metavar="IMAGES", help="an IDX or CSV file")
    command.add_argument("--out", type=Path, metavar="FILE.csv", help="write here (default: standard output)")

    command = commands.add_parser("submit", help="write submission.csv for Kaggle's digit recognizer")
    command.set_defaults(command=_submit)
    command.add_argument("model", type=Path, metavar="MODEL.npz")
    command.add_argument("images", type=Path, metavar="test.csv")
    command.add_argument("--out", type=Path, metavar="FILE.csv", default=Path("submission.csv"))
    return parser


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help="a folder of IDX files, or a labelled CSV (default: MNIST)",
    )


def _batch_size(text: str) -> int | None:
    return None if text in ("", "full") else int(text)


# ---- commands ----


def _train(options: argparse.Namespace) -> None:
    recipe = recipe_named(options.recipe)
    settings = recipe.settings.changed({name: getattr(options, name) for name in DECLARATIONS if name in options})
    train, validation, test = _training_data(options, settings, recipe)
    model = settings.model()
    print(f"{model}, {len(train):,} training images, {len(test):,} test images")
    _run(Training(model, train, settings.config(), validation), settings, test)
    accuracy = _print_report(model, test)
    if options.out:
        plain = {"recipe": recipe.name, **settings.to_dict()}
        save(model, options.out, recipe=recipe.name, seed=settings.seed, settings=plain, test_accuracy=accuracy)
        print(f"Saved in {options.out}.")


def _evaluate(options: argparse.Namespace) -> None:
    model, meta = load_with_meta(options.model)
    if options.data is not None and options.data.is_file():
        test = load_file(options.data)  # all of it
    elif options.data is not None:
        _, test = load_mnist(options.data)
    else:
        recipe = RECIPES.get(str(meta.get("recipe")), RECIPES[DEFAULT_RECIPE])
        n, seed = meta.get("settings", {}).get("data_size"), meta.get("seed")
        n, seed = (n, seed) if isinstance(n, int) and isinstance(seed, int) else (recipe.settings.data_size, 0)
        _, _, test = train_validation_test(*_mnist(), int(n), seed, extra_test=recipe.extra_test)
    print(f"{model}, {len(test):,} test images")
    _print_report(model, test)


def _predict(options: argparse.Namespace) -> None:
    model, data = load(options.model), load_file(options.images)
    probabilities = np.concatenate(
        [model.predict_proba(scale_pixels(data.images[i : i + 1000])) for i in range(0, len(data), 1000)]
    )
    with open(options.out, "w", newline="") if options.out else nullcontext(sys.stdout) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["digit", *(f"p{k}" for k in range(probabilities.shape[1]))])
        for row in probabilities:
            writer.writerow([int(row.argmax()), *(f"{p:.6f}" for p in row)])
    if options.out:
        print(f"{len(data):,} images read; digits and probabilities are in {options.out}.")


def _submit(options: argparse.Namespace) -> None:
    model, data = load(options.model), load_file(options.images)
    options.out.write_bytes(submission_csv(predict_images(model, data)))
    print(f"{len(data):,} images read; {options.out} is ready to upload.")


# ---- data ----


def _mnist() -> tuple[Dataset, Dataset]:
    if not MNIST_FOLDER.is_dir():
        raise ValueError("MNIST is not here yet: run python build.py --fetch, or give --data.")
    return load_mnist(MNIST_FOLDER)


def _training_data(
    options: argparse.Namespace, settings: Settings, recipe: Recipe
) -> tuple[Dataset, Dataset | None, Dataset]:
    """Return training, validation and test images; of a CSV, a sixth is kept for testing."""
    if options.data is None:
        return train_validation_test(
            *_mnist(), int(settings.data_size), settings.seed, recipe.validation_share, recipe.extra_test
        )
    if options.data.is_dir():
        train, test = load_mnist(options.data)
        n = min(int(settings.data_size), len(train))
    else:
        data = load_file(options.data)
        n_test = max(1, len(data) // 6)
        train, test = split(data, len(data) - n_test, n_test, seed=settings.seed)
        n = len(train)
    return train_validation_test(train, test, n, settings.seed, recipe.validation_share, recipe.extra_test)


# ---- what is printed ----


def _run(training: Training, settings: Settings, test: Dataset) -> None:
    """Train to the end; a line an epoch, and a bar below it where there is a terminal."""
    start = shown = time.perf_counter()
    for progress in training.run():
        if progress is None:
            continue
        if not progress.epoch_end:
            if _CLEAR and time.perf_counter() - shown > 0.1:
                shown = time.perf_counter()
                _bar(progress.epoch + progress.samples / len(training.data), settings.epochs, progress.loss)
            continue
        line = f"epoch {training.epoch:>3}  loss {progress.loss:.4f}  train {_percent(progress.train_accuracy)}"
        if progress.val_accuracy is not None:
            line += f"  validation {_percent(progress.val_accuracy)}"
        if training.epoch % settings.evaluate_every == 0 or training.epoch == settings.epochs:
            line += f"  test {_percent(evaluate(training.model, test).accuracy)}"
        print(f"{_CLEAR}{line}  {time.perf_counter() - start:6.1f} s", flush=True)


_CLEAR = "\r\033[K" if sys.stdout.isatty() else ""  # of a line; empty where nobody watches


def _bar(done: float, epochs: int, loss: float) -> None:
    filled = round(30 * done / epochs)
    bar = "█" * filled + "·" * (30 - filled)
    print(f"\r[{bar}] epoch {done:.1f} of {epochs}, loss {loss:.4f}", end="", flush=True)


def _print_report(model: MLP, test: Dataset) -> float:
    result = report(test, evaluate(model, test))
    print(f"\ntest accuracy {_percent(result['accuracy'])} on {len(test):,} images, loss {result['loss']:.4f}")
    print("\ndigit  accuracy  read as it")
    for digit, (share, count) in enumerate(zip(result["per_class"], result["distribution"], strict=True)):
        print(f"{digit:>5}  {_percent(share):>8}  {count:>10,}")
    print("\nconfusion matrix: rows are true digits, columns what was read")
    print("      " + "".join(f"{digit:>6}" for digit in range(len(result["confusion"]))))
    for digit, row in enumerate(result["confusion"]):
        print(f"{digit:>5} " + "".join(f"{count:>6}" for count in row))
    return float(result["accuracy"])


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


if __name__ == "__main__":
    sys.exit(main())
