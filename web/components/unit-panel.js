/** One unit, large: its weights, weights × input, bias, activation, and the test digits that excite it most. */

import { element } from "../lib/dom.js";
import { digitPicture, PIXELS, SIDE } from "../lib/digits.js";
import { emit } from "../lib/events.js";
import { divergingWords } from "../lib/theme.js";

/**
 * Paint numbers as cells in the diverging palette, the largest size at full strength.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values
 */
function paint(canvas, values) {
  const columns = values.length === PIXELS ? SIDE : Math.ceil(Math.sqrt(values.length));
  const rows = Math.ceil(values.length / columns);
  canvas.width = columns;
  canvas.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  const palette = divergingWords();
  let most = 1e-12;
  for (const value of values) most = Math.max(most, Math.abs(value));
  values.forEach((value, i) => (words[i] = palette[Math.round((value / most) * 127) + 128]));
  context.putImageData(image, 0, 0);
}

const signed = (/** @type {number | null} */ value) => (value === null ? "–" : value.toFixed(3).replace("-", "−"));

/** Emits `close` and `pick` with the index of a test digit. */
export class UnitPanel extends EventTarget {
  /** @type {HTMLElement | null} */
  #opener = null;
  #exciting = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.title = element("h3", { id: "unit-title", tabindex: -1 });
    const close = element("button", { type: "button", class: "round", "aria-label": "Close", title: "Close (Esc)" }, "×");
    this.weights = element("canvas", { role: "img", "aria-label": "Weights" });
    this.product = element("canvas", { role: "img", "aria-label": "Weights times input" });
    this.weightsText = element("figcaption");
    this.productText = element("figcaption");
    this.sums = element("dl", { class: "figures" });
    this.digits = element("div", { class: "cell-digits" });
    this.panel = element("section", { class: "unit-panel", "aria-labelledby": "unit-title", hidden: true },
      element("div", { class: "head" }, this.title, close),
      element("div", { class: "pictures" }, element("figure", {}, this.weights, this.weightsText), element("figure", {}, this.product, this.productText)),
      this.sums, element("p", { class: "soft" }, "The test digits that excite it most"), this.digits);
    root.append(this.panel);
    close.addEventListener("click", () => this.close());
    this.panel.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  get open() {
    return !this.panel.hidden;
  }

  close() {
    this.panel.hidden = true;
    this.#opener?.focus();
    emit(this, "close");
  }

  /**
   * @param {string} title
   * @param {boolean} first  whether it looks at pixels
   */
  show(title, first) {
    if (!this.open) this.#opener = /** @type {HTMLElement | null} */ (document.activeElement);
    this.panel.hidden = false;
    this.title.textContent = title;
    this.weightsText.textContent = first ? "weights, one a pixel" : "weights, one a unit of the layer before";
    this.productText.textContent = first ? "weights × pixels of the digit on the pad" : "weights × activations of the layer before";
    this.title.focus({ preventScroll: true });
  }

  /**
   * @param {Unit} unit
   * @param {Uint8Array | null} pixels  of the digits that excite it; null leaves those that are shown
   * @param {string[]} names
   */
  update(unit, pixels, names) {
    paint(this.weights, unit.weights);
    paint(this.product, unit.product);
    const terms = [["sum of weights × input", unit.preactivation === null ? null : unit.preactivation - unit.bias], ["+ bias", unit.bias], ["= z", unit.preactivation], ["activation", unit.activation]];
    this.sums.replaceChildren(...terms.map(([name, value]) => element("div", {}, element("dt", {}, String(name)), element("dd", {}, signed(/** @type {number | null} */ (value))))));
    if (!pixels) return;
    const { indices, labels } = unit.exciting;
    if (this.#exciting === indices.join()) return;
    this.#exciting = indices.join();
    this.digits.replaceChildren(...indices.map((index, i) => {
      const button = element("button", { type: "button", class: "tiny", "aria-label": `A ${names[labels[i]]}. Put it on the pad` }, digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)));
      button.addEventListener("click", () => emit(this, "pick", index));
      return button;
    }));
  }
}
