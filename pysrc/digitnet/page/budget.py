"""How much memory the page may take: asked before room is made, for WebAssembly's memory grows and never shrinks."""

from digitnet.data.limits import MAX_IMAGES
from digitnet.dataset import PIXELS
from digitnet.evaluation import CHUNK
from digitnet.settings import parameter_count

LIMIT = 800_000_000  # bytes: a browser's tab on a phone can hold little more
BASE = 120_000_000  # Python, NumPy, their modules and the worker's own
IMAGE = PIXELS + 50  # an image, its label and its target
WEIGHT = 4 * 8  # weight, gradient, Adam's two means, average, and three copies while a network is replaced or saved
ACTIVATION = 4 * 3  # the same unit's sum, activation and gradient


def needed(sizes: tuple[int, ...], images: int) -> int:
    """Return how many bytes a network of these layer sizes takes at most, beside so many images."""
    return BASE + IMAGE * images + WEIGHT * parameter_count(sizes) + ACTIVATION * CHUNK * sum(sizes)


def require(sizes: tuple[int, ...], images: int) -> None:
    """Raise ValueError if there would not be memory enough."""
    if (total := needed(sizes, images)) > LIMIT:
        raise ValueError(
            f"Layers {'-'.join(map(str, sizes))} and {images:,} images need about {total // 1_000_000:,} MB of memory; "
            f"the page takes at most {LIMIT // 1_000_000:,} MB. Use smaller layers or fewer images."
        )


def room(sizes: tuple[int, ...], images: int) -> int:
    """Return how many more images can be read, at most as many as two files may have: these are not used yet."""
    return max(0, min(2 * MAX_IMAGES, (LIMIT - needed(sizes, images)) // (PIXELS + 1)))
