import io
import zipfile

import numpy as np
import pytest
from writers import random_digits, to_csv, to_idx

from digitnet import MLP, save
from digitnet.data.csv import CsvReader, load_csv
from digitnet.data.formats import BEGINNINGS, refuse_other_formats


def zipped(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "label,pixel0")
    return file.getvalue()


def feed_in_pieces(reader, raw):
    for start in range(0, len(raw), 7000):
        reader.feed(raw[start : start + 7000])
    return reader.finish()


def network():
    file = io.BytesIO()
    save(MLP((3, 2)), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "This is a PNG image: use a CSV or IDX file of digits, or let the page"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(500_000), "This is a JPEG image"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "This is a WebP image"),
        (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF document: use a CSV or IDX file of digits"),
        (zipped("train.csv"), "This is a zip archive: unpack it and use the CSV or IDX file in it"),
        (zipped("[Content_Types].xml"), "This is a spreadsheet table: save it as a CSV file"),
        (network(), "This is a NumPy .npz archive, such as a saved network: use a CSV or IDX file of digits"),
        ("label,pixel0\n".encode("utf-16"), "This is text in UTF-16: save it as a CSV file in UTF-8"),
        (b"<!DOCTYPE html>\n<html>", "This is a web page: download the CSV or IDX file itself"),
        (b"PAR1\x15\x04", "This is a Parquet table: save it as a CSV file"),
    ],
)
def test_other_formats_are_named(raw, says):
    with pytest.raises(ValueError, match=says) as error:
        load_csv(raw)
    assert str(error.value).endswith(".")
    reader = CsvReader()
    with pytest.raises(ValueError, match=says):
        feed_in_pieces(reader, raw)


@pytest.mark.parametrize("raw", [to_csv(random_digits(1)), to_idx(np.zeros((1, 28, 28), np.uint8)), b"", b"0,0"])
def test_digits_are_not_taken_for_anything_else(raw):
    refuse_other_formats(raw[:64])


def test_every_format_has_a_remedy():
    for beginning in BEGINNINGS:
        with pytest.raises(ValueError, match=r"^This is .+: .+\.$"):
            refuse_other_formats(beginning)
