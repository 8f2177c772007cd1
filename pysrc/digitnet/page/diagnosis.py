"""What went wrong in a run that has ended: one sentence, by rule, with the evidence in it and a remedy.

Each rule looks at the facts of the run alone and returns a finding or None; `diagnose` returns the first.
The thresholds were set on runs with MNIST, see tests/recipes/test_diagnosis_on_mnist.py.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from digitnet.page.course import PROBE
from digitnet.page.facts import NO_SLOPE, Facts
from digitnet.settings import DATA_SIZES, N_CLASSES, Settings

POOR = 0.9  # training accuracy below which a run has not fitted its data
ENOUGH_IMAGES = 10_000
UNIFORM_LOSS = math.log(N_CLASSES)  # of giving every class the same probability

# A rate that trains a small network well with each optimizer.
USUAL_RATE = {"sgd": 0.1, "momentum": 0.02, "adam": 0.001}


class Finding(NamedTuple):
    """A diagnosis: the rule's id, a sentence, and a remedy: its label, settings to change, whether to start over."""

    id: str
    text: str
    label: str = ""
    changes: dict[str, Any] | None = None
    reset: bool = False

    def plain(self) -> dict[str, Any]:
        """Return it as the page receives it."""
        remedy = {"label": self.label, "changes": self.changes, "reset": self.reset} if self.changes else None
        return {"id": self.id, "text": self.text, "remedy": remedy}


# ---- the rules, in the order in which they are tried ----


def diverged(facts: Facts) -> Finding | None:
    """The loss is no longer finite."""
    if not facts.diverged:
        return None
    s, text = facts.settings, f"Training diverged at step {facts.step + 1:,}: the loss is no longer a finite number. "
    if s.optimizer == "sgd" and s.learning_rate * s.l2 > 2:
        text += (
            f"With learning rate {_number(s.learning_rate)} and L2 {_number(s.l2)}, each step multiplies every "
            f"weight by 1 − {_number(s.learning_rate)} × {_number(s.l2)} = {_number(1 - s.learning_rate * s.l2)}."
        )
        return Finding("diverged", text, "Set L2 to 0.0001 and reset", {"l2": 0.0001}, reset=True)
    return Finding("diverged", f"{text}The learning rate {_number(s.learning_rate)} is too high.", *_lower_rate(s))


def identical_units(facts: Facts) -> Finding | None:
    """All units of a hidden layer compute the same, and so get the same gradient for ever."""
    if facts.settings.l2 and facts.settings.initializer != "zeros":
        return None  # weights that L2 has made zero are the same too: another rule says so
    for index, layer in enumerate(facts.layers):
        if layer.identical:
            zeros = " (initial weights: zeros)" if facts.settings.initializer == "zeros" else ""
            text = (
                f"All {layer.units:,} units of {_layer_name(facts, index)} are identical{zeros} and get the same "
                "gradient, so together they can do no more than one unit."
            )
            return Finding("identical-units", text, "Use He initialisation", {"initializer": "he"})
    return None


def l2_too_high(facts: Facts) -> Finding | None:
    """The weights were pulled towards zero, and the training images are not fitted."""
    l2 = facts.settings.l2
    if not l2 or facts.train_accuracy >= POOR or facts.shrinkage > 0.5:
        return None
    text = (
        f"L2 {_number(l2)} is too high: it has shrunk the weights to {_percent(facts.shrinkage)} of their initial size "
        f"(RMS), and only {_percent(facts.train_accuracy)} of the training images are read correctly."
    )
    return Finding("l2-too-high", text, "Set L2 to 0.0001 and reset", {"l2": 0.0001}, reset=True)


def rate_too_high(facts: Facts) -> Finding | None:
    """The loss ended above that of guessing, or rose a hundredfold and left a network that only guesses."""
    course, rate = facts.course, facts.settings.learning_rate
    start = course.points[0][1] if course.points else math.inf
    if facts.train_loss > 1.05 * max(start, UNIFORM_LOSS):
        text = (
            f"The learning rate {_number(rate)} is too high: over the last epoch the training loss was "
            f"{_loss(facts.train_loss)}, more than the {_loss(UNIFORM_LOSS)} of giving every class the same "
            "probability."
        )
    elif course.peak > 100 * start and facts.is_at_chance:
        text = (
            f"The learning rate {_number(rate)} is too high: the loss rose from {_loss(start)} to {_loss(course.peak)} "
            f"at step {course.peak_step:,}, and {_only_chance(facts)}."
        )
    else:
        return None
    return Finding("rate-too-high", text, *_lower_rate(facts.settings))


def dead_units(facts: Facts) -> Finding | None:
    """Half of a hidden layer or more has no slope on any image, so that no gradient comes through."""
    for index, layer in enumerate(facts.layers):
        if 2 * layer.dead < layer.units:
            continue
        s = facts.settings
        each = f"for each of {facts.images:,} training images"
        why = f"are dead: they output 0 {each}, so their weights get no gradient."
        if s.activation != "relu":
            why = f"are saturated: their slope is below {_number(NO_SLOPE)} {each}, so their weights hardly change."
        text = f"{layer.dead:,} of {layer.units:,} units of {_layer_name(facts, index)} {why}"
        if s.learning_rate > USUAL_RATE[s.optimizer]:
            return Finding("dead-units", text, *_lower_rate(s))
        if s.initializer != "he":
            return Finding("dead-units", text, "Use He initialisation", {"initializer": "he"})
        return Finding("dead-units", text, "Use leaky ReLU", {"activation": "leaky_relu"})
    return None


def rate_too_low(facts: Facts) -> Finding | None:
    """The loss fell from one evaluation to the next, and in the last third at least 0.4 times as fast as on average.

    The falls are compared over the path, the sum of the learning rates: with a schedule that ends at 0 the steps
    grow short, which says nothing about the loss.
    """
    points = facts.course.points
    if len(points) < 2 or facts.train_accuracy >= POOR or facts.test_accuracy >= POOR:
        return None
    (_, start), (path, end) = points[0], points[-1]
    before, loss = [point for point in points[:-1] if point[0] <= 0.67 * path][-1]
    average, recent = (start - end) / path, (loss - end) / (path - before)
    if len(points) == 2:  # one evaluation: it has far to go, and does not just stand where guessing stands
        is_on_its_way = end > start / 2 and not (facts.is_at_chance and abs(end - UNIFORM_LOSS) < 0.02)
    else:
        is_on_its_way = end > start / 3
    is_steady = all(later < earlier for (_, earlier), (_, later) in pairwise(points))
    if not (is_steady and recent > 0.4 * average and is_on_its_way):
        return None
    s = facts.settings
    text = (
        f"The learning rate {_number(s.learning_rate)} is too low for {_count(facts.step, 'step')}: the loss fell from "
        f"{_loss(start)} to {_loss(end)} (on {min(facts.test_images, PROBE)} test images) and was still "
        "falling steadily."
    )
    rate = _rounded(max(3 * s.learning_rate, USUAL_RATE[s.optimizer]))
    return Finding("rate-too-low", text, f"Raise the learning rate to {_number(rate)}", {"learning_rate": rate})


def chance(facts: Facts) -> Finding | None:
    """The network has learned nothing that one constant answer would not do."""
    if not facts.is_at_chance:
        return None
    s = facts.settings
    text = f"The network has not learned to tell the classes apart: {_only_chance(facts)}."
    if s.activation in ("sigmoid", "tanh") and len(s.layers) > 1:
        text += f" Through {len(s.layers)} layers of {s.activation} units the gradient becomes very small."
        return Finding("chance", text, "Use ReLU", {"activation": "relu"})
    if s.initializer != "he":
        return Finding("chance", text, "Use He initialisation", {"initializer": "he"})
    changes = {"optimizer": "adam", "learning_rate": USUAL_RATE["adam"]}
    return Finding(
        "chance", text, f"Use Adam with learning rate {_number(USUAL_RATE['adam'])} and reset", changes, reset=True
    )


def overfitting(facts: Facts) -> Finding | None:
    """Training is at least five points above test."""
    gap = round(facts.train_accuracy - facts.test_accuracy, 9)  # 0.95 - 0.9 is not quite 0.05
    if gap < 0.05:
        return None
    s, points = facts.settings, _shown(facts.train_accuracy) - _shown(facts.test_accuracy)
    text = (
        f"Overfitting: {_percent(facts.train_accuracy)} of the training images are read correctly, but only "
        f"{_percent(facts.test_accuracy)} of the test images, {points:.1f} points fewer."
    )
    if s.data_size in DATA_SIZES and int(s.data_size) < ENOUGH_IMAGES:
        return Finding("overfitting", text, f"Use {ENOUGH_IMAGES:,} training images", {"data_size": ENOUGH_IMAGES})
    if not s.shift:
        return Finding("overfitting", text, "Shift the training images by up to 1 pixel", {"shift": 1}, reset=True)
    if s.l2 < 0.001:
        return Finding("overfitting", text, "Set L2 to 0.001 and reset", {"l2": 0.001}, reset=True)
    return Finding("overfitting", text)


RULES: tuple[Callable[[Facts], Finding | None], ...] = (
    diverged, identical_units, l2_too_high, rate_too_high, dead_units, rate_too_low, chance, overfitting,
)  # fmt: skip


def diagnose(facts: Facts) -> Finding:
    """Return the finding of the first rule that holds, or an empty one."""
    return next((finding for rule in RULES if (finding := rule(facts))), Finding("", ""))


# ---- wording ----


def _lower_rate(settings: Settings) -> tuple[str, dict[str, Any], bool]:
    rate = _rounded(min(USUAL_RATE[settings.optimizer], settings.learning_rate / 10))
    return f"Lower the learning rate to {_number(rate)} and reset", {"learning_rate": rate}, True


def _rounded(rate: float) -> float:
    """Return the nearest of 1, 2, 3, 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(rate))
    return float(f"{min((1, 2, 3, 5, 10), key=lambda digit: abs(math.log(digit * power / rate))) * power:.3g}")


def _layer_name(facts: Facts, index: int) -> str:
    return "the hidden layer" if len(facts.layers) == 1 else f"hidden layer {index + 1}"


def _only_chance(facts: Facts) -> str:
    return (
        f"after {_count(facts.epochs, 'epoch')} {_percent(facts.test_accuracy)} of the test images are read correctly; "
        f"always answering {facts.most_frequent} would give {_percent(facts.chance)}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _percent(fraction: float) -> str:
    """Write a fraction as the page does: only all is 100 %, and only nothing is 0 %."""
    if 0 < fraction < 0.0005:
        return "less than 0.1 %"
    return f"{_shown(fraction):.1f} %"


def _shown(fraction: float) -> float:
    """Return a fraction in percent, rounded as it is written."""
    return min(round(100 * fraction, 1), 99.9 if fraction < 1 else 100.0)


def _number(value: float) -> str:
    return np.format_float_positional(value, trim="-")


def _loss(loss: float) -> str:
    return f"{loss:,.0f}" if loss >= 100 else f"{loss:.2f}" if loss >= 0.1 else f"{loss:.2g}"
