import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { mock, test } from "node:test";

import { keeping } from "../../../web/lib/offline.js";

/**
 * Keep the site with a service worker that gives these answers, none where one is null; time passes by hand.
 * @param {any} t
 * @param {(string | null)[]} answers
 */
function keep(t, answers) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const asked = [];
  let open = 0;
  const NodeChannel = globalThis.MessageChannel;
  globalThis.MessageChannel = /** @type {any} */ (class {
    /** @type {any} */
    port1 = { onmessage: null, close: () => open-- };
    port2 = { postMessage: (/** @type {any} */ data) => this.port1.onmessage({ data }) };
    constructor() {
      open++;
    }
  });
  const active = {
    postMessage(/** @type {any} */ question, /** @type {any[]} */ [port]) {
      asked.push(question);
      const answer = answers.shift();
      if (answer) port.postMessage(answer);
    },
  };
  const serviceWorker = { register: async () => {}, ready: Promise.resolve({ active }) };
  const standIn = mock.getter(globalThis, "navigator", () => ({ serviceWorker }));
  t.after(() => {
    globalThis.MessageChannel = NodeChannel;
    standIn.mock.restore();
  });
  /** @type {string[]} */
  const heard = [];
  const soon = keeping(() => asked.length > 0, (kept) => heard.push(kept));
  const pass = async (/** @type {number} */ milliseconds) => {
    t.mock.timers.tick(milliseconds);
    await setImmediate();
  };
  return { soon, pass, asked, heard, open: () => open };
}

test("the site is copied once it is quiet, until it is copied, and no port is left open", async (t) => {
  const { soon, pass, asked, heard, open } = keep(t, ["no", "first"]);
  soon();
  await pass(3_900);
  assert.deepEqual(asked, []);
  await pass(200);
  assert.deepEqual(heard, ["no"]);
  await pass(60_000);
  assert.deepEqual(heard, ["no", "first"]);
  assert.deepEqual(asked, [{ hasAll: false }, { hasAll: true }]);
  await pass(600_000);
  assert.equal(asked.length, 2);
  assert.equal(open(), 0);
});

test("however often it is asked for, one copy is made", async (t) => {
  const { soon, pass, asked } = keep(t, new Array(20).fill("no"));
  for (let start = 0; start < 5; start++) soon();
  await pass(4_000);
  assert.equal(asked.length, 1);
  await pass(60_000);
  assert.equal(asked.length, 2);
});

test("a service worker that does not answer is asked again, and not waited for", async (t) => {
  const { soon, pass, heard, open } = keep(t, [null, "all"]);
  soon();
  await pass(4_000);
  assert.equal(open(), 1);
  await pass(120_000);
  assert.deepEqual(heard, ["no"]);
  assert.equal(open(), 0);
  await pass(60_000);
  assert.deepEqual(heard, ["no", "all"]);
});

test("a copy that fails does not put off a later one", async (t) => {
  const { soon, pass, asked, heard } = keep(t, [null, "all"]);
  soon();
  await pass(4_000);
  await pass(118_000);
  soon();
  await pass(2_000);
  assert.deepEqual(heard, ["no"]);
  await pass(2_000);
  assert.deepEqual(heard, ["no", "all"]);
  assert.equal(asked.length, 2);
});
