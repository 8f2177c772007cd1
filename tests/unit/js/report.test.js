import assert from "node:assert/strict";
import { test } from "node:test";

import { RunRecord } from "../../../web/lib/history.js";
import { lineDiff } from "../../../web/lib/line-diff.js";
import { readReport, writeReport } from "../../../web/lib/report-file.js";

const shown = (/** @type {ComparedLine[]} */ rows) => rows.map(({ sign, text, line }) => `${sign}${text}${line === null ? "" : `@${line}`}`);

test("lines that differ, with those around them", () => {
  const before = "a\nb\nc\nd\ne\nf\ng\n";
  assert.deepEqual(shown(lineDiff(before, "a\nb\nc\nD\nX\ne\nf\ng\n", 1)), [" …", " c@3", "-d", "+D@4", "+X@5", " e@6", " …"]);
  assert.deepEqual(lineDiff(before, before), []);
  assert.deepEqual(shown(lineDiff("a\nb\n", "b\n", 0)), ["-a", " …"]);
  assert.deepEqual(shown(lineDiff("a\n", "a\nb\n", 0)), [" …", "+b@2"]);
});

test("changes apart are told apart", () => {
  const before = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n");
  const rows = shown(lineDiff(before, before.replace("line 3\n", "").replace("line 20", "twenty"), 1));
  assert.deepEqual(rows, [" …", " line 2@3", "-line 3", " line 4@4", " …", " line 19@19", "-line 20", "+twenty@20", " line 21@21", " …"]);
});

test("texts too long to match are shown as changed, at once", () => {
  const [before, after] = ["a", "b"].map((text) => Array.from({ length: 5_000 }, (_, i) => `${text}${i}`).join("\n"));
  const rows = lineDiff(before, after);
  assert.equal(rows.length, 10_000);
  assert.equal(rows.filter(({ sign }) => sign === "-").length, 5_000);
});

function report() {
  const run = new RunRecord(/** @type {any} */ ({ layers: "128", epochs: 2 }), 1);
  run.last = /** @type {any} */ ({ state: "done", epoch: 2, step: 20, samples: 1, seconds: 1, position: 2, train_loss: 0.1, train_accuracy: 0.9, test_loss: 0.1, test_accuracy: 0.9, tested_at: 2 });
  const confusion = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 3));
  const shares = confusion.map(() => 0.1);
  return {
    name: "Ada <b>", date: "2026-11-24", title: "How it learns", remarks: "", answers: [{ question: "Why?", answer: "" }],
    steps: [{ name: "Softmax", isDone: true, notes: "easy" }], runs: [run],
    test: { evaluation: { count: 300, accuracy: 0.1, confusion, recall: shares, precision: [null, ...shares.slice(1)] }, names: Array.from("0123456789") },
    weights: { pixels: Int8Array.from({ length: 2 * 784 }, (_, i) => (i % 256) - 128), scale: 0.5, count: 2, start: 0, total: 2, layer_sizes: [] },
    code: [{ file: "losses.py", rows: [{ sign: /** @type {const} */ ("+"), text: "<script>", line: 3 }] }],
  };
}

test("a report that was saved is the same when it is opened", () => {
  const original = report();
  const read = readReport(writeReport(original));
  assert.deepEqual({ ...read, runs: read.runs.map((run) => run.toPlain()) }, { ...original, runs: original.runs.map((run) => run.toPlain()) });
  const nothing = { ...original, runs: [], test: null, weights: null, code: [], answers: [], steps: [] };
  assert.deepEqual(readReport(writeReport(nothing)), nothing);
});

/** @param {(plain: any) => void} spoil */
function spoilt(spoil) {
  const plain = JSON.parse(writeReport(report()));
  spoil(plain);
  return JSON.stringify(plain);
}

for (const [what, text] of /** @type {[string, string][]} */ ([
  ["nothing", ""], ["no JSON", "{"], ["null", "null"], ["a list", "[]"], ["another format", '{"format": "x"}'],
  ["a name that is none", spoilt((plain) => (plain.name = { a: 1 }))],
  ["a run without its curve", spoilt((plain) => delete plain.runs[0].train)],
  ["a matrix that is none", spoilt((plain) => plain.test.evaluation.confusion.pop())],
  ["a count that is a text", spoilt((plain) => (plain.test.evaluation.confusion[0][0] = "<svg onload=alert(1)>"))],
  ["names that are none", spoilt((plain) => (plain.test.names = [1, 2]))],
  ["pictures cut off", spoilt((plain) => (plain.weights.pixels = plain.weights.pixels.slice(0, 100)))],
  ["too many pictures", spoilt((plain) => (plain.weights.count = 1e9))],
  ["pictures that are no base64", spoilt((plain) => (plain.weights.pixels = "%%%"))],
  ["code without rows", spoilt((plain) => (plain.code = [{ file: "a" }]))],
  ["answers that are none", spoilt((plain) => (plain.answers = "all"))],
])) {
  test(`${what} is refused in a sentence`, () => assert.throws(() => readReport(text), /not a report of this page/));
}

test("another version, and a file too large, are named", () => {
  assert.throws(() => readReport(spoilt((plain) => (plain.version = 2))), /another version/);
  assert.throws(() => readReport(" ".repeat(8_000_001)), /too large/);
});
