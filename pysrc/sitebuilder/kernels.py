"""The kernel of the matrix product, compiled from web/kernel/."""

from __future__ import annotations

from pathlib import Path

from sitebuilder import paths
from sitebuilder.cache import digest, made
from sitebuilder.node import run_node

# By AssemblyScript's target: with relaxed SIMD, which most browsers have, and without.
KERNELS = {"relaxed": "kernel.wasm", "plain": "kernel-plain.wasm"}


def kernels(modules: Path) -> Path:
    """Return the folder with the kernel, compiled for browsers with relaxed SIMD and for those without."""
    source = paths.ROOT / "web" / "kernel"

    def make(folder: Path) -> None:
        for target, name in KERNELS.items():
            compiler = modules / "assemblyscript" / "bin" / "asc.js"
            options = ("--target", target, "--outFile", folder / name)
            run_node("web/kernel/kernel.ts could not be compiled", compiler, "kernel.ts", *options, cwd=source)

    made_of = (source, modules / "assemblyscript" / "package.json", *KERNELS)
    return made(paths.CACHE / "kernel", digest(*made_of), make)
