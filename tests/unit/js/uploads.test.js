import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf, requireSize } from "../../../web/lib/uploads.js";

for (const [name, type, kind] of /** @type {[string, string, string | null][]} */ ([
  ["seven.jpg", "image/jpeg", "image"],
  ["digitnet-784-128-10.npz", "", "network"],
  ["train.csv", "text/csv", "data"],
  ["TRAIN.CSV", "", "data"],
  ["train-images-idx3-ubyte", "", "data"],
  ["train-images.idx3-ubyte.gz", "application/gzip", "data"],
  ["notes.pdf", "application/pdf", null],
  ["digits.zip", "application/zip", null],
])) {
  test(`${name} is ${kind ?? "nothing that can be used"}`, () => assert.equal(kindOf({ name, type }), kind));
}

test("a file that is too large is refused by name and size", () => {
  requireSize({ name: "a.npz", size: 10e6 }, 10e6);
  assert.throws(() => requireSize({ name: "a.npz", size: 25e6 }, 10e6), { message: "a.npz has 25.0 MB; at most 10.0 MB can be read." });
});
