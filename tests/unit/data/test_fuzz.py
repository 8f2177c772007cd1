"""Whatever a reader is given, it answers with a ValueError or a result, in bounded memory and time."""

import importlib.util
import os
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import READERS

from digitnet.data.drawing import preprocess_digit
from digitnet.data.photo import ink_from_photo

pytestmark = pytest.mark.slow  # thousands of examples

MOST_BYTES = 30_000_000  # what the largest of these small files may take
MOST_SECONDS = 5


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


TESTS = Path(__file__).parents[2]
FUZZ_SECONDS = os.environ.get("FUZZ_SECONDS", "20")


@pytest.mark.parametrize("name", READERS)
def test_whatever_gets_a_reader_further(name, tmp_path):
    """Files made by coverage: FUZZ_SECONDS chooses for how long."""
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("The fuzzer is missing: pip install atheris (Linux, where there is a wheel for this Python).")
    command = [sys.executable, TESTS / "fuzz_readers.py", name, FUZZ_SECONDS, tmp_path]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = {file.name: file.read_bytes() for file in tmp_path.glob("*-*")}
    assert run.returncode == 0, f"{run.stdout}{run.stderr[-3000:]}\n{found}"
