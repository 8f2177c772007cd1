"""How fast the kernel's four loops are by themselves, with relaxed SIMD and without, in one browser."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.bench

FLOP = 2 * 64 * 784 * 128
KERNELS = ["/site/kernel.wasm", "/site/kernel-plain.wasm"]


@pytest.fixture(scope="module")
def milliseconds(open_page, report):
    measure = Path(__file__).with_name("kernel.js").read_text("utf-8")
    page = open_page("site/manifest.json")
    times = page.evaluate(f"all => ({measure})(...all)", [KERNELS, "/site/data/train-10000-images.gz"])
    row = report.table("the kernel, one batch of 64", "relaxed SIMD, µs", "GFLOP/s", "SIMD, µs", "GFLOP/s")
    for name, both in times.items():
        speeds = [f"{FLOP / ms / 1e6:.0f}" if "@" in name else "" for ms in both]
        row(name, f"{1000 * both[0]:.0f}", speeds[0], f"{1000 * both[1]:.0f}", speeds[1])
    return {name: both[0] for name, both in times.items()}


@pytest.mark.parametrize("product", ["X @ W", "X.T @ delta"])
def test_zeros_save_time(milliseconds, product):
    assert milliseconds[f"{product}, digits"] < milliseconds[f"{product}, no zeros"] / 1.5
