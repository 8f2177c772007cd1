"""The README's Python runs, and what it says where to find is there."""

import re
from pathlib import Path

import numpy as np
import pytest
from writers import random_digits, to_idx

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LAYOUT = re.search(r"## Where to look\n\n```\n(.*?)```", README, re.DOTALL).group(1)


def write_mnist(folder, sizes):
    folder.mkdir(parents=True)
    for seed, (part, n) in enumerate(sizes.items()):
        data = random_digits(n, seed)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(to_idx(data.images.reshape(-1, 28, 28)))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(to_idx(data.labels.astype(np.uint8)))


@pytest.mark.parametrize("code", PYTHON, ids=["MNIST", "any arrays"])
def test_its_python_runs(code, tmp_path, monkeypatch, capsys):
    write_mnist(tmp_path / ".cache" / "mnist", {"train": 300, "t10k": 50})
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    printed = capsys.readouterr().out.splitlines()
    if "load_mnist" in code:
        assert [
            re.match(r"epoch (\d): loss \d\.\d{4}, test accuracy \d+\.\d\d%$", line)[1] for line in printed
        ] == list("123")
    else:
        assert printed == ["1.0"]


def test_every_module_of_the_layout_is_there():
    folder = ROOT
    for line in LAYOUT.splitlines():
        indent = len(line) - len(line.lstrip())
        names = re.findall(r"\b[\w/]+(?:\.py|/)(?=\s|$)", line.lstrip())
        if not indent:
            folder = ROOT / names[0]
            assert folder.is_dir(), line
        else:
            assert names, line
            assert all((folder / name).exists() for name in names), line
