import assert from "node:assert/strict";
import { test } from "node:test";

import { duration, integer, loss, measuredAt, megabytes, percent, rate } from "../../../web/lib/format.js";

test("thousands are parted by commas", () => {
  assert.equal(integer(60000), "60,000");
  assert.equal(integer(999.6), "1,000");
});

test("only all of them is 100 %", () => {
  assert.equal(percent(1), "100.0 %");
  assert.equal(percent(0.99999), "99.9 %");
  assert.equal(percent(0.99999, 2), "99.99 %");
  assert.equal(percent(0.9437), "94.4 %");
  assert.equal(percent(0, 0), "0 %");
});

test("a loss keeps four or five figures", () => {
  assert.deepEqual([0.08754, 12.3456, 123456].map(loss), ["0.0875", "12.35", "1.2e+5"]);
});

test("a rate has no more than three figures and no zeros behind them", () => {
  assert.deepEqual([0.003, 0.0012345, 30].map(rate), ["0.003", "0.00123", "30"]);
});

test("bytes are counted in millions", () => assert.equal(megabytes(10_249_999), "10.2"));

test("from a minute on, seconds are whole", () => {
  assert.deepEqual([0.84, 59.94, 60, 125.9].map(duration), ["0.8 s", "59.9 s", "1 min 00 s", "2 min 05 s"]);
});

test("when it was tested is said, and no epoch is called finished that is not", () => {
  assert.equal(measuredAt(null, false), "not tested yet");
  assert.equal(measuredAt(0, true), "tested when it was loaded");
  assert.equal(measuredAt(0, false), "tested before training");
  assert.equal(measuredAt(12, true), "tested after epoch 12");
  assert.equal(measuredAt(3.4, false), "tested after epoch 3.4");
  assert.equal(measuredAt(2.999, false), "tested after epoch 2.9");
  assert.equal(measuredAt(0.0064, false), "tested after epoch 0.006");
});
