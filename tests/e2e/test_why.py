"""The way to the answer: units' votes, and what a unit passes on."""

import math
import re

SCORES = "table => [...table.querySelectorAll('tbody tr')].map(row => [...row.children].map(cell => cell.textContent))"
SEVEN = [[(-0.35, -0.45), (0.35, -0.45), (-0.05, 0.5)]]


def number(text):
    return float(text.replace("−", "-"))


def test_the_votes_add_up_to_the_scores_and_lead_to_the_unit(trained):
    trained.clear()
    trained.draw(SEVEN)
    trained.wait_until(lambda: trained.attribute("prediction") == "7")
    why = trained.control("why")
    why.locator("summary").click()
    trained.wait_until(lambda: "It says 7 and not" in trained.text("why-sentence"), seconds=10, what="the sentence")
    rows = why.locator("table").evaluate(SCORES)
    *parts, total = rows
    assert total[0] == "score"
    for column in (1, 2):
        assert math.isclose(sum(number(row[column]) for row in parts), number(total[column]), abs_tol=1e-9)
    lead = number(total[1]) - number(total[2])
    assert lead > 0
    probabilities = sorted(trained.probabilities())
    times = probabilities[-1] / probabilities[-2]
    assert math.isclose(math.exp(lead), times, rel_tol=0.03)  # the scores are shown with two decimals
    first = rows[0][0]
    assert first in trained.text("why-sentence")

    why.get_by_role("button", name=first, exact=True).click()
    assert trained.page.get_by_role("heading", name=f"Hidden layer 1, {first}").is_visible()
    outgoing = trained.page.get_by_label("Weights to the outputs", exact=True).locator("li")
    trained.wait_until(lambda: outgoing.count() == 10, seconds=5, what="the weights")
    weights = [float(item.get_attribute("data-value")) for item in outgoing.all()]
    raised = int(re.search(rf"{first} \(here it raises (\d)", trained.text("why-sentence"))[1])
    assert weights[raised] == max(weights), "the activation of a ReLU is positive"
    trained.page.keyboard.press("Escape")
    trained.clear()
    trained.wait_until(lambda: "Draw a digit" in trained.text("why-sentence"), seconds=5, what="no answer to explain")
    why.locator("summary").click()
