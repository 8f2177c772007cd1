"""Code that does not end is stopped, with its line, however it tries to go on."""

import textwrap
import time
import types

import pytest

from digitnet.workshop.watch import Runaway, codes_in, nested, time_limit

FAR = 20  # seconds: a test that is not stopped fails by this


def run(body, seconds=0.15):
    """Run the body of a function f under a time limit; return what stopped it."""
    source = "import itertools\nimport time\nstart = time.perf_counter()\ndef f():\n" + textwrap.indent(body, "    ")
    module = types.ModuleType("edited")
    exec(compile(source, "<your edited.py>", "exec"), module.__dict__)
    with pytest.raises(Runaway) as caught, time_limit(seconds, codes_in(module)):
        module.f()
    return caught.value


LIMIT = f"    if time.perf_counter() - start > {FAR}: raise SystemExit('not stopped')\n"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("while True:\n" + LIMIT + "    pass\n", {5, 6, 7}),
        ("for i in itertools.count():\n" + LIMIT + "    x = i\n", {5, 6, 7}),
        (
            "while True:\n" + LIMIT + "    try:\n        x = 1 / 0\n    except Exception:\n        pass\n",
            {5, 6, 7, 8, 9, 10},
        ),
        ("sum(1 for i in itertools.count())\n", {5}),
        ("[i for i in itertools.count() if i < 0]\n", {5}),
        ("def g():\n    while True:\n    " + LIMIT.replace("\n", "\n    ") + "    pass\ng()\n", {6, 7, 8}),
    ],
)
def test_stops_what_does_not_end_and_says_where(body, lines):
    start = time.perf_counter()
    stopped = run(body)
    assert time.perf_counter() - start < 5
    assert stopped.line in lines
    assert stopped.filename == "<your edited.py>"


BARE = """
for n in range(1000):
    try:
        while True:
            pass
    except:
        pass
"""


def test_a_bare_except_does_not_keep_it_alive():
    start = time.perf_counter()
    run(BARE)
    assert time.perf_counter() - start < 5


def test_within_the_limit_nothing_happens_and_nothing_stays_behind():
    def f():
        return sum(i for i in range(1000))

    for _ in range(3):
        with time_limit(60, nested(f.__code__)):
            assert f() == 499_500
    assert f() == 499_500


def test_methods_and_what_is_wrapped_are_found():
    source = """
import functools
class A:
    def method(self): return [i for i in range(3)]
    @classmethod
    def make(cls): pass
    @property
    def size(self): return 0
def outer(f):
    @functools.wraps(f)
    def inner(): return f()
    return inner
@outer
def wrapped(): pass
"""
    module = types.ModuleType("edited")
    exec(source, module.__dict__)
    names = {code.co_name for code in codes_in(module)}
    assert {"method", "make", "size", "outer", "inner", "wrapped"} <= names
