/** What the network reads: the digit, its confidence or what speaks against it, ten bars, and the 28×28 picture it saw. */

import { element, show } from "../lib/dom.js";
import { paintDigit } from "../lib/digits.js";
import { percent } from "../lib/format.js";

/**
 * What was read, with what the image shows, where that is known, and with the stages of the preprocessing that were made
 * of a drawing.
 * @typedef {Prediction & {label?: string, fit?: boolean, centre?: boolean}} ShownPrediction
 */

export class Answer {
  #names = Array.from("0123456789");

  /**
   * @param {{digit: HTMLElement, sure: HTMLElement, unfamiliar: HTMLElement, bars: HTMLElement, seen: HTMLCanvasElement, seenCaption: HTMLElement}} parts
   */
  constructor(parts) {
    this.parts = parts;
    /** The answer as it is read aloud. */
    this.spoken = "";
    this.rows = this.#names.map((name) => {
      const label = element("b", {}, name);
      const fill = element("i");
      const value = element("span", {}, "–");
      const row = element("li", { "data-value": "0" }, label, element("span", { class: "bar-track" }, fill), value);
      return { row, label, fill, value };
    });
    parts.bars.replaceChildren(...this.rows.map(({ row }) => row));
  }

  get #hasWords() {
    return this.#names.some((name) => name.length > 2);
  }

  /** @param {string[]} names of the ten classes */
  setNames(names) {
    this.#names = names;
    this.rows.forEach(({ label }, i) => (label.textContent = names[i] ?? String(i)));
    this.parts.bars.classList.toggle("named", this.#hasWords);
  }

  /**
   * @param {ShownPrediction | null} prediction  null before there is a network to ask
   * @param {{trained: boolean}} network
   */
  update(prediction, network) {
    const { parts } = this;
    const digit = prediction?.digit ?? null;
    const probabilities = prediction?.probabilities ?? [];
    this.rows.forEach(({ row, fill, value }, i) => {
      const probability = digit === null ? 0 : probabilities[i] ?? 0;
      row.dataset.value = String(probability);
      row.classList.toggle("best", i === digit && network.trained);
      fill.style.transform = `scaleX(${probability})`;
      const text = digit === null ? "–" : percent(probability).replace(" %", "");
      if (value.textContent !== text) value.textContent = text;
    });
    const name = digit === null ? "–" : this.#names[digit];
    show(parts.digit, name, digit);
    parts.digit.classList.toggle("word", name.length > 2);
    parts.digit.classList.toggle("guess", !network.trained || digit === null);
    const sentence = this.#sentence(prediction, network.trained);
    const warning = this.#warning(prediction);
    if (parts.sure.textContent !== sentence) parts.sure.textContent = sentence;
    this.spoken = [digit === null || !network.trained ? "" : `${name}.`, sentence, warning].filter(Boolean).join(" ");
    show(parts.unfamiliar, warning, prediction?.unlikeness ?? null);
    if (!prediction) return;
    paintDigit(parts.seen, prediction.seen);
    const { fit = true, centre = true } = prediction;
    parts.seenCaption.textContent = fit ? (centre ? "28×28 input" : "not centred") : centre ? "not fitted" : "the pad as it is";
  }

  /**
   * What softmax cannot say; what is wrong with the ink says more.
   * @param {ShownPrediction | null} prediction
   */
  #warning(prediction) {
    if (!prediction?.unfamiliar || prediction.unlikeness === null || prediction.trouble) return "";
    const share = percent(prediction.unlikeness).replace(" ", "\u00a0");
    const measured = `Unfamiliar: ${share} of training images have a closer match.`;
    return this.#hasWords ? measured : `${measured} Softmax must choose one of ten.`; // long names leave less room
  }

  /**
   * @param {ShownPrediction | null} prediction
   * @param {boolean} trained
   */
  #sentence(prediction, trained) {
    if (!prediction) return "Loading Python. You can already draw.";
    const { digit, probabilities, label, trouble, unfamiliar } = prediction;
    if (digit === null) {
      return prediction.seen.some(Boolean) ? "No prediction: the outputs are not finite numbers. Reset starts over." : "Draw, or choose a sample.";
    }
    if (!trained) return "Not trained yet: press Train.";
    if (trouble) return trouble;
    const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[b] - probabilities[a]);
    const confidence = `Confidence ${percent(probabilities[digit]).replace(" ", "\u00a0")}`;
    const isWrong = label !== undefined && label !== this.#names[digit];
    if (unfamiliar) return isWrong ? `The label is ${label}.` : ""; // the bars show the confidence
    if (isWrong) return `${confidence}; the label is ${label}.`;
    if (probabilities[digit] >= 0.9) return `${confidence}.`;
    return `${confidence}. Second: ${this.#names[order[1]]}, ${percent(probabilities[order[1]])}.`;
  }
}
