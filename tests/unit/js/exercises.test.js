import assert from "node:assert/strict";
import { test } from "node:test";

import { exerciseIn, withExercise } from "../../../web/hood/exercise-link.js";
import { Progress } from "../../../web/hood/exercise-progress.js";

test("an exercise in the address leaves the settings in it as they are", () => {
  const settings = "#recipe=ten-hidden&layers=128,64&title=a+b";
  const hash = withExercise(settings, "softmax");
  assert.equal(hash, `${settings}&exercise=softmax`);
  assert.equal(exerciseIn(hash), "softmax");
  assert.equal(withExercise(hash, "adam"), `${settings}&exercise=adam`);
  assert.equal(withExercise(hash, ""), settings);
});

test("an address without an exercise asks for none", () => {
  for (const hash of ["", "#", "#seed=3", "#code=abc&seed=3"]) assert.equal(exerciseIn(hash), "");
  assert.equal(withExercise("", ""), "");
  assert.equal(withExercise("", "he"), "#exercise=he");
});

const all = [{ id: "a" }, { id: "b" }, { id: "c" }];

test("progress is never taken back", () => {
  const progress = new Progress();
  assert.equal(progress.summary(all), "0 of 3 solved");
  progress.note("b", { hints: 2 });
  progress.note("b", { isSolved: true });
  progress.note("b", { hints: 1, hasSeenSolution: true });
  assert.deepEqual(progress.of("b"), { isSolved: true, hints: 2, hasSeenSolution: true });
  assert.equal(progress.summary(all), "1 of 3 solved");
});

test("solved exercises of an earlier version do not count", () => {
  const progress = new Progress();
  progress.note("gone", { isSolved: true });
  assert.equal(progress.summary(all), "0 of 3 solved");
});

test("the next exercise is the next that is not solved, from the beginning again at the end", () => {
  const progress = new Progress();
  progress.note("b", { isSolved: true });
  assert.equal(progress.next(all, "a")?.id, "c");
  assert.equal(progress.next(all, "c")?.id, "a");
  progress.note("a", { isSolved: true });
  progress.note("c", { isSolved: true });
  assert.equal(progress.next(all, "a"), undefined);
});
