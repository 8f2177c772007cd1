import assert from "node:assert/strict";
import { test } from "node:test";

import { isMove, moved, placeInWords } from "../../../web/lib/pen-keys.js";

test("an arrow key moves the point one step", () => {
  assert.deepEqual(moved([0.5, 0.5], ["ArrowUp"], 0.25), [0.5, 0.25]);
  assert.deepEqual(moved([0.5, 0.5], ["ArrowRight"], 0.25), [0.75, 0.5]);
});

test("two arrow keys held together and a corner of the numeric pad move it diagonally", () => {
  const diagonal = moved([0.5, 0.5], ["ArrowDown", "ArrowLeft"], 0.25);
  assert.deepEqual(diagonal, [0.25, 0.75]);
  assert.deepEqual(moved([0.5, 0.5], ["End"], 0.25), diagonal);
});

test("opposite keys cancel out", () => {
  assert.deepEqual(moved([0.5, 0.5], ["ArrowLeft", "ArrowRight"], 0.25), [0.5, 0.5]);
});

test("a point stays on the pad", () => {
  assert.deepEqual(moved([0.95, 0.02], ["PageUp"], 0.1), [1, 0]);
});

test("only keys that move are moves", () => {
  assert.equal(isMove("ArrowUp"), true);
  assert.equal(isMove("PageDown"), true);
  assert.equal(isMove("a"), false);
  assert.equal(isMove("toString"), false);
});

test("a place is said by column and row, from 1", () => {
  assert.equal(placeInWords([0, 0.5], 28), "column 1, row 15 of 28");
  assert.equal(placeInWords([1, 1], 28), "column 28, row 28 of 28");
});
