"""IDX files, as MNIST has them: a magic number that tells type and dimensions, their sizes, the bytes.

The file may come from anywhere, so what its header promises is checked against what is really there before room
is made for it.
"""

import zlib
from collections.abc import Buffer
from math import prod
from typing import IO

import numpy as np

from digitnet.data.limits import MAX_IMAGES
from digitnet.dataset import PIXELS, SIDE, Dataset

MAX_IDX_BYTES = 16 + MAX_IMAGES * PIXELS
BLOCK = 1 << 16  # packed bytes read at once


class _View:
    """Bytes in memory, read without a copy."""

    def __init__(self, raw: Buffer) -> None:
        self._rest = memoryview(raw).cast("B")

    def read(self, n: int) -> memoryview:
        part, self._rest = self._rest[:n], self._rest[n:]
        return part


def load_idx(raw: Buffer) -> np.ndarray:
    """Return the array in an IDX file, gzipped or not: (n,) labels or (n, height, width) images, uint8.

    The format is described on the MNIST page of LeCun, Cortes and Burges. ValueError if the file is anything
    else, cut short or longer than its header says. The array is read-only; of a file that is not gzipped it is a view
    of `raw`.
    """
    return read_idx(_View(raw))


def read_idx(file: IO[bytes] | _View) -> np.ndarray:
    """Return the array in an open IDX file, see `load_idx`; no more of it is read than its header announces."""
    start = bytes(file.read(2))
    if not start:
        raise ValueError("The file is empty.")
    if is_gzip(start):
        stream: IO[bytes] | _View | _Gunzip = _Gunzip(start, file)
        start = bytes(stream.read(2))
    else:
        stream = file
    shape, length = _read_header(start + stream.read(2), stream)
    items = stream.read(prod(shape))
    found, size = length + len(items), length + prod(shape)
    if found < size:
        raise ValueError(f"The IDX file is cut short: it has {found:,} of {size:,} bytes.")
    if stream.read(1):
        raise ValueError(f"The IDX file goes on after its last item: its header asks for {size:,} bytes.")
    array = np.frombuffer(items, np.uint8).reshape(shape)
    array.flags.writeable = False
    return array


def is_gzip(start: bytes) -> bool:
    """Tell whether a file that starts so is gzipped."""
    return bytes(start[:2]) == b"\x1f\x8b"


def is_idx(start: bytes) -> bool:
    """Tell whether a file that starts so is meant for `load_idx`; otherwise it may be a CSV."""
    return is_gzip(start) or bytes(start[:2]) == b"\0\0"


def _read_header(head: bytes, stream: "IO[bytes] | _View | _Gunzip") -> tuple[tuple[int, ...], int]:
    """Return the shape that an IDX header announces and its length; `head` has its first 4 bytes, `stream` the rest."""
    if not b"\0\0".startswith(head[:2]):
        if isinstance(stream, _Gunzip):
            raise ValueError("The gzipped file holds no IDX file: if it is a CSV file, unpack it first.")
        raise ValueError(f"This is not an IDX file: it starts with the bytes {head.hex(' ')}.")
    if len(head) < 4:
        raise ValueError(f"The IDX file is cut short after {len(head)} bytes of its header.")
    kind, ndim = head[2], head[3]
    if kind != 8:
        raise ValueError(f"Byte 3 of the IDX file is {kind}, but only 8 (unsigned bytes) can be read.")
    if ndim not in (1, 3):
        raise ValueError(f"Byte 4 of the IDX file is {ndim}: neither 1 (labels) nor 3 (images).")
    length = 4 + 4 * ndim
    head += stream.read(length - 4)
    if len(head) < length:
        raise ValueError(f"The IDX file is cut short after {len(head)} of {length} bytes of its header.")
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, length, 4))
    if not prod(shape):
        raise ValueError(f"The IDX file holds nothing: its header says {' x '.join(map(str, shape))}.")
    if length + prod(shape) > MAX_IDX_BYTES:
        raise ValueError(f"The IDX header asks for {prod(shape):,} bytes; at most {MAX_IDX_BYTES:,} are read.")
    return shape, length


class _Gunzip:
    """The content of a gzipped file (RFC 1952), unpacked only as far as it is asked for."""

    def __init__(self, start: bytes, file: IO[bytes] | _View) -> None:
        self._file = file
        self._packed: bytes | memoryview = start
        self._stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)

    def read(self, n: int) -> bytearray:
        """Return the next `n` bytes, fewer at the end; ValueError for a file that is damaged or has no proper end."""
        content = bytearray()
        while len(content) < n and not self._stream.eof:
            self._packed = self._packed or self._file.read(BLOCK)
            if not self._packed:
                raise ValueError("The gzipped file is cut short.")
            try:
                content += self._stream.decompress(self._packed, n - len(content))
            except zlib.error as error:
                raise ValueError(f"The gzipped file is damaged: {error}.") from None
            self._packed = self._stream.unconsumed_tail
        if self._stream.eof and (self._stream.unused_data or self._file.read(1)):
            raise ValueError("The gzipped file goes on after its end.")
        return content


def idx_dataset(images: np.ndarray, labels: np.ndarray | None = None) -> Dataset:
    """Return the dataset of arrays from `load_idx`: images (n, 28, 28), and labels (n,) or None."""
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(f"The images must be (n, {SIDE}, {SIDE}); this IDX file has {images.shape}.")
    if labels is not None and labels.ndim != 1:
        raise ValueError(f"The labels must be one number an image; this IDX file has {labels.shape}.")
    return Dataset(images.reshape(-1, PIXELS), labels)
