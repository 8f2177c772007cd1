"""Networks in .npz files: numpy.load alone can read what `save` writes, and `load` believes nothing it reads.

A file holds W1, b1, …, WL, bL (rows of W are inputs) and `meta`, a JSON string with the format version, the
sizes, the activation, the initialisation and whatever else `save` was given. `load` looks at every size that
the file announces before it makes room for anything, and never unpickles.
"""

import ast
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np

from digitnet.data.files import naming, replacing
from digitnet.network import MLP
from digitnet.settings import MAX_HIDDEN_LAYERS, MAX_PARAMETERS, parameter_count

FORMAT_VERSION = 1
MAX_META_BYTES = 1 << 20
MAX_FILE_BYTES = 8 * MAX_PARAMETERS + 2 * MAX_META_BYTES
MAX_DIRECTORY_BYTES = 1 << 14  # far more than the members of the deepest network take
DTYPES = ("<f4", "<f8")


def save(model: MLP, file: str | Path | IO[bytes], **meta: Any) -> None:
    """Write the network and `meta` (anything that JSON can hold) to a path or a binary file.

    A path gets the whole file or stays as it was. Raises ValueError for weights that are NaN or infinite, for a
    network larger than the settings allow, and for meta that is not JSON or uses the names sizes, activation, init
    or format_version.
    """
    _check_size(model.sizes)
    facts = {
        "format_version": FORMAT_VERSION,
        "sizes": list(model.sizes),
        "activation": model.activation,
        "init": model.init,
    }
    if taken := facts.keys() & meta.keys():
        raise ValueError(f"The network itself fills in {' and '.join(sorted(taken))}.")
    try:
        text = json.dumps(facts | meta, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"The meta data cannot be written as JSON: {error}.") from None
    arrays = dict(zip(_keys(len(model.sizes) - 1), model.params, strict=True))
    for key, array in arrays.items():
        _check_numbers(key, array)
    arrays["meta"] = np.array(text)
    if isinstance(file, str | Path):
        with replacing(file) as opened:
            _write(opened, arrays)
    else:
        _write(file, arrays)


def load(file: str | Path | IO[bytes]) -> MLP:
    """Return the network in a file written by `save`, from a path or a binary file.

    Raises ValueError with the key at fault for anything else.
    """
    return load_with_meta(file)[0]


def load_with_meta(file: str | Path | IO[bytes]) -> tuple[MLP, dict[str, Any]]:
    """Return the network and its meta data; see `load`."""
    if isinstance(file, str | Path):
        with naming(file), open(file, "rb") as opened:
            return load_with_meta(opened)
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        UnicodeError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise ValueError(f"The .npz file is damaged: {str(error).rstrip('.') or 'it ends too early'}.") from None


def _keys(n_layers: int) -> list[str]:
    """Return W1, b1, W2, b2, …"""
    return [f"{letter}{number}" for number in range(1, n_layers + 1) for letter in "Wb"]


def _write(file: IO[bytes], arrays: dict[str, np.ndarray]) -> None:
    np.savez(file, **arrays)  # type: ignore[arg-type]  # no key is called allow_pickle


def _check_size(sizes: Sequence[int]) -> None:
    """Raise ValueError for a network that is larger than the settings allow."""
    if len(sizes) > MAX_HIDDEN_LAYERS + 2:
        raise ValueError(f"The network has {len(sizes) - 2} hidden layers; at most {MAX_HIDDEN_LAYERS} can be saved.")
    if parameter_count(sizes) > MAX_PARAMETERS:
        raise ValueError(f"The network has over {MAX_PARAMETERS:,} weights and biases, the most that can be saved.")


def _check_numbers(key: str, array: np.ndarray) -> None:
    if array.dtype.str not in DTYPES:
        raise ValueError(f"{key} holds {array.dtype}; networks are kept as float32 or float64.")
    if not np.isfinite(array).all():
        raise ValueError(f"{key} holds numbers that are NaN or infinite.")


def _short(value: object) -> str:
    """Return what a file says in a length that fits into a sentence."""
    text = str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _check_directory(file: IO[bytes]) -> None:
    """Raise ValueError unless the file ends in a small, plain zip directory: zipfile would read any, whole.

    The last 22 bytes hold the number of members and the size of the directory (PKWARE's APPNOTE, 4.3.16); a
    zip64 locator in front of them, which NumPy does not write for so few members, could ask for more.
    """
    if not file.seekable():
        raise ValueError("A saved network is read from a file, not from a pipe.")
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - 42))
    tail = file.read(42)
    end = tail[-22:]
    if end[:4] != b"PK\5\6":
        raise ValueError(
            "Not a saved digitnet network, or incomplete: the zip directory that ends every .npz file is missing."
        )
    size = int.from_bytes(end[12:16], "little")
    if size > MAX_DIRECTORY_BYTES or tail[-42:-22].startswith(b"PK\6\7"):
        raise ValueError("The .npz file has too many members for a network.")
    if length > MAX_FILE_BYTES:
        raise ValueError(f"The .npz file has {length:,} bytes; at most {MAX_FILE_BYTES:,} are read.")


def _read(archive: zipfile.ZipFile) -> tuple[MLP, dict[str, Any]]:
    members = {}
    for info in archive.infolist():
        key = info.filename.removesuffix(".npy")
        if not 0 <= info.header_offset < MAX_FILE_BYTES:  # zipfile would seek there
            raise zipfile.BadZipFile(f"{_short(key)} lies outside of it")
        if key in members:
            raise ValueError(f"{_short(key)} occurs twice in the .npz file.")
        members[key] = info
    if "meta" not in members:
        raise ValueError("The .npz file has no meta, so it does not hold a network of this program.")
    meta = _read_meta(archive, members.pop("meta"))
    sizes = meta["sizes"]

    keys = _keys(len(sizes) - 1)
    for key in keys:
        if key not in members:
            raise ValueError(f"{key} is missing from the .npz file.")
    for key in members:
        if key not in keys:
            raise ValueError(f"{_short(key)} has no place in a network of {len(sizes) - 1} layers.")
    params: list[np.ndarray] = []
    for key in keys:
        n_in, n_out = sizes[int(key[1:]) - 1], sizes[int(key[1:])]
        shape = (n_in, n_out) if key[0] == "W" else (n_out,)
        params.append(_read_parameter(archive, members[key], key, shape))
        if params[-1].dtype != params[0].dtype:
            raise ValueError(f"{key} holds {params[-1].dtype}, but W1 holds {params[0].dtype}.")

    return MLP.from_params(params, activation=meta["activation"], init=meta["init"]), meta


def _read_meta(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Any]:
    """Return the JSON object in `meta` once what the network needs of it is sound."""
    with _open(archive, info, "meta") as stream:
        descr, _, shape, start = _npy_header(stream, "meta")
        if not descr.startswith("<U") or not descr[2:].isdecimal() or len(descr) > 12 or shape != ():
            raise ValueError(f"meta must be one string; it is {_short(descr)} {_short(shape)}.")
        size = 4 * int(descr[2:])
        if size > MAX_META_BYTES:
            raise ValueError(f"meta asks for {size:,} bytes; at most {MAX_META_BYTES:,} are read.")
        text = _body(stream, info, "meta", start, size).decode("utf-32-le", "replace")
    try:
        meta = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("meta is not JSON.") from None
    if not isinstance(meta, dict):
        raise ValueError("meta is not a JSON object.")
    if meta.get("format_version") != FORMAT_VERSION:
        version = _short(meta.get("format_version", "(none)"))
        raise ValueError(f"meta says format version {version}; this program reads {FORMAT_VERSION}.")
    sizes = meta.get("sizes")
    if not isinstance(sizes, list) or len(sizes) < 2 or not all(type(size) is int and size > 0 for size in sizes):
        raise ValueError("meta has no list of two or more sizes, each a whole number from 1 on.")
    _check_size(sizes)
    for name in ("activation", "init"):
        if not isinstance(meta.setdefault(name, "he" if name == "init" else None), str):
            raise ValueError(f"meta does not name the {name}.")
    MLP((1, 1), activation=meta["activation"], init=meta["init"])  # raises for an unknown name
    return meta


def _read_parameter(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: str, shape: tuple[int, ...]) -> np.ndarray:
    with _open(archive, info, key) as stream:
        descr, fortran, announced, start = _npy_header(stream, key)
        if descr not in DTYPES:
            raise ValueError(f"{key} holds {_short(descr)}; networks are kept as float32 or float64.")
        if announced != shape:
            raise ValueError(f"{key} has shape {_short(announced)}, but the sizes in meta make it {shape}.")
        dtype = np.dtype(descr)
        body = _body(stream, info, key, start, prod(shape) * dtype.itemsize)
    array = np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
    _check_numbers(key, array)
    return np.array(array, order="C")  # the bytes are read-only


def _open(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: str) -> IO[bytes]:
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        raise ValueError(f"{key} is encrypted or packed in a way that NumPy does not use.")
    return archive.open(info)


def _npy_header(stream: IO[bytes], key: str) -> tuple[str, bool, tuple[int, ...], int]:
    """Return dtype, whether columns come first, shape, and length of a .npy header (NEP 1, version 1.0).

    numpy.lib.format could read it too, but for other versions it first reads a header of up to 4 GB.
    """
    head = stream.read(10)
    if head[:8] != b"\x93NUMPY\1\0":
        raise ValueError(f"{key} is not a NumPy array of format version 1.0.")
    length = int.from_bytes(head[8:10], "little")
    try:
        header = ast.literal_eval(stream.read(length).decode("latin-1").strip())
        descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise ValueError(f"{key} has a header that is not NumPy's.") from None
    if "O" in str(descr):
        raise ValueError(f"{key} holds pickled Python objects, which could run any program; they are not read.")
    if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
        raise ValueError(f"{key} has a header that is not NumPy's.")
    return str(descr), bool(fortran), shape, 10 + length


def _body(stream: IO[bytes], info: zipfile.ZipInfo, key: str, start: int, size: int) -> bytes:
    """Return the `size` bytes behind the header; the zip directory must announce just as many."""
    if info.file_size != start + size:
        raise ValueError(f"{key} has {info.file_size:,} bytes where its header asks for {start + size:,}.")
    body = stream.read(size)
    if len(body) != size:
        raise ValueError(f"{key} is cut short: {start + len(body):,} of {start + size:,} bytes.")
    return body
