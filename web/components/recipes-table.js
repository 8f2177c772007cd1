/** The recipes: what each is, what the project that it rebuilds claims, what it reaches here. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { integer, percent } from "../lib/format.js";
import { isOfRecipe } from "../lib/recipes.js";

/**
 * A second line for what holds with all of a recipe's images, where the page starts with fewer.
 * @param {string | null} figure
 */
const inFull = (figure) => (figure ? [element("small", {}, `in full: ${figure}`)] : []);

/** Emits `choose` with the name of a recipe. */
export class RecipesTable extends EventTarget {
  /** @type {Map<string, HTMLElement>} */
  #results = new Map();
  /** @type {Recipe[]} */
  #recipes = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.body = element("tbody");
    root.append(element("table", { class: "recipes" },
      element("thead", {}, element("tr", {}, ...["Recipe", "Network", "Training", "Training images", "Its project's claim", "Must reach", "Reached here", "Your last run"].map((head) => element("th", { scope: "col" }, head)), element("td"))),
      this.body));
  }

  /** @param {Recipe[]} recipes */
  setRecipes(recipes) {
    this.#recipes = recipes;
    this.body.replaceChildren(...recipes.map(({ name, title, about, claim, must_reach: goal, measured, settings, full }) => {
      const use = element("button", { type: "button", "aria-label": `Use the recipe ${title}` }, "Use");
      use.addEventListener("click", () => emit(this, "choose", name));
      const result = element("td", { class: "figure", "data-recipe": name }, this.#results.get(name)?.textContent ?? "–");
      this.#results.set(name, result);
      const batch = settings.batch_size === null ? "full batch" : settings.batch_size === 1 ? "after every image" : `mini-batches of ${settings.batch_size}`;
      return element("tr", {},
        element("th", { scope: "row" }, title, element("small", {}, about)),
        element("td", {}, `784-${settings.layers ? `${settings.layers.replaceAll(",", "-")}-` : ""}10`),
        element("td", {}, `${{ sgd: "gradient descent", momentum: "momentum", adam: "Adam" }[settings.optimizer] ?? settings.optimizer}, ${batch}, ${settings.epochs} epochs`),
        element("td", { class: "figure" }, integer(Number(settings.data_size)), ...inFull(full && integer(full.data_size))),
        element("td", {}, claim.replaceAll(" %", "\u00a0%") || "–"),
        element("td", { class: "figure" }, percent(goal), ...inFull(full && percent(full.must_reach))),
        element("td", { class: "figure" }, percent(measured), ...inFull(full && percent(full.measured))),
        result,
        element("td", {}, use));
    }));
    // for narrow screens, where a row is a card
    const heads = [...(this.body.parentElement?.querySelectorAll("thead th") ?? [])].map((head) => head.textContent);
    for (const row of this.body.rows) [...row.cells].forEach((cell, i) => (cell.dataset.head = heads[i]));
  }

  /**
   * What this visitor's run has reached; it counts only with a recipe's own settings.
   * @param {Settings} settings
   * @param {number} accuracy
   */
  setResult(settings, accuracy) {
    const recipe = this.#recipes.find(({ name }) => name === settings.recipe);
    const cell = this.#results.get(settings.recipe);
    if (!recipe || !cell || !isOfRecipe(settings, recipe.settings)) return;
    cell.textContent = percent(accuracy);
    cell.classList.add("reached");
  }
}
