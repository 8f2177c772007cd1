import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { equationOf, EQUATIONS } from "../../../web/hood/equations.js";

test("every line that has an equation stands in the lesson", () => {
  for (const [file, lines] of Object.entries(EQUATIONS)) {
    const there = new Set(readFileSync(new URL(`../../../pysrc/digitnet/${file}`, import.meta.url), "utf8").split("\n").map((line) => line.trim()));
    for (const line of Object.keys(lines)) assert.ok(there.has(line), `${file}: ${line}`);
  }
});

test("a line that was edited has none", () => {
  assert.equal(equationOf("network.py", "            dW = ops.matmul(a.T, dz)"), "∂L/∂W⁽ˡ⁾ = a⁽ˡ⁻¹⁾ᵀ ∂L/∂z⁽ˡ⁾");
  assert.equal(equationOf("network.py", "            dW = ops.matmul(a.T, dz) * 2"), "");
  assert.equal(equationOf("losses.py", "            dW = ops.matmul(a.T, dz)"), "");
  assert.equal(equationOf("mine.py", "x = 1"), "");
});
