"""The page in Firefox and WebKit: a visit from the start to the second one without a network, step by step."""

from __future__ import annotations

import base64

import pytest

pytestmark = pytest.mark.slow

# Errors that nobody caught, and the last file that was handed to the visitor. The page's own handlers are unaffected.
WATCH = """(() => {
  window.problems = [];
  addEventListener('error', event => problems.push(event.message));
  addEventListener('unhandledrejection', event => problems.push(String(event.reason)));
  const make = URL.createObjectURL;
  URL.createObjectURL = blob => { window.handed = blob; return make.call(URL, blob); };
})()"""
WAIT = """new Promise((done, fail) => {
  const late = setTimeout(() => fail(`waited in vain; ${document.documentElement.dataset.state}, ` +
    document.querySelector('[data-testid=message]').textContent), arguments[0] * 1000);
  const look = () => {
    if (!(%s)) return setTimeout(look, 20);
    clearTimeout(late);
    done();
  };
  look();
})"""
HANDED = """(async () => {
  const bytes = new Uint8Array(await handed.arrayBuffer());
  window.handed = undefined;
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
})()"""


class Visit:
    """The page in one tab."""

    def __init__(self, tab, address):
        self.tab, self.address = tab, address

    def open(self, settings=""):
        self.tab.goto(self.address + settings)
        self.tab.evaluate(WATCH)
        self.wait_for_state("ready")

    def wait(self, condition, seconds=60):
        """Look until an expression of JavaScript is true."""
        self.tab.evaluate(WAIT % condition, seconds)

    def wait_for_state(self, state, seconds=60):
        self.wait(f"document.documentElement.dataset.state === '{state}'", seconds)

    def value(self, name):
        return self.tab.evaluate(f"document.querySelector('[data-testid={name}]').dataset.value")

    def click(self, name):
        self.tab.click(f"[data-testid={name}]")

    def train(self):
        self.click("train")
        self.wait_for_state("done")

    def draw(self, stroke):
        """Draw one stroke on an empty pad, in a box from -0.5 to 0.5."""
        self.click("clear")
        self.wait("document.querySelector('[data-testid=prediction]').dataset.value === ''")
        box = self.tab.evaluate(
            """(() => {
              const pad = document.querySelector('[data-testid=draw]');
              pad.scrollIntoView({block: 'center'});
              const {x, y, width, height} = pad.getBoundingClientRect();
              return [x + width / 2, y + height / 2, 0.7 * Math.min(width, height)];
            })()"""
        )
        self.tab.draw([(box[0] + box[2] * x, box[1] + box[2] * y) for x, y in stroke])

    def wait_for_digit(self, digit):
        self.wait(f"document.querySelector('[data-testid=prediction]').dataset.value === '{digit}'")


ONE = [(0.05, -0.5), (-0.05, 0.5)]
SEVEN = [(-0.3, -0.45), (0.3, -0.45), (-0.05, 0.5)]


@pytest.fixture(scope="module")
def visit(tab, server):
    visit = Visit(tab, server)
    visit.open()
    return visit


@pytest.fixture(scope="module")
def trained(visit):
    visit.train()
    return visit


@pytest.fixture(autouse=True)
def no_problems(visit):
    yield
    assert visit.tab.evaluate("window.problems") == []


def test_it_starts_with_the_kernel_and_nothing_to_complain_of(visit):
    assert visit.value("kernel") == "simd"
    assert visit.tab.evaluate("document.querySelector('[data-testid=message]').textContent") == ""
    visit.wait("document.querySelector('[data-testid=prediction]').dataset.value !== ''")  # the sample on the pad


def test_number_fields_have_no_spin_buttons(visit):
    looks = visit.tab.evaluate(
        "[...document.querySelectorAll('.field input[type=number]')].map(field => getComputedStyle(field).appearance)"
    )
    assert set(looks) == {"textfield"}


def test_it_learns(trained):
    assert float(trained.value("test-accuracy")) > 0.95


def test_a_drawing_is_read(trained):
    trained.draw(ONE)
    trained.wait_for_digit(1)
    trained.draw(SEVEN)
    trained.wait_for_digit(7)


def test_a_network_is_saved_and_loaded(trained, tmp_path):
    accuracy = trained.value("test-accuracy")
    trained.tab.evaluate("document.querySelector('[data-testid=save]').click()")
    trained.wait("window.handed")
    saved = tmp_path / "network.npz"
    saved.write_bytes(base64.b64decode(trained.tab.evaluate(HANDED)))
    trained.click("reset")
    trained.wait_for_state("ready")
    trained.tab.type("[data-testid=load]", str(saved))
    trained.wait(f"document.querySelector('[data-testid=test-accuracy]').dataset.value === '{accuracy}'")
    trained.draw(SEVEN)
    trained.wait_for_digit(7)


def test_the_second_visit_needs_no_network(tab, visit, site, serve):
    with serve(site) as address:
        first = Visit(tab, address)
        first.open()
        first.wait("document.querySelector('[data-testid=offline]').dataset.value === 'yes'")
    second = Visit(tab, address)
    second.open("#epochs=1&data-size=1000")
    second.train()
    assert float(second.value("test-accuracy")) > 0.5
