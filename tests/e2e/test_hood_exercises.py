"""Exercises under the hood: chosen, failed, hinted, solved; kept in the browser; linked."""

import re

import pytest
from test_hood_code import Hood

from digitnet.workshop.exercises import exercise_named, marked_lines, solution_text, start_text
from digitnet.workshop.lesson import original

RELU = exercise_named("relu-derivative")
SOFTMAX = exercise_named("softmax")


class Exercises:
    """The exercises of a page whose hood is open or opens with the address."""

    def __init__(self, app):
        self.app, self.page = app, app.page
        self.card = app.page.get_by_role("region", name="Exercise")

    def wait_for_list(self):
        self.app.wait_until(
            lambda: self.app.control("exercise").locator("option").count() > 24, seconds=15, what="the exercises"
        )

    def choose(self, exercise):
        self.app.control("exercise").select_option(exercise.id)
        self.wait_for_text(start_text(exercise))

    def wait_for_text(self, text):
        self.app.wait_until(lambda: self.text() == text, seconds=10, what="the text in the editor")

    def text(self):
        return self.app.control("code-editor").evaluate("editor => editor.value")

    def write(self, text):
        self.app.control("code-editor").evaluate("(editor, text) => { editor.value = text; }", text)

    def check(self, state):
        self.app.click("exercise-check")
        self.app.wait_until(lambda: self.state() == state, seconds=5, what=f"the exercise's state {state}")

    def state(self):
        return self.app.attribute("exercise-state")

    def says(self):
        return self.app.text("exercise-state")

    def button(self, name):
        return self.card.get_by_role("button", name=name)


def test_an_exercise_failed_hinted_solved_and_kept(warm):
    Hood(warm).open("#seed=3")
    exercises = Exercises(warm)
    app, page = exercises.app, exercises.page
    exercises.wait_for_list()
    mine = original("activations.py") + "\n# mine\n"
    app.control("code-file").select_option("activations.py")
    exercises.write(mine)

    exercises.choose(RELU)
    assert exercises.state() == "open"
    assert "exercise=relu-derivative" in page.url
    assert "seed=3" in page.url
    exercises.check("wrong")
    assert "Nothing has been written" in exercises.says()

    line = marked_lines(RELU)[0]
    lines = start_text(RELU).splitlines()
    lines[line - 1] = "    return a"
    exercises.write("\n".join(lines) + "\n")
    assert exercises.state() == "open", "what is typed is not checked yet"
    exercises.check("wrong")
    hints = exercises.card.get_by_role("listitem")
    for shown in (1, 2):
        app.click("exercise-hint")
        app.wait_until(lambda shown=shown: hints.count() == shown, what="a hint")
    app.click("exercise-solution")
    solved = exercises.card.get_by_label("Your lines and the solution")
    app.wait_until(lambda: solved.locator("del").count() > 0, what="the comparison")
    assert "return a" in solved.locator("del").all_text_contents()[-1]
    assert solved.locator("ins").count() > 0
    exercises.button("Put the solution").click()
    exercises.wait_for_text(solution_text(RELU))
    exercises.check("solved")
    assert "Why:" in exercises.card.text_content()
    assert page.get_by_text(re.compile(r"^1 of \d+ solved$")).count() == 1

    exercises.button("Next:").click()
    app.wait_until(lambda: "exercise=relu" not in page.url and exercises.state() == "open", what="the next exercise")
    app.control("exercise").select_option("")
    app.wait_until(lambda: "exercise=" not in page.url)
    app.control("code-file").select_option("activations.py")
    assert exercises.text() == mine, "what stood there before is back"

    app.control("exercise").select_option(SOFTMAX.id)
    exercises.wait_for_text(start_text(SOFTMAX))
    half_done = start_text(SOFTMAX) + "\n# half done\n"
    exercises.write(half_done)
    app.wait_until(lambda: "half done" in str(app.stored("exercises")), what="the stored answer")
    page.reload()
    app.wait_for("ready", seconds=30)
    exercises.wait_for_list()
    assert page.get_by_text(re.compile(r"^1 of \d+ solved$")).count() == 1
    app.wait_until(lambda: app.control("exercise").input_value() == SOFTMAX.id, what="the exercise in the address")
    exercises.wait_for_text(half_done)


@pytest.mark.slow
def test_a_link_opens_an_exercise_and_an_endless_loop_in_it_is_stopped(app):
    exercises = Exercises(app)
    app.open(f"#exercise={RELU.id}")
    exercises.wait_for_list()
    exercises.wait_for_text(start_text(RELU))
    assert app.control("code").is_visible()
    assert app.control("exercise").input_value() == RELU.id
    line = marked_lines(RELU)[0]
    lines = start_text(RELU).splitlines()
    lines[line - 1] = "    while True:\n        pass"
    exercises.write("\n".join(lines) + "\n")
    app.click("exercise-check")
    app.wait_until(lambda: exercises.state() == "wrong", seconds=3, what="the loop to be stopped")
    assert "does not end" in exercises.says()
    app.clear_and_draw_a_one()  # the page is alive
    app.click("step")
    app.wait_until(lambda: app.value("step-count") == 1, what="a step with the code that runs")
    exercises.write(solution_text(RELU))
    exercises.check("solved")
    exercises.button("Apply it").click()
    app.wait_for("training", seconds=10)
