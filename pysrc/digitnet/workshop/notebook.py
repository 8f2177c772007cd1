"""A script as a notebook: the same text in cells, in the format that Jupyter reads (nbformat 4.5)."""

import json

MOST_LINES = 60  # of a cell, unless one definition is longer


def notebook(script: str) -> str:
    """Return the notebook of a script from `script()`, as JSON."""
    docstring, _, code = script.partition('"""\n\n')
    code = code[: code.index('if __name__ == "__main__":')].rstrip()
    title = docstring.removeprefix('"""').split("\n")[0]
    cells = [
        _cell("markdown", f"# {title}\n\nThe last cell trains; it expects MNIST's four files in the folder `mnist`.")
    ]
    cells += [_cell("code", text) for text in _grouped(code.split("\n\n\n"))]
    cells.append(_cell("code", 'main("mnist")'))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    document = {
        "cells": cells,
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _cell(kind: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _grouped(definitions: list[str]) -> list[str]:
    """Join small definitions that follow one another."""
    groups: list[str] = []
    for text in definitions:
        if groups and groups[-1].count("\n") + text.count("\n") < MOST_LINES:
            groups[-1] += f"\n\n\n{text}"
        else:
            groups.append(text)
    return groups
