/** Test images with what the network predicted; a click puts one on the pad. */

import { element } from "../lib/dom.js";
import { digitPicture, PIXELS } from "../lib/digits.js";
import { emit } from "../lib/events.js";
import { percent } from "../lib/format.js";
import { yieldToEventLoop } from "../lib/pace.js";

/** How many are put on the page before the event loop has its turn. */
const AT_ONCE = 20;

/** Emits `pick` with {index, label} of a test image. */
export class Gallery extends EventTarget {
  #key = "";

  /**
   * @param {HTMLElement} root
   * @param {{testid: string, empty: string}} options
   */
  constructor(root, { testid, empty }) {
    super();
    this.empty = empty;
    this.words = element("p", { class: "soft" }, empty);
    this.list = element("ol", { class: "gallery", "data-testid": testid });
    root.append(this.words, this.list);
  }

  get visible() {
    return !this.list.closest("[hidden]"); // asking where it lies would have everything laid out first
  }

  /**
   * @param {Reading[]} readings
   * @param {Uint8Array} pixels  one picture after the other
   * @param {string[]} names
   * @param {string} words  what stands above; nothing before the first test
   */
  async update(readings, pixels, names, words) {
    this.words.textContent = words || this.empty;
    const key = readings.map(({ index, predicted, confidence }) => `${index}.${predicted}.${confidence}`).join() + names.join();
    if (key === this.#key) return;
    this.#key = key;
    const items = readings.map((reading, i) => () => this.#item(reading, pixels.subarray(i * PIXELS, (i + 1) * PIXELS), names));
    this.list.classList.toggle("named", names.some((name) => name.length > 2));
    const focused = [...this.list.children].findIndex((item) => item.contains(document.activeElement));
    this.list.replaceChildren();
    // a few at a time: the page has other things to do
    while (items.length && this.#key === key) {
      const before = this.list.children.length;
      this.list.append(...items.splice(0, AT_ONCE).map((make) => make()));
      if (before <= focused) this.list.children[focused]?.querySelector("button")?.focus({ preventScroll: true });
      await yieldToEventLoop();
    }
  }

  /**
   * @param {Reading} reading
   * @param {Uint8Array} pixels
   * @param {string[]} names
   */
  #item({ index, label, predicted, confidence }, pixels, names) {
    const [actual, said] = [names[label], names[predicted]];
    // what is seen begins the name, so that it can be spoken to press the button
    const button = element("button", { type: "button" },
      digitPicture(pixels),
      element("span", {}, label === predicted ? "" : `${actual} → `, element("b", {}, said)), " ",
      element("small", {}, confidence === null ? "–" : percent(confidence, 0)),
      element("span", { class: "unseen" }, ` confidence: ${actual} read as ${said}. Put it on the pad`));
    button.addEventListener("click", () => emit(this, "pick", { index, label }));
    return element("li", { "data-label": label, "data-predicted": predicted, "data-index": index, "data-value": confidence }, button);
  }
}
