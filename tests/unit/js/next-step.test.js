import assert from "node:assert/strict";
import { test } from "node:test";
import { nextStep } from "../../../web/lib/next-step.js";

const NEXT = { id: "zeros", title: "Zeros" };
/** @type {import("../../../web/lib/next-step.js").Experiments} */
const EXPERIMENTS = { running: "", next: NEXT, doneCount: 0, count: 16 };
const text = (state, isTrained, experiments = EXPERIMENTS) => nextStep({ state, isTrained, experiments }).text;

test("there is a next step in every state", () => {
  assert.match(text("loading", false), /Draw/);
  assert.match(text("error", true), /Retry/);
  assert.match(text("ready", false), /Train/);
  assert.match(text("training", false), /curves/);
  assert.match(text("paused", true), /Resume/);
});

test("after the first training it is an experiment", () => {
  assert.equal(nextStep({ state: "done", isTrained: true, experiments: EXPERIMENTS }).experiment, NEXT);
  assert.equal(nextStep({ state: "ready", isTrained: false, experiments: EXPERIMENTS }).experiment, null);
});

test("an experiment that runs is named in every state of the page", () => {
  for (const state of ["ready", "training", "done"]) assert.match(text(state, true, { ...EXPERIMENTS, running: "Zeros" }), /Zeros/);
});

test("when all are done, or not here, there is still something to do", () => {
  assert.match(text("done", true, { ...EXPERIMENTS, next: null, doneCount: 16 }), /Code/);
  assert.match(nextStep({ state: "done", isTrained: true, experiments: null }).text, /Draw/);
});
