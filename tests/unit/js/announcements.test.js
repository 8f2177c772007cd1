import assert from "node:assert/strict";
import { test } from "node:test";

import { ended } from "../../../web/lib/announcements.js";

const PROGRESS = { state: /** @type {const} */ ("done"), epoch: 12, epochs_target: 12, step: 1884, test_accuracy: 0.9662, test_images: 10000 };

test("a run that is done is said with its result", () => {
  assert.equal(ended(PROGRESS), "Done after 12 epochs: 96.6 % of 10,000 test images correct.");
  assert.equal(ended({ ...PROGRESS, epoch: 1 }), "Done after 1 epoch: 96.6 % of 10,000 test images correct.");
});

test("a run that was not tested has no result", () => {
  assert.equal(ended({ ...PROGRESS, test_accuracy: null }), "Done after 12 epochs.");
});

test("a run that pauses is said with its place", () => {
  assert.equal(ended({ ...PROGRESS, state: "paused", epoch: 2, step: 1 }), "Paused in epoch 3 of 12, after 1 step.");
});

test("what a message says is not said twice", () => {
  assert.equal(ended({ ...PROGRESS, state: "diverged" }), "");
  assert.equal(ended({ ...PROGRESS, state: "failed" }), "");
});
