/** Check the code that runs: what was looked at, what was found, and what that usually means. */

import { element, show } from "../lib/dom.js";
import { on } from "../lib/events.js";
import { numberText } from "./trace-values.js";

export class ChecksPanel {
  /** @param {import("../hood.js").Context & {code: import("./code-panel.js").CodePanel}} context */
  constructor(context) {
    this.context = context;
    this.button = element("button", { type: "button", class: "primary", "data-testid": "check" }, "Check the code");
    this.button.addEventListener("click", () => this.check().catch(context.showError));
    this.automatic = element("input", { type: "checkbox" });
    this.error = element("output", { "data-testid": "gradient-error", "data-value": "" });
    this.note = element("p", { class: "soft", "aria-live": "polite" }, "Checks the code that runs, on small networks of its own: the run on this page is not touched. It takes about a second.");
    this.list = element("ol", { class: "checks", "data-testid": "checks" });
    this.parameters = element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Gradients" });
    this.element = element("div", { class: "checks-panel" },
      element("div", { class: "row" }, this.button, element("label", { class: "check" }, this.automatic, "after every Apply"), this.error),
      this.note, this.list, this.parameters);
    on(context.code, "type", () => this.#outdate());
    on(context.code, "apply", () => {
      this.#clear("The code has changed since the last check.");
      if (this.automatic.checked) this.check().catch(context.showError);
    });
  }

  /** Something else is typed: the result is of the code that still runs. */
  #outdate() {
    show(this.error, "", null);
    if (this.list.childElementCount) this.note.textContent = "The result below is of the code that runs. What you have typed since is not applied.";
  }

  /** @param {string} note */
  #clear(note) {
    show(this.error, "", null);
    this.list.replaceChildren();
    this.parameters.replaceChildren();
    this.note.textContent = note;
  }

  async check() {
    const { client } = this.context;
    if (!client.isReady) {
      this.#clear("Python is still loading. Check again when it is ready.");
      return;
    }
    this.#clear("Checking…");
    try {
      this.#show(await client.session.check_code());
    } catch (error) {
      this.note.textContent = `The checks could not run. ${/** @type {Error} */ (error).message}`;
    }
  }

  /** @param {CodeChecks} result */
  #show({ checks, parameters, gradient_error: error }) {
    const failed = checks.filter(({ passed }) => !passed).length;
    this.note.textContent = failed ? `${failed} of ${checks.length} checks failed.` : `All ${checks.length} checks passed.`;
    this.list.replaceChildren(...checks.map(({ name, title, passed, value, found, meaning }) =>
      element("li", { "data-name": name, "data-state": passed ? "pass" : "fail", "data-value": value ?? "" },
        element("span", { class: "verdict" }, passed ? "passed" : "failed"),
        element("div", {}, element("strong", {}, title), element("p", {}, found), ...(meaning ? [element("p", { class: "meaning" }, meaning)] : [])))));
    this.parameters.replaceChildren(...(parameters.length ? [parametersTable(parameters)] : []));
    show(this.error, error === null ? "" : `largest relative error of a gradient: ${numberText(error)}`, error);
  }
}

/** @param {GradientCheck[]} parameters */
function parametersTable(parameters) {
  const number = (/** @type {number | null} */ value) => (value === null ? "–" : numberText(value));
  return element("table", {},
    element("caption", {}, "The gradient check: the worst entry of each parameter"),
    element("thead", {}, element("tr", {}, ...["gradient", "entry", "backpropagation", "measured slope", "relative error"].map((title) => element("th", { scope: "col" }, title)))),
    element("tbody", {}, ...parameters.map(({ name, entry, backprop, numerical, error }) =>
      element("tr", {}, element("th", { scope: "row" }, `d${name}`), element("td", {}, `[${entry.join(", ")}]`),
        ...[backprop, numerical, error].map((value) => element("td", {}, number(value)))))));
}
