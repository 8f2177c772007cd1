"""The page's own files, from web/."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from digitnet.dataset import SHIPPED_FIRST
from digitnet.workshop.lesson import FILES, original
from sitebuilder import paths
from sitebuilder.article import with_articles
from sitebuilder.cache import describe, digest
from sitebuilder.icons import write_icons
from sitebuilder.mnist import REST
from sitebuilder.node import run_node
from sitebuilder.policy import with_policy
from sitebuilder.reporting import BuildError

# Each becomes one file, with the modules that it imports: fifty requests take longer than the code that they bring.
# The file in the site, and the one in web/ that it begins with.
BUNDLES = {
    "page/main": "main.js",
    "page/hood": "hood.js",  # only for those who open it
    "page/classroom": "classroom.js",  # only where an address or a button asks for a lesson
    "page/experiments": "experiments.js",  # while Python starts
    "page/worker": "worker.js",
    "page/style": "style.css",
    "sw": "sw.js",
}
# Shipped as they are, of the files directly in web/. Its folders are bundled or used up by the build.
COPIED = ("*.html", "*.svg", "*.png", "*.ico", "*.webmanifest")
ADDRESS = "<!-- address -->"  # in web/index.html: where its own address belongs, if that is known


def write_page(modules: Path, folder: Path, *, stock: bool, address: str) -> None:
    """Add the page to a site that has everything else.

    Its own files are put into a folder that is named after their contents: an address of one never means two things,
    so what a browser has kept, what a server has and what was copied cannot be mixed up. The rest has plain names; the
    worker holds the hashes of what belongs to its version and takes nothing else.
    """
    own = folder / "page"
    own.mkdir()
    files = describe(folder)
    copy_lessons(own)
    write_lesson(own)
    bundle(modules, folder, files, stock=stock)
    name = f"page-{digest(own)[:12]}"
    own.rename(folder / name)
    copy_files(modules, folder, name, address)
    write_icons(folder, folder / "data" / "test-images.gz")


def copy_files(modules: Path, folder: Path, own: str, address: str) -> None:
    """Copy what is shipped as it is, and the pages with their policy.

    index.html gets its articles and asks for the files in the folder `own`.
    """
    for pattern in COPIED:
        for file in (paths.ROOT / "web").glob(pattern):
            shutil.copy(file, folder)
    index = folder / "index.html"
    text = re.sub(r'(?<=["(])page/', f"{own}/", index.read_text())
    index.write_text(with_policy(with_articles(with_address(text, address), modules)))
    missing = folder / "404.html"
    missing.write_text(with_policy(missing.read_text()))


def with_address(page: str, address: str) -> str:
    """Return the page with the address of the site, as previews of links and search engines want it; "" for none.

    Raises BuildError where it is no address of a folder.
    """
    if not address:
        return page.replace(ADDRESS, "")
    if not re.fullmatch(r"https?://[^\s\"<>&?#]+/", address):
        raise BuildError(f"The site's address must be like https://example.org/digitnet/, not {address}")
    own = f'<link rel="canonical" href="{address}">\n<meta property="og:url" content="{address}">'
    return page.replace(ADDRESS, own).replace('content="card.png"', f'content="{address}card.png"')


def lesson_files() -> list[Path]:
    """The lessons, which have a title, and what else the page has as data: the experiments lie beside them."""
    return sorted((paths.ROOT / "web" / "lessons").glob("*.json"))


def copy_lessons(folder: Path) -> None:
    """Copy the lessons and experiments; one that is no JSON is refused here, not in the page.

    Raises BuildError with the file's name.
    """
    lessons = folder / "lessons"
    lessons.mkdir()
    for file in lesson_files():
        try:
            json.loads(file.read_text("utf-8"))
        except ValueError as error:
            raise BuildError(f"{file.name} in web/lessons is no JSON: {error}") from error
        shutil.copy(file, lessons)


def write_lesson(folder: Path) -> None:
    """Write the texts of the lesson's files, by name: the page shows them before Python is there."""
    texts = {file: original(file) for file in FILES}
    (folder / "lesson.json").write_text(json.dumps(texts, ensure_ascii=False), "utf-8")


def bundle(modules: Path, folder: Path, files: dict[str, dict[str, object]], *, stock: bool) -> None:
    """Bundle the page's own modules and the libraries that they use; source maps keep them readable in a browser.

    The constants `BUILD` and `FILES` (declared in web/types.d.ts) tell them what is decided here.
    """
    web = paths.ROOT / "web"
    lessons = [file.stem for file in lesson_files() if "title" in json.loads(file.read_text("utf-8"))]
    constant = json.dumps({"stock": stock, "first": SHIPPED_FIRST, "rest": REST, "lessons": lessons})
    run_node(
        "The page's modules could not be bundled",
        modules / "esbuild" / "bin" / "esbuild",
        *(f"{name}={web / source}" for name, source in BUNDLES.items()),
        *("--bundle", "--minify", "--format=esm", "--sourcemap", "--log-level=error"),
        *(f"--define:BUILD={constant}", f"--define:FILES={json.dumps(files)}", f"--outdir={folder}"),
    )
