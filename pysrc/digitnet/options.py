"""The commands and options of the command line, and their help."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from digitnet import __version__
from digitnet.recipes import DEFAULT_RECIPE, RECIPES
from digitnet.settings import DECLARATIONS
from digitnet.workshop.terminal import FOLDER

EXAMPLES = """examples:
  python -m digitnet train --out model.npz
  python -m digitnet train --recipe minibatch --layers 64 --epochs 3 --seed 1
  python -m digitnet train --data train.csv --batch-size full --learning-rate 0.01
  python -m digitnet evaluate model.npz
  python -m digitnet predict model.npz test.csv --out predictions.csv
  python -m digitnet submit model.npz test.csv
  python -m digitnet exercise list
"""


def command_line_parser(commands: Mapping[str, Callable[..., object]]) -> argparse.ArgumentParser:
    """Return the parser; what it returns has the function of the chosen command as `command`."""
    parser = argparse.ArgumentParser(
        prog="python -m digitnet",
        description="A neural network written from scratch in NumPy that reads handwritten digits.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"digitnet {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="train | evaluate | predict | submit | exercise")

    command = subparsers.add_parser(
        "train",
        help="train a network and say how accurate it is",
        epilog="recipes:\n" + "\n".join(f"  {name:12}{recipe.about}" for name, recipe in RECIPES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=commands["train"])
    command.add_argument(
        "--recipe", metavar="NAME", default=DEFAULT_RECIPE, help="a named set-up, see below (default: %(default)s)"
    )
    command.add_argument("--out", type=Path, metavar="MODEL.npz", help="save the network here, also after Ctrl+C")
    _add_data(command, "train and test on")
    group = command.add_argument_group("settings, in place of the recipe's")
    for name, declaration in DECLARATIONS.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            metavar=declaration.kind.metavar,
            default=argparse.SUPPRESS,
            help=f"{declaration.help} ({declaration.kind.allowed})",
        )

    command = subparsers.add_parser("evaluate", help="say how accurate a saved network is")
    command.set_defaults(command=commands["evaluate"])
    _add_model(command)
    _add_data(command, "test on")

    command = subparsers.add_parser("predict", help="write the digit and ten probabilities for every image")
    command.set_defaults(command=commands["predict"])
    _add_model(command)
    command.add_argument("images", type=Path, metavar="IMAGES", help="an IDX or CSV file; labels in it are ignored")
    command.add_argument("--out", type=Path, metavar="FILE.csv", help="write here (default: standard output)")

    command = subparsers.add_parser("submit", help="write submission.csv for Kaggle's digit recognizer")
    command.set_defaults(command=commands["submit"])
    _add_model(command)
    command.add_argument("images", type=Path, metavar="test.csv", help="Kaggle's test.csv, or an IDX file")
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE.csv",
        default=Path("submission.csv"),
        help="write here (default: %(default)s)",
    )

    command = subparsers.add_parser("exercise", help="write the missing lines of the network, and find faults in it")
    command.set_defaults(command=commands["exercise"])
    _add_exercise_actions(command)
    return parser


def _add_exercise_actions(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(
        required=True, dest="action", metavar="list | start | check | hint | solution | progress"
    )
    for name, about in (
        ("list", "list all exercises"),
        ("start", "write a file to work on, and say what to do"),
        ("check", "check what you have written"),
        ("hint", "show the first or the second hint"),
        ("solution", "compare what you have written with the solution"),
        ("progress", "say how many exercises are solved"),
    ):
        action = actions.add_parser(name, help=about)
        if name not in ("list", "progress"):
            action.add_argument("id", metavar="ID", help="the exercise, such as softmax")
        if name == "hint":
            action.add_argument("number", type=int, nargs="?", choices=(1, 2), default=1, help="1 (default) or 2")
            continue
        action.add_argument(
            "--folder", type=Path, metavar="F", default=FOLDER, help="where the files are (default: %(default)s)"
        )
        if name == "start":
            action.add_argument("--again", action="store_true", help="begin anew, also where you have begun")


def _add_model(command: argparse.ArgumentParser) -> None:
    command.add_argument("model", type=Path, metavar="MODEL.npz", help="a network saved by train or by the page")


def _add_data(command: argparse.ArgumentParser, purpose: str) -> None:
    command.add_argument(
        "--data",
        type=Path,
        metavar="PATH",
        help=f"{purpose} a folder of MNIST's four IDX files, or a labelled CSV file (default: MNIST)",
    )
