/** Ten test digits to put on the pad. */

import { element } from "../lib/dom.js";
import { digitPicture } from "../lib/digits.js";
import { emit } from "../lib/events.js";

/** Emits `pick` with {pixels, label} of a test digit. */
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
   * @param {{label: number, pixels: Uint8Array}[]} images
   * @param {string[]} names
   */
  update(images, names) {
    this.buttons.forEach((button, digit) => {
      const image = images.find(({ label }) => label === digit);
      const name = names[digit];
      button.disabled = !image;
      button.setAttribute("aria-label", image ? `Put a ${name} on the pad` : `There is no ${name} to put on the pad`);
      button.replaceChildren(...(image ? [digitPicture(image.pixels)] : []));
      button.onclick = () => image && emit(this, "pick", { pixels: image.pixels, label: name });
    });
  }
}
