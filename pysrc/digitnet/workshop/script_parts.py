"""What a run as a script has of its own: reading the files, the main program, and shorter forms of some definitions."""

# What the script has in a shorter form of its own, as long as the lesson's has not been edited.
SHORTER = {
    ("dataset", "Dataset"): '''
class Dataset:
    """Images (n, 784) as bytes, 0 = paper, and what they show: labels (n,)."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: slice | np.ndarray) -> "Dataset":
        """Return the chosen rows."""
        return Dataset(self.images[rows], self.labels[rows])
''',
    ("dataset", "require_labels"): """
def require_labels(data: Dataset) -> np.ndarray:
    return data.labels
""",
    ("config", "TrainConfig"): '''
class TrainConfig(SimpleNamespace):
    """The settings that the loop reads, as attributes."""
''',
    ("metrics", "accuracy"): '''
def accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Return the share of predictions that equal their label."""
    return float(np.mean(labels == predicted))
''',
    ("optimizers", "_positive"): """
def _positive(what: str, value: float) -> float:
    return value
""",
    ("optimizers", "_share"): """
def _share(what: str, value: float) -> float:
    return value
""",
}

# What the script has in place of a definition where the run leaves a setting at 0 throughout.
UNUSED = {
    "styles": (("styles", "drawing_styles"), '''
def drawing_styles(data: Dataset, share: float, rng: np.random.Generator) -> Generator[None, None, np.ndarray]:
    """Return the images as they are: this run writes none in other styles."""
    yield from ()
    return data.images
'''),
    "affine": (("augmentation", "random_change"), '''
def random_change(shift: int, affine: float, rng: np.random.Generator) -> Change:
    """Return what shifts the images of one batch by up to so many pixels; this run warps none."""
    down, right = random_shift(shift, rng) if shift else (0, 0)
    return lambda images: shifted(images, down, right)
'''),
}  # fmt: skip

MAIN = '''
def read_idx(path: str) -> np.ndarray:
    """Return the array in an IDX file, plain or gzipped: type and number of dimensions, their sizes, the bytes."""
    with gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb") as file:
        _, _, kind, n_dimensions = file.read(4)
        assert kind == 8, f"{path} does not hold unsigned bytes."
        shape = [int.from_bytes(file.read(4), "big") for _ in range(n_dimensions)]
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def read_mnist(folder: str, part: str) -> Dataset:
    """Return the images and labels of one part of MNIST, "train" or "t10k"."""
    images = read_idx(os.path.join(folder, f"{part}-images-idx3-ubyte"))
    labels = read_idx(os.path.join(folder, f"{part}-labels-idx1-ubyte"))
    return Dataset(images.reshape(len(images), -1), labels.astype(int))


def main(folder: str) -> None:
    """Train as the page did: print the first hundred losses, one an epoch, and the accuracy on the test images."""
    images, validation, test_images = train_validation_test(
        read_mnist(folder, "train"), read_mnist(folder, "t10k"), DATA_SIZE, SEED, VALIDATION_SHARE, EXTRA_TEST
    )
    model = MLP(SIZES, ACTIVATION, INITIALIZER, np.random.default_rng(SEED))
    training = Training(model, images, TrainConfig(**CONFIG), validation or test_images)
    for progress in training.run():
        if progress is None:  # between the parts of a long step
            continue
        if progress.step <= 100 or progress.epoch_end:
            print(f"epoch {progress.epoch + 1}  step {progress.step}  loss {progress.loss:.6f}")
        if progress.step in CHANGES:  # what was changed after this step
            training.config = TrainConfig(**CONFIG | CHANGES[progress.step])
    print(f"test accuracy {100 * evaluate(training.result, test_images).accuracy:.2f} %")
'''
