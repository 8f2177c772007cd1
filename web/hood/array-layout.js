/** How an array of a recorded line is drawn: which of its entries stand where, before any canvas. */

import { PIXELS, SIDE } from "../lib/digits.js";

/** Tiles of 28 × 28 in one picture at most. */
export const MOST_TILES = 64;
/** Rows or columns of a heat map at most. */
export const MOST_SIDE = 256;
/** Cells in one line of the picture of a vector. */
const WIDE = 64;
/** Entries that are drawn as bars. */
const BARS = 10;

/**
 * number: no picture. list: whole numbers such as the rows of a batch, no picture. bars: one an entry, `count` of them.
 * cells: a picture of `width` × `height`, and for each of its cells the index of the entry there, or -1.
 * @typedef {{kind: "number"} | {kind: "list"} | {kind: "bars", count: number}
 *   | {kind: "cells", width: number, height: number, entries: Int32Array, caption: string}} ArrayLayout
 */

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => number} entryAt
 * @param {string} caption  what the picture shows
 * @returns {ArrayLayout}
 */
function cells(width, height, entryAt, caption) {
  const entries = new Int32Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) entries[y * width + x] = entryAt(x, y);
  return { kind: "cells", width, height, entries, caption };
}

/**
 * Pictures of 28 × 28 side by side, a cell apart.
 * @param {number} total
 * @param {(tile: number, pixel: number) => number} entryOf
 * @param {string} what
 */
function tiles(total, entryOf, what) {
  const count = Math.min(total, MOST_TILES);
  const columns = Math.min(count, 8);
  const pitch = SIDE + 1;
  const entryAt = (/** @type {number} */ x, /** @type {number} */ y) => {
    const tile = Math.floor(y / pitch) * columns + Math.floor(x / pitch);
    const [column, row] = [x % pitch, y % pitch];
    return tile < count && column < SIDE && row < SIDE ? entryOf(tile, row * SIDE + column) : -1;
  };
  const shown = count < total ? `the first ${count} of ${total}` : total === 1 ? "" : `${total}`;
  return cells(columns * pitch - 1, Math.ceil(count / columns) * pitch - 1, entryAt, [shown, what].filter(Boolean).join(" "));
}

/**
 * @param {number[]} shape
 * @param {string} kind  the name of its NumPy type
 * @returns {ArrayLayout}
 */
export function layoutOf(shape, kind) {
  const size = shape.reduce((product, side) => product * side, 1);
  if (shape.length === 0) return { kind: "number" };
  if (size === 0 || /^u?int(16|32|64)$/.test(kind)) return { kind: "list" };
  const last = shape[shape.length - 1];
  const isImages = last === PIXELS || (shape.length === 3 && last === SIDE && shape[1] === SIDE);
  if (isImages) return tiles(size / PIXELS, (tile, pixel) => tile * PIXELS + pixel, size === PIXELS ? "28×28 pixels" : "rows as 28×28 pixels");
  if (shape.length === 2 && shape[0] === PIXELS) {
    return tiles(last, (tile, pixel) => pixel * last + tile, last === 1 ? "28×28 pixels" : "columns as 28×28 pixels");
  }
  if (size <= BARS) return { kind: "bars", count: size };
  const rows = size / last;
  if (rows === 1) {
    const shown = Math.min(last, WIDE * MOST_SIDE);
    const width = Math.min(shown, WIDE);
    return cells(width, Math.ceil(shown / width), (x, y) => (y * width + x < shown ? y * width + x : -1),
      last > width ? `${width} entries a line, from left to right` : "one entry a cell");
  }
  const [width, height] = [Math.min(last, MOST_SIDE), Math.min(rows, MOST_SIDE)];
  const parts = [height < rows ? `the first ${height} rows` : "", width < last ? `the first ${width} columns` : ""].filter(Boolean);
  return cells(width, height, (x, y) => y * last + x, parts.length ? parts.join(", ") : "rows down, columns across");
}

/**
 * The row and the column of an entry; the leading sides of an array of more than two are one.
 * @param {number[]} shape
 * @param {number} entry
 * @returns {[number, number]}
 */
export function placeOf(shape, entry) {
  const columns = shape[shape.length - 1] ?? 1;
  return [Math.floor(entry / columns), entry % columns];
}

/**
 * An entry as the code would write it: `z[3, 5]`, `b[5]`.
 * @param {string} name
 * @param {number[]} shape
 * @param {number} row
 * @param {number} column
 */
export function entryName(name, shape, row, column) {
  if (shape.length === 0) return name;
  if (shape.length === 1) return `${name}[${column}]`;
  if (shape.length === 2) return `${name}[${row}, ${column}]`;
  return `${name}[${Math.floor(row / shape[1])}, ${row % shape[1]}, ${column}]`;
}

/**
 * The largest size of the finite numbers, and how many are not finite.
 * @param {ArrayLike<number>} numbers
 */
export function extentOf(numbers) {
  let most = 0;
  let infinite = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]);
    if (!Number.isFinite(size)) infinite++;
    else if (size > most) most = size;
  }
  return { most, infinite };
}

/**
 * Which of a line's values is what its sum of products has become.
 * @template {{name: string, shape: number[], changed: boolean}} V
 * @param {V[]} values
 * @param {string[]} product  the operands' names
 * @returns {V | null}
 */
export function resultOf(values, product) {
  const [left, right] = product.map((name) => values.find((value) => value.name === name));
  if (!left || left.shape.length !== 2 || (product.length > 1 && right?.shape.length !== 2)) return null;
  const wanted = String(right ? [left.shape[0], right.shape[1]] : [left.shape[1]]);
  return values.find(({ name, shape, changed }) => changed && !product.includes(name) && String(shape) === wanted) ?? null;
}

/**
 * The products that make up a sum, the largest first; of equal ones the earlier.
 * @param {ArrayLike<number>} left
 * @param {ArrayLike<number>} right
 * @param {number} most
 */
export function largestTerms(left, right, most) {
  const terms = Array.from(left, (a, index) => ({ index, left: a, right: right[index], product: a * right[index] }));
  const sum = terms.reduce((total, { product }) => total + product, 0);
  const nonzero = terms.filter(({ product }) => product !== 0).length;
  const shown = [...terms].sort((a, b) => Math.abs(b.product) - Math.abs(a.product) || a.index - b.index).slice(0, most);
  return { shown, sum, nonzero, count: terms.length };
}
