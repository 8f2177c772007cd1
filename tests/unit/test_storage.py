import io
import json
import os
import pickle
import struct
import tracemalloc
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitnet.activations import ACTIVATIONS
from digitnet.network import MLP
from digitnet.storage import load, load_with_meta, save

MODEL = MLP((6, 4, 3), "tanh", rng=1)
META = {"format_version": 1, "sizes": [6, 4, 3], "activation": "tanh"}


def npy(array, **header):
    """The bytes of a .npy file, with parts of the header replaced."""
    array = np.asarray(array)
    fields = {"descr": array.dtype.str, "fortran_order": False, "shape": array.shape} | header
    text = repr(fields).encode() + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + array.tobytes()


def meta_npy(**changes):
    return npy(np.array(json.dumps(META | changes)))


def members(**changes):
    """The members of a sound file, some of them replaced, removed (None) or added."""
    found = {"W1": npy(MODEL.params[0]), "b1": npy(MODEL.params[1])}
    found |= {"W2": npy(MODEL.params[2]), "b2": npy(MODEL.params[3]), "meta": meta_npy()}
    return {key: value for key, value in (found | changes).items() if value is not None}


def pack(contents, compression=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for key, value in contents.items():
            archive.writestr(f"{key}.npy", value)
    return file.getvalue()


def saved(model=MODEL, **meta):
    file = io.BytesIO()
    save(model, file, **meta)
    return file.getvalue()


# ---- What goes out comes back ----


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=6),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from([np.float32, np.float64]),
    st.dictionaries(
        st.text(max_size=5).map("x".__add__),
        st.one_of(st.text(max_size=9), st.integers(), st.none()),
        max_size=3,
    ),
)
def test_round_trip(sizes, activation, dtype, meta):
    model = MLP(sizes, activation, dtype=dtype, rng=0)
    file = io.BytesIO()
    save(model, file, **meta)
    got, got_meta = load_with_meta(io.BytesIO(file.getvalue()))
    assert (got.sizes, got.activation, got.init, got.dtype) == (model.sizes, activation, "he", model.dtype)
    for a, b in zip(got.params, model.params, strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype
        assert a.flags.writeable
        assert a.flags.c_contiguous
    assert meta.items() <= got_meta.items()
    assert got_meta["sizes"] == sizes


def test_numpy_alone_can_read_it():
    with np.load(io.BytesIO(saved(recipe="quick", test_accuracy=0.95))) as file:
        assert set(file) == {"W1", "b1", "W2", "b2", "meta"}
        meta = json.loads(str(file["meta"]))
        X = np.random.default_rng(0).random((5, 6), np.float32)
        scores = np.tanh(X @ file["W1"] + file["b1"]) @ file["W2"] + file["b2"]
    assert meta["test_accuracy"] == 0.95
    np.testing.assert_allclose(scores, MODEL.forward(X)[-1], rtol=1e-5)


def test_a_loaded_network_trains_on():
    model = load(io.BytesIO(saved()))
    Y = np.eye(3, dtype=np.float32)
    _, grads = model.loss_and_grads(np.ones((3, 6), np.float32), Y)
    assert [grad.shape for grad in grads] == [param.shape for param in model.params]


def test_other_programs_may_pack_differently():
    columns = MODEL.params[0].T.tobytes()
    fortran = npy(np.zeros(()), descr="<f4", fortran_order=True, shape=(6, 4))[:-8] + columns
    model = load(io.BytesIO(pack(members(W1=fortran), zipfile.ZIP_DEFLATED)))
    for a, b in zip(model.params, MODEL.params, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_path_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    save(MODEL, path)
    save(MODEL, str(path), seed=3)
    assert load_with_meta(str(path))[1]["seed"] == 3
    assert load(path).sizes == (6, 4, 3)

    def fail(*args, **kwargs):
        raise OSError("disk full")

    before = path.read_bytes()
    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="disk full"):
        save(MODEL, path)
    assert path.read_bytes() == before
    assert [child.name for child in tmp_path.iterdir()] == ["net.npz"]


def test_save_refuses():
    with pytest.raises(ValueError, match="fills in activation and sizes"):
        save(MODEL, io.BytesIO(), sizes=[1], activation="relu")
    with pytest.raises(ValueError, match="JSON"):
        save(MODEL, io.BytesIO(), seed=object())
    with pytest.raises(ValueError, match="JSON"):
        save(MODEL, io.BytesIO(), loss=float("nan"))
    broken = MLP((6, 4, 3))
    broken.params[3][1] = np.inf
    with pytest.raises(ValueError, match="b2 holds numbers that are NaN or infinite"):
        save(broken, io.BytesIO())
    with pytest.raises(ValueError, match="11 hidden layers; at most 10 can be saved"):
        save(MLP([2] * 13), io.BytesIO())
    with pytest.raises(ValueError, match="W1 holds float16"):
        save(MLP((2, 2), dtype=np.float16), io.BytesIO())


# ---- What must not come in ----


def nan(array):
    array = array.copy()
    array.flat[-1] = np.nan
    return npy(array)


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("the pickle was run",))


PICKLED = npy(np.zeros(0), descr="|O", shape=()) + pickle.dumps(Bomb())
SOUND = pack(members())

MALFORMED = {
    "empty": (b"", "Not a saved digitnet network, or incomplete"),
    "text": (b"label,pixel0\n" * 9, "Not a saved digitnet network, or incomplete"),
    "cut": (SOUND[:-30], "Not a saved digitnet network, or incomplete"),
    "cut in front": (SOUND[200:], "damaged"),
    "end only": (SOUND[-22:], "damaged"),
    "a flipped bit": (SOUND.replace(MODEL.params[0].tobytes()[:8], b"\x7f" * 8), "damaged: Bad CRC-32"),
    "pickle": (pack(members(W1=PICKLED)), "W1 holds pickled Python objects"),
    "pickled meta": (pack(members(meta=PICKLED)), "meta holds pickled Python objects"),
    "structure with object": (pack(members(b1=npy(np.zeros(4), descr=[("a", "|O")]))), "b1 holds pickled"),
    "structure": (pack(members(b1=npy(np.zeros(4), descr=[("a", "<f4")]))), "b1 holds"),
    "32 GB": (
        pack(members(W1=npy(np.zeros(0, np.float32), shape=(8_000_000_000,)))),
        r"W1 has shape \(8000000000,\), but the sizes in meta make it \(6, 4\)",
    ),
    "32 GB and meta agrees": (
        pack(
            members(
                W1=npy(np.zeros(0, np.float32), shape=(100_000, 80_000)),
                meta=meta_npy(sizes=[100_000, 80_000, 3]),
            )
        ),
        "over 16,000,000 weights and biases",
    ),
    "long meta": (
        pack(members(meta=npy(np.zeros(0), descr="<U2000000000", shape=()))),
        "meta asks for 8,000,",
    ),
    "very long meta": (
        pack(members(meta=npy(np.zeros(0), descr="<U" + "9" * 99, shape=()))),
        "meta must be one",
    ),
    "short body": (pack(members(W1=npy(MODEL.params[0])[:-4])), "W1 has .* bytes where its header asks for"),
    "long body": (
        pack(members(b2=npy(MODEL.params[3]) + b"more")),
        "b2 has .* bytes where its header asks for",
    ),
    "does not chain": (pack(members(W2=npy(np.zeros((5, 3), np.float32)))), r"W2 has shape \(5, 3\)"),
    "bias": (pack(members(b1=npy(np.zeros(5, np.float32)))), r"b1 has shape \(5,\), .* make it \(4,\)"),
    "bias as a row": (pack(members(b1=npy(np.zeros((1, 4), np.float32)))), r"b1 has shape \(1, 4\)"),
    "integers": (pack(members(W1=npy(np.zeros((6, 4), np.int32)))), "W1 holds <i4"),
    "half": (pack(members(W1=npy(np.zeros((6, 4), np.float16)))), "W1 holds <f2"),
    "mixed": (pack(members(b2=npy(np.zeros(3)))), "b2 holds float64, but W1 holds float32"),
    "nan": (pack(members(W2=nan(MODEL.params[2]))), "W2 holds numbers that are NaN or infinite"),
    "inf": (pack(members(b1=npy(np.full(4, np.inf, np.float32)))), "b1 holds numbers that are NaN"),
    "missing": (pack(members(b2=None)), "b2 is missing"),
    "no meta": (pack(members(meta=None)), "no meta"),
    "one more": (pack(members(W3=npy(MODEL.params[2]))), "W3 has no place in a network of 2 layers"),
    "no numpy": (pack(members(b1=b"hello")), "b1 is not a NumPy array"),
    "empty member": (pack(members(b1=b"")), "b1 is not a NumPy array"),
    "version 2": (pack(members(b1=b"\x93NUMPY\2\0\xff\xff\xff\xff")), "b1 is not a NumPy array"),
    "header": (pack(members(b1=b"\x93NUMPY\1\0\x04\0spam")), "b1 has a header that is not NumPy's"),
    "nested": (pack(members(b1=b"\x93NUMPY\1\0\x20\x4e" + b"(" * 20_000)), "b1 has a header that is not"),
    "negative": (pack(members(b1=npy(MODEL.params[1], shape=(-4,)))), "b1 has a header that is not NumPy's"),
    "a call": (pack(members(b1=b"\x93NUMPY\1\0\x0c\0__import__()")), "b1 has a header that is not NumPy's"),
    "numbers as meta": (pack(members(meta=npy(np.zeros(3)))), "meta must be one string"),
    "no json": (pack(members(meta=npy(np.array("spam")))), "meta is not JSON"),
    "deep json": (pack(members(meta=npy(np.array("[" * 9999)))), "meta is not JSON"),
    "list": (pack(members(meta=npy(np.array("[1]")))), "meta is not a JSON object"),
    "version": (pack(members(meta=meta_npy(format_version=2))), "format version 2; this program reads 1"),
    "no version": (pack(members(meta=npy(np.array("{}")))), r"format version \(none\)"),
    "no sizes": (pack(members(meta=meta_npy(sizes=None))), "no list of two or more sizes"),
    "true sizes": (pack(members(meta=meta_npy(sizes=[6, True, 3]))), "no list of two or more sizes"),
    "zero": (pack(members(meta=meta_npy(sizes=[6, 0, 3]))), "no list of two or more sizes"),
    "one size": (pack(members(meta=meta_npy(sizes=[6]))), "no list of two or more sizes"),
    "many sizes": (pack(members(meta=meta_npy(sizes=[1] * 50))), "48 hidden layers; at most 10"),
    "huge sizes": (pack(members(meta=meta_npy(sizes=[10**4000, 10**4000]))), "over 16,000,000 weights and biases"),
    "other sizes": (pack(members(meta=meta_npy(sizes=[6, 4, 4]))), r"W2 has shape \(4, 3\)"),
    "activation": (pack(members(meta=meta_npy(activation="softplus"))), "no activation called 'softplus'"),
    "no activation": (pack(members(meta=meta_npy(activation=None))), "does not name the activation"),
    "init": (pack(members(meta=meta_npy(init="spam"))), "called 'spam'"),
    "lzma": (pack(members(), zipfile.ZIP_LZMA), "packed in a way that NumPy does not use"),
    "many members": (pack(members() | {f"x{n}": b"" for n in range(400)}), "too many members"),
}


@pytest.mark.parametrize(("raw", "says"), MALFORMED.values(), ids=MALFORMED)
def test_malformed(raw, says):
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=says) as error:
            load(io.BytesIO(raw))
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()
    message = str(error.value)
    assert len(message) < 200
    assert message.endswith(".")
    assert "\n" not in message


def test_twice_the_same_name():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for key, value in [*members().items(), ("b1", members()["b1"])]:
            archive.writestr(f"{key}.npy", value)
    with pytest.raises(ValueError, match="b1 occurs twice"):
        load(file)


def test_encrypted():
    raw = bytearray(SOUND)
    at = raw.rindex(b"PK\1\2")  # the directory's entry for the last member, meta
    raw[at + 8] |= 1
    with pytest.raises(ValueError, match="meta is encrypted"):
        load(io.BytesIO(raw))


def with_announced_size(raw, name, size):
    """The same zip file, whose directory announces another size for a member."""
    raw = bytearray(raw)
    entry = raw.rindex(name.encode()) - 46
    assert raw[entry : entry + 4] == b"PK\1\2"
    raw[entry + 24 : entry + 28] = struct.pack("<I", size)
    return bytes(raw)


@pytest.mark.parametrize("offset", [2**31, 2**40, 2**63, 2**64 - 1])
def test_a_member_that_lies_far_outside(offset):
    """A zip64 field in the directory can announce any place; NumPy never needs one."""
    raw = bytearray(SOUND)
    entry = raw.rindex(b"PK\1\2")  # of meta, the last member
    extra = struct.pack("<HHQ", 1, 8, offset)
    raw[entry + 30 : entry + 32] = struct.pack("<H", len(extra))
    raw[entry + 42 : entry + 46] = b"\xff" * 4
    raw[-22:-22] = extra
    size = struct.unpack_from("<I", raw, len(raw) - 10)[0]
    struct.pack_into("<I", raw, len(raw) - 10, size + len(extra))
    with pytest.raises(ValueError, match="damaged: meta lies outside of it"):
        load(io.BytesIO(raw))


def test_what_is_wrong_with_a_path_names_it(tmp_path):
    path = tmp_path / "net.npz"
    path.write_bytes(SOUND[:-30])
    with pytest.raises(ValueError, match=r"net\.npz: Not a saved digitnet network"):
        load(path)
    with path.open("wb") as file:
        file.truncate(50_000_000_000)
    with pytest.raises(ValueError, match=r"net\.npz: Not a saved digitnet network"):
        load(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_network_is_not_read_from_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR)  # opening it to read does not wait then
    with pytest.raises(ValueError, match="pipe: A saved network is read from a file, not from a pipe"):
        load(path)
    os.close(end)


def test_zip_bombs_spend_no_memory():
    zeros = bytes(20_000_000)
    squeezed = zipfile.ZIP_DEFLATED
    honest = pack(members(W1=npy(MODEL.params[0]) + zeros), squeezed)
    meta = pack(members(meta=meta_npy() + zeros), squeezed)
    stranger = pack(members(x=zeros), squeezed)
    header = pack(members(W1=b"\x93NUMPY\1\0\xff\xff" + zeros), squeezed)
    liar = with_announced_size(honest, "W1.npy", len(npy(MODEL.params[0])))
    assert len(honest) < 30_000
    del zeros
    tracemalloc.start()
    try:
        for raw, says in (
            (honest, "W1 has 20,000,.* bytes where its header asks for"),
            (meta, "meta has 20,000,.* bytes where its header asks for"),
            (stranger, "x has no place"),
            (header, "W1 has a header that is not NumPy's"),
            (liar, "damaged"),
        ):
            with pytest.raises(ValueError, match=says):
                load(io.BytesIO(raw))
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_a_huge_directory_is_not_read():
    """65,535 members would make zipfile build as many objects before anyone could look at one."""
    entry = b"PK\1\2" + bytes(42)
    directory = entry * 65_535
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 65_535, 65_535, len(directory), 0, 0)
    small = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, 46, 0, 0)
    zip64 = struct.pack("<4sIQI", b"PK\6\7", 0, 0, 1)
    raws = directory + end, directory + zip64 + small
    tracemalloc.start()
    try:
        for raw in raws:
            with pytest.raises(ValueError, match="too many members"):
                load(io.BytesIO(raw))
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_never_anything_but_a_value_error(data):
    raw = bytearray(data.draw(st.sampled_from([SOUND, pack(members(), zipfile.ZIP_DEFLATED)])))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    try:
        model = load(io.BytesIO(raw))
    except ValueError as error:
        if not str(error).endswith("."):
            raise  # not a sentence of ours
    else:
        assert model.sizes == (6, 4, 3)
        np.testing.assert_array_equal(model.params[0], MODEL.params[0])
