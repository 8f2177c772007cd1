/** One unit, large: its weights, weights × inputs, its sum and what becomes of it, and the test images it responds to. */

import { ColourScale } from "../lib/colour-scale.js";
import { digitPicture, PIXELS, SIDE } from "../lib/digits.js";
import { element, replaceKeepingFocus } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { percent } from "../lib/format.js";
import { divergingWords } from "../lib/theme.js";

/**
 * Numbers as cells in the diverging palette, their largest size at full strength.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values
 * @returns {number} the largest size
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
  const most = values.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
  values.forEach((value, i) => (words[i] = palette[(most > 0 ? Math.round((value / most) * 127) : 0) + 128]));
  context.putImageData(image, 0, 0);
  return most;
}

/** @param {number} value */
const plain = (value) => (Math.abs(value) < 1e5 ? value.toFixed(3) : value.toExponential(2)).replace("-", "−");

/** @param {number | null | undefined} value */
const number = (value) => (value == null ? "–" : plain(value));

/** A picture of numbers with the scale of its colours and a caption. */
class NumberPicture {
  #scale = new ColourScale();

  /** @param {string} label */
  constructor(label) {
    this.canvas = element("canvas", { role: "img", "aria-label": label });
    this.caption = element("figcaption");
    this.figure = element("figure", {}, this.canvas, this.#scale.element, this.caption);
  }

  /** @param {Float32Array} values */
  update(values) {
    this.#scale.redraw();
    this.#scale.update(paint(this.canvas, values));
  }
}

/** Emits `close` and `pick` with the index of a test image. */
export class UnitPanel extends EventTarget {
  /** @type {HTMLElement | null} */
  #opener = null;
  #responding = "";
  #isOutput = false;
  #feedsOutputs = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.title = element("h3", { id: "unit-title", tabindex: -1 });
    const close = element("button", { type: "button", class: "round", "aria-label": "Close", title: "Close (Esc)" }, "×");
    this.weights = new NumberPicture("Weights");
    this.product = new NumberPicture("Weights times inputs");
    this.outgoing = element("ol", { class: "outgoing", "aria-label": "Weights to the outputs" });
    this.next = new NumberPicture("Weights to the next layer");
    this.next.caption.textContent = "weights to the units of the next layer";
    this.outgoingHeading = element("p", { class: "soft" }, "Weights to the outputs: how much of its activation each score gets");
    this.sums = element("dl", { class: "figures" });
    this.heading = element("p", { class: "soft" });
    this.images = element("div", { class: "cell-digits" });
    this.panel = element("section", { class: "unit-panel", "aria-labelledby": "unit-title", hidden: true },
      element("div", { class: "head" }, this.title, close),
      element("div", { class: "pictures" }, this.weights.figure, this.product.figure, this.next.figure),
      this.sums, this.outgoingHeading, this.outgoing, this.heading, this.images);
    root.append(this.panel);
    close.addEventListener("click", () => this.close());
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
   * @param {{seesPixels: boolean, isOutput: boolean, feedsOutputs: boolean}} unit  what its inputs and its result are
   */
  show(title, { seesPixels, isOutput, feedsOutputs }) {
    if (!this.open) this.#opener = /** @type {HTMLElement | null} */ (document.activeElement);
    this.#isOutput = isOutput;
    this.#feedsOutputs = feedsOutputs;
    this.#showOutgoing(new Float32Array(), []);
    this.title.textContent = title;
    this.weights.caption.textContent = seesPixels ? "weight × the standard deviation of its pixel" : "weights, one for each unit of the layer before";
    this.product.caption.textContent = seesPixels ? "weight × pixel of the input" : "weight × activation of the layer before";
    this.#showSums();
    this.#responding = "";
    this.images.replaceChildren();
    this.heading.textContent = this.#responseHeading;
    this.panel.hidden = false;
    this.title.focus();
  }

  get #responseHeading() {
    return `Test images with the highest ${this.#isOutput ? "score" : "activation"}`;
  }

  /**
   * @param {Unit} unit
   * @param {Uint8Array | null} pixels  of the images that it responds to most; null leaves those that are shown
   * @param {string[]} names
   * @param {number} [probability]  of an output
   */
  update(unit, pixels, names, probability) {
    this.weights.update(unit.weights);
    this.product.update(unit.product);
    this.#showSums(unit, probability);
    this.#showOutgoing(unit.outgoing, names);
    if (pixels) this.#showImages(unit, pixels, names);
  }

  /**
   * @param {Float32Array} weights  to the next layer; none of an output
   * @param {string[]} names
   */
  #showOutgoing(weights, names) {
    const isToOutputs = this.#feedsOutputs && weights.length > 0;
    this.outgoing.hidden = this.outgoingHeading.hidden = !isToOutputs;
    this.next.figure.hidden = isToOutputs || !weights.length;
    if (!this.next.figure.hidden) this.next.update(weights);
    if (!isToOutputs) return;
    const most = weights.reduce((size, weight) => Math.max(size, Math.abs(weight)), 1e-9);
    this.outgoing.replaceChildren(...Array.from(weights, (weight, i) => {
      const bar = element("i", { class: weight < 0 ? "negative" : "positive" });
      bar.style.inlineSize = `${Math.round((Math.abs(weight) / most) * 50)}%`;
      return element("li", { "data-value": String(weight) }, element("b", {}, names[i]), element("span", { class: "track" }, bar), element("span", {}, number(weight)));
    }));
  }

  /**
   * The sum, the bias and their result; the numbers shown add up.
   * @param {Unit} [unit]
   * @param {number} [probability]
   */
  #showSums(unit, probability) {
    const rounded = (/** @type {number} */ value) => Number(value.toFixed(3));
    const z = unit?.preactivation ?? null;
    const sum = z === null || !unit || unit.bias === null ? null : rounded(z) - rounded(unit.bias);
    const terms = [["sum of weight × input", number(sum)], ["+ bias", number(unit?.bias)]].concat(this.#isOutput
      ? [["= score (logit)", number(z)], ["probability (softmax)", probability === undefined ? "–" : percent(probability)]]
      : [["= z", number(z)], ["activation f(z)", number(unit?.activation)]]);
    this.sums.replaceChildren(...terms.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
  }

  /**
   * @param {Unit} unit
   * @param {Uint8Array} pixels
   * @param {string[]} names
   */
  #showImages({ exciting: { indices, labels, activations } }, pixels, names) {
    if (activations.length) this.heading.textContent = `${this.#responseHeading} (${number(activations[0])} to ${number(activations[activations.length - 1])})`;
    if (this.#responding === indices.join()) return;
    this.#responding = indices.join();
    const result = this.#isOutput ? "score" : "activation";
    replaceKeepingFocus(this.images, indices.map((index, i) => {
      const words = `${names[labels[i]]}, ${result} ${number(activations[i])}`;
      const button = element("button", { type: "button", class: "tiny", title: words, "aria-label": `${words}. Put it on the pad` }, digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)));
      button.addEventListener("click", () => emit(this, "pick", { index, label: labels[i] }));
      return button;
    }));
  }
}
