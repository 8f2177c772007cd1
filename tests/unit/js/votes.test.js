import assert from "node:assert/strict";
import test from "node:test";
import { rowsOf, sentenceOf, softmaxSentence } from "../../../web/lib/votes.js";

const NAMES = Array.from("0123456789");
const votes = {
  classes: [7, 2], layer: 0, rest_count: 125, rest: [0.1264, -0.2], bias: [-0.3, 0.0049], scores: [5.0051, -1.2],
  probabilities: [0.99, 0.002],
  votes: [
    { unit: 20, activation: 2, parts: [3.0049, -1], raises: [7, 9], lowers: [0, 6] },
    { unit: 44, activation: 1, parts: [2.1738, -0.0049], raises: [7, 1], lowers: [2, 3] },
  ],
};

test("the numbers that are shown add up to the scores that are shown", () => {
  const rows = rowsOf(votes);
  assert.deepEqual(rows.map(({ label }) => label), ["unit 21", "unit 45", "125 other units", "bias", "score"]);
  for (const side of [0, 1]) {
    const parts = rows.map((row) => row.parts[side]);
    const sum = parts.slice(0, -1).reduce((total, part) => total + part, 0);
    assert.equal(sum.toFixed(2), parts[parts.length - 1].toFixed(2));
  }
});

test("the sentence names the units that decide, and what they speak for", () => {
  assert.equal(sentenceOf(votes, NAMES),
    "It says 7 and not 2 mostly because of unit 21 (here it raises 7 and 9 most and lowers 0 most) and unit 45 (here it raises 7 and 1 most and lowers 2 most).");
  const biased = { ...votes, votes: [{ ...votes.votes[0], parts: [0, 1] }] };
  assert.match(sentenceOf(biased, NAMES), /the biases decide/);
});

test("without a hidden layer the units are pixels", () => {
  const pixels = { ...votes, layer: -1, votes: [{ ...votes.votes[0], unit: 28 * 3 + 4 }] };
  assert.equal(rowsOf(pixels)[0].label, "pixel in row 4, column 5");
});

test("a lead in score is a ratio of probabilities", () => {
  assert.match(softmaxSentence({ ...votes, scores: [3, 1] }, NAMES), /A lead of 2.00 makes 7 e\^2.00 = 7.4 times as probable as 2/);
});
