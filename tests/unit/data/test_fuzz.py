"""Whatever a reader is given, it answers with a ValueError or a result, in bounded memory and time."""

import gzip
import io
import time
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import random_digits, to_csv, to_idx

from digitnet.data.csv import load_csv
from digitnet.data.drawing import preprocess_digit
from digitnet.data.idx import load_idx
from digitnet.data.photo import ink_from_photo
from digitnet.network import MLP
from digitnet.storage import load, save

pytestmark = pytest.mark.slow  # thousands of examples

MOST_BYTES = 30_000_000  # what the largest of these small files may take
MOST_SECONDS = 5


def network():
    file = io.BytesIO()
    save(MLP((784, 3, 10), rng=0), file)
    return file.getvalue()


IMAGES = to_idx(np.arange(2 * 784, dtype=np.uint8).reshape(2, 28, 28))
READERS = {
    "csv": (load_csv, to_csv(random_digits(3))),
    "idx": (load_idx, IMAGES),
    "gzip": (load_idx, gzip.compress(IMAGES)),
    "npz": (lambda raw: load(io.BytesIO(raw)), network()),
}
EDITS = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 40), st.binary(max_size=40)), max_size=6)


def answers(call):
    tracemalloc.start()
    begun = time.process_time()
    try:
        with suppress(ValueError):
            call()
    finally:
        seconds, peak = time.process_time() - begun, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MOST_BYTES
    assert seconds < MOST_SECONDS


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=1500)
@given(edits=EDITS, cut=st.integers(0, 1 << 20))
def test_a_damaged_file(name, edits, cut):
    read, good = READERS[name]
    raw = bytearray(good)
    for at, length, new in edits:
        at %= len(raw) + 1
        raw[at : at + length] = new
    answers(lambda: read(bytes(raw[: cut % (len(raw) + 1)] if cut % 2 else raw)))


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=500)
@given(raw=st.binary(max_size=2000))
def test_any_bytes(name, raw):
    answers(lambda: READERS[name][0](raw))


@settings(max_examples=1000)
@given(
    st.tuples(st.integers(0, 80), st.integers(0, 80)),
    st.sampled_from([np.uint8, np.float32, np.float64]),
    st.integers(0, 1 << 30),
    st.sampled_from([0.0, 1.0, 255.0, -1.0, np.nan, np.inf, 1e30, 1e-30]),
)
def test_any_drawing(shape, dtype, seed, special):
    ink = np.random.default_rng(seed).integers(0, 256, shape).astype(dtype)
    with np.errstate(invalid="ignore"):
        ink[: shape[0] // 2] = np.float64(special).astype(dtype)
    answers(lambda: preprocess_digit(ink))
    answers(lambda: ink_from_photo(ink))
