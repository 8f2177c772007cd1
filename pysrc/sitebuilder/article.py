r"""The page's article: its TeX as MathML, beside the lines of Python that compute it.

web/article/*.html is HTML with three additions, which are replaced here:

\(x\)  TeX in a sentence.
<equation lines="losses.softmax: e / e">x</equation>  TeX on a line of its own, and what computes it: the lines of a
    function that match a regular expression. Without `lines` it belongs to no code.
<python functions="losses.softmax optimizers.SGD.step"></python>  Functions, as they stand in the files of the wheel.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from digitnet.page.kernel import Kernel
from sitebuilder import paths
from sitebuilder.listing import Line, Listing, listing
from sitebuilder.node import run_node
from sitebuilder.reporting import BuildError

PLACE = re.compile(r"<!-- article: (\w+) -->")  # in web/index.html: where the article of this name belongs
INLINE = re.compile(r"\\\((.+?)\\\)", re.DOTALL)
EQUATION = re.compile(r'<equation(?: lines="([\w.]+): ([^"]+)")?>(.+?)</equation>', re.DOTALL)
WIDE = 64  # characters of a line: beside a longer one a mark would be out of sight
PYTHON = re.compile(r'<python functions="([^"]+)"></python>')
# The operations that the WebAssembly kernel does where it is in use.
OF_KERNEL = "|".join(name for name in vars(Kernel) if not name.startswith("_"))
CALL, DEFINITION = re.compile(rf"(?<!def )\b({OF_KERNEL})\("), re.compile(rf"\bdef ({OF_KERNEL})\(")
# What Temml writes into style attributes, and what it is called in web/styles/mathematics.css.
STYLE = re.compile(r' style="([^"]*)"')
STYLES = {
    "display:block math;": "block",
    "math-depth:0;": "depth-0",
    "padding-left:0em;padding-right:0em;": "first-cell",
    "padding-left:1em;padding-right:0em;": "cell",
}


def with_articles(page: str, modules: Path) -> str:
    """Return the page with every article in its place."""
    return PLACE.sub(lambda match: article(_read(match[1]), modules), page)


def _read(name: str) -> str:
    file = paths.ROOT / "web" / "article" / f"{name}.html"
    if not file.is_file():
        raise BuildError(f"web/index.html has a place for web/article/{name}.html, which is missing.")
    return file.read_text()


@dataclass(frozen=True)
class Equation:
    """An equation on a line of its own. lines: those that compute it, all of the function `code`."""

    id: str
    tex: str
    code: Listing | None
    lines: tuple[Line, ...]


def article(text: str, modules: Path) -> str:
    """Return an article as HTML; BuildError names an equation or a function at fault."""
    names = [name for match in PYTHON.finditer(text) for name in match[1].split()]
    shown = {name: listing(name) for name in names}
    if len(shown) < len(names):
        raise BuildError(f"The article shows {max(names, key=names.count)} twice; each function can be shown once.")
    matches = enumerate(EQUATION.finditer(text), 1)
    equations = [_equation(f"equation-{number}", match[1], match[2], match[3], shown) for number, match in matches]
    in_order = iter(equations)
    displayed = iter(mathml([equation.tex for equation in equations], modules, display=True))
    text = EQUATION.sub(lambda _: _equation_html(next(in_order), next(displayed)), text)
    in_sentences = iter(mathml([match[1] for match in INLINE.finditer(text)], modules))
    text = INLINE.sub(lambda _: next(in_sentences), text)
    return PYTHON.sub(lambda match: _block_html([shown[name] for name in match[1].split()], equations), text)


def mathml(equations: list[str], modules: Path, *, display: bool = False) -> list[str]:
    """Return TeX as MathML; BuildError names what Temml does not understand."""
    script, library = paths.BUILDER / "tex.mjs", modules / "temml" / "dist" / "temml.mjs"
    text = json.dumps([{"tex": html.unescape(tex), "display": display} for tex in equations])
    found = json.loads(run_node("An equation of the article is not valid TeX", script, library, input=text))
    return [STYLE.sub(_named, markup) for markup in found]


def _named(style: re.Match[str]) -> str:
    """Return an attribute that web/styles/mathematics.css knows: the page's policy forbids style attributes."""
    if style[1] not in STYLES:
        raise BuildError(f"Temml uses a style that web/styles/mathematics.css does not know: {style[1]}")
    return f' data-tex="{STYLES[style[1]]}"'


def _equation(identifier: str, name: str | None, pattern: str | None, tex: str, shown: dict[str, Listing]) -> Equation:
    if name is None or pattern is None:
        return Equation(identifier, tex, None, ())
    if name not in shown:
        raise BuildError(f"The article's equation {tex!r} belongs to {name}, which the article does not show.")
    code = shown[name]
    lines = tuple(line for line in code.lines if re.search(pattern, line.text) and "def " not in line.text)
    if not lines:
        raise BuildError(f"The article's equation {tex!r} belongs to no line: none of {name} matches {pattern!r}.")
    return Equation(identifier, tex, code, lines)


def _equation_html(equation: Equation, math: str) -> str:
    if equation.code is None:
        return f'<span class="equation" role="group" tabindex="0" aria-label="Equation">{math}</span>'
    ids = " ".join(equation.code.id_of(line) for line in equation.lines)
    numbers = ", ".join(str(line.number) for line in equation.lines)
    return (
        f'<span class="equation" id="{equation.id}" role="group" tabindex="0" aria-describedby="{ids}">'
        f'<span class="formula">{math}</span><small class="where">{equation.code.file}:{numbers}</small></span>'
    )


def _block_html(listings: list[Listing], equations: list[Equation]) -> str:
    files = ", ".join(dict.fromkeys(code.file for code in listings))
    functions = "".join(_function_html(code, len(files.split(", ")) > 1, equations) for code in listings)
    label = ", ".join(code.name for code in listings)
    return (
        f'<div class="code"><div class="head"><span class="file">{files}</span>'
        f'<button class="button copy" type="button" aria-live="polite" hidden>Copy</button></div>'
        f'<pre role="group" aria-label="Python: {label}">{functions}</pre></div>'
    )


def _function_html(code: Listing, with_file: bool, equations: list[Equation]) -> str:
    owner = ": ".join([code.file] * with_file + [f"class {code.owner}"] * bool(code.owner))
    head = f'<span class="owner">{owner}</span>' if owner else ""
    lines = "".join(_line_html(code, line, equations) for line in code.lines)
    return f'<code data-function="{code.name}">{head}{lines}</code>'


def _line_html(code: Listing, line: Line, equations: list[Equation]) -> str:
    ids = " ".join(equation.id for equation in equations if equation.code == code and line in equation.lines)
    marked = f' id="{code.id_of(line)}" tabindex="-1" aria-describedby="{ids}"' if ids else ""
    kind = "code-line marked" if ids else "code-line"
    text = f'<span class="text">{line.html}</span>{_kernel_mark(line.text)}'
    return f'<span class="{kind}" data-number="{line.number}"{marked}>{text}</span>'


def _kernel_mark(text: str) -> str:
    """Return what says who does the work of a line, with the kernel and without it; the page shows what holds."""
    if CALL.search(text):
        simd, numpy = "WebAssembly kernel", "NumPy"
    elif DEFINITION.search(text):
        simd, numpy = "the WebAssembly kernel computes the same", "NumPy runs these lines"
    else:
        return ""
    place = "by below" if len(text) > WIDE else "by"
    return f' <small class="{place}" data-simd="{simd}" data-numpy="{numpy}">{simd}</small>'
