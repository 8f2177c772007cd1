import assert from "node:assert/strict";
import { test } from "node:test";

import { fromAddress, hasSettings, parse, settingsOf, summary, toAddress } from "../../../web/lib/settings.js";

const control = (/** @type {string} */ name, /** @type {string} */ type, required = false) => ({
  name, type, required, dataset: { testid: name.replaceAll("_", "-") },
});

const SETTINGS = settingsOf([
  control("recipe", "select-one"),
  control("data_size", "select-one"),
  control("layers", "text"),
  control("learning_rate", "number", true),
  control("batch_size", "number"),
  { name: "", type: "text", dataset: { testid: "kernel" } },
]);

const setting = (/** @type {string} */ key) => SETTINGS.find((one) => one.key === key) ?? assert.fail(key);

test("the settings are the controls that have a name, with the kind that their elements say", () => {
  assert.deepEqual(SETTINGS.map(({ control, key, kind }) => `${control} ${key} ${kind}`), [
    "recipe recipe choice", "data-size data_size choice", "layers layers text",
    "learning-rate learning_rate number", "batch-size batch_size number",
  ]);
});

for (const [key, text, value] of /** @type {[string, string, unknown][]} */ ([
  ["recipe", "quick", "quick"],
  ["data_size", "10000", 10_000],
  ["data_size", "own", "own"],
  ["layers", " 128,64 ", "128,64"],
  ["layers", "128", "128"],
  ["learning_rate", "1e-3", 0.001],
  ["batch_size", "", null],
  ["batch_size", "64", 64],
])) {
  test(`${key} “${text}” is ${JSON.stringify(value)}`, () => assert.equal(parse(setting(key), text), value));
}

for (const text of ["", "fast", "NaN", "Infinity"]) {
  test(`“${text}” is no learning rate`, () => {
    assert.throws(() => parse(setting("learning_rate"), text), { message: `learning rate must be a number, not “${text}”.` });
  });
}

test("an address carries every setting and the kernel, and comes back the same", () => {
  const values = /** @type {any} */ ({ recipe: "quick", data_size: "own", layers: "20,10", learning_rate: 0.5, batch_size: null });
  const address = toAddress(values, "numpy", SETTINGS);
  assert.equal(address, "#recipe=quick&data-size=own&layers=20,10&learning-rate=0.5&batch-size=&kernel=numpy");
  assert.deepEqual(fromAddress(address, SETTINGS), { changes: values, kernel: "numpy", problem: "", unknown: [] });
});

test("what an address says of a lesson stays in it and is not unknown", () => {
  const earlier = "#recipe=quick&title=A+first+look&hide=l2,seed";
  assert.deepEqual(fromAddress(earlier, SETTINGS).unknown, []);
  const values = /** @type {any} */ ({ recipe: "quick", data_size: 10, layers: "", learning_rate: 1, batch_size: 1 });
  assert.match(toAddress(values, "simd", SETTINGS, earlier), /&kernel=simd&title=A%20first%20look&hide=l2,seed$/);
});

test("keys that mean nothing are named, values that make no sense are a problem", () => {
  const { changes, kernel, problem, unknown } = fromAddress("#learningrate=1&learning-rate=x&kernel=gpu&batch-size=8&learningrate=2", SETTINGS);
  assert.deepEqual(unknown, ["learningrate"]);
  assert.deepEqual(changes, { batch_size: 8 });
  assert.equal(kernel, null);
  assert.equal(problem, "learning rate must be a number, not “x”. kernel must be simd or numpy, not “gpu”.");
});

test("a place in the page is no setting", () => {
  assert.equal(hasSettings("#mathematics", SETTINGS), false);
  assert.deepEqual(fromAddress("#mathematics", SETTINGS).unknown, []);
  assert.equal(hasSettings("#kernel=numpy", SETTINGS), true);
});

test("a network without hidden layers is named without an activation, which it does not use", () => {
  const settings = /** @type {Settings} */ ({ layers: "", activation: "relu", optimizer: "adam", learning_rate: 0.1, batch_size: 64, l2: 0, data_size: 1000 });
  assert.equal(summary(settings), "no hidden layer, adam 0.1, batch 64, 1,000 digits");
  assert.equal(summary({ ...settings, layers: "128" }), "128 relu, adam 0.1, batch 64, 1,000 digits");
});
