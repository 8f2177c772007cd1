"""Files that are taken for a table or an IDX file by mistake, known by their first bytes, and what to do with them."""

BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"BM": "a BMP image",
    b"II*\0": "a TIFF image",
    b"MM\0*": "a TIFF image",
    b"RIFF": "a WebP image",
    b"%PDF": "a PDF document",
    b"PK\3\4": "a zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
    b"\x93NUMPY": "a NumPy array",
    b"PAR1": "a Parquet table",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"<!": "a web page",
    b"<html": "a web page",
}
REMEDIES = {
    "image": "use a CSV or IDX file of digits, or let the page read it as a photo of one digit",
    "archive": "unpack it and use the CSV or IDX file in it",
    "file": "unpack it and use the CSV or IDX file in it",
    "UTF-16": "save it as a CSV file in UTF-8",
    "table": "save it as a CSV file",
    "page": "download the CSV or IDX file itself",
}


def refuse_other_formats(start: bytes) -> None:
    """Raise ValueError with a sentence if a file that starts so (with 64 bytes, or all that it has) is none of ours."""
    found = next((name for beginning, name in BEGINNINGS.items() if start.startswith(beginning)), "")
    if found == "a zip archive":
        if b".npy" in start:
            found = "a NumPy .npz archive, such as a saved network"
        elif b"[Content_Types].xml" in start or b"mimetype" in start:
            found = "a spreadsheet table"
    if found:
        remedy = REMEDIES.get(found.split()[-1], "use a CSV or IDX file of digits")
        raise ValueError(f"This is {found}: {remedy}.")
