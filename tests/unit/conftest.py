"""What unit tests share."""

import pytest


@pytest.fixture
def short_limit(monkeypatch):
    """Have edited code stopped after a fifth of the time that the page allows it: that it is stopped is tested, and
    where."""
    for module in ("hood", "lesson", "exercises.checking"):
        monkeypatch.setattr(f"digitnet.workshop.{module}.SECONDS", 0.2)
