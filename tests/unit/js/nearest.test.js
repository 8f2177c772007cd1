import assert from "node:assert/strict";
import { test } from "node:test";

import { isArrow, nearest } from "../../../web/lib/nearest.js";

/** Two rows of three boxes, and one wide box below. */
const boxes = [0, 1].flatMap((row) => [0, 1, 2].map((column) => ({ x: 30 * column, y: 30 * row, width: 20, height: 20 })));
boxes.push({ x: 0, y: 80, width: 80, height: 20 });

test("left and right stay in the row", () => {
  assert.equal(nearest(boxes[0], boxes, "ArrowRight"), 1);
  assert.equal(nearest(boxes[4], boxes, "ArrowLeft"), 3);
  assert.equal(nearest(boxes[2], boxes, "ArrowRight"), -1);
});

test("up and down change the row", () => {
  assert.equal(nearest(boxes[1], boxes, "ArrowDown"), 4);
  assert.equal(nearest(boxes[5], boxes, "ArrowDown"), 6);
  assert.equal(nearest(boxes[6], boxes, "ArrowUp"), 4);
  assert.equal(nearest(boxes[0], boxes, "ArrowUp"), -1);
});

test("other keys are left alone", () => assert.deepEqual(["ArrowUp", "Enter", "a"].map(isArrow), [true, false, false]));
