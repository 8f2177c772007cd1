import assert from "node:assert/strict";
import { test } from "node:test";

import { layoutNetwork, leastHeight, MOST_CELLS } from "../../../web/lib/network-layout.js";

const WIDTH = 560;
const HEIGHT = 620;

/** @param {import("../../../web/lib/network-layout.js").Box[]} boxes */
function assertInside(boxes) {
  for (const { x, y, width, height } of boxes) {
    assert.ok(width > 0 && height > 0, `${width} × ${height}`);
    assert.ok(x >= 0 && y >= 0 && x + width <= WIDTH && y + height <= HEIGHT, `at ${x}, ${y}`);
  }
}

/** @param {import("../../../web/lib/network-layout.js").Box[]} boxes */
function assertApart(boxes) {
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
    assert.ok(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)} overlap`);
  }));
}

for (const [sizes, tiles] of /** @type {[number[], number][]} */ ([
  [[784, 128, 10], 128],
  [[784, 10, 10], 10],
  [[784, 256, 128, 10], 64],
  [[784, 128, 64, 32, 10], 32],
  [[784, 10], 10],
])) {
  test(`${sizes.join("-")}: every box is in the picture and none lies on another`, () => {
    const { layers, outputs } = layoutNetwork(WIDTH, HEIGHT, sizes, tiles);
    const boxes = [...layers.flat(), ...outputs];
    assertInside(boxes);
    assertApart(boxes);
    assert.equal(outputs.length, 10);
    assert.equal(layers[0].length, tiles);
  });
}

test("a wide deeper layer is drawn in part", () => {
  const { layers } = layoutNetwork(WIDTH, HEIGHT, [784, 32, 1000, 10], 32);
  assert.deepEqual(layers.map((layer) => layer.length), [32, MOST_CELLS]);
});

test("layers follow each other downwards", () => {
  const { layers, outputs } = layoutNetwork(WIDTH, HEIGHT, [784, 64, 32, 16, 10], 64);
  const tops = [...layers, outputs].map((boxes) => Math.min(...boxes.map(({ y }) => y)));
  assert.deepEqual(tops, tops.toSorted((a, b) => a - b));
});

test("for a finger units are far enough apart, and the picture high enough for all", () => {
  const [width, spacing] = [300, { gap: 26, least: 28 }];
  const sizes = [784, 128, 256, 64, 10];
  const height = leastHeight(width, sizes, 128, spacing);
  const { layers, outputs } = layoutNetwork(width, height, sizes, 128, spacing);
  for (const boxes of layers) {
    for (const box of boxes) assert.ok(box.width >= 24 && box.x >= 0 && box.x + box.width <= width && box.y >= 0, JSON.stringify(box));
  }
  assertApart([...layers.flat(), ...outputs]);
});
