"""The Content-Security-Policy of the site's pages."""

from __future__ import annotations

import base64
import hashlib
import re

from sitebuilder.reporting import BuildError

# Nothing but the site's own files, and no text that becomes code. Python needs WebAssembly; the worker imports Pyodide
# from the bytes whose hash it has checked, as a blob. A <meta> binds the page alone: for the worker's sake all of it
# can be sent as a header too, where a host can send headers.
RULES = {
    "default-src": ["'none'"],
    "script-src": ["'self'", "'wasm-unsafe-eval'", "blob:"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'"],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}
PLACE = '<meta charset="utf-8">'


def policy(html: str) -> str:
    """Return the policy of a page: the rules, and the hashes of the scripts and styles that stand in it."""
    if found := re.search(r"<[^<>]*\sstyle=[^<>]*>", html):
        raise BuildError(f"The page's policy forbids style attributes: {found[0]}")
    rules = {name: list(sources) for name, sources in RULES.items()}
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        for text in re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            rules[rule].append(f"'sha256-{digest}'")
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


def with_policy(html: str) -> str:
    """Return a page with its policy in it, before anything that it binds."""
    return html.replace(PLACE, f'{PLACE}\n<meta http-equiv="Content-Security-Policy" content="{policy(html)}">', 1)
