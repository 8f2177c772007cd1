/** What is done to a drawing before the network reads it, stage by stage, with switches to leave two of them out. */

import { paintInk } from "../lib/digits.js";
import { element } from "../lib/dom.js";
import { emit } from "../lib/events.js";

/** @typedef {{ink: Uint8Array, height: number, width: number}} Drawing */

/** Emits `change` when it is opened and when a stage is switched on or off. */
export class PreprocessingStages extends EventTarget {
  #pictures = Array.from({ length: 4 }, () => {
    const canvas = element("canvas", { role: "img", width: 1, height: 1 });
    const caption = element("figcaption");
    return { canvas, caption, figure: element("figure", {}, canvas, caption) };
  });
  #fit = element("input", { type: "checkbox", checked: true, autocomplete: "off", "data-testid": "fit" });
  #centre = element("input", { type: "checkbox", checked: true, autocomplete: "off", "data-testid": "centre" });
  #note = element("p", { class: "soft" });

  /** @param {HTMLDetailsElement} root */
  constructor(root) {
    super();
    this.root = root;
    root.append(
      element("div", { class: "stages-pictures" }, ...this.#pictures.map(({ figure }) => figure)),
      element("div", { class: "row" }, element("label", {}, this.#fit, " Fit to 20×20"), element("label", {}, this.#centre, " Centre the mass")),
      this.#note,
    );
    const changed = () => emit(this, "change");
    root.addEventListener("toggle", () => root.open && changed());
    for (const box of [this.#fit, this.#centre]) box.addEventListener("change", changed);
    this.update(null, null, new Uint8Array());
  }

  get isOpen() {
    return this.root.open;
  }

  /** The stages that are made. */
  get switches() {
    return { fit: this.#fit.checked, centre: this.#centre.checked };
  }

  /** Make all stages again. */
  reset() {
    this.#fit.checked = this.#centre.checked = true;
  }

  /**
   * @param {Drawing | null} drawing  null where an image of the data set lies on the pad, or nothing is known yet
   * @param {Stages | null} stages
   * @param {Uint8Array} seen  what the network gets
   */
  update(drawing, stages, seen) {
    const { fit, centre } = this.switches;
    const isUsed = drawing !== null && stages !== null;
    const blank = { ink: new Uint8Array(), height: 0, width: 0 };
    this.#show(0, drawing ?? blank, "drawing");
    this.#show(1, isUsed ? { ...stages, ink: stages.crop } : blank, fit ? "its bounding box" : "its box (not used)");
    this.#show(2, isUsed ? { ink: stages.box, height: stages.side, width: stages.side } : blank, fit ? "fitted to 20×20" : "whole pad as 28×28");
    this.#show(3, { ink: seen, height: 28, width: 28 }, centre ? "centred in 28×28" : "28×28, not centred");
    this.#note.textContent = drawing || !seen.length ? "" : "An image of the data set is read as it is. These stages are for drawings and photos.";
  }

  /**
   * @param {number} index
   * @param {Drawing} drawing
   * @param {string} text
   */
  #show(index, { ink, height, width }, text) {
    const { canvas, caption } = this.#pictures[index];
    paintInk(canvas, ink, height, width);
    canvas.setAttribute("aria-label", text);
    caption.textContent = text;
  }
}
