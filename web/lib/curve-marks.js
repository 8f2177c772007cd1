/** Marks on the curves: what to look at, and where its label has room. */

/** @typedef {import("./history.js").RunRecord} RunRecord */
/** @typedef {import("./history.js").Point} Point */
/** @typedef {import("./curve-data.js").Quantity} Quantity */

/** @typedef {{run: string, chart: Quantity, at: "first" | "best" | "end", text: string}} PlannedMark  best: where the loss is lowest */
/** @typedef {{run: RunRecord, chart: Quantity, point: Point, text: string}} Mark */

/**
 * The marks of runs that have ended, on their test curves; on the training curve where nothing was tested.
 * @param {PlannedMark[]} planned
 * @param {Record<string, RunRecord>} records  by the name of the run
 * @returns {Mark[]}
 */
export function marksOf(planned, records) {
  return planned.flatMap(({ run: name, chart, at, text }) => {
    const run = records[name];
    const points = run?.test.length ? run.test : (run?.train ?? []);
    if (!points.length) return [];
    const lowest = points.reduce((best, point) => (point.loss < best.loss ? point : best));
    const point = { first: points[0], best: lowest, end: points[points.length - 1] }[at];
    return [{ run, chart, point, text }];
  });
}

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

/** Pixels between a point and its label. */
const GAP = 7;

/** @param {Box} a @param {Box} b */
const overlap = (a, b) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

/**
 * Where each label stands: beside its point, within the frame and off the other labels where there is room.
 * @param {{x: number, y: number, width: number}[]} labels  places of the points, and widths of the labels
 * @param {number} height  of a label
 * @param {Box} frame
 * @returns {Box[]}
 */
export function placeLabels(labels, height, frame) {
  /** @type {Box[]} */
  const placed = [];
  for (const { x, y, width } of labels) {
    const within = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.max(low, Math.min(value, high));
    const box = (/** @type {number} */ left, /** @type {number} */ top) => ({
      left: within(left, frame.left, frame.left + frame.width - width), top: within(top, frame.top, frame.top + frame.height - height), width, height,
    });
    const besides = [x - width / 2, x - width - GAP, x + GAP];
    const levels = [-1, 1, 0, -2, 2, -3, 3, -4, 4].map((step) => y - height / 2 + step * height); // off the curve first
    const candidates = levels.flatMap((top) => besides.map((left) => box(left, top)));
    const points = labels.map((label) => ({ left: label.x - 4, top: label.y - 4, width: 8, height: 8 }));
    const isFree = (/** @type {Box} */ candidate) => ![...placed, ...points].some((other) => overlap(candidate, other));
    placed.push(candidates.find(isFree) ?? candidates[0]);
  }
  return placed;
}
