"""The page's own sources: names, addresses and files are data there, never markup or code."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
SCRIPTS = sorted(
    path for path in WEB.rglob("*.js") if "node_modules" not in path.parts and not path.name.endswith(".d.ts")
)
# What turns text into markup or code.
SINKS = (
    r"\.(inner|outer)HTML\b|insertAdjacentHTML|createContextualFragment|DOMParser|setHTML(Unsafe)?\(|srcdoc"
    r"|document\.write|\beval\(|new Function\b|javascript:|set(Timeout|Interval)\(\s*[\"'`]|setAttribute\(\s*[\"'`]on"
)


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: str(file.relative_to(WEB)))
def test_no_text_becomes_markup_or_code(file):
    code = re.sub(r"^\s*(/\*\*?|\*|//).*$", "", file.read_text(), flags=re.MULTILINE)
    assert re.findall(f".*(?:{SINKS}).*", code) == []


@pytest.mark.parametrize("text", ["a.innerHTML = b", "x.insertAdjacentHTML('beforeend', b)", "new Function(b)"])
def test_a_sink_is_found(text):
    assert re.search(SINKS, text)


@pytest.mark.parametrize("file", sorted(WEB.glob("*.html")) + sorted(WEB.glob("article/*.html")), ids=lambda f: f.name)
def test_no_markup_carries_code_of_its_own(file):
    text = file.read_text()
    assert re.findall(r"<[^>]*\son\w+\s*=", text) == []
    assert "javascript:" not in text


STYLED = sorted([*WEB.glob("styles/*.css"), *WEB.glob("*.html"), *SCRIPTS])


@pytest.mark.parametrize("file", STYLED, ids=lambda file: str(file.relative_to(WEB)))
def test_a_window_is_as_wide_as_the_letters_that_fit_into_it(file):
    """The layout is in rem, so what decides about it is in em: whoever needs large letters has a narrow screen."""
    assert re.findall(r"\((?:min-|max-)?(?:width|height)\s*[:<>=]+\s*[\d.]+px\)", file.read_text()) == []
