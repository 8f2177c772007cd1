"""The named set-ups that a visitor can choose, and the settings that they fill in.

`quick` is ours. The others each rebuild one known from-scratch project, whose own claim stands beside what
the same set-up reaches here.
"""

from dataclasses import dataclass, field, replace

from digitnet.settings import Settings


@dataclass(frozen=True)
class Recipe:
    """A named set-up.

    claim: what the project that it rebuilds says of itself. goal: the accuracy, as a fraction, that it has to
    reach on its test images; a test holds it. measured: what it did reach, natively, with seed 0.
    page_data_size: training images in the page unless asked. validation_share: of the training images, set
    aside to watch the run. extra_test: unused training images that join the 10,000 test images.
    """

    name: str
    title: str
    about: str
    claim: str
    goal: float
    measured: float
    settings: Settings = field(default_factory=Settings)
    page_data_size: int | None = None
    validation_share: float = 0.0
    extra_test: int = 0

    def page_settings(self) -> Settings:
        """Return the settings that the page starts from."""
        return replace(self.settings, data_size=self.page_data_size or self.settings.data_size)


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "quick",
            "Quick start",
            "One hidden layer, Adam with a falling rate, 10,000 images moved about a little: past 95 % in seconds.",
            claim="",
            goal=0.95,
            measured=0.971,
            settings=Settings(learning_rate=0.004, schedule="cosine", epochs=12, shift=1),
        ),
        Recipe(
            "thousand",
            "A thousand images",
            "Plain gradient descent on 1,000 images at once, tested on 14,000 others: "
            "how far a small data set goes.",
            claim="about 89.5 %",
            goal=0.885,
            measured=0.893,
            settings=Settings(
                data_size=1_000, optimizer="sgd", learning_rate=0.5, batch_size=None, epochs=300,
            ),
            extra_test=4_000,
        ),
        Recipe(
            "modular",
            "Deep and modular",
            "Two hidden layers, Adam in mini-batches, every sixth image set aside to watch the run.",
            claim="train about 95 %, test about 92 %",
            goal=0.97,
            measured=0.984,
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
            goal=0.90,
            measured=0.908,
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
            goal=0.965,
            measured=0.975,
            settings=Settings(
                data_size=60_000, optimizer="sgd", learning_rate=0.1, batch_size=64, epochs=8,
            ),
        ),
        Recipe(
            "one-by-one",
            "One by one",
            "Stochastic gradient descent in the strict sense: an update after every single image.",
            claim="",
            goal=0.97,
            measured=0.98,
            settings=Settings(
                data_size=60_000, layers=(128, 64), initializer="normal", optimizer="sgd",
                learning_rate=0.01, schedule="cosine", batch_size=1, epochs=20,
            ),
            page_data_size=10_000,
        ),
    )
}  # fmt: skip
DEFAULT_RECIPE = "quick"


def recipe_named(name: str) -> Recipe:
    """Return the recipe of that name, or raise ValueError."""
    if name not in RECIPES:
        raise ValueError(f"There is no recipe called {name!r}; choose one of {', '.join(RECIPES)}.")
    return RECIPES[name]
