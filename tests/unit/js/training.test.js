import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {any} */ (globalThis).document = { documentElement: { dataset: {} } };
const { Training } = await import("../../../web/app/training.js");
const { page, setState } = await import("../../../web/app/state.js");

const progress = (/** @type {object} */ changes) => /** @type {any} */ ({
  state: "paused", message: "", traceback: "", step: 3, test_accuracy: null, tested_at: null, ...changes,
});

/** @param {any} client  the methods that a test needs */
function trainingWith(client) {
  let refreshed = 0;
  const updates = async () => void refreshed++;
  const training = new Training({ isReady: true, pause: async () => {}, ...client }, { updateResults: updates, updateReading: updates });
  return { training, refreshed: () => refreshed };
}

/** Run what has been asked for, and what follows from it. @param {any} training */
async function settle(training) {
  await training.enqueue(() => {});
  await training.replaced();
}

beforeEach(() => {
  page.progress.value = null;
  setState("ready");
});

test("a run that an error of its code has stopped is paused, and says why", async () => {
  const failed = progress({ state: "failed", message: "Training stopped: no memory.", traceback: "MemoryError" });
  const { training } = trainingWith({ train: async () => failed });
  training.toggle();
  await settle(training);
  assert.equal(page.state.value, "paused");
  assert.deepEqual(page.message.value, { text: "Training stopped: no memory.", isError: true, canRetry: false, traceback: "MemoryError" });
});

test("a call that throws leaves the run paused, and the next Train goes on", async () => {
  const answers = [() => Promise.reject(new TypeError("broken")), () => Promise.resolve(progress({ state: "done" }))];
  const { training } = trainingWith({ train: () => answers.shift()?.(), session: { pause: async () => progress({}) } });
  training.toggle();
  await settle(training);
  assert.equal(page.state.value, "paused");
  assert.equal(page.message.value.text, "broken");
  training.toggle();
  await settle(training);
  assert.equal(page.state.value, "done");
  assert.equal(page.message.value.text, "");
});

test("even when nothing answers any more, the state is paused", async () => {
  const broken = async () => { throw new TypeError("broken"); };
  const { training } = trainingWith({ train: broken, session: { pause: broken } });
  training.toggle();
  await settle(training);
  assert.equal(page.state.value, "paused");
});

test("a view that throws at the end does not keep the run from ending", async () => {
  const training = new Training(/** @type {any} */ ({ isReady: true, train: async () => progress({ state: "done", test_accuracy: 0.9 }) }), {
    updateResults: async () => { throw new TypeError("no canvas"); },
    updateReading: async () => {},
  });
  training.toggle();
  await settle(training);
  assert.equal(page.state.value, "done");
  assert.equal(page.message.value.text, "no canvas");
});

test("a run says when it begins, changes and ends", async () => {
  const { training } = trainingWith({ train: async (/** @type {(report: any) => void} */ report) => {
    report(progress({ state: "training", step: 5 }));
    return progress({ state: "done", step: 9 });
  } });
  /** @type {unknown[]} */
  const events = [];
  for (const type of ["begin", "change", "progress", "end"]) {
    training.addEventListener(type, (event) => events.push([type, /** @type {any} */ (event).detail]));
  }
  const news = { settings: /** @type {any} */ ({ seed: 1, l2: 0 }), sizes: [784, 10], progress: progress({ state: "ready", step: 0 }) };
  training.apply({ ...news, new_network: true });
  training.apply({ ...news, settings: /** @type {any} */ ({ seed: 1, l2: 0.1 }), progress: progress({ step: 4 }), new_network: false });
  training.toggle();
  await settle(training);
  assert.deepEqual(events.map((event) => /** @type {any} */ (event)[0]), ["begin", "change", "progress", "progress", "end"]);
  assert.deepEqual(events[1], ["change", { step: 4, changes: { l2: 0.1 } }]);
});

test("a new network ends the training, and late reports of the old one are not taken for its own", async () => {
  /** @type {(report: any) => void} */
  let report = () => {};
  /** @type {(last: any) => void} */
  let end = () => {};
  const { training } = trainingWith({
    train: (/** @type {(report: any) => void} */ onProgress) => {
      report = onProgress;
      return new Promise((resolve) => (end = resolve));
    },
  });
  training.toggle();
  await training.enqueue(() => {});
  assert.equal(page.state.value, "training");
  training.apply({ settings: /** @type {any} */ ({ seed: 2 }), sizes: [784, 10], progress: progress({ state: "ready", step: 0 }), new_network: true });
  report(progress({ state: "training", step: 77 }));
  end(progress({ state: "ready", step: 0 }));
  await training.replaced();
  training.rest();
  assert.equal(page.progress.value?.step, 0);
  assert.equal(page.state.value, "ready");
});
