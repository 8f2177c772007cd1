/** A lesson's steps in order, chosen from the experiments and exercises that there are. */

import { element } from "../lib/dom.js";
import { nameOf } from "./lesson-card.js";

/** @typedef {import("../lib/lesson.js").Step} Step */

export class StepList {
  /** @type {Step[]} */
  #steps = [];
  /** Of what can be a step, by its name. @type {Map<string, string>} */
  titles = new Map();

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.list = element("ol", { class: "step-list" });
    this.select = element("select", { "aria-label": "Step to add" });
    const add = element("button", { type: "button" }, "Add");
    add.addEventListener("click", () => {
      const [kind, id] = this.select.value.split(":");
      if (!id || this.#steps.some((step) => nameOf(step) === this.select.value)) return;
      this.#change([...this.#steps, { kind: /** @type {Step["kind"]} */ (kind), id }]);
    });
    this.element = element("fieldset", {}, element("legend", {}, "Experiments and exercises, in order"), this.list, element("div", { class: "row" }, this.select, add));
  }

  get value() {
    return this.#steps;
  }

  /** @param {Step[]} steps */
  fill(steps) {
    this.#steps = steps;
    this.#draw();
  }

  /** @param {Map<string, string>} titles */
  offer(titles) {
    if (JSON.stringify([...titles]) === JSON.stringify([...this.titles])) return;
    this.titles = titles;
    const groups = /** @type {const} */ ([["experiment", "Experiments"], ["exercise", "Exercises"]]).map(([kind, label]) => {
      const group = element("optgroup", { label });
      for (const [name, title] of titles) if (name.startsWith(`${kind}:`)) group.append(new Option(title, name));
      return group;
    });
    this.select.replaceChildren(...groups.filter((group) => group.childElementCount));
    this.#draw();
  }

  /** @param {Step[]} steps */
  #change(steps) {
    this.#steps = steps;
    this.#draw();
    this.onChange();
  }

  #draw() {
    const button = (/** @type {string} */ text, /** @type {string} */ label, /** @type {boolean} */ isOff, /** @type {() => Step[]} */ result) => {
      const made = element("button", { type: "button", "aria-label": label, disabled: isOff }, text);
      made.addEventListener("click", () => this.#change(result()));
      return made;
    };
    this.list.replaceChildren(...this.#steps.map((step, i) => {
      const title = this.titles.get(nameOf(step)) ?? step.id;
      return element("li", {}, element("span", {}, title),
        button("↑", `Move ${title} up`, i === 0, () => swapped(this.#steps, i - 1)),
        button("↓", `Move ${title} down`, i === this.#steps.length - 1, () => swapped(this.#steps, i)),
        button("×", `Remove ${title}`, false, () => this.#steps.filter((other) => other !== step)));
    }));
  }
}

/**
 * The steps with one and the next in each other's place.
 * @param {Step[]} steps
 * @param {number} i
 */
const swapped = (steps, i) => [...steps.slice(0, i), steps[i + 1], steps[i], ...steps.slice(i + 2)];
