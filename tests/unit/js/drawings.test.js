import assert from "node:assert/strict";
import { test } from "node:test";
import { added, drawingsFrom, outcome, packed } from "../../../web/lib/drawings.js";

const NAMES = Array.from("0123456789");
const drawing = (/** @type {number} */ label, /** @type {number} */ ink) => ({ label, pixels: new Uint8Array(784).fill(ink), own: false });
const result = (/** @type {Partial<Taught>} */ changes) => /** @type {Taught} */ ({
  drawings: 20, rehearsed: true, held_back: 20, taught_before: false, own_before: 0.878, own_after: 0.979, test_before: 0.971, test_after: 0.969,
  per_class_before: NAMES.map(() => 0.97), per_class_after: NAMES.map(() => 0.97), ...changes,
});

test("what was stored comes back, without what is spoilt", () => {
  const good = drawing(7, 1);
  assert.deepEqual(drawingsFrom([good, null, drawing(10, 1), { ...good, pixels: new Uint8Array(3) }, { ...good, own: 1 }]), [good]);
  for (const entry of [undefined, null, {}, "drawings"]) assert.deepEqual(drawingsFrom(entry), []);
});

test("drawings are packed one after the other, and a file adds those that are not here", () => {
  const file = packed([drawing(7, 1), drawing(7, 1), drawing(1, 2), drawing(9, 2)]);
  assert.deepEqual(file.labels, [7, 7, 1, 9]);
  assert.equal(file.pixels.length, 4 * 784);
  const news = added([drawing(1, 2)], file, true);
  assert.deepEqual(news.map(({ label, own }) => ({ label, own })), [7, 7, 9].map((label) => ({ label, own: true })));
  assert.ok(news.every(({ pixels }, i) => pixels.every((ink) => ink === [1, 1, 2][i])));
  assert.deepEqual(added([], packed([]), false), []);
});

test("says of which drawings the figures are", () => {
  assert.equal(outcome(result({}), NAMES), "Drawings held back in turn (20 of 20) while it learned the others: 87.8 % → 97.9 % correct. Test images: 97.10 % → 96.90 %.");
  const few = outcome(result({ drawings: 3, held_back: 0, own_before: 0, own_after: 1 }), NAMES);
  assert.match(few, /^The 3 drawings that it learned: 0\.0 % → 100\.0 % correct\. To hold some back, five are needed/);
  assert.match(outcome(result({ drawings: 1, held_back: 0 }), NAMES), /^The drawing that it learned/);
  assert.match(outcome(result({ taught_before: true }), NAMES), /taught before/);
});

test("names the classes that a network without rehearsal has lost most of, and only those", () => {
  const before = NAMES.map(() => 0.97);
  const after = before.map((share, i) => (i === 3 ? 0.5 : i === 8 ? 0.71 : share));
  const text = outcome(result({ rehearsed: false, per_class_before: before, per_class_after: after }), NAMES);
  assert.match(text, /forgot how others write 3 \(97 % → 50 %\), 8 \(97 % → 71 %\)\.$/);
  assert.match(outcome(result({ rehearsed: false }), NAMES), /forgotten little/);
  assert.match(outcome(result({ rehearsed: false, per_class_after: NAMES.map(() => 0.1) }), NAMES), /and 7 more\.$/);
  assert.doesNotMatch(outcome(result({ per_class_after: after }), NAMES), /forgot/);
});
