import assert from "node:assert/strict";
import { test } from "node:test";

import { withFunctionOf } from "../../../web/hood/functions.js";

const original = `import math

def first(
    a: int,
) -> int:
    return a

class Both:
    def step(self):
        x = 1

        return x

    def other(self):
        return 2
`;

test("only the function around the line is put back", () => {
  const mine = original.replace("return a", "return -a").replace("x = 1", "x = 3\n        y = 4").replace("return 2", "return 5");
  const line = mine.split("\n").findIndex((text) => text.includes("y = 4")) + 1;
  const { text, problem } = withFunctionOf(original, mine, line);
  assert.equal(problem, "");
  assert.equal(text, original.replace("return a", "return -a").replace("return 2", "return 5"));
});

test("a head of several lines belongs to its function", () => {
  const mine = original.replace("return a", "return -a\n    return 0");
  assert.equal(withFunctionOf(original, mine, 6).text, original);
});

test("without a function around it, or in the original, nothing changes", () => {
  assert.deepEqual(withFunctionOf(original, original, 1), { text: original, problem: "The cursor is not in a function." });
  const mine = "def mine():\n    return 1\n";
  assert.deepEqual(withFunctionOf(original, mine, 2), { text: mine, problem: "The original has no function of this name." });
});
