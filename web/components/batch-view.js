/** What the network saw in its latest batch: a few training images, as they are in the data and as they were changed. */

import { digitPicture, PIXELS } from "../lib/digits.js";
import { element } from "../lib/dom.js";
import { integer } from "../lib/format.js";

export class BatchView {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.words = element("p", { class: "soft" });
    this.list = element("ol", { class: "gallery batch", "data-testid": "batch" });
    root.append(this.words, this.list);
    this.root = root;
  }

  get visible() {
    return !this.root.closest("[hidden]");
  }

  /**
   * @param {Batch} batch
   * @param {string[]} names  of the classes
   */
  update({ originals, seen, labels, step }, names) {
    const isChanged = seen.some((pixel, i) => pixel !== originals[i]);
    const said = isChanged ? "Above as in the data, below as the network saw them." : "The network saw them as they are in the data: “shift”, “affine” and “styles” change them.";
    this.words.textContent = labels.length ? `Training images of the batch of step ${integer(step)}. ${said}` : "No step taken yet.";
    this.list.replaceChildren(...labels.map((label, i) => {
      const picture = (/** @type {Uint8Array} */ images) => digitPicture(images.subarray(i * PIXELS, (i + 1) * PIXELS));
      const pictures = isChanged ? [picture(originals), picture(seen)] : [picture(seen)];
      return element("li", { "data-label": label, "data-value": Number(isChanged), title: `A ${names[label]}` }, ...pictures);
    }));
  }
}
