import assert from "node:assert/strict";
import { test } from "node:test";

import { confusionSvg, shades, widestCount } from "../../../web/lib/confusion.js";

const colours = { card: "white", text: "black", soft: "grey" };
const fill = (/** @type {boolean} */ isCorrect, /** @type {number} */ shade) => `${isCorrect ? "blue" : "orange"}-${shade.toFixed(2)}`;
const counts = [[90, 10], [40, 1160]];
const evaluation = /** @type {Report} */ ({ count: 1300, confusion: counts, recall: [0.9, 0.9667], precision: [90 / 130, 1160 / 1170] });

/** @param {string[]} names */
const draw = (names) => confusionSvg({ evaluation, names, colours, fill });

test("more is never paler, and nothing has no colour", () => {
  const [[hit, few], [many, more]] = shades(counts);
  assert.ok(few < many && hit < more && few > 0);
  assert.deepEqual(shades([[0, 0], [0, 0]]), [[0, 0], [0, 0]]);
});

test("counts are as wide as their longest", () => {
  assert.ok(widestCount([[1, 12], [123, 1234]]) > widestCount([[999]]));
  assert.ok(widestCount([[12345]]) > widestCount([[1234]]));
  assert.ok(widestCount([]) > 0);
});

test("the picture names its axes and writes its numbers as the page does", () => {
  const svg = draw(["cat", "dog"]);
  for (const text of [">actual<", ">predicted<", ">1,160<", ">recall %<", ">precision %<", ">90.0<", "1,300 test images"]) assert.ok(svg.includes(text), text);
});

test("ten classes give a picture at least 1,200 pixels wide", () => {
  const svg = confusionSvg({ evaluation: null, names: Array.from("0123456789"), colours, fill });
  assert.ok(Number(svg.match(/ width="(\d+)"/)?.[1]) >= 1200);
});

test("no name can break the picture, and long ones are cut", () => {
  const svg = draw(["</text>\u0000&\u001b", "an extraordinarily long name"]);
  assert.ok(!/[\u0000-\u0008\u000b-\u001f]/.test(svg));
  assert.ok(svg.includes("&#60;/text&#62;&#38;"));
  assert.ok(svg.includes(">an extraord…<"));
});
