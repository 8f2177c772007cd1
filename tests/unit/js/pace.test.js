import assert from "node:assert/strict";
import { test } from "node:test";

import { coalesce, queue, throttle } from "../../../web/lib/pace.js";

/** A promise that is settled from outside. */
function later() {
  let resolve = () => {};
  const promise = new Promise((/** @type {(value?: unknown) => void} */ done) => (resolve = done));
  return { promise, resolve };
}

test("requests that come while a task runs are served by one run after it", async () => {
  const [first, second] = [later(), later()];
  const gates = [first, second];
  let runs = 0;
  const request = coalesce(async () => void (await gates[runs++].promise));
  const requests = [request(), request(), request()];
  assert.equal(runs, 1);
  first.resolve();
  second.resolve();
  await Promise.all(requests);
  assert.equal(runs, 2);
});

test("a failed run fails its request alone", async () => {
  let runs = 0;
  const request = coalesce(async () => {
    if (++runs === 1) throw new Error("once");
  });
  await assert.rejects(request(), { message: "once" });
  await request();
  assert.equal(runs, 2);
});

test("what a throttled task throws is handed over, and the next request is served", async () => {
  const served = later();
  /** @type {unknown[]} */
  const failures = [];
  let runs = 0;
  const request = throttle(() => {
    if (++runs === 1) throw new Error("drawing failed");
    served.resolve();
  }, 1, (error) => {
    failures.push(error);
    request();
  });
  request();
  await served.promise;
  assert.deepEqual(failures.map(String), ["Error: drawing failed"]);
});

test("a task runs less often while timers are late, and as often again when they are not", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  const clock = t.mock.method(performance, "now", () => now);
  let runs = 0;
  const request = throttle(() => void runs++, 100, assert.fail);
  const wait = async (/** @type {number} */ milliseconds, late = 0) => {
    request();
    now += milliseconds + late;
    t.mock.timers.tick(milliseconds);
    await Promise.resolve();
    await Promise.resolve();
    return runs;
  };
  return (async () => {
    assert.equal(await wait(1), 1);
    assert.equal(await wait(110, 40), 2, "about 40 ms late");
    assert.equal(await wait(150), 2);
    assert.equal(await wait(180), 3, "some 200 ms later than usual");
    clock.mock.restore();
  })();
});

test("tasks run in their order, also after one that failed", async () => {
  /** @type {string[]} */
  const events = [];
  const enqueue = queue((error) => events.push(String(error)));
  enqueue(async () => {
    await Promise.resolve();
    events.push("first");
  });
  enqueue(() => {
    throw new Error("second");
  });
  await enqueue(() => events.push("third"));
  assert.deepEqual(events, ["first", "Error: second", "third"]);
});
