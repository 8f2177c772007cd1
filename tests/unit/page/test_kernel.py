"""The WebAssembly kernel, run natively: it computes what NumPy does and writes nothing but its result."""

import ctypes
from inspect import unwrap

import numpy as np
import pytest
import wasmtime
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import build
from digitnet import ops, optimizers
from digitnet.augmentation import random_affine
from digitnet.page import kernel

FILES = {"plain": "kernel-plain.wasm", "relaxed": "kernel.wasm"}
FLOAT = np.float32


class Machine:
    """An instance of the kernel and its memory, seen as NumPy arrays."""

    SIZE = 1 << 21

    def __init__(self, binary):
        self.store = wasmtime.Store()
        memory = wasmtime.Memory(self.store, wasmtime.MemoryType(wasmtime.Limits(self.SIZE >> 16, self.SIZE >> 16)))
        pointer = ctypes.cast(memory.data_ptr(self.store), ctypes.POINTER(ctypes.c_uint8))
        self.bytes = np.ctypeslib.as_array(pointer, (self.SIZE,))
        self.bytes[:] = 7
        module = wasmtime.Module(self.store.engine, binary)
        self.imports = [(i.module, i.name) for i in module.imports]
        self.functions = wasmtime.Instance(self.store, module, [memory]).exports(self.store)
        self.memory = memory
        self.end = 0

    def __call__(self, name, *args):
        return self.functions[name](self.store, *args)

    def clear(self):
        self.bytes[:] = 7
        self.end = 60  # aligned to nothing but its floats

    def take(self, size, dtype=np.uint8):
        """Return an array of its own in the machine's memory, and leave a gap after it."""
        size_in_bytes = int(size) * np.dtype(dtype).itemsize
        assume(self.end + size_in_bytes + 12 <= self.SIZE)
        start, self.end = self.end, (self.end + size_in_bytes + 12 + 3) & ~3
        return self.bytes[start : start + size_in_bytes].view(dtype)

    def address(self, array):
        return array.__array_interface__["data"][0] - self.bytes.__array_interface__["data"][0]

    def untouched(self, before, *written):
        """Tell whether everything but the arrays `written` is as it was `before`."""
        after = self.bytes.copy()
        for array in written:
            start = self.address(array)
            after[start : start + array.nbytes] = before[start : start + array.nbytes]
        return np.array_equal(before, after)


@pytest.fixture(scope="module")
def binaries():
    folder = build.kernels(build.node_modules())
    return {target: (folder / name).read_bytes() for target, name in FILES.items()}


@pytest.fixture(scope="module", params=FILES)
def machine(request, binaries):
    return Machine(binaries[request.param])


# --- the binary ---------------------------------------------------------------------------------------------------


def test_needs_a_memory_and_puts_nothing_into_it(machine):
    machine.bytes[:] = 7
    assert machine.imports == [("env", "memory")]
    assert not np.any(machine.bytes != 7)
    assert set(machine.functions) == {"sgemm", "scratchSize", "adam", "scale", "warp"}


def test_only_the_relaxed_build_needs_relaxed_simd(binaries):
    config = wasmtime.Config()
    config.wasm_relaxed_simd = False
    engine = wasmtime.Engine(config)
    wasmtime.Module.validate(engine, binaries["plain"])
    with pytest.raises(wasmtime.WasmtimeError, match="relaxed SIMD"):
        wasmtime.Module.validate(engine, binaries["relaxed"])


# --- the matrix product -------------------------------------------------------------------------------------------


@st.composite
def matrices(draw, rows, columns):
    """Draw how a matrix lies in memory and what it holds."""
    return {
        "shape": (rows, columns),
        "steps": (draw(st.sampled_from([1, 1, 2, -1, -3])), draw(st.sampled_from([1, 1, 1, 2, -1]))),
        "by_columns": draw(st.booleans()),
        "zeros": draw(st.sampled_from([0.0, 0.5, 0.8, 1.0])),
        "special": draw(st.lists(st.sampled_from([np.inf, -np.inf, np.nan, -0.0]), max_size=2)),
        "seed": draw(st.integers(0, 1000)),
    }


@st.composite
def products(draw):
    m, n = draw(st.integers(0, 20)), draw(st.integers(0, 40))
    k = draw(st.one_of(st.integers(0, 40), st.sampled_from([255, 256, 257, 600])))
    return draw(matrices(m, k)), draw(matrices(k, n))


def place(machine, plan):
    """Put a matrix into the machine's memory as planned."""
    rng = np.random.default_rng(plan["seed"])
    shape = plan["shape"][::-1] if plan["by_columns"] else plan["shape"]
    steps = plan["steps"]
    whole = machine.take(shape[0] * shape[1] * abs(steps[0] * steps[1]), FLOAT)
    matrix = whole.reshape(shape[0] * abs(steps[0]), shape[1] * abs(steps[1]))[:: steps[0], :: steps[1]]
    matrix[:] = rng.standard_normal(shape, FLOAT) * (rng.random(shape) >= plan["zeros"])
    for value in plan["special"]:
        if matrix.size:
            matrix[rng.integers(shape[0]), rng.integers(shape[1])] = value
    return matrix.T if plan["by_columns"] else matrix


@given(plans=products())
@settings(max_examples=80, deadline=None)
def test_product(machine, plans):
    machine.clear()
    a, b = (place(machine, plan) for plan in plans)
    (m, k), n = a.shape, b.shape[1]
    c, scratch = machine.take(m * n, FLOAT), machine.take(machine("scratchSize", n))
    before = machine.bytes.copy()
    where = machine.address(a), *a.strides, machine.address(b), *b.strides, machine.address(c)
    machine("sgemm", m, n, k, *where, 4 * n, machine.address(scratch))

    assert machine.untouched(before, c, scratch)
    with np.errstate(invalid="ignore"):
        exact = a.astype(np.float64) @ b.astype(np.float64)
        error = np.abs(c.reshape(m, n) - exact)
        bound = np.finfo(FLOAT).eps * (k + 1) * (np.abs(a) @ np.abs(b))
    finite = np.isfinite(exact)
    assert np.all(error[finite] <= bound[finite])
    np.testing.assert_array_equal(c.reshape(m, n)[~finite], exact[~finite])


# --- Adam, the pixels and the warp ----------------------------------------------------------------------------------


def uncorrected_adam(w, g, m, s, rate, beta1, beta2, eps):
    """Adam's update as the kernel has it: both corrections lie in `rate` and `eps`."""
    m += (1 - beta1) * (g - m)
    s += (1 - beta2) * (g * g - s)
    w -= rate * m / (np.sqrt(s) + eps)


@given(n=st.integers(0, 70), seed=st.integers(0, 1000), t=st.integers(1, 1000))
@settings(max_examples=50, deadline=None)
def test_adam(machine, n, seed, t):
    machine.clear()
    rng = np.random.default_rng(seed)
    state = [machine.take(n, FLOAT) for _ in range(4)]
    for array in state:
        array[:] = rng.standard_normal(n, FLOAT)
    state[3][:] **= 2
    expected = [array.copy() for array in state]
    before = machine.bytes.copy()
    numbers = 0.001 * t, 0.9, 0.999, 1e-8
    machine("adam", *map(machine.address, state), n, *numbers)
    uncorrected_adam(*expected, *numbers)

    w, _, m, s = state
    assert machine.untouched(before, w, m, s)
    for got, wanted in zip(state, expected, strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=1e-6)


@given(pixels=st.binary(max_size=70))
@settings(max_examples=50, deadline=None)
def test_scale(machine, pixels):
    machine.clear()
    source, floats = machine.take(len(pixels)), machine.take(len(pixels), FLOAT)
    source[:] = np.frombuffer(pixels, np.uint8)
    before = machine.bytes.copy()
    machine("scale", machine.address(source), source.size, 1 / 255, machine.address(floats))
    assert machine.untouched(before, floats)
    np.testing.assert_array_equal(floats, unwrap(ops.scale_pixels)(source))


@given(
    n=st.integers(0, 3),
    seed=st.integers(0, 1000),
    strange=st.sampled_from([None, np.nan, np.inf, -np.inf, 1e30, -1e30]),
)
@settings(max_examples=50, deadline=None)
def test_warp(machine, n, seed, strange):
    machine.clear()
    rng = np.random.default_rng(seed)
    images, result = (machine.take(784 * n).reshape(n, 784) for _ in range(2))
    maps, frame = machine.take(6 * n, FLOAT).reshape(n, 6), machine.take(32 * 32)
    images[:] = rng.integers(0, 256, images.shape)
    maps[:] = rng.normal([1, 0, 0, 0, 1, 0], [0.5, 0.5, 8, 0.5, 0.5, 8], maps.shape)
    if strange is not None and n:
        maps[0, rng.integers(6)] = strange
    before = machine.bytes.copy()
    machine("warp", *map(machine.address, (images, maps)), n, *map(machine.address, (result, frame)))
    assert machine.untouched(before, result, frame)
    rows = slice(0 if strange is None or np.isfinite(strange) else 1, None)  # what is no number has no place
    np.testing.assert_array_equal(result[rows], unwrap(ops.warp)(images[rows], maps[rows]))


# --- the host's functions in the place of NumPy's ---------------------------------------------------------------------


def floats_at(address, shape, strides=None):
    """Return the floats at an address of this process as an array."""
    first = np.frombuffer((ctypes.c_float * 1).from_address(address), FLOAT)
    return np.lib.stride_tricks.as_strided(first, shape, strides)


def bytes_at(address, n):
    """Return n bytes at an address of this process as an array."""
    return np.frombuffer((ctypes.c_uint8 * n).from_address(address), np.uint8)


class Host:
    """The five functions that a host offers, written in NumPy, on this process's addresses."""

    def __init__(self):
        self.calls = []

    def sgemm(self, m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, scratch):
        self.calls.append("sgemm")
        floats_at(scratch, (self.scratchSize(n) // 4,))[:] = np.nan
        with np.errstate(invalid="ignore"):
            floats_at(c, (m, n), (c_row, 4))[:] = floats_at(a, (m, k), (a_row, a_column)) @ floats_at(
                b, (k, n), (b_row, b_column)
            )

    def scratchSize(self, n):  # noqa: N802
        return 400 + 16 * n

    def adam(self, w, g, m, v, n, *numbers):
        self.calls.append("adam")
        uncorrected_adam(*(floats_at(x, (n,)) for x in (w, g, m, v)), *numbers)

    def scale(self, pixels, n, factor, floats):
        self.calls.append("scale")
        floats_at(floats, (n,))[:] = bytes_at(pixels, n) * FLOAT(factor)

    def warp(self, images, maps, n, warped, frame):
        self.calls.append("warp")
        bytes_at(frame, 32 * 32)[:] = 9
        result = unwrap(ops.warp)(bytes_at(images, 784 * n).reshape(n, 784), floats_at(maps, (n, 6)))
        bytes_at(warped, 784 * n)[:] = result.ravel()

    def functions(self):
        return self.sgemm, self.scratchSize, self.adam, self.scale, self.warp


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setattr(kernel, "_installed", None)
    yield Host()
    kernel.use("numpy")
    ops.use(None)


@pytest.fixture
def installed(host):
    """A host whose functions are in use."""
    assert kernel.install(*host.functions()) == ""
    host.calls.clear()
    return host


def test_a_host_that_agrees_with_numpy_is_used_until_told_otherwise(host):
    assert kernel.in_use() == "numpy"
    assert kernel.install(*host.functions()) == ""
    assert kernel.in_use() == "simd"
    assert {"sgemm", "adam", "scale", "warp"} == set(host.calls)

    host.calls.clear()
    a, b = np.ones((2, 3), FLOAT), np.ones((3, 4), FLOAT)
    np.testing.assert_array_equal(ops.matmul(a, b), np.full((2, 4), 3))
    np.testing.assert_array_equal(ops.scale_pixels(np.full((2, 2), 255, np.uint8)), np.ones((2, 2)))
    optimizers.Adam(0.1).step([a], [a.copy()])
    np.testing.assert_allclose(a, 0.9)
    assert host.calls == ["sgemm", "scale", "adam"]

    kernel.use("numpy")
    assert kernel.in_use() == "numpy"
    ops.matmul(a, b)
    assert host.calls == ["sgemm", "scale", "adam"]


@pytest.mark.parametrize("name", ["sgemm", "adam", "scale", "warp"])
@pytest.mark.parametrize("fault", ["does nothing", "is a little off", "writes too far", "writes before", "raises"])
def test_a_host_that_does_anything_else_is_refused(host, monkeypatch, name, fault):
    right = getattr(host, name)

    def wrong(*args):
        if fault == "raises":
            raise RuntimeError("memory access out of bounds")
        if fault == "does nothing":
            return
        right(*args)
        address, size = {
            "sgemm": lambda: (args[9], args[0] * args[1]),
            "adam": lambda: (args[0], args[4]),
            "scale": lambda: (args[3], args[1]),
            "warp": lambda: (args[3], 784 * args[2]),
        }[name]()
        item = 1 if name == "warp" else 4
        offset = {"is a little off": 0, "writes too far": item * size, "writes before": -item}[fault]
        if name == "warp":
            bytes_at(address + offset, 1)[:] ^= 1
        else:
            floats_at(address + offset, (1,))[:] += 0.001

    monkeypatch.setattr(host, name, wrong)
    reason = kernel.install(*host.functions())
    assert reason.startswith("Running on NumPy without the kernel, because the kernel failed its test: ")
    assert reason.endswith("memory access out of bounds" if fault == "raises" else ".")
    assert kernel.in_use() == "numpy"
    with pytest.raises(ValueError, match="no kernel called 'simd'"):
        kernel.use("simd")


def test_there_are_two_ways_to_compute():
    with pytest.raises(ValueError, match="no kernel called 'blas'"):
        kernel.use("blas")


LEFT, RIGHT = np.arange(6, dtype=FLOAT).reshape(2, 3), np.arange(12, dtype=FLOAT).reshape(3, 4)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (LEFT.astype(np.float64), RIGHT),
        (LEFT, RIGHT.astype(">f4")),
        (LEFT[0], RIGHT),
        (LEFT, RIGHT[:, 0]),
        (np.stack([LEFT, LEFT]), RIGHT),
        (LEFT.astype(int), RIGHT.astype(int)),
    ],
)
def test_what_the_host_does_not_know_is_left_to_numpy(installed, a, b):
    product = ops.matmul(a, b)
    np.testing.assert_array_equal(product, np.matmul(a, b))
    assert product.dtype == (a @ b).dtype
    assert not installed.calls


def test_shapes_that_do_not_fit_are_refused_as_by_numpy(installed):
    with pytest.raises(ValueError, match="mismatch"):
        ops.matmul(LEFT, LEFT)
    assert not installed.calls


def test_adam_in_double_precision_is_left_to_numpy(installed):
    state, expected = np.ones((2, 4, 5))
    numbers = 2, 0.1, 0.9, 0.999, 1e-8
    ops.adam_update(*state, *numbers)
    unwrap(ops.adam_update)(*expected, *numbers)
    np.testing.assert_array_equal(state, expected)
    assert not installed.calls


def test_adam_in_the_host_is_the_same_update(installed):
    state = list(np.random.default_rng(0).random((4, 5), FLOAT))
    expected = [array.copy() for array in state]
    for t in (1, 2, 3):
        ops.adam_update(*state, t, 0.1, 0.9, 0.999, 1e-8)
        unwrap(ops.adam_update)(*expected, t, 0.1, 0.9, 0.999, 1e-8)
    np.testing.assert_allclose(state, expected, rtol=1e-5)
    assert installed.calls == ["adam"] * 3


@pytest.mark.parametrize(
    ("pixels", "dtype"),
    [
        (np.ones((2, 4), np.uint8)[:, ::2], FLOAT),
        (np.ones((2, 2), np.uint8), np.float64),
        (np.ones((2, 2)), FLOAT),
    ],
)
def test_other_pixels_are_left_to_numpy(installed, pixels, dtype):
    scaled = ops.scale_pixels(pixels, dtype)
    np.testing.assert_allclose(scaled, np.full((2, 2), 1 / 255), rtol=1e-6)
    assert scaled.dtype == dtype
    assert not installed.calls


def test_a_warp_in_the_host_is_the_same(installed):
    images = np.random.default_rng(0).integers(0, 256, (3, 784), np.uint8)
    maps = random_affine(3, 1, np.random.default_rng(0))
    np.testing.assert_array_equal(ops.warp(images, maps), unwrap(ops.warp)(images, maps))
    assert installed.calls == ["warp"]


def test_other_warps_are_left_to_numpy(installed):
    images, maps = np.full((4, 784), 100, np.uint8), np.tile(np.array([1, 0, 0, 0, 1, 0], FLOAT), (4, 1))
    for strange_images, strange_maps in (
        (images[::2], maps[:2]), (images, maps.astype(float)), (images, np.asfortranarray(maps)), (images / 2, maps)
    ):  # fmt: skip
        np.testing.assert_array_equal(ops.warp(strange_images, strange_maps), strange_images)
    assert not installed.calls
