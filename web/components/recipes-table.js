/** The recipes: what each is, what its author claims, what it reaches here. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { percent } from "../lib/format.js";

/** Emits `choose` with the name of a recipe. */
export class RecipesTable extends EventTarget {
  /** @type {Map<string, HTMLElement>} */
  #results = new Map();

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.body = element("tbody");
    root.append(element("table", { class: "recipes" },
      element("thead", {}, element("tr", {}, ...["Recipe", "Network", "Training", "Digits", "Its author's claim", "Must reach", "This code", "You, just now", ""].map((head) => element("th", { scope: "col" }, head)))),
      this.body));
  }

  /** @param {Recipe[]} recipes */
  setRecipes(recipes) {
    this.body.replaceChildren(...recipes.map(({ name, title, about, claim, must_reach: goal, measured, settings }) => {
      const use = element("button", { type: "button", "aria-label": `Use the recipe ${title}` }, "Use");
      use.addEventListener("click", () => emit(this, "choose", name));
      const result = element("td", { class: "figure", "data-recipe": name }, this.#results.get(name)?.textContent ?? "–");
      this.#results.set(name, result);
      const batch = settings.batch_size === null ? "full batch" : settings.batch_size === 1 ? "after every digit" : `mini-batches of ${settings.batch_size}`;
      return element("tr", {},
        element("th", { scope: "row" }, title, element("small", {}, about)),
        element("td", {}, `784-${settings.layers ? `${settings.layers.replaceAll(",", "-")}-` : ""}10`),
        element("td", {}, `${{ sgd: "gradient descent", momentum: "momentum", adam: "Adam" }[settings.optimizer] ?? settings.optimizer}, ${batch}, ${settings.epochs} epochs`),
        element("td", { class: "figure" }, Number(settings.data_size).toLocaleString("en")),
        element("td", {}, claim.replaceAll(" %", "\u00a0%") || "–"),
        element("td", { class: "figure" }, percent(goal)),
        element("td", { class: "figure" }, typeof measured === "number" ? percent(measured) : measured || "–"),
        result,
        element("td", {}, use));
    }));
  }

  /**
   * What this visitor's run of a recipe has reached.
   * @param {string} name
   * @param {number} accuracy
   */
  setResult(name, accuracy) {
    const cell = this.#results.get(name);
    if (!cell) return;
    cell.textContent = percent(accuracy);
    cell.classList.add("reached");
  }
}
