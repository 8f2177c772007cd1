import time
import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import assert_same_digits, random_digits, to_csv

from digitnet.data import csv as csv_files
from digitnet.data.csv import CsvReader, load_csv
from digitnet.data.idx import is_idx
from digitnet.dataset import Dataset


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_round_trip(labelled, header, newline):
    data = random_digits(400)  # several blocks
    data = data if labelled else Dataset(data.images)
    raw = to_csv(data, header, newline)
    assert not is_idx(raw)
    assert_same_digits(load_csv(raw), data)
    assert_same_digits(load_csv(raw.rstrip()), data)
    assert_same_digits(load_csv(b"\xef\xbb\xbf" + raw + b"\r\n\n"), data)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 20_000), max_size=12), st.integers(9_000, 12_000))
def test_csv_in_pieces_of_any_size(cuts, block):
    data = random_digits(6)
    raw = to_csv(data)
    reader = CsvReader()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_files, "BLOCK", block)
        edges = [0, *sorted(cuts), len(raw)]
        for a, b in pairwise(edges):
            reader.feed(memoryview(raw)[a:b])
        assert_same_digits(reader.finish(), data)
    assert reader.rows == 6


def test_csv_byte_by_byte():
    data = random_digits(2)
    reader = CsvReader()
    for byte in to_csv(data, newline="\r\n"):
        reader.feed(bytes([byte]))
    assert_same_digits(reader.finish(), data)


def test_csv_rows_come_while_it_is_fed():
    raw = to_csv(random_digits(1000))
    reader, seen = CsvReader(), []
    for at in range(0, len(raw), 100_000):
        reader.feed(raw[at : at + 100_000])
        seen.append(reader.rows)
    assert seen == sorted(seen)
    assert 0 < seen[len(seen) // 2] < 1000
    assert len(reader.finish()) == 1000


def quoted(raw):
    return b'"' + raw.rstrip().replace(b",", b'","').replace(b"\n", b'"\n"') + b'"\n'


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b",", b", "),
        lambda raw: raw.replace(b"\n", b" \n"),
        quoted,
        lambda raw: b'"' + raw.rstrip().replace(b",", b' ","\t').replace(b"\n", b' " \r\n"') + b'"\n',
        lambda raw: raw.replace(b"\n", b"\n\n"),
        lambda raw: raw.replace(b"\n", b'\n"" \n\t\n'),
        lambda raw: b"\n\r\n" + raw,
        lambda raw: raw.replace(b",0", b",0000"),
        lambda raw: raw.replace(b"pixel", b"").replace(b"label", b"Label"),
    ],
    ids=[
        "spaces",
        "trailing spaces",
        "quotes",
        "spaces in quotes",
        "empty lines",
        "lines of padding",
        "empty start",
        "zeros",
        "numbers as names",
    ],
)
def test_csv_written_in_other_ways(change):
    data = random_digits(3)
    assert_same_digits(load_csv(change(to_csv(data))), data)


def edit(row, column, text, header=True):
    """A good file of four images with one field changed; row and column count from 1."""
    lines = to_csv(random_digits(4), header).decode().splitlines()
    fields = lines[row - 1].split(",")
    fields[column - 1 : column] = [] if text is None else [text]
    lines[row - 1] = ",".join(fields)
    return "\n".join(lines).encode()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "^The file is empty.$"),
        (b"\xef\xbb\xbf\r\n\n", "^The file is empty.$"),
        (to_csv(random_digits(0)), "a header but no rows"),
        (b"hello\n", "Row 1 has 1 column; a digit has 785"),
        (b"1,2,3\n", "Row 1 has 3 columns; a digit has 785"),
        (to_csv(random_digits(2)).replace(b",", b";"), "Row 1 has semicolons between its columns: save the file with"),
        (to_csv(random_digits(2), header=False).replace(b",", b"\t"), "Row 1 has tabs between its columns"),
        (to_csv(random_digits(2), header=False).replace(b",", b" "), "Row 1 has spaces between its columns"),
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
        (edit(4, 9, '1"2').replace(b",", b' , "'), "Row 4, column 9: pixel 7 is '1\"2'"),
        (b"\n" + edit(3, 1, "17"), "Row 4, column 1: the label is '17'"),
        (b"\n" * 300_000 + edit(3, 1, "17"), "Row 300003, column 1: the label is '17'"),
        (edit(3, 1, "17", header=False).replace(b"\n", b"\n\n"), "Row 5, column 1: the label is '17'"),
    ],
)
def test_malformed_csv(raw, says):
    with pytest.raises(ValueError, match=says):
        load_csv(raw)


def test_csv_names_the_right_row_in_a_later_block():
    lines = to_csv(random_digits(1000)).split(b"\n")
    lines[900] = lines[900][:-1] + b"?"
    with pytest.raises(ValueError, match=r"Row 901, column 785"):
        load_csv(b"\n".join(lines))


def plain_parse(raw):
    """What a careful reader without any hurry makes of a CSV file, or None."""
    table = [[field.strip(' \t\r"') for field in line.split(",")] for line in raw.decode("latin-1").split("\n")]
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
    raw = bytearray(to_csv(random_digits(3), header))
    for at, byte, length in changes:
        at %= len(raw)
        raw[at : at + length] = bytes([byte])
    expected = plain_parse(bytes(raw))
    if expected is None:
        with pytest.raises(ValueError, match=r"Row \d+|no rows"):
            load_csv(bytes(raw))
    else:
        assert_same_digits(load_csv(bytes(raw)), expected)


def test_csv_stops_at_the_row_limit():
    reader = CsvReader(max_rows=3)
    reader.feed(to_csv(random_digits(4)))
    with pytest.raises(ValueError, match="more than 3 rows"):
        reader.finish()


def test_csv_with_more_classes():
    reader = CsvReader(n_classes=47)
    reader.feed(edit(2, 1, "46"))
    assert reader.finish().labels[0] == 46


def seconds_to_read(raw):
    def once():
        begun = time.process_time()
        load_csv(raw)
        return time.process_time() - begun

    return min(once() for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        quoted,
        lambda raw: raw.replace(b",", b", "),
        lambda raw: raw.replace(b"\n", b"\n\n"),
        lambda raw: raw.replace(b"\n", b"\n" * 3000, 500),
        lambda raw: b"\n" * 1_000_000 + raw,
    ],
    ids=["quotes", "spaces", "an empty line after each row", "many empty lines", "empty lines first"],
)
def test_csv_in_other_ways_takes_a_small_multiple_of_the_time(change):
    plain = to_csv(random_digits(2000))
    assert seconds_to_read(change(plain)) < 6 * seconds_to_read(plain) + 0.05


@pytest.mark.slow
def test_csv_is_fast_and_frugal():
    raw = to_csv(random_digits(5000))
    begun = time.process_time()
    load_csv(raw)
    assert len(raw) / (time.process_time() - begun) > 20e6  # some 200 MB/s where nothing else runs
    tracemalloc.start()
    try:
        data = load_csv(raw)
        assert tracemalloc.get_traced_memory()[1] < 2 * data.images.nbytes + 15_000_000
    finally:
        tracemalloc.stop()
