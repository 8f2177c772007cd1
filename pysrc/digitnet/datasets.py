"""Handwritten digits as arrays: the IDX files of MNIST, Kaggle's CSV files, and how to divide them.

The readers take bytes that may come from anywhere, so they check what a header promises against what is
really there before they make room for it, and say in one sentence what is wrong and where.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

SIDE = 28
PIXELS = SIDE * SIDE
MAX_IMAGES = 250_000  # 196 MB: what a browser's tab can hold beside everything else


@dataclass(frozen=True, eq=False, slots=True)
class Dataset:
    """Images, and what they show where that is known.

    images: (n, 784) uint8, row by row, 0 = paper, 255 = ink. labels: (n,) integers from 0, or None.
    """

    images: np.ndarray
    labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless shapes, types and lengths fit; make the labels intp."""
        images = self.images
        if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.shape[1:] != (PIXELS,):
            found = f"{images.dtype} {images.shape}" if isinstance(images, np.ndarray) else type(images).__name__
            raise ValueError(f"Images are a uint8 array of shape (n, {PIXELS}), not {found}.")
        if self.labels is None:
            return
        labels = np.asarray(self.labels)
        if labels.shape != (len(images),):
            raise ValueError(f"There are {len(images):,} images but labels of shape {labels.shape}.")
        if labels.size and (labels.dtype.kind not in "iu" or labels.min() < 0):
            raise ValueError("Labels are integers from 0 on.")
        object.__setattr__(self, "labels", labels.astype(np.intp))

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.images)

    def take(self, rows: slice | ArrayLike) -> "Dataset":
        """Return the chosen rows (a slice, indices or a mask) as a dataset; a slice copies nothing."""
        chosen = rows if isinstance(rows, slice) else np.asarray(rows)
        return Dataset(self.images[chosen], None if self.labels is None else self.labels[chosen])


def split(dataset: Dataset, *sizes: int, seed: int | np.random.Generator = 0) -> tuple[Dataset, ...]:
    """Return shuffled, disjoint parts with `sizes` images each, such as train, validation and test."""
    if min(sizes, default=0) < 0 or sum(sizes) > len(dataset):
        raise ValueError(f"Parts of {sizes} images cannot be made from {len(dataset):,} images.")
    order = np.random.default_rng(seed).permutation(len(dataset))
    bounds = pairwise(np.cumsum((0, *sizes)))
    return tuple(dataset.take(order[a:b]) for a, b in bounds)


def draw(dataset: Dataset, n: int, seed: int | np.random.Generator = 0) -> Dataset:
    """Return `n` different images drawn at random, in the order in which the dataset has them."""
    if not 0 <= n <= len(dataset):
        raise ValueError(f"{n:,} images cannot be drawn from {len(dataset):,}.")
    return dataset.take(np.sort(np.random.default_rng(seed).permutation(len(dataset))[:n]))


FIRST = 10_000  # of MNIST's training images: what the page loads before it is asked for more


def arrange(
    train: Dataset, test: Dataset, n: int, seed: int, validation_share: float = 0.0, extra_test: int = 0
) -> tuple[Dataset, Dataset | None, Dataset]:
    """Return training, validation (or None) and test images for a run that may use `n` images of `train`.

    Fewer than 10,000 are drawn by the seed from the first 10,000, so that the page and the command line draw
    the same ones; otherwise they are the first `n`. Validation images are the last of the `n`; `extra_test`
    images that were not drawn join the test images, as far as there are any.
    """
    pool = train.take(slice(0, FIRST)) if n <= FIRST else train
    if n > len(pool):
        raise ValueError(f"There are only {len(pool):,} training images here, not {n:,}.")
    if n < FIRST:
        pool = pool.take(np.random.default_rng([seed, 2]).permutation(len(pool)))
    unused = pool.take(slice(n, n + extra_test))
    if len(unused):
        test = concatenate(test, unused)
    n_train = n - int(n * validation_share)
    validation = pool.take(slice(n_train, n)) if n_train < n else None
    return pool.take(slice(0, n_train)), validation, test


def concatenate(first: Dataset, second: Dataset) -> Dataset:
    """Return the images of two labelled datasets, one after the other."""
    if first.labels is None or second.labels is None:
        raise ValueError("Both datasets need labels to be joined.")
    return Dataset(np.concatenate((first.images, second.images)), np.concatenate((first.labels, second.labels)))


# ---- IDX: a magic number that tells type and dimensions, their sizes, the bytes ----

IDX_NAMES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}
MAX_IDX_BYTES = 16 + MAX_IMAGES * PIXELS


def load_idx(raw: bytes) -> np.ndarray:
    """Return the array in an IDX file, gzipped or not: (n,) labels or (n, height, width) images, uint8.

    The format is described on the MNIST page of LeCun, Cortes and Burges. ValueError if the file is anything
    else, cut short or longer than its header says. The array is read-only.
    """
    raw = bytes(raw)
    if not raw:
        raise ValueError("The file is empty.")
    body = _gunzip_idx(raw) if is_gzip(raw) else raw
    shape, start = _idx_header(body[:16])
    size = start + prod(shape)
    if len(body) < size:
        raise ValueError(f"The IDX file is cut short: it has {len(body):,} of {size:,} bytes.")
    if len(body) > size:
        raise ValueError(f"The IDX file goes on after its last item: it has {len(body):,} bytes, not {size:,}.")
    return np.frombuffer(body, np.uint8, offset=start).reshape(shape)


def is_gzip(start: bytes) -> bool:
    """Tell whether a file that starts so is gzipped."""
    return bytes(start[:2]) == b"\x1f\x8b"


def is_idx(start: bytes) -> bool:
    """Tell whether a file that starts so is meant for `load_idx`; otherwise it may be a CSV."""
    return is_gzip(start) or bytes(start[:2]) == b"\0\0"


def _idx_header(head: bytes) -> tuple[tuple[int, ...], int]:
    """Return the shape that an IDX header announces and the length of the header."""
    if not b"\0\0".startswith(head[:2]):
        raise ValueError(f"This is not an IDX file: it starts with the bytes {head[:4].hex(' ')}.")
    if len(head) < 4:
        raise ValueError(f"The IDX file is cut short after {len(head)} bytes of its header.")
    kind, ndim = head[2], head[3]
    if kind != 8:
        raise ValueError(f"Byte 3 of the IDX file is {kind}, but only 8 (unsigned bytes) can be read.")
    if ndim not in (1, 3):
        raise ValueError(f"Byte 4 of the IDX file is {ndim}: neither 1 (labels) nor 3 (images).")
    start = 4 + 4 * ndim
    if len(head) < start:
        raise ValueError(f"The IDX file is cut short after {len(head)} of {start} bytes of its header.")
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, start, 4))
    if not prod(shape):
        raise ValueError(f"The IDX file holds nothing: its header says {' x '.join(map(str, shape))}.")
    if start + prod(shape) > MAX_IDX_BYTES:
        raise ValueError(f"The IDX header asks for {prod(shape):,} bytes; at most {MAX_IDX_BYTES:,} are read.")
    return shape, start


def _gunzip_idx(raw: bytes) -> bytes:
    """Return the content of a gzipped IDX file, never more than one byte beyond what its header announces."""
    stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        head = stream.decompress(raw, 16)
        shape, start = _idx_header(head)
        size = start + prod(shape)
        body = head + stream.decompress(stream.unconsumed_tail, max(size - len(head), 0) + 1)
    except zlib.error as error:
        raise ValueError(f"The gzipped file is damaged: {error}.") from None
    if len(body) <= size and not stream.eof:
        raise ValueError(f"The gzipped file is cut short after {len(raw):,} bytes.")
    if stream.unused_data:
        raise ValueError(f"The gzipped file goes on for {len(stream.unused_data):,} bytes after its end.")
    return body


def idx_dataset(images: np.ndarray, labels: np.ndarray | None = None) -> Dataset:
    """Return the dataset of arrays from `load_idx`: images (n, 28, 28), and labels (n,) or None."""
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"The images must be (n, {SIDE}, {SIDE}); this IDX file has {images.shape}.")
    if labels is not None and labels.ndim != 1:
        raise ValueError(f"The labels must be one number an image; this IDX file has {labels.shape}.")
    return Dataset(images.reshape(-1, PIXELS), labels)


def load_mnist(folder: str | Path) -> tuple[Dataset, Dataset]:
    """Return the training and the test set from a folder with the four files of MNIST (or Fashion-MNIST).

    Each may be gzipped or not, and be called train-images-idx3-ubyte or train-images.idx3-ubyte.
    """
    train, test = (
        idx_dataset(*(load_idx(_find(Path(folder), name).read_bytes()) for name in names))
        for names in IDX_NAMES.values()
    )
    return train, test


def _find(folder: Path, name: str) -> Path:
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    raise FileNotFoundError(f"There is no {name} (or {name}.gz) in {folder}.")


# ---- CSV: Kaggle's train.csv and test.csv, and rows of label,pixels without a header ----

BLOCK = 1 << 18  # bytes parsed at once: little memory, and NumPy's temporaries stay in the processor's cache

LABEL_NAMES = {"label", "class", "digit", "target", "y"}


def load_csv(raw: bytes) -> Dataset:
    """Return the dataset in a CSV file; see `CsvReader` for what is accepted."""
    reader = CsvReader()
    reader.feed(raw)
    return reader.finish()


class CsvReader:
    """Reads a CSV file of digits that arrives in pieces of any size.

    A row is one image: 784 pixels from 0 to 255, with the label before them (785 columns) or without any
    (784). A first row in which every field is different is the header, for no row of pixels can be so. Quotes
    and spaces around a number, empty lines, CRLF and a byte order mark do no harm. Anything else raises
    ValueError with the row, counted from 1 as an editor counts lines, and the column.
    """

    def __init__(self, n_classes: int = 10, max_rows: int = MAX_IMAGES) -> None:
        """Expect labels from 0 to n_classes - 1 (at most 255) and no more than `max_rows` images."""
        self.n_classes, self.max_rows = n_classes, max_rows
        self.rows = 0  # images so far
        self._line = 0  # lines so far
        self._columns = 0  # 785, 784, or 0 before the first row
        self._pending = bytearray()
        self._images: list[np.ndarray] = []
        self._labels: list[np.ndarray] = []

    def feed(self, chunk: bytes | bytearray | memoryview) -> None:
        """Take the next bytes of the file; they may end in the middle of a number."""
        view = memoryview(chunk).cast("B")
        for start in range(0, len(view), BLOCK):
            self._pending += view[start : start + BLOCK]
            if len(self._pending) >= BLOCK:
                self._parse(self._pending.rfind(b"\n") + 1)

    def finish(self) -> Dataset:
        """Return the dataset once everything has been fed."""
        if self._pending:
            self._pending += b"\n"
            self._parse(len(self._pending))
        if not self.rows:
            raise ValueError("The file has a header but no rows." if self._columns else "The file is empty.")
        images = np.concatenate(self._images)
        return Dataset(images, np.concatenate(self._labels) if self._columns > PIXELS else None)

    def _parse(self, end: int) -> None:
        """Read the pending lines, `end` bytes; what follows waits for the rest of its line."""
        if not end:
            raise ValueError(f"Row {self._line + 1} is longer than {BLOCK:,} bytes: this is no CSV file of digits.")
        block = self._pending[:end].replace(b"\r\n", b"\n")
        del self._pending[:end]
        if not self._columns:
            block = self._first_row(block)
        if not block:
            return
        table = self._fast_table(block)
        if table is None:
            table = self._slow_table(block)
        else:
            self._line += len(table)
        self.rows += len(table)
        if self.rows > self.max_rows:
            raise ValueError(f"The file has more than {self.max_rows:,} rows, the most that is read.")
        self._images.append(table[:, -PIXELS:].astype(np.uint8))
        self._labels.append(table[:, 0].astype(np.intp))

    def _first_row(self, block: bytearray) -> bytearray:
        """Learn the number of columns from the first row and return the block without a header."""
        block = block.removeprefix(b"\xef\xbb\xbf")
        while block and not self._columns:
            line, _, rest = block.partition(b"\n")
            fields = _fields(line)
            if fields == [""]:
                self._line += 1
                block = rest
                continue
            if len(fields) not in (PIXELS, PIXELS + 1):
                raise ValueError(
                    f"Row {self._line + 1} has {len(fields):,} columns; a digit has {PIXELS + 1} "
                    f"(the label and {PIXELS} pixels) or {PIXELS} (the pixels only)."
                )
            self._columns = len(fields)
            if len(set(fields)) == len(fields):
                self._line += 1
                self._check_header([field.lower() for field in fields])
                block = rest
        return block

    def _check_header(self, names: list[str]) -> None:
        """Raise ValueError where the names show that a label would be taken for a pixel or the reverse."""
        found = next((at for at, name in enumerate(names, 1) if name in LABEL_NAMES), None)
        if self._columns == PIXELS and found:
            raise ValueError(f"Row {self._line} has a label and only {PIXELS - 1} pixels; there must be {PIXELS}.")
        if self._columns > PIXELS and (names[0].startswith("pixel") or found not in (None, 1)):
            raise ValueError(f"Row {self._line} starts with {names[0]!r}, but the label must be the first column.")

    def _fast_table(self, block: bytearray) -> np.ndarray | None:
        """Return the numbers as (rows, columns), or None if the slow way must look at anything."""
        text = np.frombuffer(block, np.uint8)
        digits = text - np.uint8(ord("0"))  # what is no digit wraps around or is more than 9
        ends = np.flatnonzero(digits > 9)  # the separator behind every number
        if ends.size % self._columns:
            return None
        separators = text[ends].reshape(-1, self._columns)
        if np.any(separators[:, :-1] != ord(",")) or np.any(separators[:, -1] != ord("\n")):
            return None
        lengths = np.diff(ends, prepend=-1) - 1
        if not lengths.size or lengths.min() < 1 or lengths.max() > 3:
            return None
        numbers = digits[ends - 1].astype(np.uint16)
        tens = np.flatnonzero(lengths > 1)
        numbers[tens] += np.uint16(10) * digits[ends[tens] - 2]
        hundreds = tens[lengths[tens] > 2]
        numbers[hundreds] += np.uint16(100) * digits[ends[hundreds] - 3]
        table = numbers.reshape(-1, self._columns)
        if numbers.max() > 255 or (self._columns > PIXELS and table[:, 0].max() >= self.n_classes):
            return None
        return table

    def _slow_table(self, block: bytearray) -> np.ndarray:
        """Return the same field by field, or raise ValueError naming the first field that is wrong."""
        rows = []
        for line in block.removesuffix(b"\n").split(b"\n"):
            self._line += 1
            fields = _fields(line)
            if fields == [""]:
                continue
            if len(fields) != self._columns:
                raise ValueError(
                    f"Row {self._line} has {len(fields):,} columns, but the first row has {self._columns}."
                )
            rows.append([self._number(fields, column) for column in range(self._columns)])
        return np.array(rows, np.uint8).reshape(-1, self._columns)

    def _number(self, fields: Sequence[str], column: int) -> int:
        """Return the number in a field of the current line."""
        field = fields[column]
        is_label = self._columns > PIXELS and column == 0
        limit = self.n_classes - 1 if is_label else 255
        if field.isascii() and field.isdigit() and len(field) < 9 and int(field) <= limit:
            return int(field)
        name = "the label" if is_label else f"pixel {column - (self._columns - PIXELS)}"
        found = f"is {field[:20]!r}" if field else "is missing"
        raise ValueError(
            f"Row {self._line}, column {column + 1}: {name} {found}, not a whole number from 0 to {limit}."
        )


def _fields(line: bytearray) -> list[str]:
    """Return the fields of a line without the spaces and quotes around them."""
    return [field.strip().strip('"') for field in line.decode("latin-1").split(",")]


# ---- Files as a command line has them ----


def load_file(path: str | Path) -> Dataset:
    """Return the images of an IDX or CSV file, the latter with its labels where it has them."""
    with open(path, "rb") as file:
        start = file.read(4)
        file.seek(0)
        if is_idx(start):
            return idx_dataset(load_idx(file.read(MAX_IDX_BYTES + 1)))
        reader = CsvReader()
        while chunk := file.read(BLOCK):
            reader.feed(chunk)
    return reader.finish()


def submission_csv(predicted: ArrayLike) -> bytes:
    """Return the predictions as Kaggle's digit recognizer wants them: ImageId from 1 on, and Label."""
    rows = (f"{number},{digit}\n" for number, digit in enumerate(np.asarray(predicted).tolist(), 1))
    return ("ImageId,Label\n" + "".join(rows)).encode()
