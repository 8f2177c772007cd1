import assert from "node:assert/strict";
import { test } from "node:test";

import { entryName, extentOf, largestTerms, layoutOf, placeOf, resultOf } from "../../../web/hood/array-layout.js";

/** The layout of an array that is drawn as cells. */
function cellsOf(shape, kind = "float32") {
  const layout = layoutOf(shape, kind);
  if (layout.kind !== "cells") throw new Error(`${shape} is ${layout.kind}`);
  assert.equal(layout.entries.length, layout.width * layout.height);
  return layout;
}

test("784 numbers are the pixels of an image, whichever way they lie", () => {
  for (const shape of [[784], [1, 784], [784, 1], [1, 28, 28]]) {
    const { width, height, entries } = cellsOf(shape);
    assert.deepEqual([width, height], [28, 28]);
    assert.deepEqual([...entries], Array.from({ length: 784 }, (_, i) => i));
  }
});

test("weights are a tile a unit, images a tile a row", () => {
  const weights = cellsOf([784, 128]);
  assert.match(weights.caption, /the first 64 of 128/);
  assert.equal(weights.entries[0], 0);
  assert.equal(weights.entries[1], 128, "the next pixel of the first unit");
  assert.equal(weights.entries[28], -1, "the gap");
  assert.equal(weights.entries[29], 1, "the second unit's first pixel");
  const images = cellsOf([3, 784], "uint8");
  assert.deepEqual([images.width, images.height], [86, 28]);
  assert.equal(images.entries[29], 784);
  assert.equal(images.caption, "3 rows as 28×28 pixels");
});

test("each entry of a picture stands there once at most", () => {
  for (const shape of [[784, 10], [64, 10], [128], [7, 784], [128, 10], [600, 300], [1, 128], [40_000]]) {
    const { entries } = cellsOf(shape);
    const shown = entries.filter((entry) => entry >= 0);
    assert.equal(new Set(shown).size, shown.length, String(shape));
    assert.ok(Math.max(...shown) < shape.reduce((a, b) => a * b), String(shape));
  }
});

test("ten are bars, whole numbers a list, a scalar a number", () => {
  assert.deepEqual(layoutOf([10], "float32"), { kind: "bars", count: 10 });
  assert.deepEqual(layoutOf([1, 10], "float32"), { kind: "bars", count: 10 });
  assert.deepEqual(layoutOf([64], "int64"), { kind: "list" });
  assert.deepEqual(layoutOf([], "float64"), { kind: "number" });
  assert.deepEqual(layoutOf([0, 784], "float32"), { kind: "list" });
});

test("a large matrix is cut, and says so", () => {
  const { width, height, entries, caption } = cellsOf([600, 300]);
  assert.deepEqual([width, height], [256, 256]);
  assert.equal(entries[256], 300);
  assert.equal(caption, "the first 256 rows, the first 256 columns");
});

test("places and names of entries", () => {
  assert.deepEqual(placeOf([64, 128], 130), [1, 2]);
  assert.deepEqual(placeOf([10], 3), [0, 3]);
  assert.equal(entryName("z", [64, 128], 1, 2), "z[1, 2]");
  assert.equal(entryName("b", [10], 0, 3), "b[3]");
  assert.equal(entryName("square", [64, 28, 28], 30, 5), "square[1, 2, 5]");
});

test("numbers that are not finite are counted and do not stretch the scale", () => {
  assert.deepEqual(extentOf([1, -3, NaN, Infinity]), { most: 3, infinite: 2 });
  assert.deepEqual(extentOf([]), { most: 0, infinite: 0 });
});

test("the result of a product is the changed value of its shape", () => {
  const value = (name, shape, changed = false) => ({ name, shape, changed });
  const forward = [value("z", [64, 10], true), value("activations[-1]", [64, 128], true), value("W", [128, 10]), value("b", [10])];
  assert.equal(resultOf(forward, ["activations[-1]", "W"])?.name, "z");
  const bias = [value("db", [10], true), value("dz", [64, 10])];
  assert.equal(resultOf(bias, ["dz"])?.name, "db");
  assert.equal(resultOf([value("dz", [64, 10], true)], []), null);
});

test("the largest products come first, whatever their sign", () => {
  const { shown, sum, nonzero, count } = largestTerms([1, 2, 0, -4], [1, 1, 9, 1], 2);
  assert.deepEqual(shown.map(({ index, product }) => [index, product]), [[3, -4], [1, 2]]);
  assert.deepEqual([sum, nonzero, count], [-1, 3, 4]);
});
