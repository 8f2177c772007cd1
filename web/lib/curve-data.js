/** What the charts draw: the visible runs' curves, and axes that hold all of them. */

import { duration, integer } from "./format.js";
import { changeText, differences } from "./run-labels.js";

/** @typedef {import("./history.js").RunRecord} RunRecord */
/** @typedef {import("./history.js").Point} Point */
/** @typedef {import("./history.js").Axis} Axis */
/** @typedef {"accuracy" | "loss"} Quantity */

/**
 * A curve and its place in the legend. color: a custom property. dash: lengths drawn and left out, none for a solid line.
 * @typedef {object} Curve
 * @property {RunRecord} run
 * @property {Point[]} points
 * @property {string} label
 * @property {string} note  what happened to it, such as changes in mid-run
 * @property {string} color
 * @property {number[]} dash
 * @property {number} width
 */

/** @type {Record<Axis, {label: string, text: (x: number) => string, tick: (x: number) => string}>} */
export const AXES = {
  position: { label: "epochs", text: (x) => `epoch ${x.toFixed(1)}`, tick: String },
  samples: { label: "training images seen", text: (x) => `${integer(x)} images`, tick: integer },
  seconds: { label: "seconds of training", text: duration, tick: String },
};

/** What tells earlier runs apart, in colour and in dashes: enough for as many as are kept. */
const STYLES = [[8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [16, 5], [2, 2, 8, 2]].map((dash, i) => ({ color: `--run-${i + 1}`, dash }));

/** Above this the loss is drawn on a logarithmic axis: a run that blew up would flatten all others. */
const MOST_LINEAR = 5;
/** A logarithmic axis has no 0. */
const LEAST = 1e-5;

/**
 * The curves to draw, earlier runs first, each with one: its test curve, or its training curve while it has no two tests.
 * @param {RunRecord} run  the current one
 * @param {RunRecord[]} earlier
 * @returns {Curve[]}
 */
export function curvesOf(run, earlier) {
  const texts = differences([run, ...earlier]);
  // a run of an experiment is named by what sets it apart
  const named = (/** @type {RunRecord} */ { label, experiment }, /** @type {string} */ text) => (text && !experiment ? `${label}: ${text}` : label);
  const note = (/** @type {RunRecord} */ { changes, last }) =>
    [...changes.map(changeText), ...(last?.state === "diverged" ? [`diverged at step ${integer(last.step + 1)}`] : [])].join(", ");
  const past = earlier.map((old, i) => {
    const isTested = old.test.length > 1 || !old.train.length;
    const label = named(old, texts[i + 1]) + (isTested ? "" : " (training)");
    return { run: old, points: isTested ? old.test : old.train, label, note: note(old), ...STYLES[styleOf(old, earlier)], width: 1.5 };
  });
  const prefix = earlier.length ? `${named(run, texts[0])}, ` : "";
  return [
    ...past.reverse(),
    { run, points: run.train, label: `${prefix}training`, note: "", color: "--train", dash: [], width: 1.5 },
    { run, points: run.test, label: `${prefix}test`, note: note(run), color: "--accent", dash: [], width: 2.25 },
  ];
}

/**
 * A run keeps its style while others come and go, as long as no two are the same.
 * @param {RunRecord} run
 * @param {RunRecord[]} runs
 */
function styleOf(run, runs) {
  const taken = new Set();
  for (const { id } of [...runs].sort((a, b) => a.id - b.id)) {
    let style = id % STYLES.length;
    while (taken.has(style) && taken.size < STYLES.length) style = (style + 1) % STYLES.length;
    taken.add(style);
    if (id === run.id) return style;
  }
  return 0;
}

/**
 * The vertical axis that holds every point.
 * @param {Quantity} quantity
 * @param {Curve[]} curves
 * @returns {{min: number, max: number, isLog: boolean}}
 */
export function verticalRange(quantity, curves) {
  const values = curves.flatMap(({ points }) => points.map((point) => point[quantity])).filter(Number.isFinite);
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  if (quantity === "accuracy") {
    const floor = values.length ? Math.floor(least * 10 + 1e-9) / 10 : 0;
    return { min: Math.min(0.8, floor), max: 1, isLog: false };
  }
  if (!values.length) return { min: 0, max: 2.5, isLog: false };
  if (most <= MOST_LINEAR) return { min: 0, max: Math.max(0.1, Math.ceil(most * 10.5) / 10), isLog: false };
  const power = (/** @type {number} */ value, /** @type {(x: number) => number} */ round) => 10 ** round(Math.log10(Math.max(value, LEAST)));
  return { min: power(least, Math.floor), max: power(most, Math.ceil), isLog: true };
}

/**
 * The right end of the horizontal axis: as far as the current run is meant to go, and as others went.
 * @param {RunRecord[]} runs  the current one first
 * @param {Axis} axis
 */
export function farthest(runs, axis) {
  const ends = runs.map(({ last, epochs }, i) => {
    const end = last?.[axis] ?? 0;
    if (i > 0) return end;
    if (axis === "position") return Math.max(epochs, end);
    if (axis === "samples" && last && last.position > 0) return (last.samples / last.position) * Math.max(epochs, last.position);
    return end;
  });
  return Math.max(axis === "position" ? 1 : 2, ...(runs.length ? ends : [8]));
}

/**
 * The point nearest to a place on the horizontal axis.
 * @param {Point[]} points  at least one
 * @param {Axis} axis
 * @param {number} at
 */
export const nearest = (points, axis, at) =>
  points.reduce((best, point) => (Math.abs(point[axis] - at) < Math.abs(best[axis] - at) ? point : best));

/**
 * The value as the axis draws it: a logarithmic one has no 0.
 * @param {number} value
 * @param {boolean} isLog
 */
export const drawn = (value, isLog) => (isLog ? Math.max(value, LEAST) : value);

/**
 * About so many round marks from min to max; powers of ten on a logarithmic axis.
 * @param {{min: number, max: number, isLog?: boolean}} range
 * @param {number} count
 */
export function ticksOf({ min, max, isLog = false }, count) {
  if (isLog) {
    const [low, high] = [Math.log10(min), Math.log10(max)].map(Math.round);
    const step = Math.max(1, Math.ceil((high - low) / count));
    return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => Number(`1e${low + i * step}`));
  }
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((digit) => digit * power >= rough) ?? 10);
  const first = Math.ceil(min / step - 1e-9);
  return Array.from({ length: Math.floor(max / step + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * @param {Quantity} quantity
 * @param {boolean} isLog
 */
export const verticalTitle = (quantity, isLog) =>
  quantity === "accuracy" ? "accuracy" : `loss (cross-entropy, nats${isLog ? "; logarithmic axis" : ""})`;

/**
 * @param {Quantity} quantity
 * @param {number} value  a mark of the vertical axis
 */
export const verticalTick = (quantity, value) => (quantity === "accuracy" ? `${Math.round(value * 100)} %` : value >= 1e4 || value < 1e-3 && value > 0 ? value.toExponential(0) : String(Number(value.toPrecision(3))));
