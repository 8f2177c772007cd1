"""Build the site: the page, the package, Pyodide, NumPy and MNIST as one folder of static files.

python build.py            make site/
python build.py --serve    make it, serve it on this machine and print the address
python build.py --serve --lan   the same for every machine of the local network, such as a class room's
python build.py --fetch    only fetch MNIST, to .cache/mnist/, for training without a browser
python build.py --stock    make site/ with Pyodide and NumPy exactly as they are published: it opens more slowly

Where the environment variable SITE_ADDRESS says under which address the site will lie, its pages name it: previews of
links want a picture with its whole address.

This is the table of contents; the parts are in pysrc/sitebuilder/. Every download is pinned and checked by its hash,
kept in .cache/ and checked again when it is used. A folder is made under a temporary name and put in its place when it
is complete, so nothing half-built is ever left.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "pysrc"))  # what lies beside it, whatever is installed

from sitebuilder import cache, page
from sitebuilder.archives import send_as_one
from sitebuilder.kernels import kernels
from sitebuilder.licences import licences
from sitebuilder.mnist import mnist, shards
from sitebuilder.node import node_modules
from sitebuilder.numpy_wheel import numpy_wheel
from sitebuilder.paths import BUILDER, ROOT, SITE
from sitebuilder.policy import with_policy
from sitebuilder.reporting import BARS, BuildError
from sitebuilder.runtime import fast_runtime, stock_runtime
from sitebuilder.server import Handler, Server, serve
from sitebuilder.wheel import digitnet_wheel, write_lock

__all__ = [
    "ROOT", "SITE", "BuildError", "Handler", "Server",
    "build_site", "kernels", "mnist", "node_modules", "numpy_wheel",
]  # fmt: skip


def build_site(site: Path = SITE, *, stock: bool = False, address: str | None = None) -> Path:
    """Make the site unless it is there and nothing that it is made of has changed; return its folder.

    With `stock`, Pyodide and NumPy are what their makers publish (see sitebuilder/runtime.py).
    `address` is where the site will lie, SITE_ADDRESS of the environment if not given; "" if nobody knows.
    """
    address = os.environ.get("SITE_ADDRESS", "") if address is None else address
    modules = node_modules()
    runtime = stock_runtime(modules) if stock else fast_runtime(modules)
    parts = {"pyodide": [runtime, digitnet_wheel(modules, stock)], "data": [shards()], ".": [kernels(modules)]}

    def assemble(folder: Path) -> None:
        for place, sources in parts.items():
            for source in sources:
                skip = shutil.ignore_patterns("manifest.json")
                shutil.copytree(source, folder / place, ignore=skip, dirs_exist_ok=True)
        write_lock(modules, folder / "pyodide")
        if not stock:
            for archive in [*folder.glob("pyodide/*.whl"), *folder.glob("pyodide/*.zip")]:
                send_as_one(archive)
        page.write_page(modules, folder, stock=stock, address=address)
        (folder / "licenses.html").write_text(with_policy(licences(modules)))

    made_of = [(part / "manifest.json").read_bytes() for group in parts.values() for part in group]
    return cache.made(site, cache.digest(ROOT / "web", ROOT / "LICENSE", BUILDER, stock, address, *made_of), assemble)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the site into site/.")
    parser.add_argument("--serve", action="store_true", help="serve it on this machine")
    parser.add_argument("--port", type=int, default=8000, help="where to serve it (8000; 0 for any)")
    parser.add_argument("--lan", action="store_true", help="with --serve: for all machines of the local network")
    parser.add_argument("--fetch", action="store_true", help="only fetch MNIST, to .cache/mnist/")
    parser.add_argument("--stock", action="store_true", help="with Pyodide and NumPy exactly as they are published")
    options = parser.parse_args()
    if options.lan and not options.serve:
        parser.error("--lan says whom --serve is for: use both")
    try:
        with BARS:
            folder = mnist() if options.fetch else build_site(stock=options.stock)
    except BuildError as error:
        sys.exit(f"The build failed: {error}")
    print(folder)
    if options.serve:
        serve(folder, options.port, lan=options.lan)


if __name__ == "__main__":
    main()
