/** Below the answer: what the drawing should have been, the drawings so far, and what came of learning them. */

import { element } from "../lib/dom.js";
import { digitPicture } from "../lib/digits.js";
import { outcome } from "../lib/drawings.js";
import { emit } from "../lib/events.js";
import { percent } from "../lib/format.js";

/**
 * Emits `label` with a class, `remove` with the place of a drawing, `teach` with whether to rehearse, `undo`, `export`
 * and `import` with a file.
 */
export class Teacher extends EventTarget {
  #names = Array.from("0123456789");

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-testid="${name}"]`));
    this.root = root;
    this.list = part("taught");
    this.run = /** @type {HTMLButtonElement} */ (part("teach-run"));
    this.undo = /** @type {HTMLButtonElement} */ (part("teach-undo"));
    this.save = /** @type {HTMLButtonElement} */ (part("drawings-export"));
    this.open = /** @type {HTMLInputElement} */ (part("drawings-import"));
    this.rehearse = /** @type {HTMLInputElement} */ (part("rehearse"));
    this.result = part("teach-result");
    this.labels = this.#names.map((_, digit) => {
      const button = element("button", { type: "button", disabled: true, "data-digit": digit });
      button.addEventListener("click", () => emit(this, "label", digit));
      return button;
    });
    part("teach").replaceChildren(...this.labels);
    this.run.addEventListener("click", () => emit(this, "teach", this.rehearse.checked));
    this.undo.addEventListener("click", () => emit(this, "undo"));
    this.save.addEventListener("click", () => emit(this, "export"));
    this.open.addEventListener("change", () => {
      const [file] = this.open.files ?? [];
      if (file) emit(this, "import", file);
      this.open.value = "";
    });
    this.setNames(this.#names);
  }

  /** @param {string[]} names of the ten classes */
  setNames(names) {
    this.#names = names;
    this.root.classList.toggle("named", names.some((name) => name.length > 2));
    this.labels.forEach((button, digit) => {
      button.textContent = button.title = names[digit];
      button.setAttribute("aria-label", `It is a ${names[digit]}`);
    });
  }

  /**
   * @param {import("../lib/drawings.js").Drawing[]} drawings
   * @param {number | null} chosen  the class that the drawing on the pad was given
   */
  update(drawings, chosen) {
    this.labels.forEach((button, digit) => button.setAttribute("aria-pressed", String(digit === chosen)));
    this.list.replaceChildren(...drawings.map(({ label, pixels }, i) => {
      const name = this.#names[label];
      const button = element("button", { type: "button", title: "Delete this drawing", "aria-label": `Delete drawing ${i + 1}, a ${name}` }, "×");
      button.addEventListener("click", () => this.#remove(i));
      return element("li", { "data-label": label }, digitPicture(pixels), element("b", {}, name), button);
    }));
  }

  /**
   * While it learns, the button that was pressed keeps the focus, though it does nothing.
   * @param {{isUsable: boolean, isTeaching: boolean, count: number, canUndo: boolean}} state
   */
  enable({ isUsable, isTeaching, count, canUndo }) {
    const isFree = isUsable && !isTeaching;
    for (const control of [...this.labels, this.open, this.rehearse]) control.disabled = !isFree;
    this.run.disabled = !isUsable || count === 0;
    this.run.setAttribute("aria-disabled", String(isTeaching));
    this.save.disabled = !isFree || count === 0;
    this.undo.disabled = !isFree || !canUndo;
  }

  /** @param {number | null} fraction  how far the learning is; null where there is none under way */
  progress(fraction) {
    this.run.textContent = fraction === null ? "Learn these" : `Learning ${percent(fraction, 0)}`;
  }

  /** @param {Taught | null} result  null from the press on */
  show(result) {
    const figures = { ownBefore: result?.own_before, ownAfter: result?.own_after, testBefore: result?.test_before, testAfter: result?.test_after };
    this.result.textContent = result ? outcome(result, this.#names) : "";
    for (const [name, value] of Object.entries(figures)) {
      if (value === undefined) delete this.result.dataset[name];
      else this.result.dataset[name] = String(value);
    }
  }

  /** @param {string} sentence  in place of a result */
  say(sentence) {
    this.show(null);
    this.result.textContent = sentence;
  }

  /**
   * Have a drawing deleted; the focus goes to the one that takes its place.
   * @param {number} index
   */
  #remove(index) {
    emit(this, "remove", index);
    const buttons = this.list.querySelectorAll("button");
    const next = buttons[Math.min(index, buttons.length - 1)] ?? this.labels[0];
    next.focus();
  }
}
