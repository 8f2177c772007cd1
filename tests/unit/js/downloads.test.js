import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";

import { Downloads } from "../../../web/lib/downloads.js";

const content = new TextEncoder().encode("digits");
const sha256 = createHash("sha256").update(content).digest("hex");

/** What the server answers when asked for a.gz, in this order; then the file as it is. @type {(Uint8Array | number | "stalled" | {packed: Uint8Array})[]} */
let answers = [];
/** @type {any} */
let server;
let site = "";
/** The hash of a.gz in the version that the server has. */
let served = sha256;
const FILES = { "a.gz": { bytes: content.length, sha256 } };

before(async () => {
  server = createServer((/** @type {any} */ request, /** @type {any} */ response) => {
    if (request.url === "/manifest.json") {
      response.end(JSON.stringify({ files: { "a.gz": { bytes: content.length, sha256: served } } }));
      return;
    }
    const answer = request.url === "/a.gz" ? (answers.shift() ?? content) : 404;
    if (answer === "stalled") response.writeHead(200, { "content-length": content.length }).write(content.slice(0, 3));
    else if (typeof answer === "number") response.writeHead(answer).end();
    else if ("packed" in answer) response.writeHead(200, { "content-encoding": "gzip", "content-length": answer.packed.length }).end(answer.packed);
    else response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${server.address().port}/`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => (answers = []));

/** @param {(downloads: Downloads) => Promise<unknown>} use */
async function downloading(use) {
  /** @type {{stage: string, loaded: number, total: number}[]} */
  let last = [];
  const downloads = new Downloads(site, (stages) => (last = stages.map((stage) => ({ ...stage }))), undefined, FILES);
  downloads.failure.catch(() => undefined);
  try {
    await use(downloads);
  } finally {
    downloads.done();
  }
  return last;
}

test("a file arrives, and its bytes are counted under its stage", async () => {
  const stages = await downloading(async (downloads) => assert.deepEqual(await downloads.get("a.gz", "Digits"), content));
  assert.deepEqual(stages, [{ stage: "Digits", loaded: 6, total: 6 }]);
});

test("what is damaged in the browser's store is asked for again, and counted once", async () => {
  answers = [new TextEncoder().encode("dig")];
  const stages = await downloading(async (downloads) => assert.deepEqual(await downloads.get("a.gz", "Digits"), content));
  assert.deepEqual(stages, [{ stage: "Digits", loaded: 6, total: 6 }]);
});

/** @type {[string, Uint8Array | number, string][]} */
const FAULTS = [
  ["cut short", new TextEncoder().encode("dig"), "a.gz is cut short: 3 of 6 bytes."],
  ["too long", new TextEncoder().encode("digits and more"), "a.gz is longer than it should be."],
  ["altered", new TextEncoder().encode("digist"), "a.gz is not the file that was published."],
  ["missing", 404, "a.gz could not be fetched: the server says 404."],
];

for (const [fault, answer, message] of FAULTS) {
  test(`a file that is ${fault} is refused by name`, () => downloading(async (downloads) => {
    answers = [answer, answer];
    await assert.rejects(downloads.get("a.gz", "Digits"), { message });
    await assert.rejects(downloads.failure, { message });
  }));
}

test("what will be asked for is counted from the beginning, and once", async () => {
  const stages = await downloading(async (downloads) => {
    downloads.plan("Digits", ["a.gz"]);
    await downloads.get("a.gz", "Digits");
  });
  assert.deepEqual(stages, [{ stage: "Digits", loaded: 6, total: 6 }]);
});

test("of a file that the server compresses, the bytes on the line are counted", async () => {
  const large = new TextEncoder().encode("digits ".repeat(1_000));
  const packed = gzipSync(large);
  answers = [{ packed }];
  const files = { "a.gz": { bytes: large.length, sha256: createHash("sha256").update(large).digest("hex") } };
  /** @type {any[]} */
  let last = [];
  const downloads = new Downloads(site, (stages) => (last = stages), undefined, files);
  downloads.plan("Digits", ["a.gz"]);
  await downloads.get("a.gz", "Digits");
  downloads.done();
  assert.deepEqual(last.map(({ loaded, total }) => [loaded, total].map(Math.round)), [[packed.length, packed.length]]);
});

test("a file that this version does not have is refused", () => downloading(async (downloads) => {
  await assert.rejects(downloads.get("b.gz", "Digits"), { message: "This version of the site has no b.gz." });
}));

test("a file that the server has in a newer version only is refused with the advice to reload", () => downloading(async (downloads) => {
  const newer = new TextEncoder().encode("newer!");
  answers = [newer, newer];
  served = createHash("sha256").update(newer).digest("hex");
  const message = "a.gz belongs to a newer version of this page now. Reload the page to get it.";
  await assert.rejects(downloads.get("a.gz", "Digits"), { message });
  served = sha256;
}));

test("a file that can be done without fails nothing else", () => downloading(async (downloads) => {
  answers = [404];
  await assert.rejects(downloads.getOptional("a.gz"), { message: "a.gz could not be fetched: the server says 404." });
  assert.deepEqual(await downloads.get("a.gz", "Digits"), content);
}));

test("a file that stops arriving is named when nothing has come for nine seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  answers = ["stalled"];
  let arrived = () => undefined;
  /** @type {string[]} */
  const silent = [];
  const half = new Promise((resolve) => (arrived = /** @type {any} */ (resolve)));
  const downloads = new Downloads(site, arrived, (path) => silent.push(path), FILES);
  const failure = assert.rejects(downloads.failure, { message: "a.gz does not arrive." });
  downloads.get("a.gz", "Digits").catch(() => undefined);
  t.mock.timers.tick(2_500);
  assert.deepEqual(silent, [], "that is no silence yet");
  t.mock.timers.tick(5_500);
  assert.equal(silent[0], "a.gz", "told after three seconds");
  await half;
  silent.length = 0;
  t.mock.timers.tick(2_500);
  assert.deepEqual(silent, [], "half of it came in between");
  t.mock.timers.tick(5_500);
  let hasFailed = false;
  downloads.failure.catch(() => (hasFailed = true));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(hasFailed, false, "half of it came in between");
  t.mock.timers.tick(1_500);
  await failure;
});
