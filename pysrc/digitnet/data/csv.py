"""CSV files of digits: Kaggle's train.csv and test.csv, and rows of label,pixels without a header."""

from collections.abc import Buffer, Sequence

import numpy as np

from digitnet.data.formats import refuse_other_formats
from digitnet.data.limits import MAX_IMAGES
from digitnet.dataset import PIXELS, Dataset

BLOCK = 1 << 18  # bytes parsed at once: little memory, and NumPy's temporaries stay in the processor's cache

LABEL_NAMES = {"label", "class", "digit", "target", "y"}
PADDING = b' \t\r"'  # what may stand around a number
IS_PADDING = np.isin(np.arange(256), list(PADDING))


def load_csv(raw: bytes) -> Dataset:
    """Return the dataset in a CSV file; see `CsvReader` for what is accepted."""
    reader = CsvReader(size=len(raw))
    reader.feed(raw)
    return reader.finish()


class CsvReader:
    """Reads a CSV file of digits that arrives in pieces of any size.

    A row is one image: 784 pixels from 0 to 255, with the label before them (785 columns) or without any
    (784). A first row in which every field is different is the header, for no row of pixels can be so. Quotes
    and spaces around a number, empty lines, CRLF and a byte order mark do no harm. Anything else raises
    ValueError with the row, counted from 1 as an editor counts lines, and the column.
    """

    def __init__(self, n_classes: int = 10, max_rows: int = MAX_IMAGES, size: int = 0) -> None:
        """Expect labels from 0 to n_classes - 1 (at most 255), no more than `max_rows` images, a file of `size` bytes.

        The size, where it is known, spares making room again and again.
        """
        self.n_classes, self.max_rows, self.size = n_classes, max_rows, size
        self.rows = 0  # images so far
        self._line = 0  # lines so far
        self._columns = 0  # 785, 784, or 0 before the first row
        self._pending = bytearray()
        self._images = np.empty((0, PIXELS), np.uint8)  # with room for more than have been read
        self._labels = np.empty(0, np.uint8)

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
        self._make_room(self.rows)
        return Dataset(self._images, self._labels if self._columns > PIXELS else None)

    def _parse(self, end: int) -> None:
        """Read the pending lines, `end` bytes; what follows waits for the rest of its line."""
        if not self._line:
            refuse_other_formats(bytes(self._pending[:64]))
        if not end:
            raise ValueError(f"Row {self._line + 1} is longer than {BLOCK:,} bytes: this is no CSV file of digits.")
        block = self._pending[:end].replace(b"\r\n", b"\n")
        del self._pending[:end]
        if not self._columns:
            block = self._first_row(block)
        if not block:
            return
        table = self._fast_table(block)
        if table is None and (text := _without_padding(block)) is not None:
            table = self._fast_table(text)
        if table is None:
            table = self._slow_table(block)
        else:
            self._line += block.count(b"\n")
        self._keep(table, len(block))

    def _keep(self, table: np.ndarray, n_bytes: int) -> None:
        """Add the rows of a table that so many bytes of the file have become."""
        start, self.rows = self.rows, self.rows + len(table)
        if self.rows > self.max_rows:
            beside = "" if self.max_rows == MAX_IMAGES else " beside what is here already"
            raise ValueError(f"The file has more than {self.max_rows:,} rows, the most that is read{beside}.")
        if self.rows > len(self._images):
            expected = int(1.1 * len(table) * self.size / n_bytes)  # if the other rows are about as long
            self._make_room(min(max(self.rows, expected, 5 * len(self._images) // 4), self.max_rows))
        self._images[start : self.rows] = table[:, -PIXELS:]
        self._labels[start : self.rows] = table[:, 0]

    def _make_room(self, rows: int) -> None:
        """Let there be room for so many rows, in place where the system can do that."""
        self._images.resize((rows, PIXELS), refcheck=False)
        self._labels.resize(rows, refcheck=False)

    def _first_row(self, block: bytearray) -> bytearray:
        """Learn the number of columns from the first row and return the block without a header."""
        block = block.removeprefix(b"\xef\xbb\xbf")
        text = block.lstrip(PADDING + b"\n")
        start = block.rfind(b"\n", 0, len(block) - len(text)) + 1  # of the first line that is not empty
        self._line += block.count(b"\n", 0, start)
        line, _, rest = block[start:].partition(b"\n")
        if not line:
            return rest
        fields = _fields(line)
        if len(fields) not in (PIXELS, PIXELS + 1):
            raise ValueError(self._wrong_width(line))
        self._columns = len(fields)
        if len(set(fields)) < len(fields):
            return block[start:]
        self._line += 1
        self._check_header([field.lower() for field in fields])
        return rest

    def _wrong_width(self, line: bytearray) -> str:
        """Return what to say of a first row that does not have the columns of a digit."""
        row, commas = f"Row {self._line + 1}", line.count(b",")
        for separator, name in ((b";", "semicolons"), (b"\t", "tabs"), (b" ", "spaces")):
            if line.count(separator) > max(commas, 20):
                return f"{row} has {name} between its columns: save the file with commas instead."
        return (
            f"{row} has {commas + 1:,} column{'s' if commas else ''}; a digit has {PIXELS + 1} "
            f"(the label and {PIXELS} pixels) or {PIXELS} (the pixels only), with commas between them."
        )

    def _check_header(self, names: list[str]) -> None:
        """Raise ValueError where the names show that a label would be taken for a pixel or the reverse."""
        found = next((at for at, name in enumerate(names, 1) if name in LABEL_NAMES), None)
        if self._columns == PIXELS and found:
            raise ValueError(f"Row {self._line} has a label and only {PIXELS - 1} pixels; there must be {PIXELS}.")
        if self._columns > PIXELS and (names[0].startswith("pixel") or found not in (None, 1)):
            raise ValueError(f"Row {self._line} starts with {names[0]!r}, but the label must be the first column.")

    def _fast_table(self, block: Buffer) -> np.ndarray | None:
        """Return the numbers as (rows, columns), or None if there is anything but numbers and single separators."""
        text = np.frombuffer(block, np.uint8)
        digits = text - np.uint8(ord("0"))  # what is no digit wraps around or is more than 9
        ends = np.flatnonzero(digits > 9)  # the separator behind every number
        if not text.size:
            return np.empty((0, self._columns), np.uint16)  # all lines were empty
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


def _without_padding(block: bytearray) -> np.ndarray | None:
    """Return the bytes of a block without its padding and its empty lines; None for padding inside a number."""
    text = np.frombuffer(block, np.uint8)
    kept = np.flatnonzero(~IS_PADDING[text])
    text = text[kept]
    is_end = text == ord("\n")
    is_separator = is_end | (text == ord(","))
    if np.any((np.diff(kept) > 1) & ~is_separator[:-1] & ~is_separator[1:]):
        return None
    return text[~(is_end & np.append(True, is_end[:-1]))]


def _fields(line: bytearray) -> list[str]:
    """Return the fields of a line without the padding around them."""
    return [field.strip(PADDING.decode()) for field in line.decode("latin-1").split(",")]
