"""The command line: python -m digitnet train | evaluate | predict | submit | exercise."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from digitnet.data.files import check_writable, load_file, load_mnist, naming, replacing, submission_csv
from digitnet.dataset import SHIPPED_FIRST, Dataset, require_labels, split, train_validation_test
from digitnet.evaluation import Evaluation, evaluate, predict_images
from digitnet.network import MLP
from digitnet.ops import scale_pixels
from digitnet.options import command_line_parser
from digitnet.recipes import DEFAULT_RECIPE, RECIPES, Recipe, recipe_named
from digitnet.reports import report
from digitnet.settings import DECLARATIONS, OWN_DATA, Settings, require_digit_sizes
from digitnet.storage import load_with_meta, save
from digitnet.training import DivergedError, Training
from digitnet.workshop import terminal

MNIST_FOLDER = Path(__file__).parents[2] / ".cache" / "mnist"  # where build.py keeps it, in a clone
INTERRUPTED = 130  # the exit code that shells give a program that Ctrl+C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 after a sentence on standard error, or 130 after Ctrl+C."""
    options = command_line_parser(COMMANDS).parse_args(arguments)
    try:
        code: int = options.command(options) or 0
        sys.stdout.flush()
    except BrokenPipeError:  # such as `| head`: the reader has had enough
        _discard_output()
    except KeyboardInterrupt:
        print("digitnet: Stopped; nothing was saved.", file=sys.stderr)
        return INTERRUPTED
    except (ValueError, OSError) as error:
        print(f"digitnet: {_sentence(error)}", file=sys.stderr)
        return 1
    else:
        return code
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)


# ---- commands ----


def _train(options: argparse.Namespace) -> int:
    if options.out:
        check_writable(options.out)
    recipe = recipe_named(options.recipe)
    given = {name: getattr(options, name) for name in DECLARATIONS if name in options}
    settings = recipe.settings.changed({name: DECLARATIONS[name].kind.parse(text) for name, text in given.items()})
    settings, train, validation, test = _training_data(options, settings, recipe)
    say = _print_if_read if options.out else _print  # a network that is to be saved is trained to its end
    model = settings.model()
    say(f"{model}, {len(train):,} training images, {len(test):,} test images")
    training = Training(model, train, settings.config(), test if validation is None else validation)
    is_whole = _run(training, test, say, may_stop=bool(options.out))
    code = 0 if is_whole else INTERRUPTED
    with _uninterrupted():
        model = training.result
        evaluation = evaluate(model, test)
        if options.out:
            path = _save(
                model, options.out, recipe=recipe.name, seed=settings.seed,
                settings={"recipe": recipe.name, **settings.to_dict()}, test_accuracy=evaluation.accuracy,
            )  # fmt: skip
            code = code if path == options.out else 1
            say(f"{'Saved' if is_whole else 'Stopped; what was learned so far is saved'} in {path}.")
    _print_report(test, evaluation)
    return code


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl+C do nothing for a while."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _save(model: MLP, path: Path, **meta: Any) -> Path:
    """Save a trained network; where that fails, in a temporary folder, rather than lose it. Return where it is."""
    try:
        save(model, path, **meta)
    except OSError as error:
        print(f"digitnet: {_sentence(error)} The network is saved elsewhere.", file=sys.stderr)
        path = Path(tempfile.mkdtemp(prefix="digitnet-")) / path.name
        save(model, path, **meta)
    return path


def _evaluate(options: argparse.Namespace) -> None:
    model, meta = _load_network(options.model)
    if options.data is not None and not options.data.is_dir():
        test = _load_labelled(options.data)  # all of it
    elif options.data is not None:
        _, test = load_mnist(options.data)
    else:
        recipe, settings = _saved_run(meta)
        n = SHIPPED_FIRST if settings.data_size == OWN_DATA else int(settings.data_size)
        _, _, test = train_validation_test(*_mnist(), n, settings.seed, extra_test=recipe.extra_test)
    print(f"{model}, {len(test):,} test images")
    _print_report(test, evaluate(model, test))


def _predict(options: argparse.Namespace) -> None:
    if options.out:
        check_writable(options.out)
    (model, _), data = _load_network(options.model), load_file(options.images)
    probabilities = np.concatenate(
        [model.predict_proba(scale_pixels(data.images[i : i + 1000], model.dtype)) for i in range(0, len(data), 1000)]
    )
    lines = [",".join(["digit", *(f"p{k}" for k in range(probabilities.shape[1]))])]
    lines += [",".join([str(row.argmax()), *(f"{p:.6f}" for p in row)]) for row in probabilities]
    text = "\n".join(lines) + "\n"
    if options.out:
        with replacing(options.out) as file:
            file.write(text.encode())
        print(f"Predicted {len(data):,} images; digits and probabilities are in {options.out}.")
    else:
        sys.stdout.write(text)


def _submit(options: argparse.Namespace) -> None:
    check_writable(options.out)
    (model, _), data = _load_network(options.model), load_file(options.images)
    with replacing(options.out) as file:
        file.write(submission_csv(predict_images(model, data)))
    print(f"Predicted {len(data):,} images; {options.out} is ready to upload.")


# ---- what is read ----


def _load_network(path: Path) -> tuple[MLP, dict[str, Any]]:
    model, meta = load_with_meta(path)
    with naming(path):
        require_digit_sizes(model.sizes)
    return model, meta


def _load_labelled(path: Path) -> Dataset:
    data = load_file(path)
    with naming(path):
        require_labels(data)
    return data


def _saved_run(meta: dict[str, Any]) -> tuple[Recipe, Settings]:
    """Return the recipe and settings that a file names; the recipe's own where it names none that can be had."""
    recipe = RECIPES.get(str(meta.get("recipe")), RECIPES[DEFAULT_RECIPE])
    found = meta.get("settings")
    known = {name: found[name] for name in DECLARATIONS if name in found} if isinstance(found, dict) else {}
    try:
        return recipe, recipe.settings.changed(known)
    except ValueError:
        return recipe, recipe.settings


def _mnist() -> tuple[Dataset, Dataset]:
    if not MNIST_FOLDER.is_dir():
        raise ValueError("MNIST is not here yet: run python build.py --fetch, or give --data.")
    return load_mnist(MNIST_FOLDER)


def _training_data(
    options: argparse.Namespace, settings: Settings, recipe: Recipe
) -> tuple[Settings, Dataset, Dataset | None, Dataset]:
    """Return the settings, and training, validation and test images; of a CSV, a sixth is kept for testing."""
    if options.data is None or options.data.is_dir():
        train, test = _mnist() if options.data is None else load_mnist(options.data)
        if settings.data_size == OWN_DATA:
            raise ValueError("Give images of your own as a CSV file with --data.")
        n = int(settings.data_size) if options.data is None else min(int(settings.data_size), len(train))
    else:
        if "data_size" in options:
            raise ValueError("--data-size chooses from MNIST's images; a CSV file is used as a whole.")
        settings = settings.changed({"data_size": OWN_DATA})
        data = _load_labelled(options.data)
        n_test = max(1, len(data) // 6)
        train, test = split(data, len(data) - n_test, n_test, seed=settings.seed)
        n = len(train)
    return settings, *train_validation_test(train, test, n, settings.seed, recipe.validation_share, recipe.extra_test)


# ---- what is printed ----


def _run(training: Training, test: Dataset, say: Callable[..., None], may_stop: bool) -> bool:
    """Train, a line an epoch and a bar below it where there is a terminal; return False if Ctrl+C stopped it."""
    start = shown = time.perf_counter()
    try:
        for progress in training.run():
            if progress is None:
                continue
            seconds = time.perf_counter() - start
            if progress.epoch_end:
                accuracies = [("train", progress.train_accuracy)]
                if progress.val_accuracy is not None and training.validation is not test:
                    accuracies.append(("validation", progress.val_accuracy))
                    accuracies.append(("test", evaluate(training.result, test).accuracy))
                elif progress.val_accuracy is not None:
                    accuracies.append(("test", progress.val_accuracy))
                figures = "  ".join(f"{name} {_percent(share)}" for name, share in accuracies)
                say(f"{_CLEAR}epoch {training.epoch:>3}  loss {progress.loss:.4f}  {figures}  {seconds:6.1f} s")
            elif _CLEAR and time.perf_counter() - shown > 0.1:
                shown = time.perf_counter()
                done = progress.epoch + progress.samples / len(training.data)
                say(_bar(done, training.config.epochs, progress.loss), end="")
    except DivergedError:
        raise ValueError(
            f"Training has diverged in epoch {training.epoch + 1}: the loss is no longer a finite number. "
            f"Use a lower --learning-rate than {training.config.lr:g}; nothing was saved."
        ) from None
    except KeyboardInterrupt:
        if not may_stop or not training.step:
            raise
        return False
    return True


_CLEAR = "\r\033[K" if sys.stdout.isatty() else ""  # of a line; empty where nobody watches


def _bar(done: float, epochs: int, loss: float) -> str:
    filled = round(30 * done / epochs)
    return f"\r[{'█' * filled}{'·' * (30 - filled)}] epoch {done:.1f} of {epochs}, loss {loss:.4f}"


def _print(text: str, end: str = "\n") -> None:
    print(text, end=end, flush=True)


def _print_if_read(text: str, end: str = "\n") -> None:
    """Print; where nobody reads any more, go on in silence."""
    try:
        _print(text, end)
    except BrokenPipeError:
        _discard_output()


def _discard_output() -> None:
    """Let what is still printed, and what Python flushes at its exit, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_report(test: Dataset, evaluation: Evaluation) -> None:
    result = report(test, evaluation)
    print(f"\ntest accuracy {_percent(result['accuracy'])} on {len(test):,} images, loss {evaluation.loss:.4f}")
    print("\ndigit  accuracy  predicted")
    for digit, (share, count) in enumerate(zip(result["per_class"], result["distribution"], strict=True)):
        print(f"{digit:>5}  {_percent(share):>8}  {count:>9,}")
    print("\nconfusion matrix: rows are actual digits, columns predicted ones")
    print("      " + "".join(f"{digit:>6}" for digit in range(len(result["confusion"]))))
    for digit, row in enumerate(result["confusion"]):
        print(f"{digit:>5} " + "".join(f"{count:>6}" for count in row))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"


def _exercise(options: argparse.Namespace) -> int:
    text, is_right = terminal.answer(**{k: v for k, v in vars(options).items() if k != "command"})
    print(text)
    return 0 if is_right else 1


COMMANDS = {
    "train": _train, "evaluate": _evaluate, "predict": _predict, "submit": _submit, "exercise": _exercise,
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
