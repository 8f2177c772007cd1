/** Tabs by the usual pattern: arrow keys move, closed panels stay in the document. */

import { emit } from "../lib/events.js";

/** Emits `select` with the id of the panel that was opened. */
export class Tabs extends EventTarget {
  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.tabs = /** @type {HTMLButtonElement[]} */ ([...root.querySelectorAll('[role="tab"]')]);
    this.tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => this.#select(tab));
      tab.addEventListener("keydown", (event) => {
        const move = { ArrowRight: 1, ArrowLeft: -1, Home: -i, End: this.tabs.length - 1 - i }[event.key];
        if (move === undefined) return;
        event.preventDefault();
        const next = this.tabs[(i + move + this.tabs.length) % this.tabs.length];
        this.#select(next);
        next.focus();
      });
    });
  }

  /** @param {HTMLButtonElement} chosen */
  #select(chosen) {
    for (const tab of this.tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      const panel = document.getElementById(String(tab.getAttribute("aria-controls")));
      if (panel) panel.hidden = !on;
    }
    emit(this, "select", chosen.getAttribute("aria-controls"));
  }
}
