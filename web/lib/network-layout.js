/** Where everything stands in the picture of the network: tiles, rows of cells, outputs, from top to bottom. */

import { integer } from "./format.js";

/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{width: number, layers: Box[][], outputs: Box[], labels: {x: number, y: number, text: string}[]}} Layout */

/** The most units of a deeper layer that are drawn. */
export const MOST_CELLS = 256;

/**
 * The largest square cells, at most `most` wide, of which `count` fit.
 * @param {number} count
 * @param {number} width
 * @param {number} height
 * @param {number} most
 */
function fit(count, width, height, most) {
  let best = { size: 0, columns: 1 };
  for (let columns = 1; columns <= count; columns++) {
    const size = Math.min(most, Math.floor(width / columns), Math.floor(height / Math.ceil(count / columns)));
    if (size > best.size) best = { size, columns };
  }
  return best;
}

/**
 * @param {number} count
 * @param {{size: number, columns: number}} cells
 * @param {number} width
 * @param {number} top
 * @param {number} gap
 * @returns {Box[]}
 */
function grid(count, { size, columns }, width, top, gap) {
  const left = (width - Math.min(columns, count) * size) / 2;
  return Array.from({ length: count }, (_, i) => ({
    x: left + (i % columns) * size + gap / 2,
    y: top + Math.floor(i / columns) * size + gap / 2,
    width: size - gap,
    height: size - gap,
  }));
}

/**
 * The cells of a deeper layer.
 * @param {number} count
 * @param {number} width
 * @param {number} least  of a cell's side, unless that is 0
 */
function cellsOf(count, width, least) {
  const rows = Math.max(count > 128 ? 4 : count > 40 ? 2 : 1, least ? Math.ceil(count / Math.max(1, Math.floor(width / least))) : 1);
  const columns = Math.ceil(count / rows);
  return { rows, columns, size: Math.max(least, Math.min(26, Math.floor(width / columns))) };
}

/**
 * How high the picture must be for units that are `least` apart.
 * @param {number} width
 * @param {number[]} sizes  of all layers, input and output included
 * @param {number} tiles  how many first-layer units are shown
 * @param {{gap: number, least: number}} spacing
 */
export function leastHeight(width, sizes, tiles, { gap, least }) {
  const first = Math.ceil(tiles / Math.max(1, Math.floor(width / least))) * least;
  const deeper = sizes.slice(2, -1).map((size) => {
    const { rows, size: side } = cellsOf(Math.min(size, MOST_CELLS), width, least);
    return rows * side + gap;
  });
  return deeper.reduce((sum, height) => sum + height, gap + first + gap + 2 * least);
}

/**
 * @param {number} total
 * @param {number} count  of those that are drawn
 */
const unitsShown = (total, count) =>
  count < total ? `the first ${integer(count)} of ${integer(total)} units` : `${integer(total)} ${total === 1 ? "unit" : "units"}`;

/**
 * @param {number} width
 * @param {number} height
 * @param {number[]} sizes  of all layers, input and output included
 * @param {number} tiles  how many first-layer units are shown
 * @param {{gap?: number, least?: number}} [spacing]  gap: between layers, for a line of text; least: the distance of units
 * @returns {Layout}
 */
export function layoutNetwork(width, height, sizes, tiles, { gap = 26, least = 0 } = {}) {
  const hidden = sizes.slice(1, -1);
  const classes = sizes[sizes.length - 1];
  const labels = [];
  const outputHeight = Math.min(48, Math.floor(width / classes) - 6);
  const outputTop = height - outputHeight;
  if (hidden.length === 0) {
    // without a hidden layer the outputs themselves look at the pixels: their tiles are the network
    const top = gap;
    const cells = fit(classes, width, outputTop - gap - top, 150);
    const used = Math.ceil(classes / cells.columns) * cells.size;
    labels.push({ x: 0, y: top - 8, text: `${classes} outputs, each with one weight per pixel` });
    return { width, layers: [grid(classes, cells, width, top + (outputTop - gap - top - used) / 2, 6)], outputs: outputs(), labels };
  }
  let bottom = outputTop - gap;
  /** @type {Box[][]} */
  const deeper = [];
  for (let layer = hidden.length - 1; layer >= 1; layer--) {
    const count = Math.min(hidden[layer], MOST_CELLS);
    const { size, columns, rows } = cellsOf(count, width, least);
    const top = bottom - rows * size;
    deeper.unshift(grid(count, { size, columns }, width, top, size > 10 ? 3 : 1));
    labels.unshift({ x: 0, y: top - 8, text: `hidden layer ${layer + 1}: ${unitsShown(hidden[layer], count)}` });
    bottom = top - gap;
  }
  const top = gap;
  const cells = fit(tiles, width, bottom - top, 112);
  const used = Math.ceil(tiles / Math.max(1, cells.columns)) * cells.size;
  labels.unshift({ x: 0, y: top - 8, text: `hidden layer 1: ${unitsShown(hidden[0], hidden[0])}` });
  return { width, layers: [grid(tiles, cells, width, top + Math.max(0, bottom - top - used) / 2, cells.size > 30 ? 4 : 2), ...deeper], outputs: outputs(), labels };

  function outputs() {
    const step = width / classes;
    return Array.from({ length: classes }, (_, i) => ({ x: i * step + 3, y: outputTop, width: step - 6, height: outputHeight }));
  }
}
