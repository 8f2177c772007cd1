import gzip
import io
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from writers import to_idx

from digitnet.data.idx import idx_dataset, is_idx, load_idx, read_idx


@given(
    st.one_of(st.tuples(st.integers(1, 50)), st.tuples(*[st.integers(1, 9)] * 3)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_idx_round_trip(shape, zipped, random):
    array = np.frombuffer(random.randbytes(int(np.prod(shape))), np.uint8).reshape(shape)
    raw = to_idx(array)
    assert is_idx(raw)
    got = load_idx(gzip.compress(raw) if zipped else raw)
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, array)


IDX = to_idx(np.arange(40, dtype=np.uint8))
ZIPPED = gzip.compress(IDX)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b"PK\3\4 is no IDX", "50 4b 03 04"),
        (b"\0\0\x08", "cut short after 3 bytes of its header"),
        (b"\0\0\x08\x01\0\0", "cut short after 6 of 8 bytes of its header"),
        (IDX[:-1], "47 of 48 bytes"),
        (IDX + b"!", "goes on after its last item: its header asks for 48 bytes"),
        (to_idx(np.zeros(3, np.uint8), kind=13), "Byte 3 of the IDX file is 13"),
        (to_idx(np.zeros((3, 3), np.uint8)), "Byte 4 of the IDX file is 2"),
        (to_idx(np.zeros((0, 28, 28), np.uint8)), "holds nothing"),
        (ZIPPED[:-1], "cut short"),
        (ZIPPED[:12], "cut short"),
        (ZIPPED + b"more", "goes on after its end"),
        (ZIPPED[:-5] + b"\0" + ZIPPED[-4:], "damaged"),
        (ZIPPED[:4] + b"\xff" * 30, "damaged|cut short"),
        (gzip.compress(b"label,pixel0"), "gzipped file holds no IDX file: if it is a CSV file, unpack it first"),
        (gzip.compress(b""), "cut short after 0 bytes of its header"),
        (gzip.compress(IDX[:-3]), "45 of 48 bytes"),
        (gzip.compress(IDX + b"!"), "goes on after its last item: its header asks for 48 bytes"),
        (gzip.compress(to_idx(np.zeros(1, np.uint8)) + bytes(100)), "header asks for 9 bytes"),
    ],
)
def test_malformed_idx(raw, says):
    with pytest.raises(ValueError, match=says):
        load_idx(raw)


@pytest.mark.parametrize("n", [40, 200_000, 2**31, 2**32 - 1])
def test_a_header_or_a_bomb_spends_no_memory(n):
    header = struct.pack(">BBBBIII", 0, 0, 8, 3, n, 28, 28)
    bomb = gzip.compress(struct.pack(">BBBBIII", 0, 0, 8, 3, 1, 28, 28) + bytes(50_000_000))
    tracemalloc.start()
    try:
        for raw in (header, header + bytes(100), gzip.compress(header + bytes(100)), bomb):
            with pytest.raises(ValueError, match=r"IDX (file|header)|cut short"):
                load_idx(raw)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


class Counting(io.BytesIO):
    """A file that has no end, and counts what is read of it."""

    taken = 0

    def read(self, size=-1):
        assert size >= 0, "all of it is asked for"
        self.taken += size
        return super().read(size).ljust(size, b"\0")


def test_no_more_is_read_than_the_header_announces():
    for raw in (IDX, ZIPPED, b"\0\0"):
        file = Counting(raw)
        with pytest.raises(ValueError, match=r"goes on after its (last item|end)|Byte 3 of the IDX file is 0"):
            read_idx(file)
        assert file.taken < 100_000


def test_idx_dataset():
    images = np.arange(2 * 784, dtype=np.uint16).astype(np.uint8).reshape(2, 28, 28)
    data = idx_dataset(images, np.array([3, 4], np.uint8))
    assert data.images[1, 28] == images[1, 1, 0]
    assert idx_dataset(images).labels is None
    with pytest.raises(ValueError, match=r"\(2, 27, 28\)"):
        idx_dataset(images[:, 1:])
    with pytest.raises(ValueError, match="one number an image"):
        idx_dataset(images, images)
    with pytest.raises(ValueError, match="2 images but labels of shape"):
        idx_dataset(images, np.zeros(3, np.uint8))
