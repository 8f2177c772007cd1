"""The switch: with Pyodide and NumPy exactly as they are published, the page works too."""

import pytest

import build
from sitebuilder.runtime import GLUE, INTERPRETER, STDLIB


@pytest.mark.slow
def test_a_stock_site_ships_what_is_published_and_learns(tmp_path, serve, page):
    site = build.build_site(tmp_path / "site", stock=True)
    modules = build.node_modules()
    for source in [*(modules / "pyodide" / name for name in (*GLUE, INTERPRETER, STDLIB)), build.numpy_wheel(modules)]:
        assert (site / "pyodide" / source.name).read_bytes() == source.read_bytes(), source.name
    with serve(site) as address:
        page.goto(address)
        page.locator("html[data-state=ready]").wait_for(timeout=60_000)
        page.get_by_test_id("step").click()
        page.locator("html[data-state=paused]").wait_for()
        assert page.get_by_test_id("step-count").get_attribute("data-value") == "1"
        page.close()
