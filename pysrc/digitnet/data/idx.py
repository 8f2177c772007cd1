"""IDX files, as MNIST has them: a magic number that tells type and dimensions, their sizes, the bytes.

The file may come from anywhere, so what its header promises is checked against what is really there before room
is made for it.
"""

import zlib
from math import prod

import numpy as np

from digitnet.data.limits import MAX_IMAGES
from digitnet.dataset import PIXELS, SIDE, Dataset

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
