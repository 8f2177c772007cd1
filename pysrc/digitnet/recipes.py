"""The named set-ups that a visitor can choose, and the settings that they fill in.

`quick` and `handwriting` are ours. The others each rebuild one known from-scratch project, whose own claim stands
beside what the same set-up reaches here.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from digitnet.dataset import SHIPPED_FIRST
from digitnet.settings import Settings


@dataclass(frozen=True)
class Result:
    """What a set-up has to reach on its test images, as a fraction, and what it did reach, natively, with seed 0."""

    goal: float
    measured: float

    def to_dict(self) -> dict[str, float]:
        """Return both as plain values."""
        return {"must_reach": self.goal, "measured": self.measured}


@dataclass(frozen=True)
class Recipe:
    """A named set-up.

    claim: what the project that it rebuilds says of itself. result: that of `settings`; a test holds its goal.
    page_data_size: training images that the page starts with where they are fewer, and page_result what comes of
    them. validation_share: of the training images, set aside to watch the run. extra_test: unused training images
    that join the 10,000 test images.
    """

    name: str
    title: str
    about: str
    claim: str
    result: Result
    settings: Settings = field(default_factory=Settings)
    page_data_size: int | None = None
    page_result: Result | None = None
    validation_share: float = 0.0
    extra_test: int = 0

    def page_settings(self) -> Settings:
        """Return the settings that the page starts from."""
        return replace(self.settings, data_size=self.page_data_size or self.settings.data_size)

    def to_dict(self) -> dict[str, Any]:
        """Return what the page shows: settings and result as it starts, and the full size and its result if larger."""
        full = {"data_size": self.settings.data_size, **self.result.to_dict()}
        return {
            "name": self.name, "title": self.title, "about": self.about, "claim": self.claim,
            "settings": self.page_settings().to_dict(), **(self.page_result or self.result).to_dict(),
            "full": full if self.page_result else None,
        }  # fmt: skip


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "quick",
            "Quick start",
            "One hidden layer, Adam with a falling rate, 10,000 images shifted by up to one pixel, some in other "
            "writing styles: past 95 % in seconds.",
            claim="",
            result=Result(0.96, 0.965),
            settings=Settings(learning_rate=0.004, schedule="cosine", epochs=12, shift=1, styles=0.25),
        ),
        Recipe(
            "handwriting",
            "Everyday handwriting",
            "Two hidden layers on all images, each warped anew in every epoch, some in other writing styles: "
            "as good at reading people as it gets in two minutes.",
            claim="",
            result=Result(0.989, 0.9909),
            settings=Settings(
                data_size=60_000, layers=(256, 128), learning_rate=0.003, schedule="warmup_cosine",
                batch_size=128, epochs=30, affine=1, styles=0.2, ema=0.98,
            ),
        ),
        Recipe(
            "thousand",
            "A thousand images",
            "Plain gradient descent on 1,000 images at once, tested on 14,000 others: "
            "how far a small data set goes.",
            claim="about 89.5 %",
            result=Result(0.885, 0.893),
            settings=Settings(
                data_size=1_000, optimizer="sgd", learning_rate=0.5, batch_size=None, epochs=300,
            ),
            extra_test=4_000,
        ),
        Recipe(
            "modular",
            "Deep and modular",
            "Two hidden layers, Adam in mini-batches, a sixth of the images set aside to watch the run.",
            claim="train about 95 %, test about 92 %",
            result=Result(0.97, 0.984),
            settings=Settings(
                data_size=60_000, layers=(256, 128), learning_rate=0.002, schedule="cosine",
                batch_size=128, epochs=8,
            ),
            validation_share=1 / 6,
        ),
        Recipe(
            "ten-hidden",
            "Ten hidden units",
            "Only ten hidden units, plain gradient descent on all 42,000 images at once.",
            claim="above 90 %",
            result=Result(0.90, 0.908),
            settings=Settings(
                data_size=42_000, layers=(10,), optimizer="sgd", learning_rate=0.3, batch_size=None,
                epochs=300,
            ),
        ),
        Recipe(
            "minibatch",
            "Mini-batches",
            "Gradient descent on 64 images at a time: many cheap steps beat few exact ones.",
            claim="above 93 %",
            result=Result(0.965, 0.975),
            settings=Settings(
                data_size=60_000, optimizer="sgd", learning_rate=0.1, batch_size=64, epochs=8,
            ),
        ),
        Recipe(
            "one-by-one",
            "One by one",
            "Stochastic gradient descent in the strict sense: an update after every single image.",
            claim="",
            result=Result(0.97, 0.983),
            settings=Settings(
                data_size=60_000, layers=(128, 64), initializer="normal", optimizer="sgd",
                learning_rate=0.01, schedule="cosine", batch_size=1, epochs=20,
            ),
            page_data_size=SHIPPED_FIRST,
            page_result=Result(0.95, 0.959),
        ),
    )
}  # fmt: skip
DEFAULT_RECIPE = "quick"


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name, or raise ValueError."""
    if name not in RECIPES:
        raise ValueError(f"There is no recipe called {name!r}; choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
