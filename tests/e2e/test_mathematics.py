"""The equations, and the Python beside them."""

import pytest


@pytest.fixture
def article(trained):
    section = trained.page.locator("#mathematics")
    yield section
    trained.page.mouse.move(0, 0)
    trained.page.evaluate("document.activeElement.blur()")


def lit(article):
    return article.locator(".lit").evaluate_all("nodes => nodes.map(node => node.id)")


def line_with(article, text):
    return article.locator(".code-line.marked").filter(has_text=text)


def equation_of(article, line):
    return article.locator(f"#{line.get_attribute('aria-describedby').split()[0]}")


def test_the_code_is_there_before_python_is(new_page, server):
    """It comes with the page: no script has to run."""
    page = new_page(java_script_enabled=False)
    page.goto(server)
    marked = page.locator(".code .marked .text").all_text_contents()
    assert "        z = ops.matmul(activations[-1], W) + b" in marked
    assert "    return float(loss), (np.exp(log_p) - Y) / n" in marked
    for block in page.locator("#mathematics .code").all():
        assert block.locator(".marked").count() > 0


def test_pointing_at_an_equation_lights_its_lines_and_the_reverse(article):
    line = line_with(article, "dz = da * derivative(a)")
    equation = equation_of(article, line)
    both = sorted([line.get_attribute("id"), equation.get_attribute("id")])
    equation.hover()
    assert sorted(lit(article)) == both
    assert line.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
    article.locator("h2").hover()
    assert lit(article) == []
    line.hover()
    assert sorted(lit(article)) == both
    article.locator("h2").hover()
    equation.focus()
    assert sorted(lit(article)) == both
    equation.evaluate("node => node.blur()")
    assert lit(article) == []


def test_what_was_tapped_stays_lit_and_what_belongs_to_it_comes_into_sight(article, trained):
    trained.page.set_viewport_size({"width": 390, "height": 700})
    line = line_with(article, "s_hat = ")
    equation = equation_of(article, line)
    equation.scroll_into_view_if_needed()
    equation.click()
    trained.page.mouse.move(0, 0)
    assert sorted(lit(article)) == sorted([line.get_attribute("id"), equation.get_attribute("id")])
    top = line.evaluate("node => node.getBoundingClientRect().top")
    assert 0 < top < 700
    assert trained.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    trained.page.set_viewport_size({"width": 1280, "height": 720})


def test_the_keyboard_goes_from_line_to_line(article):
    block = article.locator(".code").filter(has_text="def adam_update")
    first = block.locator(".marked").first
    first.focus()
    first.press("ArrowDown")
    second = block.locator(".marked").nth(1)
    assert second.evaluate("node => node === document.activeElement")
    assert second.get_attribute("id") in lit(article)
    assert second.get_attribute("aria-describedby") in lit(article)
    assert block.locator("[tabindex='0']").count() == 1


def test_two_lines_of_one_equation_light_together(article):
    equation_of(article, line_with(article, "m *= beta1")).hover()
    assert len(lit(article)) == 3


def test_copy_gives_the_code_alone(article, trained):
    trained.page.evaluate("navigator.clipboard.writeText = async text => { window.copied = text }")
    block = article.locator(".code").filter(has_text="def forward")
    button = block.get_by_role("button")
    button.click()
    trained.wait_until(lambda: button.text_content() == "Copied")
    copied = trained.page.evaluate("copied")
    assert copied.startswith("def forward(self, X")
    assert "\n        z = ops.matmul(activations[-1], W) + b\n" in copied
    compile(copied, "copied", "exec")
    trained.wait_until(lambda: button.text_content() == "Copy")


def test_the_marks_say_who_does_the_work(article, trained):
    marks = article.locator(".by")
    assert trained.attribute("kernel") == "simd"
    assert marks.all_text_contents() == ["WebAssembly kernel"] * 5 + ["the WebAssembly kernel computes the same"]
    trained.set("kernel", "numpy")
    trained.wait_until(lambda: trained.attribute("kernel") == "numpy")
    assert marks.all_text_contents() == ["NumPy"] * 5 + ["NumPy runs these lines"]
    trained.set("kernel", "simd")
    trained.wait_until(lambda: trained.attribute("kernel") == "simd")
    assert marks.all_text_contents()[0] == "WebAssembly kernel"


def test_nothing_shown_differs_from_the_package_that_runs(article):
    assert article.locator(".changed").is_hidden()


def test_the_page_says_which_functions_differ(app, spoilt_server):
    app.url, faults = spoilt_server
    faults["index.html"] = lambda page: page.replace(
        b'class="text">    z = logits - ', b'class="text">    z = logits + '
    )
    app.open()
    note = app.page.locator("#mathematics .changed")
    app.wait_until(note.is_visible)
    assert "losses.log_softmax" in note.text_content()
    assert "losses.softmax," not in note.text_content()
