import assert from "node:assert/strict";
import { test } from "node:test";
import { marksOf, placeLabels } from "../../../web/lib/curve-marks.js";

const point = (position, loss) => ({ position, samples: 0, seconds: 0, loss, accuracy: 0.5, weight: 1 });
const record = (test, train = []) => /** @type {any} */ ({ test, train });

test("marks lie on the test curve: at its first point, its lowest loss, its end", () => {
  const records = { long: record([point(1, 0.5), point(2, 0.3), point(3, 0.4)]) };
  const marks = marksOf(/** @type {any} */ (["first", "best", "end"].map((at) => ({ run: "long", chart: "loss", at, text: at }))), records);
  assert.deepEqual(marks.map(({ point: { position }, text }) => [position, text]), [[1, "first"], [2, "best"], [3, "end"]]);
});

test("a run that was not tested is marked on its training curve, and one that has not begun nowhere", () => {
  const planned = /** @type {any} */ ([{ run: "a", chart: "loss", at: "end", text: "" }, { run: "b", chart: "loss", at: "end", text: "" }]);
  assert.deepEqual(marksOf(planned, { a: record([], [point(1, 0.9)]) }).map((mark) => mark.point.loss), [0.9]);
});

test("labels stay within the frame and off each other and the points", () => {
  const frame = { left: 40, top: 10, width: 300, height: 80 };
  const labels = [{ x: 338, y: 50, width: 90 }, { x: 338, y: 54, width: 60 }, { x: 338, y: 88, width: 70 }, { x: 42, y: 12, width: 80 }];
  const boxes = placeLabels(labels, 13, frame);
  for (const [i, box] of boxes.entries()) {
    assert.ok(box.left >= 40 && box.left + box.width <= 340 && box.top >= 10 && box.top + box.height <= 90, JSON.stringify(box));
    for (const other of boxes.slice(i + 1)) {
      const apart = box.left >= other.left + other.width || other.left >= box.left + box.width || box.top >= other.top + other.height || other.top >= box.top + box.height;
      assert.ok(apart, JSON.stringify([box, other]));
    }
    for (const { x, y } of labels) assert.ok(!(box.left < x && x < box.left + box.width && box.top < y && y < box.top + box.height));
  }
});
