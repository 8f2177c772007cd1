import assert from "node:assert/strict";
import { test } from "node:test";
import { allFigures, figuresOf, filled, holds, outcome, verdict, written } from "../../../web/lib/claims.js";

const point = (position, loss) => ({ position, samples: 0, seconds: 0, loss, accuracy: 0.5, weight: 1 });

/** @returns {any} */
const experiment = (changes = {}) => ({
  id: "one", title: "One", about: "", question: "", answers: ["It falls", "It rises"], right: 1,
  runs: [{ name: "plain", title: "plain", settings: {} }, { name: "l2", title: "L2", settings: {} }],
  figures: { gain_points: ["-", "l2.test", "plain.test"] },
  claims: [{ if: ["gain_points", ">", 0.02], text: "L2 adds two points" }], marks: [],
  saw: ["Plain reads {plain.test}.", "L2 reads {l2.test}, {gain_points} more."], why: "Small weights.", ...changes,
});

test("the figures of a run are those of its end, and its lowest test loss", () => {
  const last = { test_accuracy: 0.9, test_loss: 0.5, train_accuracy: 1, train_loss: 0.1, epoch: 6, step: 60, seconds: 2, samples: 600 };
  const figures = figuresOf(/** @type {any} */ ({ last, test: [point(2, 0.6), point(4, 0.4), point(6, 0.5)] }));
  assert.deepEqual(figures, {
    test: 0.9, test_loss: 0.5, train: 1, train_loss: 0.1, best_test_loss: 0.4, best_epoch: 4, epochs: 6, steps: 60, seconds: 2, speed: 300,
  });
});

test("a run that was never tested has no test figures, and no claim about them holds", () => {
  const last = { test_accuracy: null, test_loss: null, train_accuracy: 0.1, train_loss: 2, epoch: 0, step: 3, seconds: 0, samples: 30 };
  const figures = allFigures(experiment({ figures: {} }), { plain: figuresOf(/** @type {any} */ ({ last, test: [] })) });
  assert.equal(figures["plain.speed"], null);
  for (const operator of ["<", ">", "=", "not", "between"]) {
    assert.equal(holds(/** @type {any} */ ({ if: ["plain.test", operator, 0, 1], text: "" }), figures), false, operator);
  }
});

test("conditions compare figures with numbers and with each other", () => {
  const figures = { "a.test": 0.9, "b.test": 0.8 };
  const is = (...terms) => holds(/** @type {any} */ ({ if: terms, text: "" }), figures);
  assert.deepEqual([is("a.test", ">", "b.test"), is("a.test", "<", "b.test"), is("a.test", "=", 0.9), is("a.test", "not", "b.test"),
    is("a.test", "between", 0.85, 0.9), is("a.test", "between", 0.91, 1)], [true, false, true, true, true, false]);
});

test("figures of several runs are combined", () => {
  const figures = allFigures(experiment({ figures: { gap: ["-", "a.x", "b.x"], times: ["/", "a.x", "b.x"], apart: ["distance", "b.x", "a.x"] } }), { a: { x: 3 }, b: { x: 2 } });
  assert.deepEqual([figures.gap, figures.times, figures.apart], [1, 1.5, 1]);
});

test("numbers are written as everywhere on the page", () => {
  assert.deepEqual(
    [["a.test", 0.9444], ["a.test_loss", 0.45229], ["gap_points", 0.1], ["faster_times", 2.44], ["a.steps", 10000], ["a.best_epoch", 8], ["a.pad_digit", "3"], ["a.pad_confidence", 0.951]]
      .map(([name, value]) => written(String(name), /** @type {any} */ (value))),
    ["94.4 %", "0.4523", "10.0 percentage points", "2.4 times", "10,000", "8", "3", "95.1 %"],
  );
  assert.equal(filled("{a.test} and {a.missing}", { "a.test": 0.5 }), "50.0 % and no number");
});

test("where all claims hold, what was seen is explained", () => {
  const figures = allFigures(experiment(), { plain: { test: 0.9 }, l2: { test: 0.95 } });
  assert.deepEqual(outcome(experiment(), figures), {
    held: true, sentences: ["Plain reads 90.0 %.", "L2 reads 95.0 %, 5.0 percentage points more.", "Small weights."],
  });
});

test("where a claim does not hold, that is said with its numbers, and nothing is explained", () => {
  const figures = allFigures(experiment(), { plain: { test: 0.9 }, l2: { test: 0.91 } });
  const { held, sentences } = outcome(experiment(), figures);
  assert.equal(held, false);
  assert.match(sentences[2], /did not happen as expected.*L2 adds two points \(1\.0 percentage points\)/);
  assert.ok(!sentences.includes("Small weights."));
});

test("an expectation is compared with what happened, unless nothing can be said", () => {
  assert.equal(verdict(experiment(), 1, true), "You expected that: It rises.");
  assert.equal(verdict(experiment(), 0, true), "You expected: It falls. It turned out: It rises.");
  assert.equal(verdict(experiment(), null, true), "");
  assert.equal(verdict(experiment(), 0, false), "");
});
