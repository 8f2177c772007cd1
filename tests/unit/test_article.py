"""The article's builder: TeX becomes MathML, functions become listings, and what fits no more stops the build."""

import inspect
import re

import pytest

from digitnet import network, ops
from sitebuilder.article import article, with_articles
from sitebuilder.listing import listing
from sitebuilder.node import node_modules
from sitebuilder.paths import ROOT
from sitebuilder.reporting import BuildError

SOFTMAX = '<python functions="losses.softmax"></python>'


@pytest.fixture(scope="module")
def modules():
    return node_modules()


@pytest.fixture(scope="module")
def page(modules):
    return with_articles((ROOT / "web" / "index.html").read_text(), modules)


def test_the_whole_article_compiles(page):
    assert "<!-- article" not in page
    for left in ("<equation", "<python", "\\(", "\\frac", "merror"):
        assert left not in page, left
    assert page.count("<math") > 60


def test_an_equation_and_its_lines_name_one_another(page):
    described = re.findall(r'id="((?:equation|line)-[^"]+)"[^>]*? aria-describedby="([^"]+)"', page)
    partners = {name: ids.split() for name, ids in described}
    assert len(partners) == len(described) > 50
    for name, others in partners.items():
        for other in others:
            assert name in partners[other], (name, other)


def test_a_listing_is_the_function_without_its_docstring():
    for name, function in (
        ("network.MLP.loss_and_grads", network.MLP.loss_and_grads),
        ("ops.adam_update", ops.adam_update),
    ):
        source, first = inspect.getsourcelines(function)
        shown = {line.number: line.text for line in listing(name).lines}
        indent = len(source[0]) - len(source[0].lstrip())
        assert all(source[number - first].rstrip("\n")[indent:] == text for number, text in shown.items())
        assert (min(shown), max(shown)) == (first, first + len(source) - 1)
        assert len(source) - len(shown) == len(inspect.getsource(function).split('"""')[1].splitlines())


def test_colours_change_no_character():
    for line in listing("losses.one_hot").lines:
        assert (
            re.sub(r"<[^>]+>", "", line.html).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            == line.text
        )


def test_lines_of_the_kernel_are_marked(page):
    lines = re.findall(r'<span class="code-line.*?(?=<span class="code-line|</code>)', page)
    marked = [line for line in lines if 'class="by' in line]
    texts = [re.sub(r"<small.*?</small>|<[^>]+>", "", line).strip() for line in marked]
    assert [re.search(r"(def )?(\w+)\((?!self)", text)[0] for text in texts] == [
        "scale_pixels(", "matmul(", "matmul(", "matmul(", "adam_update(", "def adam_update(",
    ]  # fmt: skip
    for line in marked[:-1]:
        assert 'data-simd="WebAssembly kernel" data-numpy="NumPy">' in line


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (r"\(\frac{1\)", r"An equation of the article is not valid TeX: \\frac\{1"),
        (r"<equation>\nonsense</equation>", r"not valid TeX: \\nonsense"),
        (
            '<python functions="losses.hinge"></python>',
            r"shows losses.hinge, but digitnet/losses.py has no function hinge",
        ),
        ('<python functions="magic.wand"></python>', "shows magic.wand, but there is no file digitnet/magic.py"),
        ('<python functions="network.MLP"></python>', "has no function MLP"),
        (
            f'{SOFTMAX}<equation lines="losses.softmax: cosine">p</equation>',
            "'p' belongs to no line: none of losses.softmax",
        ),
        (
            '<equation lines="losses.softmax: e / e">p</equation>',
            "'p' belongs to losses.softmax, which the article does not",
        ),
        (SOFTMAX * 2, "shows losses.softmax twice"),
    ],
)
def test_what_fits_no_more_stops_the_build(modules, text, sentence):
    with pytest.raises(BuildError, match=sentence):
        article(text, modules)


def test_a_missing_article_is_named(modules):
    with pytest.raises(BuildError, match=r"web/article/poetry\.html, which is missing"):
        with_articles("<!-- article: poetry -->", modules)
