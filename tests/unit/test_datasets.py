import gzip
import struct
import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet.data import csv as csv_files
from digitnet.data.csv import CsvReader, load_csv
from digitnet.data.files import load_file, load_mnist, submission_csv
from digitnet.data.idx import idx_dataset, is_idx, load_idx
from digitnet.dataset import Dataset, split

PIXEL_NAMES = [f"pixel{i}" for i in range(784)]


def digits(n, seed=0):
    """Random images, mostly paper as digits are, with labels."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, 784), np.uint8) * (rng.random((n, 784)) < 0.2).astype(np.uint8)
    return Dataset(images, rng.integers(0, 10, n))


def to_csv(data, header=True, newline="\n"):
    labelled = data.labels is not None
    table = np.column_stack([data.labels, data.images]) if labelled else data.images
    lines = [",".join(["label"] * labelled + PIXEL_NAMES)] * header
    lines += [",".join(map(str, row)) for row in table.tolist()]
    return (newline.join(lines) + newline).encode()


def to_idx(array, kind=8):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


def assert_equal(got, expected):
    np.testing.assert_array_equal(got.images, expected.images)
    assert got.images.dtype == np.uint8
    if expected.labels is None:
        assert got.labels is None
    else:
        np.testing.assert_array_equal(got.labels, expected.labels)


# ---- Dataset, split ----


def test_dataset():
    data = Dataset(np.zeros((3, 784), np.uint8), np.array([2, 0, 1], np.uint8))
    assert len(data) == 3
    assert data.labels.dtype == np.intp  # so that label * n_classes does not overflow
    assert data.take([2, 0]).labels.tolist() == [1, 2]
    assert data.take(data.labels > 0).labels.tolist() == [2, 1]
    part = data.take(slice(1, 3))
    assert part.labels.tolist() == [0, 1]
    assert np.shares_memory(part.images, data.images)
    assert Dataset(data.images).take([0]).labels is None
    with pytest.raises(AttributeError):
        data.labels = None


@pytest.mark.parametrize(
    ("images", "labels", "says"),
    [
        (np.zeros((2, 784)), None, "float64"),
        (np.zeros((2, 783), np.uint8), None, r"\(2, 783\)"),
        (np.zeros((2, 28, 28), np.uint8), None, r"\(2, 28, 28\)"),
        ([[0] * 784], None, "not list"),
        (np.zeros((2, 784), np.uint8), [1], "2 images but labels of shape"),
        (np.zeros((2, 784), np.uint8), [1.5, 2], "integers"),
        (np.zeros((2, 784), np.uint8), [1, -2], "from 0 on"),
    ],
)
def test_dataset_refuses(images, labels, says):
    with pytest.raises(ValueError, match=says):
        Dataset(images, labels)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 2**32 - 1))
def test_split_makes_disjoint_parts(a, b, c, seed):
    images = np.zeros((a + b + c, 784), np.uint8)
    data = Dataset(images, np.arange(a + b + c))  # the labels tell which image is which
    parts = split(data, a, b, seed=seed)
    assert [len(part) for part in parts] == [a, b]
    together = np.concatenate([part.labels for part in parts])
    assert len(set(together.tolist())) == a + b
    again = split(data, a, b, seed=np.random.default_rng(seed))
    assert all((x.labels == y.labels).all() for x, y in zip(parts, again, strict=True))


def test_split_shuffles_and_checks():
    data = Dataset(np.zeros((100, 784), np.uint8), np.arange(100))
    assert split(data, 100)[0].labels.tolist() != list(range(100))
    assert split(data, 50, seed=1)[0].labels.tolist() != split(data, 50, seed=2)[0].labels.tolist()
    with pytest.raises(ValueError, match=r"\(60, 41\) images cannot be made from 100"):
        split(data, 60, 41)
    with pytest.raises(ValueError, match="cannot be made"):
        split(data, -1)


# ---- IDX ----


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
        (IDX + b"!", "49 bytes, not 48"),
        (to_idx(np.zeros(3, np.uint8), kind=13), "Byte 3 of the IDX file is 13"),
        (to_idx(np.zeros((3, 3), np.uint8)), "Byte 4 of the IDX file is 2"),
        (to_idx(np.zeros((0, 28, 28), np.uint8)), "holds nothing"),
        (ZIPPED[:-1], "cut short"),
        (ZIPPED[:12], "cut short"),
        (ZIPPED + b"more", "goes on for 4 bytes"),
        (ZIPPED[:-5] + b"\0" + ZIPPED[-4:], "damaged"),
        (ZIPPED[:4] + b"\xff" * 30, "damaged|cut short"),
        (gzip.compress(b"label,pixel0"), "6c 61 62 65"),
        (gzip.compress(IDX[:-3]), "45 of 48 bytes"),
        (gzip.compress(IDX + b"!"), "49 bytes, not 48"),
        (gzip.compress(to_idx(np.zeros(1, np.uint8)) + bytes(100)), "bytes, not 9"),
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


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("joint", ["-", "."])
def test_load_mnist_by_any_of_its_names(tmp_path, zipped, joint):
    train, test = digits(5), digits(3, seed=1)
    for start, data in (("train", train), ("t10k", test)):
        for kind, array in (
            ("images{}idx3", data.images.reshape(-1, 28, 28)),
            ("labels{}idx1", data.labels.astype(np.uint8)),
        ):
            raw = to_idx(array)
            name = f"{start}-{kind.format(joint)}-ubyte" + ".gz" * zipped
            (tmp_path / name).write_bytes(gzip.compress(raw) if zipped else raw)
    got_train, got_test = load_mnist(tmp_path)
    assert_equal(got_train, train)
    assert_equal(got_test, test)
    (tmp_path / name).unlink()
    with pytest.raises(FileNotFoundError, match="no t10k-labels-idx1-ubyte"):
        load_mnist(str(tmp_path))


def test_the_real_mnist(mnist):
    train, test = load_mnist(mnist)
    assert (len(train), len(test)) == (60_000, 10_000)
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert np.bincount(test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert round(float(train.images.mean()) / 255, 4) == 0.1307


# ---- CSV ----


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_round_trip(labelled, header, newline):
    data = digits(400)  # several blocks
    data = data if labelled else Dataset(data.images)
    raw = to_csv(data, header, newline)
    assert not is_idx(raw)
    assert_equal(load_csv(raw), data)
    assert_equal(load_csv(raw.rstrip()), data)
    assert_equal(load_csv(b"\xef\xbb\xbf" + raw + b"\r\n\n"), data)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 20_000), max_size=12), st.integers(9_000, 12_000))
def test_csv_in_pieces_of_any_size(cuts, block):
    data = digits(6)
    raw = to_csv(data)
    reader = CsvReader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "BLOCK", block)
        edges = [0, *sorted(cuts), len(raw)]
        for a, b in pairwise(edges):
            reader.feed(memoryview(raw)[a:b])
        assert_equal(reader.finish(), data)
    assert reader.rows == 6


def test_csv_byte_by_byte():
    data = digits(2)
    reader = CsvReader()
    for byte in to_csv(data, newline="\r\n"):
        reader.feed(bytes([byte]))
    assert_equal(reader.finish(), data)


def test_csv_rows_come_while_it_is_fed():
    raw = to_csv(digits(1000))
    reader, seen = CsvReader(), []
    for at in range(0, len(raw), 100_000):
        reader.feed(raw[at : at + 100_000])
        seen.append(reader.rows)
    assert seen == sorted(seen)
    assert 0 < seen[len(seen) // 2] < 1000
    assert len(reader.finish()) == 1000


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b",", b", "),
        lambda raw: raw.replace(b"\n", b" \n"),
        lambda raw: b'"' + raw.rstrip().replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n',
        lambda raw: raw.replace(b"\n", b"\n\n"),
        lambda raw: b"\n\r\n" + raw,
        lambda raw: raw.replace(b",0", b",0000"),
        lambda raw: raw.replace(b"pixel", b"").replace(b"label", b"Label"),
    ],
    ids=["spaces", "trailing spaces", "quotes", "empty lines", "empty start", "zeros", "numbers as names"],
)
def test_csv_written_in_other_ways(change):
    data = digits(3)
    assert_equal(load_csv(change(to_csv(data))), data)


def edit(row, column, text, header=True):
    """A good file of four images with one field changed; row and column count from 1."""
    lines = to_csv(digits(4), header).decode().splitlines()
    fields = lines[row - 1].split(",")
    fields[column - 1 : column] = [] if text is None else [text]
    lines[row - 1] = ",".join(fields)
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "^The file is empty.$"),
        (b"\xef\xbb\xbf\r\n\n", "^The file is empty.$"),
        (to_csv(digits(0)), "a header but no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Row 1 has 1 columns; a digit has 785"),
        (b"1,2,3\n", "Row 1 has 3 columns; a digit has 785"),
        (bytes(300_000), "Row 1 is longer than 262,144 bytes"),
        (edit(3, 1, "17"), "Row 3, column 1: the label is '17', not a whole number from 0 to 9"),
        (edit(3, 1, "-1"), "Row 3, column 1: the label is '-1'"),
        (edit(1, 1, "x", header=False), "Row 1, column 1: the label is 'x'"),
        (edit(5, 785, "300"), "Row 5, column 785: pixel 783 is '300', not a whole number from 0 to 255"),
        (edit(5, 785, "256"), "Row 5, column 785: pixel 783 is '256'"),
        (edit(2, 7, "99999999999999999999999"), "Row 2, column 7: pixel 5 is '9999"),
        (edit(2, 7, "0.5"), "Row 2, column 7: pixel 5 is '0.5'"),
        (edit(2, 7, "1 2"), "Row 2, column 7: pixel 5 is '1 2'"),
        (edit(2, 7, "\u00b2"), "Row 2, column 7: pixel 5 is"),
        (edit(4, 9, "O"), "Row 4, column 9: pixel 7 is 'O'"),
        (edit(4, 9, ""), "Row 4, column 9: pixel 7 is missing"),
        (edit(4, 9, " "), "Row 4, column 9: pixel 7 is missing"),
        (edit(4, 9, None), "Row 4 has 784 columns, but the first row has 785"),
        (edit(4, 9, "1,2"), "Row 4 has 786 columns"),
        (edit(2, 785, "1;2"), "Row 2, column 785: pixel 783 is '1;2'"),
        (edit(1, 785, None), "Row 1 has a label and only 783 pixels"),
        (edit(1, 1, "pixel"), "Row 1 starts with 'pixel', but the label must be the first"),
        (edit(1, 785, "class").replace(b"label", b"zero"), "Row 1 starts with 'zero', but the label"),
        (edit(1, 2, "label"), "Row 1, column 1: the label is 'label'"),
        (b"\n" + edit(3, 1, "17"), "Row 4, column 1: the label is '17'"),
    ],
)
def test_malformed_csv(raw, says):
    with pytest.raises(ValueError, match=says):
        load_csv(raw)


def test_csv_names_the_right_row_in_a_later_block():
    lines = to_csv(digits(1000)).split(b"\n")
    lines[900] = lines[900][:-1] + b"?"
    with pytest.raises(ValueError, match=r"Row 901, column 785"):
        load_csv(b"\n".join(lines))


def plain_parse(raw):
    """What a careful reader without any hurry makes of a CSV file, or None."""
    table = [[field.strip().strip('"') for field in line.split(",")] for line in raw.decode("latin-1").split("\n")]
    table = [row for row in table if row != [""]]
    if {len(row) for row in table} not in ({784}, {785}):
        return None
    if len(set(table[0])) == len(table[0]):
        del table[0]
    labelled = len(table[0]) == 785
    if not table or not all(field.isascii() and field.isdigit() and int(field) < 256 for row in table for field in row):
        return None
    numbers = np.array(table, int)
    if labelled and numbers[:, 0].max() > 9:
        return None
    return Dataset(numbers[:, -784:].astype(np.uint8), numbers[:, 0] if labelled else None)


@settings(max_examples=150, deadline=None)
@given(
    st.booleans(),
    st.lists(
        st.tuples(st.integers(0, 14_000), st.sampled_from(list(b'0159,,,\n\r "x-.;\xb2\0')), st.integers(0, 2)),
        max_size=3,
    ),
)
def test_csv_never_guesses(header, changes):
    """A damaged file is read as a plain reader would, or refused: never read as something else."""
    raw = bytearray(to_csv(digits(3), header))
    for at, byte, length in changes:
        at %= len(raw)
        raw[at : at + length] = bytes([byte])
    expected = plain_parse(bytes(raw))
    if expected is None:
        with pytest.raises(ValueError, match=r"Row \d+|no rows"):
            load_csv(bytes(raw))
    else:
        assert_equal(load_csv(bytes(raw)), expected)


def test_csv_stops_at_the_row_limit():
    reader = CsvReader(max_rows=3)
    reader.feed(to_csv(digits(4)))
    with pytest.raises(ValueError, match="more than 3 rows"):
        reader.finish()


def test_csv_with_more_classes():
    reader = CsvReader(n_classes=47)
    reader.feed(edit(2, 1, "46"))
    assert reader.finish().labels[0] == 46


def test_csv_is_fast_and_frugal():
    raw = to_csv(digits(5000))
    begun = time.process_time()
    load_csv(raw)
    assert len(raw) / (time.process_time() - begun) > 20e6  # some 200 MB/s where nothing else runs
    tracemalloc.start()
    try:
        data = load_csv(raw)
        assert tracemalloc.get_traced_memory()[1] < 2 * data.images.nbytes + 15_000_000
    finally:
        tracemalloc.stop()


# ---- Files ----


def test_load_file(tmp_path):
    data = digits(3)
    (tmp_path / "digits.csv").write_bytes(to_csv(data))
    (tmp_path / "images").write_bytes(to_idx(data.images.reshape(-1, 28, 28)))
    (tmp_path / "images.gz").write_bytes(gzip.compress((tmp_path / "images").read_bytes()))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "labels").write_bytes(IDX)
    assert_equal(load_file(tmp_path / "digits.csv"), data)
    assert_equal(load_file(tmp_path / "images"), Dataset(data.images))
    assert_equal(load_file(str(tmp_path / "images.gz")), Dataset(data.images))
    with pytest.raises(ValueError, match="empty"):
        load_file(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"this IDX file has \(40,\)"):
        load_file(tmp_path / "labels")


def test_submission():
    assert submission_csv(np.array([2, 0, 9])) == b"ImageId,Label\n1,2\n2,0\n3,9\n"
