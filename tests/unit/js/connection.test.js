import assert from "node:assert/strict";
import { test } from "node:test";

import { Connection, WorkerDied } from "../../../web/lib/connection.js";

/** A worker that never answers. */
class SilentWorker extends EventTarget {
  isTerminated = false;
  postMessage() {}
  start() {}
  terminate() {
    this.isTerminated = true;
  }
}

/** @param {() => Promise<unknown>} ping  what it answers when it is asked for a sign of life */
function connect(ping = async () => true) {
  const worker = new SilentWorker();
  /** @type {WorkerDied[]} */
  const lost = [];
  const connection = new Connection(/** @type {any} */ (worker), ping, (error) => lost.push(error));
  return { worker, connection, lost };
}

const never = () => new Promise(() => undefined);

test("closing rejects what waits and what comes later, and nobody hears of a loss", async () => {
  const { worker, connection, lost } = connect();
  const waiting = connection.request(never);
  connection.close();
  await assert.rejects(waiting, WorkerDied);
  await assert.rejects(connection.request(never), WorkerDied);
  assert.equal(worker.isTerminated, true);
  assert.deepEqual(lost, []);
});

test("a worker that fails is lost once, with what the browser says", async () => {
  const { worker, connection, lost } = connect();
  const waiting = connection.request(never);
  for (let i = 0; i < 2; i++) worker.dispatchEvent(Object.assign(new Event("error", { cancelable: true }), { message: "out of memory" }));
  await assert.rejects(waiting, { name: "WorkerDied", details: "out of memory" });
  assert.equal(lost.length, 1);
  assert.equal(worker.isTerminated, true);
});

test("a report of a worker that was closed is not heard", () => {
  const { connection } = connect();
  /** @type {number[]} */
  const heard = [];
  const report = connection.callback((/** @type {number} */ value) => heard.push(value));
  report(1);
  connection.close();
  report(2);
  assert.deepEqual(heard, [1]);
});

test("a worker is dead when it says nothing for long, but not while it says that it goes on", ({ mock }) => {
  mock.timers.enable({ apis: ["setInterval"] });
  let now = 0;
  mock.method(performance, "now", () => now);
  const { worker, connection, lost } = connect(never);
  connection.request(never).catch(() => undefined);
  const pass = (/** @type {number} */ seconds, /** @type {boolean} */ isHeard) => {
    for (let second = 0; second < seconds; second++) {
      now += 1000;
      mock.timers.tick(1000);
      if (isHeard) worker.dispatchEvent(new MessageEvent("message", { data: null }));
    }
  };
  pass(60, true);
  assert.deepEqual(lost, []);
  pass(20, false);
  assert.equal(lost.length, 1);
});

test("an answer comes through", async () => {
  const { connection } = connect();
  assert.equal(await connection.request(async () => 42), 42);
  connection.close();
});
