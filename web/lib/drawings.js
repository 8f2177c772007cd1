/** The visitor's labelled drawings as plain data, and what is said of teaching them. */

import { PIXELS } from "./digits.js";
import { percent } from "./format.js";

/** @typedef {{label: number, pixels: Uint8Array, own: boolean}} Drawing  own: labelled with the classes of the visitor's own images */

/** Classes that are named as forgotten, and how much of its accuracy one must have lost. */
const NAMED = 3;
const LOST = 0.02;

/**
 * Drawings that were stored; one that is spoilt is left out.
 * @param {any} entry
 * @returns {Drawing[]}
 */
export function drawingsFrom(entry) {
  return Array.isArray(entry) ? entry.filter(isDrawing) : [];
}

/** @param {any} drawing */
const isDrawing = (drawing) =>
  Number.isInteger(drawing?.label) && drawing.label >= 0 && drawing.label < 10 &&
  drawing.pixels instanceof Uint8Array && drawing.pixels.length === PIXELS && typeof drawing.own === "boolean";

/**
 * Drawings as the session takes them.
 * @param {Drawing[]} drawings
 */
export function packed(drawings) {
  const pixels = new Uint8Array(drawings.length * PIXELS);
  drawings.forEach((drawing, i) => pixels.set(drawing.pixels, i * PIXELS));
  return { pixels, labels: drawings.map(({ label }) => label) };
}

/**
 * Drawings of a file that are not among the present ones.
 * @param {Drawing[]} present
 * @param {{pixels: Uint8Array, labels: number[]}} file
 * @param {boolean} own
 * @returns {Drawing[]}
 */
export function added(present, { pixels, labels }, own) {
  const key = (/** @type {Drawing} */ { label, pixels }) => `${label}:${pixels.join()}`;
  const known = new Set(present.map(key));
  return labels
    .map((label, i) => ({ label, pixels: pixels.slice(i * PIXELS, (i + 1) * PIXELS), own }))
    .filter((drawing) => !known.has(key(drawing)));
}

/**
 * What came of teaching, in sentences.
 * @param {Taught} result
 * @param {string[]} names  of the ten classes
 */
export function outcome(result, names) {
  const { drawings, held_back: heldBack, own_before: before, own_after: after } = result;
  const change = `${percent(before)} → ${percent(after)} correct`;
  const own = heldBack
    ? `Drawings held back in turn (${heldBack} of ${drawings}) while it learned the others: ${change}.`
    : `${drawings === 1 ? "The drawing" : `The ${drawings} drawings`} that it learned: ${change}. To hold some back, five are needed, two or more of a digit.`;
  const seen = result.taught_before ? "It may have known them: it was taught before." : "";
  const test = `Test images: ${percent(result.test_before, 2)} → ${percent(result.test_after, 2)}.`;
  return [own, seen, test, result.rehearsed ? "" : forgotten(result, names)].filter(Boolean).join(" ");
}

/**
 * Which classes a network has forgotten that did not rehearse.
 * @param {Taught} result
 * @param {string[]} names
 */
function forgotten({ per_class_before: before, per_class_after: after }, names) {
  const losses = names
    .map((name, i) => ({ name, before: before[i] ?? 0, after: after[i] ?? 0 }))
    .filter((digit) => digit.before - digit.after >= LOST)
    .sort((a, b) => (b.before - b.after) - (a.before - a.after));
  if (!losses.length) return "Without rehearsal it has forgotten little.";
  const worst = losses.slice(0, NAMED).map((digit) => `${digit.name} (${percent(digit.before, 0)} → ${percent(digit.after, 0)})`);
  const more = losses.length > NAMED ? ` and ${losses.length - NAMED} more` : "";
  return `Without rehearsal it forgot how others write ${worst.join(", ")}${more}.`;
}
