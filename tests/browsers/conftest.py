"""Browsers that Playwright does not drive, one tab each."""

from __future__ import annotations

import driving
import pytest


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def tab(request, tmp_path_factory):
    """A tab of a browser with a fresh profile, for the whole session: a start takes seconds."""
    name = request.param
    program = driving.found(name)
    if program is None:
        pytest.skip(f"{name} is not installed: {driving.INSTALL[name]}")
    with driving.STARTS[name](program, tmp_path_factory.mktemp(name)) as tab:
        yield tab
