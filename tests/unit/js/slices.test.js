import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createTraining } from "../../../web/worker/train.js";

/** Slices of a run: images trained so far, and the mean figures of each. */
const slice = (/** @type {number} */ samples, /** @type {number | null} */ loss, state = "training") =>
  /** @type {any} */ ({ state, samples, slice_loss: loss, slice_accuracy: loss === null ? null : loss / 10 });

/**
 * Train slice by slice, each as long as it was asked to be.
 * @param {any[]} slices
 * @param {(training: ReturnType<typeof createTraining>) => void} [prepare]
 * @param {(reports: any[]) => unknown} [taken]  what the page answers to a report
 */
async function train(slices, prepare = () => {}, taken = () => undefined) {
  const original = globalThis.MessageChannel;
  globalThis.MessageChannel = /** @type {any} */ (class {
    /** @type {{onmessage: (() => void) | null}} */
    port1 = { onmessage: null };
    port2 = { postMessage: () => queueMicrotask(() => this.port1.onmessage?.()) };
  });
  let now = 1_000;
  const clock = mock.method(performance, "now", () => now);
  /** @type {number[]} */
  const lengths = [];
  /** @type {any[]} */
  const reports = [];
  try {
    const training = createTraining(/** @type {any} */ ((/** @type {string} */ method, /** @type {number} */ seconds) => {
      if (method !== "advance") return { state: "paused", samples: 0 };
      lengths.push(seconds);
      now += 1_000 * seconds;
      return slices.shift();
    }));
    prepare(training);
    await training.train((report) => {
      reports.push(report);
      return taken(reports);
    });
  } finally {
    clock.mock.restore();
    globalThis.MessageChannel = original;
  }
  return { lengths, reports };
}

test("each slice is told of while nobody draws", async () => {
  const { reports } = await train([slice(64, 2), slice(128, 1), slice(192, 1, "done")]);
  assert.deepEqual(reports, [slice(64, 2), slice(128, 1)]);
});

test("slices are short while somebody draws, and long again soon after", async () => {
  const { lengths } = await train([...Array.from({ length: 120 }, (_, i) => slice(64 * (i + 1), 1)), slice(8_000, 1, "done")], (training) => training.hurry());
  assert.equal(lengths[0], 0.004);
  const short = lengths.filter((seconds) => seconds < 0.01).length;
  assert.equal(short, 75, "300 ms of them");
  assert.equal(lengths.at(-1), 0.018);
});

test("short slices are told of together, with the mean of their images' figures", async () => {
  const short = [slice(100, 1), slice(100, null), slice(400, 3), slice(500, 5), slice(600, 2), slice(700, 1, "done")];
  const { reports } = await train(short, (training) => training.hurry());
  assert.deepEqual(reports[0], slice(100, 1), "the first at once");
  assert.equal(reports.length, 2);
  const { slice_loss: loss, ...rest } = reports[1];
  assert.ok(Math.abs(loss - (300 * 3 + 100 * 5 + 100 * 2) / 500) < 1e-12);
  assert.equal(rest.samples, 600);
});

test("a page that is too busy to take a report is told the rest later, and misses nothing", async () => {
  const slices = [slice(100, 1), slice(200, 2), slice(300, 3), slice(400, 4), slice(500, 5), slice(600, 6), slice(700, 7, "done")];
  const { reports } = await train(slices, () => {}, (told) => (told.length === 1 ? new Promise(() => {}) : undefined));
  assert.deepEqual(reports[0], slice(100, 1));
  assert.equal(reports.length, 2, "the rest at the end");
  assert.equal(reports[1].slice_loss, 4);
  assert.equal(reports[1].samples, 600);
});
