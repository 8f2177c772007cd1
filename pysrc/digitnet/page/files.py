"""The visitor's own images, and the names of their classes."""

from collections.abc import Buffer, Callable

from digitnet.data.files import submission_csv
from digitnet.dataset import Dataset
from digitnet.evaluation import predicting
from digitnet.network import MLP
from digitnet.page import budget, messages
from digitnet.page.run import Run
from digitnet.page.signs import alive
from digitnet.page.uploads import Upload, Uploaded, set_aside
from digitnet.settings import N_CLASSES, OWN_DATA, Settings

MAX_NAME = 20  # characters of a class's name


class FileMethods:
    """The part of a Session that deals with the visitor's files."""

    model: MLP
    run: Run

    @property
    def settings(self) -> Settings:
        """The settings that the run obeys."""
        return self.run.settings

    _class_names: dict[bool, list[str]]
    _mnist: dict[str, Dataset]
    _upload: Upload
    _own: Uploaded | None
    _begin: Callable[[Settings], None]
    _configured: Callable[[bool, str], messages.Configured]

    def open_file(self, name: str, is_first: bool = True, size: int = 0) -> None:
        """Begin one of the visitor's files, of `size` bytes; the first of several forgets what was fed before."""
        if is_first:
            self._upload = Upload(N_CLASSES, budget.room(self.settings.sizes, self._n_images()))
        self._upload.open(name, size)

    def feed(self, chunk: Buffer) -> int:
        """Take the next piece of the file; return the rows read so far (CSV)."""
        return self._upload.feed(bytes(chunk))

    def close_file(self) -> None:
        """End the file."""
        self._upload.close()

    def cancel_files(self) -> None:
        """Forget what was fed."""
        self._upload = Upload(N_CLASSES)

    def use_files(self) -> messages.Configured:
        """Put the files to use: labelled images start a new network, images without labels wait for `submission`."""
        upload, self._upload = self._upload, Upload(N_CLASSES)
        found, previous = upload.datasets(), self._own
        if found.train is None and found.test is not None:
            raise ValueError("These are test images only: choose the training images with them.")
        if found.train is None and found.unlabelled is None:
            raise ValueError("The files hold no images.")
        kept = previous or Uploaded(None, None, None)
        notice, is_new = "", found.train is not None
        if found.train is None:
            self._own = kept._replace(unlabelled=found.unlabelled)
        else:
            train, test = (found.train, found.test) if found.test else _with_test(found.train)
            self._own = Uploaded(train, test, found.unlabelled or kept.unlabelled)
            try:
                self._begin(self.settings.changed({"data_size": OWN_DATA}))
            except ValueError:
                self._own = previous
                raise
            notice = f"{len(train):,} images of your own to train on, {len(test):,} to test."
        if found.unlabelled is not None:
            notice += f" {len(found.unlabelled):,} images without labels, ready to be read."
        return self._configured(is_new, notice.strip())

    def submission(self) -> bytes:
        """Return submission.csv (ImageId,Label): what the network reads in the images without labels."""
        if self._own is None or self._own.unlabelled is None:
            raise ValueError("Load a test.csv first: images without labels.")
        return submission_csv(alive(predicting(self.model, self._own.unlabelled)))

    def set_class_names(self, names: list[str]) -> list[str]:
        """Name the ten classes of the images that are trained on; return the names as they are used."""
        cleaned = cleaned_class_names(names)
        if cleaned is None:
            raise ValueError(f"Give {N_CLASSES} names of 1 to {MAX_NAME} characters, with commas between.")
        self._class_names[self.settings.data_size == OWN_DATA] = cleaned
        return cleaned

    def _own_images(self) -> tuple[Dataset, Dataset]:
        """Return the visitor's images to train on and to test on; ValueError where there are none."""
        if self._own is None or self._own.train is None or self._own.test is None:
            raise ValueError("There are no images of your own here yet: load a file first.")
        return self._own.train, self._own.test

    def _own_data(self) -> messages.OwnCounts:
        """Return how many of the visitor's images are trained on, tested on, and wait for a submission."""
        own = self._own or Uploaded(None, None, None)
        return {name: len(data) if data else 0 for name, data in own._asdict().items()}  # type: ignore[return-value]

    def _n_images(self) -> int:
        """Return how many images are here, MNIST's and the visitor's own."""
        own = [data for data in self._own or () if data]
        return sum(map(len, [*self._mnist.values(), *own]))


def _with_test(train: Dataset) -> tuple[Dataset, Dataset]:
    """Return images to train on and a sixth of them to test on, which is MNIST's share."""
    if len(train) < 2:
        raise ValueError("One image is too few: it takes one to train on and another to test on.")
    return set_aside(train, max(1, len(train) // 6))


def cleaned_class_names(names: object) -> list[str] | None:
    """Return ten names stripped, of 1 to MAX_NAME printable characters each; None for anything else."""
    if not isinstance(names, list) or len(names) != N_CLASSES or not all(isinstance(name, str) for name in names):
        return None
    cleaned = ["".join(letter for letter in name if letter.isprintable()).strip() for name in names]
    return cleaned if all(1 <= len(name) <= MAX_NAME for name in cleaned) else None
