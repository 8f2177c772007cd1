import assert from "node:assert/strict";
import { test } from "node:test";

import { isOfRecipe } from "../../../web/lib/recipes.js";

/** As much of a recipe as the comparison reads.
 * @type {any} */
const RECIPE = { data_size: 10_000, layers: "128", batch_size: null, epochs: 12, seed: 0, evaluate_every: 1 };

test("a run with the recipe's settings is one of the recipe, whatever chance decides", () => {
  assert.ok(isOfRecipe({ recipe: "quick", ...RECIPE }, RECIPE));
  assert.ok(isOfRecipe({ recipe: "quick", ...RECIPE, seed: 3, evaluate_every: 5 }, RECIPE));
});

test("a run with other settings is not", () => {
  for (const change of [{ epochs: 1 }, { layers: "" }, { batch_size: 64 }, { data_size: 60_000 }, { data_size: "own" }]) {
    assert.ok(!isOfRecipe({ recipe: "quick", ...RECIPE, ...change }, RECIPE), JSON.stringify(change));
  }
});
