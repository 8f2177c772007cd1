/** The confusion matrix: counts and shades, precision and recall at the margins, and the digits in a cell. */

import { element } from "../lib/dom.js";
import { digitPicture, PIXELS } from "../lib/digits.js";
import { emit } from "../lib/events.js";
import { integer } from "../lib/format.js";
import { colour, css, mix } from "../lib/theme.js";

const N = 10;

/** Emits `cell` with {row, column} when one is looked at, `pick` with the index of a test digit, `png` and `svg`. */
export class ConfusionMatrix extends EventTarget {
  #names = Array.from("0123456789");
  /** @type {number[][]} */
  #counts = [];
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
    const body = element("tbody", {}, ...this.cells.map((cells, row) => element("tr", {}, this.sides[row], ...cells, this.recall[row])),
      element("tr", { class: "margins" }, element("th", { scope: "row", title: "precision: of those read as this digit, how many are" }, "prec."), ...this.precision, element("td")));
    this.table = element("table", { class: "matrix", "data-testid": "confusion", "aria-label": "Confusion matrix: rows are the true digits, columns what was read" },
      element("thead", {}, element("tr", {}, element("td", { class: "corner", "aria-hidden": "true" }, "is ↓ read →"), ...this.heads, element("th", { scope: "col", title: "recall: of the digits of this row, how many were read right" }, "recall"))), body);
    this.words = element("p", { class: "soft" });
    this.digits = element("div", { class: "cell-digits" });
    const png = element("button", { type: "button", title: "Download the matrix as PNG" }, "PNG");
    const svg = element("button", { type: "button", title: "Download the matrix as SVG" }, "SVG");
    png.addEventListener("click", () => emit(this, "png"));
    svg.addEventListener("click", () => emit(this, "svg"));
    root.append(this.table,
      element("div", { class: "cell-panel" }, element("div", { class: "row" }, this.words, element("span", { class: "downloads" }, png, svg)), this.digits));
    this.table.addEventListener("pointerover", (event) => !this.#pinned && this.#look(event.target));
    this.table.addEventListener("focusin", (event) => this.#look(event.target));
    this.table.addEventListener("click", (event) => this.#pin(event.target));
    this.table.addEventListener("keydown", (event) => this.#key(event));
    this.#explain();
  }

  /** @param {string[]} names */
  setNames(names) {
    this.#names = names;
    const short = (/** @type {string} */ name) => (name.length > 5 ? `${name.slice(0, 4)}.` : name);
    names.forEach((name, i) => {
      this.heads[i].textContent = this.sides[i].textContent = short(name);
      this.heads[i].title = this.sides[i].title = name;
    });
  }

  /** @param {Evaluation | null} evaluation  null when there is none */
  update(evaluation) {
    const counts = evaluation?.confusion ?? [];
    this.#counts = counts;
    let most = 1;
    counts.forEach((row, i) => row.forEach((count, j) => i !== j && (most = Math.max(most, count))));
    this.cells.forEach((cells, row) => {
      const total = counts[row]?.reduce((sum, count) => sum + count, 0) ?? 0;
      cells.forEach((cell, column) => {
        const count = counts[row]?.[column];
        const text = count ? String(count) : "";
        if (cell.textContent !== text) cell.textContent = text;
        cell.dataset.value = count === undefined ? "" : String(count);
        const share = !count ? 0 : row === column ? 8 + 20 * (count / total) : 8 + 46 * Math.sqrt(count / most);
        cell.style.setProperty("--share", `${share.toFixed(0)}%`);
        cell.className = row === column ? "right" : "wrong";
      });
    });
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
   * The digits in the cell that is being looked at.
   * @param {number} row
   * @param {number} column
   * @param {number[]} indices
   * @param {Uint8Array} pixels
   */
  showCell(row, column, indices, pixels) {
    if (this.#shown !== `${row} ${column}`) return;
    this.digits.replaceChildren(...indices.map((index, i) => {
      const button = element("button", { type: "button", class: "tiny", "aria-label": `Put test digit ${index} on the pad` }, digitPicture(pixels.subarray(i * PIXELS, (i + 1) * PIXELS)));
      button.addEventListener("click", () => emit(this, "pick", index));
      return button;
    }));
  }

  /** The matrix as an SVG document of its own, in the colours on the screen. */
  svg() {
    const size = 40;
    const left = 60;
    const top = 60;
    const [card, text, soft, positive, negative] = ["--card", "--text", "--soft", "--positive", "--negative"].map(colour);
    const write = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ words, /** @type {string} */ more = "") =>
      `<text x="${x}" y="${y}" ${more}>${words.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</text>`;
    const parts = this.cells.flatMap((cells, row) => cells.map((cell, column) => {
      const share = parseFloat(cell.style.getPropertyValue("--share")) / 100 || 0;
      const fill = css(mix(card, row === column ? positive : negative, share));
      const [x, y] = [left + column * size, top + row * size];
      return `<rect x="${x + 1}" y="${y + 1}" width="${size - 2}" height="${size - 2}" rx="3" fill="${fill}"/>${write(x + size / 2, y + size / 2 + 4, cell.textContent ?? "")}`;
    }));
    const names = this.#names.flatMap((name, i) => [
      write(left + i * size + size / 2, top - 8, name, `fill="${css(soft)}"`),
      write(left - 10, top + i * size + size / 2 + 4, name, `fill="${css(soft)}" text-anchor="end"`),
    ]);
    const side = left + N * size + 20;
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${top + N * size + 20}" font-family="system-ui, sans-serif" font-size="12" text-anchor="middle" fill="${css(text)}"><rect width="100%" height="100%" fill="${css(card)}"/>${write(left + 5 * size, 22, "read as", `fill="${css(soft)}"`)}${write(16, top + 5 * size, "is", `fill="${css(soft)}"`)}${names.join("")}${parts.join("")}</svg>`;
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

  /** The cell that is being looked at, in words, and its digits. */
  #describe() {
    const [row, column] = this.#shown.split(" ").map(Number);
    const count = this.#counts[row]?.[column];
    const [is, read] = [this.#names[row], this.#names[column]];
    this.words.textContent = count === undefined ? "Nothing has been tested yet."
      : row === column ? `${integer(count)} times ${is} was read as ${is}.` : `${integer(count)} × ${is} read as ${read}.`;
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
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (down === undefined || from.dataset.row === undefined) return;
    event.preventDefault();
    const next = this.cells[Number(from.dataset.row) + down]?.[Number(from.dataset.column) + Number(right)];
    if (!next) return;
    from.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  /** What is confused most, until a cell is looked at. */
  #explain() {
    let worst = { row: 0, column: 0, count: 0 };
    this.#counts.forEach((counts, row) => counts.forEach((count, column) => {
      if (row !== column && count > worst.count) worst = { row, column, count };
    }));
    const [is, read] = [this.#names[worst.row], this.#names[worst.column]];
    this.words.textContent = (worst.count ? `${is} is taken for ${read} most often (${integer(worst.count)}). ` : "") + "Point at a cell to see its digits.";
  }
}
