import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { createTraining } from "../../../web/worker/train.js";

/**
 * Run with MessageChannels whose messages are delivered so; Node's own keep a process alive.
 * @param {(deliver: () => void) => void} deliver
 * @param {() => Promise<void>} run
 */
async function withMessages(deliver, run) {
  const original = globalThis.MessageChannel;
  globalThis.MessageChannel = /** @type {any} */ (class {
    /** @type {{onmessage: (() => void) | null}} */
    port1 = { onmessage: null };
    port2 = { postMessage: () => deliver(() => this.port1.onmessage?.()) };
  });
  try {
    await run();
  } finally {
    globalThis.MessageChannel = original;
  }
}

/** A session that trains for so many slices. @param {number} slices */
function session(slices) {
  let left = slices;
  return /** @type {any} */ ((/** @type {string} */ method) => ({ state: method === "advance" ? (left-- > 0 ? "training" : "done") : "paused" }));
}

test("training goes on where the browser holds the worker's own messages back", { timeout: 5_000 }, () =>
  withMessages(() => {}, async () => {
    let reports = 0;
    const { state } = await createTraining(session(3)).train(() => (reports += 1));
    assert.equal(state, "done");
    assert.equal(reports, 3);
  }));

test("a pause that arrives during a slice ends the training", { timeout: 5_000 }, () =>
  withMessages((deliver) => setTimeout(deliver), async () => {
    const training = createTraining(session(1_000));
    const { state } = await training.train(() => void setTimeout(() => training.pause()));
    assert.equal(state, "paused");
  }));

test("no timer is left behind where the message is there first", () =>
  withMessages((deliver) => queueMicrotask(deliver), async () => {
    const [set, clear] = [mock.method(globalThis, "setTimeout"), mock.method(globalThis, "clearTimeout")];
    await createTraining(session(5)).train(() => {});
    const [made, cleared] = [set.mock.callCount(), clear.mock.callCount()];
    mock.restoreAll();
    assert.equal(made, 5);
    assert.equal(cleared, made);
  }));
