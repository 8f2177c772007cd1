/** The confusion matrix: counts and shades, precision and recall at the margins, and the images in a cell. */

import { shades, widestCount } from "../lib/confusion.js";
import { confusionPicture } from "../lib/confusion-picture.js";
import { digitPicture, PIXELS } from "../lib/digits.js";
import { element, replaceKeepingFocus } from "../lib/dom.js";
import { emit } from "../lib/events.js";
import { integer, shorten } from "../lib/format.js";

const N = 10;

/** Emits `cell` with {row, column} when one is looked at, `pick` with the index of a test image, `png` and `svg`. */
export class ConfusionMatrix extends EventTarget {
  #names = Array.from("0123456789");
  /** @type {Report | null} */
  #evaluation = null;
  #shown = "";
  #pinned = false;

  /** @param {HTMLElement} root */
  constructor(root) {
    super();
    this.heads = this.#names.map((name) => element("th", { scope: "col" }, name));
    this.sides = this.#names.map((name) => element("th", { scope: "row" }, name));
    this.recall = this.#names.map(() => element("td", { class: "margin" }, "–"));
    this.precision = this.#names.map(() => element("td", { class: "margin" }, "–"));
    this.cells = this.#names.map((_, row) => this.#names.map((_, column) =>
      element("td", { tabindex: row + column ? -1 : 0, "data-row": row, "data-column": column, "data-value": "" })));
    const caption = element("caption", { title: "The stronger the colour, the larger the count: blue as a share of its row, orange as a share of the most frequent mistake" }, element("span", {}, "actual ↓ predicted →"),
      element("span", {}, element("b", { class: "positive" }, "blue"), " correct, ", element("b", { class: "negative" }, "orange"), " mistakes"));
    const body = element("tbody", {}, ...this.cells.map((cells, row) => element("tr", {}, this.sides[row], ...cells, this.recall[row])),
      element("tr", { class: "margins" }, element("th", { scope: "row", title: "Precision: of the images predicted as this class, the share that is of it, in per cent" }, "prec."), ...this.precision, element("td")));
    this.table = element("table", { class: "matrix", "data-testid": "confusion", role: "grid", "aria-label": "Confusion matrix: rows are the actual classes, columns the predicted ones" },
      caption,
      element("thead", {}, element("tr", {}, element("td"), ...this.heads, element("th", { scope: "col", title: "Recall: of the images of this class, the share that was predicted correctly, in per cent" }, "recall"))), body);
    this.words = element("p", { class: "soft" });
    this.digits = element("div", { class: "cell-digits" });
    const png = element("button", { type: "button", title: "Download the matrix as PNG" }, "PNG");
    const svg = element("button", { type: "button", title: "Download the matrix as SVG" }, "SVG");
    png.addEventListener("click", () => emit(this, "png"));
    svg.addEventListener("click", () => emit(this, "svg"));
    root.append(element("div", { class: "matrix-frame" }, this.table),
      element("div", { class: "cell-panel" }, element("div", { class: "row" }, this.words, element("span", { class: "downloads" }, png, svg)), this.digits));
    this.table.addEventListener("pointerover", (event) => !this.#pinned && this.#look(event.target));
    this.table.addEventListener("focusin", (event) => this.#focused(event.target));
    this.table.addEventListener("click", (event) => this.#pin(event.target));
    this.table.addEventListener("keydown", (event) => this.#key(event));
    this.#explain();
  }

  /** @param {string[]} names */
  setNames(names) {
    this.#names = names;
    names.forEach((name, i) => {
      this.heads[i].textContent = this.sides[i].textContent = shorten(name, 6);
      this.heads[i].title = this.sides[i].title = name;
    });
    this.table.classList.toggle("named", names.some((name) => name.length > 2));
  }

  /** @param {Report | null} evaluation  null when there is none */
  update(evaluation) {
    const counts = evaluation?.confusion ?? [];
    this.#evaluation = evaluation;
    const shade = shades(counts);
    this.table.style.setProperty("--widest", widestCount(counts).toFixed(2));
    this.cells.forEach((cells, row) => cells.forEach((cell, column) => {
      const count = counts[row]?.[column];
      const text = count ? integer(count) : "";
      if (cell.textContent !== text) cell.textContent = text;
      const name = `${this.#names[row]} read as ${this.#names[column]}: ${count === undefined ? "not tested yet" : integer(count)}`;
      if (cell.ariaLabel !== name) cell.ariaLabel = name;
      cell.dataset.value = count === undefined ? "" : String(count);
      cell.style.setProperty("--share", `${Math.round(100 * (shade[row]?.[column] ?? 0))}%`);
      cell.classList.toggle("wrong", row !== column);
    }));
    const margin = (/** @type {HTMLElement[]} */ nodes, /** @type {(number | null)[] | undefined} */ values) => nodes.forEach((node, i) => {
      const value = values?.[i];
      node.textContent = value == null ? "–" : (value * 100).toFixed(1);
    });
    margin(this.recall, evaluation?.recall);
    margin(this.precision, evaluation?.precision);
    if (this.#shown) this.#describe();
    else this.#explain();
  }

  /**
   * The images in the cell that is being looked at.
   * @param {number} row
   * @param {number} column
   * @param {number[]} indices
   * @param {Uint8Array} pixels
   */
  showCell(row, column, indices, pixels) {
    if (this.#shown !== `${row} ${column}`) return;
    replaceKeepingFocus(this.digits, indices.map((index, i) => {
      const button = element("button", { type: "button", class: "tiny", "aria-label": `Put test image ${index} on the pad` }, digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)));
      button.addEventListener("click", () => emit(this, "pick", { index, label: row }));
      return button;
    }));
  }

  /** The matrix as an SVG document of its own, in the colours on the screen. */
  svg() {
    return confusionPicture(this.#evaluation, this.#names);
  }

  /** @param {EventTarget | null} target */
  #look(target) {
    const cell = target instanceof HTMLElement ? target.closest("td[data-row]") : null;
    if (!(cell instanceof HTMLElement)) return;
    const [row, column] = [Number(cell.dataset.row), Number(cell.dataset.column)];
    if (this.#shown === `${row} ${column}`) return;
    this.table.querySelector(".looked")?.classList.remove("looked");
    cell.classList.add("looked");
    this.#shown = `${row} ${column}`;
    this.#describe();
  }

  /** The cell that is being looked at, in words, and its images. */
  #describe() {
    const [row, column] = this.#shown.split(" ").map(Number);
    const count = this.#evaluation?.confusion[row]?.[column];
    const [actual, predicted] = [this.#names[row], this.#names[column]];
    this.words.textContent = count === undefined ? "Not tested yet."
      : row === column ? `${integer(count)} × ${actual}, predicted correctly.` : `${integer(count)} × ${actual}, predicted as ${predicted}.`;
    if (count) emit(this, "cell", { row, column });
    else this.digits.replaceChildren();
  }

  /** @param {EventTarget | null} target */
  #pin(target) {
    const before = this.#shown;
    this.#look(target);
    this.#pinned = before === this.#shown ? !this.#pinned : true;
    if (target instanceof HTMLElement) target.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const from = /** @type {HTMLElement} */ (event.target);
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -N], End: [0, N] }[event.key] ?? [];
    if (down === undefined || from.dataset.row === undefined) return;
    event.preventDefault();
    const inside = (/** @type {number} */ place) => Math.max(0, Math.min(N - 1, place));
    const next = this.cells[inside(Number(from.dataset.row) + down)][inside(Number(from.dataset.column) + Number(right))];
    next.focus();
  }

  /**
   * The cell that Tab comes back to, and whose images are shown.
   * @param {EventTarget | null} target
   */
  #focused(target) {
    for (const cell of this.cells.flat()) cell.tabIndex = cell === target ? 0 : -1;
    this.#look(target);
  }

  /** What is confused most, until a cell is looked at. */
  #explain() {
    let worst = { row: 0, column: 0, count: 0 };
    this.#evaluation?.confusion.forEach((counts, row) => counts.forEach((count, column) => {
      if (row !== column && count > worst.count) worst = { row, column, count };
    }));
    const [actual, predicted] = [this.#names[worst.row], this.#names[worst.column]];
    const mistake = worst.count ? `Most frequent mistake: ${actual} predicted as ${predicted} (${integer(worst.count)}). ` : "";
    this.words.textContent = `${mistake}Select a cell to see its images.`;
  }
}
