/** Ten test digits to put on the pad. */

import { element } from "../lib/dom.js";
import { digitPicture, PIXELS } from "../lib/digits.js";
import { emit } from "../lib/events.js";

/** Emits `pick` with the index of a test digit. */
export class Samples extends EventTarget {
  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.root = root;
    this.buttons = Array.from({ length: 10 }, (_, digit) =>
      element("button", { type: "button", disabled: true, "aria-label": `Put a ${digit} on the pad` }));
    root.replaceChildren(...this.buttons);
  }

  /**
   * @param {number[]} indices
   * @param {Uint8Array} pixels  one picture after the other
   * @param {string[]} names
   */
  update(indices, pixels, names) {
    this.buttons.forEach((button, i) => {
      button.disabled = i >= indices.length;
      if (button.disabled) return;
      button.replaceChildren(digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)));
      button.setAttribute("aria-label", `Put a ${names[i] ?? i} on the pad`);
      button.onclick = () => emit(this, "pick", indices[i]);
    });
  }
}
