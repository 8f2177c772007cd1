import assert from "node:assert/strict";
import { test } from "node:test";

import { readingOrder } from "../../../web/lib/reading-order.js";

test("one column is read from top to bottom", () => {
  assert.deepEqual(readingOrder('"draw" "bar" "learning"'), ["draw", "bar", "learning"]);
});

test("a column of two is read before the one beside both", () => {
  const template = '"bar bar bar" "draw inside learning" "teaching inside learning"';
  assert.deepEqual(readingOrder(template), ["bar", "draw", "teaching", "inside", "learning"]);
});

test("what lies below all columns is read last, and an empty cell is no area", () => {
  assert.deepEqual(readingOrder('"bar bar" "draw learning" "teaching learning" "inside ."'), ["bar", "draw", "teaching", "learning", "inside"]);
});

test("a grid without names has no order of its own", () => {
  assert.deepEqual(readingOrder("none"), []);
});
