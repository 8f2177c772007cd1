/** The diagnosis of a run that has ended: a sentence, and a button that applies the remedy. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";

/** Emits `apply` with the remedy, and `update` with the id of the diagnosis or an empty text. */
export class Hint extends EventTarget {
  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.note = /** @type {HTMLElement} */ (root.nextElementSibling);
    this.before = this.note.textContent;
    this.update(null);
  }

  /** @param {Diagnosis | null} diagnosis  null or an empty one while there is nothing to say */
  update(diagnosis) {
    const { id = "", text = "", remedy = null } = diagnosis ?? {};
    this.root.replaceChildren(...(text ? [element("span", {}, text)] : []));
    if (remedy) {
      const apply = element("button", { type: "button", "data-testid": "hint-apply" }, remedy.label);
      apply.addEventListener("click", () => emit(this, "apply", remedy));
      this.root.append(apply);
    }
    this.root.hidden = !text;
    this.note.textContent = diagnosis && !text ? "No problem found in this run." : this.before;
    this.root.dataset.id = id;
    emit(this, "update", id);
  }
}
