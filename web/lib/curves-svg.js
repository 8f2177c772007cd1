/** The curves as a picture to keep: an SVG with title, axis titles, legend, and what to look at. */

import { AXES, curvesOf, drawn, farthest, ticksOf, verticalRange, verticalTick, verticalTitle } from "./curve-data.js";
import { placeLabels } from "./curve-marks.js";
import { changeText } from "./run-labels.js";
import { escapeXml } from "./xml.js";

/** @typedef {import("./history.js").RunRecord} RunRecord */
/** @typedef {import("./curve-data.js").Curve} Curve */
/** @typedef {import("./curve-data.js").Quantity} Quantity */
/** @typedef {import("./curve-marks.js").Mark} Mark */

const WIDTH = 1200;
const LEFT = 90;
const RIGHT = 40;
const HEIGHTS = { accuracy: 360, loss: 260 };
/** Between two charts: the marks and title of the horizontal axis, and the next chart's title. */
const GAP = 86;
const LINE = 26;
/** Size of a mark's label, and about the width of one of its letters: an SVG that is not shown can't be measured. */
const LABEL = { size: 15, letter: 8.5 };

/** @param {number} value */
const short = (value) => String(Number(value.toFixed(1)));

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {string} [attributes]
 */
const words = (x, y, text, attributes = "") => `<text x="${short(x)}" y="${short(y)}" ${attributes}>${escapeXml(text)}</text>`;

/**
 * @param {object} picture
 * @param {RunRecord} picture.run
 * @param {RunRecord[]} picture.earlier
 * @param {import("./history.js").Axis} picture.axis
 * @param {Mark[]} [picture.marks]  what to look at
 * @param {(name: string) => string} picture.color  the colour behind a custom property
 */
export function curvesSvg({ run, earlier, axis, marks = [], color }) {
  const curves = curvesOf(run, earlier);
  const end = farthest([run, ...earlier], axis);
  const place = (/** @type {number} */ value) => LEFT + (value / end) * (WIDTH - LEFT - RIGHT);
  /** @type {string[]} */
  const parts = [words(LEFT, 44, "Learning curves", 'font-size="24" font-weight="600"')];
  let top = 96;
  for (const quantity of /** @type {Quantity[]} */ (["accuracy", "loss"])) {
    const own = marks.filter((mark) => mark.chart === quantity && curves.some((curve) => curve.run === mark.run));
    parts.push(...chart({ quantity, curves, axis, end, marks: own, place, top, color }));
    top += HEIGHTS[quantity] + GAP;
  }
  for (const { label, note, color: name, dash, width } of curves) {
    parts.push(`<path d="M${LEFT} ${top - 5}h56" fill="none" stroke="${color(name)}" stroke-width="${width * 1.5}" stroke-dasharray="${dash.join(" ")}"/>`);
    parts.push(words(LEFT + 70, top, note ? `${label} (${note})` : label));
    top += LINE;
  }
  const height = top + 10;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="16" fill="${color("--text")}">`
    + `<rect width="${WIDTH}" height="${height}" fill="${color("--card")}"/>${parts.join("")}</svg>`;
}

/**
 * @param {object} part
 * @param {Quantity} part.quantity
 * @param {Curve[]} part.curves
 * @param {import("./history.js").Axis} part.axis
 * @param {number} part.end
 * @param {Mark[]} part.marks
 * @param {(value: number) => number} part.place  from a value of the horizontal axis to pixels
 * @param {number} part.top
 * @param {(name: string) => string} part.color
 */
function chart({ quantity, curves, axis, end, marks, place, top, color }) {
  const range = verticalRange(quantity, curves);
  const scale = (/** @type {number} */ value) => (range.isLog ? Math.log10(value) : value);
  const bottom = top + HEIGHTS[quantity];
  const share = (/** @type {number} */ value) => (scale(drawn(value, range.isLog)) - scale(range.min)) / (scale(range.max) - scale(range.min));
  const level = (/** @type {number} */ value) => bottom - share(value) * HEIGHTS[quantity];
  const soft = `fill="${color("--soft")}"`;
  const parts = [words(LEFT, top - 14, verticalTitle(quantity, range.isLog), `font-weight="600"`)];
  for (const tick of ticksOf(range, 6)) {
    parts.push(`<path d="M${LEFT} ${short(level(tick))}H${WIDTH - RIGHT}" stroke="${color("--line")}"/>`);
    parts.push(words(LEFT - 10, level(tick) + 5, verticalTick(quantity, tick), `text-anchor="end" ${soft}`));
  }
  for (const tick of ticksOf({ min: 0, max: end }, 10)) {
    parts.push(words(place(tick), bottom + 22, AXES[axis].tick(tick), `text-anchor="middle" ${soft}`));
  }
  parts.push(words((LEFT + WIDTH - RIGHT) / 2, bottom + 44, AXES[axis].label, `text-anchor="middle" ${soft}`));
  for (const { run, points, color: name, dash, width } of curves) {
    if (name !== "--train") {
      for (const change of run.changes) {
        const x = short(place(change[axis]));
        parts.push(`<path d="M${x} ${top}V${bottom}" stroke="${color(name)}" stroke-dasharray="2 4"><title>${escapeXml(changeText(change))}</title></path>`);
      }
    }
    const line = points.map((point, i) => `${i ? "L" : "M"}${short(place(point[axis]))} ${short(level(point[quantity]))}`).join("");
    if (points.length > 1) parts.push(`<path d="${line}" fill="none" stroke="${color(name)}" stroke-width="${width * 1.5}" stroke-linejoin="round" stroke-dasharray="${dash.join(" ")}"/>`);
    else if (points.length) parts.push(`<circle cx="${short(place(points[0][axis]))}" cy="${short(level(points[0][quantity]))}" r="4" fill="${color(name)}"/>`);
  }
  const rings = marks.map(({ point, text }) => ({ x: place(point[axis]), y: level(point[quantity]), width: text.length * LABEL.letter }));
  const boxes = placeLabels(rings, LABEL.size * 1.2, { left: LEFT, top, width: WIDTH - LEFT - RIGHT, height: HEIGHTS[quantity] });
  const halo = `font-size="${LABEL.size}" font-weight="600" stroke="${color("--card")}" stroke-width="4" paint-order="stroke"`;
  marks.forEach(({ text }, i) => {
    parts.push(`<circle cx="${short(rings[i].x)}" cy="${short(rings[i].y)}" r="6" fill="none" stroke="${color("--text")}" stroke-width="2"/>`);
    parts.push(words(boxes[i].left, boxes[i].top + LABEL.size, text, halo));
  });
  return parts;
}
