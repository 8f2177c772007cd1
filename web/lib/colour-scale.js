/** The legend of a picture in the diverging palette: orange, zero, blue, and the numbers at its ends. */

import { element } from "./dom.js";
import { divergingWords } from "./theme.js";

/** @param {number} value */
export const significant = (value) => (value === 0 ? "0" : value >= 1e4 || value < 1e-4 ? value.toExponential(1) : String(Number(value.toPrecision(2))));

export class ColourScale {
  /** @param {{cut?: boolean}} [options]  cut: whether larger values than the ends are painted like the ends */
  constructor({ cut = false } = {}) {
    this.cut = cut;
    this.bar = element("canvas", { width: 255, height: 1, "aria-hidden": "true" });
    this.low = element("span", { class: "low" });
    this.high = element("span");
    this.element = element("span", { class: "colour-scale" }, this.low, this.bar, this.high);
    this.redraw();
    this.update(null);
  }

  /** @param {number | null} most  the value at the ends; null when there is none */
  update(most) {
    const [least, greatest] = this.cut ? ["≤ −", "≥ "] : ["−", ""];
    const text = most === null || !Number.isFinite(most) ? "" : significant(most);
    const isFlat = text === "" || text === "0";
    this.low.textContent = isFlat ? text : least + text;
    this.high.textContent = isFlat ? text : greatest + text;
  }

  /** Take up new colours. */
  redraw() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.bar.getContext("2d"));
    const image = context.createImageData(255, 1);
    new Uint32Array(image.data.buffer).set(divergingWords().subarray(1));
    context.putImageData(image, 0, 0);
  }
}
