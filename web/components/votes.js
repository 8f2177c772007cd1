/** Why this answer: the units' votes for it and for the runner-up, as sums that add up to their scores. */

import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { rowsOf, sentenceOf, signed, softmaxSentence, unitName } from "../lib/votes.js";

/** Emits `change` when it is opened, and `select` with {layer, index} of a unit. */
export class VotesView extends EventTarget {
  #sentence = element("p", { "data-testid": "why-sentence" });
  #table = element("table");
  #softmax = element("p", { class: "soft" });

  /** @param {HTMLDetailsElement} root */
  constructor(root) {
    super();
    this.root = root;
    root.append(this.#sentence, this.#table, this.#softmax);
    root.addEventListener("toggle", () => root.open && emit(this, "change"));
  }

  get isOpen() {
    return this.root.open;
  }

  /**
   * @param {Votes} votes
   * @param {string[]} names  of the classes
   */
  update(votes, names) {
    const isRead = votes.classes.length > 0;
    this.#table.hidden = this.#softmax.hidden = !isRead;
    this.#sentence.textContent = isRead ? sentenceOf(votes, names) : "Draw a digit first.";
    if (!isRead) return;
    this.#softmax.textContent = softmaxSentence(votes, names);
    const [winner, other] = votes.classes.map((index) => names[index]);
    const head = ["adds to the score of", winner, other, "lead"];
    const largest = Math.max(...votes.votes.map(({ parts }) => Math.abs(parts[0] - parts[1])), 1e-9);
    const rows = rowsOf(votes).map(({ unit, label, parts }) => {
      const lead = parts[0] - parts[1];
      const bar = element("i", { class: lead < 0 ? "against" : "for" });
      bar.style.inlineSize = `${unit === null ? 0 : Math.round((Math.abs(lead) / largest) * 100)}%`;
      return element("tr", { class: label === "score" ? "total" : "" },
        element("th", { scope: "row" }, unit === null || votes.layer < 0 ? label : this.#link(votes, unit)),
        ...parts.map((part) => element("td", {}, signed(part))),
        element("td", {}, signed(Number(lead.toFixed(2))), element("span", { class: "lead" }, bar)));
    });
    const focused = this.#table.querySelector(":focus")?.getAttribute("data-unit");
    this.#table.replaceChildren(
      element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows));
    if (focused != null) /** @type {HTMLElement | null} */ (this.#table.querySelector(`[data-unit="${focused}"]`))?.focus();
  }

  /**
   * @param {Votes} votes
   * @param {number} index
   */
  #link(votes, index) {
    const name = unitName(votes, index);
    const button = element("button", { type: "button", class: "link", "data-unit": String(index), title: "Look into this unit" }, name);
    button.addEventListener("click", () => emit(this, "select", { layer: votes.layer, index }));
    return button;
  }
}
