/** Where one number of a recorded line comes from: the products that make up its sum. */

import { PIXELS, SIDE } from "../lib/digits.js";
import { element } from "../lib/dom.js";
import { integer } from "../lib/format.js";
import { entryName, extentOf, largestTerms, layoutOf } from "./array-layout.js";
import { numberText, pictureOf } from "./trace-values.js";

/** Products that are listed. */
const LISTED = 12;

/** @param {number} value */
const signed = (value) => (value < 0 ? `− ${numberText(-value)}` : `+ ${numberText(value)}`);

/**
 * What a line adds to its product, such as a bias: a vector that makes up the difference. Null where there is none.
 * @param {string} code
 * @param {TracedValue[]} values
 * @param {TracedValue} result
 * @param {number} column
 * @param {number} difference
 * @param {number} size  of the numbers that were added: what rounding is measured by
 */
function addendOf(code, values, result, column, difference, size) {
  const columns = result.shape[result.shape.length - 1];
  const found = values.find(({ name, shape, numbers }) => name !== result.name && code.includes(`+ ${name}`) && shape.length === 1 && shape[0] === columns
    && Math.abs(numbers[column] - difference) <= 1e-4 * (1 + size));
  return found ? { name: `${found.name}[${column}]`, value: found.numbers[column] } : null;
}

/**
 * @param {object} parts
 * @param {TraceLine} parts.line
 * @param {string} parts.code  the text of the line
 * @param {import("./trace-values.js").TracedArray} parts.array
 * @param {number} parts.row
 * @param {number} parts.column
 * @param {Terms} parts.terms
 */
export function explainSum({ line, code, array, row, column, terms }) {
  const [leftName, rightName] = line.product;
  const { shown, sum, nonzero, count } = largestTerms(terms.left, terms.right, LISTED);
  const value = array.at(row, column);
  const name = array.nameOf(row, column);
  const isProduct = line.product.length > 1;
  const { most } = extentOf(Array.from(terms.left, (a, i) => a * terms.right[i]));
  const addend = addendOf(code, line.values, array.value, column, value - sum, most);
  const isWhole = Math.abs(value - sum) <= 1e-4 * (1 + most);
  const rest = addend ? ` ${signed(addend.value)} (${addend.name})` : "";
  const total = isWhole || rest ? ` = ${numberText(value)}` : `; the line then makes ${numberText(value)} of it`;
  const leftEntry = (/** @type {number} */ k) => (isProduct ? entryName(leftName, [0, 0], row, k) : entryName(leftName, [0, 0], k, column));
  const body = shown.map((term) => element("tr", {},
    element("th", { scope: "row" }, leftEntry(term.index) + (isProduct ? ` · ${entryName(rightName, [0, 0], term.index, column)}` : "")),
    element("td", {}, isProduct ? `${numberText(term.left)} · ${numberText(term.right)}` : ""),
    element("td", {}, numberText(term.product))));
  const kinds = isProduct ? "products" : "entries";
  return [
    element("h4", {}, `Where does ${name} come from?`),
    element("p", {}, `${integer(count)} ${kinds}${nonzero < count ? `, ${integer(nonzero)} of them not 0` : ""}. Their sum: ${numberText(sum)}${rest}${total}.`),
    ...(count === PIXELS && isProduct ? [termsPicture(terms, most)] : []),
    element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Products" }, element("table", {},
      element("caption", {}, count > shown.length ? `The ${shown.length} largest` : "All, the largest first"),
      element("tbody", {}, ...body))),
  ];
}

/**
 * The products of 784 inputs, each at its pixel.
 * @param {Terms} terms
 * @param {number} most
 */
function termsPicture({ left, right }, most) {
  const layout = layoutOf([PIXELS], "float32");
  if (layout.kind !== "cells") return "";
  const canvas = pictureOf(Array.from(left, (a, i) => a * right[i]), layout, most);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The products, each at its pixel");
  return element("figure", {}, canvas,
    element("figcaption", {}, `The products, each at its pixel of ${SIDE} × ${SIDE}. Blue adds to the sum, orange takes away; full strength is ${numberText(most)}.`));
}
