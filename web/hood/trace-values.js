/** An array of a recorded line: its name, shape and picture, what changed in words, and its numbers on demand. */

import { ColourScale } from "../lib/colour-scale.js";
import { element } from "../lib/dom.js";
import { integer } from "../lib/format.js";
import { divergingWords } from "../lib/theme.js";
import { entryName, extentOf, layoutOf, placeOf } from "./array-layout.js";

/** Numbers in the table at once. */
const ROWS = 12;
const COLUMNS = 8;
/** The largest picture, and the largest cell in one, in CSS pixels. */
const WIDTH = 420;
const HEIGHT = 260;
const CELL = 8;
/** No picture is narrower than about this. */
const NARROW = 140;
/** Whole numbers that are written out. */
const LISTED = 24;

/** @param {number} value */
export function numberText(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = Number.isInteger(value) && size < 1e6 ? String(value) : size >= 1e5 || size < 1e-4 ? value.toExponential(3) : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", "−");
}

/**
 * Numbers as cells in the diverging palette; what is no entry stays clear.
 * @param {ArrayLike<number>} numbers
 * @param {{width: number, height: number, entries: Int32Array}} layout
 * @param {number} most  the size at full strength
 */
export function pictureOf(numbers, { width, height, entries }, most) {
  const canvas = element("canvas", { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const palette = divergingWords();
  entries.forEach((entry, i) => {
    if (entry < 0 || Number.isNaN(numbers[entry])) return;
    const share = most > 0 ? Math.max(-1, Math.min(1, numbers[entry] / most)) : 0;
    words[i] = palette[Math.round(share * 127) + 128];
  });
  context.putImageData(image, 0, 0);
  const tall = Math.max(1, Math.min(CELL, Math.floor(WIDTH / width), Math.floor(HEIGHT / height)));
  const wide = width * tall < NARROW ? Math.floor(NARROW / width) : tall; // a matrix of ten columns would be a thread
  Object.assign(canvas.style, { width: `${width * wide}px`, aspectRatio: `${width * wide} / ${height * tall}` });
  return canvas;
}

/**
 * Which entry of a picture stands under the pointer, or -1.
 * @param {MouseEvent} event
 * @param {{width: number, height: number, entries: Int32Array}} layout
 */
function entryUnder(event, { width, height, entries }) {
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  const x = Math.floor(((event.clientX - box.left) / box.width) * width);
  const y = Math.floor(((event.clientY - box.top) / box.height) * height);
  return x >= 0 && y >= 0 && x < width && y < height ? entries[y * width + x] : -1;
}

export class TracedArray {
  /**
   * @param {TracedValue} value
   * @param {(row: number, column: number) => void} onPick  an entry was chosen
   */
  constructor(value, onPick) {
    this.value = value;
    this.onPick = onPick;
    const { name, shape, changed, kind, numbers } = value;
    this.extent = extentOf(numbers);
    const what = shape.length ? `${shape.map(integer).join(" × ")} ${kind}` : kind;
    this.element = element("figure", {
      class: "trace-value", "data-name": name, "data-shape": shape.join("x"), "data-changed": String(changed),
    },
    element("figcaption", {}, element("code", {}, name), ` ${what} `, element("span", { class: changed ? "badge on" : "badge" }, changed ? "changed" : "unchanged")),
    ...this.#picture());
    if (this.extent.infinite) this.element.append(element("p", { class: "bad" }, `${integer(this.extent.infinite)} of its entries are not finite.`));
    if (shape.length && numbers.length > 1) this.element.append(this.#numbers());
  }

  /** @returns {(Node | string)[]} */
  #picture() {
    const { name, shape, kind, numbers } = this.value;
    const layout = layoutOf(shape, kind);
    if (layout.kind === "number") return [element("p", { class: "trace-number" }, numberText(numbers[0]))];
    if (layout.kind === "list") {
      const more = numbers.length > LISTED ? ` … ${integer(numbers.length - LISTED)} more` : "";
      return [element("p", {}, numbers.length ? Array.from(numbers.subarray(0, LISTED), String).join(", ") + more : "empty")];
    }
    if (layout.kind === "bars") return [this.#bars()];
    const scale = new ColourScale();
    scale.update(this.extent.most);
    const canvas = pictureOf(numbers, layout, this.extent.most);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${name}: ${layout.caption}. The largest size is ${numberText(this.extent.most)}.`);
    canvas.addEventListener("click", (event) => {
      const entry = entryUnder(event, layout);
      if (entry >= 0) this.onPick(...placeOf(shape, entry));
    });
    return [canvas, scale.element, element("small", {}, layout.caption)];
  }

  /** A bar for each of at most ten entries, with its number. */
  #bars() {
    const { numbers, shape } = this.value;
    const { most } = this.extent;
    return element("ol", { class: "trace-bars" }, ...Array.from(numbers, (number, i) => {
      const share = most > 0 && Number.isFinite(number) ? (100 * Math.abs(number)) / most : 0;
      const row = element("button", { type: "button", title: "Where does this number come from?" },
        element("span", { class: "soft" }, String(i)),
        element("span", { class: "bar" }, element("span", { class: number < 0 ? "minus" : "plus", style: `width: ${share}%` })),
        element("span", { class: "figure" }, numberText(number)));
      row.addEventListener("click", () => this.onPick(...placeOf(shape, i)));
      return element("li", {}, row);
    }));
  }

  /** A part of the numbers as a table, made when it is opened. */
  #numbers() {
    const { shape, numbers } = this.value;
    const columns = shape[shape.length - 1];
    const rows = numbers.length / columns;
    const place = (/** @type {string} */ label, /** @type {number} */ most) =>
      element("input", { type: "number", min: 0, max: most - 1, step: 1, value: 0, "aria-label": label, disabled: most === 1 });
    const [row, column] = [place("Row", rows), place("Column", columns)];
    const table = element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Numbers" });
    const at = (/** @type {HTMLInputElement} */ input) => Math.max(0, Math.min(Number(input.max), Math.trunc(Number(input.value)) || 0));
    const fill = () => table.replaceChildren(this.#table(at(row), at(column), rows, columns));
    const explain = element("button", { type: "button" }, "Where does it come from?");
    explain.addEventListener("click", () => this.onPick(at(row), at(column)));
    for (const input of [row, column]) input.addEventListener("input", fill);
    const details = element("details", {}, element("summary", {}, "Numbers"),
      element("p", { class: "row" }, element("label", {}, "row ", row), element("label", {}, "column ", column), explain), table);
    details.addEventListener("toggle", () => details.open && fill());
    return details;
  }

  /**
   * @param {number} top
   * @param {number} left
   * @param {number} rows
   * @param {number} columns
   */
  #table(top, left, rows, columns) {
    const { numbers } = this.value;
    const range = (/** @type {number} */ from, /** @type {number} */ count) => Array.from({ length: count }, (_, i) => from + i);
    const across = range(left, Math.min(COLUMNS, columns - left));
    return element("table", {},
      element("thead", {}, element("tr", {}, element("th", {}), ...across.map((c) => element("th", { scope: "col" }, String(c))))),
      element("tbody", {}, ...range(top, Math.min(ROWS, rows - top)).map((r) =>
        element("tr", {}, element("th", { scope: "row" }, String(r)), ...across.map((c) => {
          const cell = element("td", {}, numberText(numbers[r * columns + c]));
          cell.addEventListener("click", () => this.onPick(r, c));
          return cell;
        })))));
  }

  /** An entry as the code would write it. @param {number} row @param {number} column */
  nameOf(row, column) {
    return entryName(this.value.name, this.value.shape, row, column);
  }

  /** @param {number} row @param {number} column */
  at(row, column) {
    const columns = this.value.shape[this.value.shape.length - 1] ?? 1;
    return this.value.numbers[row * columns + column];
  }
}
