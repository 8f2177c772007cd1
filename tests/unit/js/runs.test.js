import assert from "node:assert/strict";
import { test } from "node:test";
import { curvesOf, farthest, ticksOf, verticalRange } from "../../../web/lib/curve-data.js";
import { curvesSvg } from "../../../web/lib/curves-svg.js";
import { RunRecord } from "../../../web/lib/history.js";
import { changeText, differences } from "../../../web/lib/run-labels.js";
import { runsFrom } from "../../../web/lib/run-store.js";
import { runsCsv } from "../../../web/lib/runs-csv.js";

const SETTINGS = {
  recipe: "quick", data_size: 10_000, layers: "128", activation: "relu", initializer: "he", optimizer: "adam",
  learning_rate: 0.004, schedule: "cosine", batch_size: 64, l2: 0, epochs: 12, seed: 0, shift: 1, affine: 0, styles: 0, ema: 0, evaluate_every: 1, patience: 0,
};

/** A progress after some steps of 64 images out of 640.
 * @returns {Progress} */
function progress(step, changes = {}) {
  const position = step / 10;
  return {
    state: "training", epoch: Math.floor(position), epochs_target: 12, fraction: 0, position, step, samples: 64 * step, seconds: step / 5,
    train_loss: 0.5, train_accuracy: 0.8, slice_loss: 0.5, slice_accuracy: 0.8, test_loss: null, test_accuracy: null, tested_at: null,
    validation_accuracy: null, samples_per_second: 0, learning_rate: 0.004, message: "", traceback: "", training_images: 640, test_images: 100, taught: 0, tested_after_teaching: false, ...changes,
  };
}
const tested = (step, accuracy, loss = 1) => progress(step, { tested_at: step / 10, test_accuracy: accuracy, test_loss: loss });

function record(id, settings = {}, accuracies = [0.7, 0.9]) {
  const run = new RunRecord({ ...SETTINGS, ...settings }, id);
  accuracies.forEach((accuracy, i) => run.add(tested(10 * (i + 1), accuracy)));
  return run;
}

test("a change before the first step is a setting of the run; after it, a change in mid-run", () => {
  const run = new RunRecord(SETTINGS, 1);
  run.change({ learning_rate: 0.1 });
  run.add(progress(50));
  run.change({ learning_rate: 0.01, l2: 0.1 });
  run.add(progress(60));
  assert.equal(run.settings.learning_rate, 0.1);
  assert.deepEqual(run.changes.map(({ step, key, value }) => ({ step, key, value })), [
    { step: 50, key: "learning_rate", value: 0.01 }, { step: 50, key: "l2", value: 0.1 },
  ]);
});

test("what is changed after the end belongs to the run only when it trains on", () => {
  const run = record(1);
  run.add(progress(120, { state: "done" }));
  run.change({ learning_rate: 0.5 });
  assert.deepEqual(run.changes, []);
  assert.equal(run.settings.learning_rate, 0.004);
  run.add(progress(121));
  assert.deepEqual(run.changes.map(({ step, value }) => [step, value]), [[120, 0.5]]);
});

test("what is changed and changed back at one step is no change", () => {
  const run = record(1);
  run.change({ learning_rate: 0.5 });
  run.change({ learning_rate: 0.25 });
  assert.deepEqual(run.changes.map(({ value }) => value), [0.25]);
  run.change({ learning_rate: 0.004 });
  assert.deepEqual(run.changes, []);
});

test("a long run stays short and keeps its means", () => {
  const run = new RunRecord(SETTINGS, 1);
  for (let step = 10; step <= 60_000; step += 10) run.add(tested(step, 0.9));
  assert.ok(run.train.length <= 500 && run.test.length <= 1000, `${run.train.length} and ${run.test.length} points`);
  assert.ok(run.train.every(({ accuracy }) => Math.abs(accuracy - 0.8) < 1e-9));
});

test("a stored run comes back, and goes on counting where its network was", () => {
  const run = record(4);
  run.name = "mine";
  run.change({ l2: 0.1 });
  const [back] = runsFrom(structuredClone({ version: 1, runs: [run.toPlain()] }));
  assert.deepEqual(back.toPlain(), run.toPlain());
  assert.equal(back.label, "mine");
  back.resume();
  back.add(tested(10, 0.95));
  assert.deepEqual([back.last?.step, back.last?.position, back.last?.samples], [30, 3, 64 * 30]);
  assert.deepEqual(back.test.map(({ position }) => position), [1, 2, 3]);
});

test("a spoilt entry is left out and does no harm", () => {
  const good = record(1).toPlain();
  const spoilt = [null, 7, {}, { ...good, train: [{ position: "x" }] }, { ...good, settings: null }, { ...good, last: { step: NaN } },
    { ...good, test: Array(2000).fill(good.test[0]) }, { ...good, noted: [{ step: 1 }] }, { ...good, name: 3 }];
  for (const entry of [undefined, null, 3, [], {}, { version: 1 }, { version: 99, runs: [good] }]) assert.deepEqual(runsFrom(entry), []);
  assert.deepEqual(runsFrom({ version: 1, runs: [...spoilt, good] }).map(({ id }) => id), [1]);
});

test("runs are named by what tells them apart", () => {
  assert.deepEqual(differences([record(1)]), [""]);
  assert.deepEqual(differences([record(1), record(2)]), ["same settings", "same settings"]);
  assert.deepEqual(
    differences([record(1), record(2, { learning_rate: 0.01 }), record(3, { layers: "" })]),
    ["hidden 128, rate 0.004", "rate 0.01", "no hidden layer"],
  );
  assert.deepEqual(differences([record(1), record(2, { l2: 0.1, seed: 1 })]), ["no L2, seed 0", "L2 0.1, seed 1"]);
  assert.equal(changeText({ step: 1500, key: "batch_size", value: null }), "full batch from step 1,500");
});

test("the axes hold every visible curve, the test curve of ten images too", () => {
  const run = record(1, { data_size: 10 }, [0.31, 0.37]);
  const good = record(2, {}, [0.93, 0.97]);
  assert.deepEqual(verticalRange("accuracy", curvesOf(good, [])), { min: 0.8, max: 1, isLog: false });
  assert.equal(verticalRange("accuracy", curvesOf(good, [run])).min, 0.3);
  assert.equal(verticalRange("accuracy", curvesOf(run, [good])).min, 0.3);
  assert.equal(farthest([record(3, { epochs: 30 }, []), run], "position"), 30);
  assert.equal(farthest([good, record(3, { epochs: 30 })], "position"), 12, "an earlier run goes no further than it went");
});

test("a loss that blew up turns the axis logarithmic, and nothing is left out", () => {
  const run = record(1);
  assert.deepEqual(verticalRange("loss", curvesOf(run, [])), { min: 0, max: 1.1, isLog: false });
  run.add(tested(30, 0.1, 4e7));
  assert.deepEqual(verticalRange("loss", curvesOf(run, [])), { min: 0.1, max: 1e8, isLog: true });
  assert.deepEqual(ticksOf({ min: 0.1, max: 1e8, isLog: true }, 5), [0.1, 10, 1000, 1e5, 1e7]);
});

test("no two curves look the same, and a run keeps its look", () => {
  const earlier = [7, 6, 5, 4, 3, 1].map((id) => record(id));
  const looks = curvesOf(record(9), earlier).map(({ color, dash }) => `${color} ${dash}`);
  assert.equal(new Set(looks).size, 8);
  const look = (curves, id) => curves.find(({ run }) => run.id === id).color;
  assert.equal(look(curvesOf(record(9), earlier), 3), look(curvesOf(record(9), earlier.slice(2)), 3));
});

test("marks are round and lie on the axis", () => {
  assert.deepEqual(ticksOf({ min: 0, max: 12 }, 10), [0, 2, 4, 6, 8, 10, 12]);
  assert.deepEqual(ticksOf({ min: 0.3, max: 1 }, 6), [0.4, 0.6, 0.8, 1]);
});

test("the picture carries title, axis titles, legend and changes, in 1,200 pixels", () => {
  const run = record(2, { learning_rate: 0.01 });
  run.name = "a <b> & \u0000c";
  run.change({ l2: 0.1 });
  const svg = curvesSvg({ run, earlier: [record(1)], axis: "position", color: (name) => `#${name.length}` });
  for (const words of ["Learning curves", ">accuracy<", "loss (cross-entropy, nats)", ">epochs<", "a &#60;b&#62; &#38; c: rate 0.01, test", "Run 1: rate 0.004", "L2 0.1 from step 20"]) {
    assert.ok(svg.includes(words), words);
  }
  assert.match(svg, /^<svg [^>]*width="1200"/);
  assert.doesNotMatch(svg, /NaN|undefined|\u0000/);
});

test("the picture carries the marks of the runs that it shows, in the chart that each is about", () => {
  const [run, other] = [record(2), record(1)];
  const mark = (of, chart, text) => ({ run: of, chart, point: of.test.at(-1), text });
  const marks = [mark(run, "accuracy", "ends <here>"), mark(run, "loss", "lowest"), mark(other, "loss", "not shown")];
  const svg = curvesSvg({ run, earlier: [], axis: "position", marks, color: (name) => `#${name.length}` });
  assert.equal([...svg.matchAll(/r="6"/g)].length, 2);
  assert.ok(svg.includes("ends &#60;here&#62;"));
  assert.ok(svg.indexOf("ends &#60;here&#62;") < svg.indexOf("loss (cross-entropy") && svg.indexOf("lowest") > svg.indexOf("loss (cross-entropy"));
  assert.ok(!svg.includes("not shown"));
});

test("the CSV has a row a segment, with the results in the last", () => {
  const run = record(1);
  run.name = 'say "hi", twice';
  run.change({ learning_rate: 0.5 });
  run.add(tested(30, 0.95));
  const [head, first, second] = runsCsv([run]).trimEnd().split("\r\n");
  assert.match(head, /^run,name,code,from_step,recipe,data_size,.*learning_rate/);
  assert.match(first, /^1,"say ""hi"", twice",original,0,quick,10000,.*,0\.004,.*,,,,,,,,$/);
  assert.match(second, /^1,.*,original,20,quick,.*,0\.5,.*,3,30,1920,6,0\.5,0\.8,1,0\.95$/);
});

test("a run's course: how it began, and by step all that differed from there on", () => {
  const record = new RunRecord(SETTINGS, 1);
  record.change({ batch_size: 32 });
  record.add(progress(3));
  record.change({ learning_rate: 0.1 });
  record.add(progress(7));
  record.change({ l2: 0.01, learning_rate: 0.2 });
  assert.equal(record.course.beganWith.batch_size, 32);
  assert.deepEqual(record.course.changes, { 3: { learning_rate: 0.1 }, 7: { learning_rate: 0.2, l2: 0.01 } });
});
