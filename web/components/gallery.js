/** Test digits with what the network said about them; a click puts one on the pad. */

import { element } from "../lib/dom.js";
import { digitPicture, PIXELS } from "../lib/digits.js";
import { emit } from "../lib/events.js";
import { percent } from "../lib/format.js";

/** Emits `pick` with the index of a test digit. */
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

  /**
   * @param {Reading[]} readings
   * @param {Uint8Array} pixels  one picture after the other
   * @param {string[]} names
   * @param {string} words  what stands above
   */
  update(readings, pixels, names, words) {
    this.words.textContent = readings.length ? words : this.empty;
    const key = readings.map(({ index, predicted, confidence }) => `${index}.${predicted}.${confidence}`).join() + names.join();
    if (key === this.#key) return;
    this.#key = key;
    this.list.replaceChildren(...readings.map(({ index, label, predicted, confidence }, i) => {
      const button = element("button", { type: "button", "aria-label": `${names[label]} read as ${names[predicted]}, ${percent(confidence)} sure. Put it on the pad` },
        digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)),
        element("span", {}, label === predicted ? "" : `${names[label]} → `, element("b", {}, names[predicted])), element("small", {}, percent(confidence, 0)));
      button.addEventListener("click", () => emit(this, "pick", index));
      return element("li", { "data-label": label, "data-predicted": predicted, "data-index": index, "data-value": confidence }, button);
    }));
  }
}
