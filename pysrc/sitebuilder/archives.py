"""Zip files and wheels that depend on nothing but their contents."""

from __future__ import annotations

import fnmatch
import os
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

from pyodide_build.common import pack_wheel, replace_env


def unpack(archive: Path, tree: Path, unused: Iterable[str] = ()) -> None:
    """Unpack a zip file without the members whose names match one of the patterns."""
    patterns = [re.compile(fnmatch.translate(pattern)) for pattern in unused]
    with zipfile.ZipFile(archive) as source:
        wanted = [name for name in source.namelist() if not any(pattern.match(name) for pattern in patterns)]
        source.extractall(tree, wanted)


def pack(tree: Path, archive: Path) -> None:
    """Pack a folder into a zip file."""
    with zipfile.ZipFile(archive, "w") as target:
        for file in sorted(p for p in tree.rglob("*") if p.is_file()):
            member = zipfile.ZipInfo(file.relative_to(tree).as_posix())
            target.writestr(member, file.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def repack_wheel(tree: Path, folder: Path) -> None:
    """Pack the folder of an unpacked wheel into a wheel again, its list of contents made anew."""
    with replace_env(os.environ | {"SOURCE_DATE_EPOCH": "946684800"}):  # the same contents, the same bytes
        pack_wheel(tree, folder, verbose=False)
